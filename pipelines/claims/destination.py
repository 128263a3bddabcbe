"""Where the money of a sum goes when the clause says it after the sum: "dans une brasserie",
"à San Francisco", "pour ses fusées".

A party told there is known already. Anything else is a reason to look no further: what is
indefinite ("dans des vignobles") has not been told before, so it cannot be the company that the
story is about, though the same investor gives.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipelines.claims import lexicon
from pipelines.claims.amounts import Sum
from pipelines.claims.mentions import PREPOSITIONS, names
from pipelines.claims.record import record
from pipelines.claims.scene import Scene

_TABLE = lexicon.words("destinations")
_PREPOSITIONS: dict[str, str] = _TABLE["prepositions"]
_DETERMINERS: dict[str, str] = _TABLE["determiners"]
_TIMES = frozenset(_TABLE["times"]["words"])
_LANDS = frozenset(_TABLE["lands"]["words"])
#: How many tokens behind a sum a destination begins at most.
_REACH = 8
#: How many tokens a name may stand behind the preposition: "dans la jeune pousse suédoise Ravelin".
_NAMED = 6
#: What ends the phrase that a sum stands in.
_ENDS = frozenset(", ; . : ! ? » qui que qu' dont où et ou mais puis a ont est sont".split())
#: What parts the noun that is meant from a name: "au Brésil selon X", "une usine avec X".
_PARTING = frozenset(PREPOSITIONS).difference(("de", "d'", "du", "des"))
_YEAR = re.compile(r"(?:19|20)\d\d")
#: How many tokens tell a time: "dans les tout prochains mois".
_TIMED = 3
#: How many letters of the noun count.
_STEM = 7


@record
class Destination:
    """What stands where the money goes."""

    prep: str  # one for each way of going: dans, à, pour, sur
    sort: str  # party, place, or how a thing is told: indef, number, own, def, this, bare
    noun: str  # its first letters


def find(scene: Scene, one: Sum, right: int) -> Destination | None:
    """Where the sum goes by what stands between it and token `right`; None where nothing says."""
    low = scene.low
    stop, k = min(right, scene.sentence.last), one.right
    while k < min(stop - 1, one.right + _REACH):
        if low[k] == "(":  # a conversion
            k = next((j for j in range(k, stop) if low[j] == ")"), stop)
        elif low[k] in _ENDS:
            return None
        elif low[k] in _PREPOSITIONS:
            found = _read(scene, k, stop)
            if found is not None:
                return found
        k += 1
    return None


def _read(scene: Scene, k: int, stop: int) -> Destination | None:
    """What the preposition at token `k` governs; None for a time or a length of time."""
    low = scene.low
    prep, at = _PREPOSITIONS[low[k]], k + 1
    sort = _DETERMINERS.get(low[k], "")  # "au", "aux" hold the article
    if not sort and at < stop:
        sort = _DETERMINERS.get(low[at], "")
        at += bool(sort)
    if at < stop and low[at][0].isdigit():
        if _YEAR.fullmatch(low[at]):
            return None
        sort, at = "number", at + 1
    if at >= stop or _timed(low, at, min(at + _TIMED, stop)):
        return None
    if any(
        k < g.first <= min(k + _NAMED, stop) and _joined(low, at, g.first) for g in scene.parties()
    ):
        return Destination(prep, "party", "")
    if is_place(scene, at, stop):
        return Destination(prep, "place", "")
    return Destination(prep, sort or "bare", low[at][:_STEM])


def _timed(low: Sequence[str], at: int, stop: int) -> bool:
    """Whether a time is told at token `at`, before any other thing: not "une usine en mars"."""
    for k in range(at, stop):
        if low[k] in _TIMES:
            return True
        if low[k] in _ENDS or (k > at and (low[k] in _PREPOSITIONS or low[k] in _DETERMINERS)):
            return False
    return False


def is_place(scene: Scene, at: int, stop: int) -> bool:
    """Whether a place is named at token `at`, or a word for one: what is spent there goes to no
    company."""
    if scene.low[at] in _LANDS:
        return True
    if not scene.reading.words[at][0].isupper():
        return False
    hit = names().nobody.at(scene.low, at, stop)
    return hit is not None and hit.value == "places"


def _joined(low: Sequence[str], first: int, last: int) -> bool:
    """Whether nothing parts a name from the preposition that governs it, but for "de"."""
    return all(w not in _ENDS and w not in _PARTING for w in low[first:last])
