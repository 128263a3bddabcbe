"""Stories of the ledger through the real store: each arrival is an article with a text.

A text is made of what its line says: the sentence of each claim, with words that only its page
has, so that no page is a copy of another. A claim whose line names its sentence (`s=x`) stands in
that sentence; of the others the sentence is not known.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from hashlib import blake2b
from typing import NamedTuple

from pipelines import change
from pipelines.intake import Prepared, prepare_given, take
from pipelines.records import Article, Change, Claim, Outlet, Posting
from pipelines.shapes import claim_from_json, claim_to_json, deal_to_json, when
from pipelines.store import Store

#: How often a sentence repeats the words of its page: enough to be no copy of another page's.
OWN_WORDS = 12


class Arriving(NamedTuple):
    """A posting as it reaches the store: read already, as the same page always is."""

    prepared: Prepared
    outlet: Outlet
    place: tuple[datetime, str]  # an import posts in this order


def arriving(posting: Posting) -> Arriving:
    found = _article(posting)
    prepared = prepare_given(found, _claims(posting, found.text), posting.at)
    return Arriving(prepared, _outlet(posting), (posting.at, posting.url))


def _article(posting: Posting) -> Article:
    """The version of the page that says what the posting says."""
    words = posting.url.replace("/", " ").replace(".", " ").split()[1:]
    own = " ".join(f"{word}{n}" for n in range(OWN_WORDS) for word in words)
    named = {tag for _, tag in _tagged(posting) if tag} | (posting.sentences or set())
    unnamed = [f"Autre chose, {_digest(claim)}" for claim, tag in _tagged(posting) if not tag]
    said = [f"La phrase {tag} donne une {_sum_of(tag)}" for tag in sorted(named)]
    return Article(
        url=posting.url,
        canonical_url=posting.url,
        outlet=posting.outlet,
        title="",  # it would be one more sentence that all versions share
        text="\n\n".join(f"{sentence}, {own}." for sentence in [*said, *unnamed] or ["Rien"]),
        published=posting.published,
        modified=posting.at if posting.at != posting.published else None,
        language="fr",
        basis=posting.basis,
    )


def _digest(claim: Claim) -> str:
    """A word that stands for the claim: another claim is another text."""
    return blake2b(repr(claim).encode(), digest_size=4).hexdigest()


def _claims(posting: Posting, text: str) -> list[Claim]:
    """Those of the posting, each at its place in the text."""
    return [
        claim_from_json(claim_to_json(claim) | {"amount_text": _sum_of(tag) if tag else ""}, text)
        for claim, tag in _tagged(posting)
    ]


def _tagged(posting: Posting) -> list[tuple[Claim, str | None]]:
    tags = posting.claim_sentences or [None] * len(posting.claims)
    return list(zip(posting.claims, tags, strict=True))


def _sum_of(tag: str) -> str:
    return f"somme {tag}"


def _outlet(posting: Posting) -> Outlet:
    return Outlet(
        id=posting.outlet,
        name=posting.outlet,
        home=f"https://{posting.outlet}.example/",
        policy="feed",
        tier=posting.tier,
        group=posting.voice if posting.voice != posting.outlet else "",
        satire=posting.satire,
    )


def add(store: Store, given: Arriving, now: datetime) -> tuple[Change, ...]:
    """Take one article; what it changed."""
    return take(replace(given.prepared, seen=now), store, outlet=given.outlet, now=now).changes


def add_batch(store: Store, batch: Iterable[Arriving], now: datetime) -> None:
    """One import: whatever order its lines have, they are posted by date."""
    for given in sorted(batch, key=lambda g: g.place):
        add(store, given, now)


def deals(store: Store, as_of: datetime | None = None) -> str:
    """What `veille deals --json` prints."""
    outcomes = [told for *_, told in store.ledger.told(as_of=as_of)]
    found = change.fold(store.ledger.postings(as_of=as_of), outcomes)
    return _lines(map(deal_to_json, found))


def changes(store: Store, as_of: datetime | None = None) -> str:
    """What `veille changes --all --json` prints."""
    return _lines(store.ledger.changes(as_of=as_of, silent=True))


def state(store: Store) -> str:
    """Deals and claims; ids under which a deal was told once belong to the telling, not to it.

    A claim stands under its page and time, for numbers of rows are given by arrival. An entry is
    left out once its page is there: it says nothing any more, and is not stored after the page.
    """
    postings = store.ledger.postings()
    pages = {p.url for p in postings if p.basis == "page"}
    standing = [p for p in postings if p.basis == "page" or p.url not in pages]
    claimed = sorted(
        (p.url, when(p.at), json.dumps([*map(claim_to_json, p.claims)])) for p in standing
    )
    return _lines([*map(deal_to_json, change.fold(postings)), *claimed])


def _lines(shapes: Iterable[object]) -> str:
    return "".join(json.dumps(shape, ensure_ascii=False) + "\n" for shape in shapes)
