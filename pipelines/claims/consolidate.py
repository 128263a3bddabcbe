"""Claims of one text → each claim once.

A title repeats what the body says better, and a sum is often named twice, once with all its
parties and once with fewer. The fuller one stays.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from pipelines.records import Claim

#: A title's claim is left out for another one of its sum that is surer than it, or than this.
SURE = 0.6


def consolidate(claims: Sequence[Claim], title_end: int) -> list[Claim]:
    """Each claim once, in order of the text; `title_end`: where the first sentence ends."""
    once = _once(claims, title_end)
    sums: dict[tuple[int, str], list[Claim]] = {}
    for claim in once:
        sums.setdefault((claim.amount.top, claim.amount.currency), []).append(claim)
    kept = [c for same in sums.values() for c in same if not _repeated(c, same, title_end)]
    return sorted(kept, key=lambda c: c.amount_start or 0)


def _repeated(claim: Claim, claims: Sequence[Claim], title_end: int) -> bool:
    """Whether another claim of the same sum says what this one says, and says it better."""
    for other in claims:
        if other is claim:
            continue
        if (other.kind, other.payee) == (claim.kind, claim.payee):
            fewer = set(claim.payers) < set(other.payers)
            if fewer and (not claim.payers or claim.kind in ("debt", "commitment")):
                return True
        in_title = (claim.amount_start or 0) < title_end <= (other.amount_start or 0)
        if in_title and claim.confidence < max(other.confidence, SURE):
            return True
        echo = claim.rule.startswith("list") and claim.confidence < other.confidence
        if echo and claim.kind != other.kind and claim.payee == other.payee:
            return True
    return False


def _once(claims: Sequence[Claim], title_end: int) -> list[Claim]:
    """Same kind, payers, payee and amount: once, with the most specific qualifier."""
    kept: dict[tuple[object, ...], Claim] = {}
    for claim in claims:
        loose = claim.kind in ("round", "valuation")
        payers = () if loose else tuple(sorted(claim.payers))
        key = (claim.kind, payers, claim.payee, claim.amount.top, claim.amount.currency)
        if key not in kept:
            kept[key] = claim
            continue
        first = kept[key]
        if (first.amount_start or 0) < title_end:  # the body says it in full
            first, claim = replace(claim, background=first.background and claim.background), first
        kept[key] = _merged(first, claim)
    return list(kept.values())


def _merged(first: Claim, again: Claim) -> Claim:
    """`first` with what a second naming adds."""
    amount = first.amount
    if amount.qualifier == "exact" and again.amount.qualifier != "exact":
        amount = again.amount
    payers, sources = first.payers or again.payers, first.sources
    if again.certainty == first.certainty:
        payers = tuple(dict.fromkeys((*first.payers, *again.payers)))
        sources = tuple(dict.fromkeys((*first.sources, *again.sources)))
    confidence = max(first.confidence, again.confidence)
    return replace(first, amount=amount, payers=payers, sources=sources, confidence=confidence)
