"""The shipped history: facts with two addresses each, never told, and no news."""

from __future__ import annotations

import json
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from pipelines.store import Store
from tests.conftest import ROOT

FACTS = [
    json.loads(line) for line in (ROOT / "demo" / "dossier.jsonl").read_text("utf-8").splitlines()
]


@pytest.mark.parametrize("fact", FACTS, ids=[fact["date"] for fact in FACTS])
def test_a_fact_has_a_day_claims_of_the_past_and_two_sites_that_say_so(fact: dict) -> None:
    assert fact["date"] >= "2019-01-01"
    assert len({urlsplit(url).hostname for url in fact["urls"]}) == 2
    assert all(url.startswith("https://") for url in fact["urls"])
    for claim in fact["claims"]:
        assert claim["background"]
        assert "quote" not in claim
        assert "OpenAI" in (claim["payee"], *claim["payers"])


def test_the_dossier_goes_from_the_first_investor_to_the_newest_round() -> None:
    assert [fact["date"] for fact in FACTS] == sorted(fact["date"] for fact in FACTS)
    assert {fact["date"][:4] for fact in FACTS} >= {"2019", "2023", "2024", "2025", "2026"}
    kinds = {claim["kind"] for fact in FACTS for claim in fact["claims"]}
    assert kinds == {"investment", "round", "valuation", "commitment", "debt"}
    # an encyclopedia sums up what others reported
    assert not [url for fact in FACTS for url in fact["urls"] if "wiki" in urlsplit(url).netloc]
    # one page may speak of several facts, but of one day only once
    days = [(fact["date"], url) for fact in FACTS for url in fact["urls"]]
    assert len(days) == len(set(days))


def test_a_fact_is_known_once_whoever_else_is_added_later(veille, tmp_path: Path) -> None:
    """No two facts are about the same money, or the drawing would count it twice."""
    assert veille("init", "watch", "--dossier").code == 0
    deals = veille("--config", tmp_path / "watch" / "veille.toml", "deals", "--json").lines
    stated = [claim for fact in FACTS for claim in fact["claims"]]
    assert len(deals) == len(stated)


def test_the_dossier_is_shown_and_never_told_and_the_first_run_is_still_to_come(
    veille, tmp_path: Path
) -> None:
    assert veille("init", "watch", "--dossier").code == 0
    config = tmp_path / "watch" / "veille.toml"
    assert veille("--config", config, "changes", "--json").lines == []
    deals = veille("--config", config, "deals", "--json").lines
    assert ["Microsoft"] in [deal["payers"] for deal in deals]
    assert len(deals) >= len(FACTS)
    with Store.open(tmp_path / "watch" / "veille.db") as store:
        assert store.articles.empty()
        assert store.articles.newest() is None
        assert store.outbox.counts() == {}


def test_the_dossier_is_taken_once_and_also_into_a_ledger_that_is_there(
    veille, tmp_path: Path
) -> None:
    assert veille("init", ".").code == 0
    assert veille("init", ".").code == 2
    assert f"{2 * len(FACTS)} articles" in veille("init", ".", "--dossier").out
    assert "0 articles" in veille("init", ".", "--dossier").out
