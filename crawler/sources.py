"""Reading a feed, sitemap or listing: from its answer to links in the store."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from urllib.parse import urlsplit

from scrapy.http import Response

from crawler import etiquette
from crawler.conditional import is_unchanged, validators_of
from crawler.errand import Errand, Source, Visit
from crawler.found import Found, read_source
from crawler.links import key
from crawler.page import result_of_status, wall
from crawler.report import Result
from crawler.round import FORGOTTEN, Round
from crawler.workers import WorkerError, Workers
from pipelines.records import Entry
from pipelines.store.fetching import Planned
from pipelines.store.outlet_state import Resource

#: Redirect statuses that say "from now on".
_PERMANENT = frozenset((301, 308))


class Reading:
    """One answer of a source of one errand."""

    def __init__(self, round_: Round, workers: Workers, errand: Errand) -> None:
        self._round = round_
        self._workers = workers
        self._errand = errand

    async def read(self, response: Response, source: Source) -> tuple[Entry, ...]:
        """Write down what the source shows; returns the entries to be read for claims."""
        fetching, errand = self._round.fetching, self._errand
        known = fetching.validators(response.url)
        wall_met = wall(response, source.url)
        if wall_met is not None:
            if response.status in (403, 429):  # a no: the next kind of source is not tried on it
                errand.stopped = wall_met
            self._wait(response)
            return self.fail(source, "blocked", wall_met)
        if response.status == 304 and known is None:
            return self.fail(source, "malformed", "304 without having been asked")
        if response.status not in (200, 304):
            self._wait(response)
            return self.fail(source, *result_of_status(response.status))
        coding = response.headers.get("Content-Encoding")
        if coding:  # Scrapy takes it off when it could decode it
            return self.fail(source, "malformed", f"unknown coding {coding.decode('latin-1')[:40]}")
        if is_unchanged(response, known):
            errand.unchanged += 1
            errand.answer(source.kind, changed=False)
            self._note(source, response, None)
            return ()
        try:
            found = await self._parse(response, source)
        except WorkerError as error:
            return self.fail(source, "malformed", str(error))
        if found.problem:
            return self.fail(source, "malformed", found.problem)
        return self._keep(response, source, found)

    async def _parse(self, response: Response, source: Source) -> Found:
        content_type = (response.headers.get("Content-Type") or b"").decode("latin-1")
        return await self._workers.run(
            read_source,
            source.kind,
            response.body,
            response.url,
            self._errand.outlet.id,
            content_type=content_type,
            fetched=self._round.now(),
        )

    def _keep(self, response: Response, source: Source, found: Found) -> tuple[Entry, ...]:
        """Links and validators in one transaction; then the pages to be asked for."""
        fetching, errand = self._round.fetching, self._errand
        planned = [self._plan(entry) for entry in self._in_order(self._kept(found.entries))]
        with fetching.transaction():
            recorded = fetching.record(
                planned,
                self._round.now(),
                # an index that is unchanged says nothing about the sitemaps that it names
                source=None if found.kind == "index" else (response.url, validators_of(response)),
                most_visits=self._round.config.crawl.max_revisions,
            )
            self._note(source, response, found)
        for reason, count in found.dropped:
            self._round.counts[reason] += count
        errand.new += len(recorded.new)
        errand.shown += len(found.entries)
        errand.hint_minutes = max(errand.hint_minutes, found.hint_minutes or 0)
        errand.dated += sum(bool(entry.published or entry.updated) for entry in recorded.new)
        self._round.counts["entries found"] += len(recorded.new)
        fresh = {entry.url for entry in recorded.new}
        changed = {entry.url for entry in recorded.changed}
        for plan in planned:
            url = plan.entry.url
            if url in fresh and plan.page == "passed":
                self._round.counts[plan.reason] += 1
            if plan.page == "pending" and (url in fresh or url in changed):
                errand.visits.append(Visit(plan.entry, url, again=url in changed))
        if found.further and found.kind == "index":
            errand.sources.extend(Source(url, "sitemap") for url in found.further)
        else:
            errand.answer(source.kind, changed=True)
        return tuple(
            plan.entry
            for plan in planned
            if plan.read_entry and (plan.entry.url in fresh or plan.entry.url in changed)
        )

    def _kept(self, entries: tuple[Entry, ...]) -> tuple[Entry, ...]:
        """Without what `veille forget` was told: not even its title is written down again."""
        kept = tuple(entry for entry in entries if not self._round.forgotten(entry.url))
        if len(kept) < len(entries):
            self._round.counts[FORGOTTEN] += len(entries) - len(kept)
        return kept

    def _in_order(self, entries: tuple[Entry, ...]) -> tuple[Entry, ...]:
        """As shown, newest first, while a first run gathers; else in the order of publication.

        What is posted on arrival is then posted in the order in which it was said.
        """
        if self._errand.outlet.id in self._round.first_runs:
            return entries
        return oldest_first(entries)

    def _plan(self, entry: Entry) -> Planned:
        """What is to be done about an entry: read it, ask for its page, or pass it over."""
        outlet = self._errand.outlet
        relevant = self._round.relevant(entry)
        spelling = key(entry.url)
        if not relevant and outlet.take == "relevant":
            return Planned(entry, spelling, False, "passed", "not about the watch")
        if outlet.policy != "probe" or outlet.licence:
            return Planned(entry, spelling, relevant, "passed", "policy feed")
        return Planned(entry, spelling, relevant, "pending")

    def fail(self, source: Source, result: Result, reason: str) -> tuple[Entry, ...]:
        """A source that could not be read: noted, and the next request of it is unconditional."""
        self._errand.fail(result, reason)
        outlet = self._errand.outlet.id
        outlets = self._round.fetching.outlets
        before = outlets.resource(source.url) or self._fresh(source)
        with self._round.fetching.transaction():
            self._round.issue(outlet, source.url, result, reason)
            outlets.keep_resource(
                replace(
                    before,
                    checked=self._round.now(),
                    failures=before.failures + 1,
                    problem=reason,
                )
            )
        return ()

    def _note(self, source: Source, response: Response, found: Found | None) -> None:
        """A source that could be read; `found` None: it said what it said before."""
        now = self._round.now()
        outlets = self._round.fetching.outlets
        before = outlets.resource(source.url) or self._fresh(source)
        moved = self._moved(response)
        outlets.keep_resource(
            replace(
                before,
                checked=now,
                succeeded=now,
                failures=0,
                problem="",
                entries=before.entries if found is None else len(found.entries),
                newest=before.newest if found is None else _newest(found.entries),
                moved_to=moved,
            )
        )

    def _fresh(self, source: Source) -> Resource:
        return Resource(
            url=source.url,
            outlet=self._errand.outlet.id,
            kind=source.kind,
            checked=self._round.now(),
            succeeded=None,
            failures=0,
            problem="",
            entries=None,
            newest=None,
            moved_to=None,
        )

    def _moved(self, response: Response) -> str | None:
        """Where permanent redirects led; a temporary one among them means nothing."""
        reasons = response.meta.get("redirect_reasons") or ()
        permanent = bool(reasons) and all(reason in _PERMANENT for reason in reasons)
        return response.url if permanent else None

    def _wait(self, response: Response) -> None:
        """Retry-After is written to the outlet's next check; the crawl does not sleep on it."""
        raw = (response.headers.get("Retry-After") or b"").decode("latin-1")
        until = etiquette.retry_after(raw, self._round.now())
        if until is not None:
            self._errand.wait_until = until
            host = urlsplit(response.url).hostname
            self._errand.stopped = f"{host} asks to wait until {until:%Y-%m-%d %H:%M} UTC"


def oldest_first(entries: tuple[Entry, ...]) -> tuple[Entry, ...]:
    """In order of publication; what has no date is taken for new."""
    dated = [entry for entry in entries if entry.updated or entry.published]
    undated = tuple(entry for entry in entries if not (entry.updated or entry.published))
    return (*sorted(dated, key=_said), *reversed(undated))


def _said(entry: Entry) -> datetime:
    said = entry.updated or entry.published
    assert said is not None
    return said


def _newest(entries: tuple[Entry, ...]) -> datetime | None:
    dates = [entry.updated or entry.published for entry in entries]
    return max((date for date in dates if date is not None), default=None)
