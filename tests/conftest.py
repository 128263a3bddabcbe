"""What tests share: a fresh ledger, the command, the bundled press."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from demo.server import Press
from pipelines.store import Store

# its assertions say what differs, as those of a test do
pytest.register_assert_rewrite("tests.channel_contract")

ROOT = Path(__file__).parent.parent
VEILLE = Path(sys.executable).with_name("veille")


@dataclass(frozen=True)
class Ran:
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.out.splitlines()]


@pytest.fixture
def veille(tmp_path: Path) -> Callable[..., Ran]:
    """Run the installed command in an empty folder."""

    def run(*words: object, stdin: str | bytes = b"") -> Ran:
        given = stdin.encode() if isinstance(stdin, str) else stdin
        command = [str(VEILLE), *map(str, words)]
        done = subprocess.run(command, input=given, capture_output=True, cwd=tmp_path, check=False)
        return Ran(done.returncode, done.stdout.decode(), done.stderr.decode())

    return run


@pytest.fixture
def store() -> Iterator[Store]:
    with Store.open(":memory:") as fresh:
        yield fresh


@pytest.fixture
def press() -> Iterator[Press]:
    with Press() as served:
        yield served
