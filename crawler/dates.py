"""Dates that feedparser leaves unread: French month names, times without a T, bare days."""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

#: A time without a zone in the French press is Paris time.
PARIS = ZoneInfo("Europe/Paris")

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan janv janvier january",
            "feb fev fevr fevrier february",
            "mar mars march",
            "apr avr avril april",
            "may mai",
            "jun juin june",
            "jul juil juillet july",
            "aug aou aout august",
            "sep sept septembre september",
            "oct octobre october",
            "nov novembre november",
            "dec decembre december",
        ),
        start=1,
    )
    for name in names.split()
}

_CLOCK = r"(?:[T\s,àa]+(\d{1,2})\s?[:h]\s?(\d{2})(?::(\d{2})(?:[.,]\d+)?)?)?"
_ZONE = r"\s*(Z|UTC|GMT|CEST|CET|[+-]\d{2}:?\d{2})?"
_ISO = re.compile(rf"\s*(\d{{4}})-(\d{{1,2}})-(\d{{1,2}}){_CLOCK}{_ZONE}", re.IGNORECASE)
_NUMBERS = re.compile(rf"\s*(\d{{1,2}})[/.](\d{{1,2}})[/.](\d{{4}}){_CLOCK}{_ZONE}", re.IGNORECASE)
_NAMED = re.compile(
    rf"(?:[a-z]{{2,9}}\.?,?\s+)?(\d{{1,2}})(?:er|st|nd|rd|th)?\s+([a-z]{{3,9}})\.?\s+(\d{{4}})"
    rf"{_CLOCK}{_ZONE}",
    re.IGNORECASE,
)
_OFFSETS = {"z": 0, "utc": 0, "gmt": 0, "cet": 60, "cest": 120}  # minutes east of Greenwich


def read_date(text: str) -> datetime | None:
    """A written date as an instant in UTC; None when it is none, or no possible one."""
    text = text.strip()[:64]
    if not text:
        return None
    bare = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    for pattern, order in ((_ISO, "ymd"), (_NUMBERS, "dmy"), (_NAMED, "dmy")):
        match = pattern.match(bare)
        if match is None:
            continue
        first, second, third = match.group(1, 2, 3)
        month = _MONTHS.get(second.lower()) if pattern is _NAMED else int(second)
        if month is None:
            return None
        year, day = (int(first), int(third)) if order == "ymd" else (int(third), int(first))
        hour, minute, seconds = (int(part or 0) for part in match.group(4, 5, 6))
        return _instant((year, month, day, hour, minute, seconds), match.group(7))
    return None


def _instant(parts: tuple[int, int, int, int, int, int], zone: str | None) -> datetime | None:
    try:
        naive = datetime(*parts)  # noqa: DTZ001 the zone is put on below
        if zone is None:
            return naive.replace(tzinfo=PARIS).astimezone(UTC)
        return naive.replace(tzinfo=timezone(_offset(zone))).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _offset(zone: str) -> timedelta:
    named = _OFFSETS.get(zone.lower())
    if named is not None:
        return timedelta(minutes=named)
    sign = -1 if zone[0] == "-" else 1
    digits = zone[1:].replace(":", "")
    return sign * timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
