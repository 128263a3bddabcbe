"""What a reader types is never an operator of the search."""

from __future__ import annotations

import pytest

from pipelines.store import Store
from pipelines.store.searching import RANKED, articles, expression, quotes


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("", ""),
        ("   ", ""),
        ("?!*", ""),
        ("amazon", '"amazon"*'),
        ("am", '"am"'),
        ("amazon openai", '"amazon" "openai"*'),
        ('"levée de fonds" amazon', '"levée de fonds" "amazon"*'),
        ('amazon "levée de fonds"', '"amazon" "levée de fonds"'),
        ('"non fermé', '"non" "fermé"*'),
        ("a OR b NOT c NEAR(d)", '"a" "OR" "b" "NOT" "c" "NEAR" "d"'),
        ("title:x^2 + y", '"title" "x" "2" "y"'),
        ("l’IA d'OpenAI", '"l" "IA" "d" "OpenAI"*'),
        (" ".join("mot" for _ in range(40)), " ".join(['"mot"'] * 12) + "*"),
    ],
)
def test_words_are_quoted_and_the_last_is_also_a_beginning(asked: str, expected: str) -> None:
    assert expression(asked) == expected


@pytest.mark.parametrize(
    "asked", ['"', "'", "\x00", "a\x00b", "﷽" * 300, "(((", "-", "*", "a" * 9000]
)
def test_nothing_that_is_asked_is_an_error(store: Store, asked: str) -> None:
    connection = store.db.conn
    assert articles(connection, asked, since=None, until=None, words=10) == ([], False)
    assert quotes(connection, asked) == []


def kept(store: Store, number: int, at: str) -> None:
    store.db.execute(
        "INSERT INTO articles (id, url, canonical_url, outlet, title, text, basis, published, at,"
        " seen, recorded, extractor, sameness, voice, exact, scheme, shingles, sampled)"
        " VALUES (?1, ?1, ?1, 'o.example', 'Des milliards', 'milliards', 'page', ?2, ?2, ?2, ?2,"
        " 'test', 'new', 'owner:o', ?1, 1, 0, 0)",
        (number, at),
    )


def test_a_window_finds_what_lies_behind_more_hits_than_are_ranked(store: Store) -> None:
    with store.transaction():
        kept(store, 1, "2024-03-01T08:00:00+00:00")
        for number in range(2, RANKED + 3):
            kept(store, number, "2025-06-01T08:00:00+00:00")
        # found late: its id is newer than its day
        kept(store, RANKED + 3, "2024-03-31T23:00:00+00:00")

    def found(since: str | None, until: str | None) -> tuple[set[int], bool]:
        hits, more = articles(store.db.conn, "milliards", since=since, until=until, words=5)
        return {hit["id"] for hit in hits}, more

    assert found("2024-03-01", "2024-03-31") == ({1, RANKED + 3}, False)
    assert found(None, "2024-03-30") == ({1}, False)
    assert found("2026-01-01", None) == (set(), False)
    assert found("2025-06-01", "2025-06-01")[1]
