"""Sums of money in a text: value, currency, qualifier and span.

Three kinds are found: sums with a scale or a currency ("6,6 Mds", "un milliard d'euros"), ranges of
them, and *bare* numbers that borrow scale and currency from a neighbour ("30 pour Nvidia, 20 pour
Amazon"). A bare number is only a candidate; whether it is money depends on what governs it.
"""

from __future__ import annotations

from dataclasses import field
from typing import Any

from pipelines.claims import bare, numerals
from pipelines.claims.record import record, replace
from pipelines.claims.tokens import Reading, Sentence
from pipelines.money import QUALIFIERS, Amount, Qualifier


@record
class Sum:
    """One sum as written. `left` is where its qualifier begins, `right` where it ends."""

    first: int
    last: int
    left: int
    right: int
    low: float | None
    high: float | None
    currency: str | None  # None: not said here
    qualifier: Qualifier
    bare: bool = False
    conversion_of: int | None = None  # first token of the sum that this one converts
    #: The upper bound, or the only one.
    top: float = field(init=False)

    def __post_init__(self) -> None:
        top = self.high if self.high is not None else (self.low or 0)
        own: Any = self  # frozen to mypy alone, see record.py
        own.top = top

    def amount(self, currency: str) -> Amount:
        """The record; `currency` where the text leaves it to its context."""
        low = None if self.low is None else round(self.low)
        high = None if self.high is None else round(self.high)
        return Amount(low, high, self.currency or currency, self.qualifier)


#: Counted by the million, paid for by the billion.
_GOODS = frozenset("puces processeurs gpu tpu cartes serveurs titres actions".split())
#: Before a sum that buys what is counted: "pour 700 millions de titres".
_BOUGHT = frozenset(("pour", "contre", "moyennant"))
#: Nouns that only say that a sum follows.
_MEASURES = frozenset("somme montant total niveau chiffre seuil".split())
#: Between coordinated figures: "de 5 et de 10 milliards", "jusqu'à 5 et jusqu'à 10 milliards".
_JOINING = frozenset((",", "et", "puis", "ou", "à", "de", "jusqu'"))
#: Between a sum and the same one in another currency: "un milliard de dollars, soit 890 millions
#: d'euros".
_AGAIN = frozenset((",", "soit", "ou", "–"))
#: How many tokens may say what a sum is made of before the parenthesis that converts it.
_OF_WHAT = 3
#: How many words open such a parenthesis before the figure, and where it ends at the latest; one
#: that begins with the figure may go on: "(6,8 milliards de dollars, 5,9 milliards d'euros, ...)".
_BEFORE_FIGURE, _ASIDE, _LONG_ASIDE = 3, 6, 30
#: What opens a parenthesis on another sum.
_OTHERS = frozenset(("dont", "et", "contre", "plus", "avec", "après"))
#: Between a qualifier and its figure: "environ les 5 milliards", "proche des 5".
_PASSED = frozenset("les la le des ces à de d'".split())
#: Between a qualifier and its figure: "pourront atteindre respectivement 5 et 10".
_SKIPPED = frozenset(("respectivement", "«", '"'))


def find(reading: Reading, sentence: Sentence) -> list[Sum]:
    """Sums of one sentence, in order."""
    numbers = numerals.numbers(reading, sentence)
    if not numbers:
        return []
    out: list[Sum] = []
    k = 0
    while k < len(numbers):
        found, used = _sum_at(reading, sentence, numbers, k)
        if found is not None:
            out.append(found)
        k += used
    return _settle(reading, sentence, out)


def _sum_at(
    reading: Reading, sentence: Sentence, numbers: list[numerals.Number], k: int
) -> tuple[Sum | None, int]:
    """The sum that begins with number `k`, and how many numbers it uses."""
    number = numbers[k]
    end, scale, currency = numerals.tail(reading, sentence, number)
    ranged = _range(reading, sentence, numbers, k, end)
    if ranged is not None:
        return _qualified(reading, sentence, ranged), 2
    first = number.first
    lead = _lead(reading, sentence, first)
    if lead is not None:
        first, currency = lead[0], currency or lead[1]
    if scale is None and currency is None:
        if not bare.stands(reading, sentence, number):
            return None, 1
        return _qualified(reading, sentence, _borrowing(number)), 1
    counted = _counts_things(reading, sentence, (first, end), scale, currency)
    if counted or bare.differs(reading.low, first, end):
        return None, 1
    if scale is None and number.word and number.value == 1 and not number.about:
        return None, 1  # "un dollar", "un euro"
    value = number.value * (scale or 1)
    used = 1
    rest = numbers[k + 1] if k + 1 < len(numbers) else None
    if scale is not None and rest is not None and rest.first == end:
        added = _remainder(reading, sentence, rest, scale)
        if added is not None:
            value, end, currency, used = value + added[0], added[1], added[2], 2
    qualifier: Qualifier = "about" if number.about else "exact"
    found = Sum(first, end, first, end, value, value, currency, qualifier)
    return _qualified(reading, sentence, found), used


def _counts_things(
    reading: Reading,
    sentence: Sentence,
    span: tuple[int, int],
    scale: float | None,
    currency: str | None,
) -> bool:
    """ "700 millions d'utilisateurs", "un million de TPU": no money; "pour 700 millions de
    titres" and "2 milliards de fonds propres" are."""
    low, (first, end) = reading.low, span
    if currency is not None or scale is None or end + 1 >= sentence.last:
        return False
    if low[end] not in ("de", "d'"):
        return False
    noun = low[end + 1]
    if noun in _GOODS:
        bought = first > sentence.first and low[first - 1] in _BOUGHT
        return scale < 1e9 and not bought
    if noun == "fonds" and low[end + 2 : end + 3] == ["propres"]:
        return False
    table = numerals.tables()
    return noun in table.not_money and noun not in table.units and noun not in table.months


def _remainder(
    reading: Reading, sentence: Sentence, rest: numerals.Number, scale: float
) -> tuple[float, int, str | None] | None:
    """ "un milliard deux cents millions", "un milliard deux": what the second number adds."""
    end, smaller, currency = numerals.tail(reading, sentence, rest)
    if smaller is not None and smaller < scale:
        return rest.value * smaller, end, currency
    spoken = rest.word and smaller is None and 1 < rest.value < 1000
    spoken = spoken and reading.low[end - 1] not in ("un", "une")
    if spoken and (end >= sentence.last or not reading.low[end].isalpha() or currency):
        part = 10 if rest.value < 10 else 1000  # "un milliard deux", "un milliard cinquante"
        return rest.value * scale / part, end, currency
    return None


def _lead(reading: Reading, sentence: Sentence, first: int) -> tuple[int, str] | None:
    """Currency before the number: "$1.000 mds", "US$ 10 milliards"."""
    low, table = reading.low, numerals.tables()
    i = first - 1
    if i < sentence.first or low[i] not in table.signs:
        return None
    currency = table.signs[low[i]]
    if i - 1 >= sentence.first and low[i - 1] in table.lead and reading.near(i):
        i -= 1
    if i - 1 >= sentence.first and low[i - 1][0].isdigit():
        return None
    return i, currency


def _range(
    reading: Reading, sentence: Sentence, numbers: list[numerals.Number], k: int, end: int
) -> Sum | None:
    """ "entre 15 et 25 milliards", "de 3 à 5 milliards", "15 à 25 Md$", "30-40 milliards"."""
    if k + 1 >= len(numbers):
        return None
    low, one, two = reading.low, numbers[k], numbers[k + 1]
    joint = low[end : two.first]
    before = low[one.first - 1] if one.first > sentence.first else ""
    # "de quelque 15 à 25", "entre 500 millions et un milliard"
    if joint in (["et"], ["et", "les"]) and before != "entre":
        return None
    if joint not in (["et"], ["à"], ["-"], ["–"], ["et", "les"]):
        return None
    if joint == ["à"] and before == "de" and moves(reading, sentence, one.first - 1):
        return None
    end_two, scale_two, currency = numerals.tail(reading, sentence, two)
    if scale_two is None and currency is None:
        return None
    _, scale_one, currency_one = numerals.tail(reading, sentence, one)
    if joint in (["-"], ["–"]) and scale_one is not None:
        return None
    low_value = one.value * (scale_one or scale_two or 1)
    high_value = two.value * (scale_two or 1)
    if low_value >= high_value:
        return None
    same, both = scale_one == scale_two, scale_one is not None
    wide = high_value >= (_PRICED if same else _PRICED_APART) * low_value
    if joint == ["à"] and wide and (same or both):
        return None
    first = one.first
    lead = _lead(reading, sentence, first)
    if lead is not None:
        first, currency = lead[0], currency or lead[1]
    found = Sum(
        first, end_two, first, end_two, low_value, high_value, currency or currency_one, "between"
    )
    return found


#: "Un tour d'un milliard à 22 milliards" is a round and its price: no range of two figures that
#: each have their unit is so wide; of millions and billions some are wider.
_PRICED, _PRICED_APART = 4, 8


def moves(reading: Reading, sentence: Sentence, i: int) -> bool:
    """Whether the "de" at `i` opens "from one figure to another" (its verb stands close before)."""
    back = reading.low[max(sentence.first, i - 6) : i]
    return any(word in numerals.tables().moves for word in back)


def _borrowing(number: numerals.Number) -> Sum:
    """A bare number as a sum whose scale is still to be lent."""
    first, last, value = number.first, number.last, number.value
    qualifier: Qualifier = "about" if number.about else "exact"
    return Sum(first, last, first, last, value, value, None, qualifier, bare=True)


def _qualified(reading: Reading, sentence: Sentence, found: Sum) -> Sum:
    """`found` with the qualifier that stands before or after it."""
    low, table = reading.low, numerals.tables()
    start = found.first
    while start > sentence.first and low[start - 1] in _SKIPPED:
        start -= 1
    hit = table.before.before(low, start, sentence.first)
    if hit is None and (noun := _before_measure(reading, sentence, start)) != start:
        start = noun
        hit = table.before.before(low, start, sentence.first)
    if hit is None and start > sentence.first and low[start - 1] in _PASSED:
        hit = table.before.before(low, start - 1, sentence.first)
    right = table.after.at(low, found.last, sentence.last) if found.last < sentence.last else None
    name = hit.value if hit else None
    left_end = hit.first if hit else start
    right_end = found.last
    if right is not None and (name is None or right.value in ("more_than", "up_to")):
        name, right_end = right.value, right.last
    if (left_end, right_end) != (found.left, found.right):
        found = replace(found, left=left_end, right=right_end)
    return found if name is None else _apply(found, _qualifier(name))


def _before_measure(reading: Reading, sentence: Sentence, start: int) -> int:
    """ "pourrait atteindre la somme astronomique de 60 milliards": the qualifier stands before."""
    low = reading.low
    if start - 3 < sentence.first or low[start - 1] not in ("de", "d'"):
        return start
    for noun in (start - 2, start - 3):
        if low[noun] in _MEASURES and low[noun - 1] in ("la", "le", "un", "une", "l'"):
            return noun - 1
    return start


def _qualifier(name: str) -> Qualifier:
    for qualifier in QUALIFIERS:
        if qualifier == name:
            return qualifier
    raise ValueError(f"not a qualifier: {name}")


def _apply(found: Sum, qualifier: Qualifier) -> Sum:
    if found.qualifier == "between":
        return found
    match qualifier:
        case "up_to" | "less_than":
            return replace(found, low=None, qualifier=qualifier)
        case "more_than":
            return replace(found, high=None, qualifier=qualifier)
        case "about":
            return replace(found, qualifier="about")
        case "exact" | "between":
            return found


def _settle(reading: Reading, sentence: Sentence, found: list[Sum]) -> list[Sum]:
    """Mark conversions in parentheses; lend scale and currency inside the sentence."""
    if len(found) < 2:
        return [_named(reading, sentence, one) for one in found]
    out: list[Sum] = []
    for one in found:
        previous = out[-1] if out else None
        if previous is not None and not one.bare and _converts(reading, previous, one):
            out.append(replace(one, conversion_of=previous.first))
        else:
            out.append(one)
    return _alike(reading, _lend(reading, [_named(reading, sentence, s) for s in out]))


def _named(reading: Reading, sentence: Sentence, one: Sum) -> Sum:
    """`one` with a currency that stands apart: "3 milliards en francs suisses", "une tranche en
    euros, de 500 millions"."""
    if one.currency is not None or one.bare:
        return one
    low, table = reading.low, numerals.tables()
    if low[one.last : one.last + 1] == ["en"]:
        _, said = numerals.currency_at(reading, sentence, one.last + 1)
        return replace(one, currency=said)
    before = low[sentence.first : max(one.left - 1, sentence.first)]
    if "en" not in before or not table.scales.keys().isdisjoint(before):
        return one  # the words before say nothing of currency, or belong to another sum
    for i in range(sentence.first, one.left - 1):
        if low[i] == "en" and low[i + 1] in table.units:
            return replace(one, currency=numerals.currency_at(reading, sentence, i + 1)[1])
    return one


def _converts(reading: Reading, one: Sum, two: Sum) -> bool:
    between = reading.low[one.right : two.left]
    if one.conversion_of is not None and ")" not in between and len(between) <= 3:
        return two.currency not in (None, one.currency)
    if between and two.currency is not None and _AGAIN >= set(between) > {","}:
        return one.currency not in (None, two.currency)
    if "(" not in between or ")" in between or two.currency in (None, one.currency):
        return False
    opening = between.index("(")  # "576 milliards de yens d'obligations (3 milliards d'euros)"
    if opening and not (opening <= _OF_WHAT and between[0] in ("de", "d'") and one.currency):
        return False
    said = between[opening + 1 :]
    if len(said) > _BEFORE_FIGURE or not _OTHERS.isdisjoint(said):
        return False
    whole = not said and reading.low[two.right : two.right + 1] == [","]
    reach = _LONG_ASIDE if whole else _ASIDE
    return ")" in reading.low[two.last : two.last + reach]


def _lend(reading: Reading, found: list[Sum]) -> list[Sum]:
    """Scale and currency of bare numbers, from the left or else from a coordinated right side."""
    out = list(found)
    for k, one in enumerate(out):
        if not one.bare:
            continue
        right = next((s for s in out[k + 1 : k + 4] if not s.bare), None)
        left = next((s for s in reversed(out[:k]) if not s.bare and s.conversion_of is None), None)
        lender = left
        if right is not None and bare.part_of(reading, one.last, right.first):
            scale = scale_of(right)
            part = scale if one.top * scale <= right.top else scale / 1000
            out[k] = scaled(one, part, right.currency)
            continue
        if right is not None and _coordinated(reading, one, right):
            lender = right
        if lender is None:
            continue
        out[k] = scaled(one, scale_of(lender), lender.currency)
    return out


def _alike(reading: Reading, found: list[Sum]) -> list[Sum]:
    """Coordinated figures share the qualifier of the first: "jusqu'à 40 et 25 milliards"."""
    out = list(found)
    for k in range(1, len(out)):
        one, two = out[k - 1], out[k]
        if (
            one.bare
            and two.qualifier == "exact"
            and one.qualifier in ("up_to", "about", "more_than")
        ) and reading.low[one.last : two.first] in (["et"], [","]):
            out[k] = _apply(two, one.qualifier)
    return out


def _coordinated(reading: Reading, one: Sum, two: Sum) -> bool:
    """ "5 et 10 milliards", "500, 300 et 250 millions"."""
    gap = reading.low[one.last : two.first]
    return len(gap) <= 8 and all(w in _JOINING or w.isdigit() for w in gap)


def scale_of(lender: Sum) -> float:
    """Scale that a sum lends to bare numbers beside it."""
    value = lender.top
    for scale in (1e9, 1e6, 1e3):
        if value >= scale:
            return scale
    return 1.0


def scaled(one: Sum, scale: float, currency: str | None) -> Sum:
    """A bare sum with borrowed scale and currency."""
    return replace(
        one,
        low=None if one.low is None else one.low * scale,
        high=None if one.high is None else one.high * scale,
        currency=one.currency or currency,
    )
