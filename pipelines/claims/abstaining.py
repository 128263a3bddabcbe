"""Who is named beside a round as one that does not take part: "ni Google ni Amazon n'ont souscrit",
"Microsoft, lui, a passé son tour", "sans Apple"."""

from __future__ import annotations

from collections.abc import Sequence

from pipelines.claims import lexicon, negation
from pipelines.claims.mentions import DETERMINERS, PREPOSITIONS, Group
from pipelines.claims.negation import Negation
from pipelines.claims.scene import Scene

_TABLE = lexicon.words("grammar")["abstaining"]
_ITSELF = tuple(_TABLE["itself"])
_VERBS = ("pass", *_TABLE["declining"], *_ITSELF)
_BUT = frozenset(_TABLE["but"])
_NOBODY = frozenset(_TABLE["nobody"])
#: One of these stands right before whoever is left out.
_OUT = _BUT | {"pas", "sans"}
_HELP = frozenset(_TABLE["help"])
_REFLEXIVE = frozenset(("se", "s'"))
_POSSESSIVE = frozenset(("son", "sa", "ses", "leur", "leurs"))
#: Between the names of "ni A, ni B".
_NEITHER = DETERMINERS | {",", "ni"}
#: What ends the clause, and what another verb of it is negated with.
_STOPS = negation.NE.union(", ; : ( ) – qui que qu' dont mais et".split())
#: How close behind a party its "ne" stands, how far behind it the verb that declines.
_NEAR_NE, _REACH = 2, 5
#: How many tokens what stands between a party and its verb may have: ", de son côté,".
_ASIDE = 12
#: How far before a name "sans" stands, and behind a verb what it declines.
_BEFORE, _BEHIND = 4, 3


def abstains(scene: Scene, at: int, negations: Sequence[Negation]) -> bool:
    """Whether the text says that the parties of a group, the one at `at`, do not take part."""
    group = scene.parties()[at]
    if _left_out(scene, group):
        return True
    k = group.last if group.prep else _predicate(scene, at)
    if any(one.sort == "deed" and 0 <= one.first - k < _NEAR_NE for one in negations):
        return True
    return group.prep == "" and _declines(scene, k)


def _left_out(scene: Scene, group: Group) -> bool:
    """ "sans Microsoft", "sans l'aide de Microsoft", "mais pas Apple", "Apple, non"."""
    low, sentence, first = scene.low, scene.sentence, group.first
    if low[group.last : min(group.last + 2, sentence.last)] == [",", "non"]:
        return True
    before = low[max(first - _BEFORE, sentence.first) : first]
    if _OUT.isdisjoint(before):
        return False
    if before[-1] == "pas":
        return True
    if group.prep not in ("hors", "de", ""):
        return False
    span = range(len(before) - 1, -1, -1)
    k = next((k for k in span if before[k] in PREPOSITIONS or before[k] in _BUT), None)
    if k is None:
        return False
    *further, noun = ["", *before[:k]]
    if before[k] in _BUT or noun in _BUT:
        return _NOBODY.isdisjoint(low[sentence.first : sentence.last])
    if further and further[-1] in DETERMINERS:
        further.pop()
    return before[k] == "sans" or (noun in _HELP and further[-1:] == ["sans"])


def _predicate(scene: Scene, at: int) -> int:
    """Where what is said of a group begins: behind "ni B", behind ", lui,"."""
    low, groups, stop = scene.low, scene.parties(), scene.sentence.last
    k = groups[at].last
    for other in groups[at + 1 :]:
        gap = low[k : other.first]
        if "ni" not in gap or not _NEITHER.issuperset(gap):
            break
        k = other.last
    if k < stop and low[k] == ",":
        close = (j for j in range(k + 1, min(k + _ASIDE, stop)) if low[j] == ",")
        return next(close, k - 1) + 1
    return k


def _declines(scene: Scene, k: int) -> bool:
    """Whether the verb from token `k` on declines: "passe son tour", "s'est retiré", not "refuse
    de commenter" or "renonce à son exclusivité"."""
    low, stop = scene.low, scene.sentence.last
    for j in range(k, min(k + _REACH, stop)):
        word = low[j]
        if word in _STOPS:
            return False
        if not word.startswith(_VERBS):
            continue
        behind = low[j + 1 : min(j + 1 + _BEHIND, stop)]
        if word.startswith("pass"):
            if behind[1:2] == ["tour"]:
                return behind[0] in _POSSESSIVE
        elif word.startswith(_ITSELF):
            return not _REFLEXIVE.isdisjoint(low[k:j])
        else:
            own = not _POSSESSIVE.isdisjoint(behind)
            return not own and not any(negation.silent(said) for said in behind)
    return False
