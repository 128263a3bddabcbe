"""Sums of money in a text: value, currency, qualifier and span.

Three kinds are found: sums with a scale or a currency ("6,6 Mds", "un milliard d'euros"), ranges of
them, and *bare* numbers that borrow scale and currency from a neighbour ("30 pour Nvidia, 20 pour
Amazon"). A bare number is only a candidate; whether it is money depends on what governs it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache

from pipelines.claims import lexicon
from pipelines.claims.tokens import Reading, Sentence
from pipelines.money import QUALIFIERS, Amount, Qualifier

#: Years are no sums: a bare number of this range is a date.
_YEARS = range(1900, 2101)


@dataclass(frozen=True, slots=True)
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

    @property
    def top(self) -> float:
        """The upper bound, or the only one."""
        return self.high if self.high is not None else (self.low or 0)

    def amount(self, currency: str) -> Amount:
        """The record; `currency` where the text leaves it to its context."""
        low = None if self.low is None else round(self.low)
        high = None if self.high is None else round(self.high)
        return Amount(low, high, self.currency or currency, self.qualifier)


@dataclass(frozen=True, slots=True)
class _Number:
    first: int
    last: int
    value: float
    about: bool = False
    word: bool = False


#: Right after a name a smaller number belongs to the name: "Colossus 2".
_LEAST_AFTER_NAME = 10
#: A bare number from here on counts things: nobody leaves out the scale of "8 000".
_LARGEST_BARE = 2000
#: What may follow a spelled number that stands for money: "deux chez Synopsys", "cinq, puis vingt".
_AFTER_WORD = frozenset(
    ", . ; ) : pour chez autres immédiatement tout à au puis en restants maintenant dans".split()
)
#: Before these a spelled number counts people or turns.
_COUNTED_BEFORE = frozenset(
    "les ces eux elles des leurs nos tous toutes en entre par vers des".split()
)
#: Before these a figure is a label.
_NUMBERED = frozenset(
    "paragraphe paragraphes page pages article articles numéro n° version série chapitre acte étape question vers mi le".split()
)


#: Counted by the million, paid for by the billion.
_GOODS = frozenset("puces processeurs gpu tpu cartes serveurs titres actions".split())
#: Between a number and its scale: "trois bons milliards".
_SIZED = frozenset(
    "petit petite petits bon bonne bons gros grosse beau beaux joli jolis premiers derniers".split()
)
#: Between a qualifier and its figure: "pourront atteindre respectivement 5 et 10".
_SKIPPED = frozenset(("respectivement", "«", '"'))


class _Words:
    """The tables of words/amounts.toml."""

    def __init__(self) -> None:
        table = lexicon.words("amounts")
        self.numbers: dict[str, float] = table["numbers"]
        self.collectives: dict[str, float] = table["collectives"]
        self.scales: dict[str, float] = table["scales"]
        self.short: dict[str, float] = table["short_scales"]
        self.signs: dict[str, str] = table["signs"]
        self.units: dict[str, str] = table["units"]
        self.lead = frozenset(table["lead"]["codes"])
        self.dollars: dict[str, str] = table["dollars"]
        self.plain = frozenset(table["plain"]["words"])
        self.before = lexicon.phrases(table["before"])
        self.after = lexicon.phrases(table["after"])
        self.not_money = frozenset(table["not_money"]["words"])


@cache
def _words() -> _Words:
    return _Words()


def find(reading: Reading, sentence: Sentence) -> list[Sum]:
    """Sums of one sentence, in order."""
    numbers = _numbers(reading, sentence)
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


def _numbers(reading: Reading, sentence: Sentence) -> list[_Number]:
    low, table = reading.low, _words()
    out: list[_Number] = []
    i = sentence.first
    while i < sentence.last:
        word = low[i]
        number = None
        if word[0].isdigit():
            number = _digits(reading, i)
        elif word in table.numbers:
            number = _spelled(reading, sentence, i)
        elif word in table.collectives or word in ("demi", "demie"):
            number = _collective(reading, i)
        elif word in ("le", "du", "au") and i + 1 < sentence.last:
            if low[i + 1] in ("milliard", "million"):
                number = _Number(i, i + 1, 1, word=True)  # "le milliard de Microsoft"
        elif word == "quarts" and i > sentence.first and low[i - 1] == "trois":
            number = _Number(i - 1, i + 1, 0.75, word=True)
            if out and out[-1].first == i - 1:
                out.pop()
        if number is None:
            i += 1
            continue
        out.append(number)
        i = number.last
    return out


def _digits(reading: Reading, i: int) -> _Number | None:
    word = reading.low[i]
    if reading.near(i) and reading.low[i - 1][-1].isalpha() and len(reading.low[i - 1]) > 1:
        return None  # GB300, H100
    for space in (" ", "'"):
        word = word.replace(space, "")
    whole, _, rest = word.partition(".")
    if rest and len(rest.split(",")[0]) == 3 and whole != "0":
        word = whole + rest
    try:
        return _Number(
            i, i + 1, float(word.replace(".", "", word.count(".") - 1).replace(",", "."))
        )
    except ValueError:
        return None


def _spelled(reading: Reading, sentence: Sentence, i: int) -> _Number | None:
    """Number in words: "vingt-cinq", "deux cents", "un demi", "une dizaine"."""
    low, table = reading.low, _words()
    if low[i] in ("un", "une") and i + 1 < sentence.last:
        j = i + 2 if low[i + 1] in _SIZED else i + 1
        after = low[j] if j < sentence.last else ""
        if after == "demi" and low[j + 1 : j + 2] == ["-"] and low[j + 2] in table.collectives:
            return _Number(i, j + 3, table.collectives[low[j + 2]] / 2, about=True, word=True)
        if after in ("quart", "tiers"):
            return _Number(i, j + 1, 0.25 if after == "quart" else 1 / 3, word=True)
        if after in table.collectives:
            return _Number(i, j + 1, table.collectives[after], about=True, word=True)
        if after == "demi":
            k = j + 2 if j + 1 < sentence.last and low[j + 1] == "-" else j + 1
            return _Number(i, k, 0.5, word=True)
        if after in table.scales and j > i + 1:
            return _Number(i, j, 1, word=True)  # "un bon milliard"
        if after not in table.numbers and after not in table.scales and after != "virgule":
            return None  # an article
    total = group = 0.0
    j = i
    while j < sentence.last:
        word = low[j]
        if word in ("-", "et") and j + 1 < sentence.last and low[j + 1] in table.numbers:
            if word == "et" and low[j + 1] not in ("un", "une", "onze"):
                break
            j += 1
            continue
        value = table.numbers.get(word)
        if value is None:
            break
        if value == 1000:
            total, group = total + max(group, 1) * 1000, 0
        elif value == 100:
            group = max(group, 1) * 100
        elif value == 20 and group % 100 == 4:
            group += 76  # quatre-vingts
        else:
            group += value
        j += 1
    value = total + group
    if j + 1 < sentence.last and low[j] == "virgule" and low[j + 1] in table.numbers:
        rest = int(table.numbers[low[j + 1]])
        return _Number(i, j + 2, value + rest / 10 ** len(str(rest)), word=True)
    return _Number(i, j, value, word=True)


def _collective(reading: Reading, i: int) -> _Number | None:
    """ "demi-milliard" or "quinzaine" after another article than "une"."""
    low, table = reading.low, _words()
    if low[i] in ("demi", "demie"):
        after = i + 2 if i + 1 < len(low) and low[i + 1] == "-" else i + 1
        if after < len(low) and low[after] in table.scales:
            return _Number(i, after, 0.5, word=True)
        return None
    if i and low[i - 1] in ("la", "cette", "petite", "bonne"):
        return _Number(i, i + 1, table.collectives[low[i]], about=True, word=True)
    return None


def _tail(
    reading: Reading, sentence: Sentence, number: _Number
) -> tuple[int, float | None, str | None]:
    """End, scale and currency of what follows a number; scale None for none."""
    low, table = reading.low, _words()
    i, stop = number.last, sentence.last
    scale: float | None = None
    if i < stop and low[i] in _SIZED and number.word:
        i += 1
    if i < stop and low[i] in ("de", "d'") and (number.about or number.value < 1):
        if i + 1 < stop and low[i + 1] in table.scales:
            i += 1
    if i < stop and low[i] in table.scales:
        scale = table.scales[low[i]]
        i += 1
        if (
            i < stop
            and low[i] == "."
            and low[i - 1] in ("mds", "md", "mrd", "mio")
            and i + 1 < stop
        ):
            i += reading.near(i) and low[i + 1] in ("$", "€", "£", "de", "d'")
        if i + 2 <= stop and low[i : i + 2] == ["et", "demi"]:
            scale *= (number.value + 0.5) / number.value if number.value else 1
            i += 2
    elif i < stop and low[i] in table.short and _signed(reading, sentence, number, i):
        scale = table.short[low[i]]
        i += 1
    end, currency = _currency(reading, sentence, i)
    return end, scale, currency


def _signed(reading: Reading, sentence: Sentence, number: _Number, i: int) -> bool:
    """Whether a sign of currency stands after the short scale at `i`, or before the number."""
    low, signs = reading.low, _words().signs
    if i + 1 < sentence.last and low[i + 1] in signs:
        return True
    return number.first > sentence.first and low[number.first - 1] in signs and reading.near(i)


def _currency(reading: Reading, sentence: Sentence, i: int) -> tuple[int, str | None]:
    low, table = reading.low, _words()
    stop = sentence.last
    if i >= stop:
        return i, None
    currency: str | None = None
    if low[i] in table.signs:
        currency = table.signs[low[i]]
        i += 1
    elif low[i] == "us" and i + 1 < stop and low[i + 1] == "$":
        currency, i = "USD", i + 2
    elif low[i] in table.units:
        currency, i = table.units[low[i]], i + 1
    elif low[i] in ("de", "d'") and i + 1 < stop and low[i + 1] in table.units:
        currency, i = table.units[low[i + 1]], i + 2
    elif low[i : i + 3] == ["de", "billets", "verts"]:
        return i + 3, "USD"
    if currency is None:
        return i, None
    if i < stop and low[i] in table.dollars:
        if currency == "USD":
            currency = table.dollars[low[i]]
        i += 1
    elif i < stop and low[i] in table.plain:
        i += 1
    return i, currency


def _sum_at(
    reading: Reading, sentence: Sentence, numbers: list[_Number], k: int
) -> tuple[Sum | None, int]:
    """The sum that begins with number `k`, and how many numbers it uses."""
    number = numbers[k]
    end, scale, currency = _tail(reading, sentence, number)
    ranged = _range(reading, sentence, numbers, k, end)
    if ranged is not None:
        return _qualified(reading, sentence, ranged), 2
    first = number.first
    lead = _lead(reading, sentence, first)
    if lead is not None:
        first, currency = lead[0], currency or lead[1]
    if scale is None and currency is None:
        return _bare(reading, sentence, number), 1
    if _counts_things(reading, sentence, end, scale, currency):
        return None, 1
    if scale is None and number.word and number.value == 1 and not number.about:
        return None, 1  # "un dollar", "un euro"
    start = first
    if number.word and reading.low[first] in ("le", "du", "au"):
        start = first
    value = number.value * (scale or 1)
    used = 1
    rest = numbers[k + 1] if k + 1 < len(numbers) else None
    if scale is not None and rest is not None and rest.first == end:
        added = _remainder(reading, sentence, rest, scale)
        if added is not None:
            value, end, currency, used = value + added[0], added[1], added[2], 2
    qualifier: Qualifier = "about" if number.about else "exact"
    found = Sum(start, end, start, end, value, value, currency, qualifier)
    return _qualified(reading, sentence, found), used


def _counts_things(
    reading: Reading, sentence: Sentence, end: int, scale: float | None, currency: str | None
) -> bool:
    """ "700 millions d'utilisateurs", "un million de TPU": no money."""
    low = reading.low
    if currency is not None or scale is None or end + 1 >= sentence.last:
        return False
    if low[end] not in ("de", "d'"):
        return False
    noun = low[end + 1]
    if noun in _GOODS:
        return scale < 1e9
    return noun in _words().not_money and noun not in _words().units


def _remainder(
    reading: Reading, sentence: Sentence, rest: _Number, scale: float
) -> tuple[float, int, str | None] | None:
    """ "un milliard deux cents millions", "un milliard deux": what the second number adds."""
    end, smaller, currency = _tail(reading, sentence, rest)
    if smaller is not None and smaller < scale:
        return rest.value * smaller, end, currency
    spoken = rest.word and smaller is None and 1 < rest.value < 1000
    spoken = spoken and reading.low[end - 1] not in ("un", "une")
    if spoken and (end >= sentence.last or not reading.low[end].isalpha() or currency):
        return rest.value * scale / 10 ** len(str(int(rest.value))), end, currency
    return None


def _lead(reading: Reading, sentence: Sentence, first: int) -> tuple[int, str] | None:
    """Currency before the number: "$1.000 mds", "US$ 10 milliards"."""
    low, table = reading.low, _words()
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
    reading: Reading, sentence: Sentence, numbers: list[_Number], k: int, end: int
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
    if joint == ["à"] and before == "de" and _moves(reading, sentence, one.first - 1):
        return None
    end_two, scale_two, currency = _tail(reading, sentence, two)
    if scale_two is None and currency is None:
        return None
    _, scale_one, currency_one = _tail(reading, sentence, one)
    if joint in (["-"], ["–"]) and scale_one is not None:
        return None
    low_value = one.value * (scale_one or scale_two or 1)
    high_value = two.value * (scale_two or 1)
    if low_value >= high_value:
        return None
    first = one.first
    lead = _lead(reading, sentence, first)
    if lead is not None:
        first, currency = lead[0], currency or lead[1]
    found = Sum(
        first, end_two, first, end_two, low_value, high_value, currency or currency_one, "between"
    )
    return found


#: Verbs of a move from one figure to another: "passe de 13,5 à 20 milliards" is two sums.
_MOVES = (
    "passer",
    "passe",
    "passé",
    "passée",
    "passés",
    "passent",
    "passait",
    "passera",
    "passerait",
)
_MORE_MOVES = ("porté", "portée", "portés", "relevé", "relevée", "ramené", "ramenée", "abaissé",
               "abaissée", "réduit", "réduite", "bondi", "grimpé", "bondit", "grimpe", "tombé",
               "chuté", "gonflé", "monté", "montée", "passeraient", "bondirait", "réévalué", "réévaluée", "faisant")  # fmt: skip


def _moves(reading: Reading, sentence: Sentence, i: int) -> bool:
    """Whether the "de" at `i` opens "from one figure to another" (its verb stands close before)."""
    back = reading.low[max(sentence.first, i - 6) : i]
    return any(word in _MOVES or word in _MORE_MOVES for word in back)


def _bare(reading: Reading, sentence: Sentence, number: _Number) -> Sum | None:
    """A number that may borrow its scale; None where it clearly counts something else."""
    low, table = reading.low, _words()
    after = low[number.last] if number.last < sentence.last else "."
    before = low[number.first - 1] if number.first > sentence.first else ""
    clock = after == ":" and reading.near(number.last) and number.last + 1 < sentence.last
    clock = clock and reading.near(number.last + 1)
    if clock or before == "[" or (before == ":" and reading.near(number.first)):
        return None
    if (after == "-" and reading.near(number.last)) or (
        before == "-" and reading.near(number.first)
    ):
        return None
    if number.value in _YEARS and not number.word:
        return None
    counted = after in table.not_money and not (
        (after in ("pour", "autres", "ce", "deux", "trois") and not number.word) or after == "pour"
    )
    if counted or after == "%":
        return None
    if after.isalpha() and reading.near(number.last):
        return None
    if number.word and not number.about:
        if number.value < 2 or after not in _AFTER_WORD or before in _COUNTED_BEFORE:
            return None
    if number.value >= _LARGEST_BARE or before in _NUMBERED:
        return None
    if number.first > sentence.first and reading.words[number.first - 1][:1].isupper():
        closed = after in (".", ",", ")", ";", "et") and number.value >= _LEAST_AFTER_NAME
        if before not in ("entre", "de", "dont", "contre") and not closed:
            return None  # "Vision Fund 2", "Colossus 2"
    found = Sum(
        number.first, number.last, number.first, number.last, number.value, number.value,
        None, "about" if number.about else "exact", bare=True,
    )  # fmt: skip
    return _qualified(reading, sentence, found)


def _qualified(reading: Reading, sentence: Sentence, found: Sum) -> Sum:
    """`found` with the qualifier that stands before or after it."""
    low, table = reading.low, _words()
    start = found.first
    while start > sentence.first and low[start - 1] in _SKIPPED:
        start -= 1
    if start > sentence.first and low[start - 1] in ("les", "la", "le", "des", "ces"):
        hit = table.before.before(low, start, sentence.first)
        hit = hit or table.before.before(low, start - 1, sentence.first)
    else:
        hit = table.before.before(low, start, sentence.first)
    if hit is None and start - 1 > sentence.first and low[start - 1] in ("à", "de", "d'"):
        hit = table.before.before(low, start - 1, sentence.first)
    right = table.after.at(low, found.last, sentence.last) if found.last < sentence.last else None
    name = hit.value if hit else None
    left_end = hit.first if hit else start
    right_end = found.last
    if right is not None and (name is None or right.value in ("more_than", "up_to")):
        name, right_end = right.value, right.last
    if name is None:
        return replace(found, left=left_end, right=right_end)
    return _apply(replace(found, left=left_end, right=right_end), _qualifier(name))


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
    out: list[Sum] = []
    for k, one in enumerate(found):
        previous = out[-1] if out else None
        if previous is not None and not one.bare and _converts(reading, previous, one):
            out.append(replace(one, conversion_of=previous.first))
        else:
            out.append(one)
        del k
    return _alike(reading, _lend(reading, out))


def _converts(reading: Reading, one: Sum, two: Sum) -> bool:
    between = reading.low[one.right : two.left]
    if one.conversion_of is not None and ")" not in between and len(between) <= 3:
        return two.currency not in (None, one.currency)
    if not between or between[0] != "(" or two.currency is None:
        return False
    if two.currency == one.currency or len(between) > 4:
        return False
    return ")" in reading.low[two.last : two.last + 6] and ")" not in between


def _lend(reading: Reading, found: list[Sum]) -> list[Sum]:
    """Scale and currency of bare numbers, from the left or else from a coordinated right side."""
    out = list(found)
    for k, one in enumerate(out):
        if not one.bare:
            continue
        right = next((s for s in out[k + 1 : k + 4] if not s.bare), None)
        left = next((s for s in reversed(out[:k]) if not s.bare and s.conversion_of is None), None)
        lender = left
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
        ):
            if reading.low[one.last : two.first] in (["et"], [","]):
                out[k] = _apply(two, one.qualifier)
    return out


def _coordinated(reading: Reading, one: Sum, two: Sum) -> bool:
    """ "5 et 10 milliards", "500, 300 et 250 millions"."""
    gap = reading.low[one.last : two.first]
    return len(gap) <= 8 and all(w in (",", "et", "puis", "ou", "à") or w.isdigit() for w in gap)


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


def spelled(word: str) -> int | None:
    """Value of a number word or of digits."""
    if word.isdigit():
        return int(word)
    value = _words().numbers.get(word)
    return None if value is None else int(value)


def announced_scale(reading: Reading, sentence: Sentence) -> Sum | None:
    """A scale that a table or list announces for its figures: "(en milliards de dollars)"."""
    low, scales = reading.low, _words().scales
    for i in range(sentence.first, sentence.last - 1):
        if low[i] == "en" and low[i + 1] in scales:
            scale = scales[low[i + 1]]
            end, currency = _currency(reading, sentence, i + 2)
            return Sum(i + 1, end, i + 1, end, scale, scale, currency, "exact")
        if low[i] == "en" and low[i + 1] in ("m", "g") and i + 2 < sentence.last:
            end, currency = _currency(reading, sentence, i + 2)
            if currency is not None:
                scale = 1e6 if low[i + 1] == "m" else 1e9
                return Sum(i + 1, end, i + 1, end, scale, scale, currency, "exact")
    return None
