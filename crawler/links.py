"""Links as the ledger keys them: absolute, without what only tells where a reader came from.

courlan does most of it. What it leaves or breaks was seen on real feeds: fragments that carry
trackers (`#xtor=`, `#Echobox`), AMP spellings, session ids in the path, and a query that is a bare
article number (`article.php?12345`), which courlan drops.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urljoin, urlsplit, urlunsplit

from crawler.guard import why_refused

if TYPE_CHECKING:
    from tldextract import TLDExtract

#: Longest link that is looked at, in characters: twice what is asked for, trackers included.
_RAW_LIMIT = 4000

_SESSION = re.compile(r";(?:jsessionid|phpsessid|sid)=[^/?#]*", re.IGNORECASE)
_AMP_PATH = re.compile(r"/amp/?$|\.amp(?=(?:\.html?)?$)", re.IGNORECASE)
#: Query keys that courlan keeps and that never choose an article.
_NOISE = frozenset(
    ("amp", "outputtype", "phpsessid", "jsessionid", "sid", "echobox", "fbclid", "m_i", "mode")
)
#: Values with which `mode` or `outputType` ask for another rendering of the same article.
_AMP_VALUES = frozenset(("", "1", "true", "amp"))


def clean(link: str, base: str = "") -> str | None:
    """A link as found → its cleaned URL; None when it is none that may be asked for."""
    if not link.strip() or link.strip()[0] == "#" or "\\" in link or len(link) > _RAW_LIMIT:
        return None
    try:
        absolute = urljoin(base, re.sub(r"(?<=\S)[ \t]+(?=\S)", "%20", link.strip()))
        parts = urlsplit(absolute)
    except ValueError:
        return None
    if parts.scheme.lower() not in ("http", "https"):
        return None
    path = _AMP_PATH.sub("", _SESSION.sub("", parts.path)) or "/"
    if parts.path.lower().endswith("/amp/"):
        path += "/"
    query, bare = _query(parts.query)
    bare_url = urlunsplit((parts.scheme.lower(), parts.netloc, path, query, ""))
    from courlan import clean_url  # 60 ms to load, which a round of 304s does not need

    cleaned = clean_url(bare_url)
    if cleaned is None:
        return None
    if bare and "?" not in cleaned:
        cleaned = f"{cleaned}?{bare}"
    cleaned = _with_path(cleaned)
    return cleaned if why_refused(cleaned) is None else None


def _query(query: str) -> tuple[str, str]:
    """The query without renderings and sessions, and the query again when it is a bare value."""
    if query and "=" not in query:
        return "", ("" if query.lower() in _NOISE else query)
    kept = [
        part
        for part in query.split("&")
        if part and not _is_noise(*(parse_qsl(part, keep_blank_values=True) or [(part, "")])[0])
    ]
    return "&".join(kept), ""


def _is_noise(key: str, value: str) -> bool:
    key = key.lower()
    if key in ("mode", "outputtype"):
        return value.lower() in _AMP_VALUES
    return key in _NOISE


def _with_path(url: str) -> str:
    """A front page has one spelling: with the slash."""
    parts = urlsplit(url)
    return urlunsplit(parts._replace(path=parts.path or "/"))


def key(url: str) -> str:
    """What two spellings of one address share: http and https, with and without `www.`."""
    parts = urlsplit(url)
    return urlunsplit(("", parts.netloc.removeprefix("www."), parts.path, parts.query, ""))


def registrable_domain(url: str) -> str:
    """`www.lemonde.fr` and `abo.lemonde.fr` → `lemonde.fr`; the host itself where none is known."""
    host = urlsplit(url).hostname or ""
    known = _suffixes()(host).top_domain_under_public_suffix
    if known or ":" in host or host.replace(".", "").isdigit():
        return known or host
    return ".".join(host.split(".")[-2:])  # a suffix that nobody registered: tests, intranets


@cache
def _suffixes() -> TLDExtract:
    """The list of public suffixes that ships with the package: no fetching, no cache on disk."""
    from tldextract import TLDExtract

    return TLDExtract(suffix_list_urls=(), cache_dir=None)


def same_publisher(one: str, other: str) -> bool:
    """Whether two URLs stand under one registrable domain: what a canonical link must."""
    return registrable_domain(one) == registrable_domain(other)
