"""From what governs a sum to who pays whom: one function for each kind of claim.

The payer is the subject, or stands after "par"; the payee after "dans", "chez", "à". Where the
sentence leaves a role open, the text's own thread fills it, or the sum is no claim.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from pipelines.claims.amounts import Sum
from pipelines.claims.continuing import inherited
from pipelines.claims.cues import Cue
from pipelines.claims.drafts import (
    BY,
    TO,
    YOUNG,
    Draft,
    Reach,
    Thread,
    bounds,
    bracketed,
    marked,
    own_party,
    payee_near,
    subject,
    young_party,
)
from pipelines.claims.governor import Governor, complement_sort
from pipelines.claims.particulars import instrument
from pipelines.claims.scene import Scene
from pipelines.records import Kind, Role

_SORTS: dict[Kind, str] = {
    "investment": "invest transfer tranche shares talk",
    "round": "raise round secondary receive",
    "valuation": "value worth valuation",
    "commitment": "spend supply commit goods",
    "debt": "borrow lend issue debt",
}
#: Kind that a class of cues speaks of.
KINDS: dict[str, Kind] = {sort: kind for kind, sorts in _SORTS.items() for sort in sorts.split()}


def draw(scene: Scene, one: Sum, governor: Governor, thread: Thread) -> Draft | None:
    """The draft for a governed sum; None where it is out of scope."""
    sort = governor.cue.sort
    if sort == "out":
        return None
    if sort in ("measure", "generic", "whole"):
        return inherited(scene, one, governor, thread)
    kind = KINDS[sort]
    after = complement_sort(scene, one)
    if after == "out":
        return None
    if after == "goods" and kind in ("investment", "commitment"):
        kind = "commitment"
    if after == "debt" and kind in ("round", "investment"):
        kind = "debt"
    draft = Draft(one, scene, kind, (), None, f"{governor.cue.part}.{sort}.{governor.how}",
                  governor.cost, governor.how, governor.cue)  # fmt: skip
    match kind:
        case "investment":
            drawn = _investment(draft, thread)
        case "round":
            drawn = _round(draft, thread, after)
        case "valuation":
            drawn = _valuation(draft, thread)
        case "commitment":
            drawn = _commitment(draft, thread)
        case "debt":
            drawn = _debt(draft, thread)
    return drawn


def _investment(draft: Draft, thread: Thread) -> Draft | None:
    scene, one, cue = draft.scene, draft.one, draft.cue
    assert cue is not None  # a governed draft has its cue
    own = own_party(draft) or bracketed(draft)
    payers: Sequence[str] = ()
    if own is not None and (own.prep == "" or bracketed(draft) is own):
        payers = own.names
    if not payers:
        payers = _givers(draft)
    payee, named = payee_near(draft, payers)
    if payee is None:
        payee = young_party(scene.parties(), payers)
        named = payee is not None
    if payee is None and own is not None and own.prep in TO:
        payee, named = own.names[0], True
    if not payers:
        group = subject(scene, one.left, (payee,) if payee else ())
        if group is not None and cue.part == "n":
            payers = [n for n in group.names if n != payee]
    explicit = bool(payers) + named
    if payee is None:
        payee = thread.payee(payers)
    if not payers:
        payers = thread.payers(payee)
    payers = tuple(n for n in payers if n != payee)
    if not payers:
        if cue.sort in ("tranche", "shares") or payee is None:
            return replace(draft, kind="round", payee=payee, explicit=explicit) if payee else None
        return replace(draft, kind="round", payee=payee, explicit=explicit, rule=draft.rule + "?")
    return _coerced(replace(draft, payers=payers, payee=payee, explicit=explicit), thread)


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
        who = subject(scene, cue.first) if draft.how == "right" else None
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
        who = subject(scene, cue.first)
        if who is not None and who.mentions[0].role in YOUNG:
            # "xAI discute avec le PIF d'un apport": the one who asks is not the one who gives
            who = marked(scene, ("avec", "auprès"), who.last, one.left) or who
        if who is not None:
            return who.names
        agent = marked(scene, BY, one.right, reach.near_right)
        return agent.names if agent else ()
    if draft.how == "right":
        who = subject(scene, cue.first)
        if who is not None and who.first > one.right:
            return who.names
        agent = marked(scene, BY, one.right, reach.right)
        return agent.names if agent else ()
    who = subject(scene, cue.first)
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
    if (roles.get(payer) in YOUNG and role in ("partner", "investor")) and (
        draft.cue.sort in ("transfer",)
        or draft.cue.lemma
        in (
            "promettre",
            "dû",
            "engagement",
            "engagements",
            "promesse",
            "signer",
            "facture",
        )
    ):
        return replace(draft, kind="commitment")
    return draft


def _round(draft: Draft, thread: Thread, after: str) -> Draft | None:
    scene, one, cue = draft.scene, draft.one, draft.cue
    assert cue is not None
    reach = bounds(draft)
    payee: str | None = None
    backers = marked(scene, ("par", "auprès", "avec"), one.right, reach.right) or marked(
        scene, ("par",), reach.left, one.left
    )
    payers = backers.names if backers else ()
    own = own_party(draft)
    if cue.part == "v":
        if cue.mood == "part" and draft.how in ("participle", "right"):
            agent = marked(scene, BY, one.right, reach.right)
            if agent is not None and agent.mentions[0].role in YOUNG:
                payee, payers = agent.names[0], ()
        else:
            who = subject(scene, cue.first)
            if who is not None:
                payee = who.names[0]
    else:
        owner = marked(scene, ("de", "pour", "chez"), cue.last, reach.near_right)
        agent = marked(scene, BY, one.right, reach.near_right)
        if agent is not None and agent.mentions[0].role in YOUNG:
            owner, payers = agent, ()
        if owner is not None and owner.mentions[0].role not in ("investor",):
            payee = owner.names[0]
        if payee is None:
            who = subject(scene, cue.first, payers)
            payee = who.names[0] if who is not None else None
    if own is not None and own.prep == "" and cue.sort == "receive":
        payee = own.names[0]
    named = payee is not None
    if payee is not None and not _may_raise(payee, thread, cue):
        payers = payers or (payee,)
        payee = None
    if payee is None:
        payee = young_party(scene.parties(), payers) or thread.payee(payers)
    if payee is None:
        return None
    giver = _received_from(draft, reach) if cue.sort == "receive" else None
    if giver is not None and giver != payee:
        return replace(draft, kind="investment", payers=(giver,), payee=payee, explicit=2)
    payers = tuple(n for n in payers if n != payee)
    sold = cue.sort == "secondary" or (after == "shares" and cue.lemma == "vendre")
    return replace(draft, payers=payers, payee=payee, explicit=int(named), secondary=sold)


def _received_from(draft: Draft, reach: Reach) -> str | None:
    """ "elle recevra de l'éditeur de Windows jusqu'à 5 milliards": one giver, no round."""
    scene, one, cue = draft.scene, draft.one, draft.cue
    assert cue is not None
    for first, last in ((cue.last, one.left), (one.right, reach.near_right)):
        group = marked(scene, ("de",), first, last)
        if group is not None and group.first - first <= 2 and len(group.names) == 1:
            return group.names[0] if group.mentions[0].role not in YOUNG else None
    return None


def _may_raise(name: str, thread: Thread, cue: Cue) -> bool:
    """An investor that "boucle un tour" is not the one who raises, unless it is its own."""
    role = thread.past.roles.get(name)
    return role not in ("investor",) or (
        cue.part == "v" and cue.sort == "raise" and cue.lemma in ("lever",)
    )


def _valuation(draft: Draft, thread: Thread) -> Draft | None:
    scene, one, cue = draft.scene, draft.one, draft.cue
    assert cue is not None
    reach = bounds(draft)
    payee: str | None = None
    if cue.part == "v" and cue.mood != "part":
        if cue.sort == "value":
            group = next(
                (
                    g
                    for g in scene.parties()
                    if cue.last <= g.first < reach.near_right and g.prep in ("", "à")
                ),
                None,
            )
            if group is not None and group.first <= one.left:
                payee = group.names[0]
        else:
            who = subject(scene, cue.first)
            payee = who.names[-1] if who is not None else None
    elif cue.part == "v":
        who = subject(scene, cue.first)
        near = next(
            (
                g
                for g in reversed(scene.parties())
                if g.last <= cue.first and cue.first - g.last <= 4
            ),
            None,
        )
        chosen = near or who
        payee = chosen.names[-1] if chosen is not None else None
    else:
        owner = marked(scene, ("de",), cue.last, reach.near_right)
        if owner is not None:
            payee = owner.names[0]
    if payee is not None and not _may_be_valued(payee, thread):
        payee = None
    named = payee is not None
    if payee is None:
        payee = young_party(
            [g for g in reversed(scene.parties()) if g.last <= one.left], ()
        ) or young_party(scene.parties(), ())
        named = payee is not None
    if payee is None and cue.part == "n":
        who = subject(scene, cue.first)
        if who is not None and _may_be_valued(who.names[0], thread):
            payee, named = who.names[0], True
    if payee is None:
        payee = thread.payee()
    if payee is None:
        return None
    return replace(draft, payee=payee, payers=(), explicit=int(named))


def _may_be_valued(name: str, thread: Thread) -> bool:
    return thread.past.roles.get(name) not in ("investor", "project")


def _commitment(draft: Draft, thread: Thread) -> Draft | None:
    scene, one, cue = draft.scene, draft.one, draft.cue
    assert cue is not None
    bounds(draft)
    roles = thread.past.roles
    own = own_party(draft)
    who = subject(scene, cue.first) or subject(scene, one.left)
    if own is not None and own.prep == "" and own.first > (who.first if who else -1):
        who = own
    payers = who.names if who else ()
    payee, named = payee_near(draft, payers, ("chez", "auprès", "à", "avec", "dans", "pour", "sur"))
    if cue.sort == "supply" or (cue.lemma == "fournir"):
        payers, payee = ((payee,) if payee else ()), (payers[0] if payers else None)
    if payee is None:
        other = next(
            (
                g.names[0]
                for g in scene.parties()
                if g.names[0] not in payers and g.prep in ("de", "par", "entre", "")
            ),
            None,
        )
        if other is not None and roles.get(other) in (
            "partner",
            "investor",
            "project",
            None,
            "other",
        ):
            payee, named = other, True
    if who is not None and len(who.names) == 2 and payee is None:
        payers, payee = who.names[:1], who.names[1]
    explicit = bool(payers) + named
    if not payers and payee is not None:
        young = young_party(scene.parties(), (payee,)) or thread.past.last_young((payee,))
        payers = (young,) if young else ()
    if payers and payee is not None:
        payers, payee = _directed(payers, payee, cue, roles)
    if not payers or payee is None or payee in payers:
        return None
    return replace(draft, payers=tuple(payers), payee=payee, explicit=explicit)


def _directed(
    payers: tuple[str, ...], payee: str, cue: Cue, roles: dict[str, Role]
) -> tuple[tuple[str, ...], str]:
    """A contract is paid by the laboratory to its supplier, whoever is named first."""
    if (cue.part == "n" and len(payers) == 1) and (
        roles.get(payee) in YOUNG and roles.get(payers[0]) in ("investor", "partner")
    ):
        return (payee,), payers[0]
    return payers, payee


def _debt(draft: Draft, thread: Thread) -> Draft | None:
    scene, one, cue = draft.scene, draft.one, draft.cue
    assert cue is not None
    reach = bounds(draft)
    lenders = marked(scene, ("auprès", "par", "avec"), one.right, reach.right) or marked(
        scene, ("auprès", "par", "avec"), reach.left, one.left
    )
    payers = lenders.names if lenders else ()
    payee: str | None = None
    who = subject(scene, cue.first, payers) or subject(scene, one.left, payers)
    if cue.sort == "lend":
        payers = who.names if who else payers
        payee, _ = payee_near(draft, payers)
    else:
        given = (
            marked(scene, ("à", "pour"), cue.last, reach.right, payers) if cue.part == "n" else None
        )
        owner = marked(scene, ("de",), cue.last, cue.last + 3, payers)
        if who is not None:
            payee = who.names[0]
        elif owner is not None:
            payee = owner.names[0]
        if (
            given is not None
            and given.names[0] != payee
            and who is not None
            and cue.part == "n"
            and _gives(scene, cue)
        ):
            payers, payee = who.names, given.names[0]
        elif payee is None and given is not None:
            payee = given.names[0]
    named = payee is not None
    if payee is None:
        payee = thread.past.subjects[-1] if thread.past.subjects else thread.payee(payers)
    if payee is None:
        return None
    payers = tuple(n for n in payers if n != payee)
    return replace(
        draft, payers=payers, payee=payee, explicit=int(named), instrument=instrument(scene, cue)
    )


def _gives(scene: Scene, cue: Cue) -> bool:
    """Whether a verb of giving governs the loan ("accorde un prêt à")."""
    before = [c for c in scene.cues if c.part == "v" and c.last <= cue.first]
    return bool(before) and before[-1].lemma in (
        "accorder",
        "octroyer",
        "avancer",
        "consentir",
        "proposer",
        "offrir",
    )
