"""The second reader: a model of the user's own choice judges claims held back, and only those.

    ask_about_waiting(store, config, outlets, now)
        which claims   waiting, in the newest version of a page whose text is there, newest first;
                       never of an outlet marked `ai_reserved`, nor a copy of its text
        question       written down, then asked, one at a time, outside of any transaction
        answer         agreement is a verdict as a person's `accept`; anything else leaves it held

Off unless veille.toml has a table [second_reader]. docs/adr/0010-second-reader.md says why so.
"""

from __future__ import annotations

import json
import time as clock
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pipelines import review
from pipelines.config import Config, SecondReader
from pipelines.records import Claim, Outlet
from pipelines.second_reader.question import Judged, Passage, judge, messages, passage
from pipelines.shapes import Json
from pipelines.store import Store
from pipelines.store.addresses import is_of
from pipelines.store.ledger import claim_from_row
from pipelines.store.second_readings import Asked, Outcome
from pipelines.store.verdicts import WAITING, key_of

#: A claim is asked about again after so long, when there was no usable answer; then no more.
AGAIN_AFTER = (timedelta(hours=1), timedelta(hours=4), timedelta(hours=16))
#: After a failure of the endpoint nothing is asked for so long: an outage must not eat the cap.
REST = timedelta(minutes=30)
#: Seconds after which a round asks no further question: the next one goes on.
ROUND_SECONDS = 240


@dataclass(slots=True)
class Round:
    """What one round did. Mutable: it counts."""

    asked: int = 0
    released: int = 0
    told: int = 0  # changes of the kind that is told
    stopped: str = ""  # why questions were left; "" when none was
    failed: bool = False  # the endpoint did not answer


@dataclass(frozen=True, slots=True)
class Question:
    """A claim that waits, with all that is needed to ask about it and to post it."""

    row: Json
    key: str
    claim: Claim
    passage: Passage


def ask_about_waiting(
    store: Store,
    config: Config,
    outlets: Sequence[Outlet],
    now: Callable[[], datetime],
    limit: int | None = None,
) -> Round:
    """Ask about every claim whose turn it is. Raises SecretError before anything is asked."""
    reader = config.second_reader
    assert reader is not None  # who calls has checked
    secret = reader.api_key.reveal() if reader.api_key else None
    done, stop = Round(), clock.monotonic() + ROUND_SECONDS
    last = store.second_readings.last(reader.model)
    if last and last.outcome == "failed" and now() - last.at < REST:
        done.stopped = f"it rests after a failure: {last.why}"
        return done
    for row in store.second_readings.candidates():
        question = _question(store, row, reader, outlets, now())
        if question is None:
            continue
        done.stopped = _stop(done, limit, stop)
        identity = None if done.stopped else _write_down(store, config, question, now())
        if identity is None:
            done.stopped = done.stopped or f"{reader.max_a_day} questions were asked today"
            break
        done.asked += 1
        outcome, why = _ask(reader, secret, question)
        _settle(store, config, identity, question, outcome, why, now(), done)
        if outcome == "failed":
            done.failed, done.stopped = True, why
            break
    return done


def _stop(done: Round, limit: int | None, stop: float) -> str:
    if limit is not None and done.asked >= limit:
        return f"--limit {limit}"
    return "the next round goes on" if clock.monotonic() > stop else ""


def _question(
    store: Store, row: Json, reader: SecondReader, outlets: Sequence[Outlet], now: datetime
) -> Question | None:
    """None: not this claim, or not now."""
    if is_reserved(row, outlets):
        return None
    claim, name = claim_from_row(row), key_of(row)
    if not is_due(store.second_readings.asked(reader.model, row["url"], name), now):
        return None
    sent = passage(claim, *store.second_readings.words(row["article"]))
    return Question(row, name, claim, sent) if sent else None


def is_reserved(row: Json, outlets: Sequence[Outlet]) -> bool:
    """Whether an outlet that keeps its texts from models has this one, by name or by address."""
    named = {row["outlet"], *json.loads(row["outlets"])}
    return any(
        outlet.id in named
        or is_of(row["url"], urlsplit(outlet.home).hostname or "")
        or is_of(row["canonical_url"], urlsplit(outlet.home).hostname or "")
        for outlet in outlets
        if outlet.ai_reserved
    )


def is_due(asked: Sequence[Asked], now: datetime) -> bool:
    """Whether a claim may be asked about after what was asked already."""
    if not asked:
        return True
    if any(one.outcome in ("agrees", "disagrees") for one in asked):
        return False
    if len(asked) > len(AGAIN_AFTER):
        return False
    # a question that a kill cut short is asked at once: nobody else asks while we do
    return asked[-1].outcome is None or now - asked[-1].at >= AGAIN_AFTER[len(asked) - 1]


def today(config: Config, now: datetime) -> datetime:
    """The last local midnight."""
    zone = ZoneInfo(config.timezone)
    return datetime.combine(now.astimezone(zone).date(), time.min, zone).astimezone(UTC)


def _write_down(store: Store, config: Config, question: Question, now: datetime) -> int | None:
    """The row of a question that is asked next; None when the day's are used up."""
    reader = config.second_reader
    assert reader is not None
    with store.transaction():
        if store.second_readings.count(today(config, now)) >= reader.max_a_day:
            return None
        return store.second_readings.ask(reader.model, question.row["url"], question.key, now)


def _ask(reader: SecondReader, secret: str | None, question: Question) -> tuple[Outcome, str]:
    from pipelines.second_reader import endpoint  # here: most rounds have nothing to ask

    try:
        answer = endpoint.ask(reader, secret, messages(question.claim, question.passage))
    except endpoint.FailedError as error:
        return "failed", str(error)
    except endpoint.UnusableError as error:
        return "unusable", str(error)
    judged: Judged = judge(answer, question.claim, question.passage)
    return judged.outcome, judged.why


def _settle(
    store: Store,
    config: Config,
    identity: int,
    question: Question,
    outcome: Outcome,
    why: str,
    now: datetime,
    done: Round,
) -> None:
    """Write the outcome down and release what was agreed on, in one transaction."""
    assert config.second_reader is not None
    with store.transaction():
        store.second_readings.answered(identity, outcome, why)
        row = store.verdicts.claim(question.row["id"])
        # a person, a replay or a revision may have been faster
        if outcome != "agrees" or row is None or row["held"] != WAITING:
            return
        silent, first_run = question.row["silent"], question.row["first_run"]
        changes = review.accept(
            store,
            [row["id"]],
            () if silent else [channel.name for channel in config.channels],
            now,
            who=f"second reader: {config.second_reader.model}",
            mode="first-run" if first_run else "immediate",
        )
        done.released += 1
        done.told += 0 if silent else sum(change.alert for change in changes)
