"""What a negation denies: the deal itself, or only a denial, or that somebody spoke of it.

"n'investira pas" denies; "n'a pas renoncé" keeps the plan alive; "n'a pas souhaité commenter" says
nothing of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal

from pipelines.claims import lexicon
from pipelines.claims.amounts import Sum
from pipelines.claims.record import record
from pipelines.claims.scene import Scene

_TABLE = lexicon.words("negation")
#: First half of a negation.
NE = frozenset(_TABLE["halves"]["first"])
_CLOSING = frozenset(_TABLE["halves"]["second"])
#: Between "ne" and its verb, and between a modal and its infinitive.
_CLITICS = frozenset(_TABLE["between"]["words"])
#: Verbs that leave to the participle or infinitive behind them what is negated.
_HELPERS = frozenset(_TABLE["helpers"]["words"])
_DEEDS = tuple(_TABLE["deeds"]["stems"])
_DENIALS = tuple(_TABLE["denials"]["stems"])
_UNDOING = tuple(_TABLE["undoing"]["stems"])
_SILENCES = tuple(_TABLE["silences"]["stems"])
#: How far from "ne", in tokens, the second half stands, and from there the verb that it negates.
_REACH, _BEHIND = 6, 5
#: How many tokens from the verb on may tell that it is one of speaking: "n'a pas donné de détails".
_SAYING = 4
#: What parts a negated verb from a sum that it does not speak of.
_BREAKS = frozenset(_TABLE["breaks"]["words"])
#: Behind the second half, what leaves the rest true: "pas seulement", "pas encore", "pas moins de".
_MILD = frozenset(_TABLE["mild"]["words"])

#: "n'a pas eu de mal à lever", "n'a pas tardé à investir": it was done.
_EASY = frozenset("mal peine difficulté longtemps tardé hésité hésite attendu".split())
_ONLY = frozenset(("que", "qu'"))  # "ne ... que"

Sort = Literal["deed", "denial", "undoing", "silence", "other"]


@record
class Negation:
    """A negated verb. Token span from "ne" to behind the verb or the second half, half open."""

    first: int
    last: int
    verb: int
    sort: Sort


def find(scene: Scene) -> tuple[Negation, ...]:
    """Negations of one sentence, in order."""
    low, sentence = scene.low, scene.sentence
    if NE.isdisjoint(low[sentence.first : sentence.last]):
        return ()
    places = [k for k in range(sentence.first, sentence.last) if low[k] in NE]
    return tuple(_found(low, places, sentence.first, sentence.last))


def _found(low: Sequence[str], places: Sequence[int], first: int, last: int) -> Iterator[Negation]:
    for k in places:
        stop = min(k + _REACH, last)
        second = next((j for j in range(k + 1, stop) if low[j] in _CLOSING), None)
        if second is None and "ni" in low[first:k] and _ONLY.isdisjoint(low[k:stop]):
            second = k  # "ni Amazon ni Nvidia n'investiront"
        if second is None or (second + 1 < last and low[second + 1] in _MILD):
            continue
        if low[second - 1] == "toujours":  # "n'a toujours pas signé"
            continue
        verb = _verb(low, k, second, last)
        if verb is not None and _EASY.isdisjoint(low[verb : min(verb + _SAYING, last)]):
            yield Negation(k, max(verb, second) + 1, verb, _sort(low, verb, last))


def _verb(low: Sequence[str], k: int, second: int, last: int) -> int | None:
    """The verb that says what is negated."""
    verb = next((j for j in range(k + 1, last) if low[j] not in _CLITICS), None)
    if verb is None or low[verb] not in _HELPERS:
        return verb
    inside = (j for j in range(verb + 1, second) if low[j].startswith(_DEEDS))
    if (deed := next(inside, None)) is not None:  # "n'est en discussion avec aucun fonds"
        return deed
    behind = range(max(second, verb) + 1, min(max(second, verb) + 1 + _BEHIND, last))
    return next((j for j in behind if low[j] not in _CLITICS and low[j] not in _HELPERS), verb)


def silent(word: str) -> bool:
    """Whether a word says that somebody speaks: "commenter", "précise", "confirmé"."""
    return word.startswith(_SILENCES)


def _sort(low: Sequence[str], verb: int, last: int) -> Sort:
    for said in low[verb : min(verb + _SAYING, last)]:
        if said in _BREAKS:
            break
        if silent(said):
            return "silence"  # "n'a pas souhaité commenter", "n'a fait aucun commentaire"
    word = low[verb]
    if word.startswith(_UNDOING):
        return "undoing"
    if word.startswith(_DENIALS):
        return "denial"
    return "deed" if word.startswith(_DEEDS) else "other"


_RELATIVE = frozenset(("que", "qu'", "qui", "dont"))


def governs(scene: Scene, one: Sum, negation: Negation) -> bool:
    """Whether a negated verb says something of a sum: "n'a pas versé 2 milliards", "les 2
    milliards qu'elle n'a pas versés", not "n'a rien promis, 2 milliards"."""
    low = scene.low
    if negation.first < one.first:
        return _BREAKS.isdisjoint(low[negation.last : one.left])
    between = low[one.right : negation.first]
    pronoun = next((k for k, word in enumerate(between) if word in _RELATIVE), None)
    if pronoun is not None:
        between = [*between[:pronoun], *between[pronoun + 1 :]]
    return _BREAKS.isdisjoint(between) and "et" not in between
