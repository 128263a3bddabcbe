"""Who takes part in a round: those its sentence names, those whose share of it is told nearby."""

from __future__ import annotations

from collections.abc import Sequence

from pipelines.claims import lexicon
from pipelines.claims.drafts import YOUNG, Draft
from pipelines.claims.record import replace
from pipelines.claims.scene import Scene
from pipelines.claims.walk import Step

#: How many sentences before and after a round may name who takes part in it.
NEAR = 2
_BY = ("par", "auprès", "avec")
#: How who lends stands in the sentence behind a loan: as subject or agent.
_LENT_BY = ("", *_BY)
_LENDING: tuple[str, ...] = tuple(lexicon.words("grammar")["taking_part"]["lending"])
_JOINING: tuple[str, ...] = tuple(lexicon.words("grammar")["taking_part"]["joining"])
_DECLINING: tuple[str, ...] = tuple(lexicon.words("grammar")["taking_part"]["declining"])
_STEMS: tuple[str, ...] = tuple(lexicon.words("grammar")["taking_part"]["stems"])


def completed(steps: Sequence[Step]) -> list[Step]:
    """`steps` with the payers of every round filled in."""
    out = list(steps)
    for k, step in enumerate(steps):
        if any(d.kind == "round" for d in step.drafts):
            made = tuple(_filled(d, steps, k) if d.kind == "round" else d for d in step.drafts)
            out[k] = replace(step, drafts=made)
        if any(d.kind == "debt" and not d.payers for d in step.drafts):
            lenders = _lenders(steps, k)
            made = tuple(_lent(d, lenders) for d in out[k].drafts)
            out[k] = replace(out[k], drafts=made)
    return out


def _lenders(steps: Sequence[Step], k: int) -> tuple[str, ...]:
    """Whom the sentence behind a loan without lenders names as such: "A et B sont les prêteurs";
    of banks less is enough: "A et B y participent"."""
    block = steps[k].scene.sentence.paragraph
    for step in steps[k + 1 : k + 1 + NEAR]:
        scene = step.scene
        if scene.sentence.paragraph != block or scene.sums:
            break
        words = scene.low[scene.sentence.first : scene.sentence.last]
        told = any(w.startswith(_LENDING) for w in words)
        if not told and not any(w.startswith(_JOINING) for w in words):
            continue
        if any(w.startswith(_DECLINING) for w in words):
            continue
        names = tuple(
            name
            for group in scene.parties()
            if group.prep in _LENT_BY and group.mentions[0].kind != "person"
            for name in group.names
            if group.mentions[0].role == "lender" or (told and group.mentions[0].role not in YOUNG)
        )
        if names or told:
            return names
    return ()


def _lent(draft: Draft, lenders: Sequence[str]) -> Draft:
    if draft.kind != "debt" or draft.payers:
        return draft
    return replace(draft, payers=tuple(n for n in dict.fromkeys(lenders) if n != draft.payee))


def _filled(draft: Draft, steps: Sequence[Step], k: int) -> Draft:
    names = list(draft.payers)
    block = draft.scene.sentence.paragraph
    for at in range(max(0, k - NEAR), min(len(steps), k + NEAR + 1)):
        scene = steps[at].scene
        close = scene.sentence.paragraph == block or at == k + 1
        if close and (at == k or _takes_part(scene)):
            names += _named(scene, at == k)
    for step in steps[max(0, k - 2 * NEAR) : k + 2 * NEAR + 1]:
        for other in step.drafts:
            if other.kind == "investment" and other.payee == draft.payee:
                names += other.payers
    payers = tuple(n for n in dict.fromkeys(names) if n != draft.payee)
    return replace(draft, payers=payers)


def _takes_part(scene: Scene) -> bool:
    words = scene.low[scene.sentence.first : scene.sentence.last]
    return any(w.startswith(_STEMS) for w in words)


def _named(scene: Scene, own: bool) -> list[str]:
    """Parties of a sentence that can be investors; of the round's own only those marked so."""
    out: list[str] = []
    told = _takes_part(scene)
    for group in scene.parties():
        first = group.mentions[0]
        if first.role in YOUNG or first.kind == "person":
            continue
        if group.prep in _BY or (not own and group.prep == "") or (own and told and not group.prep):
            out.extend(group.names)
    return out
