"""Capitals that name nobody who pays or is paid: places, institutions, markets, products, units."""

from __future__ import annotations

import re

from pipelines.claims.mentions import names
from pipelines.claims.tokens import Reading, Sentence

#: Joints that make a commune or a county of the words around them: "Loon-sur-Mer".
_PLACE_JOINTS = frozenset("le la les sur sous en lès lez de du des aux et d l".split())
_ROMAN, _NUMERALS = re.compile(r"[IVX]+e?"), frozenset("IVX")


def nobody(reading: Reading, sentence: Sentence, i: int) -> int | None:
    """Where a place, institution or product that begins at `i` ends; None if a longer name does
    ("Boston Dynamics"), or nothing of the kind."""
    words, low, stop = reading.words, reading.low, sentence.last
    if not words[i][0].isupper():
        return None
    if words[i][0] in _NUMERALS and _ROMAN.fullmatch(words[i]):
        return i + 1
    commune = _commune(reading, sentence, i)
    if commune is not None:
        return commune
    hit = names().nobody.at(low, i, stop)
    if hit is None:
        return None
    end = hit.last
    if end < stop and words[end] == "-" and reading.near(end) and end + 1 < stop:
        if not words[end + 1][0].isupper():
            return end
        return nobody(reading, sentence, end + 1)  # "Ouagadougou-Palo Alto"
    longer = end < stop and words[end][0].isupper() and words[end][0].isalpha()
    another = longer and (
        names().nobody.at(low, end, stop) is not None
        or _commune(reading, sentence, end) is not None
    )
    if longer and not another and low[end] not in names().never:
        return None
    if longer and low[end] in names().marks and words[end] not in ("IA", "AI"):
        return None
    return end


def _commune(reading: Reading, sentence: Sentence, i: int) -> int | None:
    """ "Bruyères-le-Châtel", "Saint-Ghislain": words that hyphens join as communes are named."""
    words, low = reading.words, reading.low
    j, joined = i + 1, low[i] in ("saint", "sainte")
    saint = joined
    while j + 1 < sentence.last and words[j] in ("-", "'") and reading.near(j + 1):
        joined = joined or low[j + 1] in _PLACE_JOINTS
        j += 2
    if j == i + 1 or not joined or not words[j - 1][0].isupper():
        return None
    if saint and low[j - 1] in ("gobain", "james"):
        return None
    return j
