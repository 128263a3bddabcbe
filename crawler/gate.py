"""The gate before every request: robots.txt of its host, reservation of its pages, its pace.

A redirect comes through here again, so that the host it leads to is asked for its own rules.
"""

from __future__ import annotations

import asyncio
import time
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from scrapy.http import Request, Response
from scrapy.http.request import NO_CALLBACK

from crawler import etiquette
from crawler.addon import LONGEST_STRETCH, MARGIN
from crawler.conditional import CONDITIONAL
from crawler.fetch import (
    FETCH_ERRORS,
    ForbiddenError,
    LateError,
    RefusedError,
    UnreadError,
    result_of_error,
)
from crawler.guard import why_refused
from crawler.links import clean
from crawler.round import FORGOTTEN, Round
from pipelines.records import Outlet
from pipelines.store.outlet_state import Decided, Decision, HostPolicy

if TYPE_CHECKING:
    from scrapy.crawler import Crawler


#: Request.meta keys. OUTLET: whose request it is. PAGE: it is for an article page. FREE: robots.txt
#: and tdmrep.json themselves, which nobody forbids.
OUTLET = "veille_outlet"
PAGE = "veille_page"
FREE = "veille_free"


class GateMiddleware:
    """Lets a request through when its host permits it, at the pace that its host asks for."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._asking: dict[str, asyncio.Future[HostPolicy]] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> GateMiddleware:
        return cls(crawler)

    @property
    def _round(self) -> Round:
        found: Round = self._crawler.spider.round  # type: ignore[union-attr]
        return found

    async def process_request(self, request: Request) -> None:
        """Raises `ForbiddenError` when the host does not permit the request, `UnreadError` when it
        does not say, `LateError` when the request would have to wait beyond the deadline."""
        parts = urlsplit(request.url)
        # a redirect must not queue at the host that it came from
        request.meta["download_slot"] = parts.hostname or ""
        request.meta["download_timeout"] = self._timeout()
        if request.meta.get(FREE) or why_refused(request.url) is not None:
            return
        # a redirect may lead to another spelling of what was forgotten
        redirected = request.meta.get(PAGE) and request.meta.get("redirect_urls")
        if self._round.forgotten(clean(request.url) or request.url if redirected else request.url):
            raise ForbiddenError(FORGOTTEN, "given to `veille forget`")
        outlet: Outlet = request.meta[OUTLET]
        policy = await self._policy(request, outlet)
        permission = etiquette.robots_permission(policy, request.url)
        if not permission.allowed and etiquette.is_unread(policy):
            raise UnreadError(permission.evidence)
        if not permission.allowed:
            self._decide(outlet, policy, "feed" if request.meta.get(PAGE) else "off", permission)
            raise ForbiddenError(permission.rule, permission.evidence)
        if request.meta.get(PAGE):
            policy = await self._with_reservation(policy, request, outlet)
            self._rule(outlet, policy, parts.path or "/")
        elif self._round.probing:
            policy = await self._with_reservation(policy, request, outlet)
            self._decision(outlet, policy, "/")
        self._slow_down(policy, parts.hostname or "", outlet)

    def process_response(self, request: Request, response: Response) -> Response:
        """Somebody answered: there is a network."""
        self._round.answers += 1
        return response

    def _timeout(self) -> float:
        """Seconds a request may take: the configured ones, or what is left of the crawl."""
        left = self._round.remaining()
        return max(1.0, min(self._round.config.crawl.page_timeout_seconds, left))

    def _rule(self, outlet: Outlet, policy: HostPolicy, path: str) -> None:
        """Raises `ForbiddenError` when pages of the host are not to be read."""
        ruling = self._decision(outlet, policy, path)
        if ruling.decision != "open":
            raise ForbiddenError(ruling.rule, ruling.evidence)

    def _decision(self, outlet: Outlet, policy: HostPolicy, path: str) -> etiquette.Ruling:
        """What the outlet permits on the host, written down."""
        ruling = etiquette.decide(outlet, policy, path, self._round.now())
        decision = Decision(outlet.id, policy.host, ruling.decision, ruling.rule, ruling.evidence)
        self._round.fetching.policies.decide(decision, self._round.now())
        return ruling

    def _decide(
        self,
        outlet: Outlet,
        policy: HostPolicy,
        decided: Decided,
        permission: etiquette.Permission,
    ) -> None:
        """A host that forbids everything is a decision; one forbidden path is not."""
        front = f"https://{policy.host}/"
        if not etiquette.robots_permission(policy, front).allowed:
            decision = Decision(
                outlet.id, policy.host, decided, permission.rule, permission.evidence
            )
            self._round.fetching.policies.decide(decision, self._round.now())

    def _slow_down(self, policy: HostPolicy, host: str, outlet: Outlet) -> None:
        """The longest of three gaps: the configuration's, the outlet's, the host's own.

        Raises `LateError` when the wait would outlast the crawl.
        """
        asked = etiquette.crawl_delay(policy) or 0.0
        own = outlet.pace_seconds
        pace = self._round.config.network.pace_seconds
        delay = max(asked, pace if own is None else max(own, 0.0))
        self._round.delays[host] = delay
        slot = self._crawler.engine.downloader.slots.get(host)
        if slot is None:
            return
        slot.delay = delay * MARGIN
        wait = delay * LONGEST_STRETCH - (time.monotonic() - slot.lastseen)
        if wait > self._round.remaining():
            raise LateError("the host asks for a longer gap than the crawl has left")

    # -- what a host says -----------------------------------------------------------------------

    async def _policy(self, request: Request, outlet: Outlet) -> HostPolicy:
        """robots.txt of the request's host, asked for once a day."""
        host = urlsplit(request.url).netloc.lower()
        running = self._asking.get(host)
        if running is not None:
            return await self._told(running)
        known = self._round.fetching.policies.policy(host)
        if known is not None and etiquette.holds(known, self._round.now()):
            return known
        answer: asyncio.Future[HostPolicy] = asyncio.get_running_loop().create_future()
        self._asking[host] = answer
        try:
            try:
                status, text = await self._ask(request, "/robots.txt", outlet)
            except RefusedError as error:
                answer.set_exception(error)
                answer.exception()  # nobody else may be waiting for it
                raise
            policy = replace(
                known or HostPolicy(host, None, "", self._round.now()),
                robots_status=status,
                robots=text,
                robots_at=self._round.now(),
            )
            self._round.fetching.policies.keep_policy(policy)
            answer.set_result(policy)
        finally:
            if not answer.done():
                answer.cancel()
        return policy

    async def _told(self, running: asyncio.Future[HostPolicy]) -> HostPolicy:
        """What somebody else was told, who asked first."""
        try:
            return await running
        except asyncio.CancelledError:
            if not running.cancelled():
                raise
            # whoever asked could not write it down, and says so: that is no bug of ours as well
            raise UnreadError("robots.txt was asked for, and could not be kept") from None

    async def _with_reservation(
        self, policy: HostPolicy, request: Request, outlet: Outlet
    ) -> HostPolicy:
        """The policy with tdmrep.json in it, asked for once a day."""
        known = self._round.fetching.policies.policy(policy.host) or policy
        now = self._round.now()
        if known.tdm_at is not None and now - known.tdm_at < etiquette.KEPT:
            return known
        status, text = await self._ask(request, "/.well-known/tdmrep.json", outlet)
        policy = replace(known, tdm_status=status, tdm=text, tdm_at=now)
        self._round.fetching.policies.keep_policy(policy)
        if (asked := self._asking.get(policy.host)) is not None and asked.done():
            renewed: asyncio.Future[HostPolicy] = asyncio.get_running_loop().create_future()
            renewed.set_result(policy)
            self._asking[policy.host] = renewed
        return policy

    async def _ask(self, request: Request, path: str, outlet: Outlet) -> tuple[int | None, str]:
        """Status and text of a small file of the request's host; None and the reason why it cannot
        be had."""
        parts = urlsplit(request.url)
        asked = Request(
            f"{parts.scheme}://{parts.netloc}{path}",
            callback=NO_CALLBACK,
            dont_filter=True,
            priority=100,
            meta={
                FREE: True,
                OUTLET: outlet,
                CONDITIONAL: False,
                "download_maxsize": etiquette.ROBOTS_LIMIT * 2,
            },
        )
        try:
            response: Response = await self._crawler.engine.download_async(asked)
        except RefusedError:
            raise  # the host is none that may be asked for anything
        except FETCH_ERRORS as error:
            _, reason = result_of_error(error)
            self._round.issue(outlet.id, asked.url, "robots unreachable", reason)
            return None, reason
        if response.status in (301, 302, 303, 307, 308):
            return 404, ""  # a redirect that leads nowhere we may go: no rules were given
        if response.status != 200:
            return response.status, ""
        return 200, response.body[: etiquette.ROBOTS_LIMIT].decode("utf-8-sig", "replace")
