"""What a publisher permits, read from what it serves: robots.txt, tdmrep.json, headers, pages.

Pure: bytes and times in, decisions out. The rules, and where each comes from:

    robots.txt        RFC 9309: 4xx allows all, 5xx and no answer forbid all, longest match wins,
                      at least 500 KiB are read, kept for a day. 429 says "slower": no answer.
    Crawl-delay       not in the RFC, obeyed.
    named monitors    ours: who turns press monitors away by name does not want this one either;
                      its feed is for everybody.
    Content-Signal    `search=no` or `ai-input=no` reserve the pages.
    TDM reservation   tdmrep.json < header < HTML; each overrides the one before, absence never.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from functools import lru_cache
from typing import Literal

from protego import Protego

from pipelines.records import Outlet
from pipelines.store.outlet_state import Decided, HostPolicy

#: Product token that robots.txt files may name.
TOKEN = "veille"  # noqa: S105 a name, no secret

#: How long robots.txt and tdmrep.json are kept (RFC 9309, 2.4).
KEPT = timedelta(hours=24)

#: How long a host whose robots.txt could not be read is left alone before it is asked again.
UNREAD_KEPT = timedelta(minutes=20)

#: How long the word of a header or a page about its host is kept.
ANSWER_KEPT = timedelta(days=7)

#: Bytes of a robots.txt that are read (RFC 9309, 2.5 asks for 500 KiB at least).
ROBOTS_LIMIT = 512 * 1024

#: Longest Crawl-delay that is obeyed within a crawl, in seconds; more leaves it one page a crawl.
LONGEST_DELAY = 600.0

#: Product tokens of press monitors (robots.txt of French publishers refuse them by these names).
MONITORS = (
    "AMISoftware",
    "AMI Software",
    "Argus",
    "Cision",
    "Digimind",
    "KBCrawl",
    "KB Crawl",
    "Meltwater",
    "Qwam",
    "Sindup",
    "Talkwalker",
)

_SIGNAL = re.compile(r"^\s*content-signal\s*:\s*(.*)$", re.IGNORECASE | re.MULTILINE)
_REFUSING = re.compile(r"\b(search|ai-input)\s*=\s*no\b", re.IGNORECASE)
_META = re.compile(rb"<meta\b[^<>]{0,500}>", re.IGNORECASE)
_META_NAME = re.compile(rb"\bname\s*=\s*[\"']?tdm-reservation\b", re.IGNORECASE)
_META_VALUE = re.compile(rb"\bcontent\s*=\s*[\"']?\s*([01])\b", re.IGNORECASE)
#: Bytes of a page in which its reservation is looked for.
_HEAD = 128 * 1024

Reservation = Literal["", "0", "1"]  # not said, not reserved, reserved


@dataclass(frozen=True, slots=True)
class Permission:
    """Whether a URL may be asked for, and what says so."""

    allowed: bool
    rule: str = ""
    evidence: str = ""


@dataclass(frozen=True, slots=True)
class Ruling:
    """What an outlet permits on a host."""

    decision: Decided
    rule: str
    evidence: str


def holds(policy: HostPolicy, now: datetime) -> bool:
    """Whether robots.txt of a host need not be asked for again."""
    return now - policy.robots_at < (UNREAD_KEPT if is_unread(policy) else KEPT)


def is_unread(policy: HostPolicy) -> bool:
    """Whether the host was asked for robots.txt and gave none: for now all is forbidden.

    That is trouble on the way, and nothing that the publisher has said.
    """
    status = policy.robots_status
    return status is None or status == 429 or status >= 500


@lru_cache(maxsize=256)  # hosts of one crawl
def _rules(text: str) -> Protego:
    return Protego.parse(text[:ROBOTS_LIMIT])


def robots_permission(policy: HostPolicy, url: str) -> Permission:
    """What robots.txt of the host says about one URL."""
    status = policy.robots_status
    if status is None:
        return Permission(
            False, "robots", f"robots.txt unreachable: {policy.robots or 'no answer'}"
        )
    if status == 429 or status >= 500:
        return Permission(False, "robots", f"robots.txt answers {status}: all is forbidden")
    if status >= 400:
        return Permission(True, "robots", f"robots.txt answers {status}: all is allowed")
    if _rules(policy.robots).can_fetch(url, TOKEN):
        return Permission(True, "robots", "allowed by robots.txt")
    return Permission(False, "robots", "disallowed by robots.txt")


def crawl_delay(policy: HostPolicy) -> float | None:
    """Seconds between two requests that robots.txt asks for; None: it does not."""
    if policy.robots_status is None or policy.robots_status >= 400:
        return None
    delay = _rules(policy.robots).crawl_delay(TOKEN)
    return None if delay is None else min(delay, LONGEST_DELAY)


def robots_sitemaps(policy: HostPolicy) -> tuple[str, ...]:
    """Sitemaps that robots.txt names."""
    if policy.robots_status is None or policy.robots_status >= 400:
        return ()
    return tuple(_rules(policy.robots).sitemaps)


def refused_monitor(policy: HostPolicy) -> str | None:
    """The press monitor that robots.txt turns away by name, where others may come in."""
    if policy.robots_status is None or policy.robots_status >= 400:
        return None
    rules = _rules(policy.robots)
    front = f"https://{policy.host}/"
    if not rules.can_fetch(front, "*"):
        return None
    return next((name for name in MONITORS if not rules.can_fetch(front, name)), None)


def content_signal(policy: HostPolicy) -> str | None:
    """The Content-Signal of robots.txt by which the pages are reserved."""
    if policy.robots_status is None or policy.robots_status >= 400:
        return None
    for line in _SIGNAL.findall(policy.robots):
        if _REFUSING.search(line):
            return str(line).strip()
    return None


def tdm_of_file(policy: HostPolicy, path: str) -> Reservation:
    """What tdmrep.json says of a path: the most specific `location` that matches it."""
    if policy.tdm_status != 200:
        return ""
    try:
        rules = json.loads(policy.tdm)
    except (ValueError, RecursionError):
        return ""
    best: tuple[int, Reservation] = (-1, "")
    for rule in rules if isinstance(rules, list) else ():
        if not isinstance(rule, dict) or not isinstance(rule.get("location"), str):
            continue
        location, said = rule["location"], str(rule.get("tdm-reservation", ""))
        if said in ("0", "1") and len(location) > best[0] and _covers(location, path):
            best = (len(location), "1" if said == "1" else "0")
    return best[1]


def _covers(location: str, path: str) -> bool:
    """Whether a `location` of tdmrep.json (`/a/*`, `*.pdf$`, `/`) covers a path."""
    anchored = location.endswith("$")
    parts = re.sub(r"\*+", "*", location.removesuffix("$")).split("*")
    if not path.startswith(parts[0]):
        return False
    place = len(parts[0])
    for part in parts[1:]:
        found = path.find(part, place)
        if found < 0:
            return False
        place = found + len(part)
    return not anchored or place == len(path) or (path.endswith(parts[-1]) and len(parts) > 1)


def tdm_of_answer(headers: tuple[tuple[str, str], ...], body: bytes) -> Reservation:
    """What a page says of itself: its header, overridden by its HTML."""
    said: Reservation = ""
    for name, value in headers:
        if name == "tdm-reservation" and value.strip() in ("0", "1"):
            said = "1" if value.strip() == "1" else "0"
    for tag in _META.findall(body[:_HEAD]):
        if _META_NAME.search(tag):
            content = _META_VALUE.search(tag)
            if content:
                said = "1" if content[1] == b"1" else "0"
    return said


def decide(outlet: Outlet, policy: HostPolicy, path: str, now: datetime) -> Ruling:
    """What an outlet permits for pages at a path of a host: the first rule that forbids."""
    if outlet.policy == "off":
        return Ruling("off", "catalogue", "policy off")
    if outlet.policy == "feed":
        return Ruling("feed", "catalogue", "policy feed")
    if outlet.licence:
        return Ruling("feed", "licence", "the publisher demands a licence for monitoring")
    if is_unread(policy):
        found = robots_permission(policy, f"https://{policy.host}/")
        return Ruling("feed", found.rule, found.evidence)
    monitor = refused_monitor(policy)
    if monitor is not None:
        return Ruling("feed", "named monitors", f"robots.txt turns {monitor} away by name")
    signal = content_signal(policy)
    if signal is not None:
        return Ruling("feed", "Content-Signal", f"robots.txt: {signal}")
    answer_holds = policy.answer_at is not None and now - policy.answer_at < ANSWER_KEPT
    if policy.answer_tdm and answer_holds:
        if policy.answer_tdm == "1":
            return Ruling("feed", "TDM reservation", "tdm-reservation: 1 on a page of the host")
        return Ruling("open", "TDM reservation", "tdm-reservation: 0 on a page of the host")
    if tdm_of_file(policy, path) == "1":
        return Ruling("feed", "TDM reservation", f"tdmrep.json reserves {path[:80]}")
    return Ruling("open", "robots", robots_permission(policy, f"https://{policy.host}/").evidence)


def retry_after(value: str, now: datetime) -> datetime | None:
    """The time that a Retry-After header names, in seconds or as a date; None: it names none."""
    value = value.strip()
    if value.isascii() and value.isdigit():
        return now + timedelta(seconds=min(int(value[:9]), _LONGEST_WAIT))
    try:
        named = parsedate_to_datetime(value)
    except (TypeError, ValueError):
        return None
    if named.tzinfo is None:
        return None
    return max(now, min(named, now + timedelta(seconds=_LONGEST_WAIT)))


#: Longest Retry-After that is believed, in seconds: an outlet is never off, only slower.
_LONGEST_WAIT = 24 * 3600
