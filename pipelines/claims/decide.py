"""What a sum is, who pays and who is paid: the grammar's answer weighed against the others.

The scorer sees the grammar's answer as one feature among many. Without weights the grammar decides
alone.
"""

from __future__ import annotations

from typing import Any

from pipelines.claims import candidates, confidence, features, partaking, scorer, unnamed
from pipelines.claims.drafts import YOUNG, Draft
from pipelines.claims.features import Place
from pipelines.claims.frames import KINDS
from pipelines.claims.particulars import instrument
from pipelines.claims.record import replace
from pipelines.records import Kind

_KINDS: dict[str, Kind] = {kind: kind for kind in KINDS.values()}


#: What a place in a list, table or distribution adds to the odds of the kind it continues.
LISTED = 0.4
#: Odds of the kind that the heading of a column names.
HEADED = 0.9
#: How many kinds are filled with parties before the likeliest is taken.
TRIED = 2
#: A payee whose odds are at least this share of the likeliest one's is weighed with its own payers:
#: who would pay itself is told apart so. So many at most.
RIVAL, MOST_RIVALS = 0.3, 3
#: Odds of "no claim" count by this much against those of a whole claim, a product of three.
NOTHING = 0.8


def choose(place: Place) -> list[Draft]:
    """Drafts of one sum: none, one, or one for each payer of "chacun"."""
    models = scorer.weights()
    if not models:
        return each(place.draft, place) if place.draft is not None and place.draft.payee else []
    if _quoted(place):
        return []
    kinds = scorer.softmax(scorer.classify(models["kind"], features.kind_features(place)))
    if place.table and place.draft is not None:
        kinds = {place.draft.kind: HEADED}
    elif place.share is not None:
        _shared(kinds, place)
    elif unnamed.give(place.scene, place.one, place.governor):
        kinds["round"] += kinds.pop("investment", 0.0)
    elif partaking.of_round(place.scene, place.one):
        kinds["investment"] += kinds.pop("round", 0.0)
    none = kinds.pop("none", 0.0) * NOTHING
    best: Draft | None = None
    least, odds = none, (0.0, 0.0, 0.0)
    for name in sorted(kinds, key=kinds.__getitem__, reverse=True)[:TRIED]:
        if kinds[name] < least or (best is not None and kinds[name] == least):
            break  # a whole claim is never likelier than its kind
        found = filled(place, name, min(kinds[name], 1.0), models, least)
        if found is not None and (best is None or found[0].odds > best.odds):
            best, odds = found
            least = max(none, best.odds)
    if best is None or best.odds < none:
        return []
    return each(replace(best, signals=confidence.signals(place, best, odds)), place)


def _quoted(place: Place) -> bool:
    """ "Il pèse 300 milliards en Bourse": a market value, which is no claim."""
    cue = place.governor.cue if place.governor is not None else None
    behind = place.scene.low[place.one.right : place.one.right + 2]
    return cue is not None and cue.sort in ("worth", "value") and behind == ["en", "bourse"]


def _shared(kinds: dict[str, float], place: Place) -> None:
    """A party's own share of a sum is what it pays, not a round; a start-up's is what it gets."""
    young = place.thread.past.roles.get(place.share or "") in YOUNG
    if not young:
        kinds["investment"] += kinds.pop("round", 0.0) + kinds.pop("valuation", 0.0)
    if place.draft is not None and place.draft.kind in kinds:
        kinds[place.draft.kind] += LISTED


def filled(
    place: Place, name: str, odds: float, models: dict[str, Any], least: float = 0.0
) -> tuple[Draft, tuple[float, float, float]] | None:
    """The likeliest payee and payers of one kind, with the odds of kind, payee and payers; None
    where nobody is, or where together they are less likely than `least`."""
    kind = _KINDS.get(name)
    if kind is None:
        return None
    payees = scorer.rank(models["payee"], candidates.payee_features(place, kind))
    if not payees:
        return None
    if place.others:
        payees = {n: p for n, p in payees.items() if n not in place.others} or payees
    roles = place.thread.past.roles
    giver = place.draft.payers if place.draft is not None and place.table else ()
    if giver:
        payees = {n: p for n, p in payees.items() if n not in giver} or payees
    taker = place.draft.payee if place.draft is not None and place.draft.kind == kind else None
    bought = kind == "commitment" and place.share is not None and place.share == taker
    if bought and place.share in payees:
        payees = {place.share or "": 1.0}
    if (place.share in payees and kind in ("valuation", "round")) and (
        roles.get(place.share or "") in ("subject", "rival")
    ):
        payees = {place.share or "": 1.0}
    payee = max(payees, key=payees.__getitem__)
    if odds * payees[payee] < least:
        return None
    parts = (odds, payees[payee], 1.0)
    payers: tuple[str, ...] = ()
    if kind in ("investment", "commitment", "debt"):
        rivals = sorted(
            (n for n in payees if payees[n] > RIVAL * payees[payee]), key=payees.__getitem__
        )
        found = [
            (payees[name] * sure, name, who, sure)
            for name in rivals[-MOST_RIVALS:]
            for who, sure in _likeliest_payers(place, kind, name, models)
        ]
        if not found:
            return None
        _, payee, payers, sure = max(found, key=lambda one: one[0])
        parts = (odds, payees[payee], sure)
    elif kind == "round" and place.draft is not None:
        payers = tuple(n for n in place.draft.payers if n != payee)
    return drafted(place, kind, payee, payers, parts[0] * parts[1] * parts[2]), parts


def _likeliest_payers(
    place: Place, kind: Kind, payee: str, models: dict[str, Any]
) -> list[tuple[tuple[str, ...], float]]:
    """The likeliest payers of a sum to `payee`, with their odds; empty where nobody may pay."""
    sets = scorer.rank(models["payers"], candidates.payer_features(place, kind, payee))
    if not sets:
        return []
    if place.others:
        sets = {s: p for s, p in sets.items() if place.others.isdisjoint(s)} or sets
    if place.each:
        sets = {s: p for s, p in sets.items() if not _among(place, payee, s)} or sets
    own, young = _own(place, payee), place.thread.past.roles.get(payee) in YOUNG
    if own in sets and (place.table or kind != "commitment" or not young):
        return [(own, 1.0)]
    payers = max(sets, key=sets.__getitem__)
    return [(payers, sets[payers])]


def _among(place: Place, payee: str, payers: tuple[str, ...]) -> bool:
    """Whether payee and payers belong to one group, as where "chacun" is said of it."""
    groups = place.scene.parties()
    return any(payee in g.names and not set(payers).isdisjoint(g.names) for g in groups)


def _own(place: Place, payee: str) -> tuple[str, ...]:
    """Whose the sum is by its place alone: one company, or with "chacun" all of a group."""
    share = place.share or ""
    if place.each:
        for group in place.scene.parties():
            if share in group.names and group.last <= place.one.left and payee not in group.names:
                return group.names
    return (share,)


def drafted(place: Place, kind: Kind, payee: str, payers: tuple[str, ...], odds: float) -> Draft:
    """A draft with these parts; the rule tells what the grammar saw."""
    governor, grammar = place.governor, place.draft
    cue = governor.cue if governor is not None else None
    if grammar is not None and (grammar.kind, grammar.payee) == (kind, payee):
        made = replace(grammar, payers=payers, odds=odds)
    else:
        how = governor.how if governor is not None else "inherited"
        rule = f"{cue.part}.{cue.sort}.{governor.how}" if cue is not None and governor else "list"
        made = Draft(
            place.one, place.scene, kind, payers, payee, rule + "*", 0.0, how, cue, odds=odds
        )
    if kind == "debt" and cue is not None:
        made = replace(made, instrument=instrument(place.scene, cue))
    if kind == "round" and grammar is not None and grammar.kind == "round":
        made = replace(made, backers=() if grammar.how == "inherited" else grammar.payers)
    return made


def each(draft: Draft, place: Place) -> list[Draft]:
    """ "chacun" gives each payer its own claim, or each of the companies paid."""
    if draft.kind not in ("investment", "commitment", "debt"):
        return [draft]
    if len(draft.payers) > 1:
        if place.each:
            return [replace(draft, payers=(n,), rule=draft.rule + ".each") for n in draft.payers]
        return [draft]
    if place.each:
        for group in draft.scene.parties():
            if draft.payee in group.names and not set(draft.payers) & set(group.names):
                return [replace(draft, payee=n, rule=draft.rule + ".each") for n in group.names]
    return [draft]
