"""One row a run: what ran when, and how it ended."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from datetime import datetime

from sqlite_utils import Database

from pipelines.shapes import Json, when
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
