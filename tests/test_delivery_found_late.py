"""A deal of which an article told that we found late: no alert, but not lost either."""

from __future__ import annotations

import json
from datetime import datetime, timedelta

import pytest

from pipelines import intake
from pipelines.alert import Context
from pipelines.config import Channel, Rules
from pipelines.delivery.previewing import preview
from pipelines.money import Amount
from pipelines.records import Article, Claim
from pipelines.store import Store
from tests.days import PARIS, Reader
from tests.news import MD, NOW

MORNING = NOW + timedelta(days=1)


def post(store: Store, payer: str, at: datetime, *, background: bool = False) -> None:
    """The whole way of an article of `at`, seen now, whose claim is given."""
    amount = Amount(50 * MD, 50 * MD)
    claim = Claim(
        "investment", (payer,), "OpenAI", amount, "rumoured", "talks", background=background
    )
    url = f"https://a.example/{payer}"
    article = Article(url, url, "a", f"{payer} et OpenAI", f"Avis sur {payer}.", at)
    prepared = intake.prepare_given(article, [claim], NOW)
    intake.take(prepared, store, outlet=None, now=NOW, route=intake.Route(("out",)))


def told(reader: Reader) -> list[tuple[str, list[str]]]:
    """(type of the message, payers of its changes) in order."""
    return [
        (json.loads(message.payload)["type"], [c["payers"][0] for c in reader.changes(message)])
        for _, message in reader.got
    ]


@pytest.mark.parametrize(
    ("days", "messages"),
    [
        (6, [("alert", ["News"]), ("alert", ["Late"])]),
        (8, [("alert", ["News"]), ("digest", ["Late"])]),
        (29, [("alert", ["News"]), ("digest", ["Late"])]),
        (31, [("alert", ["News"])]),
    ],
)
def test_a_new_deal_found_late_is_told_by_the_digest_for_a_month(
    store: Store, days: int, messages: list[tuple[str, list[str]]]
) -> None:
    reader = Reader(Rules(), "out")
    post(store, "News", NOW)
    post(store, "Late", NOW - timedelta(days=days))
    reader.drain(store, NOW)
    reader.drain(store, MORNING)
    assert told(reader) == messages


def test_the_digest_says_when_it_was_published_and_when_seen(store: Store) -> None:
    reader = Reader(Rules(), "out")
    post(store, "News", NOW)
    post(store, "Late", NOW - timedelta(days=9))
    reader.drain(store, NOW)
    reader.drain(store, MORNING)
    text = " ".join(reader.got[-1][1].text.split())
    assert "VU TARD Late → OpenAI, investissement 50 Md$ non confirmé, en discussion" in text
    assert "publié 18 févr. 2026 14:06, vu 27 févr. 2026 14:06" in text


def test_what_a_text_recalls_is_told_by_nobody(store: Store) -> None:
    """Most of it is years old, and none of it says when it was."""
    reader = Reader(Rules(), "out")
    post(store, "News", NOW)
    post(store, "Recalled", NOW, background=True)
    reader.drain(store, NOW)
    reader.drain(store, MORNING)
    assert told(reader) == [("alert", ["News"])]


def test_a_channel_without_digests_is_not_told(store: Store) -> None:
    reader = Reader(Rules(when="immediate"), "out")
    post(store, "News", NOW)
    post(store, "Late", NOW - timedelta(days=9))
    reader.drain(store, NOW)
    reader.drain(store, MORNING)
    assert told(reader) == [("alert", ["News"])]


def test_a_preview_shows_what_the_digest_will_tell(store: Store) -> None:
    post(store, "News", NOW)
    post(store, "Late", NOW - timedelta(days=9))
    post(store, "Recalled", NOW, background=True)
    channel = Channel("out", "console")
    found = preview(store, channel, Context("out", "fr", PARIS), NOW, NOW)
    assert sorted(one.decision.mode for one in found) == ["daily", "immediate"]
