"""Pronouns and definite descriptions: mentions that only the text around can resolve."""

from __future__ import annotations

from functools import cache

from pipelines.claims import lexicon
from pipelines.claims.mentions import Mention, names
from pipelines.claims.pronouns import OPENERS, alone, pronoun
from pipelines.claims.tokens import Reading, Sentence

_TABLE = lexicon.words("references")
#: Who makes or lends something: its complement only says what.
_TRADES = frozenset(_TABLE["trades"]["words"])

#: Before what a text speaks of as known.
DEFINITE = frozenset(
    "le la l' du au cette ce cet son sa leur même notre jeune les principal grande grand".split()
)


@cache
def openers() -> frozenset[str]:
    """Tokens with which a description or a pronoun begins."""
    return OPENERS.union(names().nations, names().descriptions.openers)


def described(reading: Reading, sentence: Sentence, i: int) -> Mention | None:
    """Definite descriptions and pronouns; they are resolved later."""
    low = reading.low
    found = pronoun(reading, sentence, i) if low[i] in OPENERS else None
    if found is not None:
        return found
    if low[i] in names().nations:
        nation = _of_nation(reading, sentence, i)
        if nation is not None or reading.words[i][0].isupper():
            return nation
    if i > sentence.first and low[i - 1] in DEFINITE:
        hit = names().descriptions.at(low, i, sentence.last)
        if hit is None:
            return None
        last = _complemented(reading, sentence, i, hit.last)
        return Mention(i, last, "description", None, sort=hit.value) if last else None
    return None


def _complemented(reading: Reading, sentence: Sentence, first: int, last: int) -> int:
    """Where a description ends: behind what a trade deals in ("le loueur de puces"); 0 where
    another complement makes it something else ("le groupe de banques", "le rival d'OpenAI")."""
    low, stop = reading.low, sentence.last
    if last >= stop or low[last] not in ("de", "d'", "du", "des", "-"):
        return last
    if low[last] == "-" or (low[last - 1] not in _TRADES and low[first] not in _TRADES):
        return 0
    k = last + 1
    if k < stop and low[k] in ("la", "l'", "les"):
        k += 1
    dealt = k < stop and reading.words[k].isalpha() and not reading.words[k - 1][0].isupper()
    return k + 1 if dealt and (reading.words[k].islower() or low[k] in ("gpu", "ia")) else 0


def _of_nation(reading: Reading, sentence: Sentence, i: int) -> Mention | None:
    """ "le Néerlandais" alone: a company that the text has called "néerlandaise"."""
    if i == sentence.first or reading.low[i - 1] not in ("le", "la", "l'", "du", "au"):
        return None
    if i + 1 < sentence.last and reading.words[i + 1][0].isupper():
        return None  # "l'Américain Salesforce": the name follows
    if reading.words[i][0].islower() and not alone(reading.low, i + 1, sentence.last):
        return None  # "le japonais prévoit", but "l'américain fabricant de puces"
    word = reading.low[i]
    if word == "suisse" or (reading.low[i - 1] == "l'" and reading.low[i - 2] == "à"):
        return None  # "le PIB de la Suisse", "un DeepSeek à l'américaine"
    nation = names().nations[word]
    return Mention(i, i + 1, "description", None, sort="nation", nation=nation)
