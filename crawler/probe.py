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


def probe(
    config: Config,
    outlets: tuple[Outlet, ...],
    *,
    now: Callable[[], datetime],
    progress: Callable[[str], None],
) -> tuple[Finding, ...]:
    """Ask every outlet once; needs a contact, as any live crawl does."""
    from crawler.run import crawl

    with Store.open(":memory:", create=True) as store:
        report = crawl(config, outlets, store, now=now, limit=0, probing=True, progress=progress)
        by_id = {one.outlet: one for one in report.outlets}
        return tuple(
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


def patch(findings: tuple[Finding, ...]) -> str:
    """TOML tables for what moved, died or closed: to be merged into the catalogue by hand."""
    return "\n".join(table for table in map(_table, findings) if table)


def _table(finding: Finding) -> str:
    changes: list[str] = []
    feeds = []
    for feed in finding.outlet.feeds:
        known = next((one for one in finding.resources if one.url == feed.url), None)
        if known is not None and known.moved_to:
            feeds.append((known.moved_to, feed.section, "ok"))
            changes.append(f"# moved: {feed.url} → {known.moved_to}")
        elif known is not None and known.problem:
            feeds.append((feed.url, feed.section, "dead"))
            changes.append(f"# not readable: {feed.url}: {known.problem}")
        else:
            feeds.append((feed.url, feed.section, "ok" if known else feed.status))
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
