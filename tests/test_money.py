"""Amounts: intervals, what they stand for, how they are written."""

import pytest

from pipelines.money import Amount, show

MD = 10**9


@pytest.mark.parametrize(
    ("amount", "low", "high"),
    [
        (Amount(50 * MD, 50 * MD), 49.45, 50.55),
        (Amount(10 * MD, 10 * MD, qualifier="about"), 9.5, 10.5),
        (Amount(None, 50 * MD, qualifier="up_to"), 45, 50.55),
        (Amount(None, 10 * MD, qualifier="less_than"), 9, 10.11),
        (Amount(20 * MD, None, qualifier="more_than"), 19.78, 22),
        (Amount(15 * MD, 25 * MD, qualifier="between"), 14.835, 25.275),
    ],
)
def test_a_statement_stands_for_a_span_of_values(amount: Amount, low: float, high: float) -> None:
    assert amount.span == (pytest.approx(low * MD), pytest.approx(high * MD))


@pytest.mark.parametrize(
    ("amount", "french", "english"),
    [
        (Amount(50 * MD, 50 * MD), "50\u00a0Md$", "$50bn"),
        (Amount(None, 50 * MD, qualifier="up_to"), "jusqu’à 50\u00a0Md$", "up to $50bn"),
        (Amount(6_600_000_000, 6_600_000_000, "EUR"), "6,6\u00a0Md€", "€6.6bn"),
        (Amount(20 * MD, None, qualifier="more_than"), "plus de 20\u00a0Md$", "more than $20bn"),
        (
            Amount(15 * MD, 25 * MD, qualifier="between"),
            "de 15\u00a0Md$ à 25\u00a0Md$",
            "$15bn to $25bn",
        ),
        (Amount(500 * 10**6, 500 * 10**6, "CHF"), "500\u00a0MCHF", "500m CHF"),
    ],
)
def test_an_amount_is_written_as_its_reader_would(
    amount: Amount, french: str, english: str
) -> None:
    assert (show(amount, "fr"), show(amount, "en")) == (french, english)


@pytest.mark.parametrize(("low", "high"), [(None, None), (2, 1)])
def test_an_amount_without_bounds_or_with_crossed_ones_is_refused(
    low: int | None, high: int | None
) -> None:
    with pytest.raises(ValueError, match="bound"):
        Amount(low, high)
