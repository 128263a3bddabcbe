"""State does not depend on arrival, and nothing is told twice (A0)."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest
from change_ledger import Ledger
from change_stories import STORIES, stories
from test_change_corpus import press, seeds

from pipelines.change import Told, fold
from pipelines.change.chronology import turns
from pipelines.records import Change, Posting

#: A version that arrives a second time bears its number plus this.
AGAIN = 1000
STREAMS = {s.title: s.postings for path in sorted(STORIES.glob("*.txt")) for s in stories(path)}
STREAMS |= {"the press": press(), "the seeds": seeds()}
FAST = {t: s for t, s in STREAMS.items() if t != "the press"}


def shuffled(postings: list[Posting], chance: random.Random) -> list[Posting]:
    """Any order; some arrive twice, as another stored version of the same words."""
    again = [replace(p, article=p.article + AGAIN) for p in postings if chance.random() < 0.3]
    order = [*postings, *again]
    chance.shuffle(order)
    return order


def jittered(postings: list[Posting], chance: random.Random) -> list[Posting]:
    """As outlets polled up to three hours apart give them."""
    seen = {p.article: p.at + timedelta(hours=3 * chance.random()) for p in postings}
    return sorted(postings, key=lambda p: seen[p.article])


def family(change: Change) -> tuple[object, ...]:
    named = change.kind in ("investment", "commitment") or change.label == "new_investor"
    return change.kind, change.payee, change.payers if named else ()


def key(change: Change) -> tuple[object, ...]:
    version = (change.article or 0) % AGAIN
    return version, change.claims, family(change), change.label, change.corrects


def told_twice(told: list[Told]) -> list[Change]:
    """Alerts of the same page, version, family and label; and the same news twice running."""
    alerts = [t for t in told if t.change.alert]
    keys = Counter(key(t.change) for t in alerts)
    twice = [t.change for t in alerts if keys[key(t.change)] > 1]
    last: dict[tuple[object, ...], tuple[object, ...]] = {}
    for change in (t.change for t in alerts):
        news = (change.label, change.after, change.deal)
        if last.get(family(change)) == news:
            twice.append(change)
        last[family(change)] = news
    return twice


def check(postings: list[Posting], times: int) -> None:
    state = "\n".join(repr(d) for d in fold(postings))
    for seed in range(times):
        ledger = Ledger()
        ledger.take_all(shuffled(postings, random.Random(seed)))
        assert ledger.state == state, f"order {seed}"
        assert told_twice(ledger.told) == [], f"order {seed}"


@pytest.mark.parametrize("title", FAST)
def test_twenty_orders_of_arrival_give_one_state(title: str) -> None:
    check(STREAMS[title], 20)


@pytest.mark.slow
@pytest.mark.parametrize("title", STREAMS)
def test_two_hundred_orders_of_arrival_give_one_state(title: str) -> None:
    check(STREAMS[title], 200)


STATUS = {"confirmed", "denied"}


def statuses(told: list[Told]) -> set[tuple[object, ...]]:
    """Confirmations and denials that somebody was told of, with their figures."""
    return {
        (family(t.change), t.change.after and t.change.after.certainty)
        for t in told
        if t.change.alert and t.change.after and t.change.after.certainty in STATUS
    }


def check_jitter(postings: list[Posting], times: int) -> None:
    published = [t.posting for t in turns(postings)]
    in_order = Ledger()
    in_order.take_all(published)
    wanted = {
        (family(t.change), t.change.after and t.change.after.certainty)
        for t in in_order.told
        if STATUS & {t.change.label, *t.change.also}
    }
    for seed in range(times):
        ledger = Ledger()
        ledger.take_all(jittered(published, random.Random(seed)))
        assert wanted <= statuses(ledger.told), f"order {seed}"
        assert told_twice(ledger.told) == [], f"order {seed}"


@pytest.mark.parametrize("title", FAST)
def test_polled_hours_apart_every_confirmation_and_denial_is_told(title: str) -> None:
    check_jitter(STREAMS[title], 6)


@pytest.mark.slow
@pytest.mark.parametrize("title", STREAMS)
def test_in_two_hundred_polling_orders_every_confirmation_and_denial_is_told(title: str) -> None:
    check_jitter(STREAMS[title], 200)
