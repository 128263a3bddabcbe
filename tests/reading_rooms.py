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


def room_of(path: Path, *, public: bool = False, names: tuple[str, ...] = ()) -> Room:
    settings = settings_from(config.load(None), outlets.load(None), public=public, names=names)
    return Room(open_room(path, settings))
