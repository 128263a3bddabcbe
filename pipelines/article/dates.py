"""When an article was published and changed, from everything that says so.

Order of trust: the feed or news sitemap that led here, JSON-LD, meta elements, time elements,
what a reader sees ("mercredi 28 janvier à 18h30"), and htmldate's search last. A time without
offset is Paris time; a time after the fetch is no publication.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Final
from zoneinfo import ZoneInfo

from htmldate import find_date

from pipelines.article.linked import Declared
from pipelines.article.markup import HtmlElement, restored
from pipelines.records import Page

PARIS: Final = ZoneInfo("Europe/Paris")
#: Before it no page of the web was published: such a date is a template's or an epoch's.
EARLIEST: Final = datetime(1995, 1, 1, tzinfo=UTC)
#: How far clocks of publishers run ahead of ours.
AHEAD: Final = timedelta(minutes=10)
#: A feed's date this near to the page's modification is the date of the revision.
MOVED: Final = timedelta(minutes=5)

_META: Final = (
    "article:published_time",
    "og:article:published_time",
    "og:published_time",
    "datepublished",
    "parsely-pub-date",
    "dcterms.created",
    "dc.date.issued",
    "dcterms.issued",
    "dc.date",
    "sailthru.date",
    "article.published",
    "publish-date",
    "publication_date",
    "pubdate",
    "date_published",
    "date",
)
_META_CHANGED: Final = (
    "article:modified_time",
    "og:article:modified_time",
    "og:updated_time",
    "datemodified",
    "dcterms.modified",
    "dc.date.modified",
    "last-modified",
    "revised",
)
_MONTHS: Final = {
    "janv": 1, "fév": 2, "fev": 2, "mars": 3, "avr": 4, "mai": 5, "juin": 6, "juil": 7,
    "aoû": 8, "aou": 8, "sept": 9, "oct": 10, "nov": 11, "déc": 12, "dec": 12,
}  # fmt: skip
_CLOCK: Final = r"(?:[\s,|•·–-]*(?:à|a)?\s*(?P<hour>\d{1,2})\s?(?:h|:)\s?(?P<minute>\d{2})?)?"
_WORDS: Final = re.compile(
    r"\b(?P<day>\d{1,2})(?:er)?\s+(?P<month>janv|févr?|fevr?|mars|avr|mai|juin|juil|août?|aout?"
    r"|sept|oct|nov|déc|dec)[a-zéû]*\.?,?(?:\s+(?P<year>\d{4}))?\b" + _CLOCK,
    re.IGNORECASE,
)
_FIGURES: Final = re.compile(
    r"\b(?P<day>\d{1,2})[/.](?P<month>\d{1,2})[/.](?P<year>\d{4}|\d{2})\b" + _CLOCK, re.IGNORECASE
)
_AGO: Final = re.compile(
    r"\bil y a (?P<count>\d{1,3}|une?|deux|trois|quatre|cinq|six|sept|huit|neuf|dix)\s+"
    r"(?P<unit>minute|heure|jour|semaine)s?\b",
    re.IGNORECASE,
)
_NEAR: Final = re.compile(r"\b(?P<when>aujourd['’]hui|hier|avant-hier)\b" + _CLOCK, re.IGNORECASE)
_NUMBERS: Final = {
    word: number
    for number, word in enumerate(
        (
            "deux",
            "trois",
            "quatre",
            "cinq",
            "six",
            "sept",
            "huit",
            "neuf",
            "dix",
        ),
        2,
    )
} | {"un": 1, "une": 1}
_UNITS: Final = {
    "minute": timedelta(minutes=1),
    "heure": timedelta(hours=1),
    "jour": timedelta(days=1),
    "semaine": timedelta(weeks=1),
}
_BACK: Final = {"aujourd'hui": 0, "hier": 1, "avant-hier": 2}
_PUBLISHED: Final = re.compile(
    r"\b(?:publiée?|parue?|postée?|mise? en ligne|créée?|rédigée?)\b.{0,12}\d"
    r"|\ble \d{1,2}/\d{1,2}/\d{2}|\b(?:publiée?|paru) (?:il y a|hier|aujourd)",
    re.IGNORECASE,
)
#: Code points at the start of a line in which "Publié le" stands.
DATE_LINE: Final = 160
#: Letters beside the date in a line that is a date line: a weekday, a place, a section.
BESIDE_DATE: Final = 24
_CHANGED: Final = re.compile(r"mis(?:e)? à jour|modifié|actualisé|màj|\bmaj\b", re.IGNORECASE)
_STAMP: Final = re.compile(r"^1\d{9}(?:\d{3})?$")


@dataclass(frozen=True, slots=True)
class Dating:
    """When, and who said so ("" when nobody)."""

    published: datetime | None
    modified: datetime | None
    dated_by: str


def dating(tree: HtmlElement, said: Declared, page: Page, byline: str) -> Dating:
    """Publication and modification of `page`; `byline` is the text around its title."""
    changed = _first(_changes(said, byline, page.fetched), page.fetched)
    modified = changed[0] if changed else None
    own = _first(_claims(tree, said, byline, page.fetched), page.fetched, byline)
    entry = page.entry
    found = own
    if entry and entry.published and entry.published <= page.fetched + AHEAD:
        found = (entry.published, "entry")
        if own and modified and own[0] < entry.published - MOVED:
            # some feeds move the date of an item when its article is revised
            moved = abs(entry.published - modified) <= MOVED
            found = own if moved else found
    if found is None:
        found = _searched(tree, page)
    published = found[0] if found else None
    if entry and entry.updated and (modified is None or entry.updated > modified):
        modified = entry.updated if entry.updated <= page.fetched + AHEAD else modified
    if published and modified and modified <= published:
        modified = None
    return Dating(published, modified, found[1] if found else "")


def _claims(
    tree: HtmlElement, said: Declared, byline: str, fetched: datetime
) -> Iterator[tuple[datetime | None, str]]:
    for key in ("datePublished", "dateCreated", "uploadDate"):
        yield parse(said.said(key)), "json-ld"
    for name in _META:
        yield parse(said.first(name)), "meta"
    for element in tree.xpath("//*[@datetime or @itemprop='datePublished']"):
        stamp = element.get("datetime") or element.get("content")
        if stamp and not _CHANGED.search(_near(element)):
            # the attribute may be the last change, where the text says "Publié le"
            told = spoken(element.text or "", None) if element.tag == "time" else None
            moment = parse(stamp)
            if told and moment and told.date() != moment.astimezone(PARIS).date():
                moment = told
            yield moment, "time"
    for line in byline.split("\n"):
        if _tells_date(line):
            yield spoken(_CHANGED.split(line)[0], fetched), "text"


def _tells_date(line: str) -> bool:
    """Whether a line near the title is a date line, and no caption that names a day."""
    if _PUBLISHED.search(line[:DATE_LINE]):
        return True
    match = _WORDS.search(line) or _FIGURES.search(line) or _AGO.search(line) or _NEAR.search(line)
    rest = line[: match.start()] + line[match.end() :] if match else line
    return match is not None and len(re.sub(r"\W", "", rest)) <= BESIDE_DATE


def _changes(
    said: Declared, byline: str, fetched: datetime
) -> Iterator[tuple[datetime | None, str]]:
    yield parse(said.said("dateModified")), "json-ld"
    for name in _META_CHANGED:
        yield parse(said.first(name)), "meta"
    if cut := _CHANGED.search(byline):
        yield spoken(byline[cut.end() : cut.end() + 60], fetched), "text"


def _near(element: HtmlElement) -> str:
    parent = element.getparent()
    own = f"{element.get('class') or ''} {element.get('itemprop') or ''} {element.text or ''}"
    return own if parent is None else f"{own} {parent.get('class') or ''} {parent.text or ''}"


def _first(
    claims: Iterator[tuple[datetime | None, str]], fetched: datetime, byline: str = ""
) -> tuple[datetime, str] | None:
    for moment, source in claims:
        if moment is None:
            continue
        mended = _from_paris(moment, byline, fetched)
        if EARLIEST <= mended <= fetched + AHEAD:
            return mended, source
    return None


def _from_paris(moment: datetime, byline: str, fetched: datetime) -> datetime:
    """`moment`, or the same hour in Paris where the page labels Paris time as GMT.

    It does when readers are shown the same hour, or when the moment is still to come.
    """
    if moment.utcoffset() != timedelta(0):
        return moment
    local = moment.replace(tzinfo=PARIS)
    shown = any(
        (int(m["hour"]), int(m["minute"] or 0)) == (moment.hour, moment.minute)
        for pattern in (_WORDS, _FIGURES)
        for m in pattern.finditer(byline)
        if m["hour"] and int(m["day"]) == moment.day
    )
    ahead = moment > fetched + AHEAD and local <= fetched + AHEAD
    midnight = (moment.hour, moment.minute, moment.second) == (0, 0, 0)
    return local if (shown and not midnight) or ahead else moment


def _searched(tree: HtmlElement, page: Page) -> tuple[datetime, str] | None:
    """What htmldate finds, a day at midnight in Paris."""
    try:
        day = find_date(
            tree,
            extensive_search=False,
            original_date=True,
            url=page.final_url or None,
            max_date=page.fetched.strftime("%Y-%m-%d"),
        )
    except (ValueError, TypeError, AttributeError, OverflowError):
        # its patterns are guesses and now and then trip over what they meet
        return None
    moment = parse(day or "")
    return (moment, "htmldate") if moment and moment >= EARLIEST else None


def parse(stamp: str) -> datetime | None:
    """A machine's time stamp as an aware time; None when it is none."""
    text = restored(stamp).strip()
    if not text or len(text) > 60:
        return None
    if _STAMP.match(text):
        return datetime.fromtimestamp(int(text[:10]), UTC)
    moment = _iso(text) or _mail(text)
    if moment is None:
        return spoken(text, None)
    return moment if moment.tzinfo else moment.replace(tzinfo=PARIS)


def _iso(text: str) -> datetime | None:
    tidy = re.sub(r"\s+([+-]\d{2}:?\d{2}|Z|UTC|GMT)$", r"\1", text)
    tidy = re.sub(r"(?:UTC|GMT)$", "Z", tidy)
    tidy = re.sub(r"(?<=\d)CES?T(?=\d)", "T", tidy)
    try:
        return datetime.fromisoformat(tidy)
    except ValueError:
        # the time may be unreadable, the day in front of it is not
        day = re.match(r"(\d{4}-\d{2}-\d{2})(?:[T ].*)?$", tidy)
        try:
            return datetime.fromisoformat(day[1]) if day else None
        except ValueError:
            return None


def _mail(text: str) -> datetime | None:
    try:
        return parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError):
        return None


def spoken(text: str, fetched: datetime | None) -> datetime | None:
    """A time as French readers are told it; `fetched` is what "hier" and a bare day refer to."""
    text = restored(text)
    match = _WORDS.search(text) or _FIGURES.search(text)
    if match:
        return _calendar(match, fetched)
    if fetched is None:
        return None
    local = fetched.astimezone(PARIS)
    if match := _AGO.search(text):
        count = match["count"].lower()
        number = int(count) if count.isdigit() else _NUMBERS[count]
        return local - number * _UNITS[match["unit"].lower()]
    if match := _NEAR.search(text):
        day = local - timedelta(days=_BACK[match["when"].lower().replace("’", "'")])
        return _at(day.year, day.month, day.day, match)
    return None


def _calendar(match: re.Match[str], fetched: datetime | None) -> datetime | None:
    month = match["month"].lower()
    number = int(month) if month.isdigit() else _month(month)
    year = match["year"]
    if year:
        return _at(int(year) + (2000 if len(year) == 2 else 0), number, int(match["day"]), match)
    if fetched is None:
        return None
    # without a year: the last such day before the fetch
    local = fetched.astimezone(PARIS)
    moment = _at(local.year, number, int(match["day"]), match)
    if moment and moment > fetched + timedelta(days=1):
        return _at(local.year - 1, number, int(match["day"]), match)
    return moment


def _month(word: str) -> int:
    return next(number for stem, number in _MONTHS.items() if word.startswith(stem))


def _at(year: int, month: int, day: int, clock: re.Match[str]) -> datetime | None:
    hour, minute = int(clock["hour"] or 0), int(clock["minute"] or 0)
    try:
        return datetime(year, month, day, hour, minute, tzinfo=PARIS)
    except ValueError:
        return None
