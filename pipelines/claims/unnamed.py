"""Givers whom no name stands for: "dont 700 millions par les actionnaires actuels", "d'autres fonds
mettront 3 milliards". What they give is nobody's investment whom the text spoke of before."""

from __future__ import annotations

from collections.abc import Iterator

from pipelines.claims import lexicon
from pipelines.claims.amounts import Sum
from pipelines.claims.governor import Governor
from pipelines.claims.scene import Scene

_TABLE = lexicon.words("grammar")
#: "actionnaires", "fonds": who gives.
MANY = frozenset(_TABLE["many"]["words"])
#: "des", "ses", "plusieurs": before some of them.
_SEVERAL = frozenset(_TABLE["several"]["words"])
#: Before who gives, behind a sum; "auprès de" stands before who sells as well.
_BY = frozenset(("par", "chez", "part"))
#: "les deux fonds": whom the text has named.
_COUNTS = frozenset(lexicon.words("references")["plural"]["counts"])
#: Behind what a clause begins.
_OPENERS = frozenset((",", ";", ":", "(", "—", "–", "et", "que", "où", "mais", "tandis", "quand"))
#: Classes of the verbs of giving.
_GIVING = frozenset(("invest", "transfer"))
#: At most so many tokens lie between a sum and the preposition, and between this and the noun.
_REACH, _WORDS = 5, 4
#: So close before a sum, without a verb, they are whose it is: "les autres fonds, 10".
_BESIDE = 3
#: So close behind the noun names say who they are: "par des fonds comme Coatue".
_NAMED = 5


def give(scene: Scene, one: Sum, governor: Governor | None) -> bool:
    """Whether such givers stand where the payer of a sum does: behind it, or as the subject."""
    if MANY.isdisjoint(scene.low[scene.sentence.first : scene.sentence.last]):
        return False
    return _agent(scene, one) or _subject(scene, one, governor)


def _agent(scene: Scene, one: Sum) -> bool:
    low, stop = scene.low, scene.edges(one)[1]
    for by in range(one.right, min(one.right + _REACH, stop)):
        if low[by] in _BY:
            noun = _noun(scene, by + 1, stop)
            return noun is not None and not _names(scene, by, noun + _NAMED)
    return False


def _subject(scene: Scene, one: Sum, governor: Governor | None) -> bool:
    left = scene.edges(one)[0]
    for start in _starts(scene, left, one.left):
        noun = _noun(scene, start, one.left)
        joined = start > left and scene.low[start - 1] == "et"  # "SoftBank et ses associés"
        if noun is None or _names(scene, start - 2 if joined else start, one.left):
            continue
        cue = governor.cue if governor is not None else None
        if cue is None or cue.last <= start:  # "Nvidia mettra 30 milliards, les autres fonds 10"
            return one.left - noun <= _BESIDE
        ahead = cue.last <= one.left  # not "ils saluent les 2 milliards que Nvidia apporte"
        return ahead and cue.part == "v" and cue.mood != "part" and cue.sort in _GIVING
    return False


def _starts(scene: Scene, first: int, stop: int) -> Iterator[int]:
    """Where a clause begins with several of something."""
    low = scene.low
    for k in range(first, stop):
        if low[k] in _SEVERAL and (k == first or low[k - 1] in _OPENERS):
            yield k


def _noun(scene: Scene, first: int, stop: int) -> int | None:
    """Several givers behind a preposition or at the head of a clause; not "les deux fonds", whom
    the text has named, nor "les fonds", which are money."""
    low = scene.low
    for k in range(first, min(first + _WORDS, stop)):
        if low[k] in MANY:
            before = low[first:k]
            counted = not _COUNTS.isdisjoint(before) or (low[k] == "fonds" and low[k - 1] == "les")
            return None if counted or _SEVERAL.isdisjoint(before) else k
    return None


def _names(scene: Scene, first: int, last: int) -> bool:
    """Whether a party stands there."""
    return any(first <= group.first < last for group in scene.parties())
