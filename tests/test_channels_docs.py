"""docs/adding-a-channel.md does what it says: its channel keeps the contract, its edits apply."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from pipelines import channels, config
from tests import channel_contract

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs" / "adding-a-channel.md").read_text("utf-8")
CODE, TEST = re.findall(r"```python\n# (\S+)\n(.*?)```", PAGE, re.DOTALL)
EDITS = re.findall(r"```diff (\S+)\n(.*?)```", PAGE, re.DOTALL)
NAME = "pipelines.channels.journal"


@dataclass(frozen=True, slots=True)
class Journal:
    path: Path


@pytest.fixture(autouse=True)
def _entries() -> Iterator[None]:
    """What the entries lead to, for as long as a test lasts."""
    with pytest.MonkeyPatch.context() as entries:
        entries.setattr(config, "Journal", Journal, raising=False)
        module = ModuleType(NAME)
        exec(CODE[1], module.__dict__)
        entries.setitem(sys.modules, NAME, module)
        entries.setitem(channels.KINDS, "journal", NAME)
        yield


_names: dict[str, Any] = {}
with pytest.MonkeyPatch.context() as entry:
    entry.setattr(config, "Journal", Journal, raising=False)
    exec(TEST[1], _names)
TestJournal = _names["TestJournal"]
assert issubclass(TestJournal, channel_contract.Contract)


def sides(edit: str) -> tuple[str, str]:
    """What an edit finds and what it leaves, from the start of a line."""
    lines = edit.splitlines()
    before, after = (
        "".join(f"\n{line[1:]}" for line in lines if not line.startswith(sign)) for sign in "+-"
    )
    return (before + "\n").removesuffix("...\n"), (after + "\n").removesuffix("...\n")


@pytest.mark.parametrize(("path", "edit"), EDITS)
def test_every_edit_finds_its_place_once(path: str, edit: str) -> None:
    before, _ = sides(edit)
    assert (ROOT / path).read_text("utf-8").count(before) == 1


@pytest.mark.slow
def test_whoever_follows_the_page_to_the_letter_sees_nothing_red(tmp_path: Path) -> None:
    copy = tmp_path / "veille"
    left_out = shutil.ignore_patterns(".*", "__pycache__", "demo-run", "images", "silver")
    shutil.copytree(ROOT, copy, ignore=left_out)
    for path, text in (CODE, TEST):
        (copy / path).write_text(f"# {path}\n{text}")
    for path, edit in EDITS:
        edited = copy / path
        before, after = sides(edit)
        edited.write_text(edited.read_text("utf-8").replace(before, after), "utf-8")
    tests = [*copy.glob("tests/test_channels*.py"), *copy.glob("tests/test_config*.py")]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", *tests],
        cwd=copy,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
