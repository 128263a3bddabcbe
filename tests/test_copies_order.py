"""Which text repeats which follows from the texts and their dates, not from who was found first."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import permutations

import pytest
from change_ledger import posting as made_posting
from change_stories import claim
from stored_stories import Arriving, add, arriving, changes, deals, state

from pipelines.change import Account, save
from pipelines.duplicate import POPULAR
from pipelines.intake import prepare_given
from pipelines.store import Store

DAY = datetime(2026, 1, 5, tzinfo=UTC)
FOUND = DAY + timedelta(days=1)
#: Words of a passage; each text is made of some passages, and two that share one are alike.
PASSAGE = 60


def page(
    name: str, hour: int, passages: str, *, first: int | None = None, milliards: int = 50
) -> Arriving:
    """A page of the house of its name that has these passages and says one claim.

    `first`: the hour of its first version, when this is another one.
    """
    said = claim(f"Amazon -> OpenAI  {milliards} Md$  talks  -")[0]
    at = DAY + timedelta(hours=hour)
    published = at if first is None else DAY + timedelta(hours=first)
    given = arriving(made_posting(0, name, published, [said], outlet=name))
    text = " ".join(f"{passage}{n}" for passage in passages for n in range(PASSAGE))
    article = replace(given.prepared.article, text=text, modified=None if first is None else at)
    return given._replace(prepared=prepare_given(article, [said], at))


def orders(story: Sequence[Arriving]) -> list[tuple[Arriving, ...]]:
    """All of a short story, a few of a longer one, with the one told backwards."""
    every = list(permutations(story))
    return every[:: max(1, len(every) // 24)] + every[-1:]


def groups(store: Store) -> dict[tuple[str, str], tuple[str, str]]:
    """Each stored text, by page and time, and the one that its group repeats."""
    rows = store.db.execute(
        "SELECT a.url, a.at, o.url, o.at FROM articles a JOIN articles o ON o.id = a.copies"
    )
    return {(url, at): (first, since) for url, at, first, since in rows}


@pytest.fixture
def store() -> Iterator[Store]:
    with Store.open(":memory:") as opened:
        yield opened


def told_in(
    store: Store, order: Sequence[Arriving]
) -> tuple[str, dict[tuple[str, str], tuple[str, str]]]:
    """The state that an order of arrival leads to, and the groups; the store is empty again."""
    store.db.conn.execute("BEGIN")
    for number, given in enumerate(order):
        add(store, given, FOUND + timedelta(minutes=number))
    found = state(store), groups(store)
    store.db.conn.execute("ROLLBACK")
    return found


STORIES = {
    "an article made of two": [page("a", 1, "x"), page("b", 2, "y"), page("c", 3, "xy")],
    "an article made of three, found in the middle": [
        page("a", 1, "x"),
        page("b", 2, "y"),
        page("c", 3, "z"),
        page("d", 4, "zyx"),
    ],
    "a chain of which the ends are strangers": [
        page("a", 1, "vw"),
        page("b", 2, "wx"),
        page("c", 3, "xy"),
        page("d", 4, "yz"),
    ],
    "a chain told from its end": [
        page("d", 1, "vw"),
        page("c", 2, "yz"),
        page("b", 3, "xy"),
        page("a", 4, "wx"),
    ],
    "an article made of two and then of three": [
        page("a", 1, "x"),
        page("b", 2, "y"),
        page("c", 3, "z"),
        page("d", 4, "yz"),
        page("d", 5, "xyz", first=4),
    ],
    "an article that gives up one of its halves": [
        page("a", 1, "x"),
        page("b", 2, "y"),
        page("c", 3, "xy"),
        page("c", 4, "yw", first=3),
    ],
    "two articles made of the same two": [
        page("a", 1, "x"),
        page("b", 2, "y"),
        page("c", 3, "xy"),
        page("d", 4, "yx"),
        page("e", 5, "y"),
    ],
    "a page that goes back to its first text": [
        page("a", 1, "x"),
        page("b", 2, "xy"),
        page("a", 3, "yz", first=1),
        page("c", 4, "y"),
        page("a", 5, "x", first=1),
    ],
    "a page that goes back to a text which another one has joined to an older one": [
        page("q", 0, "y"),
        page("a", 1, "x"),
        page("b", 2, "xy"),
        page("a", 3, "w", first=1),
        page("a", 5, "x", first=1),
    ],
    "two of one instant": [page("a", 1, "x"), page("b", 1, "y"), page("c", 1, "xy")],
}


@pytest.mark.parametrize("title", STORIES)
def test_every_order_of_arrival_gives_the_same_groups(title: str, store: Store) -> None:
    story = STORIES[title]
    calm = told_in(store, story)
    for order in orders(story):
        assert told_in(store, order) == calm


@pytest.mark.parametrize("seed", range(12))
def test_texts_made_of_any_passages_are_grouped_alike_in_any_order(seed: int, store: Store) -> None:
    dice = random.Random(seed)
    story = [
        page(name, dice.randrange(6), "".join(dice.sample("uvwxyz", dice.randint(1, 3))))
        for name in "abcdefgh"
    ]
    calm = told_in(store, sorted(story, key=lambda given: given.place))
    for _ in range(6):
        dice.shuffle(story)
        assert told_in(store, story) == calm


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(5))
def test_two_hundred_orders_of_many_passages_are_grouped_alike(seed: int, store: Store) -> None:
    dice = random.Random(f"many {seed}")
    story = [
        page(name, dice.randrange(8), "".join(dice.sample("rstuvwxyz", dice.randint(1, 4))))
        for name in "abcdefghij"
    ]
    calm = told_in(store, sorted(story, key=lambda given: given.place))
    for _ in range(200):
        dice.shuffle(story)
        assert told_in(store, story) == calm


def test_a_text_made_of_two_is_of_the_group_of_the_earlier(store: Store) -> None:
    _, found = told_in(store, STORIES["an article made of two"])
    of = {url: first for (url, _), (first, _) in found.items()}
    assert of == {"a": "a", "b": "b", "c": "a"}


@pytest.mark.parametrize("title", STORIES)
def test_what_was_known_of_copies_can_be_asked_at_every_instant(title: str, store: Store) -> None:
    """As of an instant, groups are those of a ledger that stopped there, in any order."""
    for order in orders(STORIES[title])[::4]:
        store.db.conn.execute("BEGIN")
        known = []
        for number, given in enumerate(order):
            now = FOUND + timedelta(minutes=number)
            add(store, given, now)
            known.append((now, deals(store), changes(store)))
        for now, believed, told in known:
            assert deals(store, as_of=now) == believed
            assert changes(store, as_of=now) == told
        store.db.conn.execute("ROLLBACK")


def test_one_text_found_late_moves_what_repeats_it_and_nothing_else(store: Store) -> None:
    """The whole group of its copies goes along; a stranger's stays, and so does its account."""
    for given in (page("b", 2, "x"), page("c", 3, "xy"), page("d", 4, "yz"), page("e", 5, "k")):
        add(store, given, FOUND)
    for payee, at in (
        ("Mistral AI", "2026-01-09"),
        ("OpenAI", "2026-01-09"),
        ("OpenAI", "2026-01-01"),
    ):
        row = (payee, at, save(Account(payee)))
        store.db.execute("INSERT INTO accounts VALUES (?, ?, ?)", row)
    add(store, page("a", 1, "x"), FOUND)
    of = {url: first for (url, _), (first, _) in groups(store).items()}
    assert of == {"a": "a", "b": "a", "c": "a", "d": "a", "e": "e"}
    kept = store.db.execute("SELECT payee, at FROM accounts ORDER BY payee").fetchall()
    assert kept == [("Mistral AI", "2026-01-09"), ("OpenAI", "2026-01-01")]


def test_the_original_of_a_text_that_everybody_prints_may_be_found_last(store: Store) -> None:
    wire = [page(f"o{number:03}", 2 + number, "xyz") for number in range(POPULAR + 20)]
    for given in [*wire, page("first", 1, "xyz")]:
        add(store, given, FOUND)
    assert {first for first, _ in groups(store).values()} == {"first"}


def test_a_figure_that_waited_for_a_second_voice_is_told_once_two_voices_are_one(
    store: Store,
) -> None:
    """A and B have their 5 from one text, found after C's isolated 50; D says 50 as well."""
    for given in (
        page("a", 2, "x", milliards=5),
        page("b", 3, "y", milliards=5),
        page("c", 30, "z", milliards=50),
        page("first", 1, "xy", milliards=5),
        page("d", 60, "w", milliards=50),
        page("e", 61, "v", milliards=50),
    ):
        add(store, given, FOUND + timedelta(days=3))
    told = [(line["url"], line["change"]) for line in store.ledger.changes(silent=True)]
    assert told == [
        ("first", "stale"),
        ("a", "new"),
        ("b", "corroborated"),
        ("c", "held"),
        ("d", "amount_up"),
        ("e", "corroborated"),
    ]
