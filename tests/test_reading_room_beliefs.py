"""The room believes what a fold of everything gives, and folds only what it has to."""

from __future__ import annotations

import json
import random
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from pipelines import change
from pipelines.reading_room.beliefs import Beliefs
from pipelines.records import Deal
from pipelines.store import Store
from tests.conftest import VEILLE
from tests.reading_rooms import PRESS

START = datetime(2026, 1, 1, tzinfo=UTC)
#: Articles about one payee: some states of its account are kept.
ARTICLES = 60


def folded_whole(store: Store) -> dict[str, Deal]:
    history = store.ledger.postings()
    told = [outcome for *_, outcome in store.ledger.told()]
    return {deal.id: deal for deal in change.fold(history, told)}


def believed(beliefs: Beliefs, store: Store) -> dict[str, Deal]:
    return {deal.id: deal for deal in beliefs.all(store.db.conn)}


def taken(database: Path, lines: list[dict[str, Any]]) -> None:
    source = database.with_suffix(".jsonl")
    source.write_text("\n".join(map(json.dumps, lines)), "utf-8")
    command = [str(VEILLE), "--db", str(database), "import", "--claims", str(source)]
    subprocess.run(command, check=True, capture_output=True)


def article(number: int, day: int, **claim: Any) -> dict[str, Any]:
    amount = claim.pop("billions", 10 + number % 3) * 10**9
    shape = {
        "kind": "investment",
        "payers": ["Amazon"],
        "payee": "OpenAI",
        "amount": [amount, amount],
        "qualifier": "exact",
        "certainty": "rumoured",
        "stage": "talks",
        "sources": ["Reuters"],
        "background": False,
    }
    return {
        "url": f"https://site{number % 7}.example/{number}",
        "outlet": f"site{number % 7}.example",
        "published": (START + timedelta(days=day)).isoformat(),
        "title": f"Titre {number}",
        "body": f"Texte {number}, sans rapport avec les autres : {random.Random(number).random()}",
        "claims": [shape | claim],
    }


@pytest.mark.parametrize("order", range(2))
def test_the_room_believes_what_a_fold_of_everything_gives_whatever_came_when(
    tmp_path: Path, order: int
) -> None:
    """One room that stays open beside one that is opened anew, article by article."""
    lines = [json.loads(line) for line in PRESS.read_text("utf-8").splitlines()]
    lines += [
        article(n, n, payers=[("Amazon", "Nvidia", "SoftBank")[n % 3]]) for n in range(ARTICLES)
    ]
    if order:
        random.Random(order).shuffle(lines)
    database = tmp_path / "veille.db"
    open_all_day = Beliefs(patience=0)
    for start in range(0, len(lines), 31):
        taken(database, lines[start : start + 31])
        with Store.open(database, read_only=True) as store:
            expected = folded_whole(store)
            assert believed(Beliefs(), store) == expected
            kept = believed(open_all_day, store)
            assert [kept[i] for i in sorted(kept)] == [expected[i] for i in sorted(expected)]


def test_a_room_that_stays_open_does_not_fold_a_long_past_again(tmp_path: Path) -> None:
    """Shown by claims that somebody alters: the room that knew them before does not see it."""
    database = tmp_path / "veille.db"
    taken(database, [article(n, n, billions=10) for n in range(ARTICLES)])
    beliefs = Beliefs(patience=0)
    with Store.open(database) as store:
        (first,) = believed(beliefs, store).values()
        store.db.conn.execute("UPDATE claims SET low = 11, high = 11 WHERE id < 20")
    taken(database, [article(ARTICLES, ARTICLES, billions=10)])
    with Store.open(database, read_only=True) as store:
        (now,) = believed(beliefs, store).values()
        (anew,) = believed(Beliefs(), store).values()
    assert (now.last - first.last).days == 1
    assert now.superseded == first.superseded == ()
    assert anew.superseded == ((11, 11),)
