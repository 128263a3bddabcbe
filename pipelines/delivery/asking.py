"""What the store knows, as the alert rules and the messages ask for it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from pipelines.alert import Context, Group, compose, compose_digest, policy, telling
from pipelines.alert.policy import Decision, Evidence, Sent
from pipelines.alert.words import UNCONFIRMED
from pipelines.config import Channel
from pipelines.delivery.merged import NONE, Merged
from pipelines.records import ALERTING, Alert
from pipelines.shapes import Json, corroboration_to_json
from pipelines.store import Store

#: Earlier messages that a message refers to: mail programs need one, and headers have a limit.
THREAD = 5
#: Why a message that would be empty is not sent.
TAKEN_BACK = "it was taken back before it was told"


def decided(store: Store, channel: Channel, row: Json, now: datetime, zone: ZoneInfo) -> Decision:
    """What the channel's rules say about a row of the outbox."""
    lines = lines_of(store, row["changes"])
    if not lines:
        return Decision("muted", now, (), TAKEN_BACK)
    sent = _sent(store, channel, lines, now)
    return policy.decide(channel.rules, lines, evidence_of(store, row["article"]), sent, now, zone)


def allowed(store: Store, channel: Channel, row: Json) -> tuple[list[int], str]:
    """Ids of a row's changes that the channel wants at all, and why not the others."""
    lines, evidence = lines_of(store, row["changes"]), evidence_of(store, row["article"])
    sent = Sent(told=_told_before(store, channel, lines))
    objections = {
        line["id"]: policy.objection(channel.rules, line, evidence, sent) for line in lines
    }
    told = [change for change, why in objections.items() if not why]
    return told, "; ".join(dict.fromkeys(filter(None, objections.values()))) or TAKEN_BACK


def composed(store: Store, row: Json, context: Context, joined: Merged = NONE) -> Alert | None:
    """The message of a row that is to be sent; None when all of it was taken back meanwhile.

    `joined`: which deals of a digest have become one.
    """
    lines = lines_of(store, row["told"])
    if row["mode"] != "digest":
        if not lines:
            return None
        return compose(row["key"], lines, context, thread=_thread(store, row, lines))
    repeated = lines_of(store, sorted(set(row["changes"]) - set(row["told"])))
    until = datetime.fromisoformat(row["created"])
    groups = _groups(store, lines, repeated, until, joined)
    if not groups:
        return None
    return compose_digest(row["key"], groups, context, reason=row["reason"])


def lines_of(store: Store, changes: Sequence[int]) -> list[Json]:
    """Changes as they are to be told: without those that were taken back before."""
    wrong = store.outbox.taken_back(changes)
    ids = [change for change in changes if change not in wrong]
    return list(store.ledger.changes(ids=ids, silent=True))


def newest_said(store: Store, deal: str, until: datetime) -> Json:
    """Who says a deal's figure by `until`: the count of the last outcome that has one."""
    said: Json = {"outlets": 0, "independent": 0, "origins": []}
    for line in store.ledger.changes(deals=[deal], silent=True, as_of=until):
        if line["change"] in ALERTING or line["change"] == "corroborated":
            said = line["corroborations"]
    return said


def _groups(
    store: Store, lines: Sequence[Json], repeated: Sequence[Json], until: datetime, joined: Merged
) -> list[Group]:
    """One a deal; what nobody confirms stands apart from what its deal has come to."""
    by_deal: dict[tuple[tuple[str, ...], bool], list[Json]] = {
        (joined.of(line["deal"]), False): [] for line in repeated
    }
    for line in lines:
        aside = line["change"] in UNCONFIRMED
        by_deal.setdefault((joined.of(line["deal"]), aside), []).append(line)
    return [
        Group(
            told=tuple(told),
            history=tuple(store.ledger.changes(deals=ids, as_of=until)),
            said=_said(store, ids, until, joined),
        )
        for (ids, _), told in by_deal.items()
    ]


def _said(store: Store, ids: Sequence[str], until: datetime, joined: Merged) -> Json:
    """The counts of deals that became one were made when they were two."""
    if ids[0] in joined.said:
        return corroboration_to_json(joined.said[ids[0]])
    return newest_said(store, ids[0], until)


def evidence_of(store: Store, article: int | None) -> Evidence:
    """What the rules ask of an article; a `quiet` has none."""
    if article is None:
        return Evidence()
    found = store.outbox.evidence(article)
    return Evidence(
        tier=found["tier"],
        satire=bool(found["satire"]),
        language=found["language"],
        confidence=found["confidence"],
    )


def _sent(store: Store, channel: Channel, lines: Sequence[Json], now: datetime) -> Sent:
    last_hour = store.outbox.sent_since(channel.name, now - policy.HOUR)
    messages = store.outbox.messages_on(channel.name, [line["deal"] for line in lines])
    return Sent(
        last_hour=tuple(map(datetime.fromisoformat, last_hour)),
        deal=datetime.fromisoformat(messages[-1]["attempted"]) if messages else None,
        told=_told_before(store, channel, lines),
    )


def _told_before(store: Store, channel: Channel, lines: Sequence[Json]) -> frozenset[int]:
    """Which of the changes that `lines` take back the channel was told."""
    wrong = [line["corrects"] for line in lines if line["corrects"] is not None]
    return frozenset(change for change in wrong if store.outbox.telling(channel.name, [change]))


def _thread(store: Store, row: Json, lines: Sequence[Json]) -> tuple[str, ...]:
    """Messages that this one follows: of its deals, and last the one that it takes back."""
    weightiest = min(lines, key=telling.weight)
    deals = [line["deal"] for line in lines]
    earlier = [message["key"] for message in store.outbox.messages_on(row["channel"], deals)]
    wrong = [line["corrects"] for line in lines if line["corrects"] is not None]
    wrong_keys = store.outbox.telling(row["channel"], wrong) if wrong else []
    keys = [key for key in earlier[-THREAD:] if key not in wrong_keys]
    # never sent itself: it ties together what is said of one deal
    return (f"deal-{weightiest['deal']}", *keys, *wrong_keys)
