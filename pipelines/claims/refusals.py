"""Money that is turned down: "a promis 5 milliards à X, qui les a refusés", "a proposé 5 milliards
à X. La start-up a décliné"."""

from __future__ import annotations

from collections.abc import Sequence

from pipelines.claims import lexicon, negation
from pipelines.claims.drafts import Draft
from pipelines.claims.lexicon import Hit
from pipelines.claims.scene import Scene
from pipelines.claims.surroundings import Text

_TABLE = lexicon.words("status")["refusal"]
_REFUSING, _NOUNS = tuple(_TABLE["stems"]), frozenset(_TABLE["nouns"])
_OFFERING = tuple(_TABLE["offering"])
_OFFERS = frozenset(_TABLE["offers"])
_CLITICS = frozenset(("les", "l'", "la", "le"))
#: Between such a pronoun and the verb: "les a aussitôt refusés", not "les a d'abord refusés".
_BETWEEN = frozenset(_TABLE["between"])
#: A refusal in a sentence of its own is no longer, in tokens.
_SHORT = 16


def refused(draft: Draft, text: Text) -> bool:
    """Whether the sum of a draft was turned down, behind it or by the next sentence."""
    scene, one = draft.scene, draft.one
    if _turned_down(scene.low, one.right, scene.edges(one)[1]):
        return True
    k = scene.index + 1
    if k >= len(text.scenes) or not _answered(draft, text.scenes[k], text.signs[k]):
        return False
    words = scene.low[scene.sentence.first : scene.sentence.last]
    return "table" in words or any(w.startswith(_OFFERING) for w in words)


def _turned_down(low: Sequence[str], first: int, last: int) -> bool:
    """Whether a pronoun of these tokens is refused: "qui les a refusés"."""
    for k in range(first, last - 1):
        if low[k] not in _CLITICS or low[k - 1] in negation.NE:
            continue
        verb = k + 1
        while verb < last - 1 and low[verb] in _BETWEEN:
            verb += 1
        if low[verb].startswith(_REFUSING) and low[verb] not in _NOUNS:
            return True
    return False


def _answered(draft: Draft, scene: Scene, hits: Sequence[Hit[str]]) -> bool:
    """Whether a sentence without money, in which nobody else is named, refuses."""
    low, first, last = scene.low, scene.sentence.first, scene.sentence.last
    if scene.sums or last - first > _SHORT:
        return False
    own = {*draft.payers, draft.payee}
    if any(name not in own for group in scene.parties() for name in group.names):
        return False
    if any(h.value == "denied" and low[h.last - 1].startswith(_REFUSING) for h in hits):
        return True
    words = low[first:last]
    named = not _OFFERS.isdisjoint(words) and any(w.startswith(_REFUSING) for w in words)
    if named and negation.NE.isdisjoint(words):
        return True  # "L'offre a été repoussée"
    return words[-3:-1] == ["dit", "non"] or _turned_down(low, first, last)
