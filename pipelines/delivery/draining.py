"""Send what one channel has to be told: lease a row, compose it once, send it, say how it went.

At least once, with a key: a row is leased by compare-and-set in the transaction that composes its
message; after the attempt it is sent, to be tried again, or dead. A sender that is killed between
sending and saying so sends once more, the same text under the same key.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import blake2b
from zoneinfo import ZoneInfo

from pipelines.alert import Context, policy
from pipelines.channels import Notifying, TransportError, open_channel, without_secrets
from pipelines.config import Channel
from pipelines.delivery import lease as leases
from pipelines.delivery.asking import TAKEN_BACK, composed, decided
from pipelines.delivery.digests import gather
from pipelines.delivery.merged import NONE, Merged, merged
from pipelines.records import Alert, DeliveryState
from pipelines.shapes import Json, when
from pipelines.store import Store

#: Attempts after which a message is dead: with the pauses below that is two days.
MOST_ATTEMPTS = 20
#: Age before which nothing dies of temporary failures: a server that says "in a second" for an
#: hour uses up twenty attempts.
LEAST_AGE = timedelta(days=1)
#: Pause after the first failure; each further one doubles it, up to the longest. Seconds.
FIRST_PAUSE = 30.0
LONGEST_PAUSE = 4 * 3600.0
#: Share by which a pause is shortened or lengthened, so that many senders do not come at once.
JITTER = 0.2
#: How long a channel rests after an answer that no other message would escape. Seconds.
REST = 3600.0
#: Failures in a row after which the other rows of a channel wait for the next run.
FAILURES = 3
#: How long a sender waits itself when a server says how long, seconds; else the next run goes on.
PATIENCE = 10.0
NOTHING_MORE = math.inf


@dataclass
class Outcome:
    """What draining one channel did."""

    channel: str
    sent: int = 0
    failed: int = 0
    dead: int = 0
    problems: list[str] = field(default_factory=list)  # one line each, without secrets


@dataclass
class Drain:
    """One channel, one store, one process."""

    store: Store
    channel: Channel
    context: Context
    clock: Callable[[], datetime]
    sleep: Callable[[float], None] = time.sleep
    notifier: Notifying | None = None  # opened when the first message is sent
    _in_a_row: int = 0

    def run(self) -> Outcome:
        """Send everything that is due; stops early when the channel does not answer."""
        outcome = Outcome(self.channel.name)
        gather(self.store, self.channel, self._zone, self.clock())
        while (wait := self._pass(outcome)) <= PATIENCE:
            self.sleep(wait)
        return outcome

    def _pass(self, outcome: Outcome) -> float:
        """Try what is due; seconds until it is worth going on, infinite when there is no more."""
        for row in self.store.outbox.due(self.channel.name, self.clock()):
            wait = self._one(row["id"], outcome)
            if wait:
                return wait
        return NOTHING_MORE

    @property
    def _zone(self) -> ZoneInfo:
        return self.context.zone

    def _one(self, identity: int, outcome: Outcome) -> float:
        """Try one row; seconds for which the rest of the channel has to wait."""
        leased = self._lease(identity)
        if leased is None:
            return 0
        row, delivery, alert, lease = leased
        state: DeliveryState
        try:
            answer = self._send(alert)
        except TransportError as error:
            answer = f"{self.channel.name}: {without_secrets(str(error), self.channel)}"
            state, due = self._after(error, row)
            outcome.failed += 1
            outcome.dead += state == "dead"
            outcome.problems.append(answer)
            self._in_a_row += 1
            with self.store.transaction():
                self.store.outbox.close(identity, delivery, state, answer, due, lease)
                if error.whole_channel:
                    self.store.outbox.postpone(self.channel.name, self._rested(error, row))
            if self._in_a_row >= FAILURES:
                return NOTHING_MORE
            if error.whole_channel:
                return NOTHING_MORE if error.retry_after is None else error.retry_after + 1
            return 0
        answer = without_secrets(answer, self.channel)
        self.store.outbox.close(identity, delivery, "sent", answer, self.clock(), lease)
        outcome.sent += 1
        self._in_a_row = 0
        return 0

    def _lease(self, identity: int) -> tuple[Json, int, Alert, str] | None:
        """The row with its message, ours alone; None when it is not to be sent now."""
        store, now = self.store, self.clock()
        joined = self._joined(store.outbox.row(identity), now)
        with store.transaction():
            row = store.outbox.row(identity)
            # another sender may have decided, sent or put it off since it was listed
            if not _is_to_be_sent(row, now):
                return None
            if row["told"] is None:
                said = decided(store, self.channel, row, now, self._zone)
                state: DeliveryState = "muted" if said.mode == "muted" else "queued"
                store.outbox.decide(identity, said.mode, said.reason, said.told, said.due, state)
                if said.mode != "immediate":
                    return None
                row = store.outbox.row(identity)
            quiet = policy.quiet_until(self.channel.rules, now, self._zone)
            if quiet is not None:
                # a digest or a second try; a first one was held back by its decision
                store.outbox.delay(identity, quiet)
                return None
            alert = (
                composed(store, row, self.context, joined)
                if row["payload"] is None
                else _alert(row)
            )
            if alert is None:
                store.outbox.decide(identity, row["mode"], TAKEN_BACK, (), now, "muted")
                return None
            lease = leases.take()
            delivery = store.outbox.lease(row, lease, now)
            if delivery is None:
                return None
            store.outbox.compose(identity, alert)
            row = store.outbox.row(identity)
        return row, delivery, _alert(row), lease

    def _joined(self, row: Json, now: datetime) -> Merged:
        """Deals of a digest yet to be composed that have become one."""
        wanted = row["mode"] == "digest" and row["payload"] is None and _is_to_be_sent(row, now)
        return merged(self.store, row["changes"]) if wanted else NONE

    def _send(self, alert: Alert) -> str:
        if self.notifier is None:
            self.notifier = open_channel(self.channel)
        elif self.notifier.pace:
            self.sleep(self.notifier.pace)
        return self.notifier.notify(alert)

    def _after(self, error: TransportError, row: Json) -> tuple[DeliveryState, datetime]:
        """What becomes of a row that was not taken, and when it is tried again."""
        now = self.clock()
        age = now - datetime.fromisoformat(row["created"])
        if error.permanent or (row["attempts"] >= MOST_ATTEMPTS and age >= LEAST_AGE):
            return "dead", now
        return "retry", now + timedelta(seconds=_wait(error, row))

    def _rested(self, error: TransportError, row: Json) -> datetime:
        """When the other rows of the channel may go."""
        seconds = REST if error.permanent else _wait(error, row)
        return self.clock() + timedelta(seconds=seconds)


def _is_to_be_sent(row: Json, now: datetime) -> bool:
    return (
        row["mode"] in ("immediate", "digest")
        and row["state"] in ("queued", "leased", "retry")
        and row["due"] <= when(now)
        and leases.is_free(row["lease"])
    )


def _wait(error: TransportError, row: Json) -> float:
    if error.retry_after is not None:
        return error.retry_after
    return pause(row["attempts"], row["key"])


def pause(attempts: int, key: str) -> float:
    """Seconds until the next try: doubling, and a little different for every message."""
    wait = min(FIRST_PAUSE * 2.0 ** (attempts - 1), LONGEST_PAUSE)
    spread = blake2b(f"{key} {attempts}".encode(), digest_size=2).digest()
    share = int.from_bytes(spread, "big") / 0xFFFF
    return wait * (1 - JITTER + 2 * JITTER * share)


def _alert(row: Json) -> Alert:
    return Alert(
        key=row["key"],
        channel=row["channel"],
        subject=row["subject"],
        text=row["text"],
        html=row["html"],
        payload=row["payload"],
        thread=tuple(row["thread"]),
    )
