"""Numbers as French writes and says them, with the scale and currency that follow."""

from __future__ import annotations

from functools import cache

from pipelines.claims import lexicon
from pipelines.claims.record import record
from pipelines.claims.tokens import PLAIN, Reading, Sentence


@record
class Number:
    first: int
    last: int
    value: float
    about: bool = False
    word: bool = False


#: Digits of the longest figure that is read: longer ones are no money of this world.
LONGEST_NUMBER = 12
#: Between a number and its scale: "trois bons milliards".
SIZED = frozenset(
    "petit petite petits bon bonne bons gros grosse beau beaux joli jolis premiers derniers "
    "nouveaux autres seuls".split()
)
#: "Son premier milliard", "un autre million": one, behind one of these words and an article.
_NTH = frozenset("premier second deuxième troisième quatrième énième autre nouveau dernier".split())
_ARTICLES = frozenset("un le l' du au ce cet son leur notre".split())
#: What may follow "un" where it is no article.
_AFTER_ONE = frozenset(". , ; ) en d' depuis autre à l' chez dans et ensuite pour".split())
#: Of these only a time makes a sum of the "un" before them: "un d'abord".
_TIMES = frozenset(("d'", "depuis", "ensuite"))
#: After "un autre" that is a sum: "cinq milliards à Intel et un autre à Nokia".
_GOING_TO = frozenset("à au chez dans pour en .".split())
#: Before these "un" is no sum: "l'un", "pas un", "chacun un".
_UNITED = frozenset("l' pas plus moins par comme de d' à quelqu' qu' en dans est".split())
#: How far before "un" the "en" may stand that it counts: "en avait déjà promis un".
_CLITIC = 6


#: How many tokens back a nation says whose crowns are meant.
_FAR = 300
#: Of these several nations have some.
_CROWNS = "SEK"


class Tables:
    """The tables of words/amounts.toml."""

    def __init__(self) -> None:
        table = lexicon.words("amounts")
        self.numbers: dict[str, float] = table["numbers"]
        self.collectives: dict[str, float] = table["collectives"]
        #: Words with which a number may begin.
        self.openers = frozenset(("demi", "demie", "le", "du", "au", "quarts", *_NTH)).union(
            self.numbers, self.collectives
        )
        self.scales: dict[str, float] = table["scales"]
        self.short: dict[str, float] = table["short_scales"]
        self.signs: dict[str, str] = table["signs"]
        self.units: dict[str, str] = table["units"]
        self.lead = frozenset(table["lead"]["codes"])
        self.dollars: dict[str, str] = table["dollars"]
        self.namesakes: dict[str, dict[str, str]] = table["namesakes"]
        self.mints: dict[str, str] = {w: c for c, ws in table["mints"].items() for w in ws}
        self.plain = frozenset(table["plain"]["words"])
        self.before = lexicon.phrases(table["before"])
        self.after = lexicon.phrases(table["after"])
        self.not_money = frozenset(table["not_money"]["words"])
        self.months = frozenset(table["months"]["words"])
        self.moves = frozenset(table["moves"]["words"])


@cache
def tables() -> Tables:
    return Tables()


def numbers(reading: Reading, sentence: Sentence) -> list[Number]:
    low, table = reading.low, tables()
    out: list[Number] = []
    free = sentence.first
    span = enumerate(low[sentence.first : sentence.last], sentence.first)
    openers = table.openers
    begins = [i for i, word in span if word in openers or word[0] not in PLAIN]
    for i in begins:
        if i < free:
            continue
        word = low[i]
        number = None
        if word[0].isdigit():
            number = _halved(reading, _digits(reading, i))
        elif word in table.numbers:
            number = _halved(reading, _spelled(reading, sentence, i))
        elif word in table.collectives or word in ("demi", "demie"):
            number = _collective(reading, i)
        elif word in ("le", "du", "au") and i + 1 < sentence.last:
            if low[i + 1] in ("milliard", "million"):
                number = Number(i, i + 1, 1, word=True)  # "le milliard de Microsoft"
        elif word in _NTH:
            number = _nth(reading, sentence, i)
        elif word == "quarts" and i > sentence.first and low[i - 1] == "trois":
            number = Number(i - 1, i + 1, 0.75, word=True)
            if out and out[-1].first == i - 1:
                out.pop()
        if number is not None:
            out.append(number)
            free = number.last
    return out


def _halved(reading: Reading, number: Number | None) -> Number | None:
    """ "trois et demi", where the unit stands elsewhere."""
    if number is None or reading.low[number.last : number.last + 2] != ["et", "demi"]:
        return number
    return Number(number.first, number.last + 2, number.value + 0.5, word=number.word)


def _digits(reading: Reading, i: int) -> Number | None:
    word = reading.low[i]
    if reading.near(i) and reading.low[i - 1][-1].isalpha() and len(reading.low[i - 1]) > 1:
        return None  # GB300, H100
    for space in (" ", "'"):
        word = word.replace(space, "")
    if len(word) > LONGEST_NUMBER:
        return None
    whole, _, rest = word.partition(".")
    if rest and len(rest.split(",")[0]) == 3 and whole != "0":
        word = whole + rest
    try:
        return Number(i, i + 1, float(word.replace(".", "", word.count(".") - 1).replace(",", ".")))
    except ValueError:
        return None


def _spelled(reading: Reading, sentence: Sentence, i: int) -> Number | None:
    """Number in words: "vingt-cinq", "deux cents", "un demi", "une dizaine"."""
    low, table = reading.low, tables()
    if low[i] in ("un", "une") and i + 1 < sentence.last:
        j = i + 2 if low[i + 1] in SIZED else i + 1
        after = low[j] if j < sentence.last else ""
        half = after == "demi" and j + 2 < sentence.last and low[j + 1] == "-"
        if half and low[j + 2] in table.collectives:
            return Number(i, j + 3, table.collectives[low[j + 2]] / 2, about=True, word=True)
        if after in ("quart", "tiers"):
            return Number(i, j + 1, 0.25 if after == "quart" else 1 / 3, word=True)
        if after in table.collectives:
            return Number(i, j + 1, table.collectives[after], about=True, word=True)
        if after == "demi":
            k = j + 2 if j + 1 < sentence.last and low[j + 1] == "-" else j + 1
            return Number(i, k, 0.5, word=True)
        if after in table.scales and j > i + 1:
            return Number(i, j, 1, word=True)  # "un bon milliard"
        halved = low[i + 1 : i + 3] == ["et", "demi"]
        if after not in table.numbers and after not in table.scales and after != "virgule":
            counts = halved or _pronoun(reading, sentence, i)
            return Number(i, i + 1, 1, word=True) if counts else None  # else an article
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
        return Number(i, j + 2, value + rest / 10 ** len(str(rest)), word=True)
    return Number(i, j, value, word=True)


def _pronoun(reading: Reading, sentence: Sentence, i: int) -> bool:
    """Whether "un" stands for a sum: "en a promis un", "un en 2019, deux en 2021", "Thrive un"."""
    low, first = reading.low, sentence.first
    before = low[i - 1] if i > first else ""
    after, then = (*low[i + 1 : min(i + 3, sentence.last)], ".", ".")[:2]
    if low[i] != "un" or before in _UNITED or after not in _AFTER_ONE:
        return False
    if after == "autre":
        return then in _GOING_TO
    if "en" in low[max(first, i - _CLITIC) : i - 1]:
        return True
    if i - 1 > first and reading.words[i - 1][:1].isupper() and after != "en":
        return True
    dated = after in _TIMES or (after == "en" and then[:1].isdigit())
    return dated or (after == "et" and then in tables().numbers)


def _nth(reading: Reading, sentence: Sentence, i: int) -> Number | None:
    """ "Premier" or "autre" before a scale of its own: "son premier milliard"."""
    low = reading.low
    one = low[i + 1 : i + 2] in (["milliard"], ["million"])
    if not one or i == sentence.first or low[i - 1] not in _ARTICLES or i + 1 >= sentence.last:
        return None
    return Number(i, i + 1, 1, word=True)


def _collective(reading: Reading, i: int) -> Number | None:
    """ "demi-milliard" or "quinzaine" after another article than "une"."""
    low, table = reading.low, tables()
    if low[i] in ("demi", "demie"):
        after = i + 2 if i + 1 < len(low) and low[i + 1] == "-" else i + 1
        if after < len(low) and low[after] in table.scales:
            return Number(i, after, 0.5, word=True)
        return None
    if i and low[i - 1] in ("la", "cette", "petite", "bonne"):
        return Number(i, i + 1, table.collectives[low[i]], about=True, word=True)
    return None


def tail(
    reading: Reading, sentence: Sentence, number: Number
) -> tuple[int, float | None, str | None]:
    """End, scale and currency of what follows a number; scale None for none."""
    low, table = reading.low, tables()
    i, stop = number.last, sentence.last
    scale: float | None = None
    if i + 1 < stop and low[i] in SIZED and (number.word or low[i + 1] in table.scales):
        i += 1
    if (i < stop and low[i] in ("de", "d'") and (number.about or number.value < 1)) and (
        i + 1 < stop and low[i + 1] in table.scales
    ):
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
        elif i + 2 <= stop and low[i : i + 2] == ["et", "quart"]:
            scale *= (number.value + 0.25) / number.value if number.value else 1
            i += 2
    elif i < stop and low[i] in table.short and _signed(reading, sentence, number, i):
        scale = table.short[low[i]]
        i += 1
    end, currency = currency_at(reading, sentence, i)
    return end, scale, currency


def _signed(reading: Reading, sentence: Sentence, number: Number, i: int) -> bool:
    """Whether a currency stands after the short scale at `i`, or its sign before the number."""
    low, signs = reading.low, tables().signs
    if i + 1 < sentence.last and low[i + 1] in signs:
        return True
    if i + 2 < sentence.last and low[i + 1] in ("de", "d'") and low[i + 2] in tables().units:
        return True
    return number.first > sentence.first and low[number.first - 1] in signs and reading.near(i)


def currency_at(reading: Reading, sentence: Sentence, i: int) -> tuple[int, str | None]:
    low, table = reading.low, tables()
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
    namesakes = table.namesakes.get(currency, {})
    if i < stop and low[i] in namesakes:
        return i + 1, namesakes[low[i]]
    if currency == _CROWNS:
        return i, _minted(reading, sentence)
    if i < stop and low[i] in table.dollars:
        if currency == "USD":
            currency = table.dollars[low[i]]
        i += 1
    elif i < stop and low[i] in table.plain:
        i += 1
    return i, currency


def _minted(reading: Reading, sentence: Sentence) -> str:
    """Whose crowns those of this sentence are: its nation's, else the last that was named."""
    mints, low = tables().mints, reading.low
    inner = low[sentence.first : sentence.last]
    before = reversed(low[max(0, sentence.first - _FAR) : sentence.first])
    return next((mints[w] for words in (inner, before) for w in words if w in mints), _CROWNS)


def spelled(word: str) -> int | None:
    """Value of a number word or of digits."""
    if word.isdigit():
        return int(word)
    value = tables().numbers.get(word)
    return None if value is None else int(value)
