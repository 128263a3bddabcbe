"""What governs a sum: the verb or noun that says what the money is.

Cues compete by their cost, a distance in words that grows with whatever stands between (another
sum, a comma, a relative pronoun). A cue that only measures ("atteint", "une somme de") passes the
question on to the next one.
"""

from __future__ import annotations

from pipelines.claims import lexicon, standing
from pipelines.claims.amounts import Sum
from pipelines.claims.cues import Cue
from pipelines.claims.record import record
from pipelines.claims.scene import Scene

#: Dearest cue that still governs; farther ones leave the sum to its neighbours.
DEAREST = 26.0
#: Cost of one token, of a comma, of another sum, and so on, between cue and sum.
_COST: dict[str, float] = lexicon.words("grammar")["distance"]
_OTHER_SUM = 5.0
#: What every cue behind the sum costs: French says before it what it is.
_RIGHT_COST = 4.0
_PARTY = 0.3

#: Kinds of cue that tell nothing but size.
TRANSPARENT = frozenset(("measure", "generic", "tranche", "whole"))


@record
class Governor:
    """The cue chosen, its cost, how it stands to the sum, and the transparent cue passed over."""

    cue: Cue
    cost: float
    how: str  # left, right, complement, participle
    through: Cue | None = None


def find(scene: Scene, one: Sum) -> Governor | None:
    """The governor of `one`, or None."""
    complement = _complement(scene, one)
    if complement is not None and complement.cue.sort not in ("goods", "shares"):
        return complement
    participle, left = _participle(scene, one), _left(scene, one)
    if participle is not None:
        return left if left is not None and _heads(left) else participle
    if left is not None and left.cost <= _RIGHT_COST:
        return left  # none on the other side is cheaper
    right = _right(scene, one)
    best = min((g for g in (left, right) if g is not None), key=lambda g: g.cost, default=None)
    if best is None or best.cost > DEAREST:
        return complement
    return best


#: Nouns that say what a sum is whatever its participle: "un prêt de 3 milliards consenti par".
_HEADS = frozenset(("debt", "commit", "round", "secondary", "valuation"))
#: Dearest such noun: it stands right before the sum.
_HEAD_COST = 3.0


def _heads(left: Governor) -> bool:
    """Whether the noun before a sum is what the participle after it agrees with."""
    return left.cue.part == "n" and left.cue.sort in _HEADS and left.cost <= _HEAD_COST


def complement_sort(scene: Scene, one: Sum) -> str:
    """Class of the noun in "30 milliards de dollars de puces", "" for none."""
    found = _complement(scene, one)
    return found.cue.sort if found else ""


def _complement(scene: Scene, one: Sum) -> Governor | None:
    """ "20 milliards de revenus", "5 Md$ de dette", "10 milliards en actions"."""
    low, i, last = scene.low, one.right, scene.sentence.last
    if i >= last:
        return None
    while (
        i < last
        and low[i] in ("supplémentaires", "supplémentaire", "au", "total", "maximum")
        and i < one.right + 3
    ):
        i += 1
    if i < last and low[i] == "(":  # a conversion in between
        close = next((k for k in range(i, min(i + 12, last)) if low[k] == ")"), None)
        if close is None:
            return None
        i = close + 1
    if i >= last or low[i] not in ("de", "d'", "en", "du", "des"):
        return None
    j = i + 1
    while j < min(i + 4, last):
        cue = next((c for c in scene.cues if c.first == j), None)
        if cue is not None:
            if cue.part == "n" and cue.sort not in ("generic", "tranche", "invest"):
                return Governor(cue, 0.0, "complement")
            return None
        if low[j] in ("de", "d'", "en", ",", "à", "dans", "chez"):
            break
        j += 1
    return None


def _participle(scene: Scene, one: Sum) -> Governor | None:
    """ "les 13 milliards promis depuis 2019", "8 milliards déjà investis par X"."""
    low, i, last = scene.low, one.right, scene.sentence.last
    steps = 0
    while i < last and steps < 3:
        cue = next((c for c in scene.cues if c.first == i), None)
        if cue is not None:
            if cue.part == "v" and cue.mood == "part" and cue.sort not in TRANSPARENT | {"out"}:
                return Governor(cue, 0.5, "participle")
            return None
        if low[i] not in (
            "déjà",
            "ensemble",
            "qui",
            "ont",
            "été",
            "a",
            "supplémentaires",
            "également",
            "ainsi",
            "lui",
            "sont",
            "est",
            "que",
        ):
            return None
        i += 1
        steps += 1
    return None


def _left(scene: Scene, one: Sum) -> Governor | None:
    stop, i = scene.sentence.first, one.left
    ends = {c.last: c for c in scene.cues}
    sums = {s.right: s for s in scene.sums if s is not one}
    parties = {g.last: g for g in scene.groups}
    cost, through, passed = 0.0, None, 0.0
    low = scene.low
    while i > stop and cost <= DEAREST:
        cue = ends.get(i)
        if cue is not None and not (cue.first >= one.left):
            if _usable(scene, cue):
                if cue.sort not in TRANSPARENT:
                    return Governor(cue, cost + _noun_extra(cue), "left", through)
                if through is None:
                    through, passed = cue, cost
            i = cue.first
            cost += 1.0 if cue.sort in TRANSPARENT else 2.0
            continue
        if i in sums:
            cost += _OTHER_SUM
            i = sums[i].left if sums[i].left < i else i - 1
            continue
        if i in parties:
            cost += _PARTY
            i = parties[i].first
            continue
        i -= 1
        if low[i] == ";":
            break
        cost += _COST.get(low[i], 1.0)
    if through is not None:
        return Governor(through, passed + 8.0, "left", through)
    return None


def _noun_extra(cue: Cue) -> float:
    return 0.5 if cue.sort in ("goods", "shares") else 0.0


def _usable(scene: Scene, cue: Cue) -> bool:
    """Whether a cue left of the sum may govern it at all."""
    if cue.sort in ("goods",):
        return False
    if cue.sort == "shares" and standing.pledged(scene.low, cue.first, scene.sentence.first):
        return False
    if cue.lemma in ("être",) and cue.mood in ("pres", "impf", "cond", "fut"):
        return True
    return not (cue.part == "v" and cue.lemma == "devoir" and _auxiliary(scene, cue))


def _auxiliary(scene: Scene, cue: Cue) -> bool:
    """ "doit verser": the modal is no transfer."""
    low = scene.low[cue.last : min(cue.last + 4, scene.sentence.last)]
    return any(w.endswith(("er", "ir", "re")) and len(w) > 3 for w in low)


def _right(scene: Scene, one: Sum) -> Governor | None:
    """ "22,5 milliards doivent être versés", "15 milliards : c'est la somme levée"."""
    last, i = scene.sentence.last, one.right
    starts = {c.first: c for c in scene.cues}
    sums = {s.left: s for s in scene.sums if s is not one}
    parties = {g.first: g for g in scene.groups}
    cost, through = _RIGHT_COST, None
    low = scene.low
    if i < last and low[i] in (")",):
        cost += 3.0
    while i < last and cost <= DEAREST:
        cue = starts.get(i)
        if cue is not None:
            if cue.sort not in TRANSPARENT and _usable(scene, cue) and cue.sort != "shares":
                return Governor(cue, cost, "right", through)
            through = through or cue
            i = cue.last
            cost += 1.0
            continue
        if i in sums:
            cost += _OTHER_SUM + 4
            i = sums[i].right
            continue
        if i in parties:
            cost += _PARTY
            i = parties[i].last
            continue
        if low[i] == ";":
            break
        cost += 2 * _COST.get(low[i], 0.5)
        i += 1
    return None
