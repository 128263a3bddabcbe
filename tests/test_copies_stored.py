"""Copies looked up in the store: popular phrases, of which the index holds the first only."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from pipelines.duplicate import POPULAR, judge, sign
from pipelines.records import Article, Verdict
from pipelines.shapes import when
from pipelines.store import Store

DAY = datetime(2026, 3, 1, tzinfo=UTC)


@pytest.fixture
def store() -> Iterator[Store]:
    with Store.open(":memory:") as opened:
        yield opened


def _add(store: Store, name: str, text: str, at: datetime = DAY) -> int:
    url = f"https://{name}.example/a"
    article = Article(url, url, f"{name}.example", "t", text, at)
    row = {"seen": when(at), "recorded": when(at), "extractor": "t", "tier": 2, "satire": 0}
    return store.articles.add(
        article, Verdict("new"), sign(text), voice=f"owner:{name}", sentences=(), row=row
    )


def _judged(store: Store, text: str, at: datetime = DAY) -> Verdict:
    signature = sign(text)
    return judge(signature, store.articles.candidates(signature, "https://new.example/a", at))


def _sentences(luck: random.Random, count: int) -> list[str]:
    return [" ".join(f"m{luck.randrange(20_000)}" for _ in range(10)) for _ in range(count)]


def _shuffled(luck: random.Random, *parts: list[str]) -> str:
    every = [sentence for part in parts for sentence in part]
    luck.shuffle(every)
    return ". ".join(every)


def _edited(luck: random.Random, text: str, share: float) -> str:
    return " ".join(f"x{luck.random()}" if luck.random() < share else w for w in text.split())


@pytest.fixture(scope="module")
def used_up() -> Iterator[tuple[Store, list[str]]]:
    """A store, and set phrases that so many of its articles print that it indexes them no more."""
    luck = random.Random("used up")
    phrases, each = _sentences(luck, 150), 15
    with Store.open(":memory:") as store:
        for number in range(2 * POPULAR * len(phrases) // each):
            _add(
                store,
                f"o{number}",
                _shuffled(luck, luck.sample(phrases, each), _sentences(luck, 5)),
            )
        yield store, phrases


@pytest.mark.parametrize(("cut", "least"), [(1 / 3, 42), (1 / 2, 46), (1.0, 50)])
def test_phrases_that_everybody_prints_do_not_hide_a_copy(
    used_up: tuple[Store, list[str]], cut: float, least: int
) -> None:
    (store, phrases), luck = used_up, random.Random(f"popular {cut}")
    found = 0
    for number in range(50):
        text = _shuffled(luck, luck.sample(phrases, 8), _sentences(luck, 16))
        original = _add(store, f"wire{number}", text, DAY + timedelta(hours=1))
        words = _edited(luck, text, 0.10).split()
        copy = " ".join(words[: round(len(words) * cut)])
        found += _judged(store, copy, DAY + timedelta(hours=2)).copy_of == original
    assert found >= least


def test_a_long_text_finds_the_short_one_whose_phrases_were_popular_before(
    used_up: tuple[Store, list[str]],
) -> None:
    (store, known), luck = used_up, random.Random("popular, short one first")
    phrases, own = luck.sample(known, 6), _sentences(luck, 4)
    text = _shuffled(luck, phrases, own)
    short = _add(store, "short", text)
    whole = f"{text}. {'. '.join(_sentences(luck, 20))}"
    assert _judged(store, whole, DAY + timedelta(hours=1)).copy_of == short


def test_popular_phrases_alone_are_no_copy(store: Store) -> None:
    luck = random.Random("only phrases in common")
    phrases = _sentences(luck, 10)
    for number in range(POPULAR * 2):
        _add(store, f"o{number}", _shuffled(luck, phrases, _sentences(luck, 20)))
    assert _judged(store, _shuffled(luck, phrases, _sentences(luck, 20))).sameness == "new"


def test_a_wire_text_that_two_hundred_outlets_print_is_a_copy_of_the_first(store: Store) -> None:
    luck = random.Random("everybody")
    wire = _shuffled(luck, _sentences(luck, 25))
    first = _add(store, "first", wire)
    for number in range(200):
        at = DAY + timedelta(minutes=1 + number)
        text = _edited(luck, wire, 0.05)
        assert _judged(store, text, at).copy_of == first
        _add(store, f"o{number}", text, at)


def test_no_hash_is_stored_more_often_than_its_limit(store: Store) -> None:
    text = _shuffled(random.Random("limit"), _sentences(random.Random("limit"), 10))
    for number in range(POPULAR + 5):
        _add(store, f"o{number}", text)
    most = "SELECT max(n) FROM (SELECT count(*) AS n FROM shingles GROUP BY hash)"
    held = "SELECT min(sampled), max(sampled) FROM articles"
    assert store.db.execute(most).fetchone() == (POPULAR,)
    assert store.db.execute(held).fetchone() == (0, len(sign(text).sample))


def test_one_phrase_of_a_text_is_not_looked_at_further(store: Store) -> None:
    phrase = "a b c d e f"
    _add(store, "one", f"{phrase} {_sentences(random.Random(1), 1)[0]}")
    signature = sign(f"{phrase} {_sentences(random.Random(2), 1)[0]}")
    assert store.articles.candidates(signature, "https://new.example/a", DAY) == []
