"""Requests that ask "only if it changed", with validators kept in our own store.

Validators belong to the URL that answered: a URL that redirects has none, the one it leads to is
asked with its own. They are kept only together with what was read from the answer.
"""

from __future__ import annotations

from hashlib import blake2b
from typing import TYPE_CHECKING

from pipelines.records import Page
from pipelines.store.fetching import Validators

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.http import Request, Response  # 140 ms to load in each worker, which asks for none

#: Request.meta key: whether the request may be answered "not modified".
CONDITIONAL = "veille_conditional"

#: Longest validator that is sent back, in characters; a longer one is a flood, not a validator.
_LONGEST = 500


class ConditionalMiddleware:
    """Puts the validators of exactly the URL asked for on a request, redirected or not."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> ConditionalMiddleware:
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        """Validators of another URL never travel along a redirect."""
        request.headers.pop("If-None-Match", None)
        request.headers.pop("If-Modified-Since", None)
        if not request.meta.get(CONDITIONAL):
            return
        known = self._crawler.spider.round.fetching.validators(request.url)  # type: ignore[union-attr]
        if known is None:
            return
        if known.etag:
            request.headers["If-None-Match"] = known.etag
        if known.last_modified:
            request.headers["If-Modified-Since"] = known.last_modified


def validators_of(response: Response) -> Validators:
    """What an answer carries to make the next request conditional."""
    etag, modified = (
        (response.headers.get(name) or b"").decode("latin-1") for name in ("ETag", "Last-Modified")
    )
    return _validators(etag, modified, response.body)


def validators_of_page(page: Page) -> Validators:
    """The same, of an answer that is a record already."""
    headers = dict(page.headers)
    return _validators(headers.get("etag", ""), headers.get("last-modified", ""), page.body)


def _validators(etag: str, modified: str, body: bytes) -> Validators:
    body_hash = blake2b(body, digest_size=16).hexdigest()
    return Validators(_sendable(etag), _sendable(modified), body_hash)


def _sendable(value: str) -> str | None:
    """A validator that can be sent back as it came."""
    fits = 0 < len(value) <= _LONGEST and value.isprintable() and value.isascii()
    return value if fits else None


def is_unchanged(response: Response, known: Validators | None) -> bool:
    """Whether an answer says what the last good one said: 304, or the same bytes."""
    if response.status == 304:
        return known is not None
    return known is not None and known.body_hash == validators_of(response).body_hash
