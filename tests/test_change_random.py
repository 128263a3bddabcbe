"""Streams that nobody wrote: what must hold for any claims whatever."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from change_ledger import Ledger, posting
from test_change_order import jittered, shuffled, told_twice

from pipelines.change import fold
from pipelines.change.chronology import turns
from pipelines.money import Amount
from pipelines.records import Claim, Posting

GAPS = (5, 60, 600, 3000, 20000, 60000)  # minutes between articles: jitter, days, cold rumours
STATUS: tuple[Any, ...] = (
    *[("rumoured", "talks")] * 3,
    ("rumoured", "considered"),
    ("rumoured", "completed"),
    ("confirmed", "announced"),
    ("confirmed", "completed"),
    ("denied", "denied"),
)
#: One outlet of the five is tier 3.
WEAK = "o4"


def amount(chance: random.Random) -> Amount:
    value = chance.choice([5, 10, 20, 30, 40, 41, 100, 110]) * 10**9
    currency = chance.choice(["USD"] * 9 + ["EUR"])
    made = {
        "exact": Amount(value, value, currency),
        "about": Amount(value, value, currency, "about"),
        "up_to": Amount(None, value, currency, "up_to"),
        "more_than": Amount(value, None, currency, "more_than"),
        "between": Amount(value // 2, value, currency, "between"),
    }
    return made[chance.choice(["exact"] * 5 + ["about", "up_to", "more_than", "between"])]


def claim(chance: random.Random) -> Claim:
    kind: Any = chance.choice(
        ["investment"] * 3 + ["round"] * 2 + ["valuation", "commitment", "debt"]
    )
    certainty, stage = chance.choice(STATUS)
    names = chance.sample(["Amazon", "Nvidia", "SoftBank"], chance.choice([1, 1, 2]))
    sum_ = amount(chance)
    return Claim(
        kind,
        () if kind == "valuation" else tuple(names),
        chance.choice(["OpenAI", "OpenAI", "Anthropic"]),
        sum_,
        certainty,
        stage,
        sources=chance.choice([(), ("FT",), ("Bloomberg",), ("FT", "WSJ")]),
        background=chance.random() < 0.25,
        additional=chance.random() < 0.05,
        valuation_basis="ipo" if kind == "valuation" and chance.random() < 0.3 else None,
        years=chance.choice([None, 7, 8]) if kind == "commitment" else None,
        amount_text=str(sum_.top),
    )


def stream(seed: int) -> list[Posting]:
    """A dozen articles, entries, pages of entries and revisions."""
    chance, at = random.Random(seed), datetime(2025, 1, 1, tzinfo=UTC)
    made: list[Posting] = []
    for number in range(12):
        at += timedelta(minutes=chance.choice(GAPS))
        claims = [claim(chance) for _ in range(chance.choice([0, 1, 1, 2, 3, 4]))]
        outlet = f"o{chance.randrange(5)}"
        url, basis, time, published = f"https://{outlet}.example/{number}", "page", at, at
        what, entries = chance.random(), [p for p in made if p.basis == "entry"]
        if what < 0.2 and made:  # a revision
            first = chance.choice(made)
            url, outlet, published = first.url, first.outlet, first.published
            claims += first.claims[: chance.choice([0, 2])]
        elif what < 0.4:
            basis = "entry"
        elif what < 0.5 and entries:  # the page of an entry
            entry = chance.choice(entries)
            url, outlet, time, published = entry.url, entry.outlet, entry.at, entry.published
            claims += entry.claims[: chance.choice([0, 4])]
        tier = 3 if outlet == WEAK else 2
        told = tuple(f"s{chance.randrange(12)}" for _ in claims)
        others = frozenset(f"s{n}" for n in chance.sample(range(12), 6))
        made.append(
            posting(
                number,
                url,
                time,
                claims,
                published=published,
                outlet=outlet,
                basis=basis,
                tier=tier,
                claim_sentences=told if number % 3 else (),
                sentences=others | set(told) if number % 3 else None,
            )
        )
    return made


def check(seed: int) -> None:
    postings = stream(seed)
    state = "\n".join(repr(d) for d in fold(postings))
    published = [t.posting for t in turns(postings)]
    chance = random.Random(seed)
    for order in (published, shuffled(postings, chance), jittered(published, chance)):
        ledger = Ledger()
        for one in order:
            covered = sorted(n for c in ledger.take(one) for n in c.claims)
            assert covered == list(range(len(one.claims))), "every claim exactly once"
        assert ledger.state == state
        assert order is published or told_twice(ledger.told) == []


@pytest.mark.parametrize("seed", range(25))
def test_a_random_stream_gives_one_state_and_tells_nothing_twice(seed: int) -> None:
    check(seed)


@pytest.mark.slow
def test_a_thousand_random_streams_give_one_state_each() -> None:
    for seed in range(1000):
        check(seed)
