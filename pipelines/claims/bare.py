"""Numbers without unit that may be money where a neighbour is: "30 pour Nvidia, 20 pour Amazon".

Most bare numbers count something else: days, people, shares, parts of a name.
"""

from __future__ import annotations

from pipelines.claims import numerals
from pipelines.claims.tokens import Reading, Sentence

#: Years are no sums: a bare number of this range is a date.
_YEARS = range(1900, 2101)


#: "Une douzaine" without a unit counts people.
_DOZEN = 12
#: Right after a name a smaller number belongs to the name: "Colossus 2".
_LEAST_AFTER_NAME = 10
#: What may follow a share set right behind a name.
_CLOSERS = frozenset((".", ",", ")", ";", "et", "chacun", "chacune"))
#: What may follow a larger one where a sum stands before it: "Amazon a mis 4 milliards, Google 30
#: chez Anthropic".
_GAPPED = frozenset(("chez", "dans", "également", "aussi"))
#: A bare number from here on counts things: nobody leaves out the scale of "8 000".
_LARGEST_BARE = 2000
#: What may follow a spelled number that stands for money: "deux chez Synopsys", "cinq, puis vingt".
_AFTER_WORD = frozenset(
    ", . ; ) : pour chez autres immédiatement tout à au puis en restants maintenant dans par "
    "seulement que qu' sont ont – également aussi jusqu' assurés restent seront seraient si dès de "
    "chacun chacune d' » autre supplémentaires prévus lorsque iront suivront en depuis encore "
    "ensuite l' ne la l’ pendant avant après quand cette cet ce sur plus des".split()
)
#: Between numbers that count the same thing.
_COORDINATING = frozenset((",", "et", "ou", "à"))
#: "Les deux autres" are companies, "les vingt autres" are billions.
_FEW = 3
_FURTHER = frozenset(("autre", "autres", "premiers", "derniers"))
#: After these a small number counts things.
_OWNING = frozenset("a ont avait avaient aura existe est sont".split())
#: After these a number says what part of a sum it is: "quinze des cinquante milliards".
_PART_OF = frozenset(("des", "sur"))
#: Verbs of "les vingt autres suivront".
_TO_COME = ("ront", "raient", "aient")
#: A capital at the head of a sentence makes no name of these.
_NO_NAMES = frozenset(
    "les le ces ses des de entre dont contre que qu' seuls seul et puis avec pour soit sur à au "
    "en plus par mais ou un une".split()
)
#: After these a counted-out rest is money: "les dix autres", "les trente restants".
_REST = frozenset(
    "autres restants restantes suivants premiers derniers annoncés promis prévus espérés visés "
    "attendus versés".split()
)
#: Short forms of months that follow a day.
_MONTHS = frozenset("janv fév févr avr juil sept oct nov déc".split())
#: Before these a spelled number counts people or turns.
_COUNTED_BEFORE = frozenset(
    "les ces eux elles des leurs nos tous toutes entre par vers des sont étaient seront".split()
)
#: After a number and "de" these count somebody's people or things: "trois de ses fonds".
_OWN = frozenset("ses leurs nos mes ces".split())
#: "Conditions dont deux sont connues": what "dont" takes up is counted.
_BEING = frozenset("ont sont seront seraient avaient étaient".split())
_DAYS = frozenset("lundi mardi mercredi jeudi vendredi samedi dimanche".split())
#: Before these a figure is a label.
_NUMBERED = frozenset(
    "paragraphe paragraphes page pages article articles numéro n° version série chapitre "
    "acte étape question vers mi le note notes cac nikkei stoxx sbf ftse russell topix".split()
)


def stands(reading: Reading, sentence: Sentence, number: numerals.Number) -> bool:
    """Whether a number may borrow its scale; not where it clearly counts something else."""
    low, table = reading.low, numerals.tables()
    after = low[number.last] if number.last < sentence.last else "."
    before = low[number.first - 1] if number.first > sentence.first else ""
    clock = after == ":" and reading.near(number.last) and number.last + 1 < sentence.last
    clock = clock and reading.near(number.last + 1)
    if clock or before == "[" or (before == ":" and reading.near(number.first)):
        return False
    if (after == "-" and reading.near(number.last)) or (
        before == "-" and reading.near(number.first)
    ):
        return False
    if number.value in _YEARS and not number.word:
        return False
    counted = after in table.not_money and not (
        (after in ("pour", "autres", "ce", "deux", "trois") and not number.word)
        or after == "pour"
        or (before == "les" and after in _REST)
        or (after == "autres" and _goes_on(low[number.last + 1 : number.last + 2]))
    )
    if counted or after == "%":
        return False
    if after.isalpha() and reading.near(number.last):
        return False
    if before == "pour" and low[number.first] == "cent":
        return False  # per cent
    if _labels(low, sentence, number, before, after):
        return False
    if after in _MONTHS or (number.word and before[:1].isdigit() and before.isdigit()):
        return False  # "27 fév", "3 sept."
    if number.about:
        counted = after in ("de", "d'") and low[number.last : number.last + 2] != ["de", "plus"]
        if counted or number.value == _DOZEN:
            return False  # "une vingtaine de banques", "une douzaine": people
    elif number.word and not _stands_for_money(
        number, before, after, low[number.last + 1 : min(number.last + 5, sentence.last)]
    ):
        return False
    if number.value >= _LARGEST_BARE or before in _NUMBERED:
        return False
    if _counted_further(reading, sentence, number.last):
        return False
    return not _in_a_name(reading, sentence, number, before, after)


#: After these a number without scale is the day of a month; sums are many, "les 30".
_THE, _LAST_DAY = frozenset(("le", "du", "au")), 31
_MORE = frozenset(("plus", "mieux", "moins", "trop"))
#: How far before a number, in tokens, "en" may stand that makes it a part of a sum.
_OF_IT = 6


def _labels(
    low: list[str], sentence: Sentence, number: numerals.Number, before: str, after: str
) -> bool:
    """ "3) CoreWeave", "jeudi 20", "jusqu'au 30": a place in a list, a date; "cinq de plus que
    prévu": a difference; "pas un cent de plus": small change."""
    if number.first == sentence.first and after == ")":
        return True
    if before in _THE and number.value <= _LAST_DAY and not number.word:
        return True
    if (
        before in _DAYS
        and "en" not in low[max(number.first - _OF_IT, sentence.first) : number.first]
    ):
        return True  # not "en a versé mardi 30"
    if low[number.first : number.last] == ["un", "cent"]:
        return True
    return _compared(low, number.last)


def _compared(low: list[str], at: int) -> bool:
    """Whether "de plus que", "de mieux qu'" stands at `at`."""
    words = low[at : at + 3]
    return len(words) > 2 and words[0] == "de" and words[1] in _MORE and words[2] in ("que", "qu'")


def differs(low: list[str], first: int, last: int) -> bool:
    """Whether a sum only says how far the one before is from another: ", soit 2 milliards de mieux
    que prévu"."""
    return _compared(low, last) and low[first - 1] in ("soit", ",")


def _counted_further(reading: Reading, sentence: Sentence, at: int) -> bool:
    """Whether the numbers coordinated with the one that ends at `at` count things: "à trois,
    cinq et dix ans"."""
    low, table = reading.low, numerals.tables()
    while at + 1 < sentence.last and low[at] in _COORDINATING:
        word = low[at + 1]
        if not (word[0].isdigit() or word in table.numbers):
            return False
        at += 2
        while at < sentence.last and (low[at] == "-" or low[at] in table.numbers):
            at += 1
        if at < sentence.last and low[at] in table.not_money and low[at] not in table.months:
            return low[at] not in ("pour", "autres", "ce", "m", "k", *table.units)
    return False


def _goes_on(following: list[str]) -> bool:
    """Whether "vingt autres" has no noun of its own: "vingt autres si tout va bien"."""
    word = following[0] if following else "."
    return not word.isalpha() or word in _AFTER_WORD or word.endswith(_TO_COME)


def part_of(reading: Reading, last: int, first: int) -> bool:
    """Whether a number that ends at `last` is a part of the sum at `first`: "15 des 50
    milliards"."""
    gap = reading.low[last:first]
    return gap[:1] == ["des"] and len(gap) <= 2


def _of_a_sum(words: list[str]) -> bool:
    """Whether "des" or "et" is followed by a sum: "quinze des cinquante milliards"."""
    table = numerals.tables()
    return any(w in table.scales for w in words)


def _stands_for_money(
    number: numerals.Number, before: str, after: str, following: list[str]
) -> bool:
    """Whether a spelled number may be a sum without its unit: "deux chez Synopsys"."""
    if number.value < 1:
        return False
    if before == "à" and number.value <= _FEW and not after.isalpha():
        return False  # "15 milliards à deux": so many give them
    if number.value <= _FEW and before in _OWNING and after in (".", ",", ";"):
        return False  # "le tour n'a pas de montant, il en a deux"
    if after == "de" and following[:1] and following[0] in _OWN:
        return _of_a_sum(following)
    if number.value <= _FEW and before == "dont" and after in _BEING:
        return False
    few = number.value <= _FEW and after in _FURTHER
    if before in _COUNTED_BEFORE and (few or not (before == "les" and after in _REST)):
        return False
    if after in ("d'", "pour") and following[:1] in (["entre"], ["cent"]):
        return False  # "deux d'entre eux", "quarante pour cent"
    if after in _PART_OF or after == "et":
        return _of_a_sum(following)
    return after in _AFTER_WORD or after in _REST


def _in_a_name(
    reading: Reading, sentence: Sentence, number: numerals.Number, before: str, after: str
) -> bool:
    """ "Vision Fund 2", "Colossus 2"; but "Valor 3,5, Apollo 2 et Ares 1,5" is a list of sums."""
    words, i = reading.words, number.first
    if i == sentence.first or not words[i - 1][:1].isupper():
        return False
    if before in _NO_NAMES or number.word:
        return False
    if after in _GAPPED or reading.low[number.last : number.last + 2] == ["de", "plus"]:
        earlier = reading.low[sentence.first : i]
        return number.value < _LEAST_AFTER_NAME or not _of_a_sum(earlier)
    if after not in _CLOSERS:
        return True
    listed = sum(
        1
        for k in range(sentence.first + 1, sentence.last - 1)
        if words[k][0].isdigit() and words[k - 1][0].isupper() and words[k + 1] in _CLOSERS
    )
    return number.value < _LEAST_AFTER_NAME and number.value == int(number.value) and listed < 2
