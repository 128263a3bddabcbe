"""A better reader reads the stored articles again: what it finds, takes back, and keeps."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from pipelines import change, config, replay
from pipelines.intake import Prepared, Route, prepare_article, prepare_given, take
from pipelines.money import Amount
from pipelines.records import Article, Claim
from pipelines.shapes import claim_to_json
from pipelines.store import Store

DAY = datetime(2026, 2, 1, 9, tzinfo=UTC)
LATER = DAY + timedelta(days=3)
WATCHES = config.load(None).watches
MD = 10**9


def article(text: str, number: int = 0, title: str = "OpenAI cherche de l’argent") -> Article:
    return Article(
        url=f"https://a{number}.example/{number}",
        canonical_url=f"https://a{number}.example/{number}",
        outlet=f"a{number}.example",
        title=title,
        text=text,
        published=DAY + timedelta(hours=number),
    )


READ = article("Amazon va investir 50 milliards de dollars dans OpenAI, a annoncé le groupe jeudi.")


def misread(claims: tuple[Claim, ...], of: Article = READ) -> Prepared:
    """The article as an older reader would have left it."""
    found = prepare_article(of, WATCHES, DAY)
    given = prepare_given(of, claims, DAY)
    return replace(given, extractor="older", signature=found.signature)


def test_the_sentence_of_a_claim_is_one_of_its_articles_sentences() -> None:
    text = "Amazon va investir 50 milliards de dollars dans OpenAI, « une étape », dit le groupe."
    read = prepare_article(article(text), WATCHES, DAY)
    assert read.claims
    assert set(read.claim_sentences) <= set(read.sentences)


WRONG = Claim(
    kind="investment",
    payers=("Nvidia",),
    payee="OpenAI",
    amount=Amount(500 * MD, 500 * MD),
    certainty="confirmed",
    stage="announced",
    amount_text="50 milliards",
    quote="Nvidia, 500 milliards",
)


def labels(store: Store, silent: bool = False) -> list[tuple[str, tuple[str, ...]]]:
    return [(c["change"], tuple(c["payers"])) for c in store.ledger.changes(silent=silent)]


def no_progress(done: int, total: int) -> None:
    assert done <= total


def test_the_same_reader_finds_no_difference(store: Store) -> None:
    take(prepare_article(READ, WATCHES, DAY), store, outlet=None, now=DAY)
    replay.read_again(store, WATCHES, no_progress)
    assert replay.compare(store, WATCHES).empty
    before = labels(store, silent=True)
    assert replay.apply(store, WATCHES, [], LATER).empty
    assert labels(store, silent=True) == before


@pytest.mark.parametrize("dated", [True, False])
def test_the_day_that_a_rumour_names_is_read_again_as_it_was(store: Store, dated: bool) -> None:
    """Of a page that bears no date too: it is of the day on which it was fetched."""
    said = article(
        "Amazon négocierait un investissement de 50 milliards de dollars dans OpenAI. "
        "L’accord serait signé d’ici la fin du mois."
    )
    said = said if dated else replace(said, published=None)
    take(prepare_article(said, WATCHES, DAY), store, outlet=None, now=DAY)
    (before,) = store.ledger.postings()
    assert [claim.due for claim in before.claims] == [date(2026, 2, 28)]
    replay.read_again(store, WATCHES, no_progress)
    assert replay.apply(store, WATCHES, [], LATER).empty
    assert store.ledger.postings() == [before]
    assert store.db.execute("SELECT count(*) FROM retired_claims").fetchone() == (0,)


def test_a_replay_prints_what_is_added_lost_and_altered_and_changes_nothing(store: Store) -> None:
    (right,) = prepare_article(READ, WATCHES, DAY).claims
    softer = replace(right, certainty="rumoured", stage="talks")
    take(misread((softer, WRONG)), store, outlet=None, now=DAY)
    before = labels(store)

    replay.read_again(store, WATCHES, no_progress)
    found = replay.compare(store, WATCHES)

    assert [claim.payers for _, claim in found.lost] == [("Nvidia",)]
    assert [(a.stage, b.stage) for _, a, b in found.altered] == [("talks", right.stage)]
    assert found.added == ()
    assert labels(store) == before


def test_what_was_told_and_is_not_claimed_any_more_is_taken_back_once(store: Store) -> None:
    take(misread((WRONG,)), store, outlet=None, now=DAY, route=Route(("console",)))
    for _ in range(2):
        replay.read_again(store, WATCHES, no_progress)
        replay.apply(store, WATCHES, ["console"], LATER)
    assert labels(store) == [
        ("new", ("Nvidia",)),
        ("corrected", ("Nvidia",)),
        ("new", ("Amazon",)),
    ]
    corrected = next(c for c in store.ledger.changes() if c["change"] == "corrected")
    assert corrected["corrects"] == 1
    assert corrected["url"] == READ.url
    # the correction is queued, what was missed is no news
    assert [row["changes"] for row in store.outbox.rows()] == ["[1]", f"[{corrected['id']}]"]


def test_the_state_before_a_replay_can_still_be_asked_for(store: Store) -> None:
    take(misread((WRONG,)), store, outlet=None, now=DAY)
    replay.read_again(store, WATCHES, no_progress)
    replay.apply(store, WATCHES, [], LATER)

    def believed(as_of: datetime) -> list[tuple[str, ...]]:
        return [deal.payers for deal in change.fold(store.ledger.postings(as_of=as_of))]

    assert believed(LATER - timedelta(seconds=1)) == [("Nvidia",)]
    assert believed(LATER) == [("Amazon",)]
    told = next(c for c in store.ledger.changes() if c["change"] == "new")
    assert told["quote"] == "Nvidia, 500 milliards"


def test_an_interrupted_replay_goes_on_where_it_stopped(store: Store) -> None:
    for number in range(4):
        text = f"Amazon va investir {10 + number} milliards de dollars dans OpenAI."
        page = article(text, number)
        take(misread((WRONG,), of=page), store, outlet=None, now=DAY)

    class Killed(Exception):
        pass

    def kill(done: int, _: int) -> None:
        if done == 2:
            raise Killed

    with pytest.raises(Killed):
        replay.read_again(store, WATCHES, kill)
    seen: list[tuple[int, int]] = []
    replay.read_again(store, WATCHES, lambda done, total: seen.append((done, total)))
    assert seen == [(1, 2), (2, 2)]


def test_given_claims_and_claims_without_text_stay_as_they_are(store: Store) -> None:
    take(prepare_given(READ, (WRONG,), DAY), store, outlet=None, now=DAY)
    take(misread((WRONG,), of=article("Autre texte.", 1)), store, outlet=None, now=DAY)
    store.db.execute("UPDATE articles SET text = NULL WHERE id = 2")
    before = [claim_to_json(c) for i in (1, 2) for c in store.ledger.claims(i)]
    replay.read_again(store, WATCHES, no_progress)
    found = replay.apply(store, WATCHES, [], LATER)
    assert (found.empty, found.articles, found.gone) == (True, 0, 1)
    assert [claim_to_json(c) for i in (1, 2) for c in store.ledger.claims(i)] == before
