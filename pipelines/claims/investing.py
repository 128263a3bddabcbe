"""Investments: who puts money into whom. The payer is the subject, stands after "par", or owns the
noun; the payee stands after "dans", "chez", "à"."""

from __future__ import annotations

from collections.abc import Sequence

from pipelines.claims import contracting, lexicon, unnamed
from pipelines.claims.cues import Cue
from pipelines.claims.drafts import (
    BY,
    TO,
    YOUNG,
    Draft,
    Thread,
    bounds,
    bracketed,
    doer,
    marked,
    own_party,
    payee_near,
    pronoun,
    subject,
    young_party,
)
from pipelines.claims.record import replace
from pipelines.records import Role

#: Verbs and nouns by which a laboratory pays its supplier, though others invest with them.
_PROMISING = frozenset(lexicon.words("grammar")["promising"]["words"])


def investment(draft: Draft, thread: Thread) -> Draft | None:
    """The payer is the subject, the agent or the owner of the noun; a payer that the sentence does
    not name is the one of whom the text was speaking."""
    scene, cue = draft.scene, draft.cue
    assert cue is not None  # a governed draft has its cue
    payers, payee, named = _sides(draft, thread.past.roles)
    explicit = bool(payers) + named
    if payee is None and pronoun(scene, cue):
        payee = thread.payee(payers) or thread.spoken_of(payers)
    if payee is None and _buys(payers, cue, thread):
        return contracting.commitment(replace(draft, kind="commitment"), thread)
    if payee is None:
        payee = thread.payee(payers)
    if not payers:
        payers = thread.payers(payee)
    payers = tuple(n for n in payers if n != payee)
    if not payers and _alone(draft):
        giver = thread.past.last_big((payee,) if payee else ())
        payers = (giver,) if giver else ()
    if not payers:
        return replace(draft, kind="round", payee=payee, explicit=explicit) if payee else None
    return _coerced(replace(draft, payers=payers, payee=payee, explicit=explicit), thread)


def _sides(draft: Draft, roles: dict[str, Role]) -> tuple[tuple[str, ...], str | None, bool]:
    """Payers and payee that the sentence itself names, and whether it names the payee."""
    scene, one, cue = draft.scene, draft.one, draft.cue
    assert cue is not None
    own = own_party(draft) or bracketed(draft)
    payers: Sequence[str] = ()
    if own is not None and (own.prep == "" or bracketed(draft) is own):
        payers = own.names
    if not payers:
        payers = _givers(draft)
    payee, named = payee_near(draft, payers)
    if payee is None or roles.get(payee) == "investor":
        young = young_party(scene.parties(), payers)
        payee, named = young or payee, named or young is not None
    if payee is None and own is not None and own.prep in TO:
        payee, named = own.names[0], True
    if not payers:
        group = subject(scene, one.left, (payee,) if payee else ())
        if group is not None and cue.part == "n":
            payers = [n for n in group.names if n != payee]
    return tuple(payers), payee, named


def _buys(payers: Sequence[str], cue: Cue, thread: Thread) -> bool:
    """Whether who pays is a laboratory and the word one of buying as well as of investing."""
    return bool(payers) and thread.past.young(payers[0]) and _pays_for_goods(cue)


def _pays_for_goods(cue: Cue) -> bool:
    return cue.sort == "transfer" or cue.lemma in _PROMISING


def _alone(draft: Draft) -> bool:
    """Whether one company gives: not "les actionnaires", whom no name stands for."""
    scene, cue = draft.scene, draft.cue
    assert cue is not None
    if cue.sort in ("tranche", "shares"):
        return False
    return unnamed.MANY.isdisjoint(scene.low[scene.sentence.first : scene.sentence.last])


def _givers(draft: Draft) -> tuple[str, ...]:
    """Payers by syntax: agent of a passive, possessor of a noun, subject of a verb."""
    scene, one, cue = draft.scene, draft.one, draft.cue
    assert cue is not None
    reach = bounds(draft)
    if cue.part == "v" and (draft.how in ("participle", "right") and cue.mood == "part"):
        agent = marked(scene, BY, one.right, reach.near_right) or marked(
            scene, BY, one.right, reach.right
        )
        if agent is not None:
            return agent.names
        if draft.how == "participle":
            opening = marked(scene, ("",), one.right, reach.right)
            if opening is not None and scene.low[opening.first - 1] in (",", "les", "le", "la"):
                return opening.names
        who = doer(draft) if draft.how == "right" else None
        if who is not None and who.first >= one.right:  # "les 15 milliards que X a promis"
            return who.names
        return ()
    if cue.sort == "talk":
        with_whom = marked(scene, ("avec",), cue.last, one.left)
        return with_whom.names if with_whom else ()
    if cue.part == "n":
        first = cue.last
        owner = marked(scene, ("de", "par"), first, max(one.left, first + 1))
        if owner is not None and owner.first - first <= 3:
            return owner.names
        owner = marked(scene, ("de", "par"), one.right, reach.near_right)
        if owner is not None and owner.first - one.right <= 3:
            return owner.names
        who = doer(draft)
        if who is not None and who.mentions[0].role in YOUNG:
            # "xAI discute avec le PIF d'un apport": the one who asks is not the one who gives
            who = marked(scene, ("avec", "auprès"), who.last, one.left) or who
        if who is not None:
            return who.names
        agent = marked(scene, BY, one.right, reach.near_right)
        return agent.names if agent else ()
    if draft.how == "right":
        who = doer(draft)
        if who is not None and who.first > one.right:
            return who.names
        agent = marked(scene, BY, one.right, reach.right)
        return agent.names if agent else ()
    who = doer(draft)
    if who is None and cue.first == scene.sentence.first:
        return ()
    return who.names if who else ()


def _coerced(draft: Draft, thread: Thread) -> Draft:
    """What a laboratory pays its supplier is a commitment, whatever the verb; a project's too."""
    roles = thread.past.roles
    payer = draft.payers[0] if draft.payers else None
    role = roles.get(draft.payee or "")
    if role == "project":
        return replace(draft, kind="commitment")
    if draft.kind != "investment" or payer is None or draft.cue is None:
        return draft
    if roles.get(payer) in YOUNG and role not in YOUNG and _pays_for_goods(draft.cue):
        return replace(draft, kind="commitment")
    return draft
