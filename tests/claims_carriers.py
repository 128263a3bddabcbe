"""Sentences that show what each line of the word lists does: one carrier a list.

A carrier takes a line and what the list says of it, puts the line into a sentence of its own and
tells whether the module that reads the list recognised it there. Weights have no say in this.
Names that no list may know (`ZORBLAX`) and words that mean nothing (`NOISE`) are the controls.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from pipelines.claims import (
    lexicon,
    mentions,
    resolve,
    tokens,
    walk,
)
from pipelines.claims.amounts import Sum
from pipelines.claims.drafts import Draft
from pipelines.claims.features import Place
from pipelines.claims.mentions import Known, Mention
from pipelines.claims.resolve import Past
from pipelines.claims.scene import Scene
from pipelines.records import Kind, Watch
from tests.claims_training import watch

Carrier = Callable[[str, Any], bool]
OPENAI = watch()
KNOWN = mentions.compiled(OPENAI)
#: A watch of nobody: what a list does where no company has the name.
NOBODY = mentions.compiled(Watch("nobody", ()))
ZORBLAX, NOISE = "Zorblax", "zut"
BILLION = 1e9


class Carriers(dict[str, Carrier]):
    """Carriers by the path of their list."""

    def of(self, *paths: str) -> Callable[[Carrier], Carrier]:
        """Make a function the carrier of these lists."""

        def keep(carrier: Carrier) -> Carrier:
            self.update(dict.fromkeys(paths, carrier))
            return carrier

        return keep


def entries(listed: Any, told: Any = None) -> Iterator[tuple[str, Any]]:
    """Lines of a list with what is told of each: its value, or the name of its sublist; the name
    of an empty one is all that it says."""
    if isinstance(listed, dict):
        for name, value in listed.items():
            if isinstance(value, list | dict):
                yield from entries(value or [name], name)
            else:
                yield name, value if told is None else (told, value)
    else:
        yield from ((line, told) for line in listed)


def before(line: str, word: str) -> str:
    """A line and the word behind it: an elided one leans on it."""
    return line + word if line.endswith("'") else f"{line} {word}"


def scenes(text: str, known: Known = KNOWN) -> list[Scene]:
    return walk.scenes(tokens.read(text), known)


def scene(text: str, known: Known = KNOWN) -> Scene:
    return scenes(text, known)[0]


def only(text: str) -> Sum | None:
    """The one sum of a sentence."""
    found = scene(text).sums
    return found[0] if len(found) == 1 else None


def money(text: str, value: float, currency: str | None) -> bool:
    one = only(text)
    return one is not None and one.top == value and one.currency == currency


def named(text: str, known: Known = KNOWN) -> list[Mention]:
    return [m for s in scenes(text, known) for g in s.groups for m in g.mentions]


def of(name: str, text: str) -> Mention | None:
    """How a sentence mentions a company."""
    return next((m for m in named(text) if m.name == name), None)


def drafts(text: str) -> list[Draft]:
    """What the grammar alone makes of the sums of a text."""
    found: list[Draft] = []

    def keep(place: Place) -> list[Draft]:
        drawn = [] if place.draft is None else [place.draft]
        found.extend(drawn)
        return drawn

    walk.walk(scenes(text), KNOWN, keep)
    return found


def drafted(one: Scene, kind: Kind, k: int = 0) -> Draft:
    """A claim of OpenAI about a sum of a sentence."""
    return Draft(one.sums[k], one, kind, (), "OpenAI", "rule")


def referents(text: str) -> list[tuple[str, str, str | None]]:
    """References of the last sentence: words, sort, company."""
    past = Past(roles=dict(KNOWN.roles))
    found: list[tuple[str, str, str | None]] = []
    for one in scenes(text):
        groups = resolve.resolved(one.reading, one.groups, past)
        past.take(one.reading, groups)
        found = [
            (one.reading.slice(m.first, m.last), m.sort, m.name)
            for g in groups
            for m in g.mentions
            if m.kind in ("pronoun", "description")
        ]
    return found


def meant(text: str) -> list[str | None]:
    return [name for _, _, name in referents(text)]


def span(text: str, line: str) -> tuple[int, int]:
    """Tokens that a line takes in a sentence."""
    low, words = tokens.read(text).low, list(lexicon.cut(line))
    first = next(k for k in range(len(low)) if low[k : k + len(words)] == words)
    return first, first + len(words)
