"""The timetable: what runs when, and what a change of the clocks does to it (nothing)."""

from __future__ import annotations

import os
import threading
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from pipelines import config
from pipelines.config import CONSOLE, Config, Rules, Schedule
from pipelines.store import Store
from schedules.plan import Job, jobs_of, missed, next_at
from schedules.timetable import Timetable, WallClock, grace

PARIS = ZoneInfo("Europe/Paris")

#: Seconds that anything may take on a busy machine before the test gives up.
PATIENCE = 300


@pytest.fixture
def default() -> Config:
    return config.load(None)


def fired(job: Job, start: datetime, end: datetime) -> list[datetime]:
    """Every moment at which APScheduler would fire a job, by asking its trigger again and again."""
    trigger = WallClock(job, PARIS)
    found: list[datetime] = []
    previous = None
    while (at := trigger.get_next_fire_time(previous, start)) < end:
        found.append(at)
        previous = at
    return found


@pytest.mark.parametrize("at", ["07:30", "02:00", "02:30", "02:59", "03:00", "00:00", "23:59"])
@pytest.mark.parametrize("change", ["2026-03-29", "2026-10-25", "2027-03-28", "2027-10-31"])
def test_no_change_of_the_clocks_skips_or_doubles_a_digest(change: str, at: str) -> None:
    digest = Job("digest", ("deliver",), 60, at=time.fromisoformat(at))
    start = datetime.fromisoformat(change).replace(tzinfo=PARIS) - timedelta(days=3, seconds=30)
    end = start + timedelta(days=7)  # on the wall's clock
    moments = fired(digest, start.astimezone(UTC), end.astimezone(UTC))
    days = [moment.astimezone(PARIS).date() for moment in moments]
    assert days == [start.date() + timedelta(days=n) for n in range(1, 8)]
    usual = [moment.astimezone(PARIS).strftime("%H:%M") == at for moment in moments]
    assert usual.count(False) <= 1  # the time that the spring change leaves out comes later
    gaps = {b - a for a, b in pairwise(moments)}
    assert gaps <= {timedelta(hours=hours) for hours in (23, 24, 25)}


def test_a_time_that_the_spring_change_leaves_out_comes_as_much_later() -> None:
    job = Job("digest", (), 60, at=time(2, 30))
    found = next_at(job, PARIS, datetime(2027, 3, 28, 0, 0, tzinfo=UTC))
    assert found.astimezone(PARIS).isoformat() == "2027-03-28T03:30:00+02:00"


def test_of_a_time_that_the_autumn_change_gives_twice_the_first_is_meant() -> None:
    job = Job("digest", (), 60, at=time(2, 30))
    found = next_at(job, PARIS, datetime(2026, 10, 24, 22, 0, tzinfo=UTC))
    assert found.isoformat() == "2026-10-25T00:30:00+00:00"
    assert next_at(job, PARIS, found).isoformat() == "2026-10-26T01:30:00+00:00"


@pytest.mark.parametrize(
    ("weekday", "day"),
    [
        ("monday", "2026-11-23"),
        ("tuesday", "2026-11-24"),
        ("wednesday", "2026-11-25"),
        ("thursday", "2026-11-26"),
        ("friday", "2026-11-27"),
        ("saturday", "2026-11-28"),
        ("sunday", "2026-11-29"),
    ],
)
def test_weekdays_are_names(weekday: config.Weekday, day: str) -> None:
    job = Job("digest", (), 60, at=time(7, 30), weekday=weekday)
    sunday = datetime(2026, 11, 22, 12, tzinfo=UTC)
    found = next_at(job, PARIS, sunday)
    assert found.astimezone(PARIS).isoformat() == f"{day}T07:30:00+01:00"
    assert next_at(job, PARIS, found) - found == timedelta(days=7)


def test_the_jobs_of_the_defaults(default: Config) -> None:
    shown = [
        (job.name, " ".join(job.words), job.every or f"{job.at:%H:%M}") for job in jobs_of(default)
    ]
    assert shown == [
        ("crawl", "crawl --due", 1),
        ("deliver", "deliver", 1),
        ("digest-0730", "deliver", "07:30"),
        ("health", "health", 10),
        ("prune", "prune", "03:40"),
        ("optimise", "optimise", "03:50"),
        ("backup", "backup", "04:10"),
    ]


def test_every_job_has_a_limit_and_a_crawl_one_beyond_its_deadline(default: Config) -> None:
    jobs = {job.name: job for job in jobs_of(default)}
    assert jobs["crawl"].limit > default.crawl.deadline_seconds
    assert all(0 < job.limit <= 3600 for job in jobs.values())


def test_digests_are_one_job_a_time(default: Config) -> None:
    daily, weekly = Rules(when="daily", at=time(8)), Rules(when="weekly", at=time(9))
    rules = [daily, daily, weekly, Rules(when="weekly", at=time(8)), Rules(when="immediate")]
    channels = tuple(replace(CONSOLE, name=str(n), rules=rule) for n, rule in enumerate(rules))
    names = [job.name for job in jobs_of(replace(default, channels=channels))]
    assert [name for name in names if name.startswith("digest")] == [
        "digest-0800",
        "digest-monday-0900",
    ]


def test_a_late_job_still_starts_a_nightly_one_by_the_next_evening() -> None:
    assert grace(Job("crawl", (), 60, every=1)) == 60
    assert grace(Job("health", (), 60, every=10)) == 600
    assert grace(Job("prune", (), 60, at=time(4))) == 20 * 3600


def test_a_night_that_the_machine_was_off_is_made_up_for(default: Config, tmp_path: Path) -> None:
    jobs, database = jobs_of(default), tmp_path / "veille.db"
    now = datetime(2026, 11, 22, 12, tzinfo=UTC)
    backups = tmp_path / "backups"
    assert missed(jobs, database, backups, now) == frozenset()
    with Store.open(database, create=True) as store:
        assert missed(jobs, database, backups, now) == frozenset()
        store.runs.start("prune", now - timedelta(hours=20))
        store.runs.start("optimise", now - timedelta(hours=30))
    assert missed(jobs, database, backups, now) == {"optimise", "backup"}
    backups.mkdir()
    (backups / "veille-20261122T031000Z.db").write_text("")
    made = now.timestamp() - 3600
    os.utime(backups / "veille-20261122T031000Z.db", (made, made))
    assert missed(jobs, database, backups, now) == {"optimise"}


def test_a_job_that_is_at_work_is_not_started_again() -> None:
    running, most, turns = 0, 0, 0
    told: set[str] = set()
    said, enough = threading.Event(), threading.Event()

    def run(_: Job) -> None:
        nonlocal running, most, turns
        running += 1
        most = max(most, running)
        said.clear()
        if not enough.is_set():
            said.wait(PATIENCE)  # at work until its next turn has come
        running -= 1
        turns += 1
        if turns == 3:
            enough.set()

    def tell(event: str, job: str) -> None:
        told.add(f"{event}: {job}")
        said.set()

    timetable = Timetable(run, tell)
    step = Job("crawl", (), 60, every=0.001)  # type: ignore[arg-type]  # 0.06 s
    timetable.set_up((step,), PARIS, frozenset())
    assert enough.wait(PATIENCE)
    timetable.stop()
    assert most == 1
    assert told == {"still at work: crawl"}


def test_a_timetable_fires_each_job_once_at_a_time(default: Config) -> None:
    plan = Schedule(crawl_minutes=1)
    jobs = jobs_of(replace(default, schedule=plan, channels=()))
    began: list[str] = []
    timetable = Timetable(lambda job: began.append(job.name), lambda event, job: None)
    timetable.set_up(jobs, PARIS, frozenset())
    timetable.set_up(jobs, PARIS, frozenset())  # a reload takes the place of the one before
    scheduler = timetable._scheduler
    assert scheduler is not None
    assert sorted(job.id for job in scheduler.get_jobs()) == sorted(job.name for job in jobs)
    assert all(job.max_instances == 1 and job.coalesce for job in scheduler.get_jobs())
    timetable.stop()
