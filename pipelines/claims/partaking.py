"""What somebody puts into a round, beside the word for the round: "participe au tour d'OpenAI à
hauteur de 50 milliards", "sa contribution à la levée atteint 30 milliards", "mène le tour avec 5".

The sum stands by "tour", and is not the round's.
"""

from __future__ import annotations

from collections.abc import Sequence

from pipelines.claims.amounts import Sum
from pipelines.claims.scene import Scene

#: Verbs and nouns of taking part begin so, and whoever does is called otherwise.
_TAKING_PART = ("particip", "contribu")
_WHO = frozenset("participant participants participante participantes contribuable".split())
_PART = frozenset("part mise apport ticket écot participation contribution quote".split())
_LEADING = frozenset("mène mènera mènerait mené mener conduit conduira dirige chapeaute".split())
_ROUND = frozenset(
    "tour round levée financement opération augmentation recapitalisation série".split()
)
#: Before a round that somebody takes part in: "à la levée", "dans le tour".
_INTO = frozenset(("à", "au", "aux", "dans"))
#: Right before the sum.
_AT = (("à", "hauteur", "de"), ("à", "hauteur", "d'"), ("pour",), ("avec",))
_LED = (("avec",),)
#: What a part comes to.
_COMES_TO = frozenset(
    "atteint atteindra atteindrait atteignait est sera serait était dépasse dépasserait "
    "s'élève s'élèverait élève élèverait élevait élèvera monte monterait chiffre représente "
    "représenterait porterait porte".split()
)
#: Right behind a sum that the round has raised: "avec 30 milliards levés".
_RAISED = frozenset("levés levé récoltés réunis engrangés collectés".split())
#: So far behind the word for a part the round is named, and so far from it the sum begins.
_NEAR, _REACH = 8, 14


def of_round(scene: Scene, one: Sum) -> bool:
    """Whether a sum is somebody's part of a round that its clause names."""
    low, first = scene.low, max(scene.edges(one)[0], one.left - _REACH)
    before = low[first : one.left]
    if _ROUND.isdisjoint(before) and _ROUND.isdisjoint(low[one.right : one.right + _NEAR]):
        return False
    if len({name for group in scene.groups for name in group.names}) < 2:  # round and giver
        return False
    if low[one.right : one.right + 1] and low[one.right] in _RAISED:
        return False
    return any(_part(before, k, low, one) for k in range(len(before)))


def _part(before: Sequence[str], k: int, low: Sequence[str], one: Sum) -> bool:
    word, rest = before[k], before[k + 1 :]
    if word in _LEADING:
        return _named(rest) and _ends(before, _LED)
    if word.startswith(_TAKING_PART) and word not in _WHO:
        into = _named(rest) or not _ROUND.isdisjoint(low[one.right : one.right + _NEAR])
        if into and _ends(before, _AT):
            return True
    return word in _PART and _amounts(rest)


def _ends(before: Sequence[str], endings: Sequence[tuple[str, ...]]) -> bool:
    return any(tuple(before[-len(ending) :]) == ending for ending in endings)


def _named(rest: Sequence[str]) -> bool:
    return not _ROUND.isdisjoint(rest[:_NEAR])


def _amounts(rest: Sequence[str]) -> bool:
    """Whether a part is one of a round, and a verb behind that says what it comes to; not "la
    levée, qui atteint"."""
    places = [k for k, word in enumerate(rest) if word in _ROUND]
    if not places or _INTO.isdisjoint(rest[max(places[0] - 3, 0) : places[0]]):
        return False
    behind = rest[places[0] :]
    return not _COMES_TO.isdisjoint(behind) and "qui" not in behind
