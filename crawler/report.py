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
    "dead",  # 404, 410, no such name
    "unreachable",  # time-out, refused, torn connection, 5xx
]
FAILURES: frozenset[Result] = frozenset(
    ("blocked", "forbidden", "malformed", "dead", "unreachable")
)


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

    @property
    def asked(self) -> int:
        """Outlets that were asked."""
        return sum(outlet.result != "waiting" for outlet in self.outlets)

    @property
    def failed(self) -> int:
        """Outlets that failed."""
        return sum(outlet.result in FAILURES for outlet in self.outlets)

    @property
    def failures(self) -> tuple[str, ...]:
        """One line for each outlet that failed."""
        return tuple(
            f"{one.outlet}: {one.result}: {one.reason}"
            for one in self.outlets
            if one.result in FAILURES
        )
