"""How outlets are: verdicts against their own baseline, back-off, nothing ever switched off."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from crawler.health import LONGEST_GAP, SHORTEST_GAP, next_state
from crawler.report import Result
from pipelines.records import Outlet
from pipelines.store.outlet_state import Observation, OutletState, Resource

NOW = datetime(2026, 3, 20, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
OUTLET = Outlet("a", "A", "https://a.example/", "probe")
Seen = list[tuple[datetime, Observation]]


def hourly(count: int, end: datetime = NOW, **counts: int) -> Seen:
    """As many observations, an hour apart, the last one now."""
    whole = {"requests": 2, "entries": 1, "dated": 1, "pages": 1, "words": 400} | counts
    return [(end - HOUR * n, Observation(**whole)) for n in range(count, 0, -1)]


def state(
    result: Result,
    before: OutletState | None = None,
    *,
    reason: str = "",
    seen: Seen | None = None,
    outlet: Outlet = OUTLET,
    resources: tuple[Resource, ...] = (),
    wait_until: datetime | None = None,
) -> OutletState:
    known = before or OutletState("a", first=NOW - 9 * HOUR, succeeded=NOW - HOUR)
    return next_state(outlet, known, result, reason, "feed", seen or [], resources, wait_until, NOW)


@pytest.mark.parametrize(
    ("result", "verdict"),
    [
        ("ok", "ok"),
        ("unchanged", "ok"),
        ("blocked", "blocked"),
        ("forbidden", "blocked"),
        ("malformed", "malformed"),
        ("dead", "dead"),
        ("unreachable", "late"),
    ],
)
def test_a_result_is_a_verdict(result: Result, verdict: str) -> None:
    assert state(result, reason="status 500").verdict == verdict


def test_a_week_without_an_answer_is_death() -> None:
    before = OutletState("a", succeeded=NOW - timedelta(days=8), failures=9)
    assert state("unreachable", before, reason="time-out").verdict == "dead"


@pytest.mark.parametrize(
    ("failures", "gap"),
    [(0, 1.5 * HOUR), (1, 2.5 * HOUR), (5, 6.5 * HOUR), (30, LONGEST_GAP), (9999, LONGEST_GAP)],
)
def test_back_off_is_linear_and_never_longer_than_a_day(failures: int, gap: timedelta) -> None:
    before = OutletState("a", failures=failures)
    after = state("unreachable", before)
    assert after.next_check == NOW + gap
    assert after.failures == failures + 1


def test_a_success_ends_the_back_off() -> None:
    after = state("ok", OutletState("a", failures=20))
    assert (after.failures, after.next_check) == (0, NOW + SHORTEST_GAP)
    assert after.succeeded == NOW


def test_the_catalogue_may_fix_the_gap() -> None:
    outlet = Outlet("a", "A", "https://a.example/", "probe", every_minutes=180)
    assert state("ok", outlet=outlet).next_check == NOW + 3 * HOUR


def test_an_outlet_that_publishes_rarely_is_asked_rarely() -> None:
    rare = [
        (at, Observation(requests=1, entries=int(n % 48 == 0), dated=int(n % 48 == 0)))
        for n, (at, _) in enumerate(hourly(200))
    ]
    next_check = state("unchanged", seen=rare).next_check
    assert next_check is not None
    assert 20 * HOUR < next_check - NOW <= LONGEST_GAP


def test_retry_after_goes_before_the_own_rhythm() -> None:
    until = NOW + 5 * HOUR
    assert state("blocked", wait_until=until).next_check == until
    assert state("waiting", wait_until=until).next_check == until


def test_a_first_run_is_over_only_after_a_success() -> None:
    fresh = OutletState("a")
    assert state("malformed", fresh).first is None
    assert state("ok", fresh).first == NOW
    assert state("unchanged", OutletState("a", first=NOW - HOUR)).first == NOW - HOUR


def test_an_outlet_silent_for_three_times_its_usual_gap_is_late() -> None:
    busy = hourly(150, end=NOW - timedelta(days=3))
    quiet = hourly(60, entries=0, dated=0, pages=0, words=0)
    assert state("unchanged", seen=busy + quiet).verdict == "late"


def test_an_outlet_whose_entries_lose_their_dates_drifts() -> None:
    seen = hourly(150, end=NOW - 48 * HOUR) + hourly(48, dated=0)
    after = state("ok", seen=seen)
    assert (after.verdict, after.reason) == ("drifting", "0% of entries dated, 100% before")


def test_an_outlet_whose_pages_grow_short_drifts() -> None:
    seen = hourly(150, end=NOW - 60 * HOUR) + hourly(60, words=40)
    assert state("ok", seen=seen).verdict == "drifting"


def test_a_permanent_redirect_is_a_move() -> None:
    moved = Resource(
        "https://a.example/rss", "a", "feed", NOW, NOW, 0, "", 9, NOW, "https://a.example/flux"
    )
    after = state("ok", resources=(moved,))
    assert after.verdict == "moved"
    assert after.reason == "https://a.example/rss → https://a.example/flux"


def test_without_a_baseline_an_outlet_that_answers_is_well() -> None:
    assert state("unchanged", seen=hourly(5, entries=0)).verdict == "ok"
