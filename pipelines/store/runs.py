"""One row a run: what ran when, how it ended, and what it counted.

A row that never ended is of a run that is under way, or that was killed.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from datetime import datetime

from sqlite_utils import Database

from pipelines.shapes import Json, moment, when
from pipelines.store.opening import insert


class Runs:
    def __init__(self, db: Database) -> None:
        self.db = db

    def start(self, command: str, now: datetime) -> int:
        row = {"command": command, "pid": os.getpid(), "started": when(now)}
        return insert(self.db, "runs", row)

    def end(self, run: int, now: datetime, code: int, counts: Mapping[str, int]) -> None:
        self.db.execute(
            "UPDATE runs SET ended = ?, exit = ?, counts = ? WHERE id = ?",
            (when(now), code, json.dumps(counts), run),
        )

    def latest(self, limit: int) -> list[Json]:
        return list(self.db.query("SELECT * FROM runs ORDER BY id DESC LIMIT ?", (limit,)))

    def newest(self) -> list[Json]:
        """The last run of each command, newest first."""
        return list(
            self.db.query(
                "SELECT * FROM runs WHERE id IN (SELECT max(id) FROM runs GROUP BY command) "
                "ORDER BY id DESC"
            )
        )

    def last_started(self, command: str) -> datetime | None:
        """When a command last started; None: never."""
        found = self.db.execute(
            "SELECT max(started) FROM runs WHERE command = ?", (command,)
        ).fetchone()[0]
        return moment(found) if found else None

    def first_started(self) -> datetime | None:
        """When anything was first run on this file; None: never."""
        found = self.db.execute("SELECT min(started) FROM runs").fetchone()[0]
        return moment(found) if found else None
