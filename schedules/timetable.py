"""The daemon's clock: APScheduler with a memory store, rebuilt from the configuration.

No job is pickled and none is kept over a restart: due times of outlets live in the ledger.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from apscheduler.events import (  # type: ignore[import-untyped]
    EVENT_JOB_ERROR,
    EVENT_JOB_MAX_INSTANCES,
    EVENT_JOB_MISSED,
    JobExecutionEvent,
)
from apscheduler.executors.pool import ThreadPoolExecutor  # type: ignore[import-untyped]
from apscheduler.schedulers.background import BackgroundScheduler  # type: ignore[import-untyped]
from apscheduler.triggers.base import BaseTrigger  # type: ignore[import-untyped]
from apscheduler.triggers.interval import IntervalTrigger  # type: ignore[import-untyped]

from schedules.plan import DAILY_GRACE, Job, next_at

#: After the start, or a reload, the first round begins; seconds.
FIRST_AFTER = 1
#: What was missed at night is made up for when the first crawl has had its time.
CATCH_UP_AFTER = timedelta(minutes=10)
#: Least lateness that is still served, seconds: a busy machine is not late.
LEAST_GRACE = 60

#: What is told of a job whose last turn is not over when its next one comes: it is left out.
AT_WORK = "still at work"

Run = Callable[[Job], None]
Told = Callable[[str, str], None]  # (event, job)


class WallClock(BaseTrigger):  # type: ignore[misc]  # APScheduler has no types
    """A local time, once on each of its days: no change of the clocks skips or doubles it.

    CronTrigger fires twice when the autumn change gives a time twice.
    """

    __slots__ = ("job", "zone")

    def __init__(self, job: Job, zone: ZoneInfo) -> None:
        self.job = job
        self.zone = zone

    def get_next_fire_time(self, previous_fire_time: datetime | None, now: datetime) -> datetime:
        """Called by APScheduler."""
        return next_at(self.job, self.zone, previous_fire_time or now)


class Timetable:
    """Fires the jobs of a configuration, each at most once at a time."""

    def __init__(self, run: Run, told: Told) -> None:
        self._run = run
        self._told = told
        self._scheduler: BackgroundScheduler | None = None

    def set_up(self, jobs: tuple[Job, ...], zone: ZoneInfo, missed: frozenset[str]) -> None:
        """Start, or take the place of the timetable before; what runs goes on."""
        if self._scheduler is None:
            self._scheduler = self._start(len(jobs))
        scheduler = self._scheduler
        scheduler.remove_all_jobs()
        now = datetime.now(UTC)
        for job in jobs:
            first = now + timedelta(seconds=FIRST_AFTER)
            if job.at is not None:
                first = now + CATCH_UP_AFTER if job.name in missed else next_at(job, zone, now)
            scheduler.add_job(
                self._run,
                _trigger(job, zone),
                args=(job,),
                id=job.name,
                coalesce=True,
                max_instances=1,
                misfire_grace_time=grace(job),
                next_run_time=first,
            )

    def _start(self, threads: int) -> BackgroundScheduler:
        scheduler = BackgroundScheduler(
            # a job of an earlier timetable may still run beside those of the new one
            executors={"default": ThreadPoolExecutor(2 * threads)},
            timezone=UTC,
        )
        scheduler.add_listener(
            self._listen, EVENT_JOB_MISSED | EVENT_JOB_ERROR | EVENT_JOB_MAX_INSTANCES
        )
        scheduler.start()
        return scheduler

    def _listen(self, event: JobExecutionEvent) -> None:
        if event.code == EVENT_JOB_ERROR:
            self._told(f"bug: {event.exception!r}", event.job_id)
        else:
            self._told("missed" if event.code == EVENT_JOB_MISSED else AT_WORK, event.job_id)

    def stop(self) -> None:
        """No more jobs; waits for those that run, whose children are ended before."""
        if self._scheduler is not None:
            self._scheduler.shutdown(wait=True)


def grace(job: Job) -> int:
    """How late a job may start, seconds; later it waits for its next turn."""
    if job.every is None:
        return int(DAILY_GRACE.total_seconds())
    return max(LEAST_GRACE, job.every * 60)


def _trigger(job: Job, zone: ZoneInfo) -> BaseTrigger:
    if job.every is not None:
        return IntervalTrigger(minutes=job.every, timezone=UTC)
    return WallClock(job, zone)
