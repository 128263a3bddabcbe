"""Valuations: which company is worth the sum."""

from __future__ import annotations

from pipelines.claims import lexicon
from pipelines.claims.cues import Cue
from pipelines.claims.drafts import Draft, Thread, bounds, doer, marked, young_party
from pipelines.claims.mentions import Group
from pipelines.claims.record import replace
from pipelines.claims.scene import Scene


def valuation(draft: Draft, thread: Thread) -> Draft | None:
    """The company is the subject of "valoir", the object of "valoriser", the owner of the noun."""
    scene, one, cue = draft.scene, draft.one, draft.cue
    assert cue is not None
    if (cue.sort == "worth" or cue.mood == "part") and _holding(scene, cue):
        return None
    group = _valued(draft)
    payee = group.names[-1] if group is not None else None
    if group is not None and payee is not None and not _may_be_valued(payee, thread):
        if cue.sort == "worth" and group.mentions[-1].kind == "known":
            return None  # "Nvidia vaut 4 000 milliards"
        payee = None
    named = payee is not None
    if payee is None:
        before = [g for g in reversed(scene.parties()) if g.last <= one.left]
        payee = young_party(before, ()) or young_party(scene.parties(), ())
        named = payee is not None
    if payee is None and cue.part == "n":
        who = doer(draft)
        if who is not None and _may_be_valued(who.names[0], thread):
            payee, named = who.names[0], True
    if payee is None:
        payee = thread.payee()
    if payee is None:
        return None
    return replace(draft, payee=payee, payers=(), explicit=int(named))


def _valued(draft: Draft) -> Group | None:
    """The company valued, by syntax."""
    scene, one, cue = draft.scene, draft.one, draft.cue
    assert cue is not None
    if cue.part == "n":
        return marked(scene, ("de",), cue.last, bounds(draft).near_right)
    if cue.mood == "part":
        near = (g for g in reversed(scene.parties()) if g.last <= cue.first)
        beside = next((g for g in near if cue.first - g.last <= _BESIDE), None)
        return beside or doer(draft)
    if cue.sort == "worth":
        return doer(draft)
    group = marked(scene, ("", "à"), cue.last, bounds(draft).near_right)
    return group if group is not None and group.first <= one.left else None


#: How far before a participle the company that it values may stand: "OpenAI, valorisé".
_BESIDE = 4
_HOLDINGS = frozenset(lexicon.words("grammar")["holdings"]["words"])


def _holding(scene: Scene, cue: Cue) -> bool:
    """Whether what is worth the sum is a stake: "sa participation vaut", "ses titres valent"."""
    left, _ = scene.segment(cue.first)
    before = scene.low[max(left, cue.first - _SUBJECT) : cue.first]
    return any(w in _HOLDINGS for w in before)


#: How many tokens before its verb a subject may begin.
_SUBJECT = 12


def _may_be_valued(name: str, thread: Thread) -> bool:
    return thread.past.roles.get(name) not in ("investor", "project")
