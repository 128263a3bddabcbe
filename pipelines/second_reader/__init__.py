"""The second reader: a model of the user's own choice judges claims held back, and only those.

    ask_about_waiting(store, config, outlets, now)
        which claims   waiting, in the newest version of a page whose text is there; never of an
                       outlet marked `ai_reserved`, nor of a copy of its text
        which first    the newest that the day allows, in order of publication: what is posted
                       behind newer news of its deal is late, and told to nobody
        question       written down, then asked, one at a time, outside of any transaction
        answer         agreement is a verdict as a person's `accept`; anything else leaves it held

Off unless veille.toml has a table [second_reader]. docs/adr/0010-second-reader.md says why so.
"""

from __future__ import annotations

import json
import time as clock
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from itertools import islice
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pipelines import review
from pipelines.config import Config, SecondReader
from pipelines.records import Change, Claim, Outlet
from pipelines.second_reader.question import Judged, Passage, judge, messages, passage
from pipelines.shapes import Json
from pipelines.store import Store
from pipelines.store.addresses import is_of
from pipelines.store.ledger import claim_from_row
from pipelines.store.second_readings import Asked
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
    left = max(0, reader.max_a_day - store.second_readings.count(today(config, now())))
    chosen = list(islice(_questions(store, reader, outlets, now()), left + 1))
    if len(chosen) > left:
        done.stopped = f"{reader.max_a_day} questions were asked today"
        chosen.pop()
    if limit is not None and len(chosen) > limit:
        done.stopped = f"--limit {limit}"
        chosen = chosen[:limit]
    for question in reversed(chosen):
        if clock.monotonic() > stop:
            done.stopped = "the next round goes on"
            break
        # written down before it is asked: no restart asks more than is allowed
        asked = store.second_readings.ask(reader.model, question.row["url"], question.key, now())
        judged = _ask(reader, secret, question)
        told = _settle(store, config, asked, question, judged, now())
        done.asked += 1
        done.released += told is not None
        done.told += sum(change.alert for change in told or ())
        if judged.outcome == "failed":
            done.failed, done.stopped = True, judged.why
            break
    return done


def _questions(
    store: Store, reader: SecondReader, outlets: Sequence[Outlet], now: datetime
) -> Iterator[Question]:
    """All that may be asked now, the newest first."""
    for row in store.second_readings.candidates():
        question = _question(store, row, reader, outlets, now)
        if question is not None:
            yield question


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


def _ask(reader: SecondReader, secret: str | None, question: Question) -> Judged:
    from pipelines.second_reader import endpoint  # here: most rounds have nothing to ask

    try:
        answer = endpoint.ask(reader, secret, messages(question.claim, question.passage))
    except endpoint.FailedError as error:
        return Judged("failed", str(error))
    except endpoint.UnusableError as error:
        return Judged("unusable", str(error))
    return judge(answer, question.claim, question.passage)


def _settle(
    store: Store, config: Config, asked: int, question: Question, judged: Judged, now: datetime
) -> Sequence[Change] | None:
    """Write the outcome down and release what was agreed on, in one transaction.

    Returns what is to be told; None: the claim was not released.
    """
    assert config.second_reader is not None
    waiting = question.row
    with store.transaction():
        store.second_readings.answered(asked, judged.outcome, judged.why)
        row = store.verdicts.claim(waiting["id"])
        # a person, a replay or a revision may have been faster
        if judged.outcome != "agrees" or row is None or row["held"] != WAITING:
            return None
        changes = review.accept(
            store,
            [waiting["id"]],
            () if waiting["silent"] else [channel.name for channel in config.channels],
            now,
            who=f"second reader: {config.second_reader.model}",
            mode="first-run" if waiting["first_run"] else "immediate",
        )
    return () if waiting["silent"] else changes
