"""Whom the text credits: media, named persons, a press release; and how far the credit carries."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from pipelines.claims import lexicon, mentions
from pipelines.claims.lexicon import Phrases
from pipelines.claims.mentions import Group, Mention
from pipelines.claims.record import record
from pipelines.claims.scene import Scene

#: Words of saying; a person or medium beside one of them is credited.
_SAYING = frozenset(lexicon.words("outlets")["saying"]["words"])
#: Verbs that a medium follows, in ", écrit X", and participles before "par X".
_TOLD = frozenset(lexicon.words("outlets")["told"]["words"])
_RELAYED = frozenset(lexicon.words("outlets")["told"]["relayed"])
_ARTICLES = frozenset(("le", "la", "l'", "les", "«"))
#: How many sentences before, at most, a line may announce a list.
LIST = 8
#: A dateline ends within so many tokens of the start.
_OPENING = 6


@record
class Credit:
    """Who is credited in a sentence, and whether a phrase pointed back to the last one."""

    names: tuple[str, ...]
    again: bool
    release: bool
    refers: bool = False  # begins with "l'information": credits the sentence before


@cache
def _phrases() -> Phrases[str]:
    """What points back to the source named last, and what is a press release."""
    return lexicon.phrases(_lines())


@cache
def _longest() -> frozenset[str]:
    """The longest word of each of these phrases: few sentences have one, most have an article."""
    lines = (line for of_sort in _lines().values() for line in of_sort)
    return frozenset(max(lexicon.cut(line), key=len) for line in lines)


def _lines() -> dict[str, list[str]]:
    table = lexicon.words("outlets")
    return {sort: table[sort]["lines"] for sort in ("again", "release")}


def credit(scene: Scene) -> Credit:
    """Credits of one sentence."""
    low, sentence = scene.low, scene.sentence
    named: list[str] = []
    for group in scene.groups:
        if group.mentions[0].kind == "media":
            if not _dateline(scene, group):
                named.extend(n for n in group.names if n not in named)
            continue
        for mention in group.mentions:
            if mention.kind in ("unknown", "person") and _reporting(scene, mention):
                named.append(_bare(scene, mention))
    again = release = False
    if not _longest().isdisjoint(low[sentence.first : sentence.last]):
        for hit in _phrases().all(low, sentence.first, sentence.last):
            release = release or hit.value == "release"
            again = again or (hit.value == "again" and _said(scene, hit.first, hit.last))
    opening = scene.reading.words[sentence.first : sentence.first + 5] if named else ()
    refers = not _NEWS.isdisjoint(opening)
    return Credit(tuple(named), again, release, refers)


#: Words that open a sentence about the news itself.
_NEWS = frozenset(lexicon.words("outlets")["news"]["words"])


def persons(scene: Scene) -> tuple[str, ...]:
    """Persons named in a sentence, as it names them: a denial is credited to them."""
    reading, firsts = scene.reading, mentions.names().firsts
    out: list[str] = []
    for group in scene.groups:
        for mention in group.mentions:
            if mention.last - mention.first == 1:
                continue  # a surname, or none
            words = reading.low[mention.first : mention.last]
            if firsts.isdisjoint(words[:-1]):
                continue
            first = next(k for k, w in enumerate(words) if w in firsts)
            out.append(reading.slice(mention.first + first, mention.last))
    return tuple(dict.fromkeys(out))


def _dateline(scene: Scene, group: Group) -> bool:
    """ "PARIS (Agence) - ...": the wire that speaks is the text's own voice."""
    words, first = scene.reading.words, group.first
    if first <= scene.sentence.first or words[first - 1] != "(":
        return False
    return first - scene.sentence.first <= _OPENING and ")" in words[group.last : group.last + 1]


def _reporting(scene: Scene, mention: Mention) -> bool:
    """Whether a name that no list knows stands where a medium does: "écrit le Chosun Ilbo"."""
    low, first = scene.low, scene.sentence.first
    at = mention.first
    while at > first and low[at - 1] in _ARTICLES:
        at -= 1
    back = low[max(first, at - 3) : at]
    if back[-1:] == ["selon"] or back[-2:] == ["d'", "après"] or back[-1:] == ["d'après"]:
        return True
    if mention.kind == "person":
        return False
    if back[-1:] == ["par"] and back[-2:-1] and back[-2] in _RELAYED:
        return True
    inverted = back[-2:-1] and back[-2] in (",", "»")
    if back[-1:] and back[-1] in _TOLD and inverted:
        return True
    if back[-2:] in (["croit", "savoir"], ["croyait", "savoir"]):
        return True
    after = low[mention.last : min(mention.last + 2, scene.sentence.last)]
    return after in (["croit", "savoir"], ["croyait", "savoir"])


def _bare(scene: Scene, mention: Mention) -> str:
    """The name without the article that a sentence puts before it."""
    first = mention.first
    while first + 1 < mention.last and scene.low[first] in _ARTICLES:
        first += 1
    words = scene.reading.slice(first, mention.last).split()
    return " ".join(words)


def _said(scene: Scene, first: int, last: int) -> bool:
    """Whether a word of saying or "selon" stands beside a span."""
    low, sentence = scene.low, scene.sentence
    before = low[max(sentence.first, first - 3) : first]
    near = [*before, *low[last : min(last + 3, sentence.last)]]
    return any(w in _SAYING or w == "après" for w in near)


#: How many sentences after a title may say whom it goes back to.
_LEAD = 3


def lent(scenes: Sequence[Scene], credits: Sequence[Credit], k: int, denied: bool) -> list[str]:
    """Credits of other sentences that hold for hearsay or a denial which has none of its own.

    A title goes back to whom the first sentences credit, the lines of a list to whom the line that
    opens it does, hearsay to whom the next sentence does; a denial answers the report told right
    before or after it.
    """
    scene = scenes[k]
    apart = len(scenes) > 1 and scenes[1].sentence.paragraph != scenes[0].sentence.paragraph
    # of two media, a title does not tell which says what
    top = k == 0 and apart and len({credit.names for credit in credits if credit.names}) == 1
    places = list(range(1, min(_LEAD + 1, len(scenes)))) if top else []
    lead = opener(scenes, k)
    if lead is not None:
        places.append(lead)
    if denied:
        near = [at for at in (k - 1, k + 1) if 0 <= at < len(scenes)]
        places += [at for at in near if _beside(scene, scenes[at]) and not scenes[at].sums]
    elif k + 1 < len(scenes) and _beside(scene, scenes[k + 1]) and not scenes[k + 1].sums:
        places.append(k + 1)
    found = next((credits[at].names for at in places if credits[at].names), ())
    names = list(found)
    if denied and scene.sums:
        after = k + 1 < len(scenes) and _beside(scene, scenes[k + 1])
        names += [n for at in (k, k + after) for n in persons(scenes[at])]
    return list(dict.fromkeys(names))


def _beside(one: Scene, other: Scene) -> bool:
    return one.sentence.paragraph == other.sentence.paragraph


def opener(scenes: Sequence[Scene], k: int) -> int | None:
    """The sentence with a colon that opens the list in which sentence `k` is a line."""
    for at in range(k - 1, max(-1, k - 1 - LIST), -1):
        scene = scenes[at]
        if scene.low[scene.sentence.last - 1] == ":":
            return at if scene.sentence.paragraph != scenes[k].sentence.paragraph else None
    return None
