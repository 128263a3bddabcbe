"""One crawl, from the outlets to the ledger: what `veille crawl` and `scrapy crawl` both run."""

from __future__ import annotations

import gc
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING

from crawler import relevance
from crawler.addon import ContactMissingError
from crawler.ledger import Ledger
from crawler.report import CrawlReport
from crawler.round import Round
from crawler.workers import start_server
from pipelines.config import Config
from pipelines.records import Outlet
from pipelines.store import Store

if TYPE_CHECKING:
    from scrapy.crawler import CrawlerProcess

#: Loggers whose errors end in `Round.bugs` as well, raised when the reactor has ended: they
#: print the whole page beside the traceback, once for each page that met the same full disk.
TOLD_BY_US = ("twisted", "asyncio", "scrapy.core.scraper", "scrapy.utils.signal")


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
    if round_.first_runs:  # there will be much to read
        start_server()
    if dry_run:
        progress("dry run: nothing is written and nothing is sent")
    with loading():  # in which the workers' server loads the readers
        process = process_of(config)
        process.crawl("feeds", round=round_)
    process.start()
    if round_.bugs:
        raise round_.bugs[0]
    if not round_.complete:
        raise RuntimeError("the crawl broke off before its end; the log above says where")
    return report_of(round_)


@contextmanager
def loading() -> Iterator[None]:
    """What is loaded here stays: it is never looked through for garbage, a fifth of its time."""
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()


def process_of(config: Config) -> CrawlerProcess:
    """Scrapy with our settings."""
    # for what its import costs elsewhere: Scrapy's create_deprecated_class, called there, reads the
    # source of every frame of the stack, which is deepest when CrawlerProcess gets to it
    import scrapy.core.downloader.handlers.http11  # noqa: F401
    from scrapy.crawler import CrawlerProcess
    from scrapy.settings import Settings

    settings = Settings()
    settings.setmodule("crawler.settings", priority="project")
    settings.set("VEILLE_CONFIG", config, priority="project")
    process = CrawlerProcess(settings)
    # after Scrapy has set up its logging; it would make two records for each page to throw away
    logging.getLogger("scrapy").setLevel(settings["LOG_LEVEL"])
    quiet()
    return process


def quiet() -> None:
    """What we tell ourselves is not told by the libraries as well."""
    for name in TOLD_BY_US:
        logging.getLogger(name).setLevel(logging.CRITICAL)


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
    need_contact(config)
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


def need_contact(config: Config) -> None:
    if not config.contact:
        raise ContactMissingError('a live crawl needs `contact = "..."` in veille.toml')
