"""Who is named beside a round as one that does not take part: "ni Google ni Amazon n'ont souscrit",
"Microsoft, lui, a passé son tour", "sans Apple"."""

from __future__ import annotations

from collections.abc import Sequence

from pipelines.claims import lexicon, negation
from pipelines.claims.mentions import DETERMINERS, NATIONS, POSSESSIVES, PREPOSITIONS, Group
from pipelines.claims.negation import Negation
from pipelines.claims.scene import Scene

_GRAMMAR = lexicon.words("grammar")
_TABLE = _GRAMMAR["abstaining"]
_ITSELF = tuple(_TABLE["itself"])
_VERBS = ("pass", *_TABLE["declining"], *_ITSELF)
_BUT = frozenset(_TABLE["but"])
_NOBODY = frozenset(_TABLE["nobody"])
#: One of these stands right before whoever is left out.
_OUT = _BUT | {"sans"}
#: And between the two only these, or help.
_BETWEEN = DETERMINERS.union(_GRAMMAR["between"]["heads"])
#: How many tokens from the head of a sentence the first name stands that it begins by leaving out.
_OPENED = 5
_HELP = frozenset(_TABLE["help"])
_REFLEXIVE = frozenset(("se", "s'"))
#: Between the names of "ni A, ni B".
_NEITHER = DETERMINERS | {",", "ni"}
#: What ends the clause, and what another verb of it is negated with.
_STOPS = negation.NE.union(", ; : ( ) – qui que qu' dont mais et".split())
#: How close behind a party its "ne" stands, how far behind it the verb that declines.
_NEAR_NE, _REACH = 2, 5
#: How many tokens what stands between a party and its verb may have: ", de son côté,".
_ASIDE = 12
#: How far behind a verb stands what it declines.
_BEHIND = 3


def abstains(scene: Scene, at: int, negations: Sequence[Negation]) -> bool:
    """Whether the text says that the parties of a group, the one at `at`, do not take part."""
    group = scene.parties()[at]
    if _left_out(scene, at):
        return True
    k = group.last if group.prep else _predicate(scene, at)
    if any(one.sort == "deed" and 0 <= one.first - k < _NEAR_NE for one in negations):
        return True
    return group.prep == "" and _declines(scene, k)


def _left_out(scene: Scene, at: int) -> bool:
    """ "sans Microsoft", "sans l'aide de Microsoft", "mais pas Apple", "Apple, non",
    not "sans surprise, Microsoft" or "sans compter Microsoft"."""
    low, sentence, group = scene.low, scene.sentence, scene.parties()[at]
    first = sentence.first
    if low[group.last : min(group.last + 2, sentence.last)] == [",", "non"]:
        return True
    if group.first > first and low[group.first - 1] == "pas":
        return True
    k = _back(low, group.first, first)
    if k < first or _turns(scene, group):
        return False
    noun = k - 1 if low[k] in PREPOSITIONS and low[k] not in _OUT and k > first else k
    if low[noun] in _BUT:
        return _NOBODY.isdisjoint(low[first : sentence.last])
    if low[noun] in _HELP:
        noun = _back(low, noun, first)
    if noun < first:
        return False
    if low[noun] == "sans":  # who is needed takes part: "n'aurait pas abouti sans Microsoft"
        return negation.NE.isdisjoint(low[first : sentence.last]) and low[noun - 1] != "non"
    return low[noun] == "ni" and at > 0 and _joined(scene, at, noun)


def _back(low: Sequence[str], k: int, first: int) -> int:
    """The last token before `k` that only says more of what begins there: no article, no "fonds";
    `first` - 1 for none."""
    k -= 1
    while k >= first and (low[k] in _BETWEEN or low[k].endswith(NATIONS)):
        k -= 1
    return k


def _turns(scene: Scene, group: Group) -> bool:
    """Whether the sentence begins with whom it leaves out, and the group goes on with those of
    whom it speaks: "Sans Microsoft, SoftBank et Nvidia souscrivent"."""
    low, first = scene.low, scene.sentence.first
    one = group.mentions[0]
    return (
        len(group.mentions) > 1
        and low[one.last : one.last + 1] == [","]
        and low[first] in _OUT
        and one.first - first <= _OPENED
    )


def _joined(scene: Scene, at: int, k: int) -> bool:
    """Whether the "ni" at token `k` goes on with one that is left out: "sans A ni B"."""
    gap = scene.low[scene.parties()[at - 1].last : k + 1]
    return gap in (["ni"], [",", "ni"]) and _left_out(scene, at - 1)


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
                return behind[0] in POSSESSIVES
        elif word.startswith(_ITSELF):
            return not _REFLEXIVE.isdisjoint(low[k:j])
        else:
            own = not POSSESSIVES.isdisjoint(behind)
            return not own and not any(negation.silent(said) for said in behind)
    return False
