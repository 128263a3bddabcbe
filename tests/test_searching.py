"""What a reader types is never an operator of the search."""

from __future__ import annotations

import pytest

from pipelines.store import Store
from pipelines.store.searching import articles, expression, quotes


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
