"""One payee's account without and with a posting: two folds that share their beginning (A0)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from pipelines.change.account import Account, Family, Instance
from pipelines.change.chronology import Turn, last, walk
from pipelines.change.figures import compatible
from pipelines.records import Change, Claim, Posting

#: Deal of each claim, by (article, position).
Trace = dict[tuple[int, int], str]


@dataclass(frozen=True, slots=True)
class Fork:
    """One payee's account without and with the posting, and what its own step gave."""

    posting: Posting
    before: Account
    after: Account
    own: tuple[Change, ...]
    former: Mapping[str, str]  # deal id with the posting → id without it
    place: Trace  # deal of each claim told since the folds parted, with the posting
    in_order: bool
    entries: tuple[Claim, ...]  # claims of the feed entries that the posting replaces

    def was(self, deal: str) -> Instance | None:
        """What the deal was without the posting; None when there was none."""
        return instance_of(self.before, self.former.get(deal, deal))

    def now(self, deal: str) -> Instance | None:
        return instance_of(self.after, deal)


def fork(
    start: Account,
    before: Sequence[Turn],
    after: Sequence[Turn],
    own: Turn,
    replaced: Sequence[Posting],
) -> Fork:
    """Fold the common beginning once, then both ends."""
    if start.through is not None:
        before = [t for t in before if t.place > start.through]
        after = [t for t in after if t.place > start.through]
    common = 0
    while common < len(before) and before[common] == after[common]:
        common += 1
    root = last(start, before[:common])
    without: Trace = {}
    with_it: Trace = {}
    mine: tuple[Change, ...] = ()
    one = other = root
    for reached, folded in walk(root, before[common:]):
        one = reached
        _trace(without, folded.turn, folded.changes)
    for reached, folded in walk(root, after[common:]):
        other = reached
        _trace(with_it, folded.turn, folded.changes)
        if folded.turn == own:
            mine = folded.changes
    entries = tuple(c for p in replaced for c in p.claims)
    _trace_entries(without, own.posting, replaced)
    speaking = [t for t in before[common:] if any(c.payee == start.payee for c in t.posting.claims)]
    return Fork(
        own.posting,
        one,
        other,
        mine,
        _former(root, one, without, with_it),
        with_it,
        not speaking,
        entries,
    )


def _trace(trace: Trace, turn: Turn, changes: tuple[Change, ...]) -> None:
    """Which deal each claim was posted to."""
    for change in changes:
        for n in change.claims:
            trace[turn.posting.article, n] = change.deal


def _trace_entries(trace: Trace, page: Posting, entries: Sequence[Posting]) -> None:
    """A page's claim stands where its entry's stood."""
    for n, claim in enumerate(page.claims):
        for entry in entries:
            for m, earlier in enumerate(entry.claims):
                if stands_for(claim, earlier, page.at) and (entry.article, m) in trace:
                    trace[page.article, n] = trace[entry.article, m]


def stands_for(claim: Claim, earlier: Claim, at: datetime) -> bool:
    same = Family.of(claim) == Family.of(earlier)
    return same and compatible(claim.amount, earlier.amount, at)


def _former(root: Account, before: Account, without: Trace, with_it: Trace) -> dict[str, str]:
    """Deals of the one fold in terms of the other: those that share most claims."""
    kept = {i.id for i in root.instances}
    known = {i.id for i in before.instances}  # what a weak outlet says alone belongs to no deal
    shared: dict[str, Counter[str]] = {}
    for claim, deal in with_it.items():
        if deal not in kept and without.get(claim) in known:
            shared.setdefault(deal, Counter())[without[claim]] += 1
    return {deal: max(sorted(c), key=c.__getitem__) for deal, c in shared.items()}


def instance_of(account: Account, deal: str) -> Instance | None:
    return next((i for i in account.instances if i.id == deal), None)
