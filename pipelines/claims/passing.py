"""Sums that a sentence tells in passing, beside what it is about: "Microsoft, qui a investi
13 milliards dans OpenAI, publie ses résultats".

What stands between commas behind a name says who that is by what is known of it. A reader who meets
it in the first line of an article has learned nothing new, and the model of what is recalled, which
goes by the rest of a text, has none to go by there.
"""

from __future__ import annotations

from pipelines.claims.drafts import Draft
from pipelines.claims.scene import Scene
from pipelines.claims.surroundings import Text

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
#: Openings that hold a sum as known before the sentence has begun.
_OPENINGS = (["après", "avoir"], ["fort", "de"], ["forte", "de"], ["fort", "des"], ["forte", "des"])
#: Marks around what is said in passing, and what parts a sentence anyway.
_MARKS = ((",", ","), ("(", ")"), ("–", "–"))
_PARTS = frozenset((";", ":"))
#: What makes news of it.
_LATELY = frozenset(
    "lundi mardi mercredi jeudi vendredi samedi dimanche hier aujourd' vient viennent désormais"
    " maintenant".split()
)


def in_passing(draft: Draft, text: Text) -> bool:
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
    return all(start < s.first < end or s.conversion_of is not None for s in scene.sums)


def _says_who(scene: Scene, start: int, end: int) -> bool:
    """Whether what stands between two tokens, the first of which may be before the sentence, tells
    what is known of somebody."""
    low = scene.low
    if start < scene.sentence.first:
        return low[start + 1 : start + 3] in _OPENINGS and end < scene.sentence.last
    word = low[start + 1]
    if word in _RELATIVE or (word in _LED and not _RELATIVE.isdisjoint(low[start + 2 : start + 3])):
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
