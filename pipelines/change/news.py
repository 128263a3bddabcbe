"""The difference of two folds, as far as the late posting itself says it (A0)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from pipelines.change.account import Family, Instance, amount_of
from pipelines.change.figures import compatible, direction
from pipelines.change.fork import Fork
from pipelines.change.tables import COLD, SAME_NEWS
from pipelines.records import Change, Claim, Figure, Label

#: Outlets are polled up to three hours apart: so late, a confirmation or denial that the next
#: article has overtaken is still told, because nobody was told of it.
POLLING = timedelta(hours=3)

#: Of a figure first reported so lately every alert is known here: posting.py loads 30 days.
RECENT = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Told:
    """A recorded outcome: its row id, the URL and time of the version that made it."""

    id: int
    url: str
    at: datetime
    change: Change


def compared(fork: Fork, change: Change, told: Sequence[Told]) -> Change:
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
    if label is not None and _known(fork, deal, claims, told):
        label, also = None, ()
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
    raised = (old.certainty, new.certainty) == ("rumoured", "confirmed")
    paid = (old.stage, new.stage) == ("announced", "completed") and deal.family.kind != "valuation"
    since = was.standing.confirmed
    if paid and since is not None and abs(at - since) < SAME_NEWS:
        paid = False  # the same news in other words
    doubted: tuple[Label, ...] = ("contradiction",) if new.contested and not old.contested else ()
    if raised or paid:
        return "confirmed", (*moved, *doubted)
    if doubted:
        return "contradiction", ()
    return (moved[0] if moved else None), ()


def _moved(new: Figure, old: Figure, at: datetime) -> tuple[Label, ...]:
    amount, before = amount_of(new), amount_of(old)
    if compatible(amount, before, at) or old.contested or new.contested:
        return ()
    if new.pre_money or old.pre_money:
        known = {new.amount, new.pre_money} & {old.amount, old.pre_money}
        if known - {None}:
            return ()  # the same valuation on another basis
    return (direction(amount, before, at),)


def _says(claim: Claim, figure: Figure, at: datetime) -> bool:
    """Whether the claim tells the figure that is news now, with its status."""
    if claim.background or (claim.certainty == "denied") != (figure.certainty == "denied"):
        return False
    if figure.certainty == "confirmed" and claim.certainty != "confirmed":
        return False
    if figure.certainty == "denied":
        return True
    told = [a for a, _ in figure.contested] or [figure.amount]
    shown = [amount_of(replace(figure, amount=a)) for a in told]
    if figure.pre_money:
        shown.append(amount_of(replace(figure, amount=figure.pre_money)))
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


def _known(fork: Fork, deal: Instance, claims: Sequence[Claim], told: Sequence[Told]) -> bool:
    """Whether the last alert about the money told already what the posting tells."""
    after = _last_told(claims[0], told)
    if after is None or deal.news is None or after.certainty != deal.news.certainty:
        return False
    return any(_says(c, after, fork.posting.at) for c in claims)


def repeats(change: Change, claim: Claim, told: Sequence[Told], at: datetime) -> bool:
    """Whether an alert in order would tell what was told last, before the state went back.

    That happens when an article found late takes a figure back without saying so itself.
    """
    after, last = change.after, _last_told(claim, told)
    if after is None or last is None or "new_investor" in (change.label, *change.also):
        return False
    if "new" in (change.label, *change.also) or after.contested or last.contested:
        return False
    if (after.certainty, after.stage == "completed") != (last.certainty, last.stage == "completed"):
        return False
    return compatible(amount_of(after), amount_of(last), at)


def untold(fork: Fork, change: Change, told: Sequence[Told]) -> Change:
    """The outcome of a posting in order, made loud where it repeats what nobody was told.

    A figure that waited for a second voice may become the current one by what is found late: two
    voices turn out to be one. That article does not say the figure; the next one that does tells.
    """
    claim, deal, at = fork.posting.claims[change.claims[0]], fork.now(change.deal), fork.posting.at
    if change.label != "corroborated" or deal is None or deal.news is None or deal.news.contested:
        return change
    family = Family.of(claim)
    alone = [i for i in fork.after.families.get(family, ()) if i.live] == [deal]
    if not alone or family.kind not in ("investment", "round") or not _says(claim, deal.news, at):
        return change
    about = [t.change.after for t in told if t.change.alert and _is_of(t.change, family)]
    last = _last_told(claim, told)
    if last is None or last.contested or at - deal.standing.first > RECENT:
        return change
    if any(after is None or _says(claim, after, at) for after in about):
        return change
    moved = _moved(deal.news, last, at)
    if not moved:
        return change
    rule = f"A0 not told yet ({change.rule})"
    return replace(change, label=moved[0], alert=True, before=last, rule=rule)


def _last_told(claim: Claim, told: Sequence[Told]) -> Figure | None:
    """The figure of the last alert about the claim's family; None after a correction."""
    family = Family.of(claim)
    about = [t for t in told if t.change.alert and _is_of(t.change, family)]
    last = max(about, key=lambda t: t.id, default=None)
    return None if last is None or last.change.label == "corrected" else last.change.after


def _is_of(change: Change, family: Family) -> bool:
    if (change.kind, change.payee) != (family.kind, family.payee):
        return False
    if change.label == "new_investor" or family.kind not in ("investment", "commitment"):
        return change.label != "new_investor"
    return change.payers == family.payers


def _overtaken(fork: Fork, change: Change, told: Sequence[Told]) -> bool:
    """A confirmation or denial that a later article, polled first, has made the past."""
    through, at = fork.before.through, fork.posting.at
    status = {"confirmed", "denied"} & {change.label, *change.also}
    if not change.alert or not status or through is None or through[0] - at > POLLING:
        return False
    ids = {change.deal, fork.former.get(change.deal, change.deal)}
    family = (change.kind, change.payee, change.payers)
    for other in told:
        one, after = other.change, other.change.after
        # a denial of what nobody knew has a deal of its own, however often it is repeated
        same_money = one.deal in ids or (one.kind, one.payee, one.payers) == family
        if one.alert and same_money and after is not None:
            same = "denied" if change.label == "denied" else "confirmed"
            repeated = (one.label, after) == (change.label, change.after)
            if repeated or (after.certainty == same and other.at >= at):
                return False
    return True
