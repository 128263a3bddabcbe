"""The order of the fold: by (published or modified, url), whatever the order of arrival (A0)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple

from pipelines.change.account import Account
from pipelines.change.step import step
from pipelines.records import Change, Claim, Deal, Posting

Place = tuple[datetime, str]


class Turn(NamedTuple):
    """One step of the fold: a posting and the version of its page before it."""

    posting: Posting
    previous: Posting | None

    @property
    def place(self) -> Place:
        return self.posting.at, self.posting.url


def words(claims: Iterable[Claim]) -> str:
    """A text's claims as one string: parts versions of one page that bear the same time."""
    return "\n".join(repr(c) for c in claims)


def versions(postings: Iterable[Posting]) -> list[Posting]:
    """The versions of one URL, oldest first, each once; entries give way to their pages."""
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
        kept.append(replace(posting, at=place) if place else posting)
        place = None
    return kept


def turns(postings: Iterable[Posting]) -> list[Turn]:
    """Every posting once, in the order of the fold."""
    pages: dict[str, list[Posting]] = defaultdict(list)
    for posting in postings:
        pages[posting.url].append(posting)
    told: list[Turn] = []
    for same in pages.values():
        previous: Posting | None = None
        for posting in versions(same):
            told.append(Turn(posting, previous))
            previous = posting
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
            account, changes = step(account, turn.posting, turn.previous)
            yield account, Folded(turn, changes)


def last(account: Account, through: Sequence[Turn]) -> Account:
    """The account after all turns."""
    for after, _ in walk(account, through):
        account = after
    return account


def payees(postings: Iterable[Posting]) -> list[str]:
    return sorted({c.payee for p in postings for c in p.claims})


def fold(history: Sequence[Posting]) -> tuple[Deal, ...]:
    """What is believed, deal by deal: the same for any order or repetition of `history`."""
    ordered = turns(history)
    deals: list[Deal] = []
    for payee in payees(history):
        deals += last(Account(payee), ordered).deals
    return tuple(deals)
