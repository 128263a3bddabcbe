"""An answer → a page, or the reason why it is none: walls, wrong types, meta refreshes.

Looks at bytes with linear patterns only; whatever parses HTML runs in a worker.
"""

from __future__ import annotations

import re
from datetime import datetime
from urllib.parse import urljoin, urlsplit

from scrapy.http import Response

from crawler.links import clean
from crawler.report import Result
from pipelines.records import Entry, Page

#: Statuses that say "not you": a wall, not an empty page. 202 is how several bot shields answer.
WALLS = frozenset((202, 401, 402, 403, 407, 429, 451))

#: A page larger than this in bytes is no challenge page, whatever script it mentions.
CHALLENGE_LIMIT = 40 * 1024

#: Meta refreshes that take longer than this in seconds are no redirect: pages that reload.
REFRESH_SECONDS = 5

#: Bytes of a page in which a meta refresh is looked for.
_HEAD = 4096

_CHALLENGE = re.compile(
    rb"cf-chl-|challenge-platform|cf_chl_opt|captcha-delivery\.com|_Incapsula_Resource|"
    rb"px-captcha|g-recaptcha|h-captcha|awswaf|kasada|ddos-guard|sgcaptcha|"
    rb"<title>\s*(?:Just a moment|Attention Required|Access Denied|Un instant|Acc\S{1,8}s refus)",
    re.IGNORECASE,
)
_CONSENT = re.compile(r"(?:^|[./_-])(?:consent|consentement|cmp|privacy-wall)(?:[./_-]|$)", re.I)
_REFRESH = re.compile(
    rb"<meta\b[^<>]{0,40}http-equiv\s*=\s*[\"']?refresh\b[^<>]{0,40}content\s*=\s*[\"']?\s*"
    rb"(\d{1,4})[\d.]*\s*[;,]\s*(?:url\s*=\s*)?[\"']?([^\"'<>\s]{1,2000})",
    re.IGNORECASE,
)
_PAGE_TYPES = ("html", "xhtml", "text/plain", "octet-stream")


def page_of(response: Response, asked: str, entry: Entry, fetched: datetime) -> Page:
    """The record of an answer."""
    headers = tuple(
        (name.decode("latin-1").lower(), value.decode("latin-1"))
        for name, values in response.headers.items()
        for value in values
    )
    return Page(
        outlet=entry.outlet,
        url=asked,
        final_url=response.url,
        status=response.status,
        headers=headers,
        body=response.body,
        fetched=fetched,
        entry=entry,
    )


def wall(response: Response, asked: str) -> str | None:
    """The wall that an answer is, in words; None: it is none."""
    if response.status in WALLS:
        return f"status {response.status}"
    mitigated = response.headers.get("cf-mitigated") or b""
    if b"challenge" in mitigated.lower():
        return "challenge page"
    small = len(response.body) <= CHALLENGE_LIMIT
    if response.status in (200, 503) and small and _CHALLENGE.search(response.body):
        return "challenge page"
    final = urlsplit(response.url)
    if response.url != asked and _CONSENT.search(f"{final.hostname or ''}{final.path}"):
        return "consent page"
    return None


def result_of_status(status: int) -> tuple[Result, str]:
    """What an answer other than 200 means for its outlet, and the reason in words."""
    if status in WALLS:
        return "blocked", f"status {status}"
    if status in (404, 410):
        return "dead", f"status {status}"
    if status >= 500:
        return "unreachable", f"status {status}"
    return "malformed", f"status {status}"


def is_page(response: Response) -> bool:
    """Whether the type of an answer is one that articles have; an undeclared one may be."""
    declared = (response.headers.get("Content-Type") or b"").decode("latin-1").lower()
    return not declared or any(kind in declared for kind in _PAGE_TYPES)


def refresh_target(response: Response) -> str | None:
    """Where a meta refresh leads at once; None: nowhere, or to the page itself."""
    found = _REFRESH.search(response.body[:_HEAD])
    if found is None or int(found[1]) > REFRESH_SECONDS:
        return None
    target = clean(urljoin(response.url, found[2].decode("utf-8", "replace")))
    return None if target == clean(response.url) else target
