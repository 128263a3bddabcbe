"""The store tells stories as the rules do, in any batches, and remembers what it knew when."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import permutations

import pytest
from change_ledger import Ledger
from change_ledger import posting as made_posting
from change_stories import claim, outcome
from stored_stories import Arriving, add, add_batch, arriving, changes, deals, state
from test_change_order import FAST, STREAMS, told_twice

from pipelines.change import Told
from pipelines.intake import prepare_given
from pipelines.records import Posting
from pipelines.store import Store

#: Between two imports.
STEP = timedelta(minutes=1)
#: Share of the articles that arrive a second time, and of the places where an import ends.
AGAIN, CUT = 0.3, 0.5


class Undone(Exception):
    """Ends what is tried on a store: nothing of it stays."""


@contextmanager
def tried(store: Store) -> Iterator[None]:
    """The empty store, as often as one likes: making a new one takes longer than a story."""
    try:
        with store.transaction():
            yield
            raise Undone
    except Undone:
        return


def in_batches(given: list[Arriving], chance: random.Random) -> list[list[Arriving]]:
    """Any order, some twice, cut anywhere; only that an entry is what leads to its page."""
    order = [*given, *(g for g in given if chance.random() < AGAIN)]
    chance.shuffle(order)
    entries = {g.prepared.article.url for g in order if g.prepared.article.basis == "entry"}
    for url in sorted(entries):
        places = [n for n, g in enumerate(order) if g.prepared.article.url == url]
        same = sorted((order[n] for n in places), key=lambda g: g.prepared.article.basis)
        for place, one in zip(places, same, strict=True):
            order[place] = one
    batches: list[list[Arriving]] = [[]]
    for one in order:
        if batches[-1] and chance.random() < CUT:
            batches.append([])
        batches[-1].append(one)
    return batches


def check(postings: list[Posting], times: int) -> None:
    given = [arriving(posting) for posting in postings]
    after = max(posting.at for posting in postings)
    with Store.open(":memory:") as store:
        with tried(store):
            add_batch(store, given, after)
            expected = state(store)
        for seed in range(times):
            with tried(store):
                for number, batch in enumerate(in_batches(given, random.Random(seed)), 1):
                    add_batch(store, batch, after + STEP * number)
                assert state(store) == expected, f"order {seed}"
                assert told_twice([Told(*row) for row in store.ledger.told()]) == [], (
                    f"order {seed}"
                )


@pytest.mark.parametrize("title", FAST)
def test_imports_in_any_order_and_cut_anywhere_give_one_export(title: str) -> None:
    check(STREAMS[title], 4)


@pytest.mark.slow
@pytest.mark.parametrize("title", STREAMS)
def test_two_hundred_orders_of_imports_give_one_export(title: str) -> None:
    check(STREAMS[title], 200)


@pytest.mark.parametrize("title", STREAMS)
def test_the_store_tells_a_story_as_the_rules_do(title: str) -> None:
    ledger = Ledger()
    with Store.open(":memory:") as store:
        for posting in STREAMS[title]:
            told = [outcome(made) for made in add(store, arriving(posting), posting.at)]
            # what the rules call unchanged reaches no ledger: the version is stored already
            expected = [outcome(made) for made in ledger.take(posting)]
            assert told == expected or (told, set(expected)) == ([], {"unchanged"}), posting.url


def arrivals(postings: list[Posting]) -> Iterator[tuple[datetime, Arriving]]:
    """Each with its time: after it is published, and after the one before it."""
    now = postings[0].at
    for posting in postings:
        now = max(now + STEP, posting.at)
        yield now, arriving(posting)


def check_knowledge(postings: list[Posting]) -> None:
    """Whatever arrived since, a past instant is answered as a ledger that stopped there does."""
    instants = list(arrivals(postings))
    with Store.open(":memory:") as whole, Store.open(":memory:") as until:
        for now, one in instants:
            add(whole, one, now)
        for known, (now, _) in enumerate(instants, 1):
            with tried(until):
                for earlier, one in instants[:known]:
                    add(until, one, earlier)
                expected = deals(until), changes(until)
            for moment in (now, now + STEP / 2):
                assert deals(whole, as_of=moment) == expected[0], moment
                assert changes(whole, as_of=moment) == expected[1], moment


@pytest.mark.parametrize("title", [title for title in FAST if title != "the seeds"])
def test_at_every_instant_of_a_story_as_of_tells_what_was_known_then(title: str) -> None:
    check_knowledge(STREAMS[title])


@pytest.mark.slow
@pytest.mark.parametrize("title", ["the press", "the seeds"])
@pytest.mark.parametrize("seed", range(3))
def test_at_every_instant_of_the_press_as_of_tells_what_was_known_then(
    title: str, seed: int
) -> None:
    order = list(STREAMS[title])
    if seed:
        random.Random(seed).shuffle(order)
    check_knowledge(order)


def worded(page: str, hour: int, words: str) -> Arriving:
    """A page of the house of its first letter that says one claim, in those words."""
    said = claim("Amazon -> OpenAI  50 Md$  talks  -")[0]
    at = datetime(2026, 1, 5, hour, tzinfo=UTC)
    given = arriving(made_posting(0, page, at, [said], outlet=page[0]))
    text = " ".join(f"{word}{n}" for word in words for n in range(60))
    article = replace(given.prepared.article, text=text)
    return given._replace(prepared=prepare_given(article, [said], at))


def test_an_original_found_late_does_not_change_what_was_known() -> None:
    """B and D said it apart; then an earlier page of D's house turned out to be B's text."""
    start = datetime(2026, 1, 6, tzinfo=UTC)
    with Store.open(":memory:") as store:
        add(store, worded("b", 4, "x"), start)
        add(store, worded("d", 5, "y"), start + STEP)
        known, then = deals(store), start + STEP
        assert json.loads(known)["corroborations"]["independent"] == 2
        add(store, worded("d/first", 1, "x"), start + STEP * 2)
        assert json.loads(deals(store))["corroborations"]["independent"] == 1
        assert deals(store, as_of=then) == known


def test_an_article_made_of_two_joins_the_same_one_in_any_order() -> None:
    """A round-up of two texts that are strangers, found before the second of them."""
    start = datetime(2026, 1, 6, tzinfo=UTC)
    first, second, both = worded("a", 1, "x"), worded("b", 2, "y"), worded("c", 3, "xy")
    found = set()
    with Store.open(":memory:") as store:
        for order in permutations((first, second, both)):
            with tried(store):
                for one in order:
                    add(store, one, start)
                found.add(state(store))
    assert len(found) == 1
