"""The visit of one outlet: what is asked next, and how it went.

    pending pages of earlier crawls → feeds → sitemaps, if no feed could be read → listing, if no
    sitemap could → pages that are new, changed or due again

At most one request of an errand is under way, so that a crawl can end at any moment.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime

from crawler.report import Result
from pipelines.records import Entry, Outlet
from pipelines.store.outlet_state import Kind, Observation, OutletState

#: Pages of earlier crawls that are read before the feeds: at the default pace they take three of
#: the crawl's eight minutes, so that what the feeds show now is never starved.
PENDING_FIRST = 36

KINDS: tuple[Kind, ...] = ("feed", "sitemap", "listing")


@dataclass(frozen=True, slots=True)
class Source:
    """A feed, sitemap or listing to be asked."""

    url: str
    kind: Kind


@dataclass(frozen=True, slots=True)
class Visit:
    """An article page to be asked for."""

    entry: Entry
    asked: str  # URL of this request: the entry's, or where a meta refresh led
    again: bool = False  # it was read before: ask only if it changed


Ask = Source | Visit


@dataclass
class Errand:
    """One outlet in one crawl. Mutable: it counts."""

    outlet: Outlet
    state: OutletState
    pending: deque[Visit] = field(default_factory=deque)  # of earlier crawls
    sources: deque[Source] = field(default_factory=deque)
    visits: deque[Visit] = field(default_factory=deque)
    kinds: tuple[Kind, ...] = KINDS  # still to be tried
    sitemaps_of_robots: Callable[[], tuple[str, ...]] = tuple  # asked when there are no others
    answered: str = ""  # kind that could be read
    result: Result | None = None  # worst of the sources that failed
    reason: str = ""
    stopped: str = ""  # why nothing more is asked in this crawl
    wait_until: datetime | None = None  # Retry-After
    changed: bool = False  # a source answered with something else than before
    requests: int = 0
    unchanged: int = 0
    blocked: int = 0
    failed: int = 0
    new: int = 0
    shown: int = 0  # entries, known ones too
    hint_minutes: int = 0  # between two looks, as the feeds ask; 0: they do not
    dated: int = 0
    pages: int = 0
    words: int = 0
    bytes: int = 0
    _begun: int = 0

    def next(self) -> Ask | None:
        """What is asked next; None: all is done, or may not go on."""
        if self.stopped:
            return None
        if self.pending and (self._begun < PENDING_FIRST or not self._more_sources()):
            self._begun += 1
            return self.pending.popleft()
        if self._more_sources():
            return self.sources.popleft()
        return self.visits.popleft() if self.visits else None

    def _more_sources(self) -> bool:
        """Whether a source is left to ask; takes the next kind when the one before failed."""
        while not self.sources and self.kinds and not self.answered:
            kind, self.kinds = self.kinds[0], self.kinds[1:]
            self.sources.extend(Source(url, kind) for url in self._urls(kind))
        return bool(self.sources)

    def _urls(self, kind: Kind) -> Iterable[str]:
        if kind == "feed":
            return [feed.url for feed in self.outlet.feeds]
        if kind == "sitemap":
            return self.outlet.sitemaps or self.sitemaps_of_robots()
        return [self.outlet.listing] if self.outlet.listing else []

    def answer(self, kind: Kind, *, changed: bool) -> None:
        """A source could be read, empty or not."""
        self.answered = self.answered or kind
        self.changed = self.changed or changed

    def fail(self, result: Result, reason: str) -> None:
        """A source could not be read. The first reason is the one that is told."""
        self.failed += 1
        self.blocked += result == "blocked"
        if self.result is None or result == "blocked":
            self.result, self.reason = result, reason

    def outcome(self) -> tuple[Result, str]:
        """How the visit ended, and why in words."""
        if self.answered:
            fallen_back = self.answered != "feed" and self.outlet.feeds
            reason = f"{self.reason}; read by {self.answered}" if fallen_back else self.reason
            return ("ok" if self.changed else "unchanged"), reason
        if self.result is not None:
            return self.result, self.reason
        if self.stopped:
            return "waiting", self.stopped
        return "malformed", "the catalogue names no source"

    def observation(self) -> Observation:
        """The counts of the visit, for the outlet's baseline."""
        return Observation(
            requests=self.requests,
            unchanged=self.unchanged,
            blocked=self.blocked,
            failed=self.failed,
            entries=self.new,
            dated=self.dated,
            pages=self.pages,
            words=self.words,
            bytes=self.bytes,
        )
