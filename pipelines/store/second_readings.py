"""Which claims the second reader may be asked about, what it was asked, and what came of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlite_utils import Database

from pipelines.records import Opinion
from pipelines.shapes import Json, moment, when
from pipelines.store.opening import insert
from pipelines.store.verdicts import WAITING


@dataclass(frozen=True, slots=True)
class Asked:
    """One question. `outcome` None: it was cut short by a kill, or is being asked."""

    at: datetime
    outcome: Opinion | None
    why: str


class SecondReadings:
    def __init__(self, db: Database) -> None:
        self.db = db

    def candidates(self) -> list[Json]:
        """Claims that wait in the newest version of a page whose text is there, newest first.

        `outlets`: JSON, all that have a copy of the text.
        """
        return list(
            self.db.query(
                "SELECT c.*, a.url, a.canonical_url, a.outlet, a.first_run, a.silent, (SELECT "
                "json_group_array(outlet) FROM articles s WHERE s.copies = a.copies) AS outlets "
                "FROM claims c JOIN articles a ON a.id = c.article "
                # as a constant: SQLite takes the index of what waits for that alone
                f"WHERE c.held = {WAITING} AND a.text IS NOT NULL "
                "AND NOT EXISTS (SELECT 1 FROM articles n "
                "WHERE n.url = a.url AND (n.at, n.id) > (a.at, a.id)) "
                "ORDER BY a.at DESC, a.url DESC, c.id DESC"
            )
        )

    def words(self, article: int) -> tuple[str, str]:
        """Title and text of a version."""
        title, text = self.db.execute(
            "SELECT title, text FROM articles WHERE id = ?", (article,)
        ).fetchone()
        return title, text or ""

    def ask(self, model: str, url: str, claim: str, now: datetime) -> int:
        """Write down a question before it is asked."""
        row = {"at": when(now), "model": model, "url": url, "claim": claim}
        return insert(self.db, "second_readings", row)

    def answered(self, identity: int, outcome: Opinion, why: str) -> None:
        self.db.execute(
            "UPDATE second_readings SET outcome = ?, why = ? WHERE id = ?",
            (outcome, why, identity),
        )

    def asked(self, model: str, url: str, claim: str) -> list[Asked]:
        """What a model was asked about a claim, oldest first."""
        rows = self.db.execute(
            "SELECT at, outcome, why FROM second_readings "
            "WHERE url = ? AND claim = ? AND model = ? ORDER BY id",
            (url, claim, model),
        )
        return [Asked(moment(at), outcome, why) for at, outcome, why in rows]

    def said(self, url: str, claim: str) -> str | None:
        """What was last said about a claim, in words; None: it was not asked, or did not answer."""
        row = self.db.execute(
            "SELECT model, outcome, why FROM second_readings "
            "WHERE url = ? AND claim = ? AND outcome IS NOT NULL ORDER BY id DESC LIMIT 1",
            (url, claim),
        ).fetchone()
        return f"{row[0]} {row[1]}{': ' if row[2] else ''}{row[2]}" if row else None

    def last(self, model: str) -> Asked | None:
        """The newest question to a model."""
        row = self.db.execute(
            "SELECT at, outcome, why FROM second_readings WHERE model = ? ORDER BY id DESC LIMIT 1",
            (model,),
        ).fetchone()
        return Asked(moment(row[0]), row[1], row[2]) if row else None

    def count(self, since: datetime) -> int:
        """Questions to any model from then on."""
        found: int = self.db.execute(
            "SELECT count(*) FROM second_readings WHERE at >= ?", (when(since),)
        ).fetchone()[0]
        return found

    def outcomes(self, since: datetime) -> Mapping[str, int]:
        """Questions from then on by outcome; `unanswered` for those that were cut short."""
        rows = self.db.execute(
            "SELECT coalesce(outcome, 'unanswered'), count(*) FROM second_readings "
            "WHERE at >= ? GROUP BY 1 ORDER BY 1",
            (when(since),),
        )
        return {outcome: count for outcome, count in rows}
