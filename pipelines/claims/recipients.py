"""Sums whose clause names who gets them, somebody that no money of a deal goes to: "a versé
2,5 milliards à la FTC", "33 milliards à ses actionnaires".

Who is named in passing ("Amazon, actionnaire d'OpenAI, a versé") is paid nothing then.
"""

from __future__ import annotations

from functools import cache

from pipelines.claims import lexicon
from pipelines.claims.drafts import Draft
from pipelines.claims.mentions import names
from pipelines.claims.scene import Scene

#: Class of the verbs that pay somebody a sum: what is promised, lent or bought is told otherwise.
_PAYING = "transfer"
#: Kinds that are no payment, or one that is owed to those same people.
_OTHERWISE = ("valuation", "debt")
#: Pronouns of who gets it, and how far before the verb they stand: "leur a déjà versé".
_DATIVE, _CLITIC = frozenset(("lui", "leur", "y")), 4
_TO = frozenset(("à", "au", "aux"))
_ARTICLES = frozenset(
    "le la l' les un une des ses son sa leurs leur ces cette cet plusieurs".split()
)
#: What ends the phrase that a sum stands in.
_ENDS = frozenset(", ; . : ! ? » qui que qu' dont où et ou mais puis pour dans".split())
#: How far behind a sum who gets it is named: "2,5 milliards de dollars d'amende à la FTC".
_REACH = 6
#: What joins a company to the noun before it: "aux salariés d'OpenAI".
_OF = frozenset(("de", "d'", "du"))
#: How far behind a noun that company stands.
_OWNED = 4


@cache
def _nouns() -> frozenset[str]:
    return frozenset(lexicon.words("destinations")["recipients"]["words"])


def elsewhere(draft: Draft) -> bool:
    """Whether the sum of a draft goes to somebody who is no company."""
    cue, scene, one = draft.cue, draft.scene, draft.one
    if cue is None or cue.part != "v" or cue.sort != _PAYING or draft.kind in _OTHERWISE:
        return False
    if not _DATIVE.isdisjoint(scene.low[max(cue.first - _CLITIC, 0) : cue.first]):
        return False
    start = max(one.right, cue.last)
    if any(
        g.names and draft.payee in g.names and cue.first < g.first < start for g in scene.groups
    ):
        return False
    to = _recipient(scene, start)
    return to is not None and not _company(scene, to)


def _recipient(scene: Scene, start: int) -> int | None:
    """The first token of who is given a sum that ends at `start`, None for nobody we know of."""
    low, last = scene.low, scene.sentence.last
    if start < last and low[start] == "(":  # a conversion
        start = next((k for k in range(start, last) if low[k] == ")"), last)
    for k in range(start, min(start + _REACH, last - 1)):
        if low[k] in _ENDS:
            return None
        if low[k] in _TO:
            article = low[k + 1] in _ARTICLES and k + 2 < last
            at = k + 1 + article
            if low[at] in _nouns():
                return at
            hit = names().nobody.at(low, at, last) if article or low[k] != "à" else None
            return at if hit is not None and hit.value != "places" else None
    return None


def _company(scene: Scene, at: int) -> bool:
    """Whether a company stands there or right behind: "aux salariés d'OpenAI"."""
    return any(
        at <= g.first <= at + _OWNED
        and (g.first == at or scene.low[g.first - 1] in _OF)
        and g.mentions[0].kind != "state"
        for g in scene.parties()
    )
