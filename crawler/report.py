"""What a crawl did, outlet by outlet."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

#: How the visit of an outlet ended. The first three are no failures.
Result = Literal[
    "ok",  # a source answered with something readable, empty or not
    "unchanged",  # every source answered as before
    "waiting",  # not asked: its own Retry-After, or the deadline
    "blocked",  # a wall: 202, 403, challenge, consent
    "forbidden",  # robots.txt or our own guard
    "malformed",  # it answered, with nothing that can be read
    "dead",  # 404, 410
    "unreachable",  # no such name, time-out, refused, torn connection, 5xx, no robots.txt
]
FAILURES: frozenset[Result] = frozenset(
    ("blocked", "forbidden", "malformed", "dead", "unreachable")
)


#: More than this share of the outlets asked failed: the crawl was done in part.
TOLERATED_FAILURES = 0.25
#: Exit code of what was done in part.
PARTLY = 3

#: Scrapy's reason for a crawl that SIGINT or SIGTERM ended.
SIGNAL = "shutdown"
#: Our own for one whose ledger is full or broken.
UNWRITABLE = "the ledger cannot be written"
#: What a first run gathered before one of these waits for the next crawl, to be posted in order.
CUT_OFF = frozenset((SIGNAL, UNWRITABLE))

#: Outlets that did not answer, nobody else having done so, that make it the network's doing: one or
#: two may well be down together.
LEAST_UNREACHED = 3


@dataclass(frozen=True, slots=True)
class OutletReport:
    """The visit of one outlet."""

    outlet: str
    result: Result
    reason: str  # in words; "" when all went well
    kind: str  # which kind of source answered: feed, sitemap, listing; "" when none did
    new: int  # entries not seen before
    pages: int  # pages read


@dataclass(frozen=True, slots=True)
class CrawlReport:
    """A whole crawl."""

    outlets: tuple[OutletReport, ...]
    counts: dict[str, int]  # pages, entries, and what was passed over, by reason
    ended: str  # "finished", or why it ended before all was done
    answers: int = 0  # of any host to any request

    @property
    def stopped(self) -> bool:
        """Whether a signal ended it: what was not asked yet waits for the next crawl."""
        return self.ended == SIGNAL

    @property
    def asked(self) -> int:
        """Outlets that were asked."""
        return sum(outlet.result != "waiting" for outlet in self.outlets)

    @property
    def waiting(self) -> int:
        """Outlets that were not asked: their own Retry-After, or the end came first."""
        return len(self.outlets) - self.asked

    @property
    def failed(self) -> int:
        """Outlets that failed."""
        return sum(outlet.result in FAILURES for outlet in self.outlets)

    @property
    def offline(self) -> bool:
        """Whether nobody at all answered: then it is probably this machine's network."""
        unreached = sum(one.result == "unreachable" for one in self.outlets)
        return not self.answers and unreached >= LEAST_UNREACHED

    @property
    def tally(self) -> dict[str, int]:
        """The counts for the row of the run, with what is left to the next one."""
        if self.stopped:
            return self.counts | {"ended by a signal": 1}
        return self.counts | ({"outlets not asked": self.waiting} if self.waiting else {})

    @property
    def code(self) -> int:
        """Exit code: 3, done in part, when a signal ended it, there was time for nobody, or more
        than a quarter of the outlets asked failed."""
        failed = self.failed > TOLERATED_FAILURES * self.asked
        nobody = bool(self.outlets) and not self.asked
        return PARTLY if failed or nobody or self.stopped else 0

    @property
    def failures(self) -> tuple[str, ...]:
        """One line for each outlet that failed."""
        return tuple(
            f"{one.outlet}: {one.result}: {one.reason}"
            for one in self.outlets
            if one.result in FAILURES
        )
