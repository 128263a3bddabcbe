"""Paragraphs of something else in the middle of a story: the weather, a town's pool, the round of
a start-up that nobody here follows.

They tell no claim, and whatever they name (sums, investors, who is spoken of last) would only lend
itself to what the next paragraph leaves open. So they are left out before anything is decided.
Each is known by its own words, as the model "aside" weighs them, and a text with it reads as the
text without it. A paragraph that names somebody of the watch or of another paragraph is kept.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from pipelines.claims import lexicon, scorer
from pipelines.claims.amounts import Sum
from pipelines.claims.drafts import Draft
from pipelines.claims.features import abstract
from pipelines.claims.figures import LEAST
from pipelines.claims.mentions import PREPOSITIONS, Known, Mention
from pipelines.claims.scene import Scene

_TABLE = lexicon.words("digressions")
_OPENERS = frozenset(_TABLE["openers"]["words"])
_POINTING = frozenset(_TABLE["pointing"]["words"])
_MOMENTS = frozenset(_TABLE["moments"]["words"])
_PRONOUNS = frozenset(_TABLE["pronouns"]["words"])
_IMPERSONAL = frozenset(_TABLE["impersonal"]["words"])
_POSSESSIVES = frozenset(_TABLE["possessives"]["words"])
_DEFINITE = frozenset(_TABLE["definite"]["words"])
_SPOKEN_OF = frozenset(_TABLE["spoken_of"]["words"])
_COMPOUND = frozenset(_TABLE["spoken_of"]["compound"])
#: Before a sum these say that it was told before.
_KNOWN = _DEFINITE | _POINTING | _POSSESSIVES
#: Margin (in nats) of a paragraph that is left out. Of the lines of the corpus that name nobody who
#: is followed, some two in a hundred would be (read by strangers to them), nearly all of them
#: digressions of their authors; one in fifty of those that tell a claim.
SURE = 0.8
#: How many letters of a word count.
STEM = 7
#: How many sentences are told apart, and in steps of how many tokens up to which length.
_SENTENCES, _STEP, _LENGTH = 4, 15, 8
#: A sum among the first tokens of a sentence is its subject.
_HEAD = 3
#: To whom or where, told before even if the sentence has a name of its own: "Schwarz lui a viré".
_GIVEN_TO = frozenset(("lui", "y"))
#: Behind these a pronoun stands for somebody told before even then: "un prêt arrangé pour elle".
_BESIDE = frozenset(("pour", "avec", "chez", "sur", "contre", "à", "d'"))
#: What a name may stand behind the noun that says what it is: "le fabricant suédois de vélos X".
_APPOSITION = 6
_OF = frozenset(("de", "du", "des", "d'"))
#: Between a description and a name they part the two.
_PARTING = frozenset(PREPOSITIONS).difference(_OF).union(("et", "a", "ont", "qui"))
#: Last token of a whole sentence.
_ENDS = frozenset((".", "!", "?", "…", "...", "»", ")", '"'))
#: What a small firm raises or is lent, in its currency; with more it may be the story's.
_SMALL = 5e7
#: Who is named without first name.
_TITLES = frozenset(("m", "mm", "mme", "mmes", "monsieur", "madame"))

#: What the grammar draws from the sentences of one paragraph when it reads nothing else.
Alone = Callable[[Sequence[Scene]], Sequence[Draft]]


def lines(found: Sequence[Scene], known: Known, alone: Alone) -> frozenset[int]:
    """Lines of a text that speak of something else; none where no line names who is followed. The
    first one says what the text is about, whoever it names."""
    model = scorer.weights().get("aside")
    others = untold(found, known)
    if model is None or len(others) == len({scene.sentence.line for scene in found}):
        return frozenset()
    others.pop(found[0].sentence.line, None)
    prose = {n: features(line, alone) for n, line in others.items() if _is_prose(line[0])}
    strange = {n for n, f in prose.items() if scorer.margin(scorer.gathered(model, f)) > SURE}
    if not strange:
        return frozenset()
    rest = _names(scene for scene in found if scene.sentence.line not in strange)
    return frozenset(n for n in strange if rest.isdisjoint(_names(others[n])))


def untold(found: Iterable[Scene], known: Known) -> dict[int, list[Scene]]:
    """Lines of a text that name nobody who is followed, with their sentences."""
    out: dict[int, list[Scene]] = {}
    told: set[int] = set()
    for scene in found:
        line = scene.sentence.line
        if line not in told:
            out.setdefault(line, []).append(scene)
            if _followed(known, scene):
                told.add(line)
                del out[line]
    return out


def features(line: Sequence[Scene], alone: Alone) -> set[str]:
    """What tells a paragraph that stands by itself from one of a story: its words, with names,
    sums and dates as classes, its currencies, its length, what its opening refers to, and whether
    it says itself who gets its money."""
    opening = line[0]
    length = sum(scene.sentence.last - scene.sentence.first for scene in line)
    sums = [one for scene in line for one in _money(scene)]
    taken_up = set(_taken_up(opening))
    out = {f"w={word[:STEM]}" for scene in line for word in abstract(scene) if word}
    out.update([f"cur={one.currency}" for one in sums])
    out.update([f"up={sort}" for sort in taken_up])
    if sums:
        roles = {m.name: m.role for scene in line for m in _mentions(scene) if m.name}
        for draft in alone(line):
            out.add(f"taker={roles.get(draft.payee or '')!s}|{(draft.one.top < _SMALL)!s}")
    out |= {
        "bias",
        f"anew={(not taken_up)!s}",
        f"sums={bool(sums)!s}",
        f"named={bool(_names(line))!s}",
        f"sentences={min(len(line), _SENTENCES)}",
        f"length={min(length // _STEP, _LENGTH)}",
    }
    return out


def _words(scene: Scene) -> Sequence[str]:
    return scene.low[scene.sentence.first : scene.sentence.last]


def _money(scene: Scene) -> list[Sum]:
    return [one for one in scene.sums if not one.bare and one.top >= LEAST]


def _mentions(scene: Scene) -> list[Mention]:
    return [m for g in scene.groups for m in g.mentions]


def _is_prose(scene: Scene) -> bool:
    """Whether a paragraph opens with a whole sentence; headings, labels and cells have none."""
    low = _words(scene)
    return low[-1] in _ENDS and "|" not in low and not scene.sentence.bullet


def _taken_up(scene: Scene) -> Iterator[str]:
    """What of the first sentence of a paragraph was said before it, by the sort of word."""
    low, words, first = _words(scene), scene.reading.words, scene.sentence.first
    mentions, money = _mentions(scene), _money(scene)
    if low[0] in _OPENERS:
        yield "opener"
    if any(one.left < first + _HEAD for one in money):
        yield "sum"  # "Plus de 60 milliards, avance Reuters": what for was said before
    if any(low[one.left - first - 1] in _KNOWN for one in money if one.left > first):
        yield "the sum"  # "Orquin ne versera pas les 300 millions"
    if any(_known_before(scene, m) for m in mentions):
        yield "description"
    named = any(m.first == first and m.kind not in ("description", "pronoun") for m in mentions)
    for k, word in enumerate(low):
        after = low[k + 1] if k + 1 < len(low) else ""
        named = named or (k > 0 and words[first + k][0].isupper())
        if word in _GIVEN_TO:
            yield "given to"
        if word in _POINTING and after not in _MOMENTS:
            yield "pointing"
        if word == "il" and after in _IMPERSONAL:
            continue
        if word in _PRONOUNS and (low[k - 1] in _BESIDE or not named):
            yield "pronoun"
        if word in _POSSESSIVES and (not k or (money and not named)):
            yield "possessive"
        if word in _SPOKEN_OF and k and low[k - 1] in _DEFINITE and not _told_of_what(low, k + 1):
            yield "spoken of"


def _told_of_what(low: Sequence[str], k: int) -> bool:
    """Whether a noun is told apart by what follows it from token `k` on; "la levée de fonds" is
    not."""
    of_what = low[k + 1] if k + 1 < len(low) else ""
    return k < len(low) and low[k] in _OF and of_what not in _COMPOUND


def _known_before(scene: Scene, one: Mention) -> bool:
    """Whether a mention of a first sentence takes up somebody of whom the text has spoken."""
    if one.kind == "person":  # "M. Musk": he was named in full where the text first spoke of him
        titled = one.first > scene.sentence.first and scene.low[one.first - 1] in _TITLES
        titled = titled or scene.low[one.first] in _TITLES
        return titled or one.last - one.first == 1
    if one.kind != "description":
        return False
    others = [m for m in _mentions(scene) if m.kind in ("unknown", "known")]
    return not any(m.last <= one.first or _apposed(scene.low, one, m) for m in others)


def _apposed(low: Sequence[str], one: Mention, name: Mention) -> bool:
    """Whether a description only says what the name behind it is."""
    gap = low[one.last : name.first]
    return len(gap) <= _APPOSITION and all(w.isalpha() and w not in _PARTING for w in gap)


def _names(line: Iterable[Scene]) -> set[str]:
    """Who is named, media apart: a digression names nobody of whom the story speaks, too."""
    return {m.name for s in line for m in _mentions(s) if m.name and m.kind != "media"}


def _followed(known: Known, scene: Scene) -> bool:
    """Whether a sentence names somebody who is followed."""
    watched = known.watched
    return any(
        not watched.isdisjoint(group.names)
        or any(not watched.isdisjoint(m.candidates) for m in group.mentions)
        for group in scene.groups
    )
