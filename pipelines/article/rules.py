"""The cleaning rules of rules.toml, compiled once."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final, Literal

Then = Literal["drop", "head", "cut", "wall", "badge"]

_PARTS: Final = re.compile(r"[\s_:/.-]+")
_HUMP: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
#: Limit of a line rule that names none, in code points.
LONGEST: Final = 400


@dataclass(frozen=True, slots=True)
class LineRule:
    """A line of a page that is not its author's."""

    pattern: re.Pattern[str]
    then: Then
    limit: int
    example: str


@dataclass(frozen=True, slots=True)
class Rules:
    """All rules."""

    lines: tuple[LineRule, ...]
    consent: re.Pattern[str]
    site: re.Pattern[str]
    wall: re.Pattern[str]
    others: re.Pattern[str]
    comments: re.Pattern[str]


@cache
def rules() -> Rules:
    """The rules that ship."""
    table = tomllib.loads(files("pipelines.article").joinpath("rules.toml").read_text("utf-8"))
    boxes, headings = table["boxes"], table["headings"]
    return Rules(
        lines=tuple(_line(entry) for entry in table["line"]),
        consent=_marks(boxes["consent"]),
        site=_marks(boxes["site"]),
        wall=_marks(boxes["wall"]),
        others=_whole(headings["others"]),
        comments=_whole(headings["comments"]),
    )


def _line(entry: dict[str, str | int | bool]) -> LineRule:
    flags = 0 if entry.get("case") else re.IGNORECASE
    then = entry.get("then", "drop")
    assert then in ("drop", "head", "cut", "wall", "badge"), (
        f"unknown outcome of a line rule: {then}"
    )
    return LineRule(
        re.compile(str(entry["pattern"]), flags),
        then,  # type: ignore[arg-type]  # narrowed by the assertion above
        int(entry.get("limit", LONGEST)),
        str(entry["example"]),
    )


def _marks(words: list[str]) -> re.Pattern[str]:
    """Words as they stand in a string made by `marks`: each between two spaces."""
    return re.compile(" (?:" + "|".join(word.replace("+", " ") for word in words) + ") ")


def _whole(patterns: list[str]) -> re.Pattern[str]:
    return re.compile(r"[\W_]*(?:" + "|".join(patterns) + r")[\W_]*", re.IGNORECASE)


def marks(names: str) -> str:
    """Class and id of an element as words between spaces: " article lire aussi "."""
    return f" {' '.join(_PARTS.split(_HUMP.sub('-', names).lower())).strip()} "
