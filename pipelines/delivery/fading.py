"""Rumours that nobody repeats any more: `quiet`, noticed by the clock and told by digests only."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import blake2b

from pipelines.change import Told, faded, fold
from pipelines.config import Config
from pipelines.records import Change
from pipelines.store import Store

#: Silence after which a rumour has faded (rules of the ledger, A17).
SILENCE = timedelta(days=21)
#: Silence after which nobody wants to hear of it any more: an old ledger that is opened again
#: does not tell of every rumour that it ever held.
FORGOTTEN = timedelta(days=42)


def notice_quiet(store: Store, config: Config, now: datetime) -> int:
    """Write and queue a `quiet` for every told rumour that has faded; how many there are."""
    # asked at every delivery: the ledger is folded only where the answer may be yes
    if not _silent(store, now):
        return 0
    with store.transaction():
        changes = list(_faded(store, now))
        recorded = store.ledger.record([change for change, _ in changes], now)
        for (_, ids), identity in zip(changes, recorded, strict=True):
            for channel in config.channels:
                if store.outbox.messages_on(channel.name, ids):
                    key = blake2b(f"{channel.name}\0quiet\0{identity}".encode(), digest_size=16)
                    store.outbox.queue(
                        key.hexdigest(), channel.name, "immediate", None, [identity], now
                    )
    return len(changes)


def _silent(store: Store, now: datetime) -> dict[str, str]:
    """Deal → payee of what may have faded, under the ids by which it was told."""
    since, today = now - FORGOTTEN, now.astimezone(UTC).date()
    return store.outbox.silent_deals(since, now - SILENCE) | store.outbox.lapsed_deals(
        since, today - SILENCE, today
    )


def _faded(store: Store, now: datetime) -> Iterator[tuple[Change, list[str]]]:
    """What has faded, under the id by which it was told, with all ids of its deal."""
    silent = _silent(store, now)
    payees = sorted(set(silent.values()))
    history = store.ledger.postings(payees)
    deals = fold(history, [told for *_, told in store.ledger.told(payees)])
    present = {former: deal.id for deal in deals for former in (*deal.aliases, deal.id)}
    noticed = [
        Told(0, "", at, replace(change, deal=present.get(change.deal, change.deal)))
        for at, change in store.ledger.noticed_quiet(payees)
    ]
    ids = {deal.id: [deal.id, *deal.aliases] for deal in deals}
    for change in faded(history, noticed, now):
        told = [former for former in ids[change.deal] if former in silent]
        if told:
            yield replace(change, deal=told[0]), ids[change.deal]
