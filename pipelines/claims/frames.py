"""From what governs a sum to who pays whom: one function for each kind of claim.

The payer is the subject, or stands after "par"; the payee after "dans", "chez", "à". Where the
sentence leaves a role open, the text's own thread fills it, or the sum is no claim.
"""

from __future__ import annotations

from pipelines.claims import borrowing, contracting, investing, raising, valuing
from pipelines.claims.amounts import Sum
from pipelines.claims.continuing import inherited
from pipelines.claims.drafts import Draft, Thread
from pipelines.claims.governor import Governor, complement_sort
from pipelines.claims.scene import Scene
from pipelines.records import Kind

_SORTS: dict[Kind, str] = {
    "investment": "invest transfer tranche shares talk",
    "round": "raise round secondary receive",
    "valuation": "value worth valuation",
    "commitment": "spend supply sell commit goods",
    "debt": "borrow lend issue debt",
}
#: Kind that a class of cues speaks of.
KINDS: dict[str, Kind] = {sort: kind for kind, sorts in _SORTS.items() for sort in sorts.split()}


def draw(scene: Scene, one: Sum, governor: Governor, thread: Thread) -> Draft | None:
    """The draft for a governed sum; None where it is out of scope."""
    sort = governor.cue.sort
    if sort == "out":
        return None
    if sort in ("measure", "generic", "whole"):
        return inherited(scene, one, governor, thread)
    after = complement_sort(scene, one)
    kind = _kind(sort, after)
    if after == "out" or kind is None:
        return None
    if kind in ("round", "investment") and borrowing.indebted(scene, one):
        kind = "debt"
    draft = Draft(one, scene, kind, (), None, f"{governor.cue.part}.{sort}.{governor.how}",
                  governor.cost, governor.how, governor.cue)  # fmt: skip
    match kind:
        case "investment":
            drawn = investing.investment(draft, thread)
        case "round":
            drawn = raising.funding(draft, thread)
        case "valuation":
            drawn = valuing.valuation(draft, thread)
        case "commitment":
            drawn = contracting.commitment(draft, thread)
        case "debt":
            drawn = borrowing.debt(draft, thread)
    return drawn


def _kind(sort: str, after: str) -> Kind | None:
    """Kind of a cue before "de puces", "d'actions", "de dette"."""
    kind = KINDS[sort]
    match after:
        case "goods" if kind in ("investment", "commitment"):
            return "commitment"
        case "debt" if kind in ("round", "investment"):
            return "debt"
        case "shares" if sort == "spend":  # who buys shares invests
            return "investment"
        case "shares" if sort in ("supply", "sell"):
            return "round"
        case _:
            return kind if sort != "sell" or after == "goods" else None
