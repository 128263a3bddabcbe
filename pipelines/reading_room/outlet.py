"""Outlets: how they are against their own baseline, and how far behind the first they report."""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, datetime
from statistics import median

from pipelines.reading_room.asking import Ask, Gathered
from pipelines.reading_room.front import flat
from pipelines.shapes import Json, when
from pipelines.store import reporting, rooms
from pipelines.store.rooms import Connection

#: Changes and articles that the page of an outlet lists.
CHANGES, ARTICLES = 20, 30


def listing(db: Connection, ask: Ask) -> Gathered:
    behind = lags(reporting.first_reports(db))
    lines = [
        {
            **line,
            "name": ask.room.outlets.get(line["outlet"], line["outlet"]),
            **behind.get(line["outlet"], {"firsts": 0, "lag": None, "deals": 0}),
        }
        for line in reporting.outlets(db)
    ]
    return Gathered({"outlets": lines}, lines)


def gather(db: Connection, ask: Ask) -> Gathered | None:
    """None for an outlet that was never crawled and published nothing that is kept."""
    if not reporting.known_outlet(db, ask.key):
        return None
    lines = rooms.changes(db, {"outlet": ask.key}, CHANGES)
    lines = [line | {"quote": ask.quote(line["quote"])} for line in lines]
    facts: Json = {
        "outlet": ask.key,
        "name": ask.room.outlets.get(ask.key, ask.key),
        "state": reporting.state(db, ask.key),
        "baseline": reporting.baseline(db, ask.key, when(datetime.now(UTC))),
        "resources": reporting.resources(db, ask.key),
        "issues": reporting.issues(db, ask.key),
        "lag": lags(reporting.first_reports(db)).get(ask.key),
        "changes": lines,
        "articles": reporting.newest_articles(db, ask.key, ARTICLES),
    }
    return Gathered(facts, [flat(line) for line in lines])


def lags(reports: list[Json]) -> dict[str, Json]:
    """Outlet → deals it reported, of how many it was first, and its median lag in seconds.

    The first has a lag of 0; a deal that one outlet alone reported says nothing about lag.
    """
    by_deal: dict[str, list[tuple[datetime, str]]] = defaultdict(list)
    for report in reports:
        by_deal[report["deal"]].append((datetime.fromisoformat(report["at"]), report["outlet"]))
    behind: dict[str, list[float]] = defaultdict(list)
    counts: dict[str, int] = defaultdict(int)
    for told in by_deal.values():
        first = min(told)[0]
        for at, outlet in told:
            counts[outlet] += 1
            if len(told) > 1:
                behind[outlet].append((at - first).total_seconds())
    return {
        outlet: {
            "deals": count,
            "firsts": sum(1 for lag in behind[outlet] if lag == 0),
            "lag": median(behind[outlet]) if behind[outlet] else None,
        }
        for outlet, count in counts.items()
    }
