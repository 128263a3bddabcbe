"""A saved account gives what folding everything gives, whatever comes then."""

from __future__ import annotations

import random
from datetime import timedelta

import pytest
from change_ledger import Ledger
from change_ledger import posting as made_posting
from change_stories import claim
from test_change_order import STREAMS, jittered

from pipelines.change import Account, Told, advance, fits, fold, load, post, save
from pipelines.change.chronology import last, payees, turns
from pipelines.records import Change, Posting


@pytest.mark.parametrize("title", STREAMS)
def test_an_account_comes_back_from_its_text_as_it_was(title: str) -> None:
    for payee in payees(STREAMS[title]):
        account = last(Account(payee), turns(STREAMS[title]))
        assert load(save(account)) == account


def test_the_day_that_a_rumour_names_is_kept_with_its_deal() -> None:
    said, _ = claim("Amazon -> OpenAI  50 Md$  talks  FT  [due=2026-02-28]")
    account = last(
        Account("OpenAI"), turns([made_posting(0, "a/1", STREAMS["the seeds"][0].at, [said])])
    )
    assert [deal.due for deal in account.instances] == [said.due]
    assert load(save(account)) == account


def test_a_text_of_another_form_is_not_read() -> None:
    assert load('{"form": 0}') is None


class Keeper(Ledger):
    """A ledger that keeps accounts as they were `back` ago, and posts from there."""

    def __init__(self, back: timedelta) -> None:
        super().__init__()
        self.back = back
        self.bases: dict[str, str] = {}
        self.from_base = 0

    def post(
        self, posting: Posting, known: list[Posting], told: list[Told], newest: object
    ) -> tuple[Change, ...]:
        needed = payees([posting, *(p for p in known if p.url == posting.url)])
        loaded = {p: load(self.bases[p]) for p in needed if p in self.bases}
        kept = {p: a for p, a in loaded.items() if a and a.through}
        latest = max(p.at for p in [*self.postings, posting])
        if len(kept) == len(needed) and all(fits(posting, known, a) for a in kept.values()):
            ends = [a.through[0] for a in kept.values() if a.through]
            since = min(ends, default=latest)
            late = {p.url for p in known if p.at >= since} | {posting.url}
            known = [p for p in known if p.url in late]
            told = [t for t in told if t.url == posting.url or t.change.alert]
            self.from_base += 1
            changes = post(posting, known, told, newest=latest, base=kept)
        else:
            self.bases.clear()  # an arrival from before them: fold everything
            changes = post(posting, known, told, newest=latest)
        for payee in payees([posting]):
            stored = [*self.postings, posting]
            pages = {p.url for p in stored if payee in payees([p])}
            mine = [p for p in stored if p.url in pages]
            start = kept[payee] if payee in self.bases else Account(payee)
            moved = advance(start, mine, latest - self.back)
            if moved.through:
                self.bases[payee] = save(moved)
        return changes


@pytest.mark.parametrize("title", STREAMS)
@pytest.mark.parametrize("back", [timedelta(0), timedelta(hours=2), timedelta(days=3)])
def test_posting_from_a_saved_account_tells_the_same(title: str, back: timedelta) -> None:
    order = jittered(STREAMS[title], random.Random(1))
    plain, keeper = Ledger(), Keeper(back)
    for posting in order:
        assert keeper.take(posting) == plain.take(posting), posting.url
    assert fold(order) == fold(keeper.postings)
    if title == "the press" and back:
        assert keeper.from_base > 10
