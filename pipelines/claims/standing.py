"""Ways to stand in a sentence that the word right before a name does not tell: as what a loan is
pledged on ("gagé sur son contrat avec Meta"), as who answers for it, as one of several just
counted ("auprès de sept banques : BNP Paribas, HSBC"), as what somebody left."""

from __future__ import annotations

from collections.abc import Sequence

from pipelines.claims import cues, lexicon
from pipelines.claims.mentions import COMPOUND, DETERMINERS, PREPOSITIONS, Mention, names
from pipelines.claims.record import replace
from pipelines.claims.tokens import Reading, Sentence

_TABLE = lexicon.words("grammar")
_PLEDGES = tuple(_TABLE["pledges"]["stems"])
_INITIALS = frozenset(stem[0] for stem in _PLEDGES)  # asked first: most words have others
_SURETIES = frozenset(_TABLE["sureties"]["nouns"])
_ANSWERING = tuple(_TABLE["sureties"]["verbs"])
_BETWEEN = frozenset(_TABLE["sureties"]["between"])
_LOANS = tuple(_TABLE["sureties"]["loans"])
_LENDERS = tuple(_TABLE["sureties"]["lenders"])
_COLLECTIVES = frozenset(_TABLE["collectives"]["words"])
#: How many tokens before a name it may say that it is only a pledge.
_PLEDGED = 8
#: How whoever answers for a loan stands in its sentence.
SURETY = "garant"
#: How many tokens behind a name it may say that it answers for a loan.
_ANSWERED = 6
_THEIRS = frozenset(("sa", "leur"))
#: What goes on with the same party, how many tokens behind it says what else that is.
_ALSO = frozenset(("et", "mais", "puis"))
_CALLED = 3
#: What else the party may do, and the forms in which it is said so.
_DEEDS = frozenset("borrow invest issue lend raise receive sell spend supply transfer".split())
_NO_VERB = ("", "", None)
_FINITE = frozenset(("pres", "fut", "cond", "impf", "past"))
_DONE, _GERUND = _FINITE | {"part", "inf"}, frozenset(("ger",))
_HAVING = frozenset(_TABLE["clause"]["auxiliaries"])
_CLITICS = frozenset("aussi en ensuite leur lui n' ne s' se y également".split())
_RELATIVE = frozenset(("qui", "que", "qu'", "dont", "où"))
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
#: Before the "pas" that denies a name and no verb: "et pas", "non pas", "ce n'est pas".
_BEFORE_NOT = frozenset(", ; : ( – « et est non".split())
#: Between it and the name, and before the name of the other.
_GOVERNING = DETERMINERS.union(PREPOSITIONS, COMPOUND, _TABLE["between"]["heads"])
#: Who somebody just named is to a company.
_OWNERS = frozenset(
    "actionnaire bailleur client fournisseur investisseur partenaire soutien".split()
)
#: Shares are called by the name of whoever issued them.
_SHARES, _OWN = frozenset(("actions", "titres", "parts")), frozenset(("ses", "leurs"))
#: Right before the names of those who were counted.
_OPENS = frozenset((":", "("))


def placed(reading: Reading, sentence: Sentence, mention: Mention) -> Mention:
    """`mention` with the preposition that its sense calls for."""
    low, i = reading.low, mention.first - 1
    if answering(low, mention.last, sentence.last) == sentence.last:
        return replace(mention, prep=SURETY)
    if i < sentence.first:
        return mention
    if low[i] in _SHARES and low[i - 1] in _OWN and not mention.prep:
        return replace(mention, prep="de")  # "SoftBank a cédé ses actions Nvidia"
    if low[i] in _OPENS:
        prep = _counted(low, i, sentence.first)
        return replace(mention, prep=prep) if prep else mention
    return replace(mention, prep="hors") if pledged(low, mention.first, sentence.first) else mention


def answering(low: Sequence[str], k: int, stop: int) -> int | None:
    """Up to which token who is named right before token `k` only answers for a loan: `stop` where
    nothing else is said of it, None where it does not: "SoftBank se porte garant d'un emprunt",
    "garantit un prêt", not "garantit 5 milliards à OpenAI" or "garant et prêteur"."""
    for j in range(k, min(k + _ANSWERED, stop)):
        if low[j] in _SURETIES:
            own = low[j] != "garantie" or low[j - 1] in _THEIRS
            return _only(low, k, j, stop) if own and not _lends_too(low, j + 1, stop) else None
        if low[j].startswith(_ANSWERING):
            loan = _of_a_loan(low, j + 1, min(j + 1 + _PLEDGED, stop))
            return _only(low, k, j, stop) if loan else None
        if low[j] not in _BETWEEN:
            return None
    return None


def _lends_too(low: Sequence[str], k: int, stop: int) -> bool:
    """Whether the words from `k` on call a party a lender as well: "garant et prêteur"."""
    too = k < stop and low[k] in _ALSO
    return too and any(w.startswith(_LENDERS) for w in low[k + 1 : min(k + 1 + _CALLED, stop)])


def _only(low: Sequence[str], k: int, said: int, stop: int) -> int:
    """Where behind the guarantee at token `said` something else is said of whoever gives it:
    "garantit le bail et investit", "garante, prête", "garantit en prêtant"; `stop` for nowhere."""
    verbs, within = cues.verbs(), False  # a relative clause
    done = not _HAVING.isdisjoint(low[k:said])
    for j in range(said + 1, stop - 1):
        if low[j] == ";":
            break
        if low[j] in _RELATIVE:
            within = True
        elif verbs.get(low[j], _NO_VERB)[2] == "part":
            done = False  # what follows goes on with this: "un prêt accordé et signé"
        elif low[j] == ",":
            within = False
        if within or (low[j] not in _ALSO and low[j] not in (",", "en")):
            continue
        moods = _GERUND if low[j] == "en" else _DONE if done and low[j] != "," else _FINITE
        verb = j + 1
        while verb < stop - 1 and (low[verb] in _CLITICS or low[verb] in _HAVING):
            moods = _DONE if low[verb] in _HAVING else moods
            verb += 1
        sort, _, mood = verbs.get(low[verb], _NO_VERB)
        if mood in moods and sort in _DEEDS:
            return j
    return stop


def answered_by(low: Sequence[str], i: int, first: int) -> bool:
    """Whether who begins at token `i` answers for what stands before: "un prêt garanti par"."""
    k = i - 1
    while k > first and low[k] in DETERMINERS:
        k -= 1
    return k > first and low[k] == "par" and low[k - 1].startswith(_ANSWERING)


def _of_a_loan(low: Sequence[str], first: int, last: int) -> bool:
    """Whether a loan is what a verb before these tokens is about."""
    for word in low[first:last]:
        if word.startswith(_LOANS):
            return True
        if word in _ENDS or word in ("à", "au", "aux"):
            return False
    return False


def apposed(reading: Reading, one: Mention, two: Mention) -> bool:
    """Whether a company says who the one before is: "Microsoft, actionnaire d'OpenAI"."""
    low = reading.low
    beside = two.kind == "known" and low[two.first] in _OWNERS
    return beside and low[one.last : two.first] == [","]


def not_but(reading: Reading, sentence: Sentence, mention: Mention) -> bool:
    """Whether a party is only named for the other one: "pas Microsoft, mais SoftBank"."""
    low, i = reading.low, mention.first - 1
    while i > sentence.first and low[i] in _GOVERNING:
        i -= 1
    if i < sentence.first or low[i] != "pas":
        return False
    k = mention.last + (low[mention.last : mention.last + 1] == [","])
    if k >= sentence.last or low[k] != "mais":
        return False
    k += 1
    while k < sentence.last and low[k] in _GOVERNING:
        k += 1
    named = k < sentence.last and reading.words[k][0].isupper()
    return named and (i == sentence.first or low[i - 1] in _BEFORE_NOT)


def pledged(low: Sequence[str], i: int, first: int) -> bool:
    """Whether what begins at token `i` is what a loan is secured by."""
    for k in range(i - 1, max(first, i - _PLEDGED) - 1, -1):
        word = low[k]
        if word in _ENDS:
            return False
        if word[0] in _INITIALS and word.startswith(_PLEDGES):
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
    transfuges d'OpenAI", "l'ancienne directrice technique d'OpenAI"), whom one competes with, who
    it is not. Former staff that sells shares is not meant."""
    low, k = reading.low, mention.first - 1
    if not_but(reading, sentence, mention):
        return True
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
