"""Paragraphs of something else in the middle of a story: the weather, a town's pool, the round of
a start-up that nobody here follows.

They tell no claim, and whatever they name (sums, investors, who is spoken of last) would only lend
itself to what the next paragraph leaves open. So they are left out before anything is decided.
Each is known by its own words, by rules or by a model (`asides`), and a text with it reads as the
text without it. The rules keep a paragraph that may speak of the story: it follows on, denies, or
leaves open who gets its money. What names somebody followed is kept, unless another model knows
that its money goes to something else (`elsewhere`). A paragraph is kept in any case that names
anybody of whom a kept one speaks, but for those whom the watch knows; so is the first one, which
says what the text is about.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from pipelines.claims import asides, elsewhere, governor, lexicon, negation
from pipelines.claims.amounts import Sum
from pipelines.claims.drafts import YOUNG, Draft
from pipelines.claims.mentions import PREPOSITIONS, Known, Mention
from pipelines.claims.scene import Scene
from pipelines.records import Role

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
_FIELD = frozenset(_TABLE["field"]["words"])
_TAKING_PART = tuple(_TABLE["taking_part"]["stems"])
_DENYING = tuple(_TABLE["denying"]["stems"])
_ELSEWHERE = frozenset(_TABLE["elsewhere"]["words"])
_STAFF = tuple(lexicon.words("grammar")["staff"]["stems"])
#: What a story is on, whoever takes part: "Le groupe mène aussi le tour".
_ROUND = frozenset(("tour", "levée"))
_OF = frozenset(("de", "du", "des", "d'"))
#: Between a description and a name they part the two.
_PARTING = frozenset(PREPOSITIONS).difference(_OF).union(("et", "a", "ont", "qui"))
#: A sentence with fewer tokens is a heading or leans on its neighbours.
_SHORTEST = 6
#: A sum among the first tokens of a sentence is its subject.
_HEAD = 3
#: To whom or where, told before even if the sentence has a name of its own: "Schwarz lui a viré".
_GIVEN_TO = frozenset(("lui", "y"))
#: Behind these a pronoun stands for somebody told before even then: "un prêt arrangé pour elle".
_BESIDE = frozenset(("pour", "avec", "chez", "sur", "contre", "à", "d'"))
#: What a name may stand behind the noun that says what it is: "le fabricant suédois de vélos X".
_APPOSITION = 6
#: Classes of words after which somebody gets the money, named or not.
_GIVING = frozenset(("invest", "transfer", "lend", "debt", "shares", "talk"))
#: What a person's film, book or prize may bring; more may be an investment.
_SMALL = 5e7
#: Who gives or lends for a living.
_GIVERS: tuple[Role, ...] = ("investor", "lender")
#: Who is named without first name.
_TITLES = frozenset(("m", "mm", "mme", "mmes", "monsieur", "madame"))

#: What the grammar draws from the sentences of one paragraph when it reads nothing else.
Alone = Callable[[Sequence[Scene]], Sequence[Draft]]


def lines(found: Sequence[Scene], known: Known, alone: Alone) -> frozenset[int]:
    """Lines of a text that speak of something else; none where no line names who is followed."""
    told = by_line(found)
    about = {n for n, line in told.items() if any(followed(known, scene) for scene in line)}
    if not about:
        return frozenset()
    later = told.keys() - {found[0].sentence.line}
    names = {n: asides.names(line) for n, line in told.items()}
    listed = known.roles.keys()  # whom the watch knows, followed or not
    away = {
        n for n in later if _goes_elsewhere(told[n], n in about or not names[n].isdisjoint(listed))
    }
    strange = {
        n
        for n in later - about - away
        if _strange(told[n], known, alone) or asides.stands_alone(told[n], _reserved(told[n]))
    }
    # of those on the list the story may speak as well
    own = {n: names[n] - listed if n in away else names[n] for n in away | strange}
    return _unspoken(own, names)


def by_line(found: Iterable[Scene]) -> dict[int, list[Scene]]:
    """Sentences by the line that they stand in."""
    out: dict[int, list[Scene]] = {}
    for scene in found:
        out.setdefault(scene.sentence.line, []).append(scene)
    return out


def _unspoken(own: Mapping[int, set[str]], names: Mapping[int, set[str]]) -> frozenset[int]:
    """Lines of `own` whose names no other line has, nor one that is kept for such a name."""
    naming: dict[str, list[int]] = {}
    for n, some in own.items():
        for name in some:
            naming.setdefault(name, []).append(n)
    gone = set(own)
    told = [name for n in names.keys() - own.keys() for name in names[n]]
    while told:
        for n in naming.pop(told.pop(), ()):
            if n in gone:
                gone.remove(n)
                told.extend(names[n])
    return frozenset(gone)


def _goes_elsewhere(line: Sequence[Scene], listed: bool) -> bool:
    """Whether the money of a line goes to something else; `listed`: it names somebody whom the
    watch knows. A line that does not, or that leans on the story, must leave no doubt."""
    margin = elsewhere.margin(line)
    if margin > elsewhere.CERTAIN:
        return True
    return margin > elsewhere.SURE and listed and not _leans(line)


def _leans(line: Sequence[Scene]) -> bool:
    """Whether a line takes up what was said, or speaks of a round, or of staff, who may sell shares
    of the story's company."""
    words = [word for scene in line for word in _words(scene)]
    if not _ROUND.isdisjoint(words) or any(word.startswith(_STAFF) for word in words):
        return True
    return not _opens_anew(line[0])


def _strange(line: Sequence[Scene], known: Known, alone: Alone) -> bool:
    """Whether a line that names nobody followed is complete when it is read by itself."""
    if not (_is_prose(line[0]) and _opens_anew(line[0])):
        return False
    words = {word for scene in line for word in _words(scene)}
    if not _FIELD.isdisjoint(words) or known.is_named(words):
        return False
    mentions = [m for scene in line for m in _mentions(scene)]
    if mentions and all(m.kind == "media" for m in mentions):
        return False  # who says it belongs to what was said
    sums = [(scene, one) for scene in line for one in asides.money(scene)]
    if sums:
        return _others(line, mentions, sums, alone)
    if any(scene.sums for scene in line) and not _names_anybody(line[0]):
        return False  # "Le premier portait sur 11,9": in the story's billions
    return not _answers(line, mentions)


def _reserved(line: Sequence[Scene]) -> bool:
    """Whether its words must leave no doubt: a line denies a sum, which may be the story's, or
    tells a large one of a start-up, in which the next line may have somebody invest."""
    sums = [(scene, one) for scene in line for one in asides.money(scene)]
    if any(_denies(scene) for scene, _ in sums):
        return True
    young = any(m.role in YOUNG for scene in line for m in _mentions(scene) if m.name)
    return young and any(one.top >= _SMALL for _, one in sums)


def followed(known: Known, scene: Scene) -> bool:
    """Whether a sentence names somebody who is followed."""
    watched = known.watched
    for group in scene.groups:
        if not watched.isdisjoint(group.names):
            return True
        for mention in group.mentions:
            if mention.candidates and not watched.isdisjoint(mention.candidates):
                return True
    return False


def _words(scene: Scene) -> Sequence[str]:
    return scene.low[scene.sentence.first : scene.sentence.last]


def _is_prose(scene: Scene) -> bool:
    """Whether a paragraph opens with a sentence that is whole and begins as one."""
    opening = scene.reading.words[scene.sentence.first][0]
    begun = opening.isupper() or opening.isdigit()
    return begun and len(_words(scene)) >= _SHORTEST and asides.is_prose(scene)


def _opens_anew(scene: Scene) -> bool:
    """Whether the first sentence of a paragraph speaks of nothing said before it."""
    low, words, money = _words(scene), scene.reading.words, asides.money(scene)
    first = scene.sentence.first
    if low[0] in _OPENERS:
        return False
    if any(one.left < first + _HEAD for one in money):
        return False  # "Plus de 60 milliards, avance Reuters": what for was said before
    mentions = _mentions(scene)
    if any(_known_before(scene, m) for m in mentions):
        return False
    named = any(m.first == first and m.kind not in ("description", "pronoun") for m in mentions)
    for k, word in enumerate(low):
        after = low[k + 1] if k + 1 < len(low) else ""
        named = named or (k > 0 and words[first + k][0].isupper())
        if word in _GIVEN_TO or (word in _POINTING and after not in _MOMENTS):
            return False
        if word == "il" and after in _IMPERSONAL:
            continue
        if word in _PRONOUNS and (low[k - 1] in _BESIDE or not named):
            return False
        if word in _POSSESSIVES and (not k or (money and not named)):
            return False
        if word in _SPOKEN_OF and k and low[k - 1] in _DEFINITE and not _told_of_what(low, k + 1):
            return False
    return True


def _told_of_what(low: Sequence[str], k: int) -> bool:
    """Whether a noun is told apart by what follows it from token `k` on; "la levée de fonds" is
    not."""
    of_what = low[k + 1] if k + 1 < len(low) else ""
    return k < len(low) and low[k] in _OF and of_what not in _COMPOUND


def _mentions(scene: Scene) -> list[Mention]:
    return [m for g in scene.groups for m in g.mentions]


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


def _answers(line: Sequence[Scene], mentions: Sequence[Mention]) -> bool:
    """Whether a line without money may say who gives or lends what was told, or deny it: "BNP
    Paribas dirige le pool", "Zorvane et Orquin figurent parmi les prêteurs", "Riyad dément"."""
    if any(m.role in _GIVERS for m in mentions):
        return True
    named = any(m.kind in ("known", "unknown") for m in mentions)
    stems = (*_DENYING, *_TAKING_PART) if named else _DENYING
    return any(w.startswith(stems) for scene in line for w in _words(scene))


def _others(
    line: Sequence[Scene],
    mentions: Sequence[Mention],
    sums: Sequence[tuple[Scene, Sum]],
    alone: Alone,
) -> bool:
    """Whether the money of a line is none of the story's: no deal, or another company's."""
    if any(m.kind == "person" and m.name is None for m in _mentions(line[0])):
        return False  # "Sarah Friar, la directrice financière": of whom the text speaks
    if _words(line[0])[-1] == "?" or any(map(_denies, line)):
        return False  # "Tesla suivra-t-elle ?", "Orquin a renoncé à ses 300 millions"
    named = _names_anybody(line[0])
    governors = [governor.find(scene, one) for scene, one in sums]
    sorts = {found.cue.sort if found is not None else "" for found in governors}
    if sorts == {"out"}:
        return named or _elsewhere(line[0])  # not "La facture atteint 20 milliards"
    # what nothing below asks for is not drawn
    drafts = alone(line) if named or not sorts.isdisjoint(_GIVING) else ()
    if named and drafts and all(_told_to_the_end(draft, mentions) for draft in drafts):
        return True
    if any(m.kind == "known" and m.role != "lender" for m in mentions) or any(map(_labels, sums)):
        return False
    unknown = any(m.kind == "unknown" for m in mentions)
    if not unknown and any(m.kind == "known" for m in mentions):
        return False
    elsewhere = any(map(_elsewhere, line))
    if not sorts.isdisjoint(_GIVING):  # to whom is left open, but for what a state gives
        states = {m.name for m in mentions if m.kind == "state"}
        public = drafts and all(states.issuperset(draft.payers) for draft in drafts)
        return bool(public) and elsewhere
    if any(m.kind == "person" for m in mentions) and max(s.top for _, s in sums) >= _SMALL:
        return False
    if _elsewhere(line[0]):
        return True
    return named and (elsewhere or (unknown and not drafts) or sorts <= {"", "out"})


def _denies(scene: Scene) -> bool:
    words = _words(scene)
    return not negation.NE.isdisjoint(words) or any(w.startswith(_DENYING) for w in words)


def _told_to_the_end(draft: Draft, mentions: Sequence[Mention]) -> bool:
    """Whether a deal is another company's, which the paragraph names. A large round of a start-up
    is not left out, since the next paragraph may tell that somebody followed pays."""
    taker = next((m for m in mentions if m.name == draft.payee), None)
    if taker is None or taker.kind not in ("known", "unknown"):
        return False
    if taker.role in YOUNG:
        return draft.one.top < _SMALL
    return taker.role == "other"


def _labels(found: tuple[Scene, Sum]) -> bool:
    """Whether a sum only stands behind whose it is: "Famille Walton : 1 milliard de dollars"."""
    scene, one = found
    return scene.low[one.left - 1] == ":"


def _elsewhere(scene: Scene) -> bool:
    """Whether a sentence speaks of another walk of life."""
    words = _words(scene)
    plurals = (word[:-1] for word in words if word[-1] in "sx")
    return not (_ELSEWHERE.isdisjoint(words) and _ELSEWHERE.isdisjoint(plurals))


def _names_anybody(scene: Scene) -> bool:
    """Whether a sentence has a name of its own, if only that of a place."""
    if any(m.name and m.kind != "media" for m in _mentions(scene)):
        return True
    media = {k for m in _mentions(scene) for k in range(m.first, m.last)}
    inside = range(scene.sentence.first + 1, scene.sentence.last)
    return any(scene.reading.words[k][0].isupper() for k in inside if k not in media)
