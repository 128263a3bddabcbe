"""The order of the fold: by (published or modified, url), whatever the order of arrival (A0)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import NamedTuple

from pipelines.change.account import Account
from pipelines.change.revisions import dropped
from pipelines.change.step import step
from pipelines.records import Change, Claim, Deal, Posting

#: A page modified within a day of its feed entry is what the entry announced, and takes its place;
#: one modified later tells what was known then.
SAME_STATE = timedelta(days=1)

Place = tuple[datetime, str]


class Turn(NamedTuple):
    """One step of the fold: a posting and the version of its page before it."""

    posting: Posting
    previous: Posting | None
    dropped: frozenset[int] = frozenset()  # claims that a later version takes back (A15)

    @property
    def place(self) -> Place:
        return self.posting.at, self.posting.url


def words(claims: Iterable[Claim]) -> str:
    """What a text claims, as one string: it parts versions of one page that bear the same time.

    Offsets, quotes and confidence are left out: they go or change while the claim stays.
    """
    return "\n".join(
        repr(
            (
                *(c.kind, c.payers, c.payee, c.amount, c.certainty, c.stage, c.sources),
                *(c.background, c.additional, c.valuation_basis, c.instrument, c.years),
                *(c.amount_text, c.bond),
            )
        )
        for c in claims
    )


def versions(postings: Iterable[Posting]) -> list[Posting]:
    """The versions of one URL, oldest first, each once; entries give way to their pages."""
    postings = list(postings)
    if len(postings) == 1:
        return postings
    seen: dict[tuple[datetime, bool, str], Posting] = {}
    for posting in postings:
        key = (posting.at, posting.basis == "page", words(posting.claims))
        if key not in seen or posting.article < seen[key].article:
            seen[key] = posting
    ordered = [seen[key] for key in sorted(seen)]
    kept: list[Posting] = []
    place: datetime | None = None  # of the entries that the next page replaces
    for n, posting in enumerate(ordered):
        if posting.basis == "entry" and any(p.basis == "page" for p in ordered[n:]):
            place = place or posting.at
            continue
        near = place is not None and posting.at - place <= SAME_STATE
        kept.append(replace(posting, at=place) if place and near else posting)
        place = None
    return kept


def turns(postings: Iterable[Posting]) -> list[Turn]:
    """Every posting once, in the order of the fold."""
    pages: dict[str, list[Posting]] = defaultdict(list)
    for posting in postings:
        pages[posting.url].append(posting)
    told: list[Turn] = []
    for same in pages.values():
        kept = versions(same)
        before = [None, *kept[:-1]]
        told += map(Turn, kept, before, dropped(kept))
    # versions of one page that bear the same time stay in their order: the sort is stable
    return sorted(told, key=lambda t: t.place)


class Folded(NamedTuple):
    """One step's outcome, with the turn that gave it."""

    turn: Turn
    changes: tuple[Change, ...]


def walk(account: Account, through: Sequence[Turn]) -> Iterator[tuple[Account, Folded]]:
    """The account after each turn that speaks of its payee."""
    for turn in through:
        if any(c.payee == account.payee for c in turn.posting.claims):
            account, changes = step(account, turn.posting, turn.previous, turn.dropped)
            yield account, Folded(turn, changes)


def last(account: Account, through: Sequence[Turn]) -> Account:
    """The account after all turns."""
    for after, _ in walk(account, through):
        account = after
    return account


def payees(postings: Iterable[Posting]) -> list[str]:
    return sorted({c.payee for p in postings for c in p.claims})


def fold(history: Sequence[Posting], outcomes: Iterable[Change] = ()) -> tuple[Deal, ...]:
    """What is believed, deal by deal: the same for any order or repetition of `history`.

    `outcomes`, the changes recorded for it, give the deals the ids that they bore when they were
    told: of two deals that became one, or of one whose first claim was found late (A18).
    """
    ordered = turns(history)
    recorded = list(outcomes)
    deals: list[Deal] = []
    for payee in payees(history):
        account = Account(payee)
        place: dict[tuple[int | None, int], str] = {}
        for reached, folded in walk(account, ordered):
            account = reached
            if recorded:
                place |= {(c.article, n): c.deal for c in folded.changes for n in c.claims}
        former = _former_ids(recorded, payee, place)
        deals += [i.deal(former.get(i.id, ())) for i in account.instances]
    return tuple(deals)


def _former_ids(
    recorded: Iterable[Change], payee: str, place: Mapping[tuple[int | None, int], str]
) -> dict[str, set[str]]:
    """Ids that deals were told under, by the deal that holds the claims told then."""
    former: dict[str, set[str]] = defaultdict(set)
    for change in recorded:
        if change.payee == payee and change.deal and change.claims:
            now = place.get((change.article, change.claims[0]))
            if now:
                former[now].add(change.deal)
    return former
