"""For whom a named person stands: the organisation whose title the sentence gives, or nobody.

"le directeur financier de Disney, Hugh Johnston" pays for Disney; "l'analyste Dina Vasquez" pays
nothing; "son patron, Matt Dupont" stands for the company spoken of, as a pronoun does. Founders
and who has no title may invest money of their own and stay persons.
"""

from __future__ import annotations

from collections.abc import Sequence

from pipelines.claims import lexicon
from pipelines.claims.mentions import ASIDE, Mention
from pipelines.claims.record import replace
from pipelines.claims.salience import YOUNG
from pipelines.claims.tokens import Reading, Sentence

_TABLE = lexicon.words("names")["standing"]
#: Who speaks for the organisation that employs them.
_OFFICERS = frozenset(_TABLE["officers"])
#: Who comments on money that is not theirs.
_VOICES = frozenset(_TABLE["voices"])
#: What experts publish.
_WRITINGS = frozenset(_TABLE["writings"])
_OWN = frozenset(("son", "sa", "leur"))
#: How many tokens a title has at most, with its article and its adjectives.
_TITLE = 6


def placed(reading: Reading, sentence: Sentence, mentions: Sequence[Mention]) -> list[Mention]:
    """`mentions` of one sentence, the persons among them with those they stand for."""
    return [
        _placed(reading, sentence, mentions, k)
        if m.kind == "person"
        else _witness(reading, sentence, m)
        for k, m in enumerate(mentions)
    ]


def _witness(reading: Reading, sentence: Sentence, one: Mention) -> Mention:
    """ "l'analyste de Citi", "une note de Morgan Stanley": who says something of others' money."""
    k = one.first - 2
    if one.prep != "de" or one.role in YOUNG or k < sentence.first:
        return one
    if reading.low[k] not in _VOICES and reading.low[k] not in _WRITINGS:
        return one
    return replace(one, kind="person", name=None, sort="voice")


def _placed(reading: Reading, sentence: Sentence, mentions: Sequence[Mention], k: int) -> Mention:
    one = mentions[k]
    left = mentions[k - 1] if k else None
    right = mentions[k + 1] if k + 1 < len(mentions) else None
    end = one.first - (one.first > sentence.first and reading.low[one.first - 1] == ",")
    if left is not None and left.last == end:  # "le directeur financier de Disney, Hugh Johnston"
        back: Sequence[str] = reading.low[max(sentence.first, left.last - _TITLE) : end]
    else:
        back, left = (
            _words(reading, range(end - 1, max(sentence.first, end - _TITLE) - 1, -1)),
            None,
        )
    ahead: Sequence[str] = ()
    if one.last < sentence.last and reading.low[one.last] == ",":
        ahead = _words(reading, range(one.last + 1, min(sentence.last, one.last + 1 + _TITLE)))
    for title, other in ((back, left), (ahead, right)):
        if _VOICES.intersection(title):
            return replace(one, name=None, sort="voice")
        if not _OFFICERS.intersection(title):
            continue
        if _OWN.intersection(title):
            return replace(one, name=None, sort="single")
        if other is None or other.first > one.last + 1 + _TITLE:
            return replace(one, name=None, sort="voice")  # "la directrice financière, Amy Hood"
        if other.kind == "known" and other.role not in ASIDE:
            return replace(one, name=other.name, role=other.role, sort="officer")
    return one


def _words(reading: Reading, places: range) -> Sequence[str]:
    """Words in small letters from one place on, up to where their phrase ends."""
    out: list[str] = []
    for k in places:
        word = reading.words[k]
        if word[0].isupper() or not (word[0].isalpha() or word == "-"):
            break
        out.append(word)
    return out
