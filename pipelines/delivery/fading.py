"""Rumours that nobody repeats any more: `quiet`, noticed by the clock and told by digests only."""

from __future__ import annotations

from datetime import datetime, timedelta
from hashlib import blake2b

from pipelines.change import faded
from pipelines.config import Config
from pipelines.store import Store

#: Silence after which a rumour has faded (rules of the ledger, A17).
SILENCE = timedelta(days=21)
#: Silence after which nobody wants to hear of it any more: an old ledger that is opened again
#: does not tell of every rumour that it ever held.
FORGOTTEN = timedelta(days=42)


def notice_quiet(store: Store, config: Config, now: datetime) -> int:
    """Write and queue a `quiet` for every told rumour that has faded; how many there are."""
    since, until = now - FORGOTTEN, now - SILENCE
    # asked at every delivery: the ledger is folded only where the answer may be yes
    if not store.outbox.silent_deals(since, until):
        return 0
    with store.transaction():
        silent = store.outbox.silent_deals(since, until)
        payees = sorted(set(silent.values()))
        changes = [
            change
            for change in faded(store.ledger.postings(payees), (), now)
            if change.deal in silent
        ]
        for change, identity in zip(changes, store.ledger.record(changes, now), strict=True):
            for channel in config.channels:
                if store.outbox.messages_on(channel.name, [change.deal]):
                    key = blake2b(f"{channel.name}\0quiet\0{identity}".encode(), digest_size=16)
                    store.outbox.queue(
                        key.hexdigest(), channel.name, "immediate", None, [identity], now
                    )
    return len(changes)
