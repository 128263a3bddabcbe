"""States kept of accounts are a convenience: with and without them the ledger says the same."""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import permutations
from typing import Any

import pytest

from pipelines import posting
from pipelines.change import fold
from pipelines.intake import SILENT, TOGETHER, Taken, keep, post_prepared, prepare_given, take
from pipelines.records import Article
from pipelines.shapes import claim_from_json, moment
from pipelines.store import Store
from tests.conftest import ROOT

MANIFEST = ROOT / "demo" / "press" / "manifest.jsonl"
NOW = datetime(2026, 6, 1, tzinfo=UTC)


def articles() -> list[dict[str, Any]]:
    return [json.loads(line) for line in MANIFEST.read_text("utf-8").splitlines()]


def post_all(rows: list[dict[str, Any]]) -> list[Any]:
    """The outcomes of posting the rows in that order, without ids."""
    with Store.open(":memory:") as store:
        for row in rows:
            article = Article(
                url=row["url"],
                canonical_url=row["url"],
                outlet=row["outlet"],
                title=row["title"],
                text=row["body"],
                published=moment(row["published"]),
                modified=moment(row["updated"]) if row["updated"] else None,
            )
            claims = [claim_from_json(claim, row["body"]) for claim in row["claims"]]
            take(prepare_given(article, claims, NOW), store, outlet=None, now=NOW)
        states = store.db.execute("SELECT count(*) FROM accounts").fetchone()[0]
        lines = [
            {k: v for k, v in line.items() if k not in ("id", "article")}
            for line in store.ledger.changes(silent=True)
        ]
        assert states or len(rows) < posting.STRIDE
        return sorted(lines, key=json.dumps)


@pytest.mark.parametrize("order", ["published", "shuffled", "backwards"])
def test_states_kept_change_nothing(order: str, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = articles()
    if order == "shuffled":
        random.Random(7).shuffle(rows)
    elif order == "backwards":
        rows.reverse()
    monkeypatch.setattr(posting, "STRIDE", 10**6)
    without = post_all(rows)
    monkeypatch.setattr(posting, "STRIDE", 3)
    monkeypatch.setattr(posting, "MARGIN", 2)
    assert post_all(rows) == without


# -- a page that goes back to an earlier text -----------------------------------------------------

#: A page's texts and what each claims, in milliards; the page goes back to its first text.
PAST = {"A": 20, "B": 50, "C": 35}


def version(text: str, day: int) -> Any:
    """The page as it read on that day of January."""
    url = "https://o.example/1"
    at = datetime(2026, 1, day, tzinfo=UTC)
    published = datetime(2026, 1, 1, tzinfo=UTC)
    article = Article(
        url, url, "o.example", "Titre", f"Texte {text}.", published, at if day > 1 else None
    )
    return prepare_given(article, [claim_from_json(gave(PAST[text]), article.text)], NOW)


def gave(milliards: float) -> dict[str, Any]:
    """A rumour of what Amazon would give OpenAI."""
    claim: dict[str, Any] = {"kind": "investment", "payers": ["Amazon"], "payee": "OpenAI"}
    claim |= {"amount": [int(milliards * 10**9)] * 2, "qualifier": "exact"}
    claim |= {"certainty": "rumoured", "stage": "talks", "sources": [], "background": False}
    return claim


def believed(order: Sequence[str]) -> tuple[Any, ...]:
    """Deals after those versions (`A3`: text A on the 3rd) arrived in that order."""
    with Store.open(":memory:") as store:
        for name in order:
            take(version(name[0], int(name[1])), store, outlet=None, now=NOW)
        return fold(store.ledger.postings())


@pytest.mark.parametrize(
    "page", [("A1", "B2", "A3"), ("A1", "B2", "A3", "A4", "C5"), ("A1", "B2", "A3", "C4", "A5")]
)
def test_a_page_that_goes_back_ends_the_same_in_any_order_of_arrival(page: tuple[str, ...]) -> None:
    in_order = believed(page)
    (deal,) = in_order
    assert deal.figure.amount[1] == PAST[page[-1][0]] * 10**9
    for order in [*permutations(page)][::7] if len(page) > 3 else permutations(page):
        assert believed(order) == in_order, order


def test_a_text_seen_again_is_no_version_and_says_nothing() -> None:
    with Store.open(":memory:") as store:
        first = take(version("A", 1), store, outlet=None, now=NOW)
        again = take(version("A", 3), store, outlet=None, now=NOW)
        assert (len(first.changes), again) == (1, Taken(None))
        assert store.db.execute("SELECT count(*) FROM articles").fetchone() == (1,)


def test_what_stood_between_two_sightings_is_told_as_the_past_it_is() -> None:
    with Store.open(":memory:") as store:
        for name, day in (("A", 1), ("A", 3)):
            take(version(name, day), store, outlet=None, now=NOW)
        (late,) = take(version("B", 2), store, outlet=None, now=NOW).changes
        assert (late.label, late.alert) == ("stale", False)
        labels = [line["change"] for line in store.ledger.changes(silent=True)]
        assert sorted(labels) == ["new", "stale", "unchanged"]


def test_a_first_run_that_ends_while_it_posts_is_gone_on_with_where_it_was() -> None:
    at = datetime(2026, 1, 1, tzinfo=UTC)
    urls = [f"https://o.example/{number:02}" for number in range(2 * TOGETHER + 1)]
    with Store.open(":memory:") as store:
        for url in urls:
            article = Article(
                url, url, "o.example", "Titre", f"Un texte : {url}.", at, basis="page"
            )
            keep(prepare_given(article, (), at), store)
        next(post_prepared(store, (), NOW, SILENT))
        posted = [url for (url,) in store.db.execute("SELECT url FROM articles ORDER BY id")]
        waiting = [row["url"] for row in store.articles.kept()]
        assert posted
        assert waiting
        assert posted + waiting == urls
        rest = list(post_prepared(store, (), NOW, SILENT))
        assert len(rest) == len(waiting)
        assert [url for (url,) in store.db.execute("SELECT url FROM articles ORDER BY id")] == urls
        assert not store.articles.kept()


# -- what a change quotes -------------------------------------------------------------------------


def test_a_change_quotes_the_sentence_of_the_figure_that_it_tells() -> None:
    url, at = "https://o.example/2", datetime(2026, 1, 1, tzinfo=UTC)
    share, total = "Amazon verserait d'abord 22,5 milliards.", "Sa mise atteindrait 30 milliards."
    article = Article(url, url, "o.example", "Titre", f"{share} {total}", at)
    rumours = [
        replace(claim_from_json(gave(milliards), article.text), quote=quote)
        for milliards, quote in ((22.5, share), (30, total))
    ]
    facts = [replace(rumour, certainty="confirmed", stage="completed") for rumour in rumours]
    with Store.open(":memory:") as store:
        take(prepare_given(article, rumours, at), store, outlet=None, now=at)
        later = replace(article, url=f"{url}b", published=at + timedelta(days=30))
        take(prepare_given(later, facts, at), store, outlet=None, now=at)
        *_, told = store.ledger.changes()
    assert (told["change"], told["claims"]) == ("confirmed", [0, 1])
    assert (told["quote"], told["after"]["amount"]) == (total, [30 * 10**9] * 2)
