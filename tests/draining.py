"""A channel whose server is ours, and the outbox drained into it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from pipelines.alert import Context
from pipelines.config import Channel, Rules, Secret, Webhook
from pipelines.delivery import deliver
from pipelines.delivery.draining import Drain, Outcome
from pipelines.store import Store
from tests.news import NOW
from tests.servers import Hook

PARIS = ZoneInfo("Europe/Paris")
AT_ONCE = Rules(when="immediate", cap_per_hour=0)


@pytest.fixture
def hook() -> Iterator[Hook]:
    with Hook() as served:
        yield served


def channel(hook: Hook, rules: Rules = AT_ONCE, name: str = "out") -> Channel:
    return Channel(name, "webhook", Webhook(Secret(inline=hook.url)), rules)


def drain(store: Store, to: Channel, now: datetime = NOW) -> Outcome:
    return Drain(store, to, Context(to.name, "fr", PARIS), lambda: now).run()


def states(store: Store) -> list[str]:
    return [row["state"] for row in store.outbox.rows()]


def subjects(hook: Hook) -> list[str]:
    return [request.json["subject"].replace("\u00a0", " ") for request in hook.taken]


def send(path: Path, config: object, now: datetime) -> None:
    """As `veille deliver` does it: every channel, each with its own connection."""
    deliver(lambda: Store.open(path), config, lambda: now)  # type: ignore[arg-type]
