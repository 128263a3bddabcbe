"""What has to be told to whom, written in the transaction of the change it tells."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime

from sqlite_utils import Database

from pipelines.shapes import Json, when


class Outbox:
    def __init__(self, db: Database) -> None:
        self.db = db

    def queue(
        self,
        key: str,
        channel: str,
        mode: str,
        article: int | None,
        changes: Sequence[int],
        now: datetime,
    ) -> None:
        """One message to send; a key that is queued already is not queued again."""
        self.db.execute(
            "INSERT INTO outbox (key, channel, mode, article, changes, created, due) "
            "VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (key) DO NOTHING",
            (key, channel, mode, article, json.dumps(changes), when(now), when(now)),
        )

    def counts(self) -> dict[str, int]:
        """Rows by state."""
        return dict(self.db.execute("SELECT state, count(*) FROM outbox GROUP BY state").fetchall())

    def oldest(self) -> str | None:
        """When the oldest message that is still to be sent was queued."""
        found: str | None = self.db.execute(
            "SELECT min(created) FROM outbox WHERE state IN ('queued', 'leased', 'retry')"
        ).fetchone()[0]
        return found

    def rows(self, mode: str | None = None) -> list[Json]:
        return list(
            self.db.query(
                "SELECT * FROM outbox WHERE (:mode IS NULL OR mode = :mode) ORDER BY id",
                {"mode": mode},
            )
        )
