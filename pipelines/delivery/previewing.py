"""What would go where, and why: the alert rules played over the changes of a stretch of time.

Nothing is read from the outbox and nothing is written: what the rules say is the same whether or
not a channel existed then.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from pipelines.alert import Context, policy, subject_of
from pipelines.alert.policy import Decision, Sent
from pipelines.config import Channel
from pipelines.delivery.asking import evidence_of
from pipelines.shapes import Json
from pipelines.store import Store


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What a channel would do with the changes of one article."""

    at: datetime  # recorded
    channel: str
    subject: str
    decision: Decision


@dataclass
class Played:
    """What the channel has sent so far in this game. Mutable: it grows with each message."""

    times: list[datetime]
    deals: dict[str, datetime]
    told: set[int]

    def sent(self, lines: Sequence[Json], now: datetime) -> Sent:
        deals = [self.deals[line["deal"]] for line in lines if line["deal"] in self.deals]
        return Sent(
            last_hour=tuple(time for time in self.times if time > now - policy.HOUR),
            deal=max(deals, default=None),
            told=frozenset(self.told),
        )

    def note(self, lines: Sequence[Json], decision: Decision, now: datetime) -> None:
        self.told.update(decision.told)
        if decision.mode == "immediate":
            self.times.append(now)
            self.deals.update((line["deal"], now) for line in lines)


def _is_queued(line: Json) -> bool:
    recorded, published = (datetime.fromisoformat(line[key]) for key in ("recorded", "published"))
    return policy.is_queued(line["change"], line["alert"], line["rule"], recorded - published)


def preview(
    store: Store, channel: Channel, context: Context, since: datetime, until: datetime
) -> Iterator[Foreseen]:
    """In order of recording."""
    played = Played([], {}, set())
    lines = [
        line
        for line in store.ledger.changes(since=since, as_of=until, silent=True)
        if line["change"] == "quiet" or _is_queued(line)
    ]
    for (recorded, article), group in groupby(
        lines, key=lambda line: (line["recorded"], line["article"])
    ):
        told, now = list(group), datetime.fromisoformat(recorded)
        decision = policy.decide(
            channel.rules,
            told,
            evidence_of(store, article),
            played.sent(told, now),
            now,
            context.zone,
        )
        played.note(told, decision, now)
        shown = [line for line in told if line["id"] in decision.told] or told
        yield Foreseen(now, channel.name, subject_of(shown, context.language), decision)
