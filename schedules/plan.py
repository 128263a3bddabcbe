"""What runs when: one table from the configuration, for the daemon, crontab and systemd alike.

crawl     asks the outlets whose next check is due, and reads again what is due to be
deliver   drains the outbox; digests whose time has come go with it
digest    deliver at the very minute of a channel's digest
health    looks after the rest and tells the operator
prune     removes texts that are kept long enough
optimise  lets SQLite look at its statistics
backup    writes tonight's copy
second-reader, where one is configured, judges claims held back
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from pathlib import Path

    from pipelines.config import Config, Weekday

#: Weekdays by name: crontab's 0 is Sunday, APScheduler's 0 is Monday.
WEEKDAYS: tuple[Weekday, ...] = (
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
)
#: Seconds that a job may go on after its own deadline (a crawl), or at all: then it hangs.
CRAWL_SLACK = 120
DELIVER_LIMIT = 600
HEALTH_LIMIT = 120
#: Seconds for what is around the questions to the second reader.
SECOND_READER_SLACK = 60
#: Seconds for what reads or rewrites the whole file: a gigabyte on a slow disk.
KEEPING_LIMIT = 3_600
#: How late a daily job may still start: a machine that slept through the night makes up for it.
DAILY_GRACE = timedelta(hours=20)
#: After prune, so that statistics are of what is left.
OPTIMISE_AFTER = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Job:
    """One line of the timetable: either every so many minutes, or at a local time."""

    name: str
    words: tuple[str, ...]  # of the command line
    limit: int  # seconds; then it is ended
    every: int | None = None  # minutes, divides the hour
    at: time | None = None  # local
    weekday: Weekday | None = None  # None: every day


def jobs_of(config: Config) -> tuple[Job, ...]:
    """The timetable of a configuration."""
    plan = config.schedule
    crawl_limit = config.crawl.deadline_seconds + CRAWL_SLACK
    optimise_at = (datetime.combine(date.min, plan.prune_at) + OPTIMISE_AFTER).time()
    return (
        Job("crawl", ("crawl", "--due"), crawl_limit, every=plan.crawl_minutes),
        Job("deliver", ("deliver",), DELIVER_LIMIT, every=plan.deliver_minutes),
        *_digests(config),
        Job("health", ("health",), HEALTH_LIMIT, every=plan.health_minutes),
        *_second_reader(config),
        Job("prune", ("prune",), KEEPING_LIMIT, at=plan.prune_at),
        Job("optimise", ("optimise",), KEEPING_LIMIT, at=optimise_at),
        Job("backup", ("backup",), KEEPING_LIMIT, at=plan.backup_at),
    )


def _second_reader(config: Config) -> list[Job]:
    reader = config.second_reader
    if reader is None:
        return []
    from pipelines.second_reader import ROUND_SECONDS

    # a question that begins at the end of a round has its time too
    limit = ROUND_SECONDS + reader.timeout_seconds + SECOND_READER_SLACK
    return [Job("second-reader", ("review", "second"), limit, every=reader.every_minutes)]


def _digests(config: Config) -> list[Job]:
    """One job a time of day, or a time of week, at which some channel has a digest."""
    times: dict[tuple[time, Weekday | None], None] = {}
    for channel in config.channels:
        rules = channel.rules
        if rules.when != "immediate":
            times[rules.at, rules.weekday if rules.when == "weekly" else None] = None
    daily = {at for at, weekday in times if weekday is None}
    return [
        Job(_digest_name(at, weekday), ("deliver",), DELIVER_LIMIT, at=at, weekday=weekday)
        for at, weekday in times
        if weekday is None or at not in daily
    ]


def _digest_name(at: time, weekday: Weekday | None) -> str:
    return f"digest-{f'{weekday}-' if weekday else ''}{at:%H%M}"


def moment_on(day: date, at: time, zone: ZoneInfo) -> datetime:
    """The one instant of a day at which a local time is meant, UTC.

    A time that the spring change leaves out comes as much later; of one that the autumn change
    gives twice, the first is meant.
    """
    return datetime.combine(day, at.replace(fold=0), zone).astimezone(UTC)


def next_at(job: Job, zone: ZoneInfo, after: datetime) -> datetime:
    """When a job of a local time comes next, later than `after`."""
    assert job.at is not None
    day = after.astimezone(zone).date() - timedelta(days=1)  # a shifted time may end in the next
    while True:
        right = job.weekday is None or WEEKDAYS[day.weekday()] == job.weekday
        if right and (found := moment_on(day, job.at, zone)) > after:
            return found
        day += timedelta(days=1)


def missed(jobs: tuple[Job, ...], database: Path, backups: Path, now: datetime) -> frozenset[str]:
    """Nightly jobs that did not run for more than a day: the machine was off at night."""
    from pipelines.store import Store, StoreError
    from pipelines.store.copies import stamped_in

    last: dict[str, datetime | None] = {}
    try:
        with Store.open(database, read_only=True) as store:
            if store.runs.first_started() is None:
                return frozenset()
            last = {name: store.runs.last_started(name) for name in ("prune", "optimise")}
    except StoreError:  # no ledger yet: nothing to keep
        return frozenset()
    made = [path.stat().st_mtime for path in stamped_in(database, backups)]
    last["backup"] = datetime.fromtimestamp(max(made), UTC) if made else None
    nightly = {job.name for job in jobs if job.at is not None}
    return frozenset(
        name
        for name, at in last.items()
        if name in nightly and (at is None or now - at > timedelta(days=1, hours=1))
    )
