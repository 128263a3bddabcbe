"""Debts: who borrows, from whom, and whether a lender or a borrower is the subject."""

from __future__ import annotations

from pipelines.claims import lexicon
from pipelines.claims.amounts import Sum
from pipelines.claims.cues import Cue
from pipelines.claims.drafts import (
    Draft,
    Reach,
    Thread,
    bounds,
    doer,
    marked,
    next_sum,
    payee_near,
    pronoun,
    subject,
)
from pipelines.claims.mentions import Group
from pipelines.claims.particulars import instrument
from pipelines.claims.record import replace
from pipelines.claims.scene import Scene

#: How far behind a sum the words may stand that make it a loan.
_BEHIND = 9
_MARKS = tuple(lexicon.words("grammar")["loan"]["stems"])


def indebted(scene: Scene, one: Sum) -> bool:
    """Whether the words behind a sum say that it is lent: "remboursables", "obligataire"."""
    after = next_sum(scene, one)
    last = min(one.right + _BEHIND, after.left if after else scene.sentence.last)
    words = scene.low[one.right : last]
    return any(w.startswith(_MARKS) for w in words)


#: Verbs of which a lender is the subject; others have the borrower.
_GIVING = frozenset(("lend", "invest", "transfer"))
_GIVING_LEMMAS = frozenset(
    ("accorder", "octroyer", "avancer", "consentir", "proposer", "offrir", "fournir", "prêter")
)
#: Loans that somebody grants to somebody.
_GRANTED = ("prêt", "crédit", "ligne", "facilité")
#: Before an infinitive these make the borrower the subject.
_SEEN = frozenset(("voir", "voit", "vu", "vue", "vus"))
#: Prepositions of the lender.
_LENDER = ("auprès", "par", "avec")


def debt(draft: Draft, thread: Thread) -> Draft | None:
    """The payee borrows: subject of "emprunter", owner of "prêt", the one to whom it is granted."""
    scene, one, cue = draft.scene, draft.one, draft.cue
    assert cue is not None
    reach = bounds(draft)
    lenders = (
        marked(scene, _LENDER, one.right, _own_end(draft, reach))
        or (marked(scene, ("à",), one.right, reach.near_right) if _borrows(cue) else None)
        or marked(scene, _LENDER, reach.left, one.left)
        or _bank(scene, one)
    )
    payers = lenders.names if lenders else ()
    who = doer(draft, payers) or subject(scene, one.left, payers)
    granted = _granted(draft)
    payee: str | None
    if granted is not None and not payers:
        owner = marked(scene, ("de",), cue.last, granted.first, granted.names) or who
        payee, payers = granted.names[0], owner.names if owner else ()
    elif _lends(scene, cue) and not (cue.mood == "part" and draft.how != "left"):
        payers = who.names if who else payers
        payee, _ = payee_near(draft, payers)
        if payee is None and pronoun(scene, cue):
            payee = thread.spoken_of(payers)
    else:
        payee = _borrower(draft, reach, payers, who)
    named = payee is not None
    if payee is None:
        payee = thread.past.subjects[-1] if thread.past.subjects else thread.payee(payers)
    if payee is None:
        return None
    payers = tuple(n for n in payers if n != payee)
    return replace(
        draft, payers=payers, payee=payee, explicit=int(named), instrument=instrument(scene, cue)
    )


def _borrows(cue: Cue) -> bool:
    """ "emprunter 3 milliards à Mizuho": who stands behind "à" lends."""
    return cue.part == "v" and cue.lemma == "emprunter"


def _bank(scene: Scene, one: Sum) -> Group | None:
    """ "un prêt de 2 milliards de Barclays"."""
    for group in scene.parties():
        if one.right <= group.first <= one.right + _OWNED and group.prep == "de":
            return group if group.mentions[0].role == "lender" else None
    return None


def _granted(draft: Draft) -> Group | None:
    """ "un prêt de 10 milliards (de SoftBank) à OpenAI": who stands right behind a loan borrows,
    whatever the verb before it; "un emprunt à" has the lender there."""
    scene, one, cue = draft.scene, draft.one, draft.cue
    if cue is None or cue.part != "n" or not cue.lemma.startswith(_GRANTED):
        return None
    for at in (cue.last, one.right):
        for group in scene.parties():
            if group.first < at:
                continue
            if group.first - at > _OWNED or group.prep not in ("à", "de"):
                break
            if group.prep == "à":
                return group
            at = group.last
    return None


def _own_end(draft: Draft, reach: Reach) -> int:
    """Where what is said of a loan ends: a lender behind the next loan is not its own."""
    if reach.near_right == reach.right:
        return reach.right
    debts = (c for c in draft.scene.cues if c.part == "n" and c.sort == "debt")
    behind = (c.first for c in debts if c.first > draft.one.right + _OWNED)
    return min((k for k in behind if k < reach.right), default=reach.right)


def _borrower(draft: Draft, reach: Reach, payers: tuple[str, ...], who: Group | None) -> str | None:
    """Who borrows: to whom a loan is granted, the subject, the owner of the noun."""
    scene, one, cue = draft.scene, draft.one, draft.cue
    assert cue is not None
    granted = marked(scene, ("à", "pour"), one.right, reach.near_right, payers)
    passive = any(c.mood == "part" and c.first >= one.right for c in scene.cues)
    if granted is not None and (who is None or passive) and cue.part == "n":
        return granted.names[0]
    if who is not None:
        return who.names[0]
    owner = marked(scene, ("de",), cue.last, cue.last + _OWNED, payers)
    if owner is not None:
        return owner.names[0]
    if cue.part == "n" and cue.lemma.startswith(_BORROWED):
        owner = marked(scene, ("de",), one.right, one.right + _OWNED, payers)
        if owner is not None:
            return owner.names[0]
    given = marked(scene, ("à", "pour"), cue.last, reach.right, payers) if cue.part == "n" else None
    return given.names[0] if given is not None else None


#: Loans that are told by their borrower: "un emprunt de 3 milliards de Fluidstack"; a "prêt de
#: SoftBank" may be told of either side.
_BORROWED = ("emprunt", "dette", "endettement", "émission", "obligation")
#: How far behind a noun its owner may stand.
_OWNED = 3


def _lends(scene: Scene, cue: Cue) -> bool:
    """Whether the lender is the subject: "prête", "accorde un prêt"."""
    if cue.part == "v":
        return cue.sort in _GIVING
    before = [c for c in scene.cues if c.part == "v" and c.last <= cue.first]
    if not before or before[-1].lemma not in _GIVING_LEMMAS or before[-1].mood == "part":
        return False
    return scene.low[before[-1].first - 1] not in _SEEN  # "s'est vu accorder"
