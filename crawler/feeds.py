"""Bytes of a feed → what it shows. Runs in a worker: feedparser never sees foreign bytes elsewhere.

RSS, Atom and RSS 1.0 go through feedparser; JSON Feed, which it does not know, is read here.
"""

from __future__ import annotations

import calendar
import html
import io
import json
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import feedparser  # type: ignore[import-untyped]

from crawler.dates import read_date
from crawler.found import Found
from crawler.links import clean
from pipelines.records import Entry

#: Longest summary that is kept, in code points: what the law calls a very short extract.
SUMMARY_LIMIT = 280

#: Entries of one feed that are read: the largest feed of 345 real ones has 500.
ENTRY_LIMIT = 1000

#: A date this far ahead is wrong: publishers' clocks and time zones err by hours, not by a day.
AHEAD = timedelta(hours=26)

#: As many entries with one and the same time and no other show when the feed was made.
SAME_DATE = 4

_TAG = re.compile(r"<[/!?a-zA-Z][^<>]{0,2000}>")
_LAST_LINK = re.compile(r"<a\b[^<>]*>(?:(?!</a>).){0,80}</a>\s*(?:</p>\s*)?$", re.I | re.S)
_SILENT = re.compile(r"<(script|style)\b.*?(?:</\1>|$)", re.IGNORECASE | re.DOTALL)
_NOT_TEXT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
#: "R&D", "?a=1&b=2": no XML, but common; feedparser makes "R&D;" of it.
_BARE_AMPERSAND = re.compile(rb"&(?!#?\w{1,32};)")
_WORD_END = re.compile(r"\s\S*$")


#: What `sy:updatePeriod` may say, in minutes (RSS 1.0 module syndication).
PERIODS = {"hourly": 60, "daily": 1_440, "weekly": 10_080, "monthly": 43_200, "yearly": 525_600}
#: Longer numbers are no minutes.
HINT_DIGITS = 6


def read_feed(
    body: bytes,
    url: str,
    outlet: str,
    *,
    content_type: str = "",
    fetched: datetime,
) -> Found:
    """The entries of a feed, in its order, links cleaned and absolute."""
    if not body.strip(b"\x00\t\r\n \xef\xbb\xbf"):
        return Found("", problem="empty answer")
    if _is_json(body):
        return _read_json(body, url, outlet, fetched)
    headers = {"content-location": url}
    if content_type:
        headers["content-type"] = content_type
    if b"\x00" not in body:  # not UTF-16
        body = _BARE_AMPERSAND.sub(b"&amp;", body)
    parsed = feedparser.parse(
        io.BytesIO(body), response_headers=headers, sanitize_html=False, resolve_relative_uris=False
    )
    version = str(parsed.get("version") or "")
    if not version and not parsed.entries:
        return Found("", problem=_what_instead(body))
    base = _base(parsed, url)
    drops: Counter[str] = Counter()
    entries = list(_entries(parsed.entries[:ENTRY_LIMIT], base, outlet, url, fetched, drops))
    return Found(
        kind=version or "feed",
        entries=tuple(_without_generation_date(entries)),
        encoding=str(parsed.get("encoding") or ""),
        language=str(parsed.feed.get("language") or ""),
        dropped=tuple(sorted(drops.items())),
        hint_minutes=_hint(parsed.feed),
    )


def _hint(feed: dict[str, Any]) -> int | None:
    """Minutes between two looks that the feed asks for: the longer of `ttl` and `sy:update...`."""
    found = []
    ttl = str(feed.get("ttl") or "")
    if ttl.isdecimal() and len(ttl) <= HINT_DIGITS:
        found.append(int(ttl))
    period = PERIODS.get(str(feed.get("sy_updateperiod") or "").strip().lower())
    times = str(feed.get("sy_updatefrequency") or "1").strip()
    if period and times.isdecimal() and len(times) <= HINT_DIGITS:
        found.append(period // max(1, int(times)))
    return max(found, default=None)


def _entries(
    shown: Iterable[dict[str, Any]],
    base: str,
    outlet: str,
    found_in: str,
    fetched: datetime,
    drops: Counter[str],
) -> Iterable[Entry]:
    seen: set[str] = set()
    for one in shown:
        url = _link(one, base)
        title = plain(_text(one.get("title")))
        if url is None:
            drops["no link"] += 1
            continue
        if url in seen:
            drops["twice in the feed"] += 1
            continue
        seen.add(url)
        published = not_ahead(_date(one, "published", "created"), fetched)
        updated = not_ahead(_date(one, "updated"), fetched)
        yield Entry(
            outlet=outlet,
            url=url,
            title=title,
            summary=_summary(one),
            published=published or updated,  # RSS 1.0 and lazy Atom have one date only
            updated=updated if published else None,
            found_in=found_in,
        )


def _text(value: object) -> str:
    """feedparser gives text, or nothing; a hostile feed can make it give a dict."""
    return value if isinstance(value, str) else ""


def _link(one: dict[str, Any], base: str) -> str | None:
    candidates = [one.get("link"), one.get("feedburner_origlink")]
    for link in one.get("links") or ():
        if link.get("rel", "alternate") in ("alternate", "self"):
            candidates.append(link.get("href"))
    identity = _text(one.get("id"))
    if one.get("guidislink") or identity.startswith(("http://", "https://")):
        candidates.append(identity)
    origin = _text(one.get("feedburner_origlink"))
    if origin:
        candidates.insert(0, origin)
    for candidate in candidates:
        if isinstance(candidate, str) and candidate.strip():
            url = clean(candidate, base)
            if url is not None:
                return url
    return None


def _base(parsed: Any, url: str) -> str:
    """What relative links stand on: the feed's own address, not the site it names."""
    for link in parsed.feed.get("links") or ():
        if link.get("rel") == "self" and str(link.get("href", "")).startswith("http"):
            return str(link["href"])
    site = str(parsed.feed.get("link") or "")
    return site if site.startswith("http") else url


def _date(one: dict[str, Any], *names: str) -> datetime | None:
    for name in names:
        # dict's own `get`: feedparser's answers "updated" with the date of publication
        parsed = dict.get(one, f"{name}_parsed")
        if parsed:
            try:
                return datetime.fromtimestamp(calendar.timegm(parsed), UTC)
            except (TypeError, ValueError, OverflowError, OSError):
                pass
        written = read_date(_text(dict.get(one, name)))
        if written is not None:
            return written
    return None


def not_ahead(date: datetime | None, fetched: datetime) -> datetime | None:
    """A date that lies in the future is no date."""
    return None if date is not None and date > fetched + AHEAD else date


def _without_generation_date(entries: list[Entry]) -> list[Entry]:
    """Where every entry carries one and the same time, it is the feed's, not the entries'."""
    dates = {entry.published or entry.updated for entry in entries}
    if len(entries) < SAME_DATE or len(dates) > 1:
        return entries
    (only,) = dates
    if only is not None and (only.hour, only.minute, only.second) == (0, 0, 0):
        return entries  # a day without a time: four articles of one day
    return [replace(entry, published=None, updated=None) for entry in entries]


def _summary(one: dict[str, Any]) -> str:
    texts = [_text(one.get("summary"))]
    texts += [_text(part.get("value")) for part in one.get("content") or ()]
    for text in texts:
        cut = shorten(plain(_LAST_LINK.sub("", text)))
        if cut:
            return cut
    return ""


def plain(markup: str) -> str:
    """Text of a title or summary: no tags, entities resolved even where they were escaped twice."""
    text = _SILENT.sub(" ", markup)
    text = html.unescape(_TAG.sub(" ", text) if "<" in text else text)
    if "&" in text or "<" in text:  # escaped twice: bient&amp;ocirc;t
        text = html.unescape(_TAG.sub(" ", text))
    return " ".join(_NOT_TEXT.sub("", text).split())


def shorten(text: str) -> str:
    """At most `SUMMARY_LIMIT` code points, cut between words."""
    if len(text) <= SUMMARY_LIMIT:
        return text
    return _WORD_END.sub("", text[: SUMMARY_LIMIT - 1]).rstrip(" ,;:") + "…"


def _is_json(body: bytes) -> bool:
    return body.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"{"


def _read_json(body: bytes, url: str, outlet: str, fetched: datetime) -> Found:
    try:
        feed = json.loads(body.decode("utf-8-sig", "replace"))
    except (ValueError, RecursionError) as error:
        return Found("", problem=f"broken JSON: {type(error).__name__}")
    if not isinstance(feed, dict) or not isinstance(feed.get("items"), list):
        return Found("", problem="JSON, but no feed")
    base = _text(feed.get("feed_url")) or url
    drops: Counter[str] = Counter()
    shown = [_as_feedparser(one) for one in feed["items"][:ENTRY_LIMIT] if isinstance(one, dict)]
    entries = list(_entries(shown, base, outlet, url, fetched, drops))
    version = _text(feed.get("version")).rpartition("/")[2]
    return Found(
        kind=f"json{version.replace('.', '')}",
        entries=tuple(_without_generation_date(entries)),
        encoding="utf-8",
        language=_text(feed.get("language")),
        dropped=tuple(sorted(drops.items())),
    )


def _as_feedparser(one: dict[str, Any]) -> dict[str, Any]:
    """An entry of a JSON Feed in the shape that feedparser gives the others."""
    return {
        "link": one.get("url") or one.get("external_url"),
        "id": str(one.get("id") or ""),
        "title": one.get("title"),
        "summary": one.get("summary") or one.get("content_text") or _text(one.get("content_html")),
        "published": one.get("date_published"),
        "updated": one.get("date_modified"),
    }


def _what_instead(body: bytes) -> str:
    """What came in place of a feed, in words for the status."""
    start = body[:2000].lower()
    if b"<html" in start or b"<!doctype html" in start:
        return "a web page, not a feed"
    if b"<urlset" in start or b"<sitemapindex" in start:
        return "a sitemap, not a feed"
    return "not a feed"
