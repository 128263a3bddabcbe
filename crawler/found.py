"""What a source showed, and which module reads it: all that the reactor's process needs of either.

The modules that read are loaded where foreign bytes are read: feedparser and what cleans links are
a twentieth of a second, which a first crawl would wait for.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, assert_never

from pipelines.records import Entry

if TYPE_CHECKING:
    from pipelines.store.outlet_state import Kind


@dataclass(frozen=True, slots=True)
class Found:
    """What a feed, a sitemap or a listing showed."""

    kind: str  # rss20, atom10, json11, news, sitemap, index, listing; "" when it was none
    entries: tuple[Entry, ...] = ()
    problem: str = ""  # why nothing could be read; "" also for what is valid but empty
    further: tuple[str, ...] = ()  # sitemaps that an index names; feeds that a page names
    encoding: str = ""
    language: str = ""
    dropped: tuple[tuple[str, int], ...] = field(default=())  # entries left out, by reason
    hint_minutes: int | None = None  # between two looks, as the feed asks; None: it does not


def read_source(
    kind: Kind, body: bytes, url: str, outlet: str, *, content_type: str, fetched: datetime
) -> Found:
    """Runs in a worker: what a source of `kind` shows."""
    from crawler.feeds import read_feed
    from crawler.sitemaps import read_listing, read_sitemap

    match kind:
        case "feed":
            return read_feed(body, url, outlet, content_type=content_type, fetched=fetched)
        case "sitemap":
            return read_sitemap(body, url, outlet, content_type=content_type, fetched=fetched)
        case "listing":
            return read_listing(body, url, outlet, content_type=content_type)
        case _:
            assert_never(kind)
