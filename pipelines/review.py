"""Verdicts on claims: accept, reject, merge two deals. People give them, or a second reader.

A verdict is a row of its own, keyed by the page, the sentence and the money claimed: it holds for
every later version and every better reader that finds the same claim in the same sentence. What was
told and is rejected is taken back by a `corrected` change to those who were told (A15).
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from hashlib import blake2b

from pipelines import change, posting, replay
from pipelines.records import Change, Deal, Kind
from pipelines.shapes import Json
from pipelines.store import Store
from pipelines.store.verdicts import PERSON, POSTED, REJECTED

#: Kinds of which the payers are part of what tells two deals apart.
NAMED: frozenset[Kind] = frozenset(("investment", "commitment"))


class UnknownError(LookupError):
    """There is no such claim or deal; the text says which."""


def accept(
    store: Store,
    claims: Sequence[int],
    channels: Sequence[str],
    now: datetime,
    *,
    who: str = PERSON,
    mode: str = "immediate",
) -> list[Change]:
    """Post claims that were held back; what they change is told as any other news."""
    told: list[Change] = []
    with store.transaction():
        for identity in claims:
            row = _claim(store, identity)
            store.verdicts.write(row, "accept", None, now, who)
            if row["held"] == POSTED:
                continue
            store.verdicts.change(identity, POSTED, None, now)
            store.accounts.drop(row["payee"])
            own = store.ledger.positions(row["article"]).index(row["position"])
            changes = [c for c in posting.post(row["article"], store) if own in c.claims]
            ids = store.ledger.record(changes, now)
            told += changes
            news = [i for i, made in zip(ids, changes, strict=True) if made.alert]
            for channel in channels if news else ():
                parts = f"{channel}\0accepted\0{identity}".encode()
                name = blake2b(parts, digest_size=16).hexdigest()
                store.outbox.queue(name, channel, mode, row["article"], news, now)
    return told


def reject(
    store: Store, claims: Sequence[int], channels: Sequence[str], now: datetime
) -> tuple[Change, ...]:
    """Take claims out of the ledger; returns the corrections of what was told."""
    with store.transaction():
        affected = set()
        for identity in claims:
            row = _claim(store, identity)
            store.verdicts.write(row, "reject", None, now)
            if row["held"] != REJECTED:
                store.verdicts.change(identity, REJECTED, None, now)
                affected.add(row["payee"])
        return replay.take_back(store, sorted(affected), channels, now)


def merge(store: Store, into: str, other: str, now: datetime) -> int:
    """Post the claims of the deal `other` to the deal `into`; returns how many moved."""
    with store.transaction():
        target, source = _deal(store, into), _deal(store, other)
        _check(target, source)
        moved = store.verdicts.claims_of([source.id, *source.aliases])
        stay = store.verdicts.claims_of([target.id, *target.aliases])
        for row in [*moved, *stay]:
            # a round gathers its payers: what each claim says of them stays
            own = target.kind not in NAMED
            reads_as: Json = {
                "kind": target.kind,
                "payers": json.loads(row["payers"]) if own else list(target.payers),
                "payee": target.payee,
                "bond": target.id,
            }
            store.verdicts.write(row, "merge", reads_as, now)
            store.verdicts.change(row["id"], POSTED, reads_as, now)
        for payee in {target.payee, source.payee}:
            store.accounts.drop(payee)
        return len(moved)


class RefusedError(ValueError):
    """The verdict would make the ledger say what nobody said; the text says why."""


def _check(target: Deal, source: Deal) -> None:
    """Only one payee's money of one kind is one deal by a verdict."""
    if (target.kind, target.payee) != (source.kind, source.payee):
        raise RefusedError(
            f"{target.id} is {target.kind} for {target.payee}, {source.id} is {source.kind} for "
            f"{source.payee}: they cannot be one deal"
        )
    if target.id == source.id:
        raise RefusedError(f"{target.id} and {source.id} are one deal already")


def _claim(store: Store, identity: int) -> Json:
    row = store.verdicts.claim(identity)
    if row is None:
        raise UnknownError(f"there is no claim {identity}; `veille review` lists those that wait")
    return row


def _deal(store: Store, identity: str) -> Deal:
    outcomes = [made for *_, made in store.ledger.told()]
    for deal in change.fold(store.ledger.postings(), outcomes):
        if identity == deal.id or identity in deal.aliases:
            return deal
    raise UnknownError(f"there is no deal {identity}; `veille deals` lists them")
