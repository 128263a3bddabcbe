"""Who is told what and when: one pure policy, apart from sending.

`passes` says which changes of an article a channel wants at all, `decide` when the message about
them goes out. Every answer carries its reason in words, for `veille alerts preview` and
`veille explain`. Nothing here looks at a clock or a database.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from pipelines.alert import telling
from pipelines.alert.telling import Line
from pipelines.alert.words import DIGEST_ONLY
from pipelines.config import Rules
from pipelines.records import FOUND_LATE, Label

Mode = Literal["immediate", "daily", "weekly", "quiet-hours", "cap", "cooldown", "muted"]

#: Days of the week as `datetime.weekday` counts them.
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
#: Told at once by default, whatever the sum.
AT_ONCE = ("confirmed", "denied", "contradiction", "corrected")
#: Tiers from here on never make an immediate message alone (rules of the ledger, A14).
WEAK_TIER = 3
HOUR = timedelta(hours=1)
#: A deal that was found late is no alert, but news to whoever reads digests, so long.
LATE = timedelta(days=30)


def is_queued(label: Label, alert: bool, rule: str, age: timedelta) -> bool:
    """Whether an outcome of an article so old is asked about at all; `quiet` is nobody's."""
    if label == "backfilled":
        # what a text recalls is backfilled too, most of it years old: not that
        return rule == FOUND_LATE and age < LATE
    return alert or label == "held"


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the rules ask of the article behind the changes."""

    tier: int = 2
    satire: bool = False
    language: str | None = None
    confidence: Mapping[int, float] = field(default_factory=dict)  # by position of the claim


@dataclass(frozen=True, slots=True)
class Sent:
    """What the channel has sent before."""

    last_hour: tuple[datetime, ...] = ()  # oldest first
    deal: datetime | None = None  # last message about one of these deals
    told: frozenset[int] = frozenset()  # ids of wrong changes that this channel was told


@dataclass(frozen=True, slots=True)
class Decision:
    """Which changes go out, how and when, and why."""

    mode: Mode
    due: datetime
    told: tuple[int, ...]
    reason: str


def decide(
    rules: Rules,
    lines: Sequence[Line],
    evidence: Evidence,
    sent: Sent,
    now: datetime,
    zone: ZoneInfo,
) -> Decision:
    """When the message about the changes `lines` of one article goes out on a channel."""
    kept = [line for line in lines if not objection(rules, line, evidence, sent)]
    told = tuple(line["id"] for line in kept)
    if not kept:
        reasons = dict.fromkeys(objection(rules, line, evidence, sent) for line in lines)
        return Decision("muted", now, (), "; ".join(reasons))
    at_once, reason = _at_once(rules, kept, evidence)
    if rules.when == "immediate" and all(line["change"] in DIGEST_ONLY for line in kept):
        return Decision("muted", now, (), f"{reason}, and this channel has none")
    if not at_once:
        if rules.when == "weekly":
            return Decision("weekly", next_weekly(rules, now, zone), told, reason)
        return Decision("daily", next_daily(rules.at, now, zone), told, reason)
    if quiet := quiet_until(rules, now, zone):
        return Decision("quiet-hours", quiet, told, f"{reason}; quiet hours until {quiet:%H:%M}")
    if free := cap_until(rules, sent.last_hour):
        reason = f"{reason}; {rules.cap_per_hour} messages in the last hour"
        return Decision("cap", free, told, reason)
    cool = timedelta(minutes=rules.cooldown_minutes)
    if sent.deal and sent.deal + cool > now:
        ago = int((now - sent.deal).total_seconds() // 60)
        reason = f"{reason}; told of this deal {ago} min ago"
        return Decision("cooldown", sent.deal + cool, told, reason)
    return Decision("immediate", now, told, reason)


def objection(rules: Rules, line: Line, evidence: Evidence, sent: Sent) -> str:
    """Why a channel does not want a change; "" when it does."""
    if line["corrects"] is not None:
        # whoever was told the wrong thing is told that it was, and nobody else
        return "" if line["corrects"] in sent.told else "what it corrects was not told here"
    if rules.companies and not {line["payee"], *line["payers"]} & set(rules.companies):
        return "none of the channel's companies"
    if rules.kinds and line["kind"] not in rules.kinds:
        return f"kind {line['kind']} is not asked for"
    if rules.changes and not {line["change"], *line["also"]} & set(rules.changes):
        return f"change {line['change']} is not asked for"
    if rules.languages and evidence.language not in rules.languages:
        return f"language {evidence.language or 'unknown'} is not asked for"
    amount = max(telling.top(line["before"]), telling.top(line["after"]))
    if amount < rules.least_amount:
        return f"{amount} is below least_amount {rules.least_amount}"
    confidence = max((evidence.confidence.get(p, 1.0) for p in line["claims"]), default=1.0)
    if confidence < rules.least_confidence:
        return f"confidence {confidence:.2f} is below least_confidence {rules.least_confidence}"
    return ""


def _at_once(rules: Rules, kept: Sequence[Line], evidence: Evidence) -> tuple[bool, str]:
    """Whether one of the changes is worth a message now, and which rule says so."""
    if any(line["corrects"] is not None for line in kept):
        return True, "takes back what was told"
    urgent = [line for line in kept if line["change"] not in DIGEST_ONLY]
    if not urgent:
        return False, f"{kept[0]['change']}: digests only"
    if rules.when in ("daily", "weekly"):
        return False, f'when = "{rules.when}"'
    backed = max(line["corroborations"]["independent"] for line in urgent) > 1
    if evidence.satire and not backed:
        return False, "satire never alerts alone"
    if evidence.tier >= WEAK_TIER and not backed:
        return False, f"an outlet of tier {evidence.tier} never alerts alone"
    if rules.when == "immediate":
        return True, 'when = "immediate"'
    for line in sorted(urgent, key=telling.weight):
        found = {line["change"], *line["also"]} & set(AT_ONCE)
        if found:
            return True, f"{min(found)}: at once"
    largest = max(urgent, key=lambda line: telling.top(line["after"]))
    amount = telling.top(largest["after"])
    if amount >= rules.at_once_amount:
        return True, f"{largest['change']} of {amount}, from {rules.at_once_amount} on at once"
    return False, f"{largest['change']} of {amount}, below at_once_amount {rules.at_once_amount}"


# -- times -------------------------------------------------------------------------------------


def next_daily(at: time, now: datetime, zone: ZoneInfo) -> datetime:
    """The next time that the local clock shows `at`."""
    return _next(at, now, zone, lambda _: True)


def next_weekly(rules: Rules, now: datetime, zone: ZoneInfo) -> datetime:
    return _next(rules.at, now, zone, lambda day: WEEKDAYS[day.weekday()] == rules.weekday)


def last_digest(rules: Rules, now: datetime, zone: ZoneInfo) -> datetime:
    """The last time, now or before, at which a digest was due."""
    step = timedelta(days=7 if rules.when == "weekly" else 1)
    following = next_weekly(rules, now, zone) if rules.when == "weekly" else None
    following = following or next_daily(rules.at, now, zone)
    local = following.astimezone(zone)
    # local calendar days, so that a change of the clock moves nothing
    return _local(local.date() - step, rules.at, zone).astimezone(now.tzinfo)


def _next(at: time, now: datetime, zone: ZoneInfo, fits: Callable[[datetime], bool]) -> datetime:
    day = now.astimezone(zone).date()
    for ahead in range(9):
        due = _local(day + timedelta(days=ahead), at, zone)
        if due > now and fits(due):
            return due.astimezone(now.tzinfo)
    raise AssertionError("every day of the week comes within eight days")


def _local(day: date, at: time, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, at, zone)


def quiet_until(rules: Rules, now: datetime, zone: ZoneInfo) -> datetime | None:
    """When the quiet hours end that `now` is in; None outside of them."""
    if rules.quiet_hours is None:
        return None
    start, end = rules.quiet_hours
    clock = now.astimezone(zone).time()
    inside = start <= clock < end if start <= end else clock >= start or clock < end
    return next_daily(end, now, zone) if inside else None


def cap_until(rules: Rules, last_hour: Sequence[datetime]) -> datetime | None:
    """When the next message may go out; None when it may now."""
    if not rules.cap_per_hour or len(last_hour) < rules.cap_per_hour:
        return None
    return last_hour[-rules.cap_per_hour] + HOUR
