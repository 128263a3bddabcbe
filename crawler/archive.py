"""Web archives into the ledger: pages are read in killable workers, in the order of the file."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Iterable, Iterator
from datetime import datetime
from pathlib import Path

from crawler.handoff import prepare
from crawler.warc import Skipped, pages
from crawler.workers import WorkerError, Workers, sent_once
from pipelines.config import Config
from pipelines.intake import Prepared
from pipelines.records import Outlet, Page, Watch

#: Pages that are read ahead, per worker: enough that none waits, few enough for the memory.
AHEAD = 4


def prepare_warc(
    path: Path, outlets: Iterable[Outlet], config: Config, now: datetime
) -> Iterator[Prepared | Skipped]:
    """The articles of a WARC file, ready to be posted; what could not be read, with its reason."""
    workers = Workers(config.crawl.parse_timeout_seconds)
    with asyncio.Runner() as runner:
        reading = _read(path, tuple(outlets), config, now, workers)
        try:
            while True:
                try:
                    yield runner.run(_next(reading))
                except StopAsyncIteration:
                    return
        finally:
            workers.stop()


async def _next(reading: AsyncIterator[Prepared | Skipped]) -> Prepared | Skipped:
    return await anext(reading)


async def _read(
    path: Path, outlets: tuple[Outlet, ...], config: Config, now: datetime, workers: Workers
) -> AsyncIterator[Prepared | Skipped]:
    watches = sent_once(config.watches)
    window: deque[asyncio.Task[Prepared | Skipped]] = deque()
    for number, found in enumerate(pages(path, outlets, config.crawl.max_bytes), 1):
        if isinstance(found, Skipped):
            yield found
            continue
        place = f"{path}:page {number}"
        window.append(asyncio.create_task(_prepare(found, watches, now, workers, place)))
        if len(window) >= AHEAD * workers.count:
            yield await window.popleft()
    while window:
        yield await window.popleft()


async def _prepare(
    page: Page, watches: tuple[Watch, ...], now: datetime, workers: Workers, place: str
) -> Prepared | Skipped:
    try:
        prepared = await workers.run(prepare, page, watches, now)
    except WorkerError as error:
        return Skipped(place, f"{page.url[:200]}: {error}")
    if not prepared.article.text:
        return Skipped(place, f"{page.url[:200]}: no text on the page")
    return prepared
