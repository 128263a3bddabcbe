"""The bundled press, played day by day: how often somebody is disturbed, and by what."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from pipelines.config import Rules
from pipelines.store import Store
from tests.days import Reader, play

PRESS = Path(__file__).parent.parent / "demo" / "press"
MANIFEST = [json.loads(line) for line in (PRESS / "manifest.jsonl").open(encoding="utf-8")]
EXPECTED = [json.loads(line) for line in (PRESS / "expected_changes.jsonl").open(encoding="utf-8")]
#: The most messages that somebody with the default rules gets on any day of the press.
MOST_A_DAY = 3


@pytest.fixture(scope="module")
def readers() -> list[Reader]:
    everything = Reader(Rules(when="immediate", cap_per_hour=0), "everything")
    default = Reader(Rules(), "default")
    with Store.open(":memory:") as store:
        play(store, MANIFEST, (everything, default))
    return [everything, default]


def test_each_article_with_news_is_one_message_that_holds_all_of_it(readers: list[Reader]) -> None:
    expected: dict[str, Counter[tuple[str, str]]] = {}
    for line in EXPECTED:
        if line["alert"]:
            counts = expected.setdefault(line["at"], Counter())
            counts[line["change"], line["kind"]] += 1
    reader = readers[0]
    told = [
        Counter((change["change"], change["kind"]) for change in reader.changes(message))
        for _, message in reader.got
    ]
    assert len(told) == len(expected) == 19
    assert told == list(expected.values())


def test_nothing_is_told_twice(readers: list[Reader]) -> None:
    for reader in readers:
        ids = [c["id"] for _, message in reader.got for c in reader.changes(message)]
        assert len(ids) == len(set(ids))
        keys = [message.key for _, message in reader.got]
        assert len(keys) == len(set(keys))


def test_with_the_default_rules_no_day_has_more_than_three_messages(
    readers: list[Reader],
) -> None:
    days = Counter(at.date() for at, _ in readers[1].got)
    assert max(days.values()) <= MOST_A_DAY


def test_with_the_default_rules_nothing_of_it_is_lost(readers: list[Reader]) -> None:
    everything, default = (
        {c["id"] for _, message in reader.got for c in reader.changes(message)}
        for reader in readers
    )
    assert everything <= default
