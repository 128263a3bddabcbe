"""Which ids are one deal by now: rules and people join deals, outcomes keep their first id."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from pipelines import change
from pipelines.records import Corroboration
from pipelines.store import Store


@dataclass(frozen=True, slots=True)
class Merged:
    """Deals that were told under more than one id; any other id is a deal of its own."""

    ids: dict[str, tuple[str, ...]] = field(default_factory=dict)  # any id → all of its deal
    said: dict[str, Corroboration] = field(default_factory=dict)  # any id → who says its figure

    def of(self, deal: str) -> tuple[str, ...]:
        """All ids under which a deal was told."""
        return self.ids.get(deal, (deal,))


NONE = Merged()


def merged(store: Store, changes: Sequence[int]) -> Merged:
    """The deals of some changes. It folds the past of their payees, so not in a transaction."""
    payees = sorted({line["payee"] for line in store.ledger.changes(ids=changes, silent=True)})
    outcomes = [told for *_, told in store.ledger.told(payees)]
    deals = [
        deal
        for deal in change.fold(store.ledger.postings(payees), outcomes)
        if deal.payee in payees
    ]
    told = {made.deal for made in outcomes}
    living = {deal.id for deal in deals}
    claimed = Counter(alias for deal in deals for alias in deal.aliases)
    found = Merged()
    for deal in deals:
        # a former id that is another deal's by now, or that of two, joins nothing
        former = [a for a in deal.aliases if a not in living and claimed[a] == 1]
        ids = tuple(identity for identity in (deal.id, *former) if identity in told)
        if len(ids) > 1:
            found.ids.update(dict.fromkeys(ids, ids))
            found.said.update(dict.fromkeys(ids, deal.corroboration))
    return found
