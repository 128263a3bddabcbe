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
