"""Rounds: who raises, from whom. One who receives from a named giver is invested in; staff that
sells its shares is a round on the secondary market."""

from __future__ import annotations

from collections.abc import Sequence

from pipelines.claims import lexicon
from pipelines.claims.cues import Cue
from pipelines.claims.drafts import (
    BY,
    YOUNG,
    Draft,
    Reach,
    Thread,
    bounds,
    doer,
    marked,
    own_party,
    young_party,
)
from pipelines.claims.record import replace
from pipelines.claims.scene import Scene

#: After "reçoit de": the giver whom the text knows.
_FROM_ONE = frozenset(("lui", "elle", "son", "sa", "même"))
_STAFF = tuple(lexicon.words("grammar")["staff"]["stems"])


def funding(draft: Draft, thread: Thread) -> Draft | None:
    """The payee is the subject of "lever" or owns "levée"; payers stand after "auprès"."""
    cue = draft.cue
    assert cue is not None
    if cue.sort in ("sell", "supply"):
        return _sale(draft, thread)
    reach = bounds(draft)
    payee, payers = _raiser(draft, reach)
    named = payee is not None
    if payee is not None and not _may_raise(payee, thread, cue):
        payers = payers or (payee,)
        payee = None
    if payee is None:
        payee = young_party(draft.scene.parties(), payers) or thread.payee(payers)
    if payee is None:
        return None
    givers = _received_from(draft, reach, thread) if cue.sort == "receive" else ()
    if givers and payee not in givers:
        return replace(draft, kind="investment", payers=givers, payee=payee, explicit=2)
    payers = tuple(n for n in payers if n != payee)
    return replace(draft, payers=payers, payee=payee, explicit=int(named))


def _raiser(draft: Draft, reach: Reach) -> tuple[str | None, tuple[str, ...]]:
    """Who raises and who gives, by syntax."""
    scene, one, cue = draft.scene, draft.one, draft.cue
    assert cue is not None
    backers = marked(scene, ("par", "auprès", "avec"), one.right, reach.right) or marked(
        scene, ("par",), reach.left, one.left
    )
    payers = backers.names if backers else ()
    own = own_party(draft)
    if own is not None and own.prep == "" and cue.sort == "receive":
        return own.names[0], payers
    passive = cue.mood == "part" and draft.how in ("participle", "right")
    agent = marked(scene, BY, one.right, reach.right if passive else reach.near_right)
    young_agent = agent is not None and agent.mentions[0].role in YOUNG
    if cue.part == "v" and passive:
        return (agent.names[0], ()) if agent is not None and young_agent else (None, payers)
    if cue.part == "v":
        who = doer(draft)
        return (who.names[0] if who is not None else None), payers
    owner = marked(scene, ("de", "pour", "chez"), cue.last, reach.near_right)
    if young_agent:
        owner, payers = agent, ()
    if owner is not None and owner.mentions[0].role != "investor":
        return owner.names[0], payers
    who = doer(draft, payers)
    return (who.names[0] if who is not None else None), payers


def _sale(draft: Draft, thread: Thread) -> Draft | None:
    """ "des salariés d'OpenAI ont cédé pour 6,6 milliards d'actions à Thrive": the company whose
    shares change hands; an investor that sells what it holds is no claim."""
    scene, cue = draft.scene, draft.cue
    assert cue is not None
    who = doer(draft)
    if who is not None and who.mentions[0].role not in YOUNG and not _staff(scene):
        return None
    buyers = marked(scene, ("à", "auprès"), draft.one.right, bounds(draft).right)
    payers: Sequence[str] = buyers.names if buyers is not None else ()
    payee = young_party(scene.parties(), payers) or thread.payee(payers)
    if payee is None:
        return None
    return replace(draft, payers=tuple(payers), payee=payee, explicit=1)


def _staff(scene: Scene) -> bool:
    """Whether the sentence speaks of those who work for a company."""
    words = scene.low[scene.sentence.first : scene.sentence.last]
    return any(w.startswith(_STAFF) for w in words)


def _received_from(draft: Draft, reach: Reach, thread: Thread) -> tuple[str, ...]:
    """ "elle recevra de l'éditeur de Windows jusqu'à 5 milliards": a giver, no round."""
    scene, one, cue = draft.scene, draft.one, draft.cue
    assert cue is not None
    for first, last in ((cue.last, one.left), (one.right, reach.near_right)):
        group = marked(scene, ("de",), first, last)
        if group is not None and group.first - first <= 3:
            return group.names if group.mentions[0].role not in YOUNG else ()
    before = scene.low[max(cue.first - 3, scene.sentence.first) : cue.first]
    told = "en" in before or any(w in _FROM_ONE for w in scene.low[cue.last : one.left])
    return thread.payers(None) if told else ()


def _may_raise(name: str, thread: Thread, cue: Cue) -> bool:
    """An investor that "boucle un tour" is not the one who raises, unless it is its own."""
    role = thread.past.roles.get(name)
    return role not in ("investor",) or (
        cue.part == "v" and cue.sort == "raise" and cue.lemma in ("lever",)
    )
