"""The spider: asks each outlet for what it shows, writes it down, reads what may matter.

scrapy crawl feeds -a outlet=numerama
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from scrapy import Spider, signals
from scrapy.exceptions import DownloadTimeoutError
from scrapy.http import Request, Response
from twisted.python.failure import Failure

from crawler import ending, etiquette, sources
from crawler.conditional import CONDITIONAL, is_unchanged
from crawler.errand import Ask, Errand, Source, Visit
from crawler.fetch import FETCH_ERRORS, ForbiddenError, LateError, result_of_error
from crawler.gate import OUTLET, PAGE
from crawler.handoff import IntakePipeline, Shown
from crawler.page import is_page, page_of, refresh_target, result_of_status, wall
from crawler.report import UNWRITABLE
from crawler.round import Round
from crawler.workers import Workers
from pipelines.records import Entry, Outlet, Page
from pipelines.store.opening import is_of_the_file

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

#: Wait before a page that failed is asked for again, doubled with each attempt.
FIRST_RETRY = timedelta(minutes=30)

#: Entries that one worker reads at a time: a few hundredths of a second of its ten.
TOGETHER = 40

#: Seconds that a request needs besides its host's pace, to be worth sending before the deadline.
LEAST_TIME = 1.0


#: Why an errand stops when the time is up.
DEADLINE = "deadline reached"


class FeedsSpider(Spider):
    """Feeds first, then sitemaps, then listings; then the pages that they led to."""

    name = "feeds"

    def __init__(self, round: Round, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.round = round
        self.workers = Workers(round.config.crawl.parse_timeout_seconds)
        self.errands: dict[str, Errand] = {}
        self._left: set[asyncio.Future[Page | Shown]] = set()  # of earlier crawls, being read
        self._closing: asyncio.Future[None] | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> FeedsSpider:
        """With `-a outlet=ID` from the checkout, or with the round that `veille crawl` made."""
        if "round" not in kwargs:
            from crawler.checkout import round_from_checkout

            kwargs["round"] = round_from_checkout(kwargs.pop("outlet", None))
        spider = super().from_crawler(crawler, *args, **kwargs)
        crawler.signals.connect(spider.note_bug, signals.spider_error)
        crawler.signals.connect(spider.note_bug, signals.item_error)
        return spider

    # -- asking -------------------------------------------------------------------------------

    async def start(self) -> AsyncIterator[Request]:
        """The first request of each outlet; what earlier crawls left unread is read beside."""
        if self.round.first_runs:
            self.workers.warm_up()
        for outlet in self.round.outlets:
            errand = self._set_out(outlet)
            self._read_left(outlet)
            request = self._next(errand)
            if request is not None:
                yield request

    def _read_left(self, outlet: Outlet) -> None:
        """Not yielded by `start`: Scrapy 2.19, asked to end by a signal or by a full disk while it
        processes what `start` yielded, waits for ever; nobody looks again when that is done."""
        intake = IntakePipeline(self.crawler)
        for shown in self._shown(self.round.fetching.unread_entries(outlet.id)):
            reading = asyncio.ensure_future(intake.process_item(shown))
            reading.add_done_callback(self._note_left)
            self._left.add(reading)

    def _note_left(self, reading: asyncio.Future[Page | Shown]) -> None:
        if not reading.cancelled() and (bug := reading.exception()) is not None:
            self._note(bug)

    def _shown(self, entries: tuple[Entry, ...]) -> Iterator[Shown]:
        for start in range(0, len(entries), TOGETHER):
            yield Shown(entries[start : start + TOGETHER])

    def _set_out(self, outlet: Outlet) -> Errand:
        now, fetching = self.round.now(), self.round.fetching
        errand = Errand(
            outlet,
            fetching.outlets.state(outlet.id),
            sitemaps_of_robots=partial(self._sitemaps_of_robots, outlet),
        )
        pending = fetching.pending_pages(outlet.id, now)
        if outlet.id not in self.round.first_runs:
            pending = sources.oldest_first(pending)
        errand.pending.extend(Visit(entry, entry.url) for entry in pending)
        errand.visits.extend(
            Visit(entry, entry.url, again=True) for entry in fetching.due_visits(outlet.id, now)
        )
        self.errands[outlet.id] = errand
        return errand

    def _sitemaps_of_robots(self, outlet: Outlet) -> tuple[str, ...]:
        """Sitemaps that robots.txt of the outlet's own host names, news first."""
        policy = self.round.fetching.policies.policy(urlsplit(outlet.home).netloc.lower())
        named = etiquette.robots_sitemaps(policy) if policy is not None else ()
        return tuple(sorted(named, key=lambda url: "news" not in url.lower())[:3])

    def _next(self, errand: Errand) -> Request | None:
        """The next request of an errand; None: it is done, or the time is up."""
        while True:
            ask = errand.next()
            if ask is None:
                return None
            url = ask.url if isinstance(ask, Source) else ask.asked
            if self.round.remaining() < self.round.delay(urlsplit(url).hostname or "") + LEAST_TIME:
                errand.stopped = self.round.ended = DEADLINE
                return None
            if isinstance(ask, Visit) and self._limit_reached():
                continue
            return self._request(ask, errand)

    def _limit_reached(self) -> bool:
        limit = self.round.limit
        if limit is not None and self.round.counts["pages asked"] >= limit:
            self.round.ended = "limit reached"
            return True
        return False

    def _request(self, ask: Ask, errand: Errand) -> Request:
        errand.requests += 1
        page = isinstance(ask, Visit)
        self.round.counts["pages asked" if page else "sources asked"] += 1
        return Request(
            ask.asked if isinstance(ask, Visit) else ask.url,
            callback=self.read_page if page else self.read_source,
            errback=self.note_failure,
            dont_filter=True,
            cb_kwargs={"ask": ask, "errand": errand},
            meta={
                OUTLET: errand.outlet,
                PAGE: page,
                CONDITIONAL: ask.again if isinstance(ask, Visit) else self._was_good(ask),
            },
        )

    def _was_good(self, source: Source) -> bool:
        """After a failure the next request is unconditional: a 304 heals nothing."""
        known = self.round.fetching.outlets.resource(source.url)
        return known is None or known.failures == 0

    # -- reading ------------------------------------------------------------------------------

    async def read_source(
        self, response: Response, ask: Source, errand: Errand
    ) -> AsyncIterator[Shown | Request]:
        """A feed, sitemap or listing: links are written down, entries handed on."""
        errand.bytes += len(response.body)
        reading = sources.Reading(self.round, self.workers, errand)
        entries = await reading.read(response, ask)
        request = self._next(errand)
        if request is not None:  # on its way while the entries are read
            yield request
        for shown in self._shown(entries):
            yield shown

    async def read_page(
        self, response: Response, ask: Visit, errand: Errand
    ) -> AsyncIterator[Page | Request]:
        """An article page: handed on, unless it is a wall, unchanged, or none."""
        errand.bytes += len(response.body)
        page = self._page(response, ask, errand)
        request = self._next(errand)
        if request is not None:
            yield request
        if page is not None:
            yield page

    def _page(self, response: Response, ask: Visit, errand: Errand) -> Page | None:
        fetching, url = self.round.fetching, ask.entry.url
        wall_met = wall(response, ask.asked)
        if wall_met is not None:
            self._walled(response, ask, errand, wall_met)
        elif response.status == 304 or (
            ask.again and is_unchanged(response, fetching.validators(response.url))
        ):
            errand.unchanged += 1
            with fetching.transaction():
                self._settle_unchanged(url)
        elif response.status != 200:
            result, reason = result_of_status(response.status)
            self._page_failed(ask, reason, again=result == "unreachable")
        elif not is_page(response):
            self._pass(url, "not a web page")
        elif (target := refresh_target(response)) is not None and ask.asked == url:
            errand.visits.appendleft(Visit(ask.entry, target, ask.again))
        elif etiquette.tdm_of_answer(_headers(response), response.body) == "1":
            self._reserve(response, ask)
        else:
            return page_of(response, url, ask.entry, self.round.now())
        return None

    def _settle_unchanged(self, url: str) -> None:
        limits = self.round.config.crawl
        self.round.fetching.settle_page(
            url,
            self.round.now(),
            text_hash=None,
            revisit_hours=limits.revisit_hours,
            most_visits=limits.max_revisions,
        )

    def _walled(self, response: Response, ask: Visit, errand: Errand, wall_met: str) -> None:
        """A wall is no empty page. 429 and 403 end the visit of the outlet for this crawl."""
        errand.blocked += 1
        self.round.issue(errand.outlet.id, ask.asked, "blocked", wall_met)
        now = self.round.now()
        raw = (response.headers.get("Retry-After") or b"").decode("latin-1")
        named = etiquette.retry_after(raw, now)
        if response.status == 429:
            errand.wait_until = named or now + FIRST_RETRY
            errand.stopped = f"{wall_met}: waiting until {errand.wait_until:%Y-%m-%d %H:%M} UTC"
        elif response.status == 403:
            errand.stopped = wall_met
        self._page_failed(ask, "blocked", again=True, at=errand.wait_until)

    def _page_failed(
        self, ask: Visit, reason: str, *, again: bool, at: datetime | None = None
    ) -> None:
        now, fetching = self.round.now(), self.round.fetching
        with fetching.transaction():
            if reason != "blocked":
                self.round.issue(ask.entry.outlet, ask.asked, "page failed", reason)
            wait = at or now + FIRST_RETRY
            fetching.fail_page(ask.entry.url, reason, now, again=wait if again else None)

    def _pass(self, url: str, reason: str) -> None:
        self.round.counts[reason] += 1
        self.round.fetching.pass_page(url, reason)

    def _reserve(self, response: Response, ask: Visit) -> None:
        """The page itself says that its text is not to be mined; so no page of the host is."""
        policies = self.round.fetching.policies
        policy = policies.policy(urlsplit(response.url).netloc.lower())
        with self.round.fetching.transaction():
            if policy is not None:
                policies.keep_policy(replace(policy, answer_tdm="1", answer_at=self.round.now()))
            self._pass(ask.entry.url, "TDM reservation")

    # -- failing ------------------------------------------------------------------------------

    def note_failure(self, failure: Failure) -> Iterator[Request]:
        """A request that got no answer: noted with its reason, and the errand goes on."""
        request: Request = failure.request  # type: ignore[attr-defined]
        ask: Ask = request.cb_kwargs["ask"]
        errand: Errand = request.cb_kwargs["errand"]
        error = failure.value
        assert error is not None  # Scrapy never calls an errback without one
        if not isinstance(error, FETCH_ERRORS):
            self._note(error)
        result, reason = result_of_error(error)
        if isinstance(error, LateError) or self._cut_short(request, error):
            errand.stopped = self.round.ended = DEADLINE
        elif isinstance(ask, Source):
            sources.Reading(self.round, self.workers, errand).fail(ask, result, reason)
        elif isinstance(error, ForbiddenError):
            self._pass(ask.entry.url, error.rule)
        else:
            errand.failed += 1
            self._page_failed(ask, reason, again=result == "unreachable")
        request_next = self._next(errand)
        if request_next is not None:
            yield request_next

    def _cut_short(self, request: Request, error: BaseException) -> bool:
        """Whether a time-out was the crawl's deadline: no failure of the host, no wait for it."""
        given = request.meta["download_timeout"]
        limit = self.round.config.crawl.page_timeout_seconds
        return isinstance(error, DownloadTimeoutError) and given < limit

    def note_bug(self, failure: Failure) -> None:
        """An exception that nobody expected: the crawl goes on, and fails loudly at its end."""
        if failure.value is not None:
            self._note(failure.value)

    def _note(self, bug: BaseException) -> None:
        self.round.bugs.append(bug)
        if is_of_the_file(bug) and self._closing is None and self.crawler.engine is not None:
            # nothing that is asked for from now on could be kept
            closing = self.crawler.engine.close_spider_async(reason=UNWRITABLE)
            self._closing = asyncio.ensure_future(closing)

    def read(self, outlet: str, words: int) -> None:
        """A page of an outlet was taken in."""
        errand = self.errands[outlet]
        errand.pages += 1
        errand.words += words

    async def closed(self, reason: str) -> None:
        """Nothing more is asked: Scrapy waits for the end of this."""
        if reason != "finished":  # a signal: what was not asked yet waits for the next crawl
            self.round.ended = reason
            for errand in self.errands.values():
                errand.stopped = errand.stopped or reason
        if self._left:
            await asyncio.wait(self._left)  # they need the workers
        stopping = self.workers.stopping()
        try:
            await ending.end(self.round, self.errands.values())
        except BaseException as error:
            self.round.bugs.append(error)
            raise
        finally:
            stopping.join()
            self.round.at_end()


def _headers(response: Response) -> tuple[tuple[str, str], ...]:
    return tuple(
        (name.decode("latin-1").lower(), value.decode("latin-1"))
        for name, values in response.headers.items()
        for value in values
    )
