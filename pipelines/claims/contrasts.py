"""Whom a sentence only holds somebody else against: "contrairement à Microsoft", "SoftBank plutôt
qu'Amazon", "sans Microsoft, SoftBank et Nvidia souscrivent"; and with whom a company only competes:
"concurrence OpenAI et Google", "face à Meta", "ses rivaux, dont Anthropic". They neither pay nor
are paid for being named so."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pipelines.claims import lexicon, negation
from pipelines.claims.mentions import (
    COMPOUND,
    DETERMINERS,
    NATIONS,
    POSSESSIVES,
    PREPOSITIONS,
    Group,
    Mention,
)
from pipelines.claims.naming import finite
from pipelines.claims.record import replace
from pipelines.claims.tokens import Reading, Sentence

_GRAMMAR = lexicon.words("grammar")
_TABLE, _RIVALRY = _GRAMMAR["against"], _GRAMMAR["rivalling"]
#: How such a party stands in its sentence.
OPPOSED, RIVAL = "opposé", "rival"
_PHRASES = lexicon.phrases({"": (*_TABLE["whole"], *_TABLE["before_preposition"])})
#: Behind these a preposition may stand: "plutôt qu'auprès de Microsoft".
_OPEN = lexicon.phrases({"": _TABLE["before_preposition"]})
#: Last tokens of a phrase: right before most names there is none of them.
_ENDS = frozenset(
    lexicon.cut(line)[-1] for line in (*_TABLE["whole"], *_TABLE["before_preposition"])
)
_STEMS, _WORDS = tuple(_RIVALRY["stems"]), frozenset(_RIVALRY["words"])
_RIVALLING = lexicon.phrases({"": _RIVALRY["phrases"]})
_HEADS = _WORDS.union(lexicon.cut(line)[-1] for line in _RIVALRY["phrases"])
_PEERS, _MUTUAL = frozenset(_RIVALRY["peers"]), frozenset(_RIVALRY["mutual"])
_BETWEEN = DETERMINERS.union(_GRAMMAR["between"]["heads"]) - _ENDS
_LED = frozenset(PREPOSITIONS).union(COMPOUND, ("vis",))
#: Between a verb of competing and whom one competes with: "rivalise désormais avec le géant".
_ASIDES = _BETWEEN.union(_LED, _RIVALRY["adverbs"]) - _HEADS
#: How many tokens they may be.
_REACH = 8
_NAMING = frozenset(_RIVALRY["naming"])
_LISTING = _BETWEEN | _NAMING | {","}
#: What goes on with the same contrast: "contrairement à Microsoft et Apple".
_JOINTS = frozenset(("et", "ou", "ni"))
_NAMES = _LED | _BETWEEN | _JOINTS
#: How many tokens a list of names is read for.
_LIST = 16
#: What opens a phrase that a comma ends before the subject: "Pour concurrencer Nvidia, OpenAI".
_OPENERS = _PHRASES.openers.union(PREPOSITIONS, ("afin",))
_OPENING = ("ant", "é", "ée", "és", "ées")
#: An aside on the party that is shorter than this has no verb: ", lui,".
_SHORTEST = 3
#: How many tokens behind a name its own may stand: "et à ses 500 milliards".
_NEAR = 4
_MONEY = ("milliard", "million")
_RELATIVE = frozenset(("qui", "que", "qu'", "dont", "où", "auquel", "à", "de", "("))
_PARTICIPLES = ("é", "ée", "és", "ées")
#: How the conditional ends: what would be without somebody says that he is there.
_WOULD = ("rait", "raient")


def placed(
    reading: Reading, sentence: Sentence, mention: Mention, before: Mention | None
) -> Mention:
    """`mention`, marked where it has no part in what its sentence tells; `before`: the last one of
    which that is so. Who has money of his own is a party all the same: "contrairement à Anthropic,
    qui a reçu 8 milliards"."""
    prep = _prep(reading, sentence, mention, before)
    if not prep or _has_money(reading.low, mention.last, sentence.last):
        return mention
    return replace(mention, prep=prep)


def out(groups: Sequence[Group], sums: int) -> Iterator[str]:
    """Who has no part in what a sentence tells. Of several sums one may be a rival's: "dépasse
    OpenAI : 965 milliards contre 852"."""
    preps = (OPPOSED, RIVAL) if sums < 2 else (OPPOSED,)
    found = [g for g in groups if g.prep in preps]
    if found:
        others = {name for g in groups if g.prep not in preps for name in g.names}
        yield from (name for g in found for name in g.names if name not in others)


def _prep(reading: Reading, sentence: Sentence, mention: Mention, before: Mention | None) -> str:
    low, first = reading.low, sentence.first
    k = mention.first - 1
    while k >= first and (low[k] in _BETWEEN or low[k].endswith(NATIONS)):
        k -= 1
    if k < first:
        return ""
    if low[k] in _ENDS and _PHRASES.before(low, k + 1, first) is not None:
        return OPPOSED
    far, led = max(first, mention.first - _REACH), k
    while led >= far and (low[led] in _ASIDES or low[led].endswith(NATIONS)):
        led -= 1
    if led >= first:
        if led < k and _OPEN.before(low, led + 1, first) is not None:
            return OPPOSED
        if low[led] in _WORDS or low[led].startswith(_STEMS):
            return RIVAL
        if low[led] in _HEADS and not _LED.isdisjoint(low[led + 1 : mention.first]):
            return RIVAL if _RIVALLING.before(low, led + 1, first) is not None else ""
    if _among_peers(low, far, mention, sentence):
        return RIVAL
    if before is not None and _goes_on(reading, sentence, before, mention.first):
        return before.prep
    if low[first] == "sans" and k == first and _without(low, mention.last, sentence):
        return OPPOSED
    return ""


def _among_peers(low: Sequence[str], far: int, mention: Mention, sentence: Sentence) -> bool:
    """Whether a party is named as one of its company's rivals: "ses concurrents, dont Google", not
    "les deux rivaux Nvidia et AMD" or "Ses rivaux, Nvidia et AMD, investissent"."""
    k = mention.first - 1
    while k > far and low[k] in _LISTING:
        k -= 1
    if low[k] not in _PEERS or k == sentence.first or low[k - 1] in _MUTUAL:
        return False
    gap = low[k + 1 : mention.first]
    named = "," not in gap or not _NAMING.isdisjoint(gap)
    return named and not (mention.last < sentence.last and finite(low[mention.last]))


def _goes_on(reading: Reading, sentence: Sentence, before: Mention, start: int) -> bool:
    """Whether a party is coordinated with the one before; behind what opens a sentence, a comma
    ends the contrast unless it lists: "à Microsoft, Apple et Google,"."""
    low, first = reading.low, sentence.first
    gap = [w for w in low[before.last : start] if w not in _BETWEEN]
    joints = [w for w in gap if w not in _LED]
    if len(joints) != 1:
        return False
    if joints[0] in _JOINTS:
        return True
    if joints[0] != ",":
        return False
    return not _opens(low, first, start) or len(gap) > 1 or _listed(reading, start)


def _opens(low: Sequence[str], first: int, start: int) -> bool:
    """Whether the contrast stands in what a sentence opens with: "Pour concurrencer Nvidia,"."""
    if low[first] not in _OPENERS and not low[first].endswith(_OPENING):
        return False
    comma = next(k for k in range(first, start) if low[k] == ",")
    words = low[first:comma]
    return any(w in _HEADS or w.startswith(_STEMS) for w in words) or (
        low[first] == "sans" or _PHRASES.any(low, first, comma)
    )


def _listed(reading: Reading, start: int) -> bool:
    """Whether names from token `start` on end with "et" and one more before the next comma, behind
    which somebody else is named."""
    low, words, joined = reading.low, reading.words, False
    for k in range(start, min(start + _LIST, len(low) - 1)):
        if low[k] == ",":
            return joined and (words[k + 1][0].isupper() or low[k + 1] in DETERMINERS)
        joined = joined or low[k] in _JOINTS
        if not (words[k][0].isupper() or low[k] in _NAMES):
            return False
    return False


def _without(low: Sequence[str], k: int, sentence: Sentence) -> bool:
    """Whether the sentence, which opens with "sans", goes on with others: not "Sans Microsoft,
    OpenAI n'aurait rien levé"."""
    rest = low[k : sentence.last]
    return (
        "," in rest
        and rest[0] in (",", "et", "ni")
        and negation.NE.isdisjoint(rest)
        and not any(w.endswith(_WOULD) for w in rest)
    )


def _has_money(low: Sequence[str], k: int, stop: int) -> bool:
    """Whether what is said of a party right behind its name names a sum."""
    own = not POSSESSIVES.isdisjoint(low[k : min(k + _NEAR, stop)])
    if low[k : k + 1] == [","]:
        k += 1
    if k >= stop or not (own or low[k] in _RELATIVE or low[k].endswith(_PARTICIPLES)):
        return False
    end = k
    while end < stop and (low[end] != "," or end - k < _SHORTEST):
        end += 1
    return any(w[0].isdigit() or w.startswith(_MONEY) for w in low[k:end])
