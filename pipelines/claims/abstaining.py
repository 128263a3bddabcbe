"""Who is named beside a round as one that does not take part: "ni Google ni Amazon n'ont souscrit",
"Microsoft, lui, a passé son tour", "sans Apple"."""

from __future__ import annotations

from collections.abc import Sequence

from pipelines.claims import lexicon, negation
from pipelines.claims.mentions import DETERMINERS, PREPOSITIONS, Group
from pipelines.claims.negation import Negation
from pipelines.claims.scene import Scene

_TABLE = lexicon.words("grammar")["abstaining"]
_DECLINING = tuple(_TABLE["declining"])
_ITSELF = tuple(_TABLE["itself"])
_BUT = frozenset(_TABLE["but"])
_NOBODY = frozenset(_TABLE["nobody"])
_HELP = frozenset(_TABLE["help"])
_REFLEXIVE = frozenset(("se", "s'"))
_POSSESSIVE = frozenset(("son", "sa", "ses", "leur", "leurs"))
#: Between the names of "ni A, ni B".
_NEITHER = DETERMINERS | {",", "ni"}
_ENDS = frozenset(", ; : ( ) – qui que qu' dont mais et".split())
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
    low, first, last = scene.low, group.first, group.last
    before = low[max(first - 1, scene.sentence.first) : first]
    if before == ["pas"] or low[last : min(last + 2, scene.sentence.last)] == [",", "non"]:
        return True
    if group.prep not in ("hors", "de", ""):
        return False
    start = max(first - _BEFORE, scene.sentence.first)
    span = range(first - 1, start - 1, -1)
    k = next((k for k in span if low[k] in PREPOSITIONS or low[k] in _BUT), None)
    if k is None:
        return False
    *before, noun = ["", *low[max(k - _BEFORE, scene.sentence.first) : k]]
    if low[k] in _BUT or noun in _BUT:
        return _NOBODY.isdisjoint(low[scene.sentence.first : scene.sentence.last])
    if before and before[-1] in DETERMINERS:
        before.pop()
    return low[k] == "sans" or (noun in _HELP and before[-1:] == ["sans"])


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
        word, behind = low[j], low[j + 1 : min(j + 1 + _BEHIND, stop)]
        if word in _ENDS or word in negation.NE:
            return False
        if word.startswith("pass") and behind[1:2] == ["tour"]:
            return behind[0] in _POSSESSIVE
        if word.startswith(_ITSELF):
            return not _REFLEXIVE.isdisjoint(low[k:j])
        if word.startswith(_DECLINING):
            own = not _POSSESSIVE.isdisjoint(behind)
            return not own and not any(negation.silent(said) for said in behind)
    return False
