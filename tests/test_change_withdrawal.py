"""What was told and is taken back, what faded, and the ids under which a deal was told."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from change_ledger import Ledger, posting
from change_stories import claim

from pipelines.change import Told, faded, fold, withdrawn
from pipelines.records import Posting

START = datetime(2026, 1, 5, 12, tzinfo=UTC)


def article(number: int, url: str, day: int, *claims: str) -> Posting:
    made = [claim(text)[0] for text in claims]
    return posting(number, f"https://{url}", START + timedelta(days=day), made, outlet=url)


def ledger(*postings: Posting) -> Ledger:
    made = Ledger()
    made.take_all(postings)
    return made


FIFTY = "Amazon -> OpenAI  50 Md$  talks  FT"
THIRTY = "Nvidia -> OpenAI  30 Md$  talks  FT"


def without(postings: list[Posting], number: int) -> list[Posting]:
    return [replace(p, claims=()) if p.article == number else p for p in postings]


def test_a_rejected_told_change_writes_one_corrected_and_no_second() -> None:
    book = ledger(article(0, "a/1", 0, FIFTY), article(1, "b/1", 1, THIRTY))
    (change,) = withdrawn(book.told, without(book.postings, 0))
    assert (change.label, change.alert, change.corrects) == ("corrected", True, 0)
    assert (change.deal, change.claims) == (book.told[0].change.deal, ())
    told = [*book.told, Told(9, "", START, change)]
    assert withdrawn(told, without(book.postings, 0)) == ()


def test_nothing_is_taken_back_while_nothing_changed() -> None:
    book = ledger(
        article(0, "a/1", 0, FIFTY),
        article(1, "b/1", 9, "Amazon -> OpenAI  50 Md$  announced  -"),
        article(2, "c/1", 19, "Amazon -> OpenAI  50 Md$  denied  WSJ"),
        article(3, "d/1", 29, "Amazon -> OpenAI  50 Md$  announced  -"),
    )
    assert [t.change.label for t in book.told] == ["new", "confirmed", "denied", "contradiction"]
    assert withdrawn(book.told, book.postings) == ()


def test_what_somebody_else_says_as_well_is_not_taken_back() -> None:
    book = ledger(article(0, "a/1", 0, FIFTY), article(1, "b/1", 1, FIFTY))
    assert withdrawn(book.told, without(book.postings, 0)) == ()


def test_a_confirmation_read_by_mistake_is_taken_back_though_the_rumour_stays() -> None:
    book = ledger(
        article(0, "a/1", 0, FIFTY), article(1, "b/1", 1, "Amazon -> OpenAI  50 Md$  announced  -")
    )
    reread = [book.postings[0], article(1, "b/1", 1, FIFTY)]
    (change,) = withdrawn(book.told, reread)
    assert change.corrects == 1
    assert change.after is not None
    assert change.after.certainty == "rumoured"


def test_a_rumour_that_nobody_repeated_for_three_weeks_is_quiet_once() -> None:
    book = ledger(article(0, "a/1", 0, FIFTY), article(1, "b/1", 20, THIRTY))
    assert faded(book.postings, book.told, START + timedelta(days=21)) == ()
    (change,) = faded(book.postings, book.told, START + timedelta(days=22))
    assert (change.label, change.article, change.after) == ("quiet", None, None)
    assert change.payers == ("Amazon",)
    told = [*book.told, Told(9, "", START + timedelta(days=22), change)]
    assert faded(book.postings, told, START + timedelta(days=30)) == ()


#: Rumours with the day that they name; START is 5 January.
BY_20 = "Amazon -> OpenAI  50 Md$  talks  FT  [due=2026-01-20]"
BY_31 = "Amazon -> OpenAI  50 Md$  talks  FT  [due=2026-01-31]"
OFFICIAL = "Amazon -> OpenAI  50 Md$  announced  -"
PASSED = "A17 its date has passed"


def quiet_after(days: int, *told: Posting) -> list[str]:
    """The rules by which the rumours of these articles have faded so many days after START."""
    book = ledger(*told)
    return [c.rule for c in faded(book.postings, book.told, START + timedelta(days=days))]


def test_a_rumour_is_quiet_once_the_day_that_it_named_is_over() -> None:
    told = article(0, "a/1", 0, BY_20)
    assert quiet_after(15, told) == []  # the day itself
    assert quiet_after(16, told) == [PASSED]


def test_what_was_quiet_on_its_day_is_not_quiet_again_for_its_silence() -> None:
    book = ledger(article(0, "a/1", 0, BY_20))
    (change,) = faded(book.postings, book.told, START + timedelta(days=16))
    told = [*book.told, Told(9, "", START + timedelta(days=16), change)]
    assert faded(book.postings, told, START + timedelta(days=40)) == ()


@pytest.mark.parametrize(
    ("days", "second", "rules"),
    [
        (20, OFFICIAL, []),  # settled in time
        (20, "Amazon -> OpenAI  50 Md$  denied  -", []),
        (20, BY_31, []),  # the later day counts
        (27, BY_31, [PASSED]),
        (20, "Amazon -> OpenAI  50 Md$  talks  WSJ", [PASSED]),  # repeated without a day
        (20, "Amazon -> OpenAI  50 Md$  talks  WSJ  [due=2026-01-12]", [PASSED]),  # an earlier one
        (15, "Amazon -> OpenAI  50 Md$  talks  WSJ  [due=2026-01-12]", []),
        (20, "Amazon -> OpenAI  60 Md$  talks  WSJ", [PASSED]),  # a figure moves, the day stays
        (20, "Amazon -> OpenAI  50 Md$  talks  -  [background due=2026-01-31]", [PASSED]),
    ],
)
def test_the_day_that_a_rumour_names_holds_until_a_later_one_is_named(
    days: int, second: str, rules: list[str]
) -> None:
    told = article(0, "a/1", 0, BY_20), article(1, "b/1", 10, second)
    assert quiet_after(days, *told) == rules
    assert quiet_after(days, *reversed(told)) == rules


def test_a_day_that_was_over_when_the_rumour_was_last_told_says_nothing() -> None:
    late = article(1, "b/1", 18, FIFTY)
    assert quiet_after(30, article(0, "a/1", 0, BY_20), late) == []
    assert quiet_after(40, article(0, "a/1", 0, BY_20), late) == ["A17 nobody repeated it"]
    past = article(0, "a/1", 0, "Amazon -> OpenAI  50 Md$  talks  FT  [due=2026-01-03]")
    assert quiet_after(10, past) == []


def test_a_page_that_puts_its_day_off_puts_the_silence_off() -> None:
    told = article(0, "a/1", 0, BY_20), article(1, "a/1", 12, BY_31)
    assert quiet_after(20, *told) == []
    assert quiet_after(22, *told) == ["A17 nobody repeated it"]


def test_what_a_weak_outlet_or_an_isolated_figure_names_is_no_day_of_the_deal() -> None:
    satire = replace(article(1, "b/1", 10, BY_31), satire=True)
    assert quiet_after(20, article(0, "a/1", 0, BY_20), satire) == [PASSED]


def test_a_deal_whose_first_claim_is_found_late_keeps_its_former_id() -> None:
    book = ledger(article(1, "b/1", 1, FIFTY))
    (told,) = fold(book.postings)
    book.take(article(0, "a/1", 0, FIFTY))
    outcomes = [t.change for t in book.told]
    (deal,) = fold(book.postings, outcomes)
    assert deal.id != told.id
    assert deal.aliases == (told.id,)
    assert fold(book.postings)[0].aliases == ()  # the state itself does not know how it was told


def test_deals_that_become_one_keep_both_ids() -> None:
    book = ledger(
        article(1, "b/1", 1, "Amazon -> OpenAI  50 Md$  talks  FT"),
        article(2, "c/1", 140, "Amazon -> OpenAI  70 Md$  talks  FT"),
    )
    assert len(fold(book.postings)) == 2  # gone cold
    book.take(article(3, "d/1", 70, "Amazon -> OpenAI  50 Md$  talks  FT"))
    (deal,) = fold(book.postings, [t.change for t in book.told])
    assert len(deal.aliases) == 1
    assert {deal.id, *deal.aliases} == {t.change.deal for t in book.told}
