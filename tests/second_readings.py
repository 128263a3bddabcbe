"""What the tests of the second reader share: a claim held back, an endpoint, a round."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from pipelines import config, second_reader
from pipelines.config import Config, SecondReader
from pipelines.intake import Prepared, Route, prepare_given, take
from pipelines.money import Amount
from pipelines.records import Article, Claim, Outlet
from pipelines.second_reader import Round
from pipelines.store import Store
from tests.servers import Answer, Hook

DAY = datetime(2026, 2, 1, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)
#: Seconds after which a child that should have asked has not.
PATIENCE = 120
MD = 10**9
LIVE = Route(("console",))
DEFAULT = config.load(None)

SENTENCE = "Amazon va investir 50 milliards de dollars dans OpenAI."
TEXT = f"OpenAI cherche de l'argent frais. {SENTENCE} Le cours n'a pas bougé."
GOOD = {
    "stated": True,
    "kind": "investment",
    "payers": ["Amazon"],
    "payee": "OpenAI",
    "low": 50 * MD,
    "high": 50 * MD,
    "currency": "USD",
    "certainty": "confirmed",
    "quote": SENTENCE,
}


def chat(content: object) -> Answer:
    """An answer of the chat API whose message is `content`."""
    return Answer(body=json.dumps({"choices": [{"message": {"content": content}}]}))


def says(**other: object) -> Answer:
    return chat(json.dumps(GOOD | other))


def claim_in(text: str) -> Claim:
    start = text.index(SENTENCE)
    return Claim(
        kind="investment",
        payers=("Amazon",),
        payee="OpenAI",
        amount=Amount(50 * MD, 50 * MD),
        certainty="confirmed",
        stage="announced",
        confidence=0.4,
        amount_text="50 milliards",
        amount_start=text.index("50 milliards", start),
        quote=SENTENCE,
        start=start,
        end=start + len(SENTENCE),
    )


def held(number: int = 0, *, text: str = TEXT, url: str = "", at: datetime = DAY) -> Prepared:
    """An article whose one claim is held back; the lower its number, the newer it is."""
    address = url or f"https://a{number}.example/1"
    article = Article(
        url=address,
        canonical_url=address,
        outlet=f"a{number}",
        title="OpenAI et Amazon",
        text=text,
        published=at - number * HOUR,
    )
    return replace(prepare_given(article, [claim_in(text)], at), held=frozenset({0}))


def keep(store: Store, *articles: Prepared, route: Route = LIVE) -> None:
    for prepared in articles:
        take(prepared, store, outlet=None, now=DAY, route=route)


def configured(hook: Hook, **other: Any) -> Config:
    reader = SecondReader(url=f"{hook.url}/v1", model="small", **other)
    return replace(DEFAULT, second_reader=reader)


def ask(store: Store, given: Config, at: datetime = DAY, outlets: tuple[Outlet, ...] = ()) -> Round:
    return second_reader.ask_about_waiting(store, given, outlets, lambda: at)


def labels(store: Store) -> list[str]:
    return [line["change"] for line in store.ledger.changes()]


def outcomes(store: Store) -> list[tuple[str | None, str]]:
    return list(store.db.execute("SELECT outcome, why FROM second_readings ORDER BY id"))
