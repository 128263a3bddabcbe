"""Deals that became one stand once in a digest, with the chronology of both."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest

from pipelines import intake, review
from pipelines.config import Rules
from pipelines.money import Amount
from pipelines.records import Alert, Article, Claim
from pipelines.store import Store
from tests.days import Reader
from tests.news import MD, NOW

EVENING = NOW + timedelta(hours=1)
MORNING = NOW + timedelta(days=1)


def post(store: Store, number: int, payer: str, milliards: int) -> None:
    """The whole way of an article whose claim is given; nothing below 20 Md$ is told at once."""
    amount = Amount(milliards * MD, milliards * MD)
    claim = Claim("investment", (payer,), "OpenAI", amount, "rumoured", "talks")
    url, at = f"https://a{number}.example/1", NOW + timedelta(minutes=number)
    article = Article(url, url, f"a{number}", "OpenAI", f"Article {number} de {payer}.", at)
    prepared = intake.prepare_given(article, [claim], at)
    intake.take(prepared, store, outlet=None, now=at, route=intake.Route(("out",)))


def deals(store: Store) -> list[str]:
    return list(dict.fromkeys(line["deal"] for line in store.ledger.changes()))


def sections(message: Alert) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(message.payload)["sheet"]["sections"]
    return found


@pytest.fixture
def reader() -> Reader:
    return Reader(Rules(when="daily"), "out")


def merge_by_hand(store: Store) -> None:
    first, second = deals(store)
    review.merge(store, first, second, EVENING)


def test_before_they_are_merged_they_stand_apart(store: Store, reader: Reader) -> None:
    post(store, 1, "Amazon", 20)
    post(store, 2, "Amazon Web Services", 50)
    reader.drain(store, NOW + timedelta(hours=2))
    reader.drain(store, MORNING)
    ((_, digest),) = reader.got
    assert len(sections(digest)) == 2


def test_what_a_person_merged_is_one_deal_of_the_digest(store: Store, reader: Reader) -> None:
    post(store, 1, "Amazon", 20)
    post(store, 2, "Amazon Web Services", 50)
    merge_by_hand(store)
    reader.drain(store, EVENING)
    reader.drain(store, MORNING)
    ((_, digest),) = reader.got
    (section,) = sections(digest)
    assert [step["text"] for step in section["steps"]] == [
        "Nouveau, 20\u00a0Md$",
        "Nouveau, 50\u00a0Md$",
    ]
    assert "2 changements, 1 affaire" in digest.text


def test_whoever_said_it_under_either_name_is_counted(store: Store, reader: Reader) -> None:
    post(store, 1, "Amazon", 20)
    post(store, 2, "Amazon Web Services", 20)
    merge_by_hand(store)
    reader.drain(store, EVENING)
    reader.drain(store, MORNING)
    assert "2 médias" in reader.got[0][1].text


def test_a_deal_that_got_another_id_by_an_article_found_late_is_one_deal(
    store: Store, reader: Reader
) -> None:
    post(store, 5, "Amazon", 50)
    post(store, 1, "Amazon", 20)  # its first claim by publication: the deal is named for it
    post(store, 7, "Amazon", 80)
    told = [line["deal"] for line in store.ledger.changes(silent=True)]
    assert len(set(told)) == 2
    reader.drain(store, EVENING)
    reader.drain(store, MORNING)
    ((_, digest),) = reader.got
    (section,) = sections(digest)
    assert len(section["steps"]) >= 2


def test_a_deal_told_yesterday_and_merged_today_gives_its_past(
    store: Store, reader: Reader
) -> None:
    post(store, 1, "Amazon", 20)
    reader.drain(store, EVENING)
    reader.drain(store, MORNING)
    post(store, 2, "Amazon Web Services", 50)
    merge_by_hand(store)
    reader.drain(store, MORNING + timedelta(hours=1))
    reader.drain(store, MORNING + timedelta(days=1))
    (section,) = sections(reader.got[-1][1])
    assert [step["fresh"] for step in section["steps"]] == [False, True]
    assert section["picture"]["alt"].count("Md$") == 2
