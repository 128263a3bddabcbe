"""States, ministries, agencies and regions, where they act: "Ottawa versera", "le ministère grec du
Numérique a commandé". A country or a capital that only says where something is, is nobody."""

from __future__ import annotations

from functools import cache

from pipelines.claims import lexicon, tokens
from pipelines.claims.lexicon import Phrases
from pipelines.claims.mentions import COMPOUND, DETERMINERS, PREPOSITIONS, Mention, names
from pipelines.claims.naming import finite, opening
from pipelines.claims.tokens import Reading, Sentence

_TABLE = lexicon.words("states")
_OFFICES = frozenset(_TABLE["heads"]["offices"])
_POWERS = frozenset(_TABLE["heads"]["powers"])
_AGAIN = frozenset(_TABLE["heads"]["again"])
_HEADS = _OFFICES.union(_POWERS, _AGAIN, _TABLE["heads"]["words"])
_NAMED = frozenset(_TABLE["heads"]["named"])
_ALONE = frozenset(_TABLE["heads"]["capitals"])
_PORTFOLIOS = frozenset(_TABLE["heads"]["portfolios"])
_ADJECTIVES = frozenset(_TABLE["heads"]["adjectives"])
_ARTICLES = frozenset(("le", "la", "les", "l'"))
_DEFINITE = _ARTICLES | {"du", "au"}
_OF = frozenset(("de", "du", "des", "d'"))
#: Before a verb: "Ottawa se réserve", "la Suède n'a pas signé".
_CLITICS = frozenset("se s' n' ne y en l' lui leur".split())
#: Of whom something comes or with whom it is agreed.
_AGENTS = frozenset(("par", "avec"))
#: Whose deals they are: "le contrat de l'Estonie avec OpenAI".
_DEALS = frozenset(_TABLE["deals"]["words"])
#: Before who says it: "assure Bercy".
_SAYING = frozenset(lexicon.words("outlets")["saying"]["words"])
#: How many tokens may stand aside between a country and its verb.
_ASIDE = 12
#: Behind a place that opens a sentence: no verb.
_NO_VERB = frozenset("et ou où qui que dont comme capitale via aussi sud nord est ouest".split())


@cache
def _places() -> Phrases[str]:
    lines = (*lexicon.words("nobody")["places"]["pays"], *_TABLE["seats"]["words"])
    return Phrases((lexicon.cut(line), "") for line in lines)


@cache
def openers() -> frozenset[str]:
    """Tokens with which a body's name begins."""
    return _HEADS


def state(reading: Reading, sentence: Sentence, i: int) -> Mention | None:
    """A state or one of its bodies that begins at token `i`; None for a place."""
    k = i + (reading.words[i] in ("La", "Le", "L'"))  # "La Défense" is a place, too
    if k < sentence.last and reading.low[k] in _HEADS:
        found = _body(reading, sentence, k)
        if found is not None:
            return found
    hit = _places().at(reading.low, i, sentence.last) if reading.words[i][0].isupper() else None
    if hit is None or not _acts(reading, sentence, i, hit.last):
        return None
    return Mention(i, hit.last, "state", _called(reading, i, hit.last))


def _acts(reading: Reading, sentence: Sentence, i: int, end: int) -> bool:
    """Whether a country or a capital does something or is dealt with, by what stands around it."""
    low, words, stop = reading.low, reading.words, sentence.last
    k = i - 1
    if k >= sentence.first and low[k] in _ARTICLES:
        k -= 1
    before = low[k] if k >= sentence.first else ""
    if before in _AGENTS or (before == "de" and k > sentence.first and low[k - 1] == "auprès"):
        return end >= stop or words[end] != "-"
    if PREPOSITIONS.get(before) == "de" and k > sentence.first and low[k - 1] in _DEALS:
        return True
    if before in PREPOSITIONS or before in DETERMINERS or before in COMPOUND:
        return False
    if k >= sentence.first and words[k] in ("-", "(", "/"):
        return False
    if before in _SAYING or _joined(reading, k, sentence.first):
        return True
    if end >= stop:
        return False
    if low[end] == "," and k < sentence.first:  # "L'Albanie, pays natal de sa patronne, y a mis"
        close = next((j for j in range(end + 1, min(end + _ASIDE, stop)) if low[j] == ","), None)
        return close is not None and close + 1 < stop and _does(reading, close + 1)
    after = low[end]
    if after == ":" and k < sentence.first:
        return True
    if finite(after) or (after in _CLITICS and end + 1 < stop):
        return True
    begins = k < sentence.first or (opening(reading, sentence, k + 1) and words[k] != "-")
    return begins and _does(reading, end)


def _does(reading: Reading, k: int) -> bool:
    """Whether a verb may stand at token `k`, right behind what it would be said of."""
    low = reading.low[k]
    return reading.words[k].islower() and low.isalpha() and low not in _no_verb()


def _joined(reading: Reading, k: int, first: int) -> bool:
    """Whether a country stands beside a company: "AMD et l'Albanie", "de même que l'Albanie"."""
    low = reading.low
    if k <= first:
        return False
    if low[k] == "que":
        return low[k - 1] in ("même", "ainsi")
    before = reading.words[k - 1]
    named = before[0].isupper() and before.isalpha() and k - 1 > first
    return low[k] == "et" and named and _places().before(low, k, first) is None


@cache
def _no_verb() -> frozenset[str]:
    return _NO_VERB.union(PREPOSITIONS, DETERMINERS, COMPOUND, _PORTFOLIOS)


def _body(reading: Reading, sentence: Sentence, i: int) -> Mention | None:
    """ "le ministère grec du Numérique", "la région Grand Est", "l'État"."""
    low, words, stop = reading.low, reading.words, sentence.last
    before = low[i - 1] if i > sentence.first else ""
    if before == "-" or (low[i] in _OFFICES | _POWERS and words[i][0].islower()):
        return None
    j = _adjectives(reading, i + 1, stop)
    if low[i] in _NAMED:
        end = _proper(reading, i + 1, stop)
        return Mention(i, end, "state", _called(reading, i + 1, end)) if end > i + 1 else None
    if low[i] in _POWERS:
        alone = low[i] in _ALONE and before in _ARTICLES
        if before in ("d'", "de") or (j == i + 1 and not alone):
            return None  # "visite d'État"
        if j + 1 < stop and low[j] in _OF and words[j + 1][0].isupper():
            return None  # "l'État de New York"
        if j == i + 1:
            return Mention(i, j, "state", None, sort="power")
        return Mention(i, j, "state", _called(reading, i, j))
    end = j
    while True:
        part = _complement(reading, end, stop, also=end > j)
        if part == end:
            break
        end = part
    if end > i + 1:
        return Mention(i, end, "state", _called(reading, i, end))
    alone = low[i] in _AGAIN and before in _DEFINITE and (i + 1 >= stop or low[i + 1] not in _OF)
    return Mention(i, i + 1, "state", None, sort="again") if alone else None


def _adjectives(reading: Reading, j: int, stop: int) -> int:
    """End of the adjectives of a body from token `j` on."""
    low, nations = reading.low, names().nations
    while j < stop and reading.words[j].islower():
        if low[j] == "sud" and j + 2 < stop and low[j + 1] == "-":
            j += 3  # "le gouvernement sud-coréen"
        elif low[j] in nations or low[j] in _ADJECTIVES:
            j += 1
        else:
            break
    return j


def _complement(reading: Reading, j: int, stop: int, also: bool) -> int:
    """End of "de la Défense", "du Numérique et de l'Énergie" from token `j` on; `j` for none."""
    low, words = reading.low, reading.words
    k = j + 1 if also and j < stop and low[j] in ("et", ",") else j
    if k >= stop or low[k] not in _OF:
        return j
    k += 1
    if k < stop and low[k] in _ARTICLES:
        k += 1
    if k >= stop or not (words[k][0].isupper() or low[k] in _PORTFOLIOS):
        return j
    if words[k][0].isupper() and low[k] not in names().never and low[k] not in _PORTFOLIOS:
        end = _proper(reading, k, stop)
    else:
        end = k + 1
    return _adjectives(reading, end, stop)


def _proper(reading: Reading, j: int, stop: int) -> int:
    """End of a proper name from token `j` on: "Île-de-France", "Grand Est"."""
    words = reading.words
    k = j
    while k < stop and words[k][0].isupper() and words[k].isalpha():
        k += 1
        while k + 1 < stop and words[k] in ("-", "'") and reading.near(k + 1):
            k += 2
    return k


def _called(reading: Reading, first: int, last: int) -> str:
    return " ".join(tokens.level(reading.slice(first, last)).split())
