"""A ledger in memory: a list of postings and of what was told, in sixty lines."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from pipelines.change import Told, fold, post
from pipelines.money import Amount
from pipelines.records import Change, Claim, Posting

CORPUS = Path(__file__).parent / "corpus" / "ledger"


def rows(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (CORPUS / name).read_text("utf-8").splitlines()]


def claim(row: dict[str, Any]) -> Claim:
    """A gold claim: the keys that its line may leave out have defaults."""
    return Claim(
        kind=row["kind"],
        payers=tuple(row["payers"]),
        payee=row["payee"],
        amount=Amount(*row["amount"], row.get("currency", "USD"), row["qualifier"]),
        certainty=row["certainty"],
        stage=row["stage"],
        sources=tuple(row["sources"]),
        background=row["background"],
        additional=row.get("additional", False),
        years=row.get("years"),
        amount_text=row.get("amount_text", ""),
    )


class Ledger:
    """Postings in order of arrival; what each told is recorded as the store would."""

    def __init__(self) -> None:
        self.postings: list[Posting] = []
        self.told: list[Told] = []

    def take(self, posting: Posting) -> tuple[Change, ...]:
        versions = [posting, *(p for p in self.postings if p.url == posting.url)]
        payees = {c.payee for p in versions for c in p.claims}
        pages = {p.url for p in self.postings if payees & {c.payee for c in p.claims}}
        known = [p for p in self.postings if p.url in pages | {posting.url}]
        told = [t for t in self.told if t.change.payee in payees or t.url == posting.url]
        newest = max((p.at for p in [*self.postings, posting]), default=None)
        changes = self.post(posting, known, told, newest)
        self.postings.append(posting)
        self.told += [
            Told(len(self.told) + n, posting.url, posting.at, c) for n, c in enumerate(changes)
        ]
        return changes

    def post(
        self, posting: Posting, known: list[Posting], told: list[Told], newest: datetime | None
    ) -> tuple[Change, ...]:
        return post(posting, known, told, newest=newest)

    def take_all(self, postings: Iterable[Posting]) -> list[tuple[Change, ...]]:
        return [self.take(p) for p in postings]

    @property
    def state(self) -> str:
        return "\n".join(repr(d) for d in fold(self.postings))


def posting(
    number: int,
    url: str,
    at: datetime,
    claims: Sequence[Claim],
    *,
    published: datetime | None = None,
    outlet: str = "",
    voice: str = "",
    **more: Any,
) -> Posting:
    return Posting(
        article=number,
        url=url,
        outlet=outlet or url,
        voice=voice or outlet or url,
        published=published or at,
        at=at,
        seen=at,
        recorded=at,
        title="",
        basis=more.pop("basis", "page"),
        claims=tuple(claims),
        **more,
    )
