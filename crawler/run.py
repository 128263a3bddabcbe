"""One crawl, from the outlets to the ledger: what `veille crawl` and `scrapy crawl` both run."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from scrapy.crawler import CrawlerProcess
from scrapy.settings import Settings

from crawler import relevance
from crawler.addon import ContactMissingError, load_here
from crawler.ledger import Ledger
from crawler.report import CrawlReport
from crawler.round import Round
from pipelines import outlets as catalogue
from pipelines.config import Config
from pipelines.records import Outlet
from pipelines.store import Store
from pipelines.store.locks import FileLock, LockError, Taken, crawl_lock, write_lock

#: Exit code of a run that finds the lock taken (sysexits: temporary failure).
LOCKED = 75


def crawl(
    config: Config,
    outlets: tuple[Outlet, ...],
    store: Store,
    *,
    now: Callable[[], datetime],
    limit: int | None = None,
    dry_run: bool = False,
    probing: bool = False,
    progress: Callable[[str], None],
) -> CrawlReport:
    """Visit outlets once. One crawl a process: the reactor cannot be started twice.

    `limit`: article pages, over all outlets. `dry_run`: the store is a copy that is thrown away.
    `probing`: ask each outlet also whether it reserves its pages (`veille check --live`).
    """
    round_ = round_of(config, outlets, store, now, progress, limit)
    round_.probing = probing
    if dry_run:
        progress("dry run: nothing is written and nothing is sent")
    settings = Settings()
    settings.setmodule("crawler.settings", priority="project")
    settings.set("VEILLE_CONFIG", config, priority="project")
    # tracebacks and warnings of libraries are log, not result
    logging.getLogger("twisted").setLevel(logging.CRITICAL)
    logging.getLogger("asyncio").setLevel(logging.CRITICAL)
    process = CrawlerProcess(settings)
    process.crawl("feeds", round=round_)
    process.start()
    if round_.bugs:
        raise round_.bugs[0]
    if not round_.complete:
        raise RuntimeError("the crawl broke off before its end; the log above says where")
    return report_of(round_)


def report_of(round_: Round) -> CrawlReport:
    """What a round came to."""
    return CrawlReport(
        tuple(round_.reports), dict(round_.counts), round_.ended, answers=round_.answers
    )


def round_of(
    config: Config,
    outlets: tuple[Outlet, ...],
    store: Store,
    now: Callable[[], datetime],
    progress: Callable[[str], None],
    limit: int | None = None,
) -> Round:
    """What a spider is given."""
    _need_contact(config)
    round_ = Round(
        config=config,
        outlets=outlets,
        store=store,
        sink=Ledger(config, store),
        now=now,
        relevant=relevance.reader(config.watches),
        progress=progress,
        limit=limit,
    )
    states = round_.fetching.outlets
    round_.first_runs.update(
        outlet.id for outlet in outlets if states.state(outlet.id).first is None
    )
    return round_


def round_from_checkout(name: str | None) -> Round:
    """The round of `scrapy crawl feeds [-a outlet=ID]`: veille.toml of the current folder."""
    config = load_here()
    _need_contact(config)
    known = catalogue.load(config.catalogue)
    chosen = tuple(
        outlet
        for outlet in known
        if (outlet.id == name if name else outlet.enabled and outlet.policy != "off")
    )
    if not chosen:
        raise ValueError(f"no outlet {name!r} in the catalogue")
    _lock(config.database)
    store = Store.open(config.database, create=True)
    return round_of(config, chosen, store, lambda: datetime.now(UTC), _to_stderr)


def _lock(database: Path) -> None:
    """As `veille crawl` does; held until the process ends, however Scrapy ends it."""
    try:
        FileLock(crawl_lock(database), "scrapy crawl").__enter__()
        FileLock(write_lock(database), "scrapy crawl", shared=True).__enter__()
    except (Taken, LockError) as error:
        _to_stderr(f"veille: {error}")
        raise SystemExit(LOCKED) from None


def _need_contact(config: Config) -> None:
    if not config.contact:
        raise ContactMissingError('a live crawl needs `contact = "..."` in veille.toml')


def _to_stderr(line: str) -> None:
    print(line, file=sys.stderr)
