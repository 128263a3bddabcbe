"""States kept of accounts are a convenience: with and without them the ledger says the same."""

from __future__ import annotations

import json
import random
from datetime import UTC, datetime
from typing import Any

import pytest

from pipelines import posting
from pipelines.intake import prepare_given, take
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
