"""Rooms for tests: a ledger of the bundled press, opened without a server."""

from __future__ import annotations

import asyncio
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipelines import config, outlets
from pipelines.reading_room.room import open_room
from pipelines.reading_room.settings import settings_from
from tests.conftest import ROOT, VEILLE

PRESS = ROOT / "demo" / "press" / "manifest.jsonl"
#: Milliseconds that a query may take here: the room's own limits go by the clock, so that on a busy
#: machine they would stop now this query and now that.
PATIENCE = 120_000


def ledger_of_the_press(folder: Path) -> Path:
    """The bundled press, with the claims that its authors gave it."""
    path = folder / "veille.db"
    command = [str(VEILLE), "--db", str(path), "import", "--claims", str(PRESS)]
    subprocess.run(command, check=True, capture_output=True, cwd=folder)
    return path


@dataclass
class Room:
    """One open room and its answers."""

    application: Any

    def get(self, path: str, **given: Any) -> Any:
        return asyncio.run(self.application.client.get(path, **given))

    def json(self, path: str) -> Any:
        answer = self.get(path)
        assert answer.status_code == 200, (path, answer.status_code, answer.text[:300])
        return answer.json()


def room_of(
    path: Path,
    *,
    public: bool = False,
    names: tuple[str, ...] = (),
    patience: int | None = PATIENCE,
) -> Room:
    """`patience`: how long a query may take, milliseconds; None: as the room itself has it."""
    settings = settings_from(config.load(None), outlets.load(None), public=public, names=names)
    application = open_room(path, settings)
    if patience is not None:
        application.sql_time_limit_ms = patience
        application._settings["facet_time_limit_ms"] = patience
    return Room(application)
