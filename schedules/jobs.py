"""What a run does, as plain functions with one row each in the table of runs."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from schedules import locks, ping
from schedules.session import LOCKED, Refused, Session

if TYPE_CHECKING:
    from crawler.report import CrawlReport
    from pipelines.delivery import Alongside
    from pipelines.records import Outlet
    from pipelines.shapes import Json
    from pipelines.store import Store

#: Issues of one crawl that are named on standard error; `veille status` has them all.
ISSUES_NAMED = 50
#: Exit codes of a run that a bug ended, of one stopped by hand, and of one told to end (128 + 15).
BUG, STOPPED, TERMINATED = 1, 130, 143
#: Exit code of a refusal, a full disk among them.
USAGE = 2


@dataclass
class Run:
    """What the row of a run gets when it ends. Mutable: it counts."""

    counts: dict[str, int] = field(default_factory=dict)
    code: int = 0


@contextmanager
def recorded(session: Session, store: Store, command: str) -> Iterator[Run]:
    """A row for what is done inside, ended however it ends; a full disk is told as such."""
    from pipelines.store.keeping import Keeping
    from pipelines.store.opening import is_of_the_file, sqlite3, told

    run = Run()
    try:
        row = store.runs.start(command, session.now())
        with _ending_on_sigterm():
            try:
                yield run
            except BaseException as error:
                run.code = _code(error)
                _end(store, row, session.now(), run)
                raise
        store.runs.end(row, session.now(), run.code, run.counts)
        Keeping(store.db).settle()
    except sqlite3.DatabaseError as error:
        if not is_of_the_file(error):
            raise
        raise Refused(told(str(session.database), error), _code(error)) from error
    finally:
        if command != "crawl":  # which tells the switch itself, its start too
            ping.report(session, run.code)


def _code(error: BaseException) -> int:
    from pipelines.store.opening import is_busy, is_of_the_file

    if is_of_the_file(error):
        return LOCKED if is_busy(error) else USAGE
    if isinstance(error, Refused):
        return error.code
    if isinstance(error, SystemExit) and isinstance(error.code, int):
        return error.code
    return STOPPED if isinstance(error, KeyboardInterrupt) else BUG


def _end(store: Store, row: int, at: datetime, run: Run) -> None:
    """End the row of a run that failed; what failed may be the file itself."""
    from pipelines.store.opening import sqlite3

    try:
        store.runs.end(row, at, run.code, run.counts)
    except sqlite3.DatabaseError:
        return  # the error that led here says why, and a row without an end says "killed"


@contextmanager
def _ending_on_sigterm() -> Iterator[None]:
    """SIGTERM ends the run as an exception does, so that its row is ended and its locks are freed.

    Scrapy puts its own handler in its place while it runs.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGTERM, _terminate)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _terminate(*_: object) -> None:
    raise SystemExit(TERMINATED)


# -- crawl ----------------------------------------------------------------------------------------


def crawl(
    session: Session,
    outlets: Sequence[Outlet],
    *,
    due: bool,
    limit: int | None,
) -> tuple[CrawlReport, bool]:
    """One crawl of `outlets`, and whether a channel failed to tell what it found."""
    if not session.database.exists():
        from crawler.workers import start_server

        start_server()  # there will be much to read: what reads is loaded beside what asks
    with (
        locks.crawling(session.database),
        session.store(create=True, writing=True) as store,
        recorded(session, store, "crawl") as run,
    ):
        chosen = due_now(session, store, outlets) if due else tuple(outlets)
        if due and not chosen:
            return _nothing_due(), False
        started = session.now().replace(microsecond=0)
        with _sending(session) as sending:
            report = _crawl(session, store, chosen, limit, dry_run=False)
            warm(session, store, outlets)
        _name_issues(session, store, report, started)
        keep_no_text(session, store)
        run.counts = report.tally | {"sent": sending.sent}
        run.code = exit_code(report, unsent=sending.failed > 0)
        return report, sending.failed > 0


def _name_issues(session: Session, store: Store, report: CrawlReport, started: datetime) -> None:
    """Pages that could not be read, of outlets that are well; the others name their reason."""
    from crawler.report import FAILURES
    from schedules.printing import plain

    failed = {one.outlet for one in report.outlets if one.result in FAILURES}
    for issue in reversed(store.fetching.outlets.issues(limit=ISSUES_NAMED)):
        if issue.at >= started and issue.outlet not in failed:
            session.log(plain(f"{issue.outlet}: {issue.code}: {issue.detail}  {issue.url}"))


def keep_no_text(session: Session, store: Store) -> None:
    """`retain_text_days = 0`: texts go at once, not with tonight's `prune`."""
    from pipelines.store.keeping import Keeping

    if session.config.retain_text_days == 0:
        Keeping(store.db).purge_texts(session.now())


def _sending(session: Session) -> Alongside:
    """Messages go out as soon as their change is committed, not when the crawl has ended."""
    from pipelines.delivery import Alongside

    return Alongside(session.store, session.config, session.now, session.outlets, session.log)


def foresee(
    session: Session, outlets: Sequence[Outlet], *, due: bool, limit: int | None
) -> tuple[CrawlReport, list[Json]]:
    """A dry run: on a copy of the ledger in memory; the changes that a crawl would post."""
    with locks.crawling(session.database), _copy(session) as store:
        known = {line["id"] for line in store.ledger.changes()}
        chosen = due_now(session, store, outlets) if due else tuple(outlets)
        if due and not chosen:
            return _nothing_due(), []
        report = _crawl(session, store, chosen, limit, dry_run=True)
        return report, [line for line in store.ledger.changes() if line["id"] not in known]


def _nothing_due() -> CrawlReport:
    from crawler.report import CrawlReport

    return CrawlReport((), {}, "nothing was due")


def _crawl(
    session: Session,
    store: Store,
    outlets: Sequence[Outlet],
    limit: int | None,
    *,
    dry_run: bool,
) -> CrawlReport:
    from crawler.run import crawl as run_crawl

    return run_crawl(
        session.config,
        tuple(outlets),
        store,
        now=session.now,
        limit=limit,
        dry_run=dry_run,
        progress=session.log,
    )


def due_now(session: Session, store: Store, outlets: Sequence[Outlet]) -> tuple[Outlet, ...]:
    """Outlets whose check is due, or that left pages unread, none before its floor has passed."""
    from pipelines import cadence

    now = session.now()
    states = store.fetching.outlets
    due = set(states.due(now, tuple(outlet.id for outlet in outlets)))
    for name in store.fetching.outlets_with_work(now) - due:
        checked = states.state(name).checked
        if checked is None or now - checked >= cadence.FLOOR:
            due.add(name)
    return tuple(outlet for outlet in outlets if outlet.id in due)


def warm(session: Session, store: Store, outlets: Sequence[Outlet]) -> None:
    """Bring the next check of outlets that carry news forward: hot mode."""
    from dataclasses import replace

    from pipelines import cadence
    from pipelines.store.hot import hot_outlets

    now, plan = session.now(), session.config.schedule
    hot = hot_outlets(store.db, cadence.hot_since(now, plan))
    for outlet in outlets:
        if outlet.id in hot:
            state = store.fetching.outlets.state(outlet.id)
            sooner = cadence.hot_check(outlet, state.next_check, state.failures, now, plan)
            if sooner != state.next_check:
                store.fetching.outlets.keep_state(replace(state, next_check=sooner))


@contextmanager
def _copy(session: Session) -> Iterator[Store]:
    """The ledger in memory: whatever is done to it is gone afterwards."""
    from pipelines.store import Store

    with Store.open(":memory:") as copy:
        if session.database.exists():
            with session.store(writing=True) as store:
                store.db.conn.backup(copy.db.conn)
        yield copy


def exit_code(report: CrawlReport, *, unsent: bool = False) -> int:
    """The crawl's own, or 3, done in part, when a channel failed."""
    return report.code or (PARTLY if unsent else 0)


#: Exit code of what was done in part.
PARTLY = 3
