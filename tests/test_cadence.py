"""When an outlet is looked at next: the rule case by case, then ten days on a clock of our own."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from demo.__main__ import configure
from demo.server import Press
from pipelines import cadence
from pipelines.cadence import Look, hot_check, is_night, next_look
from pipelines.config import Schedule
from pipelines.records import Change, Feed, Outlet
from pipelines.store import Store
from pipelines.store.hot import HOT_LABELS, hot_outlets
from pipelines.store.outlet_state import OutletState
from schedules.jobs import due_now, warm
from schedules.session import Session
from tests.conftest import VEILLE, Ran
from tests.here import veille as veille  # a fixture

PARIS = ZoneInfo("Europe/Paris")
PLAN = Schedule()
#: Noon in Paris, and one in the morning.
NOON, NIGHT = datetime(2026, 11, 20, 11, tzinfo=UTC), datetime(2026, 11, 21, 0, tzinfo=UTC)


def minutes(count: float) -> timedelta:
    return timedelta(minutes=count)


def outlet(tier: int = 2, **keys: object) -> Outlet:
    feed = Feed("https://essai.example/feed")
    base = Outlet("essai", "Essai", "https://essai.example/", "probe", tier=tier, feeds=(feed,))
    return replace(base, **keys)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("gap", "shown", "new", "tier", "expected"),
    [
        # all new: sooner; nothing new: later; in between: as before
        (120, 20, 20, 2, 60),
        (120, 20, 14, 2, 60),
        (120, 20, 13, 2, 120),
        (120, 20, 7, 2, 120),
        (120, 20, 6, 2, 180),
        (120, 20, 0, 2, 180),
        (120, 0, 0, 2, 180),
        # floor and caps
        (12, 20, 20, 2, 10),
        (1400, 20, 0, 2, 1440),
        (12, 20, 0, 1, 12),
        (12, 20, 20, 1, 10),
        (600, 20, 0, 1, 12),
        # never looked at before
        (None, 20, 20, 2, 60),
        (None, 20, 20, 1, 12),
    ],
)
def test_the_gap_follows_what_was_known(
    gap: int | None, shown: int, new: int, tier: int, expected: int
) -> None:
    look = Look(None if gap is None else minutes(gap), shown, new)
    assert next_look(outlet(tier), look, NOON, PARIS, PLAN).gap == minutes(expected)


def test_a_feed_that_asks_for_less_is_asked_less() -> None:
    look = Look(minutes(12), 20, 20, hint=minutes(45))
    plan = next_look(outlet(1), look, NOON, PARIS, PLAN)
    assert plan.gap == minutes(45)
    assert plan.at == NOON + minutes(45)


def test_a_hint_of_weeks_is_no_more_than_a_day() -> None:
    look = Look(None, 20, 20, hint=timedelta(days=30))
    assert next_look(outlet(), look, NOON, PARIS, PLAN).gap == timedelta(days=1)


def test_the_catalogue_goes_first() -> None:
    fixed = outlet(1, every_minutes=45)
    plan = next_look(fixed, Look(minutes(12), 20, 20), NIGHT, PARIS, PLAN)
    assert (plan.at, plan.why) == (NIGHT + minutes(45), "every 45 minutes, by the catalogue")
    assert hot_check(fixed, plan.at, 0, NOON, PLAN) == plan.at


def test_at_night_everybody_is_asked_less() -> None:
    plan = next_look(outlet(1), Look(minutes(12), 20, 20), NIGHT, PARIS, PLAN)
    assert plan.gap == minutes(60)
    assert "at night" in plan.why


def test_the_first_look_of_the_morning_is_not_slept_through() -> None:
    just_before = datetime(2026, 11, 21, 4, 45, tzinfo=UTC)  # 5:45
    plan = next_look(outlet(1), Look(minutes(60), 20, 0), just_before, PARIS, PLAN)
    assert minutes(15) <= plan.at - just_before <= minutes(25)


@pytest.mark.parametrize(
    ("at", "hours", "expected"),
    [
        ("23:00", ("23:00", "06:00"), True),
        ("05:59", ("23:00", "06:00"), True),
        ("06:00", ("23:00", "06:00"), False),
        ("12:00", ("23:00", "06:00"), False),
        ("02:00", ("01:00", "05:00"), True),
        ("00:30", ("01:00", "05:00"), False),
    ],
)
def test_nights_may_span_midnight(at: str, hours: tuple[str, str], expected: bool) -> None:
    start, end = (time.fromisoformat(hour) for hour in hours)
    assert is_night(time.fromisoformat(at), (start, end)) is expected


def test_jitter_parts_outlets_and_never_passes_the_floor_or_the_gap() -> None:
    look = Look(minutes(120), 20, 10)
    found = {next_look(outlet(id=str(n)), look, NOON, PARIS, PLAN).at - NOON for n in range(50)}
    assert len(found) > 40
    assert min(found) >= minutes(108)
    assert max(found) <= minutes(120)
    tight = {
        next_look(outlet(id=str(n)), Look(minutes(10), 20, 20), NOON, PARIS, PLAN).at - NOON
        for n in range(50)
    }
    assert tight == {minutes(10)}


@pytest.mark.parametrize(
    ("planned", "failures", "expected"),
    [(60, 0, 5), (3, 0, 3), (60, 1, 60), (None, 0, 5)],
)
def test_news_brings_the_next_look_forward_but_not_through_a_wall(
    planned: int | None, failures: int, expected: int
) -> None:
    next_check = None if planned is None else NOON + minutes(planned)
    assert hot_check(outlet(), next_check, failures, NOON, PLAN) == NOON + minutes(expected)


# -- which outlets carry news --------------------------------------------------------------------


def article(store: Store, name: str, first_run: int = 0) -> int:
    row = {
        **dict.fromkeys(("url", "canonical_url", "title"), f"https://{name}.example/"),
        **dict.fromkeys(("published", "at", "seen", "recorded"), "2026-11-20T10:00:00+00:00"),
        **dict.fromkeys(("exact", "extractor", "voice"), "x"),
        **dict.fromkeys(("scheme", "shingles", "sampled"), 1),
        "outlet": name,
        "basis": "page",
        "sameness": "new",
        "first_run": first_run,
    }
    columns = ", ".join(row)
    marks = ", ".join(f":{column}" for column in row)
    return int(
        store.db.conn.execute(f"INSERT INTO articles ({columns}) VALUES ({marks})", row).lastrowid
    )


def posted(store: Store, name: str, label: str, deal: str, at: datetime, first: int = 0) -> None:
    change = Change(
        label,  # type: ignore[arg-type]
        (),
        label in HOT_LABELS,
        deal,
        "round",
        (),
        "OpenAI",
        None,
        None,
        article(store, name, first),
        (),
        "",
    )
    store.ledger.record([change], at)


def test_the_outlets_that_carry_a_deal_with_news_are_hot(store: Store) -> None:
    posted(store, "echo", "corroborated", "deal", NOON - timedelta(days=3))
    posted(store, "first", "new", "deal", NOON - timedelta(hours=5))
    posted(store, "cold", "new", "other", NOON - timedelta(hours=7))
    posted(store, "quiet", "amount_up", "third", NOON - timedelta(hours=1))
    hot = hot_outlets(store.db, cadence.hot_since(NOON, PLAN))
    assert set(hot) == {"echo", "first"}
    assert hot["echo"] == NOON - timedelta(hours=5)


def test_the_weeks_of_news_of_a_first_run_make_nobody_hot(store: Store) -> None:
    posted(store, "first", "new", "deal", NOON, first=1)
    assert hot_outlets(store.db, cadence.hot_since(NOON, PLAN)) == {}


# -- ten days ------------------------------------------------------------------------------------


@dataclass
class Source:
    """An outlet of the simulation: a feed of its newest entries, and what was seen of it."""

    outlet: Outlet
    published: list[datetime]  # when each entry appears
    shows: int  # entries of its feed
    due: datetime
    gap: timedelta | None = None
    looks: list[datetime] | None = None
    known: int = 0  # entries seen so far, from the first
    found: list[timedelta] | None = None  # how long after its publication each was found


def press(start: datetime, days: int) -> list[Source]:
    """Five outlets, from one entry in eight minutes by day to one a day."""
    rhythms = [(1, 8, 30), (1, 45, 20), (2, 90, 10), (2, 300, 15), (3, 1440, 10)]
    sources = []
    for number, (tier, rhythm, shows) in enumerate(rhythms):
        times = []
        at = start - timedelta(days=1)
        while at < start + timedelta(days=days):
            # the press sleeps at night, too
            if 6 <= at.astimezone(PARIS).hour < 23:
                times.append(at)
            at += minutes(rhythm) + timedelta(seconds=37 * number)
        sources.append(
            Source(outlet(tier, id=f"o{number}"), times, shows, start, looks=[], found=[])
        )
    return sources


def look_at(source: Source, now: datetime) -> None:
    assert source.looks is not None
    assert source.found is not None
    out = [at for at in source.published if at <= now]
    shown = out[-source.shows :]
    first = not source.looks
    new = out[max(source.known, len(out) - source.shows) :]
    lost = len(out) - source.known - len(new)
    if not first:
        assert lost == 0, f"{source.outlet.id} lost {lost} entries"
        source.found += [now - at for at in new]
    source.known = len(out)
    source.looks.append(now)
    plan = next_look(source.outlet, Look(source.gap, len(shown), len(new)), now, PARIS, PLAN)
    source.gap, source.due = plan.gap, plan.at


@pytest.mark.parametrize("start", ["2026-10-20T06:00:00+00:00", "2027-03-24T06:00:00+00:00"])
def test_ten_days_every_article_is_found_within_the_cadence_of_its_outlet(start: str) -> None:
    """Over a change of the clocks each; ticks of a minute, as the timetable has them."""
    now = datetime.fromisoformat(start)
    end, tick = now + timedelta(days=10), minutes(PLAN.crawl_minutes)
    sources = press(now, 10)
    while now < end:
        for source in sources:
            if source.due <= now:
                look_at(source, now)
        now += tick
    for source in sources:
        assert source.looks is not None
        assert source.found is not None
        gaps = [b - a for a, b in pairwise(source.looks)]
        assert min(gaps) >= cadence.FLOOR, source.outlet.id
        assert max(gaps) <= cadence.CAP + tick
        assert max(source.found) <= max(gaps)
    # tier 1 in the day: within twelve minutes and a tick
    for source in sources[:2]:
        assert source.looks is not None
        day = [b - a for a, b in pairwise(source.looks) if 6 <= a.astimezone(PARIS).hour < 22]
        assert max(day) <= cadence.FIRST_TIER_CAP + tick
    # whoever publishes once a day is not asked a hundred times a day
    slow = sources[-1].looks
    assert slow is not None
    assert len(slow) < 10 * 24


@pytest.mark.parametrize(
    ("keys", "failures", "hot", "expected"),
    [
        ({}, 0, None, "45 minutes after the last look"),
        ({}, 0, NOON, "carries news: every 5 minutes"),
        ({}, 3, NOON, "3 failures in a row"),
        ({"every_minutes": 45}, 3, NOON, "every 45 minutes, by the catalogue"),
    ],
)
def test_status_says_why_the_next_check_is_when_it_is(
    keys: dict[str, object], failures: int, hot: datetime | None, expected: str
) -> None:
    told = cadence.why(outlet(**keys), NOON, NOON + minutes(45), failures, hot, PLAN)  # type: ignore[arg-type]
    assert told == expected
    assert cadence.why(outlet(), None, None, 0, None, PLAN) == "never looked at"


# -- in the ledger --------------------------------------------------------------------------------


def test_news_of_a_crawl_brings_the_next_check_of_its_outlets_forward(store: Store) -> None:
    posted(store, "first", "new", "deal", NOON)
    session, states = Session(fixed_now=NOON), store.fetching.outlets
    outlets = (outlet(id="first"), outlet(id="other"), outlet(id="never"))
    for name in ("first", "other"):
        states.keep_state(OutletState(name, checked=NOON, next_check=NOON + minutes(60)))
    warm(session, store, outlets)
    assert states.state("first").next_check == NOON + minutes(5)
    assert states.state("other").next_check == NOON + minutes(60)
    assert states.state("never").next_check is None


def test_due_is_what_has_come_and_what_left_pages_unread_but_never_before_the_floor(
    store: Store,
) -> None:
    session, states = Session(fixed_now=NOON), store.fetching.outlets
    later = NOON + minutes(30)
    states.keep_state(OutletState("due", checked=NOON - minutes(60), next_check=NOON))
    states.keep_state(OutletState("later", checked=NOON - minutes(60), next_check=later))
    states.keep_state(OutletState("unread", checked=NOON - minutes(11), next_check=later))
    states.keep_state(OutletState("tight", checked=NOON - minutes(9), next_check=later))
    columns = "url, spelling, outlet, title, summary, found_in, mark, found, entry, page"
    for name in ("unread", "tight"):
        store.db.execute(
            f"INSERT INTO links ({columns}) VALUES (?, ?, ?, '', '', '', '', '', ?, ?)",
            (name, name, name, "read", "pending"),
        )
    outlets = [outlet(id=name) for name in ("due", "later", "unread", "tight", "new")]
    assert [one.id for one in due_now(session, store, outlets)] == ["due", "unread", "new"]


def test_status_tells_when_and_why(veille: Callable[..., Ran], tmp_path: Path) -> None:
    (tmp_path / "veille.toml").write_text('catalogue = "c.toml"\n')
    (tmp_path / "c.toml").write_text(
        '[[outlet]]\nid = "essai"\nname = "Essai"\nhome = "https://essai.example/"\n'
        'policy = "feed"\nfeeds = [{ url = "https://essai.example/feed" }]\n'
    )
    with Store.open(tmp_path / "veille.db", create=True) as store:
        store.fetching.outlets.keep_state(
            OutletState("essai", checked=NOON, next_check=NOON + minutes(90))
        )
    (row,) = veille("status", "--json").lines
    assert row["next_check"] == "2026-11-20T12:30:00+00:00"
    assert row["next_check_why"] == "90 minutes after the last look"
    shown = veille("status").out
    assert "90 minutes after the last look" in shown
    assert "kept for 8 days" in shown


def test_a_crawl_plans_the_next_look_of_each_outlet(press: Press, tmp_path: Path) -> None:
    path = configure(tmp_path, press.address)
    with path.open("a", encoding="utf-8") as file:  # whatever the clock says, it is day
        file.write('\n[schedule]\nnight_hours = "03:00-03:00"\n')
    subprocess.run([VEILLE, "--config", path, "-q", "crawl"], check=True, capture_output=True)
    with Store.open(tmp_path / "veille.db") as store:
        rows = store.db.execute("SELECT outlet FROM outlet_state").fetchall()
        states = [store.fetching.outlets.state(name) for (name,) in rows]
    assert len(states) == 5
    for state in states:
        assert state.checked is not None
        assert state.next_check is not None
        gap = state.next_check - state.checked
        tier_one = gap <= cadence.FIRST_TIER_CAP
        assert tier_one or cadence.FIRST_GAP * (1 - cadence.JITTER) <= gap <= cadence.FIRST_GAP
