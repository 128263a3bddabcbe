"""What is told: the difference between the state last told and the state now (A0).

A posting that is the newest of its payee tells what its own step gives. One that arrives late is
folded in at its place: both states are compared, and it tells only what it says itself and what
was not known: a status raised, a denial, a figure that is now current, a new deal, a new name.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from pipelines.change.account import Account, Family, Instance, figure_of
from pipelines.change.chronology import Turn, last, turns, walk, words
from pipelines.change.desk import NOBODY
from pipelines.change.figures import compatible, direction
from pipelines.change.tables import COLD, SAME_NEWS
from pipelines.money import QUALIFIERS, Amount
from pipelines.records import Change, Claim, Figure, Label, Posting

#: A family first heard of in an article this much older than the newest one is history (A0).
HISTORY = timedelta(days=7)
#: Outlets are polled up to three hours apart: so late, a confirmation or denial that the next
#: article has overtaken is still told, because nobody was told of it.
POLLING = timedelta(hours=3)


@dataclass(frozen=True, slots=True)
class Told:
    """A recorded outcome: its row id, the URL and time of the version that made it."""

    id: int
    url: str
    at: datetime
    change: Change


@dataclass(frozen=True, slots=True)
class Fork:
    """One payee's account without and with the posting, and what its own step gave."""

    posting: Posting
    before: Account
    after: Account
    own: tuple[Change, ...]
    former: Mapping[str, str]  # deal id with the posting → id without it
    in_order: bool
    entries: tuple[Claim, ...]  # claims of the feed entries that the posting replaces

    def was(self, deal: str) -> Instance | None:
        """What the deal was without the posting; None when there was none."""
        return _instance(self.before, self.former.get(deal, deal))

    def now(self, deal: str) -> Instance | None:
        return _instance(self.after, deal)


def post(
    posting: Posting,
    history: Sequence[Posting],
    told: Sequence[Told],
    *,
    newest: datetime | None = None,
    base: Mapping[str, Account] | None = None,
) -> tuple[Change, ...]:
    """One change for each alerting family and for each silent claim of the posting.

    `history` is every stored posting that shares a payee or the URL, in any order; `newest` the
    time of the newest article in the ledger. `base` may hold accounts folded beforehand; then
    `history` needs only the postings after them, and earlier versions of the same URL.
    """
    others = [p for p in history if p.article != posting.article]
    if any(_same(posting, p) for p in others):
        return _repeated(posting)
    before, after = turns(others), turns([*others, posting])
    own = next((t for t in after if t.posting.article == posting.article), None)
    if own is None:
        return _repeated(posting)  # an entry whose page is there already
    replaced = _replaced(others, after, posting)
    changes: list[Change] = []
    for payee in dict.fromkeys(c.payee for c in posting.claims):
        start = (base or {}).get(payee) or Account(payee)
        fork = _fork(start, before, after, own, replaced)
        changes += _told(fork, told, newest)
    changes += _withdrawn(posting, replaced, told, after)
    return tuple(sorted(changes, key=lambda c: (c.claims or (len(posting.claims),), c.deal)))


def _same(posting: Posting, other: Posting) -> bool:
    return (posting.url, posting.at, posting.basis) == (other.url, other.at, other.basis) and (
        words(posting.claims) == words(other.claims)
    )


def _repeated(posting: Posting) -> tuple[Change, ...]:
    return tuple(
        _silent(posting, n, "unchanged", "", "A0 known already") for n in range(len(posting.claims))
    )


def _replaced(
    others: Sequence[Posting], after: Sequence[Turn], posting: Posting
) -> tuple[Posting, ...]:
    """Feed entries that gave way to this page."""
    if posting.basis != "page":
        return ()
    kept = {t.posting.article for t in after}
    entries = (p for p in others if p.url == posting.url and p.basis == "entry")
    return tuple(p for p in entries if p.article not in kept)


def _fork(
    start: Account,
    before: Sequence[Turn],
    after: Sequence[Turn],
    own: Turn,
    replaced: Sequence[Posting],
) -> Fork:
    """Fold the common beginning once, then both ends."""
    if start.through is not None:
        before = [t for t in before if t.place > start.through]
        after = [t for t in after if t.place > start.through]
    common = 0
    while common < len(before) and before[common] == after[common]:
        common += 1
    root = last(start, before[:common])
    without: dict[tuple[int, int], str] = {}
    with_it: dict[tuple[int, int], str] = {}
    mine: tuple[Change, ...] = ()
    one = other = root
    for reached, folded in walk(root, before[common:]):
        one = reached
        _trace(without, folded.turn, folded.changes)
    for reached, folded in walk(root, after[common:]):
        other = reached
        _trace(with_it, folded.turn, folded.changes)
        if folded.turn == own:
            mine = folded.changes
    entries = tuple(c for p in replaced for c in p.claims)
    _trace_entries(without, own.posting, replaced)
    speaking = [t for t in before[common:] if any(c.payee == start.payee for c in t.posting.claims)]
    return Fork(
        own.posting, one, other, mine, _former(root, without, with_it), not speaking, entries
    )


def _trace(trace: dict[tuple[int, int], str], turn: Turn, changes: tuple[Change, ...]) -> None:
    """Which deal each claim was posted to."""
    for change in changes:
        for n in change.claims:
            trace[turn.posting.article, n] = change.deal


def _trace_entries(
    trace: dict[tuple[int, int], str], page: Posting, entries: Sequence[Posting]
) -> None:
    """A page's claim stands where its entry's stood."""
    for n, claim in enumerate(page.claims):
        for entry in entries:
            for m, earlier in enumerate(entry.claims):
                if _stands_for(claim, earlier, page.at) and (entry.article, m) in trace:
                    trace[page.article, n] = trace[entry.article, m]


def _stands_for(claim: Claim, earlier: Claim, at: datetime) -> bool:
    same = Family.of(claim) == Family.of(earlier)
    return same and compatible(claim.amount, earlier.amount, at)


def _former(
    root: Account, without: Mapping[tuple[int, int], str], with_it: Mapping[tuple[int, int], str]
) -> dict[str, str]:
    """Deals of the one fold in terms of the other: those that share most claims."""
    kept = {i.id for same in root.families.values() for i in same}
    shared: dict[str, Counter[str]] = {}
    for claim, deal in with_it.items():
        if deal not in kept and claim in without:
            shared.setdefault(deal, Counter())[without[claim]] += 1
    return {deal: max(sorted(c), key=c.__getitem__) for deal, c in shared.items()}


def _instance(account: Account, deal: str) -> Instance | None:
    found = (i for same in account.families.values() for i in same if i.id == deal)
    return next(found, None)


# What one account tells --------------------------------------------------------------------------


def _told(fork: Fork, told: Sequence[Told], newest: datetime | None) -> list[Change]:
    changes: list[Change] = []
    for change in fork.own:
        if not fork.in_order:
            change = _compared(fork, change, told)
        if change.alert and change.label == "new" and _history(fork, change, newest):
            changes += _hushed(fork, change, "backfilled", "A0 older than the news")
        elif change.alert or len(change.claims) == 1:
            changes.append(change)
        else:
            changes += _hushed(fork, change, change.label, change.rule)
    return [_page_of_entry(fork, c) for c in changes]


def _history(fork: Fork, change: Change, newest: datetime | None) -> bool:
    """A new deal of an unknown family, or one behind a newer deal, that is a week old."""
    at = fork.posting.at
    if newest is None or newest - at <= HISTORY:
        return False
    family = Family.of(fork.posting.claims[change.claims[0]])
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
    claim = fork.posting.claims[change.claims[0]]
    if any(_stands_for(claim, e, fork.posting.at) for e in fork.entries):
        return replace(change, label="unchanged", rule="A0 page of its entry")
    return change


# The difference ----------------------------------------------------------------------------------


def _compared(fork: Fork, change: Change, told: Sequence[Told]) -> Change:
    """The outcome of a late posting: what its step gave, cut down to what was not known."""
    claims = [fork.posting.claims[n] for n in change.claims]
    if all(c.background for c in claims) or change.label in ("unchanged", "reread"):
        return change
    deal = fork.now(change.deal)
    if deal is None or deal.news is None:
        return change
    was = fork.was(change.deal)
    if was is None:
        return change  # a deal that nobody knew: told as its step has it
    label, also = _difference(fork, deal, was, claims)
    names = _new_names(fork, was, claims)
    if names:
        label, also = (label, (*also, "new_investor")) if label else ("new_investor", ())
    if label is None and _overtaken(fork, change, told):
        return replace(change, rule=f"A0 overtaken ({change.rule})")
    if label is None:
        quiet: Label = "corroborated" if _stands(deal, claims, fork.posting.at) else "stale"
        label = quiet if change.alert else change.label
        return replace(change, label=label, also=(), alert=False, rule=f"A0 late ({change.rule})")
    payers = tuple(sorted(names)) if label == "new_investor" else change.payers
    return replace(
        change,
        label=label,
        also=tuple(sorted(set(also))),
        alert=True,
        payers=payers,
        before=was.news or was.figure,
        rule=f"A0 late ({change.rule})",
    )


def _difference(
    fork: Fork, deal: Instance, was: Instance, claims: Sequence[Claim]
) -> tuple[Label | None, tuple[Label, ...]]:
    """What moved in the news of the deal, as far as the posting itself says it."""
    new, old, at = deal.news, was.news, fork.posting.at
    if new is None or not any(_says(c, new, at) for c in claims):
        return None, ()
    if old is None:
        return "new", ()
    moved = _moved(new, old, at)
    if new.certainty == "denied":
        return (None if old.certainty == "denied" else "denied"), ()
    if old.certainty == "denied":
        return ("contradiction" if new.certainty == "confirmed" else None), ()
    if new.contested and not old.contested:
        return "contradiction", ()
    raised = (old.certainty, new.certainty) == ("rumoured", "confirmed")
    paid = (old.stage, new.stage) == ("announced", "completed") and deal.family.kind != "valuation"
    since = was.standing.confirmed
    if paid and since is not None and abs(at - since) < SAME_NEWS:
        paid = False  # the same news in other words
    if raised or paid:
        return "confirmed", moved
    return (moved[0] if moved else None), ()


def _moved(new: Figure, old: Figure, at: datetime) -> tuple[Label, ...]:
    amount, before = _amount(new), _amount(old)
    if compatible(amount, before, at) or old.contested or new.contested:
        return ()
    if new.pre_money or old.pre_money:
        known = {new.amount, new.pre_money} & {old.amount, old.pre_money}
        if known - {None}:
            return ()  # the same valuation on another basis
    return (direction(amount, before, at),)


def _amount(figure: Figure) -> Amount:
    qualifier = next(q for q in QUALIFIERS if q == figure.qualifier)
    return Amount(*figure.amount, figure.currency, qualifier)


def _says(claim: Claim, figure: Figure, at: datetime) -> bool:
    """Whether the claim tells the figure that is news now, with its status."""
    if claim.background or (claim.certainty == "denied") != (figure.certainty == "denied"):
        return False
    if figure.certainty == "confirmed" and claim.certainty != "confirmed":
        return False
    if figure.certainty == "denied":
        return True
    told = [a for a, _ in figure.contested] or [figure.amount]
    shown = [_amount(replace(figure, amount=a)) for a in told]
    if figure.pre_money:
        shown.append(_amount(replace(figure, amount=figure.pre_money)))
    return any(compatible(claim.amount, a, at) for a in shown)


def _stands(deal: Instance, claims: Sequence[Claim], at: datetime) -> bool:
    known = (*deal.current, *deal.parts)
    return any(compatible(c.amount, s.amount, at) for c in claims for s in known)


def _new_names(fork: Fork, was: Instance, claims: Sequence[Claim]) -> tuple[str, ...]:
    """Names that the round did not have, and that no investment told (RULES 7)."""
    told = [c for c in claims if c.kind == "round" and not c.background]
    if not told or not _stands(was, told, fork.posting.at) or was.denied:
        return ()
    names = dict.fromkeys(n for c in told for n in c.payers if n not in was.payers)
    tickets = {
        n
        for c in fork.posting.claims
        if c.kind == "investment" and not c.background and c.payee == was.family.payee
        for n in c.payers
    }
    for family, same in fork.before.families.items():
        open_ = any(i.live and not i.denied and _near(fork, i) for i in same)
        if family.kind == "investment" and open_:
            tickets.update(family.payers)
    return tuple(n for n in names if n not in tickets)


def _near(fork: Fork, instance: Instance) -> bool:
    return abs(fork.posting.at - instance.heard) <= COLD


def _overtaken(fork: Fork, change: Change, told: Sequence[Told]) -> bool:
    """A confirmation or denial that a later article, polled first, has made the past."""
    through, at = fork.before.through, fork.posting.at
    status = {"confirmed", "denied"} & {change.label, *change.also}
    if not change.alert or not status or through is None or through[0] - at > POLLING:
        return False
    ids = {change.deal, fork.former.get(change.deal, change.deal)}
    for other in told:
        after = other.change.after
        if other.change.alert and other.change.deal in ids and after is not None:
            same = "denied" if change.label == "denied" else "confirmed"
            if after.certainty == same and other.at >= at:
                return False
    return True


# What a page takes back --------------------------------------------------------------------------


def _withdrawn(
    posting: Posting,
    replaced: Sequence[Posting],
    told: Sequence[Told],
    after: Sequence[Turn],
) -> list[Change]:
    """What only the entry said leaves the state; `corrected` where it was told (A0)."""
    gone = {p.article for p in replaced}
    back = {t.change.corrects for t in told}
    wrong = [t for t in told if t.change.alert and t.change.article in gone and t.id not in back]
    changes: list[Change] = []
    for payee in dict.fromkeys(t.change.payee for t in wrong):
        account = last(Account(payee), after)
        for one in wrong:
            if one.change.payee == payee and not supported(one.change, account):
                changes.append(correction(one, account, posting.article))
    return changes


def supported(change: Change, account: Account) -> bool:
    """Whether the account still holds what the change told."""
    told = change.after
    if told is None:
        return True
    for family, same in account.families.items():
        if family.kind != change.kind:
            continue
        if family.payers and set(family.payers) != set(change.payers):
            continue
        for instance in same:
            figures = (*instance.current, *instance.parts, *instance.superseded)
            amounts = [s.amount for s in figures] + [s.pre for s in figures if s.pre]
            for amount in amounts:
                sides = [a for a, _ in told.contested] or [told.amount]
                if any(
                    compatible(_amount(replace(told, amount=a)), amount, instance.heard)
                    for a in sides
                ):
                    return True
    return False


def correction(wrong: Told, account: Account, article: int | None) -> Change:
    """The change that takes back a told one (A15)."""
    told = wrong.change
    deal = _instance(account, told.deal)
    for family, same in account.families.items():
        named = family.kind not in ("investment", "commitment") or family.payers == told.payers
        if deal is None and family.kind == told.kind and named:
            deal = next((i for i in reversed(same) if i.live), None)
    return replace(
        wrong.change,
        label="corrected",
        also=(),
        alert=True,
        before=wrong.change.after,
        after=deal.figure if deal else wrong.change.before or wrong.change.after,
        article=article,
        claims=(),
        rule="A15 withdrawn",
        corroboration=deal.corroboration if deal else NOBODY,
        corrects=wrong.id,
    )
