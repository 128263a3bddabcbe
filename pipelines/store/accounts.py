"""Accounts folded beforehand, so that posting an article does not fold a payee's whole past."""

from __future__ import annotations

from datetime import datetime

from sqlite_utils import Database

from pipelines.shapes import when


class Accounts:
    def __init__(self, db: Database) -> None:
        self.db = db

    def newest(self, payee: str) -> tuple[datetime, str] | None:
        """(moment, body) of the newest state kept of one payee."""
        row = self.db.execute(
            "SELECT at, body FROM accounts WHERE payee = ? ORDER BY at DESC LIMIT 1", (payee,)
        ).fetchone()
        return row and (datetime.fromisoformat(row[0]), row[1])

    def keep(self, payee: str, at: datetime, body: str, most: int) -> None:
        """Keep one more state, and the newest `most` of the payee."""
        self.db.execute(
            "INSERT OR REPLACE INTO accounts (payee, at, body) VALUES (?, ?, ?)",
            (payee, when(at), body),
        )
        self.db.execute(
            "DELETE FROM accounts WHERE payee = ?1 AND at NOT IN "
            "(SELECT at FROM accounts WHERE payee = ?1 ORDER BY at DESC LIMIT ?2)",
            (payee, most),
        )

    def drop(self, payee: str, since: datetime | None = None) -> None:
        """Forget states that a late article has overtaken; None: all of the payee."""
        self.db.execute(
            "DELETE FROM accounts WHERE payee = ? AND at >= ?",
            (payee, when(since) if since else ""),
        )
