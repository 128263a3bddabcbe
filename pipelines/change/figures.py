"""Comparing figures: spans, same figure, up or down (RULES 1, A8, A12)."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pipelines.change.rates import convert
from pipelines.money import SAME_FIGURE, Amount

#: A confirmed other amount is still the same deal within this ratio (110 -> 122, not 41 -> 110).
SAME_DEAL = (0.8, 1.25)
#: A sum of lines may miss the stated total by this share: lines are rounded one by one.
SUM_SLACK = 0.05
#: From this factor on, or its inverse, one voice against two looks like a slip of the pen (A14).
ISOLATED = 3
#: "billion" is a milliard in English and a thousand of them in French; millions are a thousandth.
SCALE = 1_000

Direction = Literal["amount_up", "amount_down"]


def alike(amount: Amount, other: Amount, when: datetime) -> Amount | None:
    """`amount` in the currency of `other`; None when there is no rate."""
    if amount.currency == other.currency:
        return amount
    return convert(amount, other.currency, when)


def compatible(amount: Amount, other: Amount, when: datetime) -> bool:
    """Whether both may be one figure: their spans meet.

    Two plain figures are allowed 1.1 % in all, not on both sides: 120 -> 122 is news (A12).
    """
    same = alike(amount, other, when)
    if same is None:
        return False
    if same.qualifier == other.qualifier == "exact":
        return abs(same.top - other.top) <= SAME_FIGURE * max(same.top, other.top)
    (low, high), (bottom, top) = same.span, other.span
    return low <= top and bottom <= high


def same_figure(amount: Amount, other: Amount, when: datetime) -> bool:
    """Whether tops agree within 1.1 %: how a superseded value is known again."""
    if amount.currency != other.currency:
        return compatible(amount, other, when)
    return abs(amount.top - other.top) <= SAME_FIGURE * max(amount.top, other.top)


def apart_in_text(amount: Amount, other: Amount, when: datetime) -> bool:
    """Whether one text means two figures: there the plain figures are compared (A12).

    "environ 750" and "jusqu'à 830" of two sources are two figures, although their spans meet.
    """
    same = alike(amount, other, when)
    if same is None:
        return False
    slack = SAME_FIGURE * max(same.top, other.top)
    return same.bottom > other.top + slack or other.bottom > same.top + slack


def direction(amount: Amount, before: Amount, when: datetime) -> Direction:
    """Up when the span lies entirely above; where they overlap in part, tops decide."""
    same = alike(amount, before, when) or amount
    (low, high), (bottom, top) = same.span, before.span
    if low > top:
        return "amount_up"
    if high < bottom:
        return "amount_down"
    return "amount_up" if same.top > before.top else "amount_down"


def ratio(amount: Amount, before: Amount, when: datetime) -> float:
    """How many times `before` it is, by tops; 0 when there is no rate."""
    same = alike(amount, before, when)
    return same.top / before.top if same and before.top else 0.0


def same_deal(amount: Amount, before: Amount, when: datetime) -> bool:
    """Whether a confirmed other amount can be the deal that was confirmed at `before`."""
    least, most = SAME_DEAL
    return least <= ratio(amount, before, when) <= most


def isolated(amount: Amount, before: Amount, when: datetime) -> bool:
    """Whether it is at least three times, or at most a third, of what others say."""
    times = ratio(amount, before, when)
    return times >= ISOLATED or 0 < times <= 1 / ISOLATED


def misscaled(amount: Amount, before: Amount, when: datetime) -> bool:
    """Whether it is the same number with the next unit: billions taken for milliards (A14)."""
    same = alike(amount, before, when)
    if same is None:
        return False
    return compatible(same, _times(before, SCALE), when) or compatible(
        _times(same, SCALE), before, when
    )


def _times(amount: Amount, factor: int) -> Amount:
    low = None if amount.low is None else amount.low * factor
    high = None if amount.high is None else amount.high * factor
    return Amount(low, high, amount.currency, amount.qualifier)


def adds_up(total: Amount, lines: list[Amount], when: datetime) -> bool:
    """Whether the lines make the total, within 5 %."""
    tops = [alike(line, total, when) for line in lines]
    known = [line.top for line in tops if line is not None]
    if len(known) < len(lines) or not known:
        return False
    return abs(sum(known) - total.top) <= SUM_SLACK * total.top


def shifted(amount: Amount, size: Amount, sign: Literal[1, -1]) -> Amount | None:
    """`amount` with a round added (pre-money to post-money) or taken off; None when none is left.

    Never across currencies: 260 dollars and 300 euros are no pair (A8).
    """
    if amount.currency != size.currency:
        return None
    step = sign * size.top
    low = None if amount.low is None else amount.low + step
    high = None if amount.high is None else amount.high + step
    if min(v for v in (low, high) if v is not None) <= 0:
        return None
    return Amount(low, high, amount.currency, amount.qualifier)
