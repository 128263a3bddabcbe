"""Whom the text credits: media, named persons, a press release; and how far the credit carries."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from pipelines.claims import lexicon, mentions
from pipelines.claims.lexicon import Phrases
from pipelines.claims.scene import Scene

#: Words of saying; a person or medium beside one of them is credited.
_SAYING = frozenset(lexicon.words("outlets")["saying"]["words"])


@dataclass(frozen=True, slots=True)
class Credit:
    """Who is credited in a sentence, and whether a phrase pointed back to the last one."""

    names: tuple[str, ...]
    again: bool
    release: bool
    persons: tuple[str, ...] = ()  # named persons: a denial is credited to them
    refers: bool = False  # begins with "l'information": credits the sentence before


class _Tables:
    def __init__(self) -> None:
        table = lexicon.words("outlets")
        self.again: Phrases[str] = Phrases(
            (lexicon.cut(w), "again") for w in table["again"]["lines"]
        )
        self.release: Phrases[str] = Phrases(
            (lexicon.cut(w), "release") for w in table["release"]["lines"]
        )


@cache
def _tables() -> _Tables:
    return _Tables()


def credit(scene: Scene) -> Credit:
    """Credits of one sentence."""
    low, sentence = scene.low, scene.sentence
    named: list[str] = []
    for group in scene.groups:
        if group.mentions[0].kind == "media":
            named.extend(n for n in group.names if n not in named)
    again = False
    for hit in _tables().again.all(low, sentence.first, sentence.last):
        if _said(scene, hit.first, hit.last):
            again = True
    opening = scene.reading.words[sentence.first : sentence.first + 5]
    refers = bool(named) and any(w in _NEWS for w in opening)
    release = bool(_tables().release.all(low, sentence.first, sentence.last))
    return Credit(tuple(named), again, release, _persons(scene), refers)


#: Words that open a sentence about the news itself.
_NEWS = frozenset(lexicon.words("outlets")["news"]["words"])


def _persons(scene: Scene) -> tuple[str, ...]:
    """Persons named in a sentence, as it names them."""
    reading = scene.reading
    out: list[str] = []
    for group in scene.groups:
        for mention in group.mentions:
            words = reading.low[mention.first : mention.last]
            first = next((k for k, w in enumerate(words) if w in mentions.names().firsts), None)
            if first is not None and first + 1 < len(words):
                out.append(reading.slice(mention.first + first, mention.last))
    return tuple(dict.fromkeys(out))


def _said(scene: Scene, first: int, last: int) -> bool:
    """Whether a word of saying or "selon" stands beside a span."""
    low, sentence = scene.low, scene.sentence
    before = low[max(sentence.first, first - 3) : first]
    near = [*before, *low[last : min(last + 3, sentence.last)]]
    return any(w in _SAYING or w == "après" for w in near)
