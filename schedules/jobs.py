"""What a run does, as plain functions with one row each in the table of runs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from schedules.locks import Lock
from schedules.session import Refused, Session

if TYPE_CHECKING:
    from crawler.report import CrawlReport

    from pipelines.records import Outlet


def crawl(
    session: Session,
    outlets: Sequence[Outlet],
    *,
    due: bool,
    limit: int | None,
    dry_run: bool,
) -> CrawlReport:
    """One crawl of `outlets`. A dry run works on a copy of the ledger in memory."""
    from crawler.run import crawl as run_crawl

    with (
        Lock(session.database.with_suffix(".crawl.lock")),
        session.store(create=True, writing=True) as store,
    ):
        run = store.runs.start("crawl", session.now())
        report = run_crawl(
            session.config,
            tuple(outlets),
            store,
            now=session.now,
            limit=limit,
            dry_run=dry_run,
            progress=session.log,
        )
        store.runs.end(run, session.now(), 0, report.counts)
    return report


__all__ = ["Refused", "crawl"]
