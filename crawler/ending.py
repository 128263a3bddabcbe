"""The end of a crawl: what was kept is posted, then each outlet gets its state and its report."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from crawler import health
from crawler.errand import Errand
from crawler.report import CUT_OFF, FAILURES, LEAST_UNREACHED, OutletReport, Result
from crawler.round import Round
from pipelines import cadence

#: What is noted of each outlet when nobody at all answered; it is held against none of them.
OFFLINE = "nobody could be reached: probably this machine's network"


async def end(round_: Round, errands: Iterable[Errand]) -> None:
    """Post first: a kill before the states are written leaves a first run that goes on.

    So does a signal, or a full disk: what a first run gathered waits for the next crawl.
    """
    if not round_.probing and round_.ended not in CUT_OFF:
        for _ in round_.sink.finish(round_.now()):
            await asyncio.sleep(0)  # signals and log lines get their turn between two transactions
    made = tuple(errands)
    unreached = sum(errand.outcome()[0] == "unreachable" for errand in made)
    offline = not round_.answers and unreached >= LEAST_UNREACHED
    if offline:
        round_.fetching.policies.ask_again()
    for errand in made:
        _end_one(round_, errand, offline=offline)
    round_.complete = True


def _next_check(round_: Round, errand: Errand, now: datetime) -> datetime:
    """By how much of what was shown was new; a Retry-After goes first."""
    before, config = errand.state, round_.config
    gap = before.next_check - before.checked if before.next_check and before.checked else None
    hint = timedelta(minutes=errand.hint_minutes) if errand.hint_minutes else None
    look = cadence.Look(gap, errand.shown, errand.new, hint)
    zone = ZoneInfo(config.timezone)
    plan = cadence.next_look(errand.outlet, look, now, zone, config.schedule)
    return max(plan.at, errand.wait_until or plan.at)


def _end_one(round_: Round, errand: Errand, *, offline: bool) -> None:
    result, reason = errand.outcome()
    if offline and result == "unreachable":
        round_.fetching.outlets.keep_state(replace(errand.state, reason=OFFLINE))
    else:
        _keep_state(round_, errand, result, reason)
    report = OutletReport(
        outlet=errand.outlet.id,
        result=result,
        reason=reason,
        kind=errand.answered,
        new=errand.new,
        pages=errand.pages,
    )
    round_.reports.append(report)
    if result not in FAILURES:
        news = f"{errand.new} new, {errand.pages} pages read"
        round_.progress(f"{errand.outlet.id}: {result}, {news}{f' ({reason})' if reason else ''}")


def _keep_state(round_: Round, errand: Errand, result: Result, reason: str) -> None:
    now, outlets = round_.now(), round_.fetching.outlets
    with round_.fetching.transaction():
        if errand.requests:
            outlets.add_observation(errand.outlet.id, errand.observation(), now)
        state = health.next_state(
            errand.outlet,
            errand.state,
            result,
            reason,
            errand.answered,
            outlets.observations(errand.outlet.id, now - health.BASELINE),
            outlets.resources(errand.outlet.id),
            errand.wait_until,
            now,
        )
        if round_.ended in CUT_OFF:
            state = replace(state, first=errand.state.first)
        if result in ("ok", "unchanged"):
            state = replace(state, next_check=_next_check(round_, errand, now))
        outlets.keep_state(state)
