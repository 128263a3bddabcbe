"""Other currencies at the rate of the month (A8), from the series that CurrencyConverter ships.

The package holds the European Central Bank's daily series; nothing is fetched. It is loaded at the
first comparison of two currencies, never before: most ledgers only ever see dollars.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING

from pipelines.money import Amount

if TYPE_CHECKING:
    from currency_converter import CurrencyConverter  # type: ignore[import-untyped]

#: Units of currency for one US dollar: pegged since 1997 and 1986, not in the bank's series.
PEGS = {"AED": 3.6725, "SAR": 3.75}


@dataclass(frozen=True, slots=True)
class Rate:
    """What one unit is worth; `newest`: the month has none, the newest month's was taken."""

    value: float
    newest: bool


@cache
def _series() -> CurrencyConverter:
    from currency_converter import CurrencyConverter  # 0.5 s and 40 MB: only when needed

    return CurrencyConverter()


def _month(day: date) -> list[date]:
    first = day.replace(day=1)
    days = (first + timedelta(days=n) for n in range(31))
    return [d for d in days if d.month == first.month]


def _mean(currency: str, to: str, day: date) -> float | None:
    """Mean over the days of that month on which the bank gave a rate for both."""
    from currency_converter import RateNotFoundError

    series, values = _series(), []
    for each in _month(day):
        try:
            values.append(float(series.convert(1, currency, to, date=each)))
        except RateNotFoundError:
            continue  # a week-end, or the month is not in the series
    return sum(values) / len(values) if values else None


@cache
def _listed(currency: str, to: str, month: date) -> Rate | None:
    series = _series()
    known = series.currencies or set()
    if currency not in known or to not in known:
        return None
    value = _mean(currency, to, month)
    if value is not None:
        return Rate(value, newest=False)
    last = min(series.bounds[currency].last_date, series.bounds[to].last_date)
    value = _mean(currency, to, last)
    return None if value is None else Rate(value, newest=True)


def rate(currency: str, to: str, when: datetime) -> Rate | None:
    """Mean rate of the month of `when`; None when no series has the pair."""
    month = when.date().replace(day=1)
    source, target = ("USD" if c in PEGS else c for c in (currency, to))
    found = Rate(1.0, newest=False) if source == target else _listed(source, target, month)
    if found is None:
        return None
    return Rate(found.value * PEGS.get(to, 1.0) / PEGS.get(currency, 1.0), found.newest)


def note(amount: Amount, other: Amount, when: datetime) -> str:
    """What the rule of an outcome adds where two currencies were compared."""
    if amount.currency == other.currency:
        return ""
    found = rate(amount.currency, other.currency, when)
    if found is None:
        return f", no rate {amount.currency} {other.currency} (A8)"
    month = "newest month known" if found.newest else "month"
    return f", {amount.currency} at the {other.currency} rate of the {month} (A8)"


def convert(amount: Amount, to: str, when: datetime) -> Amount | None:
    """`amount` in another currency, marked `about`; None without a rate."""
    found = rate(amount.currency, to, when)
    if found is None:
        return None
    # "jusqu'à 50" stands for its bound: about that bound, the open end has no rate of its own
    low = round(amount.bottom * found.value)
    return Amount(low, round(amount.top * found.value), to, "about")
