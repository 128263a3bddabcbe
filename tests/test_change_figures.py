"""Comparing figures, as RULES 1 and the amendments A8 and A12 want it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from change_ledger import Ledger, posting
from change_stories import amount, claim

from pipelines.change.figures import apart_in_text, compatible, direction, same_figure
from pipelines.change.rates import convert, rate

WHEN = datetime(2026, 1, 15, tzinfo=UTC)
#: After the last month of any series that ships with the package today.
LATER = datetime(2090, 1, 15, tzinfo=UTC)


@pytest.mark.parametrize(
    ("one", "other", "meet"),
    [
        ("15 to 25 Md$", "up_to 25 Md$", True),
        ("15 to 25 Md$", "20 Md$", True),
        ("more_than 100 Md$", "110 Md$", True),
        ("more_than 20 Md$", "up_to 50 Md$", False),  # an open interval is not taken literally
        ("40 Md$", "41 Md$", False),
        ("120 Md$", "122 Md$", False),  # 1.1 % in all (A12)
        ("120 Md$", "121 Md$", True),
        ("about 750 Md$", "up_to 830 Md$", True),
        ("less_than 10 Md$", "up_to 10 Md$", True),
        ("1 Md€", "1.17 Md$", True),
        ("1 Md€", "1 Md$", False),
        ("18.36 MdAED", "5 Md$", True),
        ("5 MdXAU", "5 Md$", False),  # no rate: never compatible
    ],
)
def test_figures_are_compatible_when_their_spans_meet(one: str, other: str, meet: bool) -> None:
    assert compatible(amount(one), amount(other), WHEN) is meet
    assert compatible(amount(other), amount(one), WHEN) is meet


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("15 to 25 Md$", "up_to 25 Md$", True),
        ("15 to 25 Md$", "22.5 Md$", False),
        ("more_than 25 Md$", "25 Md$", True),
    ],
)
def test_an_outdated_figure_is_known_again_by_its_top(one: str, other: str, same: bool) -> None:
    assert same_figure(amount(one), amount(other), WHEN) is same


@pytest.mark.parametrize(
    ("one", "other", "apart"),
    [
        ("about 750 Md$", "up_to 830 Md$", True),
        ("15 to 25 Md$", "20 Md$", False),
        ("100 Md$", "more_than 100 Md$", False),
    ],
)
def test_inside_a_text_plain_figures_are_compared(one: str, other: str, apart: bool) -> None:
    assert apart_in_text(amount(one), amount(other), WHEN) is apart


@pytest.mark.parametrize(
    ("new", "old", "way"),
    [
        ("up_to 50 Md$", "more_than 20 Md$", "amount_up"),
        ("30 Md$", "50 Md$", "amount_down"),
        ("15 to 25 Md$", "20 to 40 Md$", "amount_down"),  # they overlap: tops decide
        ("1.7 Md$", "1.7 Md€", "amount_down"),
    ],
)
def test_up_is_above_and_down_is_below(new: str, old: str, way: str) -> None:
    assert direction(amount(new), amount(old), WHEN) == way


def test_a_converted_figure_is_marked_about() -> None:
    made = convert(amount("up_to 1 Md€"), "USD", WHEN)
    assert made is not None
    assert (made.currency, made.qualifier) == ("USD", "about")


def test_a_peg_needs_no_series() -> None:
    found = rate("SAR", "USD", LATER)
    assert found is not None
    assert (round(found.value, 4), found.newest) == (0.2667, False)


def test_a_missing_month_takes_the_newest_one_and_says_so() -> None:
    known, later = rate("EUR", "USD", WHEN), rate("EUR", "USD", LATER)
    assert known is not None
    assert later is not None
    assert (known.newest, later.newest) == (False, True)


def test_the_rule_of_an_outcome_names_the_rate() -> None:
    ledger = Ledger()
    first, second = (
        posting(n, f"https://{n}", WHEN.replace(day=15 + n), [claim(text)[0]])
        for n, text in enumerate(
            ("round Mistral AI  1.7 Md€  talks  -", "round Mistral AI  2 Md$  talks  -")
        )
    )
    ledger.take(first)
    (change,) = ledger.take(second)
    assert change.rule == "A: rumoured, rumoured, USD at the EUR rate of the month (A8)"
