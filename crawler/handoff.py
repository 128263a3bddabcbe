"""From the crawler to the ledger: foreign bytes are read in killable workers, then taken in.

    Page or Entry → worker: pipelines.intake.prepare → one transaction: sink.take + link settled

What a worker could not read is an issue of its outlet, and the crawl goes on.
"""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING

from crawler.conditional import validators_of_page
from crawler.links import same_publisher
from crawler.workers import WorkerError, Workers, sent_once
from pipelines.records import Entry, Page, Watch

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

    from crawler.round import Round
    from pipelines import intake


@dataclass(frozen=True, slots=True)
class Shown:
    """Entries of one source: read together, since each is a matter of a millisecond."""

    entries: tuple[Entry, ...]

    @property
    def outlet(self) -> str:
        """Whose entries they are."""
        return self.entries[0].outlet

    @property
    def url(self) -> str:
        """What they were found in."""
        return self.entries[0].found_in


def prepare_entries(
    entries: tuple[Entry, ...], watches: tuple[Watch, ...], seen: datetime
) -> tuple[intake.Prepared, ...]:
    """Runs in a worker: `prepare` for each of some entries."""
    return tuple(prepare(entry, watches, seen) for entry in entries)


def prepare(found: Page | Entry, watches: tuple[Watch, ...], seen: datetime) -> intake.Prepared:
    """Runs in a worker: an article with its claims, canonical only within its publisher.

    A text over which our own reader trips is unreadable like one that kills it: it is settled with
    an issue that names the fault, and neither stops the crawl nor comes back in each.
    """
    from pipelines import intake  # loads every step: in the workers only

    try:
        prepared = intake.prepare(found, watches, seen)
    except (MemoryError, RecursionError):
        raise
    except Exception as error:
        raise WorkerError(f"the reader failed on it: {error!r}") from error
    if isinstance(found, Page):
        canonical = prepared.article.canonical_url
        if not same_publisher(canonical, found.final_url):
            article = replace(prepared.article, canonical_url=found.final_url)
            prepared = replace(prepared, article=article)
    return prepared


class IntakePipeline:
    """Scrapy's item pipeline: what a spider yields ends here."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> IntakePipeline:
        return cls(crawler)

    @property
    def _round(self) -> Round:
        found: Round = self._crawler.spider.round  # type: ignore[union-attr]
        return found

    @cached_property
    def _watches(self) -> tuple[Watch, ...]:
        return sent_once(self._round.config.watches)

    @property
    def _workers(self) -> Workers:
        found: Workers = self._crawler.spider.workers  # type: ignore[union-attr]
        return found

    async def process_item(self, found: Page | Shown) -> Page | Shown:
        """Read in a worker, then store in one transaction with the link settled."""
        # no DropItem where that fails: Scrapy would log the whole page
        if isinstance(found, Page):
            await self._read_page(found)
        else:
            await self._read_entries(found.entries)
        return found

    async def _read_page(self, page: Page) -> None:
        try:
            prepared = await self._workers.run(prepare, page, self._watches, self._round.now())
        except WorkerError as error:
            # the same bytes would end the same way: the link is settled without them
            fetching = self._round.fetching
            with fetching.transaction():
                self._round.issue(page.outlet, page.url, "unreadable", str(error))
                fetching.fail_page(page.url, "unreadable", self._round.now(), again=None)
        else:
            self._take_page(page, prepared)

    async def _read_entries(self, entries: tuple[Entry, ...]) -> None:
        run, now = self._workers.run, self._round.now()
        try:
            prepared = await run(prepare_entries, entries, self._watches, now)
        except WorkerError as error:
            if len(entries) > 1:  # one of them is to blame
                for entry in entries:
                    await self._read_entries((entry,))
                return
            with self._round.fetching.transaction():
                self._round.issue(entries[0].outlet, entries[0].url, "unreadable", str(error))
                self._round.fetching.settle_entry(entries[0].url)
        else:
            self._take_entries(entries, prepared)

    def _take_entries(
        self, entries: tuple[Entry, ...], prepared: tuple[intake.Prepared, ...]
    ) -> None:
        """A transaction each once posting is on; a first run only keeps them: one for all."""
        fetching = self._round.fetching
        with ExitStack() as stack:
            if entries[0].outlet in self._round.first_runs:
                stack.enter_context(self._round.store.transaction())
            for entry, article in zip(entries, prepared, strict=True):
                with self._round.store.transaction():
                    self._sink(entry.outlet, article)
                    fetching.settle_entry(entry.url)
        self._round.counts["entries read"] += len(entries)

    def _take_page(self, page: Page, prepared: intake.Prepared) -> None:
        fetching, limits = self._round.fetching, self._round.config.crawl
        words = len(prepared.article.text.split())
        with self._round.store.transaction():
            if not words:
                fetching.pass_page(page.url, "no text on the page")
                self._round.issue(page.outlet, page.url, "empty", "no text on the page")
                self._round.counts["no text on the page"] += 1
                return
            self._sink(page.outlet, prepared)
            fetching.keep_validators(page.final_url, validators_of_page(page), self._round.now())
            fetching.settle_page(
                page.url,
                self._round.now(),
                text_hash=prepared.signature.exact,
                revisit_hours=limits.revisit_hours if prepared.claims else (),
                most_visits=limits.max_revisions,
            )
        self._round.counts["pages read"] += 1
        self._crawler.spider.read(page.outlet, words)  # type: ignore[union-attr]

    def _sink(self, outlet_id: str, prepared: intake.Prepared) -> None:
        outlet = next(outlet for outlet in self._round.outlets if outlet.id == outlet_id)
        first = outlet_id in self._round.first_runs
        self._round.sink.take(prepared, outlet, self._round.now(), first_run=first)
