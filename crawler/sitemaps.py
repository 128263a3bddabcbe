"""Bytes of a sitemap or of a listing page → what it shows. Runs in a worker.

Both are read by the standard library's tolerant parser: it knows no entities of its own, fetches
nothing, and takes what is cut off or misspelt. Runs over foreign bytes, so in a worker only.
"""

from __future__ import annotations

import html
import re
import zlib
from collections import Counter
from datetime import datetime
from html.parser import HTMLParser
from urllib.parse import urljoin

from w3lib.encoding import html_to_unicode

from crawler.dates import read_date
from crawler.feeds import ENTRY_LIMIT, not_ahead, plain
from crawler.found import Found
from crawler.links import clean, same_publisher
from pipelines.records import Entry

#: Largest sitemap after unpacking, in bytes. Google News sitemaps hold 1000 entries: 1 MiB.
UNPACKED_LIMIT = 20 * 1024 * 1024

#: Sitemaps of an index that are asked for: news first, then the newest.
INDEX_LIMIT = 3

#: Words of a link's text from which it can be a headline; menus are shorter.
HEADLINE_WORDS = 4

#: Links of one listing that are taken.
LISTING_LIMIT = 100

_CDATA = re.compile(r"<!\[CDATA\[(.*?)\]\]>", re.DOTALL)
_NEWS = re.compile(r"news|actu|google|recent|latest", re.IGNORECASE)


def unpack(body: bytes) -> bytes | None:
    """A body that is gzip whatever its headers say, unpacked; None when it is too large or torn."""
    if body[:2] != b"\x1f\x8b":
        return body
    unpacker = zlib.decompressobj(wbits=31)
    try:
        plain_body = unpacker.decompress(body, UNPACKED_LIMIT)
    except zlib.error:
        return None
    return None if unpacker.unconsumed_tail or not plain_body else plain_body


def decode(body: bytes, content_type: str = "") -> str:
    """Text of a page or sitemap, by its byte order mark, header or own declaration."""
    declared, text = html_to_unicode(
        content_type or None, body, default_encoding="utf-8", auto_detect_fun=_guess
    )
    return text.replace("\x00", "") if declared else text


def _guess(body: bytes) -> str:
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8"


def read_sitemap(
    body: bytes, url: str, outlet: str, *, content_type: str = "", fetched: datetime
) -> Found:
    """Entries of a (news) sitemap, newest first, or the sitemaps that an index names."""
    unpacked = unpack(body)
    if unpacked is None:
        return Found("", problem="gzip is torn or too large")
    if not unpacked.strip():
        return Found("", problem="empty answer")
    reader = _SitemapReader()
    text = decode(unpacked, content_type)
    reader.feed(_CDATA.sub(lambda match: html.escape(match[1]), text))
    reader.close()
    if reader.index:
        return Found("index", further=_best_of_index(reader.rows, url))
    if not reader.urlset:
        return Found("", problem="not a sitemap")
    rows = sorted(reader.rows, key=_age, reverse=True)
    drops: Counter[str] = Counter()
    entries: dict[str, Entry] = {}
    for row in rows[:ENTRY_LIMIT]:
        cleaned = clean(row.get("loc", ""), url)
        if cleaned is None:
            drops["no link"] += 1
            continue
        modified = read_date(row.get("lastmod", ""))
        published = read_date(row.get("publication_date", ""))
        entries.setdefault(
            cleaned,
            Entry(
                outlet=outlet,
                url=cleaned,
                title=plain(row.get("title", "")),
                summary="",
                published=not_ahead(published, fetched),
                updated=not_ahead(modified, fetched),
                found_in=url,
            ),
        )
    kind = "news" if any("publication_date" in row for row in rows) else "sitemap"
    return Found(kind, tuple(entries.values()), dropped=tuple(sorted(drops.items())))


def _age(row: dict[str, str]) -> str:
    """Sorts rows by date, those without one last."""
    date = read_date(row.get("publication_date", "")) or read_date(row.get("lastmod", ""))
    return date.isoformat() if date else ""


def _best_of_index(rows: list[dict[str, str]], url: str) -> tuple[str, ...]:
    """The sitemaps of an index that are likeliest to hold today's articles."""
    places = [
        (bool(_NEWS.search(row.get("loc", ""))), _age(row), urljoin(url, row.get("loc", "")))
        for row in rows
    ]
    best = sorted(places, key=lambda place: place[:2], reverse=True)
    return tuple(dict.fromkeys(place for _, _, place in best if place.startswith("http")))[
        :INDEX_LIMIT
    ]


class _SitemapReader(HTMLParser):
    """Rows of a sitemap: local names only, whatever prefix the publisher gave a namespace."""

    _FIELDS = frozenset(("loc", "lastmod", "title", "publication_date"))

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.rows: list[dict[str, str]] = []
        self.index = False
        self.urlset = False
        self._field = ""
        self._text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        prefix, _, name = tag.rpartition(":")
        if name == "sitemapindex":
            self.index = True
        elif name == "urlset":
            self.urlset = True
        elif name in ("url", "sitemap"):
            self.rows.append({})
        elif name in self._FIELDS and prefix not in ("image", "video"):
            self._field, self._text = name, []

    def handle_data(self, data: str) -> None:
        if self._field:
            self._text.append(data)

    def handle_endtag(self, tag: str) -> None:
        name = tag.rpartition(":")[2]
        if name == self._field and self.rows:
            self.rows[-1].setdefault(name, "".join(self._text).strip())
        if name == self._field:
            self._field = ""


def read_listing(body: bytes, url: str, outlet: str, *, content_type: str = "") -> Found:
    """Links of a page whose text reads like a headline, in the page's order."""
    if not body.strip():
        return Found("", problem="empty answer")
    reader = _ListingReader()
    reader.feed(decode(body, content_type))
    reader.close()
    base = urljoin(url, reader.base) if reader.base else url
    entries: dict[str, Entry] = {}
    for href, text in reader.links:
        title = plain(text)
        cleaned = clean(href, base)
        if cleaned is None or cleaned == clean(url) or not same_publisher(cleaned, url):
            continue
        if len(title.split()) < HEADLINE_WORDS:
            continue
        known = entries.get(cleaned)
        if known is None or len(title) > len(known.title):
            entries[cleaned] = Entry(outlet, cleaned, title, "", None, None, url)
    feeds = tuple(
        dict.fromkeys(place for place in (clean(link, base) for link in reader.feeds) if place)
    )
    found = tuple(entries.values())[:LISTING_LIMIT]
    problem = "" if found or reader.links else "no link on the page"
    return Found("listing", found, problem=problem, further=feeds)


class _ListingReader(HTMLParser):
    """Links with their text, the feeds that a page names, and what its links stand on."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.links: list[tuple[str, str]] = []
        self.feeds: list[str] = []
        self.base = ""
        self._href = ""
        self._text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = {name: value or "" for name, value in attrs}
        if tag == "a":
            self._end_link()
            self._href, self._text = named.get("href", ""), []
        elif tag == "base" and not self.base:
            self.base = named.get("href", "")
        elif tag == "link" and named.get("rel", "").lower() == "alternate":
            if "rss" in named.get("type", "") or "atom" in named.get("type", ""):
                self.feeds.append(named.get("href", ""))
        elif tag == "img" and self._href:
            self._text.append(" ")

    def handle_data(self, data: str) -> None:
        if self._href:
            self._text.append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "a":
            self._end_link()

    def close(self) -> None:
        super().close()
        self._end_link()

    def _end_link(self) -> None:
        if self._href:
            self.links.append((self._href, " ".join(self._text)))
        self._href = ""
