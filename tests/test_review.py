"""Verdicts of people: what waits, what is accepted, what is taken back, and that it stays so."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import permutations

import pytest

from pipelines import change, config, replay, review
from pipelines.intake import Prepared, Route, prepare_article, prepare_given, take
from pipelines.money import Amount
from pipelines.records import Article, Claim, Deal
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
    watches = config.load(None).watches
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


def contracts(*milliards: int) -> list[Prepared]:
    """Contracts of one supplier, an article each: by the rules they add up."""
    return [
        prepared(claim("Microsoft", amount, kind="commitment"), number=n)
        for n, amount in enumerate(milliards)
    ]


def believed(store: Store) -> tuple[Deal, ...]:
    """Deals as any order of arrival must give them: without the ids they were told under."""
    return change.fold(store.ledger.postings())


def test_two_deals_that_amount_and_time_part_are_one_if_a_person_says_so(store: Store) -> None:
    for told in contracts(38, 60, 60):
        take(told, store, outlet=None, now=DAY)
    first, second = [line["deal"] for line in store.ledger.changes()]
    assert review.merge(store, first, second, LATER) == 2
    outcomes = [made for *_, made in store.ledger.told()]
    (deal,) = change.fold(store.ledger.postings(), outcomes)
    assert {deal.id, *deal.aliases} == {first, second}
    assert (deal.figure.amount, deal.superseded) == ((60 * MD, 60 * MD), ((38 * MD, 38 * MD),))
    assert labels(store) == ["new", "new"]  # what was told stays told
    assert len(change.fold(store.ledger.postings(as_of=DAY))) == 2


def test_a_merge_holds_for_later_articles_and_in_any_order_of_arrival(store: Store) -> None:
    told = contracts(38, 60, 38, 60, 90)
    for one in told[:2]:
        take(one, store, outlet=None, now=DAY)
    first, second = [line["deal"] for line in store.ledger.changes()]
    review.merge(store, second, first, LATER)
    for one in told[2:]:
        take(one, store, outlet=None, now=LATER)
    assert [deal.figure.amount[1] for deal in believed(store)] == [60 * MD, 90 * MD]
    for order in permutations(told):
        with Store.open(":memory:") as other:
            for row in store.verdicts.all():
                other.db["verdicts"].insert(row)  # type: ignore[union-attr]
            for one in order:
                take(one, other, outlet=None, now=DAY)
            assert believed(other) == believed(store), order


def test_a_merge_survives_a_better_reader(store: Store) -> None:
    watches = config.load(None).watches
    for n, amount in enumerate((10, 35)):
        wanted = prepared(claim("Amazon", amount, certainty="confirmed"), number=n)
        read = prepare_article(wanted.article, watches, DAY)
        late = replace(read.article, published=DAY + timedelta(days=90 * n))
        take(replace(read, article=late, extractor="older"), store, outlet=None, now=DAY)
    first, second = [deal.id for deal in believed(store)]
    review.merge(store, first, second, LATER)
    (merged,) = believed(store)
    replay.read_again(store, watches, lambda *_: None)
    replay.apply(store, watches, (), LATER + timedelta(hours=1))
    assert believed(store) == (merged,)


def test_merged_rounds_keep_what_each_article_said_of_their_payers(store: Store) -> None:
    for n, (name, amount) in enumerate((("Amazon", 40), ("MGX", 110))):
        told = claim(name, amount, kind="round", stage="completed")
        later = prepared(told, number=n)
        dated = replace(later.article, published=DAY + timedelta(days=200 * n))
        take(replace(later, article=dated), store, outlet=None, now=DAY)
    first, second = [deal.id for deal in believed(store)]
    review.merge(store, first, second, LATER)
    (deal,) = believed(store)
    assert deal.payers == ("Amazon", "MGX")
    assert [p.claims[0].payers for p in store.ledger.postings()] == [("Amazon",), ("MGX",)]


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
    with pytest.raises(review.RefusedError, match="one deal already"):
        review.merge(store, deals[0], deals[0], LATER)
    assert change.fold(store.ledger.postings()) == before


def test_a_claim_keeps_its_id_through_verdicts(store: Store) -> None:
    take(prepared(claim("Amazon", 50), held=True), store, outlet=None, now=DAY)
    review.accept(store, [1], (), LATER)
    review.reject(store, [1], (), LATER + timedelta(hours=1))
    assert [row["id"] for row in store.db.query("SELECT id FROM claims")] == [1]
    assert labels(store) == ["new", "corrected"]
