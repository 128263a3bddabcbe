"""Verdicts of people: what waits, what is accepted, what is taken back, and that it stays so."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from pipelines import change, replay, review
from pipelines.intake import Prepared, Route, prepare_given, take
from pipelines.money import Amount
from pipelines.records import Article, Claim
from pipelines.store import Store

DAY = datetime(2026, 2, 1, 9, tzinfo=UTC)
LATER = DAY + timedelta(days=1)
MD = 10**9
CHANNELS = ("console",)


def claim(payer: str, milliards: int, **other: object) -> Claim:
    text = f"{payer} va investir {milliards} milliards de dollars dans OpenAI."
    base = Claim(
        kind="investment",
        payers=(payer,),
        payee="OpenAI",
        amount=Amount(milliards * MD, milliards * MD),
        certainty="confirmed",
        stage="announced",
        amount_text=f"{milliards} milliards",
        amount_start=text.index(str(milliards)),
        quote=text,
        start=0,
        end=len(text),
    )
    return replace(base, **other)  # type: ignore[arg-type]


def prepared(told: Claim, *, held: bool = False, number: int = 0, suffix: str = "") -> Prepared:
    assert told.quote is not None
    article = Article(
        url=f"https://a{number}.example/1",
        canonical_url=f"https://a{number}.example/1",
        outlet=f"a{number}.example",
        title="OpenAI",
        text=told.quote + suffix,
        published=DAY + timedelta(hours=number),
    )
    given = prepare_given(article, [told], DAY)
    return replace(given, held=frozenset({0} if held else ()))


def labels(store: Store) -> list[str]:
    return [line["change"] for line in store.ledger.changes()]


def queued(store: Store) -> list[str]:
    return [row["changes"] for row in store.outbox.rows()]


def test_a_claim_that_is_not_sure_enough_waits_and_is_told_when_accepted(store: Store) -> None:
    held = prepared(claim("Amazon", 50), held=True)
    take(held, store, outlet=None, now=DAY, route=Route(CHANNELS))
    (waiting,) = store.verdicts.waiting()
    assert (labels(store), queued(store)) == ([], [])

    review.accept(store, [waiting["id"]], CHANNELS, LATER)
    assert (labels(store), queued(store)) == (["new"], ["[1]"])
    assert store.verdicts.waiting() == []


def test_a_rejected_told_change_is_taken_back_once(store: Store) -> None:
    take(prepared(claim("Nvidia", 500)), store, outlet=None, now=DAY, route=Route(CHANNELS))
    (row,) = store.verdicts.claims_of([line["deal"] for line in store.ledger.changes()])
    review.reject(store, [row["id"]], CHANNELS, LATER)
    (rejected,) = store.db.query("SELECT id FROM claims")
    review.reject(store, [rejected["id"]], CHANNELS, LATER)
    assert labels(store) == ["new", "corrected"]
    assert change.fold(store.ledger.postings()) == ()
    assert len(change.fold(store.ledger.postings(as_of=DAY))) == 1


def test_a_rejected_claim_stays_rejected_in_a_later_version_of_the_page(store: Store) -> None:
    wrong = claim("Nvidia", 500)
    take(prepared(wrong), store, outlet=None, now=DAY)
    review.reject(store, [1], (), LATER)
    later = prepared(wrong, suffix=" Une phrase de plus.")
    later = replace(later, article=replace(later.article, modified=LATER))
    take(later, store, outlet=None, now=LATER)
    assert change.fold(store.ledger.postings()) == ()


def test_a_verdict_survives_a_replay(store: Store) -> None:
    from pipelines import config

    watches = config.load(None).watches
    from pipelines.intake import prepare_article

    read = prepare_article(prepared(claim("Amazon", 50)).article, watches, DAY)
    take(replace(read, extractor="older"), store, outlet=None, now=DAY)
    (found,) = store.db.query("SELECT id FROM claims")
    review.reject(store, [found["id"]], (), LATER)
    replay.read_again(store, watches, lambda *_: None)
    replay.apply(store, watches, (), LATER + timedelta(hours=1))
    assert change.fold(store.ledger.postings()) == ()
    assert [line["change"] for line in store.ledger.changes()] == ["new", "corrected"]


def test_merged_deals_are_one_and_answer_to_both_ids(store: Store) -> None:
    take(prepared(claim("Amazon", 50)), store, outlet=None, now=DAY)
    aws = claim("Amazon Web Services", 50)
    take(prepared(aws, number=1), store, outlet=None, now=DAY)
    first, second = [line["deal"] for line in store.ledger.changes()]
    assert review.merge(store, first, second, LATER) == 1
    outcomes = [made for *_, made in store.ledger.told()]
    (deal,) = change.fold(store.ledger.postings(), outcomes)
    assert {deal.id, *deal.aliases} == {first, second}
    assert deal.corroboration.outlets == 2


def test_an_unknown_claim_or_deal_is_told_and_changes_nothing(store: Store) -> None:
    with pytest.raises(review.UnknownError, match="no claim 7"):
        review.reject(store, [7], (), LATER)
    with pytest.raises(review.UnknownError, match="no deal abc"):
        review.merge(store, "abc", "def", LATER)
    assert store.verdicts.all() == []


def test_deals_of_other_money_are_not_merged(store: Store) -> None:
    take(prepared(claim("Amazon", 50)), store, outlet=None, now=DAY)
    round_ = claim("Amazon", 110, kind="round")
    take(prepared(round_, number=1), store, outlet=None, now=DAY)
    deals = [line["deal"] for line in store.ledger.changes()]
    before = change.fold(store.ledger.postings())
    with pytest.raises(review.RefusedError, match="cannot be one deal"):
        review.merge(store, deals[0], deals[1], LATER)
    with pytest.raises(review.RefusedError, match="amount and time"):
        review.merge(store, deals[0], deals[0], LATER)
    assert change.fold(store.ledger.postings()) == before


def test_a_claim_keeps_its_id_through_verdicts(store: Store) -> None:
    take(prepared(claim("Amazon", 50), held=True), store, outlet=None, now=DAY)
    review.accept(store, [1], (), LATER)
    review.reject(store, [1], (), LATER + timedelta(hours=1))
    assert [row["id"] for row in store.db.query("SELECT id FROM claims")] == [1]
    assert labels(store) == ["new", "corrected"]
