"""What a reader asks for, and what a page gathers for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from pipelines.alert.plain import clean, cut
from pipelines.reading_room.settings import RoomSettings
from pipelines.shapes import Json


@dataclass(frozen=True, slots=True)
class Ask:
    """One request, without anything of HTTP."""

    room: RoomSettings
    language: str
    key: str = ""  # what the address names: an id, a company
    choices: Mapping[str, str] = field(default_factory=dict)  # of the query, never empty texts

    def quote(self, text: str | None) -> str | None:
        """A quote as this room may show it."""
        return None if text is None else cut(clean(text), self.room.quote_limit)

    def number(self, name: str) -> int | None:
        """A choice that is a number; None for anything else."""
        given = self.choices.get(name, "")
        return int(given) if given.isascii() and given.isdigit() and len(given) < 16 else None


@dataclass(frozen=True, slots=True)
class Gathered:
    """The values of a page: all that its HTML says, and its JSON and CSV."""

    facts: Json
    rows: list[Json] = field(default_factory=list)  # flat: the lines of the CSV
    drawings: dict[str, str] = field(default_factory=dict)  # SVG, in HTML only
