"""Ways to stand in a sentence that the word right before a name does not tell: as what a loan is
pledged on ("gagé sur son contrat avec Meta"), as who answers for it, as one of several just
counted ("auprès de sept banques : BNP Paribas, HSBC"), as what somebody left."""

from __future__ import annotations

from collections.abc import Sequence

from pipelines.claims import lexicon
from pipelines.claims.mentions import COMPOUND, PREPOSITIONS, Mention, names
from pipelines.claims.record import replace
from pipelines.claims.tokens import Reading, Sentence

_TABLE = lexicon.words("grammar")
_PLEDGES = tuple(_TABLE["pledges"]["stems"])
_SURETIES = frozenset(_TABLE["sureties"]["nouns"])
_ANSWERING = tuple(_TABLE["sureties"]["verbs"])
_BETWEEN = frozenset(_TABLE["sureties"]["between"])
_LOANS = tuple(_TABLE["sureties"]["loans"])
_COLLECTIVES = frozenset(_TABLE["collectives"]["words"])
#: How many tokens before a name it may say that it is only a pledge.
_PLEDGED = 8
#: How whoever answers for a loan stands in its sentence.
SURETY = "garant"
#: How many tokens behind a name it may say that it answers for a loan.
_ANSWERED = 6
_THEIRS = frozenset(("sa", "leur"))
#: How many tokens before a collective its preposition stands: "auprès d'une dizaine de".
_COUNTED = 5
#: How many tokens before a company it may say that somebody left it.
_FORMER = 5
_LEFT = tuple(_TABLE["former"]["stems"])
_PEERS = tuple(_TABLE["peers"]["stems"])
_STAFF = tuple(_TABLE["sellers"]["stems"])
#: How many tokens before the second of two such companies the "de" of the first may stand.
_JOINED = 5
#: How many tokens before a person it may be said that the office is a former one.
_ONCE = 3
_FOUNDED = tuple(_TABLE["founded"]["stems"])
_ENDS = frozenset((",", ";", ":", "(", ")", ".", "et"))
#: Right before the names of those who were counted.
_OPENS = frozenset((":", "("))


def placed(reading: Reading, sentence: Sentence, mention: Mention) -> Mention:
    """`mention` with the preposition that its sense calls for."""
    low, i = reading.low, mention.first - 1
    if surety(low, mention.last, sentence.last):
        return replace(mention, prep=SURETY)
    if i < sentence.first:
        return mention
    if low[i] in _OPENS:
        prep = _counted(low, i, sentence.first)
        return replace(mention, prep=prep) if prep else mention
    return replace(mention, prep="hors") if pledged(low, mention.first, sentence.first) else mention


def surety(low: Sequence[str], k: int, stop: int) -> bool:
    """Whether who is named right before token `k` answers for a loan: "SoftBank se porte garant
    d'un emprunt", "garantit un prêt", not "garantit 5 milliards à OpenAI"."""
    for j in range(k, min(k + _ANSWERED, stop)):
        if low[j] in _SURETIES:
            return low[j] != "garantie" or low[j - 1] in _THEIRS
        if low[j].startswith(_ANSWERING):
            return _of_a_loan(low, j + 1, min(j + 1 + _PLEDGED, stop))
        if low[j] not in _BETWEEN:
            return False
    return False


def _of_a_loan(low: Sequence[str], first: int, last: int) -> bool:
    """Whether a loan is what a verb before these tokens is about."""
    for word in low[first:last]:
        if word.startswith(_LOANS):
            return True
        if word in _ENDS or word in ("à", "au", "aux"):
            return False
    return False


def pledged(low: Sequence[str], i: int, first: int) -> bool:
    """Whether what begins at token `i` is what a loan is secured by."""
    for k in range(i - 1, max(first, i - _PLEDGED) - 1, -1):
        if low[k] in _ENDS:
            return False
        if low[k].startswith(_PLEDGES):
            return low[k + 1] in PREPOSITIONS or low[k + 1] == "sur"
    return False


def _counted(low: Sequence[str], i: int, first: int) -> str:
    """Preposition of the banks or funds counted right before token `i`, "" for none."""
    if i - 1 < first or not any(w in _COLLECTIVES for w in low[max(first, i - 3) : i]):
        return ""
    for k in range(i - 2, max(first, i - 3 - _COUNTED) - 1, -1):
        prep = PREPOSITIONS.get(low[k], "")
        if prep == "de":
            prep = COMPOUND.get(low[k - 1], "") if k > first else ""
        if prep in ("auprès", "par", "avec"):
            return prep
        if low[k] in _ENDS:
            return ""
    return ""


def _own_affair(low: Sequence[str], i: int, first: int) -> bool:
    """Whether whoever heads a company is named at token `i` for another one, or for what was: "une
    start-up fondée par", "l'ancien patron"."""
    if i - 2 >= first and low[i - 1] == "par" and low[i - 2].startswith(_FOUNDED):
        return True
    before = low[max(first, i - _ONCE) : i]
    return _ENDS.isdisjoint(before) and any(w.startswith(_LEFT) for w in before)


def left_behind(reading: Reading, sentence: Sentence, mention: Mention) -> bool:
    """Whether a company is named only to say who somebody else is: where one used to work ("des
    transfuges d'OpenAI", "l'ancienne directrice technique d'OpenAI"), whom one competes with.
    Former staff that sells shares is not meant."""
    low, k = reading.low, mention.first - 1
    if mention.kind != "known" or k < sentence.first:
        return False
    if low[mention.first] in names().firsts and _own_affair(low, mention.first, sentence.first):
        return True
    if PREPOSITIONS.get(low[k]) != "de" and mention.prep != "de":
        return False
    if k - 1 > sentence.first and low[k - 1] == "et":  # "un ancien d'OpenAI et de Google"
        others = range(k - 2, max(sentence.first, k - _JOINED) - 1, -1)
        k = next((i for i in others if PREPOSITIONS.get(low[i]) == "de"), k)
    if k > sentence.first and low[k - 1].startswith(_PEERS):
        return True  # "un concurrent de CoreWeave" is another one
    for i in range(k, max(sentence.first, k - _FORMER) - 1, -1):
        if low[i] in _ENDS or low[i].startswith(_STAFF):
            return False
        if low[i].startswith(_LEFT) or (low[i] == "ex" and low[i + 1] == "-"):
            return True
    return False
