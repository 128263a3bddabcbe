"""What a text only says would be so: "serait souscrit par SoftBank et MGX", "aurait apporté 5
milliards", "un chèque serait signé". A deal in the conditional is no fact, whatever else its
sentence says; what somebody has announced may stand in it as well: "a indiqué que 30 milliards
seraient versés"."""

from __future__ import annotations

from collections.abc import Sequence

from pipelines.claims import cues, lexicon, surroundings
from pipelines.claims.amounts import Sum
from pipelines.claims.drafts import Draft
from pipelines.claims.lexicon import Hit
from pipelines.claims.scene import Scene

_TABLE = lexicon.words("status")["would"]
_WOULD = frozenset(_TABLE["auxiliaries"])
#: Between such a verb and its participle: "serait ainsi versé", "auraient été souscrits".
_BETWEEN = frozenset(_TABLE["between"])
#: Participles of deals beside the verbs of the lists.
_DEALS = tuple(_TABLE["deals"])
#: Of these verbs the sum is no deal: "le prêt serait ramené à 20 milliards".
_OTHERS = frozenset(("measure", "out"))
#: What parts a verb from a sum that it says nothing of.
_BREAKS = frozenset(", ; : ( ) – mais qui que qu' dont où tandis alors quand contre et".split())
_SAID = frozenset(("a", "ont"))


def would(draft: Draft, hits: Sequence[Hit[str]]) -> bool:
    """Whether the sum of a draft is what such a verb says would be paid."""
    scene, one, low = draft.scene, draft.one, draft.scene.low
    for hit in hits:
        if hit.value != "conditional" or low[hit.first] not in _WOULD:
            continue
        verb = _participle(scene, hit.last)
        if verb < 0 or not _of_sum(scene, one, hit.first, verb):
            continue
        return not (surroundings.foretold(scene, hit.first) or _announced(scene, hit.first))
    return False


def _participle(scene: Scene, k: int) -> int:
    """Token of the participle of a deal from token `k` on, -1 for none."""
    low, stop = scene.low, scene.sentence.last
    while k < stop and low[k] in _BETWEEN:
        k += 1
    if k >= stop:
        return -1
    if low[k].startswith(_DEALS):
        return k
    sort, _, mood = cues.verbs().get(low[k], ("", "", None))
    return k if mood == "part" and sort not in _OTHERS else -1


def _of_sum(scene: Scene, one: Sum, first: int, verb: int) -> bool:
    """Whether a verb says something of a sum: its object, its subject or what explains that."""
    low = scene.low
    if one.left > verb:
        return _BREAKS.isdisjoint(low[verb + 1 : one.left])
    between = low[one.right : first]
    if between[:1] == [","] and low[one.left - 1] in (",", "soit"):
        between = between[1:]  # "Le solde, 10 milliards, serait repris"
    return _BREAKS.isdisjoint(between)


def _announced(scene: Scene, first: int) -> bool:
    """ "..., a précisé OpenAI": whoever it is said of says it."""
    low, stop = scene.low, scene.sentence.last
    return any(
        low[k] == "," and low[k + 1] in _SAID and low[k + 2].startswith(surroundings.SAYING)
        for k in range(first, stop - 2)
    )
