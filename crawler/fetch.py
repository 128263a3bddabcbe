"""The one way out: Scrapy's HTTP handler, behind the guard, with the configuration's own hosts."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit, urlunsplit

from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler
from scrapy.downloadermiddlewares.redirect import RedirectMiddleware
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
    NotSupported,
    ResponseDataLossError,
    UnsupportedURLSchemeError,
)
from scrapy.http import Request, Response
from twisted.internet.error import ConnectError, ConnectionClosed

from crawler.guard import Guard, why_refused
from crawler.report import Result

if TYPE_CHECKING:
    from scrapy.crawler import Crawler


class RefusedError(IgnoreRequest):
    """Our own guard does not let this request out."""


class ForbiddenError(IgnoreRequest):
    """The publisher does not permit this request."""

    def __init__(self, rule: str, evidence: str) -> None:
        super().__init__(evidence)
        self.rule = rule


class UnreadError(IgnoreRequest):
    """The host gave no robots.txt, so that all of it is forbidden for now (RFC 9309, 2.3.1.4)."""


class LateError(IgnoreRequest):
    """The deadline of the crawl came first; nothing is wrong with the outlet."""


#: All the ways in which a request ends without an answer and without a bug of ours.
FETCH_ERRORS: tuple[type[Exception], ...] = (
    IgnoreRequest,
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    NotSupported,
    ResponseDataLossError,
    UnsupportedURLSchemeError,
    ConnectError,
    ConnectionClosed,
    OSError,
    EOFError,
    zlib.error,
    UnicodeError,
    ValueError,
)


class GuardedHandler(HTTP11DownloadHandler):
    """Asks for what may be asked for, at the place that the configuration names, if it names one.

    The URL of the answer is the URL that was asked for, whatever the wire saw.
    """

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._guard = Guard(
            crawler.settings.getlist("VEILLE_ALLOW"), crawler.settings.getdict("VEILLE_HOSTS")
        )

    async def download_request(self, request: Request) -> Response:
        """Fetch, or raise one of `FETCH_ERRORS`."""
        refused = why_refused(request.url)
        if refused is not None:
            raise RefusedError(refused)
        parts = urlsplit(request.url)
        host = parts.hostname or ""
        place = self._guard.place(host)
        wire = request
        if place is not None:
            # the resolver knows the address of this name; scheme and port are changed here
            name = f"[{host}]" if ":" in host else host
            path = parts.path or "/"
            wire = request.replace(
                url=urlunsplit(("http", f"{name}:{place[1]}", path, parts.query, ""))
            )
            wire.headers["Host"] = parts.netloc
        try:
            response = await super().download_request(wire)
        except CannotResolveHostError as error:
            address = _refused_address(host)
            if address:
                raise RefusedError(f"{host} is {address}: no public address") from error
            raise
        return response if wire is request else response.replace(url=request.url)


class QuietRedirectMiddleware(RedirectMiddleware):
    """Scrapy's own, for a crawler that sends no Referer and needs no warning about it."""

    def handle_referer(self, request: Request, response: Response) -> None:
        """No page is told which one led to it."""
        request.headers.pop("Referer", None)

    def _engine_started(self) -> None:
        """Scrapy's looks for its Referer middleware here, and warns that there is none."""


def _refused_address(host: str) -> str | None:
    """The address of a name that the resolver refused, if that is why it has none."""
    from twisted.internet import reactor

    resolver: Any = reactor.nameResolver
    refused: dict[str, str] = getattr(resolver, "refused", {})
    return refused.get(host)


def result_of_error(error: BaseException) -> tuple[Result, str]:
    """An error of `FETCH_ERRORS` as the result of a visit, and its reason in words."""
    text = " ".join(str(error).split())[:200]
    if isinstance(error, LateError):
        return "waiting", "deadline reached"
    if isinstance(error, ForbiddenError):
        return "forbidden", text
    if isinstance(error, UnreadError):
        return "unreachable", text
    if isinstance(error, RefusedError | UnsupportedURLSchemeError | NotSupported):
        return "forbidden", f"refused by the guard: {text}"
    if isinstance(error, DownloadTimeoutError):
        return "unreachable", "time-out"
    if isinstance(error, CannotResolveHostError):
        return "unreachable", "no such host"
    if isinstance(error, DownloadConnectionRefusedError):
        return "unreachable", "connection refused"
    if isinstance(error, ResponseDataLossError):
        return "unreachable", "answer cut off"
    if isinstance(error, DownloadCancelledError):
        return "malformed", "answer too large"
    if isinstance(error, IgnoreRequest) and "max redirections" in text:
        return "malformed", "too many redirects"
    if isinstance(error, IgnoreRequest) and "DOWNLOAD_MAXSIZE" in text:
        return "malformed", "answer too large when unpacked"
    if isinstance(error, zlib.error | EOFError | UnicodeError | ValueError):
        return "malformed", f"answer cannot be unpacked: {type(error).__name__}"
    return "unreachable", f"connection failed: {_innermost(error)}"


def _innermost(error: BaseException) -> str:
    """What broke a connection: Twisted wraps it in a list of failures."""
    reasons = getattr(error.__cause__, "reasons", None) or ()
    for reason in reasons:
        found: BaseException | None = getattr(reason, "value", None)
        if found is not None:
            return type(found).__name__
    return " ".join(str(error).split())[:100] or type(error).__name__
