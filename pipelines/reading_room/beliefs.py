"""What is believed now, folded once for each state of the ledger and kept until it changes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from threading import Lock
from time import monotonic

from pipelines import change
from pipelines.records import Deal
from pipelines.store import rooms
from pipelines.store.rooms import Connection

#: A state is kept for so many times as long as it took to fold: while a crawl writes, pages lag by
#: milliseconds in a young ledger and by seconds in a huge one, instead of folding all the time.
PATIENCE = 10


@dataclass(frozen=True, slots=True)
class Folded:
    """The deals of one payee."""

    mark: str  # of the claims that they were folded from
    deals: tuple[Deal, ...]
    until: float  # of the monotonic clock: not folded again before


class Beliefs:
    """The deals of each payee. A payee is folded again only when claims about it were added."""

    def __init__(self) -> None:
        self._kept: dict[str, Folded] = {}
        self._lock = Lock()  # two requests at once fold once

    def all(self, db: Connection) -> tuple[Deal, ...]:
        """Every deal, the one last heard of first."""
        with self._lock:
            found = [
                deal
                for payee, mark in rooms.payees(db).items()
                for deal in self._of(db, payee, mark)
            ]
        return tuple(sorted(found, key=lambda deal: (deal.last, deal.id), reverse=True))

    def find(self, db: Connection, identity: str) -> Deal | None:
        """A deal by its id or a former one."""
        payee = rooms.payee_of(db, identity)
        with self._lock:
            mark = rooms.payees(db).get(payee or "")
            deals = self._of(db, payee, mark) if payee and mark else ()
        # the id that a deal bears now need never have been told
        return _named(identity, deals) or _named(identity, self.all(db))

    def _of(self, db: Connection, payee: str, mark: str) -> tuple[Deal, ...]:
        kept = self._kept.get(payee)
        start = monotonic()
        if kept is None or (kept.mark != mark and kept.until <= start):
            folded = change.fold(rooms.postings(db, payee), rooms.told(db, payee))
            end = monotonic()
            deals = tuple(deal for deal in folded if deal.payee == payee)
            kept = Folded(mark, deals, end + PATIENCE * (end - start))
            self._kept[payee] = kept
        return kept.deals


def _named(identity: str, deals: Iterable[Deal]) -> Deal | None:
    return next((d for d in deals if identity == d.id or identity in d.aliases), None)
