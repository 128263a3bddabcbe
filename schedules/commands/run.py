"""`veille run`: the daemon. Its jobs are child processes of this same command line."""

from __future__ import annotations

import json
import logging
import os
import signal
import sys
import threading
import time
from contextlib import suppress
from datetime import UTC, datetime
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Any, Literal
from zoneinfo import ZoneInfo

import click

from schedules import printing
from schedules.cli import DONE, LOCKED, PARTLY
from schedules.plan import Job, jobs_of, missed
from schedules.session import Refused, Session, shared_options, the_session

if TYPE_CHECKING:
    from pipelines.config import Config

#: Seconds between two looks at the flags that signals set: signals wake the wait anyway.
WATCH = 1.0
#: How a job ends when nothing is to be done about it.
FINE = (DONE, PARTLY, LOCKED)


class Log:
    """One line an event on standard error, as text or JSON."""

    def __init__(self, form: Literal["text", "json"], verbose: int) -> None:
        self._json = form == "json"
        self._verbose = verbose
        self._lock = threading.Lock()

    def __call__(self, event: str, *, level: int = 0, **fields: Any) -> None:
        if level > self._verbose:
            return
        at = datetime.now(UTC).isoformat(timespec="seconds")
        if self._json:
            line = json.dumps({"at": at, "event": event, **fields}, ensure_ascii=False)
        else:
            told = " ".join(f"{key}={value}" for key, value in fields.items())
            line = f"{at} {event} {told}"
        # a log that nobody reads any more must not end the daemon
        with self._lock, suppress(OSError):
            print(printing.plain(line), file=sys.stderr, flush=True)


class Daemon:
    """The timetable, its children, and what signals ask for."""

    def __init__(self, session: Session, log: Log) -> None:
        from schedules.children import Children
        from schedules.timetable import AT_WORK, Timetable

        self._session = session
        self._log = log
        self._children = Children(lambda job, pid, line: log("said", job=job, pid=pid, line=line))
        self._timetable = Timetable(
            self._run, lambda event, job: log(event, level=int(event == AT_WORK), job=job)
        )
        # a queue may be filled by a signal in the middle of its own wait; a threading.Event that
        # is set there hangs the thread for good
        self._awake: SimpleQueue[None] = SimpleQueue()
        self._ending = False
        self._reloading = False

    def serve(self) -> None:
        """Until SIGTERM or SIGINT."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._end)
        signal.signal(signal.SIGHUP, self._reload)
        self._set_up(self._session.config)
        self._log("ready", pid=os.getpid(), config=str(self._session.config.path))
        while not self._ending:
            with suppress(Empty):
                self._awake.get(timeout=WATCH)
            if self._reloading:
                self._reloading = False
                self._read_again()
        self._log("stopping")
        self._children.stop()
        self._timetable.stop()
        self._log("stopped")

    def _end(self, *_: object) -> None:
        self._ending = True
        self._awake.put(None)

    def _reload(self, *_: object) -> None:
        self._reloading = True
        self._awake.put(None)

    def _set_up(self, config: Config) -> None:
        jobs = jobs_of(config)
        late = missed(jobs, self._session.database, config.backup.directory, datetime.now(UTC))
        self._timetable.set_up(jobs, ZoneInfo(config.timezone), late)

    def _read_again(self) -> None:
        """A configuration with mistakes changes nothing."""
        from pipelines.problems import ConfigError

        fresh = Session(self._session.config_path, self._session.db_path, self._session.verbose)
        try:
            config = fresh.config
            fresh.outlets  # noqa: B018 raises when the catalogue has mistakes
            _check(config)
        except ConfigError as error:
            for problem in error.problems:
                self._log("not reloaded", problem=str(problem))
            return
        except Refused as refused:
            self._log("not reloaded", problem=str(refused))
            return
        self._session = fresh
        self._set_up(config)
        self._log("reloaded", config=str(config.path))

    def _run(self, job: Job) -> None:
        began = time.monotonic()
        self._log("started", level=1, job=job.name)
        code = self._children.run(job.name, self._command(job), job.limit)
        if code is None:
            return
        seconds = round(time.monotonic() - began, 1)
        level = 0 if code not in FINE or job.every is None else 1
        self._log("ended", level=level, job=job.name, exit=code, seconds=seconds)

    def _command(self, job: Job) -> list[str]:
        return command_line(self._session) + list(job.words)


def command_line(session: Session) -> list[str]:
    """This same program with the same configuration, wherever it is started from."""
    # -P: a folder `schedules` where the daemon was started is none of ours
    words = [sys.executable, "-P", "-m", "schedules"]
    if session.config.path is not None:
        words += ["--config", str(session.config.path.absolute())]
    if session.db_path is not None:
        words += ["--db", str(session.db_path.absolute())]
    return words


def _check(config: Config) -> None:
    if not config.contact:
        raise Refused('the daemon crawls, which needs contact = "..." in veille.toml')


@click.command("run")
@click.option(
    "--log",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    help="Form of the log on standard error.",
)
@shared_options
@click.pass_context
def run_command(ctx: click.Context, form: Literal["text", "json"]) -> int:
    """Run the timetable until told to end: SIGTERM ends it, SIGHUP reads the configuration again.

    Each job is a child process of this command line with a time limit; what the console channel
    prints goes to standard output.
    """
    from pipelines.store.locks import FileLock, LockError, Taken

    session = the_session(ctx)
    _check(session.config)
    session.outlets  # noqa: B018 a catalogue with mistakes is told now
    # libraries warn of late jobs and the like: ours says it
    logging.getLogger("apscheduler").setLevel(logging.CRITICAL)
    try:
        with FileLock(session.database.with_suffix(".run.lock"), "run"):
            # what the first crawl is yet to make, the other jobs look for already
            session.store(create=True).close()
            Daemon(session, Log(form, session.verbose)).serve()
    except Taken as taken:
        raise Refused(str(taken), LOCKED) from None
    except LockError as error:
        raise Refused(str(error)) from None
    return DONE
