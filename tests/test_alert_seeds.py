"""Five real articles, of which only the figures are kept here, told day by day."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from pipelines.config import Rules
from pipelines.store import Store
from tests.days import Reader, play

LEDGER = Path(__file__).parent / "corpus" / "ledger"
#: The most messages that somebody with the default rules gets on any day.
MOST_A_DAY = 3


def rows(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (LEDGER / name).open(encoding="utf-8")]


def imported(gold: dict[str, Any]) -> dict[str, Any]:
    """A line of `veille import --claims`; the text is not ours to keep, so it is only a name."""
    return {
        "url": f"https://seeds.example/{gold['id']}",
        "outlet": f"seed-{gold['id'][:3]}.example",
        "published": f"{gold['date']}T09:00:00+01:00",
        "title": gold["id"],
        "body": f"Le texte de {gold['id']} n'est pas ici.",
        "claims": gold["claims"],
    }


@pytest.fixture(scope="module")
def readers() -> list[Reader]:
    everything = Reader(Rules(when="immediate", cap_per_hour=0), "everything")
    default = Reader(Rules(), "default")
    with Store.open(":memory:") as store:
        play(store, map(imported, rows("seeds.gold.jsonl")), (everything, default))
    return [everything, default]


def changes(reader: Reader) -> list[dict[str, Any]]:
    return [change for _, message in reader.got for change in reader.changes(message)]


def test_each_article_with_news_is_one_message_that_holds_all_of_it(readers: list[Reader]) -> None:
    expected: dict[str, Counter[tuple[str, str]]] = {}
    for line in rows("seeds.expected.jsonl"):
        if line["alert"]:
            url = f"https://seeds.example/{line['article']}"
            expected.setdefault(url, Counter())[line["change"], line["kind"]] += 1
    told: dict[str, Counter[tuple[str, str]]] = {}
    for _, message in readers[0].got:
        (url,) = {change["url"] for change in readers[0].changes(message)}
        assert url not in told
        told[url] = Counter((c["change"], c["kind"]) for c in readers[0].changes(message))
    assert len(readers[0].got) == 4
    assert told == expected


def test_nothing_is_told_twice(readers: list[Reader]) -> None:
    for reader in readers:
        ids = [change["id"] for change in changes(reader)]
        assert len(ids) == len(set(ids))


def test_with_the_default_rules_no_day_has_more_than_three_messages(
    readers: list[Reader],
) -> None:
    days = Counter(at.date() for at, _ in readers[1].got)
    assert max(days.values()) <= MOST_A_DAY


def test_with_the_default_rules_nothing_of_it_is_lost(readers: list[Reader]) -> None:
    everything, default = ({change["id"] for change in changes(r)} for r in readers)
    assert everything <= default
