"""`veille check --live`: asks every outlet once and says what the catalogue should say.

A crawl that asks for no page and keeps nothing: robots.txt, reservation, and the sources.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from crawler.report import FAILURES, OutletReport
from pipelines.config import Config
from pipelines.records import Outlet
from pipelines.store import Store
from pipelines.store.outlet_state import Decision, Resource

#: What a feed answers that is there no more.
GONE = ("status 404", "status 410")


@dataclass(frozen=True, slots=True)
class Finding:
    """What an outlet answered."""

    outlet: Outlet
    report: OutletReport
    resources: tuple[Resource, ...]
    decisions: tuple[Decision, ...]

    @property
    def failed(self) -> bool:
        """Whether nothing of the outlet could be read."""
        return self.report.result in FAILURES

    @property
    def newest(self) -> datetime | None:
        """Date of the newest entry that was seen."""
        return max((one.newest for one in self.resources if one.newest), default=None)


@dataclass(frozen=True, slots=True)
class Probe:
    """What all outlets answered."""

    findings: tuple[Finding, ...]
    answers: int  # of any host to any request

    @property
    def silent(self) -> bool:
        """Whether nobody at all answered, so that nothing is known of any outlet."""
        return bool(self.findings) and not self.answers

    @property
    def failed(self) -> int:
        """Outlets of which nothing could be read."""
        return sum(finding.failed for finding in self.findings)


def probe(
    config: Config,
    outlets: tuple[Outlet, ...],
    *,
    now: Callable[[], datetime],
    progress: Callable[[str], None],
) -> Probe:
    """Ask every outlet once; needs a contact, as any live crawl does."""
    from crawler.run import crawl

    with Store.open(":memory:", create=True) as store:
        report = crawl(config, outlets, store, now=now, limit=0, probing=True, progress=progress)
        by_id = {one.outlet: one for one in report.outlets}
        findings = tuple(
            Finding(
                outlet=outlet,
                report=by_id[outlet.id],
                resources=store.fetching.outlets.resources(outlet.id),
                decisions=tuple(
                    decision for _, decision in store.fetching.policies.decisions(outlet.id)
                ),
            )
            for outlet in outlets
        )
        return Probe(findings, report.answers)


def never_asked(_: str) -> Resource | None:
    """What is known of a feed without a ledger."""
    return None


def patch(
    findings: tuple[Finding, ...], before: Callable[[str], Resource | None] = never_asked
) -> str:
    """TOML tables for what moved, died or closed: to be merged into the catalogue by hand.

    `before`: how a feed answered the last crawl, where there was one.
    """
    return "\n".join(table for table in (_table(one, before) for one in findings) if table)


def _is_dead(now: Resource | None, before: Resource | None) -> bool:
    """The publisher says that the feed is gone, and it was not there a crawl ago.

    A time-out, a wall or a torn feed is the trouble of an hour and no ground for a patch; nor is
    the first 404 of a feed that was read by the last crawl.
    """
    was_good = before is not None and before.succeeded is not None and not before.failures
    return now is not None and now.problem in GONE and not was_good


def _table(finding: Finding, before: Callable[[str], Resource | None]) -> str:
    changes: list[str] = []
    feeds = []
    for feed in finding.outlet.feeds:
        known = next((one for one in finding.resources if one.url == feed.url), None)
        if known is not None and known.moved_to:
            feeds.append((known.moved_to, feed.section, "ok"))
            changes.append(f"# moved: {feed.url} → {known.moved_to}")
        elif known is not None and _is_dead(known, before(feed.url)):
            feeds.append((feed.url, feed.section, "dead"))
            changes.append(f"# gone: {feed.url}: {known.problem}")
        else:
            feeds.append(
                (feed.url, feed.section, "ok" if known and not known.problem else feed.status)
            )
    closed = [one for one in finding.decisions if one.decision != "open"]
    if closed and finding.outlet.policy == "probe":
        changes.append(f"# {closed[0].rule}: {closed[0].evidence}")
    if not changes:
        return ""
    lines = ["[[outlet]]", f"id = {json.dumps(finding.outlet.id)}", *changes]
    if closed and finding.outlet.policy == "probe":
        lines.append('policy = "feed"')
    lines.append("feeds = [")
    lines += [
        f'  {{ url = {json.dumps(url)}, section = {json.dumps(section)}, status = "{status}" }},'
        for url, section, status in feeds
    ]
    return "\n".join([*lines, "]", ""])
