"""A press played day by day on a simulated clock: each article taken, then the outbox drained."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from pipelines import intake
from pipelines.alert import Context
from pipelines.config import Channel, Rules
from pipelines.delivery.draining import Drain
from pipelines.records import Alert, Article, Outlet
from pipelines.shapes import claim_from_json, moment
from pipelines.store import Store

PARIS = ZoneInfo("Europe/Paris")
#: Between what an outlet says and our posting it.
SEEN_AFTER = timedelta(minutes=6)
#: When the simulated machine looks at the outbox without an occasion, local time.
MORNING = time(7, 31)


@dataclass
class Reader:
    """Somebody on a channel: every message with the time at which it came."""

    rules: Rules
    name: str = "out"
    pace: float = 0.0
    got: list[tuple[datetime, Alert]] = field(default_factory=list)
    now: datetime | None = None

    def notify(self, alert: Alert) -> str:
        assert self.now is not None
        self.got.append((self.now, alert))
        return "read"

    def drain(self, store: Store, now: datetime) -> None:
        self.now = now
        channel = Channel(self.name, "console", rules=self.rules)
        context = Context(self.name, "fr", PARIS)
        outcome = Drain(store, channel, context, lambda: now, notifier=self).run()
        assert not outcome.failed

    def changes(self, message: Alert) -> list[dict[str, Any]]:
        return json.loads(message.payload)["changes"]  # type: ignore[no-any-return]


def article(line: Mapping[str, Any]) -> Article:
    updated = line.get("updated")
    return Article(
        url=line["url"],
        canonical_url=line["url"],
        outlet=line["outlet"],
        title=line["title"],
        text=line["body"],
        published=moment(line["published"]),
        modified=moment(updated) if updated else None,
        language="fr",
    )


def play(
    store: Store,
    lines: Iterable[Mapping[str, Any]],
    readers: Iterable[Reader],
    outlets: Mapping[str, Outlet] | None = None,
) -> None:
    """Everything in order of (updated or published, url)."""
    readers = list(readers)
    route = intake.Route(tuple(reader.name for reader in readers))
    given = sorted(((article(line), line) for line in lines), key=lambda pair: _order(pair[0]))
    last: datetime | None = None
    for found, line in given:
        assert found.at is not None
        now = found.at + SEEN_AFTER
        for morning in _mornings(last, now):
            _drain(store, readers, morning)
        claims = [claim_from_json(claim, found.text) for claim in line["claims"]]
        intake.take(
            intake.prepare_given(found, claims, now),
            store,
            outlet=(outlets or {}).get(line["outlet"]),
            now=now,
            route=route,
        )
        _drain(store, readers, now)
        last = now
    assert last is not None
    for morning in _mornings(last, last + timedelta(days=8)):
        _drain(store, readers, morning)


def _order(found: Article) -> tuple[datetime, str]:
    assert found.at is not None
    return found.at, found.url


def _drain(store: Store, readers: Iterable[Reader], now: datetime) -> None:
    for reader in readers:
        reader.drain(store, now)


def _mornings(last: datetime | None, until: datetime) -> Iterable[datetime]:
    """Every morning after `last` and before `until`; of a long silence only the first weeks."""
    if last is None:
        return
    day = last.astimezone(PARIS).date()
    for _ in range(10):
        morning = datetime.combine(day, MORNING, PARIS)
        if last < morning < until:
            yield morning
        day += timedelta(days=1)
