"""docs/commands.md has every command with its options."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from schedules.reference import page

PAGE = (Path(__file__).parent.parent / "docs" / "commands.md").read_text("utf-8")


def sections(text: str) -> dict[str, set[str]]:
    """Heading → options of every command."""
    parts = re.split(r"^## (.+)$", text, flags=re.MULTILINE)
    return {
        heading: set(re.findall(r"^\| (`-.+?) \|", told, re.MULTILINE))
        for heading, told in zip(parts[1::2], parts[2::2], strict=True)
    }


MADE = sections(page())


@pytest.mark.parametrize("command", MADE)
def test_every_command_stands_there_with_its_options(command: str) -> None:
    assert sections(PAGE).get(command) == MADE[command], "run `python -m schedules.reference`"


def test_no_command_stands_there_that_is_none() -> None:
    assert list(sections(PAGE)) == list(MADE)
