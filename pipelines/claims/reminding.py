"""Sums that a sentence says it recalls: "pour mémoire, Amazon a mis 8 milliards", "deux ans plus
tôt, Microsoft en apportait 10", "SoftBank avait déjà versé 7,5 milliards".

The model of what is recalled has these words, too, and lets the first line of a text outweigh them.
Of 136 confirmed sums of the corpora behind a reminder or "avait déjà" one is news.
"""

from __future__ import annotations

from functools import cache

from pipelines.claims import lexicon
from pipelines.claims.drafts import Draft
from pipelines.claims.lexicon import Phrases

_UNITS = frozenset("an ans année années mois semaine semaines jours".split())
_EARLIER = frozenset(("tôt", "auparavant"))
#: How many tokens an opening of time has before its unit: "à peine quelques".
_COUNTED = 4
_HAD, _ALREADY = frozenset(("avait", "avaient")), 4
#: Of verbs that tell what was.
_THEN = frozenset((None, "impf", "part", "past"))


@cache
def _reminders() -> Phrases[bool]:
    lines = lexicon.words("background")["reminders"]["phrases"]
    return Phrases((lexicon.cut(line), True) for line in lines)


def recalled(draft: Draft) -> bool:
    """Whether the sentence of a draft says that its sum is an old one."""
    scene, one = draft.scene, draft.one
    first = scene.sentence.first
    if _reminders().any(scene.low, first, one.left) or _had_already(draft):
        return True
    cue = draft.cue
    then = cue is None or cue.mood in _THEN
    return then and scene.sums[0].first == one.first and _opens_earlier(draft)


def _had_already(draft: Draft) -> bool:
    """ "Avait déjà investi": an earlier deal, whoever speaks of it."""
    cue, low = draft.cue, draft.scene.low
    if cue is None or cue.mood != "part" or cue.first > draft.one.left:
        return False
    behind = low[max(cue.first - _ALREADY, draft.scene.sentence.first) : cue.first]
    return "déjà" in behind and not _HAD.isdisjoint(behind)


def _opens_earlier(draft: Draft) -> bool:
    """Whether the sentence opens with how long ago it was: "six mois plus tôt", "il y a un an"."""
    low, first = draft.scene.low, draft.scene.sentence.first
    ago = low[first : first + 3] == ["il", "y", "a"]
    for k in range(first, min(first + _COUNTED + 3 * ago, draft.one.left - 2)):
        if low[k] in _UNITS:
            sooner = k + 1 + (low[k + 1] == "plus")
            return ago or (low[sooner] in _EARLIER and low[sooner + 1] not in ("que", "qu'"))
    return False
