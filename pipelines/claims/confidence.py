"""How likely a claim is right as a whole: kind, payee, payers and amount.

The odds of the single decisions are dependent and too sure of themselves; a small model learned on
texts that the others had not seen (tests/claims_training.py) makes a calibrated figure of them.
"""

from __future__ import annotations

import math

from pipelines.claims import deals, scorer
from pipelines.claims.drafts import YOUNG, Draft
from pipelines.claims.features import RECENT, Place

#: Odds beyond this many nats make a claim neither surer nor more doubtful.
_SUREST = 12

#: How many claims back a claim is compared with.
REACH = 6
#: More companies than this that might be meant make a claim no more doubtful.
_SEVERAL = 4


def bucket(odds: float, steps: int = 1) -> int:
    """Bucket of a probability: its log odds, in so many steps a nat."""
    nats = math.log(odds / (1 - odds)) if 0 < odds < 1 else _SUREST * (1 if odds else -1)
    return round(steps * max(-_SUREST, min(_SUREST, nats)))


def signals(place: Place, draft: Draft, odds: tuple[float, float, float]) -> tuple[str, ...]:
    """What tells a sure claim from a doubtful one; `odds` of kind, payee and payers."""
    grammar, kind = place.draft, draft.kind
    same = grammar is not None and grammar.kind == kind
    here = {n for g in place.scene.parties() for n in g.names}
    payers_here = here.issuperset(draft.payers)
    sure = odds[0] * odds[1] * odds[2]
    taker = place.thread.past.roles.get(draft.payee or "", "other")
    return (
        "bias",
        f"payee={bucket(odds[1])}",
        f"payers={bucket(odds[2])}",
        f"all={bucket(sure, 3)}",
        f"all={bucket(sure)}|{kind}",
        f"same={same!s}|{kind}",
        f"here={(draft.payee in here)!s}|{payers_here!s}|{kind}",
        f"roles={taker}|{kind}",
        f"near={_rivals(place, here)}|{(draft.payee in here and taker in YOUNG)!s}|{kind}",
        f"place={(place.scene.index == 0)!s}|{place.one.bare!s}|{(place.share is not None)!s}",
        f"sums={min(len(place.scene.sums), 5)}",
        # rounds of a million are rare, and so are contracts of a trillion
        f"size={int(2 * math.log10(max(place.one.top, 1)))}|{kind}",
        f"bare={place.one.bare!s}",
        *_names(place, draft),
        *_more(place, draft),
    )


def _names(place: Place, draft: Draft) -> tuple[str, ...]:
    """Who they are: names that funding is often told of are seldom mistaken."""
    top, titled = place.one.top in place.title_tops, draft.payee in place.title_names
    return (
        f"givers={min(len(draft.payers), 4)}|{draft.kind}",
        f"payee={draft.payee}",
        *[f"payer={name}" for name in draft.payers],
        f"top={top!s}|{titled!s}|{draft.kind}",
    )


def _rivals(place: Place, here: set[str]) -> int:
    """How many companies that raise money the sentence, or the last ones, might mean; `here`: whom
    the sentence names."""
    roles = place.thread.past.roles
    young = {n for n in here if roles.get(n) in YOUNG}
    lately = place.thread.past.namings[-RECENT:]
    near = young.union([n.mention.name for n in lately if n.mention.role in YOUNG])
    return min(len(near), _SEVERAL)


def _more(place: Place, draft: Draft) -> set[str]:
    """Whether one of the last claims gives another sum to the same company."""
    return {
        f"more={draft.kind}|{(set(other.payers) == set(draft.payers))!s}"
        for other in place.thread.drafts[-REACH:]
        if (other.kind, other.payee) == (draft.kind, draft.payee) and other.one.top != draft.one.top
    }


def evidence(draft: Draft, background: bool) -> set[str]:
    """All that the confidence of a claim is made of."""
    told = deals.of_claim(draft.kind, draft.payers, draft.payee, draft.one.top)
    return {*draft.signals, *told, f"background={background!s}"}


def confidence(draft: Draft, background: bool) -> float:
    """Calibrated probability that the claim is right."""
    model = scorer.weights().get("right")
    if not model:
        return round(draft.odds, 3)
    found = evidence(draft, background)
    score = sum(map(model.get, found, scorer.ABSENT)) / scorer.UNIT
    return round(1 / (1 + math.exp(-score)), 3)
