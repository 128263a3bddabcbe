"""What was told and is no longer so: `corrected` (A0, A15) and `quiet` changes (A17)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from pipelines.change.account import Account, Family, Instance, amount_of
from pipelines.change.chronology import Turn, last, payees, turns
from pipelines.change.desk import NOBODY
from pipelines.change.figures import compatible
from pipelines.change.fork import instance_of
from pipelines.change.news import Told
from pipelines.money import Amount
from pipelines.records import Change, Claim, Figure, Posting

#: A rumour that nobody repeated for three weeks has faded (A17).
QUIET = timedelta(days=21)


def taken_back(
    posting: Posting,
    replaced: Sequence[Posting],
    told: Sequence[Told],
    after: Sequence[Turn],
    base: Mapping[str, Account],
) -> list[Change]:
    """What only the entry said, or an earlier version of the page, and this page does not.

    It leaves the state; where it was told, `corrected` says so (A0, A15).
    """
    entries = {p.article for p in replaced}
    dropped = {t.posting.article: t.dropped for t in after if t.posting.url == posting.url}

    def gone(change: Change) -> bool:
        if change.article in entries:
            return not any(_speaks_of(c, change, posting) for c in posting.claims)
        positions = dropped.get(change.article or 0, frozenset())
        return bool(change.claims) and positions.issuperset(change.claims)

    wrong = [t for t in _open(told) if gone(t.change)]
    return _corrections(wrong, after, base, posting.article)


def withdrawn(told: Sequence[Told], history: Sequence[Posting]) -> tuple[Change, ...]:
    """A `corrected` change for every told one that neither its own article nor the state bears out.

    To be asked after a verdict or a replay has changed what stored articles claim (A15); `history`
    is then what they claim now. Nothing changed, nothing is taken back.
    """
    articles = {p.article: p for p in history}
    wrong = []
    for one in _open(told):
        posting = articles.get(one.change.article or 0)
        if posting is None or not any(_bears_out(c, one.change, posting) for c in posting.claims):
            wrong.append(one)
    return tuple(_corrections(wrong, turns(history), {}, None))


def _open(told: Sequence[Told]) -> list[Told]:
    """Alerts that nothing took back yet."""
    back = {t.change.corrects for t in told}
    return [
        t for t in told if t.change.alert and t.change.label != "corrected" and t.id not in back
    ]


def _corrections(
    wrong: Sequence[Told],
    after: Sequence[Turn],
    base: Mapping[str, Account],
    article: int | None,
) -> list[Change]:
    changes: list[Change] = []
    for payee in dict.fromkeys(t.change.payee for t in wrong):
        start = base.get(payee) or Account(payee)
        since = start.through
        account = last(start, [t for t in after if since is None or t.place > since])
        mine = (t for t in wrong if t.change.payee == payee)
        changes += [correction(t, account, article) for t in mine if not supported(t, account)]
    return changes


def _bears_out(claim: Claim, told: Change, posting: Posting) -> bool:
    """Whether the article still claims what it was told for."""
    if claim.background or told.after is None or claim.certainty != told.after.certainty:
        return False
    if told.label == "new_investor" and not set(told.payers) <= set(claim.payers):
        return False
    return _speaks_of(claim, told, posting)


def _speaks_of(claim: Claim, told: Change, posting: Posting) -> bool:
    """Whether it is about the money that was told, whatever it says of it."""
    if told.after is None or (claim.kind, claim.payee) != (told.kind, told.payee):
        return False
    if told.kind in ("investment", "commitment") and set(claim.payers) != set(told.payers):
        return False
    return any(compatible(claim.amount, a, posting.at) for a in amounts_of(told.after))


def amounts_of(figure: Figure) -> list[Amount]:
    """The amount, or both sides of a contest."""
    sides = [a for a, _ in figure.contested] or [figure.amount]
    return [amount_of(replace(figure, amount=a)) for a in sides]


def supported(told: Told, account: Account) -> bool:
    """Whether the account holds the figure with that status, whoever says it."""
    change = told.change
    if change.after is None:
        return True
    return any(
        _holds(instance, change)
        for family, same in account.families.items()
        if family.kind == change.kind and _names(family, change)
        for instance in same
    )


def _names(family: Family, change: Change) -> bool:
    return family.kind not in ("investment", "commitment") or family.payers == change.payers


def _holds(instance: Instance, change: Change) -> bool:
    after = change.after
    assert after is not None  # asked by `supported` only
    if change.label == "new_investor" and not set(change.payers) <= set(instance.payers):
        return False
    if after.certainty == "denied" and instance.denied is None:
        return False
    figures = (*instance.current, *instance.parts, *instance.superseded)
    if after.certainty == "confirmed":
        figures = tuple(s for s in figures if s.certainty == "confirmed")
    known = [s.amount for s in figures] + [s.pre for s in figures if s.pre]
    return any(compatible(a, k, instance.heard) for a in amounts_of(after) for k in known)


def correction(wrong: Told, account: Account, article: int | None) -> Change:
    """The change that takes back a told one (A15)."""
    told = wrong.change
    deal = instance_of(account, told.deal)
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


def faded(history: Sequence[Posting], told: Sequence[Told], now: datetime) -> tuple[Change, ...]:
    """Live rumours that nobody repeated, or whose date has passed: `quiet`, each once (A17).

    For the digest alone. The only outcome that looks at the clock; it has no article and is the
    outcome of no claim.
    """
    noted = {(t.change.deal, t.at) for t in told if t.change.label == "quiet"}
    changes = []
    ordered = turns(history)
    for payee in payees(history):
        for deal in last(Account(payee), ordered).instances:
            rumour = deal.open and deal.standing.certainty == "rumoured"
            rule = _silence(deal, now)
            if not rumour or rule is None:
                continue
            if any(deal.id == id_ and at >= deal.heard for id_, at in noted):
                continue
            changes.append(_quiet(deal, rule))
    return tuple(changes)


def _silence(deal: Instance, now: datetime) -> str | None:
    """By which rule the deal's rumour has faded; None: it has not.

    A date holds until somebody tells the rumour after it. Days end in UTC, after those of Paris.
    """
    if now - deal.heard > QUIET:
        return "A17 nobody repeated it"
    due = deal.due
    if due and deal.heard.astimezone(UTC).date() <= due < now.astimezone(UTC).date():
        return "A17 its date has passed"
    return None


def _quiet(deal: Instance, rule: str) -> Change:
    shown = deal.deal()
    return Change(
        label="quiet",
        also=(),
        alert=False,
        deal=deal.id,
        kind=shown.kind,
        payers=shown.payers,
        payee=shown.payee,
        before=deal.figure,
        after=None,
        article=None,
        claims=(),
        rule=rule,
        corroboration=deal.corroboration,
    )
