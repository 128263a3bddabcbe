"""Whether an entry may concern the watch: whether its page is worth a request.

A company that is watched, by any of its names, or a word of money being raised, paid or valued.
Judged on title, summary and the words of the URL. Errs towards fetching: a page too many costs one
polite request, a page too few may be the news.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from urllib.parse import unquote, urlsplit

from pipelines.records import Entry, Watch

#: Stems of words with which the French and English press writes of funding, without accents.
FUNDING = (
    "acquisition",
    "acquiert",
    "actionnaire",
    "bourse",
    "capital",
    "credit",
    "dette",
    "evalue",
    "emprunt",
    "entree en bourse",
    "finance le",
    "financement",
    "fonds",
    "funding",
    "injecte",
    "introduction en bourse",
    "invest",
    "ipo",
    "leve de fonds",
    "levee",
    "milliard",
    "millions d",
    "mise sur",
    "misent sur",
    "obligation",
    "participation",
    "pret de",
    "rachat",
    "rachete",
    "raise",
    "tour de table",
    "valorisation",
    "valorise",
    "valuation",
)

_AMOUNT = re.compile(
    r"\d\s?(?:md|mds|mrd|mrds|m|bn|b)?\s?(?:€|\$|£|¥|eur\b|usd\b|euros?\b|dollars?\b)"
)
_GAP = re.compile(r"[^a-z0-9$€£¥]+")


def concerns(entry: Entry, watches: Sequence[Watch]) -> bool:
    """Whether title, summary or URL names a watched company or speaks of funding."""
    shown = _folded(f"{entry.title} {entry.summary} {_slug(entry.url)}")
    if not entry.title and not entry.summary and not _says_something(entry.url):
        return True  # nothing to judge by: a sitemap of bare numbers
    if _AMOUNT.search(shown):
        return True
    pattern = _pattern(tuple(_names(watches)))
    return pattern.search(_GAP.sub(" ", shown)) is not None


def reader(watches: Sequence[Watch]) -> Callable[[Entry], bool]:
    """`concerns` for the watches of one crawl."""
    return lambda entry: concerns(entry, watches)


def _names(watches: Iterable[Watch]) -> Iterable[str]:
    for watch in watches:
        for company in watch.companies:
            if not company.watched:
                continue
            yield company.name
            yield from company.aliases
            yield from company.periphrases
            yield from company.ambiguous
        yield from watch.words


@lru_cache(maxsize=8)  # sets of watches
def _pattern(names: tuple[str, ...]) -> re.Pattern[str]:
    whole = {_GAP.sub(" ", _folded(name)).strip() for name in names}
    words = "|".join(re.escape(word) for word in sorted(whole - {""}, key=len, reverse=True))
    stems = "|".join(re.escape(stem) for stem in sorted(FUNDING, key=len, reverse=True))
    return re.compile(rf"\b(?:(?:{words})\b|(?:{stems}))" if words else rf"\b(?:{stems})")


def _folded(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(c for c in decomposed if not unicodedata.combining(c)).casefold()


def _slug(url: str) -> str:
    return unquote(urlsplit(url).path)


def _says_something(url: str) -> bool:
    """Whether the URL holds words: at least two of three letters or more in its last part."""
    last = _slug(url).rstrip("/").rpartition("/")[2]
    return len(re.findall(r"[^\W\d_]{3,}", last.partition(".")[0])) >= 2
