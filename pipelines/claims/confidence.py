"""How likely a claim is right as a whole: kind, payee, payers and amount.

The odds of the single decisions are dependent and too sure of themselves; a small model learned on
texts that the others had not seen (tests/claims_training.py) makes a calibrated figure of them.
"""

from __future__ import annotations

import math
from bisect import bisect
from collections.abc import Iterator

from pipelines.claims import deals, scorer
from pipelines.claims.drafts import YOUNG, Draft
from pipelines.claims.features import RECENT, Place
from pipelines.claims.surroundings import Text, deal

#: Buckets of a probability, finest near one, where most decisions are.
_BOUNDS = (0.5, 0.8, 0.9, 0.95, 0.98, 0.99, 0.996, 0.999)
_BUCKETS = (*(f"<{bound}" for bound in _BOUNDS), "sure")

#: How many claims back a claim is compared with.
REACH = 6
#: A deal told, or a figure named, more often than this is not surer for it.
_OFTEN = 4
#: More companies than this that might be meant make a claim no more doubtful.
_SEVERAL = 4


def bucket(odds: float) -> str:
    """Bucket of a probability."""
    return _BUCKETS[bisect(_BOUNDS, odds)]


def signals(place: Place, draft: Draft, odds: tuple[float, float, float]) -> tuple[str, ...]:
    """What tells a sure claim from a doubtful one; `odds` of kind, payee and payers."""
    grammar, roles = place.draft, place.thread.past.roles
    same_kind = grammar is not None and grammar.kind == draft.kind
    same_payee = grammar is not None and grammar.payee == draft.payee
    same_payers = grammar is not None and set(grammar.payers) == set(draft.payers)
    product = odds[0] * odds[1] * odds[2]
    here = {n for g in place.scene.parties() for n in g.names}
    payers_here = here.issuperset(draft.payers)
    sure, kind = bucket(product), draft.kind
    sort = draft.cue.sort if draft.cue is not None else "none"
    giver = roles.get(draft.payers[0], "other") if draft.payers else "none"
    taker = roles.get(draft.payee or "", "other")
    return (
        "bias",
        f"kind={bucket(odds[0])}",
        f"payee={bucket(odds[1])}",
        f"payers={bucket(odds[2])}",
        f"all={sure}",
        f"all={sure}|{kind}",
        f"same={same_kind!s}|{same_payee!s}|{same_payers!s}",
        f"same={same_kind!s}|{kind}",
        f"how={draft.how}|{sort}",
        f"how={draft.how}|{kind}",
        f"here={(draft.payee in here)!s}|{payers_here!s}|{kind}",
        f"roles={taker}|{kind}",
        f"payer={giver}|{kind}",
        f"flow={giver}>{taker}|{kind}",
        *_told(place, draft),
        *_size(draft),
        *_names(place, draft),
        *_rivals(place, draft, here),
        f"place={(place.scene.index == 0)!s}|{place.one.bare!s}|{(place.share is not None)!s}",
        f"sums={min(len(place.scene.sums), 5)}",
        f"parties={min(len(here), 5)}",
        f"cost={min(int(draft.cost) // 5, 4)}|{draft.how}",
    )


def _size(draft: Draft) -> tuple[str, ...]:
    """How large a sum is and how it is written: rounds of a million are rare, and so are
    contracts of a trillion."""
    one = draft.one
    return (
        f"size={int(2 * math.log10(max(one.top, 1)))}|{draft.kind}",
        f"bare={one.bare!s}",
        f"currency={one.currency}",
    )


def _names(place: Place, draft: Draft) -> tuple[str, ...]:
    """Who they are: names that funding is often told of are seldom mistaken."""
    roles = place.thread.past.roles
    givers = ",".join(sorted({str(roles.get(name)) for name in draft.payers}))
    top = draft.payers[0] in place.title_names if draft.payers else None
    titled = draft.payee in place.title_names
    return (
        f"all_roles={givers}>{roles.get(draft.payee or '')}|{draft.kind}",
        f"givers={min(len(draft.payers), 4)}|{draft.kind}",
        f"payee={draft.payee}",
        *[f"payer={name}" for name in draft.payers],
        f"top={(draft.one.top in place.title_tops)!s}|{titled!s}|{draft.kind}",
        f"top_giver={top!s}|{draft.kind}",
    )


def _rivals(place: Place, draft: Draft, here: set[str]) -> tuple[str, ...]:
    """How many others the sentence, or the last ones, might mean as the one who is paid; `here`:
    whom the sentence names."""
    roles = place.thread.past.roles
    young = {n for n in here if roles.get(n) in YOUNG}
    lately = place.thread.past.namings[-RECENT:]
    near = young.union([n.mention.name for n in lately if n.mention.role in YOUNG])
    own = draft.payee in young
    return (
        f"young={len(young)}|{own!s}|{draft.kind}",
        f"near={min(len(near), _SEVERAL)}|{own!s}|{draft.kind}",
    )


def _told(place: Place, draft: Draft) -> Iterator[str]:
    """How a claim stands to the last ones: the same sum again, or the same parties once more."""
    for other in place.thread.drafts[-REACH:]:
        same = (other.kind == draft.kind, other.payee == draft.payee)
        if other.one.top == draft.one.top:
            yield f"again={same[0]!s}|{same[1]!s}|{(set(other.payers) == set(draft.payers))!s}"
        elif all(same):
            yield f"more={draft.kind}|{(set(other.payers) == set(draft.payers))!s}"


def evidence(draft: Draft, certainty: str, background: bool, text: Text) -> set[str]:
    """All that the confidence of a claim is made of."""
    told = min(text.deals.get(deal(draft), 0), _OFTEN)
    named = min(len(text.figures.get(draft.one.top, ())), _OFTEN)
    return {
        *draft.signals,
        *deals.of_claim(draft.kind, draft.payers, draft.payee, draft.one.top),
        f"certainty={certainty}",
        f"background={background!s}",
        f"told={told}|{named}",
        f"told={told}|{draft.kind}",
    }


def confidence(draft: Draft, certainty: str, background: bool, text: Text) -> float:
    """Calibrated probability that the claim is right."""
    model = scorer.weights().get("right")
    if not model:
        return round(draft.odds, 3)
    found = evidence(draft, certainty, background, text)
    score = sum(map(model.get, found, scorer.ABSENT)) / scorer.UNIT
    return round(1 / (1 + math.exp(-score)), 3)
