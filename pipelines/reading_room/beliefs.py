"""What is believed now, folded once for each state of the ledger and held until it changes.

Whoever posts keeps states of each payee's account, all but its newest articles folded in (ADR 6).
The room folds a payee's whole past once and remembers the state that it passed. As long as that
state is kept, nothing that it stands for has changed, and only what came after is folded again.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from threading import Lock
from time import monotonic

from pipelines import change
from pipelines.change import Account
from pipelines.change.chronology import turns, walk
from pipelines.records import Deal, Posting
from pipelines.store import rooms
from pipelines.store.rooms import Connection

#: A state is held for so many times as long as it took to fold: while a crawl writes, pages lag by
#: milliseconds, or by seconds where a huge past has to be folded whole, instead of folding always.
PATIENCE = 10

#: Deal → ids under which its claims were told.
Former = Mapping[str, frozenset[str]]


@dataclass(frozen=True, slots=True)
class Base:
    """A state that the ledger keeps, and what the room knows of the past it stands for."""

    at: datetime
    body: str
    former: Former


@dataclass(frozen=True, slots=True)
class Folded:
    """The deals of one payee."""

    mark: str  # of the claims that they were folded from
    deals: tuple[Deal, ...]
    base: Base | None  # where the next fold may begin
    until: float  # of the monotonic clock: not folded again before


@dataclass(frozen=True, slots=True)
class Seen:
    """All payees' marks as one connection saw them last."""

    connection: Connection  # held, so that no other one gets its id
    version: tuple[int, int]
    marks: dict[str, str]


class Beliefs:
    """The deals of each payee. A payee is folded again only when claims about it were added."""

    def __init__(self, patience: float = PATIENCE) -> None:
        self._patience = patience
        self._kept: dict[str, Folded] = {}
        self._seen: dict[int, Seen] = {}
        self._lock = Lock()  # two requests at once fold once

    def all(self, db: Connection) -> tuple[Deal, ...]:
        """Every deal, the one last heard of first."""
        with self._lock:
            found = [
                deal
                for payee, mark in self._marks(db).items()
                for deal in self._of(db, payee, mark)
            ]
        return tuple(sorted(found, key=lambda deal: (deal.last, deal.id), reverse=True))

    def find(self, db: Connection, identity: str) -> Deal | None:
        """A deal by its id or a former one."""
        payee = rooms.payee_of(db, identity)
        with self._lock:
            mark = self._marks(db).get(payee or "")
            deals = self._of(db, payee, mark) if payee and mark else ()
        # the id that a deal bears now need never have been told
        return _named(identity, deals) or _named(identity, self.all(db))

    def _marks(self, db: Connection) -> dict[str, str]:
        """Counted again only after somebody wrote: with many claims counting is what costs."""
        version = rooms.version(db)
        seen = self._seen.get(id(db))
        if seen is None or seen.version != version:
            seen = Seen(db, version, rooms.payees(db))
            self._seen[id(db)] = seen
        return seen.marks

    def _of(self, db: Connection, payee: str, mark: str) -> tuple[Deal, ...]:
        kept = self._kept.get(payee)
        start = monotonic()
        if kept is None or (kept.mark != mark and kept.until <= start):
            deals, base = _fold(db, payee, kept.base if kept else None)
            end = monotonic()
            kept = Folded(mark, deals, base, end + self._patience * (end - start))
            self._kept[payee] = kept
        return kept.deals


def _fold(db: Connection, payee: str, known: Base | None) -> tuple[tuple[Deal, ...], Base | None]:
    """The deals of a payee, and the newest state that the ledger keeps as a base for next time."""
    base = known if known and rooms.kept_state(db, payee, known.at) == known.body else None
    state = change.load(base.body) if base else None
    base, account = (base, state) if state else (None, Account(payee))
    history = rooms.postings(db, payee, after=base.at if base else None)
    told = rooms.told_under(db, payee, base.at if base else None)
    former = base.former if base else {}
    newest = rooms.newest_state(db, payee)
    if newest and (base is None or newest[0] > base.at) and change.load(newest[1]):
        account, place = _moved_on(account, history, newest[0])
        former = _with(former, place, told)
        base = Base(*newest, former)
    account, place = _moved_on(account, history)
    former = _with(former, place, told)
    return tuple(one.deal(former.get(one.id, ())) for one in account.instances), base


Place = tuple[int | None, int]  # an article and the number of one of its claims


def _moved_on(
    account: Account, history: Iterable[Posting], until: datetime | None = None
) -> tuple[Account, dict[Place, str]]:
    """The account with what came after it folded in, and the deal of each claim on the way."""
    start = account.through
    after = [
        turn
        for turn in turns(history)
        if (start is None or turn.place > start) and (until is None or turn.posting.at <= until)
    ]
    place: dict[Place, str] = {}
    for reached, folded in walk(account, after):
        account = reached
        place |= {(one.article, n): one.deal for one in folded.changes for n in one.claims}
    return account, place


def _with(former: Former, place: Mapping[Place, str], told: Mapping[Place, set[str]]) -> Former:
    """`former` and what was told of the claims of `place`."""
    found: dict[str, set[str]] = defaultdict(set)
    for claim, deal in place.items():
        found[deal] |= told.get(claim, set())
    return {**former, **{deal: former.get(deal, frozenset()) | ids for deal, ids in found.items()}}


def _named(identity: str, deals: Iterable[Deal]) -> Deal | None:
    return next((d for d in deals if identity == d.id or identity in d.aliases), None)
