"""Sums that go on where another one stopped: lists, ellipses, words that tell only a size."""

from __future__ import annotations

from pipelines.claims.amounts import Sum
from pipelines.claims.drafts import YOUNG, Draft, Thread, previous_sum
from pipelines.claims.governor import Governor
from pipelines.claims.mentions import Group
from pipelines.claims.record import replace
from pipelines.claims.scene import Scene


def inherited(scene: Scene, one: Sum, governor: Governor, thread: Thread) -> Draft | None:
    """A sum whose words tell only its size: it is what the text was speaking of."""
    cues = (governor.cue, governor.through)
    if any(c is not None and c.sort == "whole" for c in cues) and thread.last is not None:
        payee = thread.payee()
        if payee is not None and scene.index - thread.last.scene.index <= 3:
            rule = f"n.whole.{governor.how}"
            return Draft(
                one, scene, "round", (), payee, rule, governor.cost, "inherited", governor.cue
            )
    return inherit(
        scene, one, thread, governor.cost, f"{governor.cue.part}.{governor.cue.sort}.topic"
    )


def priced(scene: Scene, one: Sum, thread: Thread) -> Draft | None:
    """ "lève 600 millions, à 15 milliards": after a round, what stands behind "à" is the price."""
    last, before = thread.last, previous_sum(scene, one)
    if before is None or last is None or last.scene.index != scene.index or last.payee is None:
        return None
    gap = scene.low[before.right : one.left]
    if gap[-1:] != ["à"] or len(gap) < 2 or one.top <= before.top:
        return None
    if last.kind not in ("round", "investment") or scene.low[before.left - 1] in ("de", "d'"):
        return None
    if any(c.part == "v" and before.right <= c.first < one.left for c in scene.cues):
        return None
    return Draft(one, scene, "valuation", (), last.payee, "list.price", how="inherited")


def given_to(draft: Draft, name: str, thread: Thread) -> Draft:
    """`draft` of a sum that belongs to `name` by its place in a list, row or distribution."""
    role = thread.past.roles.get(name)
    if role in YOUNG and draft.kind in ("valuation", "round"):
        return replace(draft, payee=name)
    if draft.kind in ("round", "investment") and role not in YOUNG and name != draft.payee:
        return replace(draft, kind="investment", payers=(name,), explicit=1)
    if draft.kind == "commitment" and draft.payers and draft.payers[0] != name:
        if thread.past.roles.get(draft.payers[0]) in YOUNG:
            return replace(draft, payee=name, explicit=1)
        return replace(draft, payers=(name,), explicit=1) if name != draft.payee else draft
    return draft


def inherit(
    scene: Scene, one: Sum, thread: Thread, cost: float, rule: str, reach: int = 3
) -> Draft | None:
    """A sum that continues the one before: same kind and roles but for the party it names."""
    last = thread.last
    if last is None or scene.index - last.scene.index > reach:
        return None
    draft = replace(
        last, one=one, scene=scene, rule=rule, cost=cost + 4, how="inherited", explicit=0
    )
    near = _beside(scene, one)
    if near is None:
        return draft
    roles = thread.past.roles
    name = near.names[0]
    young = roles.get(name) in YOUNG
    if last.kind == "valuation":
        return replace(draft, payee=name) if young else draft
    if last.kind == "round":
        if young:
            return replace(draft, payee=name)
        return replace(draft, kind="investment", payers=near.names, explicit=1)
    if last.kind == "debt":
        return draft
    if (
        last.kind == "commitment"
        and last.payers
        and roles.get(last.payers[0]) in YOUNG
        and not young
    ):
        return replace(draft, payee=name, explicit=1)
    if near.prep in ("chez", "dans", "à", "auprès", "sur") or (near.prep == "pour" and young):
        return replace(draft, payee=name, explicit=1) if name not in draft.payers else draft
    if name == draft.payee:
        return draft
    if young:  # "Nvidia finance tout le monde. Anthropic : 10 milliards"
        return replace(draft, payee=name, explicit=1)
    return replace(draft, payers=near.names, explicit=1)


def _beside(scene: Scene, one: Sum) -> Group | None:
    """The party that a list sets beside a sum: "Amazon : 50 milliards", "30 pour Nvidia"."""
    stop_left, stop_right = scene.edges(one)
    left = [g for g in scene.parties() if stop_left <= g.first and g.last <= one.left]
    if left and one.left - left[-1].last <= 6:
        return left[-1]
    right = [g for g in scene.parties() if one.right <= g.first < stop_right]
    if (
        right
        and right[0].first - one.right <= 4
        and right[0].prep in ("pour", "chez", "de", "à", "dans", "par", "auprès")
    ):
        return right[0]
    return None
