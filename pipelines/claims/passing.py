"""Sums that a sentence tells in passing, beside what it is about: "Microsoft, qui a investi
13 milliards dans OpenAI, publie ses résultats".

What stands between commas behind a name says who that is by what is known of it. A reader who meets
it in the first line of an article has learned nothing new, and the model of what is recalled, which
goes by the rest of a text, has none to go by there.
"""

from __future__ import annotations

from pipelines.claims import conditions, reminding
from pipelines.claims.drafts import Draft
from pipelines.claims.scene import Scene
from pipelines.claims.surroundings import MONTHS, YEARS, Text

_RELATIVE = frozenset("qui que qu' dont où lequel laquelle".split())
#: Before a relative: "dans laquelle", "à qui".
_LED = frozenset("dans à en chez auprès pour".split())
_HAVE = frozenset(("a", "ont"))
#: How far behind it its participle stands: "a déjà massivement investi".
_PARTICIPLE = 4
#: Beginnings of participles and nouns that say what a company is to another, or to its investors.
_VALUED = ("valoris", "évalu", "souten", "financ", "appuy", "adoss", "épaul", "parrain")
_PARTNERS = ("actionnair", "soutien", "partenair", "bailleur", "alli", "investisseu", "client")
#: Between the comma and that noun: "son tout premier actionnaire".
_BEFORE_NOUN = frozenset(
    "son sa leur un une l' premier première principal principale gros grand grande tout aussi"
    " deuxième second également autre".split()
)
#: Openings that hold a sum as known before the sentence has begun: "un an après son tour de 2
#: milliards", "déjà forte de".
_STRONG = frozenset("fort forte forts fortes auréolé auréolée porté portée dopé dopée".split())
_OPENINGS = (["dans", "la", "foulée"], ["depuis", "sa"], ["depuis", "son"])
_AFTER = 7
#: Verbs that say that the clause is of now, and how far behind a comma the verb of one stands.
_NOW = frozenset(
    "vient viennent va vont négocie négocient discute discutent envisage envisagent cherche"
    " cherchent prépare préparent vise visent veut veulent espère espèrent étudie étudient".split()
)
_PRESENT = frozenset(("pres", "fut", "cond"))
_AT_ONCE = 3
#: Marks around what is said in passing, and what parts a sentence anyway.
_MARKS = ((",", ","), ("(", ")"), ("–", "–"))
_PARTS = frozenset((";", ":"))
#: What makes news of it.
_LATELY = frozenset(
    "lundi mardi mercredi jeudi vendredi samedi dimanche hier aujourd' vient viennent désormais"
    " maintenant".split()
)


def of_now(draft: Draft, text: Text) -> bool:
    """Whether a sum is what a sentence goes on to behind a relative clause that holds all it says
    of the past: "Amazon, qui y avait mis 8 milliards l'an dernier, en remet 5"."""
    scene = draft.scene
    low, first = scene.low, scene.sentence.first
    end = next((k for k in range(draft.one.left - 1, first, -1) if low[k] == ","), first)
    start = next((k for k in range(end - 1, first, -1) if low[k] == ","), first)
    if start == first or low[start + 1] not in _RELATIVE:
        return False
    if not _goes_on(scene, end):
        return False
    past = [h.first for h in text.times[scene.index] if h.value == "past"]
    dated = not (MONTHS.isdisjoint(low[first:start]) and YEARS.isdisjoint(low[first:start]))
    return not dated and bool(past) and all(start < k < end for k in past)


def _goes_on(scene: Scene, comma: int) -> bool:
    """Whether a verb of money or plans, in the present or future, stands right behind a comma."""
    behind = range(comma + 1, min(comma + 1 + _AT_ONCE, scene.sentence.last))
    return any(scene.low[k] in _NOW or _moves_now(scene, k) for k in behind)


def _moves_now(scene: Scene, verb: int) -> bool:
    return scene.low[verb - 1] not in _HAVE and any(  # "a souscrit" is none
        cue.first == verb and cue.mood in _PRESENT and cue.sort in conditions.MOVING
        for cue in scene.cues
    )


def known(draft: Draft, text: Text) -> bool:
    """Whether a sentence tells a sum as something known."""
    return opens(draft) or reminding.recalled(draft) or _in_passing(draft, text)


def opens(draft: Draft) -> bool:
    """Whether a sum stands in what opens a sentence with something known."""
    scene, one = draft.scene, draft.one
    low, first = scene.low, scene.sentence.first
    if not _PARTS.isdisjoint(low[first : one.left]) or "," in low[first : one.left]:
        return False
    if "," not in low[one.right : scene.sentence.last]:
        return False
    opening = low[first : min(first + _AFTER, one.left)]
    if "après" in opening or not _STRONG.isdisjoint(opening[:2]):
        return True
    return any(opening[: len(words)] == words for words in _OPENINGS)


def _in_passing(draft: Draft, text: Text) -> bool:
    """Whether a sum that the text tells once stands in a clause or phrase of its own that says who
    somebody is, while the sentence is about something else than money."""
    if len(text.figures.get(draft.one.top, ())) > 1:
        return False
    return any(_aside(draft, text, *marks) for marks in _MARKS)


def _aside(draft: Draft, text: Text, opening: str, closing: str) -> bool:
    """Whether what stands between two such marks around the sum says who somebody is."""
    scene, one = draft.scene, draft.one
    low, first, last = scene.low, scene.sentence.first, scene.sentence.last
    left, right = _PARTS | {opening}, _PARTS | {closing}
    start = next((k for k in range(one.left - 1, first - 1, -1) if low[k] in left), first - 1)
    end = next((k for k in range(one.right, last) if low[k] in right), last)
    if (start >= first and low[start] != opening) or (end < last and low[end] != closing):
        return False
    if end == last and len(text.ranges) > 1:
        return False  # the last clause of a sentence often goes on with its story
    if not _says_who(scene, start, end) or not _LATELY.isdisjoint(low[start + 1 : end]):
        return False
    if any(h.value == "news" and start < h.first < end for h in text.times[scene.index]):
        return False
    alone = all(start < s.first < end or s.conversion_of is not None for s in scene.sums)
    return alone or (_is_relative(scene, start) and _goes_on(scene, end))


def _says_who(scene: Scene, start: int, end: int) -> bool:
    """Whether what stands between two tokens, the first of which may be before the sentence, tells
    what is known of somebody."""
    low = scene.low
    if start < scene.sentence.first:
        return False
    word = low[start + 1]
    if _is_relative(scene, start):
        return any(
            low[k] in _HAVE and k < cue.first <= k + _PARTICIPLE
            for cue in scene.cues
            if cue.mood == "part" and start < cue.first < end
            for k in range(start + 1, cue.first)
        )
    if word.startswith(_VALUED):
        return end < scene.sentence.last
    noun = next((w for w in low[start + 1 : end] if w not in _BEFORE_NOUN), "")
    return noun.startswith(_PARTNERS)


def _is_relative(scene: Scene, comma: int) -> bool:
    """Whether a relative clause begins behind a comma: "qui", "dans laquelle"."""
    word, *following = scene.low[comma + 1 : comma + 3]
    return word in _RELATIVE or (word in _LED and not _RELATIVE.isdisjoint(following))
