"""What is told: the difference between the state last told and the state now (A0).

A posting that is the newest of its payee tells what its own step gives. One that arrives late is
folded in at its place: both states are compared, and it tells only what it says itself and what
was not known: a status raised, a denial, a figure that is now current, a new deal, a new name.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from pipelines.change.account import Account, Family, figure_of
from pipelines.change.chronology import Turn, turns, words
from pipelines.change.desk import STRENGTH
from pipelines.change.fork import Fork, fork, stands_for
from pipelines.change.news import Told, compared, repeats, untold
from pipelines.change.step import weak
from pipelines.change.withdrawal import taken_back
from pipelines.records import FOUND_LATE, Change, Claim, Label, Posting

#: A family first heard of in an article this much older than the newest one is history (A0).
HISTORY = timedelta(days=7)


def post(
    posting: Posting,
    history: Sequence[Posting],
    told: Sequence[Told],
    *,
    newest: datetime | None = None,
    base: Mapping[str, Account] | None = None,
) -> tuple[Change, ...]:
    """One change for each alerting family and for each silent claim of the posting.

    `history`: every stored version of this URL, and of every URL that ever spoke of a payee that a
    version of this URL speaks of, in any order.
    `told`: what was recorded for this URL, and the alerts about those payees, at least those of
    the last weeks.
    `newest`: time of the newest article in the ledger.
    `base`: accounts folded beforehand (saved.py), by payee; then only URLs with a version after
    them are needed, with all their versions, and all versions of this URL.
    """
    others = [p for p in history if p.article != posting.article]
    if any(_same(posting, p) for p in others):
        return _repeated(posting, told)
    before, after = turns(others), turns([*others, posting])
    own = next((t for t in after if t.posting.article == posting.article), None)
    if own is None:
        return _repeated(posting, told)  # an entry whose page is there already
    replaced = _replaced(others, after, posting)
    changes: list[Change] = []
    for payee in dict.fromkeys(c.payee for c in posting.claims):
        start = (base or {}).get(payee) or Account(payee)
        apart = fork(start, before, after, own, replaced)
        changes += _told(apart, told, newest)
    changes += taken_back(posting, replaced, told, after, base or {})
    return tuple(sorted(changes, key=lambda c: (c.claims or (len(posting.claims),), c.deal)))


def _same(posting: Posting, other: Posting) -> bool:
    return (posting.url, posting.at, posting.basis) == (other.url, other.at, other.basis) and (
        words(posting.claims) == words(other.claims)
    )


def _repeated(posting: Posting, told: Sequence[Told]) -> tuple[Change, ...]:
    deals = {n: t.change.deal for t in told if t.url == posting.url for n in t.change.claims}
    return tuple(
        _silent(posting, n, "unchanged", deals.get(n, ""), "A0 known already")
        for n in range(len(posting.claims))
    )


# What one account tells --------------------------------------------------------------------------


def _told(fork: Fork, told: Sequence[Told], newest: datetime | None) -> list[Change]:
    changes: list[Change] = []
    for change in fork.own:
        if not fork.in_order and not weak(fork.posting):
            change = compared(fork, change, told)
        elif change.alert and repeats(change, _claim(fork, change), told, fork.posting.at):
            changes += _hushed(fork, change, "corroborated", f"A0 told already ({change.rule})")
            continue
        elif fork.in_order and not weak(fork.posting):
            change = untold(fork, change, told)
        opens = "new" in (change.label, *change.also)
        if change.alert and opens and _history(fork, change, newest):
            changes += _hushed(fork, change, "backfilled", FOUND_LATE)
        elif change.alert or len(change.claims) == 1:
            changes.append(change)
        else:
            changes += _hushed(fork, change, change.label, change.rule)
    return [_page_of_entry(fork, c) for c in _one_a_family(fork, changes)]


def _one_a_family(fork: Fork, changes: Sequence[Change]) -> list[Change]:
    """One alert a family and article (RULES 3.5), where the difference found several."""
    loud: dict[Family, list[Change]] = {}
    for change in changes:
        if change.alert:
            family = Family.of(_claim(fork, change))
            loud.setdefault(family, []).append(change)
    merged = [c for c in changes if not c.alert]
    for same in loud.values():
        first = min(same, key=lambda c: STRENGTH.index(c.label))
        also = {x for c in same for x in (c.label, *c.also)} - {first.label}
        claims = tuple(sorted(n for c in same for n in c.claims))
        merged.append(replace(first, also=tuple(sorted(also)), claims=claims))
    return merged


def _claim(fork: Fork, change: Change) -> Claim:
    return fork.posting.claims[change.claims[0]]


def _history(fork: Fork, change: Change, newest: datetime | None) -> bool:
    """A new deal of an unknown family, or one behind a newer deal, that is a week old."""
    at = fork.posting.at
    if newest is None or newest - at <= HISTORY:
        return False
    family = Family.of(_claim(fork, change))
    if not any(i.live for i in fork.before.families.get(family, ())):
        return True
    live = [i for i in fork.after.families.get(family, ()) if i.live]
    additive = change.kind in ("commitment", "debt")
    return not additive and live[-1].id != change.deal


def _hushed(fork: Fork, change: Change, label: Label, rule: str) -> list[Change]:
    said = change.corroboration
    return [
        replace(_silent(fork.posting, n, label, change.deal, rule), corroboration=said)
        for n in change.claims
    ]


def _silent(posting: Posting, n: int, label: Label, deal: str, rule: str) -> Change:
    c = posting.claims[n]
    after = figure_of(c.amount, c.certainty, c.stage)
    payers = tuple(sorted(set(c.payers)))
    return Change(
        label, (), False, deal, c.kind, payers, c.payee, None, after, posting.article, (n,), rule
    )


def _page_of_entry(fork: Fork, change: Change) -> Change:
    """What the feed entry said already is `unchanged` on its page."""
    if change.alert or not fork.entries:
        return change
    claim = _claim(fork, change)
    if any(stands_for(claim, e, fork.posting.at) for e in fork.entries):
        return replace(change, label="unchanged", rule="A0 page of its entry")
    return change


def _replaced(
    others: Sequence[Posting], after: Sequence[Turn], posting: Posting
) -> tuple[Posting, ...]:
    """Feed entries that gave way to this page."""
    if posting.basis != "page":
        return ()
    kept = {t.posting.article for t in after}
    entries = (p for p in others if p.url == posting.url and p.basis == "entry")
    return tuple(p for p in entries if p.article not in kept)
