"""One crawl: what it works with, how long it may last, and what it has seen so far."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Protocol
from urllib.parse import urlsplit

from crawler.addon import LONGEST_STRETCH
from crawler.report import OutletReport
from pipelines.config import Config
from pipelines.records import Entry, Outlet
from pipelines.store.fetching import Fetching
from pipelines.store.outlet_state import Issue

if TYPE_CHECKING:
    from pipelines.intake import Prepared
    from pipelines.store import Store


#: Why an address is not asked for: the user told `veille forget` so.
FORGOTTEN = "forgotten"


class Sink(Protocol):
    """Where prepared articles go."""

    def take(self, prepared: Prepared, outlet: Outlet, now: datetime, *, first_run: bool) -> None:
        """Post a prepared article, or in a first run keep it unposted.

        Called inside the transaction that settles the link which led to it.
        """

    def finish(self, now: datetime) -> Iterator[None]:
        """Post all that was kept, in order of publication, a step each."""


@dataclass
class Round:
    """What a spider is given. Mutable: it counts."""

    config: Config
    outlets: tuple[Outlet, ...]
    store: Store
    sink: Sink
    now: Callable[[], datetime]
    relevant: Callable[[Entry], bool]
    progress: Callable[[str], None]
    limit: int | None = None  # article pages, over all outlets
    probing: bool = False  # ask for reservations too, keep nothing
    started: float = field(default_factory=time.monotonic)
    counts: Counter[str] = field(default_factory=Counter)
    reports: list[OutletReport] = field(default_factory=list)
    bugs: list[BaseException] = field(default_factory=list)
    delays: dict[str, float] = field(default_factory=dict)  # host → seconds between requests
    first_runs: set[str] = field(default_factory=set)  # outlets never crawled to the end before
    answers: int = 0  # of any host to any request
    ended: str = "finished"
    at_end: Callable[[], None] = lambda: None  # when all is posted, or the crawl broke off
    complete: bool = False  # posted and reported; False at the end: something broke

    @property
    def fetching(self) -> Fetching:
        """The crawler's own queries."""
        return self.store.fetching

    def forgotten(self, url: str) -> bool:
        """Whether an address, or its host, was given to `veille forget`."""
        return self.store.articles.forgotten(url, urlsplit(url).hostname or "")

    def remaining(self) -> float:
        """Seconds until the deadline."""
        return self.config.crawl.deadline_seconds - (time.monotonic() - self.started)

    def delay(self, host: str) -> float:
        """Seconds that the next request to a host may have to wait."""
        return LONGEST_STRETCH * self.delays.get(host, self.config.network.pace_seconds)

    def issue(self, outlet: str, url: str, code: str, detail: str) -> None:
        """Write down what went otherwise than it should, and count it."""
        self.counts[code] += 1
        self.fetching.outlets.add_issue(Issue(self.now(), outlet, url, code, detail[:500]))
