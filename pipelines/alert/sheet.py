"""A message before it has a form: what every channel renders in its own way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal


@dataclass(frozen=True, slots=True)
class Step:
    """One line of a deal's chronology."""

    date: str
    text: str  # "en hausse : 20 Md$ → 50 Md$"
    outlet: str
    url: str  # "" when there is none that may be opened
    fresh: bool = False  # told here for the first time


@dataclass(frozen=True, slots=True)
class Picture:
    """The amount over time."""

    png: str  # base64
    alt: str
    width: int  # as shown, in pixels; the picture has twice as many
    height: int


@dataclass(frozen=True, slots=True)
class Section:
    """One change, or one deal of a digest."""

    tag: str  # "Confirmé"
    tone: Literal["good", "bad", "warn", "plain"]
    heading: str  # "OpenAI, tour de table"
    figure: str  # "plus de 100 Md$ → 110 Md$"
    detail: tuple[str, ...] = ()  # how sure; who says it
    quote: str = ""
    link: str = ""  # opens at the quote
    reading: str = ""  # the deal in the reading room; "" when that has no address
    steps: tuple[Step, ...] = ()
    picture: Picture | None = None


@dataclass(frozen=True, slots=True)
class Sheet:
    """One message."""

    language: str
    subject: str
    intro: tuple[str, ...]  # the article's title, outlet and times; a digest's summary
    link: str  # the article; "" for digests
    sections: tuple[Section, ...]
    notes: tuple[str, ...]  # "Information de presse, non vérifiée"


def sheet_to_json(sheet: Sheet) -> dict[str, Any]:
    return asdict(sheet)


def sheet_from_json(given: Mapping[str, Any]) -> Sheet:
    return Sheet(
        **dict(given)
        | {
            "intro": tuple(given["intro"]),
            "notes": tuple(given["notes"]),
            "sections": tuple(_section(section) for section in given["sections"]),
        }
    )


def _section(given: Mapping[str, Any]) -> Section:
    return Section(
        **dict(given)
        | {
            "detail": tuple(given["detail"]),
            "steps": tuple(Step(**step) for step in given["steps"]),
            "picture": Picture(**given["picture"]) if given["picture"] else None,
        }
    )
