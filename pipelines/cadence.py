"""When an outlet is next looked at: pure, so that ten days can be played in a moment.

Theory of operation. A feed shows its newest entries, a fixed number of them. The share that the
last look had already seen says how well the gap fits: hardly anything known (below a third) means
that entries are about to be missed, almost all known (above two thirds) that the look was wasted.
In between the gap stays. Between a floor (politeness) and a cap (news), the gap follows.

Exceptions, in this order: a fixed gap of the catalogue is kept as it is; news makes the outlets
that carry it hot, and a wall or an outage makes them slower (`crawler.health` adds that); at night
everybody is asked less often, and the first look of the morning is not slept through.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from hashlib import blake2b
from zoneinfo import ZoneInfo

from pipelines.config import Schedule
from pipelines.records import Outlet

#: Shortest gap between two looks at a feed that has no news: what publishers call polite.
FLOOR = timedelta(minutes=10)
#: Longest gap, whatever the outlet.
CAP = timedelta(days=1)
#: Longest gap of a tier-1 outlet in the day: news of the hour is told within it.
FIRST_TIER_CAP = timedelta(minutes=12)
#: Gap of an outlet that was never asked before.
FIRST_GAP = timedelta(hours=1)
#: Least gap at night.
NIGHT_GAP = timedelta(hours=1)
#: Shares of known entries below which a look comes sooner, and above which it comes later.
FRESH, STALE = 1 / 3, 2 / 3
#: What the gap is multiplied by: quick to follow a busy day, slower to fall asleep.
SOONER, LATER = 0.5, 1.5
#: Gaps are shortened by up to this share, so that outlets do not march in step.
JITTER = 0.1


@dataclass(frozen=True, slots=True)
class Look:
    """What is known of an outlet at the end of a visit."""

    gap: timedelta | None  # between the last two looks as it was planned; None: the first look
    shown: int  # entries that its feeds showed; 0 when nothing but 304 came
    new: int  # those of them that were not known
    hint: timedelta | None = None  # what the feed itself asks for (ttl, sy:updatePeriod)


@dataclass(frozen=True, slots=True)
class Plan:
    """When the next look is due, and why."""

    at: datetime
    gap: timedelta
    why: str


def next_look(outlet: Outlet, look: Look, now: datetime, zone: ZoneInfo, plan: Schedule) -> Plan:
    """When an outlet that answered is looked at next."""
    if outlet.every_minutes is not None:
        fixed = timedelta(minutes=outlet.every_minutes)
        return Plan(now + fixed, fixed, f"every {_minutes(fixed)}, by the catalogue")
    gap, why = _adapted(outlet, look)
    floor = max(FLOOR, min(look.hint or FLOOR, CAP))
    night = is_night(now.astimezone(zone).time(), plan.night_hours)
    if night:
        floor = max(floor, NIGHT_GAP)
    cap = FIRST_TIER_CAP if outlet.tier == 1 and not night else CAP
    gap = max(floor, min(gap, cap))
    # never below the floor: it is a promise to the publisher
    at = now + max(floor, gap * (1 - JITTER * _fraction(outlet.id, now)))
    if night and outlet.tier == 1:
        morning = _next_local(now, plan.night_hours[1], zone)
        at = max(now + FLOOR, min(at, morning + FLOOR * _fraction(outlet.id, now)))
    return Plan(at, gap, f"{why}{', at night' if night else ''}: {_minutes(gap)}")


def _adapted(outlet: Outlet, look: Look) -> tuple[timedelta, str]:
    """The gap before, made shorter or longer by how much of what was shown was known."""
    if look.gap is None:
        return (FIRST_TIER_CAP if outlet.tier == 1 else FIRST_GAP), "first gap"
    known = 1 - look.new / look.shown if look.shown else 1.0
    told = f"{known:.0%} of its entries were known"
    if known < FRESH:
        return look.gap * SOONER, f"sooner, {told}"
    if known > STALE:
        return look.gap * LATER, f"later, {told}"
    return look.gap, f"as before, {told}"


def hot_since(now: datetime, plan: Schedule) -> datetime:
    """News recorded after that is hot."""
    return now - timedelta(hours=plan.hot_hours)


def hot_check(
    outlet: Outlet, next_check: datetime | None, failures: int, now: datetime, plan: Schedule
) -> datetime | None:
    """The next check of an outlet that carries news; never sooner than a wall or the catalogue."""
    if outlet.every_minutes is not None or failures:
        return next_check
    soon = now + timedelta(minutes=plan.hot_minutes)
    return soon if next_check is None else min(next_check, soon)


def why(
    outlet: Outlet,
    checked: datetime | None,
    next_check: datetime | None,
    failures: int,
    hot: datetime | None,
    plan: Schedule,
) -> str:
    """Why the next check is when it is, for `status`. `hot`: when the news was that it carries."""
    if checked is None or next_check is None:
        return "never looked at"
    if outlet.every_minutes is not None:
        return f"every {_minutes(timedelta(minutes=outlet.every_minutes))}, by the catalogue"
    if failures:
        return f"{failures} failures in a row"
    if hot is not None:
        return f"carries news: every {plan.hot_minutes} minutes"
    return f"{_minutes(next_check - checked)} after the last look"


def is_night(at: time, night: tuple[time, time]) -> bool:
    """Whether a local time lies in hours that may span midnight."""
    start, end = night
    if start <= end:
        return start <= at < end
    return at >= start or at < end


def _next_local(now: datetime, at: time, zone: ZoneInfo) -> datetime:
    """The next moment when clocks show `at`."""
    local = now.astimezone(zone)
    found = local.replace(hour=at.hour, minute=at.minute, second=0, microsecond=0, fold=0)
    if found <= local:
        found += timedelta(days=1)  # wall-clock arithmetic: the same time tomorrow
    return found.astimezone(now.tzinfo)


def _fraction(outlet: str, now: datetime) -> float:
    """0 to 1, another for each outlet and look; the same in every replay."""
    seed = f"{outlet} {now.isoformat()}".encode()
    return int.from_bytes(blake2b(seed, digest_size=4).digest()) / 2**32


def _minutes(gap: timedelta) -> str:
    minutes = round(gap / timedelta(minutes=1))
    return f"{minutes} minutes" if minutes < 120 else f"{minutes / 60:.0f} hours"
