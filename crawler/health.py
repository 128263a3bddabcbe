"""How an outlet is: its verdict against its own baseline, and when it is looked at next.

Nothing is ever switched off: an outlet that fails is asked less often, at most a day apart.

    ok         it answers, and as much as it used to
    late       it answers, but shows nothing new for three times its usual gap
    blocked    a wall: 202, 401, 403, 429, challenge or consent page
    moved      a permanent redirect leads elsewhere
    malformed  it answers with nothing that can be read
    dead       404, 410, or no answer for a week
    drifting   it answers, but dates or words are lost, or pages are blocked, against its own past
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import assert_never

from crawler.report import Result
from pipelines.records import Outlet
from pipelines.store.outlet_state import Observation, OutletState, Resource, Verdict

#: Gap between two checks of an outlet that has no baseline yet, and the shortest there is.
SHORTEST_GAP = timedelta(minutes=30)

#: Longest gap between two checks, healthy or not.
LONGEST_GAP = timedelta(hours=24)

#: Added to the gap with every failure in a row: half a day off after twelve of them.
BACK_OFF = timedelta(hours=1)

#: Adaptive gap: this share of the time between two new entries, so that few are ever missed.
SHARE_OF_RHYTHM = 0.5

#: How far back a baseline reaches.
BASELINE = timedelta(days=28)

#: Observations below which there is no baseline: a day of half-hourly checks.
LEAST_OBSERVATIONS = 48

#: Quiet for so many times the usual gap between new entries: late.
LATE_FACTOR = 3

#: An outlet that publishes once a day is not late after three quiet days of holidays.
LATE_LEAST = timedelta(days=2)

#: Unreachable for so long: dead.
DEAD_AFTER = timedelta(days=7)

#: The last checks are held against the ones before: as many as make a day.
RECENT = 48

#: A share (dated, blocked) that moved by this much, or words that halved: drifting.
DRIFT = 0.4


@dataclass(frozen=True, slots=True)
class Baseline:
    """What is usual for an outlet. None where too little was seen."""

    entries_a_day: float
    words: float | None  # a page
    dated: float | None  # share of new entries with a date
    blocked: float  # share of requests
    unchanged: float  # share of requests


def baseline(seen: Sequence[tuple[datetime, Observation]]) -> Baseline | None:
    """The baseline of observations, oldest first; None when they are too few."""
    if len(seen) < LEAST_OBSERVATIONS:
        return None
    days = max((seen[-1][0] - seen[0][0]) / timedelta(days=1), 0.5)
    # the first crawl of an outlet finds weeks of entries at once
    counted = [one for _, one in seen[1:]]
    entries = sum(one.entries for one in counted)
    pages = sum(one.pages for one in counted)
    requests = sum(one.requests for one in counted) or 1
    return Baseline(
        entries_a_day=entries / days,
        words=sum(one.words for one in counted) / pages if pages else None,
        dated=sum(one.dated for one in counted) / entries if entries else None,
        blocked=sum(one.blocked for one in counted) / requests,
        unchanged=sum(one.unchanged for one in counted) / requests,
    )


def next_state(
    outlet: Outlet,
    before: OutletState,
    result: Result,
    reason: str,
    kind: str,
    seen: Sequence[tuple[datetime, Observation]],
    resources: Sequence[Resource],
    wait_until: datetime | None,
    now: datetime,
) -> OutletState:
    """The state of an outlet after a visit. Pure."""
    if result == "waiting":
        return replace(before, next_check=_later(before.next_check, wait_until))
    failed = result not in ("ok", "unchanged")
    failures = before.failures + 1 if failed else 0
    usual = baseline(seen[:-RECENT])
    verdict, why = _verdict(before, result, reason, usual, seen, resources, now)
    gap = LONGEST_GAP if failures * BACK_OFF >= LONGEST_GAP else _gap(outlet, usual)
    gap = min(gap + failures * BACK_OFF, LONGEST_GAP)
    return OutletState(
        outlet=outlet.id,
        first=before.first if failed else before.first or now,
        checked=now,
        succeeded=before.succeeded if failed else now,
        next_check=_later(now + gap, wait_until),
        failures=failures,
        verdict=verdict,
        reason=why,
        kind=kind or before.kind,
    )


def _later(one: datetime | None, other: datetime | None) -> datetime | None:
    """The later of two times, where there are two."""
    return max((at for at in (one, other) if at is not None), default=None)


def _gap(outlet: Outlet, usual: Baseline | None) -> timedelta:
    """Between two checks of a healthy outlet: fixed by the catalogue, or after its rhythm."""
    if outlet.every_minutes is not None:
        return timedelta(minutes=outlet.every_minutes)
    if usual is None:
        return SHORTEST_GAP
    rhythm = timedelta(days=1) / max(usual.entries_a_day, 0.01)
    return max(SHORTEST_GAP, min(rhythm * SHARE_OF_RHYTHM, LONGEST_GAP))


def _verdict(
    before: OutletState,
    result: Result,
    reason: str,
    usual: Baseline | None,
    seen: Sequence[tuple[datetime, Observation]],
    resources: Sequence[Resource],
    now: datetime,
) -> tuple[Verdict, str]:
    match result:
        case "blocked" | "forbidden":
            return "blocked", reason
        case "malformed":
            return "malformed", reason
        case "dead":
            return "dead", reason
        case "unreachable":
            since = before.succeeded or before.checked or now
            if now - since > DEAD_AFTER:
                return "dead", f"{reason}, for {(now - since).days} days"
            return "late", reason
        case "waiting":
            return before.verdict, before.reason
        case "ok" | "unchanged":
            return _healthy(reason, usual, seen, resources, now)
        case _:
            assert_never(result)


def _healthy(
    reason: str,
    usual: Baseline | None,
    seen: Sequence[tuple[datetime, Observation]],
    resources: Sequence[Resource],
    now: datetime,
) -> tuple[Verdict, str]:
    """An outlet that answered: has it moved, fallen silent, or changed its ways?"""
    moved = [one for one in resources if one.moved_to]  # written anew at every check
    if moved:
        return "moved", f"{moved[0].url} → {moved[0].moved_to}"
    if usual is not None and usual.entries_a_day > 0:
        last = max((at for at, one in seen if one.entries), default=seen[0][0])
        quiet = max(LATE_FACTOR * timedelta(days=1) / usual.entries_a_day, LATE_LEAST)
        if now - last > quiet:
            return "late", f"nothing new since {last:%Y-%m-%d}"
    recent = baseline(seen[-RECENT:])
    if usual is not None and recent is not None:
        drift = _drift(usual, recent)
        if drift:
            return "drifting", drift
    return "ok", reason


def _drift(usual: Baseline, recent: Baseline) -> str:
    """What of the last day is unlike the weeks before; "" when nothing is."""
    if recent.blocked - usual.blocked > DRIFT:
        return f"{recent.blocked:.0%} of requests blocked, {usual.blocked:.0%} before"
    if None not in (usual.dated, recent.dated) and (usual.dated or 0) - (recent.dated or 0) > DRIFT:
        return f"{recent.dated:.0%} of entries dated, {usual.dated:.0%} before"
    if usual.words and recent.words is not None and recent.words < usual.words / 2:
        return f"{recent.words:.0f} words a page, {usual.words:.0f} before"
    return ""
