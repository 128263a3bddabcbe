"""Changes as the ledger leaves them, for tests of what is told: a few words each."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from typing import Any

from pipelines.duplicate import Signature
from pipelines.money import Amount, Qualifier
from pipelines.records import (
    Article,
    Certainty,
    Change,
    Claim,
    Corroboration,
    Figure,
    Kind,
    Label,
    Stage,
    Verdict,
)
from pipelines.shapes import when
from pipelines.store import Store

NOW = datetime(2026, 2, 27, 13, 6, tzinfo=UTC)
MD = 1_000_000_000
QUOTE = "Amazon versera 50 milliards de dollars à OpenAI, ont annoncé les deux groupes."


def figure(
    milliards: float | tuple[float | None, float | None],
    stage: Stage = "talks",
    *,
    certainty: Certainty | None = None,
    qualifier: Qualifier = "exact",
    currency: str = "USD",
    contested: tuple[tuple[float, str], ...] = (),
) -> Figure:
    low, high = milliards if isinstance(milliards, tuple) else (milliards, milliards)
    return Figure(
        amount=(None if low is None else int(low * MD), None if high is None else int(high * MD)),
        currency=currency,
        qualifier=qualifier,
        certainty=certainty
        or {"announced": "confirmed", "completed": "confirmed", "denied": "denied"}.get(
            stage, "rumoured"
        ),  # type: ignore[arg-type]
        stage=stage,
        contested=tuple(
            ((int(amount * MD), int(amount * MD)), (source,)) for amount, source in contested
        ),
    )


@dataclass(frozen=True)
class Move:
    """One change of an article."""

    label: Label = "new"
    after: Figure | None = field(default_factory=lambda: figure(50))
    before: Figure | None = None
    kind: Kind = "investment"
    payers: tuple[str, ...] = ("Amazon",)
    payee: str = "OpenAI"
    also: tuple[Label, ...] = ()
    corrects: int | None = None
    said: tuple[int, int, tuple[str, ...]] = (1, 1, ("The Information",))
    quote: str | None = QUOTE
    confidence: float = 0.9
    sources: tuple[str, ...] = ("The Information",)
    alert: bool | None = None

    @property
    def deal(self) -> str:
        key = self.payee if self.kind in ("round", "valuation") else "".join(self.payers)
        return blake2b(f"{self.kind} {key} {self.payee}".encode(), digest_size=5).hexdigest()


def tell(
    store: Store,
    *moves: Move,
    number: int = 1,
    channels: tuple[str, ...] = ("out",),
    mode: str = "immediate",
    at: datetime = NOW,
    queue: bool = True,
    **article: Any,
) -> list[int]:
    """Post an article with `moves` and queue what it changed; returns the ids of the changes."""
    url = article.pop("url", f"https://lenumerique.example/openai-{number}")
    tier, satire = article.pop("tier", 1), article.pop("satire", False)
    published = article.pop("published", at - timedelta(minutes=6))
    given = Article(
        **{
            "url": url,
            "canonical_url": url,
            "outlet": "lenumerique",
            "title": "OpenAI boucle son tour",
            "text": QUOTE,
            "published": published,
            "language": "fr",
        }
        | article
    )
    moves = moves or (Move(),)
    with store.transaction():
        identity = store.articles.add(
            given,
            Verdict("new"),
            Signature(url, 1, 20, ()),
            voice=f"owner:{given.outlet}",
            sentences=(),
            row={
                "seen": when(at),
                "recorded": when(at),
                "extractor": "test",
                "tier": tier,
                "satire": int(satire),
            },
        )
        claims = [_claim(move) for move in moves]
        posted = dict.fromkeys(range(len(claims)), 0)
        store.articles.add_claims(identity, claims, [None] * len(claims), posted, when(at))
        changes = [_change(move, identity, place) for place, move in enumerate(moves)]
        ids = store.ledger.record(changes, at)
        for channel in channels if queue else ():
            key = blake2b(f"{channel} {url}".encode(), digest_size=16).hexdigest()
            store.outbox.queue(key, channel, mode, identity, ids, at)
    return ids


def _claim(move: Move) -> Claim:
    shown = move.after or move.before
    assert shown is not None
    low, high = shown.amount
    return Claim(
        kind=move.kind,
        payers=move.payers,
        payee=move.payee,
        amount=Amount(low, high, shown.currency, shown.qualifier),  # type: ignore[arg-type]
        certainty=shown.certainty,
        stage=shown.stage,
        sources=move.sources,
        confidence=move.confidence,
        quote=move.quote,
        rule="test",
    )


def _change(move: Move, article: int, place: int) -> Change:
    silent = move.label in ("held", "quiet", "corroborated", "stale", "backfilled", "part")
    return Change(
        label=move.label,
        also=move.also,
        alert=not silent if move.alert is None else move.alert,
        deal=move.deal,
        kind=move.kind,
        payers=move.payers,
        payee=move.payee,
        before=move.before,
        after=move.after,
        article=article,
        claims=(place,),
        rule="test",
        corroboration=Corroboration(*move.said),
        corrects=move.corrects,
    )


#: A closing of a round as the press tells it: one article, six changes.
CLOSING = (
    Move(
        "confirmed",
        figure(50, "completed"),
        figure((None, 50), qualifier="up_to"),
        quote="Amazon versera 50 milliards de dollars, dont 15 tout de suite.",
    ),
    Move("new", figure(100, "announced"), kind="commitment", payers=("OpenAI",), payee="AWS"),
    Move("confirmed", figure(30, "completed"), figure(30), payers=("Nvidia",)),
    Move(
        "confirmed",
        figure(110, "completed"),
        figure((100, None), qualifier="more_than"),
        kind="round",
        payers=("Amazon", "Nvidia", "SoftBank"),
        also=("amount_up",),
        quote="OpenAI a bouclé un tour de table de 110 milliards de dollars.",
    ),
    Move("confirmed", figure(730, "completed"), figure(830), kind="valuation", payers=()),
    Move("confirmed", figure(30, "completed"), figure(30), payers=("SoftBank",)),
)
