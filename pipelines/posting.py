"""One stored article meets the ledger: what the rules need is loaded, what they say is recorded.

Posting in order costs the same whatever the ledger holds: states of each payee's account are kept
(table `accounts`), and only what came after the newest fitting one is folded. A late article throws
away the states behind it. States are a convenience; without them the result is the same.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from pipelines import change
from pipelines.change import Account, advance, fits, load, save
from pipelines.records import Change, Posting
from pipelines.shapes import moment

if TYPE_CHECKING:
    from pipelines.store import Store

#: A new state is kept when so many articles were folded since the last one ...
STRIDE = 16
#: ... of all but the newest so many, so that articles a little late still find one before them.
MARGIN = 8
#: What was told about older articles is not told again by any rule.
REMEMBERED = timedelta(days=30)
#: States kept of one payee.
KEPT = 8


def post(identity: int, store: Store) -> tuple[Change, ...]:
    """What the stored version `identity` changes; records nothing but states of accounts."""
    payees = store.ledger.payees(identity)
    if not payees:  # most articles speak of no money
        return ()
    posting = store.ledger.posting(identity)
    same = store.ledger.postings([], url=posting.url)
    bases = {payee: _base(payee, posting, same, store) for payee in payees}
    found = {payee: base for payee, base in bases.items() if base is not None}
    history = {p.article: p for payee in payees for p in _past(payee, found, posting, store)}
    told = [
        change.Told(*row)
        for row in store.ledger.told(payees, url=posting.url, since=posting.at - REMEMBERED)
    ]
    newest = store.articles.newest()
    changes = change.post(
        posting,
        tuple(history.values()),
        told,
        newest=moment(newest) if newest else None,
        base=found,
    )
    for payee in payees:
        _keep(payee, found.get(payee), [*history.values(), posting], store)
    return changes


def _past(
    payee: str, bases: Mapping[str, Account], posting: Posting, store: Store
) -> list[Posting]:
    """What is to be folded of a payee beside the posting: all, or what came after its state."""
    base = bases.get(payee)
    after = base.through[0] if base and base.through else None
    found = store.ledger.postings([payee], url=posting.url, after=after)
    return [p for p in found if p.article != posting.article]


def _base(payee: str, posting: Posting, same: Sequence[Posting], store: Store) -> Account | None:
    """The newest state kept that the posting comes after; later ones are thrown away."""
    while kept := store.accounts.newest(payee):
        at, body = kept
        account = load(body)
        if account is not None and fits(posting, same, account):
            return account
        store.accounts.drop(payee, at)
    return None


def _keep(payee: str, base: Account | None, postings: Sequence[Posting], store: Store) -> None:
    start = base.through[0] if base and base.through else None
    moments: list[datetime] = sorted(
        p.at
        for p in postings
        if (start is None or p.at > start) and any(c.payee == payee for c in p.claims)
    )
    if len(moments) < STRIDE:
        return
    until = moments[-MARGIN]
    account = advance(base or Account(payee), postings, until)
    if account.through:
        store.accounts.keep(payee, until, save(account), KEPT)
