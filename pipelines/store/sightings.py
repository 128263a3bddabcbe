"""Moments at which a page still had the text that is stored: no version, but not forgotten.

A page that goes back to an earlier text may be found before the version between. That version then
ends the earlier text, and the later sighting becomes a version of its own.
"""

from __future__ import annotations

from datetime import datetime

from sqlite_utils import Database

from pipelines.shapes import when

#: What a version that stands again does not share with its former self.
_OWN = ("id", "modified", "at", "seen", "recorded", "first_run", "sameness", "previous")


class Sightings:
    def __init__(self, db: Database) -> None:
        self.db = db

    def keep(self, article: int, at: datetime, seen: datetime) -> None:
        """The stored version `article` still stood at `at`, if that is later than its own time."""
        self.db.execute(
            "INSERT OR IGNORE INTO sightings (article, at, seen) "
            "SELECT id, ?2, ?3 FROM articles WHERE id = ?1 AND at < ?2",
            (article, when(at), when(seen)),
        )

    def stand_again(self, article: int, after: datetime, recorded: datetime) -> int | None:
        """Make a version of the first sighting of `article` after then; its id, None without one.

        Claims and what people decided about them come along; later sightings are now of it.
        """
        row = self.db.execute(
            "SELECT at, seen FROM sightings WHERE article = ? AND at > ? ORDER BY at LIMIT 1",
            (article, when(after)),
        ).fetchone()
        if row is None:
            return None
        at, seen = row
        shared = ", ".join(c for c in self._columns("articles") if c not in _OWN)
        (identity,) = self.db.execute(
            f"INSERT INTO articles ({shared}, modified, at, seen, recorded, sameness, previous) "
            f"SELECT {shared}, ?2, ?2, ?3, ?4, 'revision', id FROM articles WHERE id = ?1 "
            "RETURNING id",
            (article, at, seen, when(recorded)),
        ).fetchone()
        told = ", ".join(c for c in self._columns("claims") if c not in ("id", "article"))
        self.db.execute(
            f"INSERT INTO claims (article, {told}) "
            f"SELECT ?2, {told} FROM claims WHERE article = ?1 ORDER BY position",
            (article, identity),
        )
        self.db.execute("DELETE FROM sightings WHERE article = ? AND at = ?", (article, at))
        self.db.execute(
            "UPDATE sightings SET article = ?2 WHERE article = ?1 AND at > ?3",
            (article, identity, at),
        )
        return int(identity)

    def _columns(self, table: str) -> list[str]:
        return [
            name for (name,) in self.db.execute("SELECT name FROM pragma_table_info(?)", (table,))
        ]
