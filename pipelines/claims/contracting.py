"""Commitments: what one company pays another for its goods, whoever of the two is named first."""

from __future__ import annotations

from collections.abc import Sequence

from pipelines.claims.cues import Cue
from pipelines.claims.drafts import (
    YOUNG,
    Draft,
    Thread,
    bounds,
    doer,
    own_party,
    payee_near,
    pronoun,
    subject,
    young_party,
)
from pipelines.claims.mentions import POSSESSIVES
from pipelines.claims.record import replace
from pipelines.records import Role

#: Prepositions of the one who is paid for its goods.
_SELLER = ("chez", "auprès", "à", "avec", "dans", "pour", "sur")
#: How many drafts back a contract may have been spoken of.
_LATELY = 6


def commitment(draft: Draft, thread: Thread) -> Draft | None:
    """The payer is the client: the subject of "acheter", the one "facturé" or "livré"."""
    scene, one, cue = draft.scene, draft.one, draft.cue
    assert cue is not None
    roles = thread.past.roles
    own = own_party(draft)
    who = doer(draft) or subject(scene, one.left)
    if own is not None and own.prep == "" and own.first > (who.first if who else -1):
        who = own
    payers: tuple[str, ...] = who.names if who else ()
    payee, named = payee_near(draft, payers, _SELLER)
    if cue.sort in ("supply", "sell") or cue.lemma == "fournir" or _lets(draft, cue):
        payers, payee = ((payee,) if payee else ()), (payers[0] if payers else None)
    if payee is None and pronoun(scene, cue) and cue.part == "v":
        payee = thread.spoken_of(payers)
    if payee is None:
        payee = _other(draft, payers, roles)
        named = payee is not None
    if who is not None and len(who.names) == 2 and payee is None:
        payers, payee = who.names[:1], who.names[1]
    explicit = bool(payers) + named
    if not payers and payee is not None:
        young = young_party(scene.parties(), (payee,)) or thread.past.last_young((payee,))
        payers = (young,) if young else ()
    if payers and payee is not None:
        payers, payee = _directed(payers, payee, cue, roles)
    if not payers or payee is None or payee in payers:
        payers, payee = _spoken_of(payers, payee, thread)
    if not payers or payee is None:
        return None
    return replace(draft, payers=tuple(payers), payee=payee, explicit=explicit)


def _lets(draft: Draft, cue: Cue) -> bool:
    """ "Crusoe loue son campus à Oracle": who has what is let is paid for it."""
    behind = draft.scene.low[cue.last : min(cue.last + 1, draft.scene.sentence.last)]
    return cue.lemma == "louer" and cue.part == "v" and not POSSESSIVES.isdisjoint(behind)


def _other(draft: Draft, payers: Sequence[str], roles: dict[str, Role]) -> str | None:
    """A supplier in the sentence that no preposition marks as one."""
    bounds(draft)
    group = next(
        (
            g
            for g in draft.scene.parties()
            if g.names[0] not in payers and g.prep in ("de", "par", "entre", "")
        ),
        None,
    )
    if group is None or roles.get(group.names[0]) in YOUNG:
        return None
    return group.names[0]


def _directed(
    payers: tuple[str, ...], payee: str, cue: Cue, roles: dict[str, Role]
) -> tuple[tuple[str, ...], str]:
    """A contract is paid by the laboratory to its supplier, whoever is named first."""
    if (cue.part == "n" and len(payers) == 1) and (
        roles.get(payee) in YOUNG and roles.get(payers[0]) in ("investor", "partner")
    ):
        return (payee,), payers[0]
    return payers, payee


def _spoken_of(
    payers: Sequence[str], payee: str | None, thread: Thread
) -> tuple[tuple[str, ...], str | None]:
    """Who has the contract that the text was speaking of: "leur accord", "cette commande"."""
    known = {n for n in (*payers, payee) if n}
    for past in reversed(thread.drafts[-_LATELY:]):
        if past.kind == "commitment" and known <= {*past.payers, past.payee}:
            return past.payers, past.payee
    buyer = next((n for n in payers if n != payee), None)
    seller = payee if payee != buyer else None
    if seller is None:
        seller = thread.past.last_big((buyer,) if buyer else ())
    if buyer is None:
        buyer = thread.past.last_young((seller,) if seller else ())
    if buyer is not None and thread.past.roles.get(seller or "") in YOUNG:
        buyer, seller = seller, buyer
    if buyer is None or seller is None or buyer == seller:
        return (), None
    return (buyer,), seller
