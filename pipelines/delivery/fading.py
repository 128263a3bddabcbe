"""Rumours that nobody repeats any more: `quiet`, noticed by the clock and told by digests only."""

from __future__ import annotations

from datetime import datetime, timedelta
from hashlib import blake2b

from pipelines.config import Config
from pipelines.records import Change
from pipelines.shapes import figure_from_json
from pipelines.store import Store

#: Silence after which a rumour has faded (rules of the ledger, A17).
SILENCE = timedelta(days=21)
#: Silence after which nobody wants to hear of it any more: an old ledger that is opened again
#: does not tell of every rumour that it ever held.
FORGOTTEN = timedelta(days=42)


def notice_quiet(store: Store, config: Config, now: datetime) -> int:
    """Write and queue a `quiet` for every told rumour that has faded; how many there are."""
    since, until = now - FORGOTTEN, now - SILENCE
    if not store.outbox.faded(since, until):
        return 0
    with store.transaction():
        # asked again inside: another sender may have noticed meanwhile
        ids = store.outbox.faded(since, until)
        for line in store.ledger.changes(ids=ids):
            change = Change(
                label="quiet",
                also=(),
                alert=False,
                deal=line["deal"],
                kind=line["kind"],
                payers=tuple(line["payers"]),
                payee=line["payee"],
                before=figure_from_json(line["after"]),
                after=None,
                article=None,
                claims=(),
                rule="A17",
            )
            (identity,) = store.ledger.record([change], now)
            for channel in config.channels:
                if store.outbox.messages_on(channel.name, [line["deal"]]):
                    key = blake2b(f"{channel.name}\0quiet\0{identity}".encode(), digest_size=16)
                    store.outbox.queue(
                        key.hexdigest(), channel.name, "immediate", None, [identity], now
                    )
    return len(ids)
