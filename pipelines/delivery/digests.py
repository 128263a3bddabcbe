"""Which rows become one digest, and what else belongs into it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from hashlib import blake2b
from zoneinfo import ZoneInfo

from pipelines.alert import policy
from pipelines.config import Channel
from pipelines.delivery.asking import allowed, newest_said
from pipelines.shapes import Json, when
from pipelines.store import Store

#: What a row waits for apart from a regular digest: told alone when it is the only one.
SHORT_WAITS = ("quiet-hours", "cap", "cooldown")
#: Outlets more than when a change was told from which on a digest says that it was repeated. Two
#: outlets repeat everything; thirty are news about the news.
ECHO = 3


def gather(store: Store, channel: Channel, zone: ZoneInfo, now: datetime) -> None:
    """Turn the rows of a channel whose wait is over into digests; all of it or nothing."""
    with store.transaction():
        if not store.outbox.has_prepared():
            _gather_first_run(store, channel, now)
        for mode in SHORT_WAITS:
            _gather_waiting(store, channel, mode, now)
        for mode in ("daily", "weekly"):
            _gather_regular(store, channel, mode, zone, now)


def _gather_first_run(store: Store, channel: Channel, now: datetime) -> None:
    """Everything that a first run found is one message; the rules say only what is in it."""
    rows = []
    for row in store.outbox.waiting(channel.name, ["first-run"], now):
        told, why = allowed(store, channel, row)
        row["told"] = told
        if told:
            store.outbox.decide(row["id"], "first-run", "first run", told, now, "queued")
            rows.append(row)
        else:
            store.outbox.decide(row["id"], "muted", why, (), now, "muted")
    _queue(store, channel, rows, "first-run", now)


def _gather_waiting(store: Store, channel: Channel, mode: str, now: datetime) -> None:
    rows = store.outbox.waiting(channel.name, [mode], now)
    if len(rows) == 1:
        (row,) = rows
        store.outbox.decide(row["id"], "immediate", row["reason"], row["told"], now, "queued")
    else:
        _queue(store, channel, rows, mode, now)


def _gather_regular(
    store: Store, channel: Channel, mode: str, zone: ZoneInfo, now: datetime
) -> None:
    """The digest of a day or a week: what waited for it, and what of the rest was repeated."""
    rules = channel.rules
    due = policy.last_digest(rules, now, zone)
    repeated: list[int] = []
    regular = "weekly" if rules.when == "weekly" else "daily"
    wanted = not rules.changes or "corroborated" in rules.changes
    asked = mode == regular and rules.when != "immediate" and wanted
    if asked and not store.outbox.has_digest(channel.name, mode, due):
        before = policy.last_digest(rules, due - policy.HOUR, zone)
        repeated = echoes(store, channel.name, before, due)
    rows = store.outbox.waiting(channel.name, [mode], now)
    _queue(store, channel, rows, mode, now, repeated, when(due))


def echoes(store: Store, channel: str, since: datetime, until: datetime) -> list[int]:
    """Changes told in (since, until], one a deal, when many more outlets say one of them by now."""
    told = store.outbox.told_between(channel, since, until)
    last = {line["deal"]: line for line in store.ledger.changes(ids=told)}
    said = {deal: newest_said(store, deal, until)["outlets"] for deal in last}
    before = {deal: line["corroborations"]["outlets"] for deal, line in last.items()}
    if not any(said[deal] >= before[deal] + ECHO for deal in last):
        return []
    return sorted(line["id"] for deal, line in last.items() if said[deal] > ECHO)


def _queue(
    store: Store,
    channel: Channel,
    rows: Sequence[Json],
    reason: str,
    now: datetime,
    repeated: Sequence[int] = (),
    stamp: str = "",
) -> None:
    """One digest of `rows`; none when there is nothing to tell."""
    if not rows and not repeated:
        return
    keys = "\0".join((channel.name, reason, stamp, *(row["key"] for row in rows)))
    store.outbox.queue_digest(
        blake2b(keys.encode(), digest_size=16).hexdigest(),
        channel.name,
        told=[change for row in rows for change in row["told"]],
        repeated=repeated,
        members=[row["id"] for row in rows],
        reason=reason,
        now=now,
    )
