"""The account of one payee: every deal known about its money, and the figures each deal holds.

All rules of the ledger stay within one payee, so an account is the whole state that a claim can
meet. Everything here is frozen: a step gives a new account and leaves the old one as it was.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import NamedTuple

from pipelines.money import QUALIFIERS, Amount
from pipelines.records import (
    Certainty,
    Claim,
    Corroboration,
    Deal,
    Figure,
    Instrument,
    Kind,
    Posting,
    Stage,
)

#: Hexadecimal digits of a deal's id: 48 bits, no collision in a million deals.
ID_DIGITS = 12

#: Status order (RULES 11); a denial stands outside it.
STAGES: tuple[Stage, ...] = ("considered", "talks", "announced", "completed")

#: Contracts and loans add up instead of replacing each other (RULES 4 B, A13).
ADDITIVE: frozenset[Kind] = frozenset(("commitment", "debt"))


class Family(NamedTuple):
    """What the money is: claims of one family may be about one deal."""

    kind: Kind
    payers: tuple[str, ...]  # sorted; () for rounds, valuations and debts
    payee: str
    track: str = ""  # "ipo": what a flotation would value is another question (A10)

    @classmethod
    def of(cls, claim: Claim) -> Family:
        named = claim.kind in ("investment", "commitment")
        track = "ipo" if claim.kind == "valuation" and claim.valuation_basis == "ipo" else ""
        return cls(claim.kind, tuple(sorted(claim.payers)) if named else (), claim.payee, track)


class Credit(NamedTuple):
    """A source that gave a figure, and when it was last credited with it."""

    source: str
    last: datetime


class Recalled(NamedTuple):
    """A voice whose background says more than the ledger does (A11)."""

    voice: str
    outlet: str
    certainty: Certainty
    stage: Stage


@dataclass(frozen=True, slots=True)
class Standing:
    """A figure that a deal holds: how sure, since when, and who says it."""

    amount: Amount
    certainty: Certainty
    stage: Stage
    first: datetime  # first report of this figure
    last: datetime
    credits: tuple[Credit, ...] = ()  # in order of first credit
    voices: tuple[str, ...] = ()  # independent ones, in order
    outlets: tuple[str, ...] = ()
    confirmed: datetime | None = None
    completed: datetime | None = None
    pre: Amount | None = None  # of a valuation known on both bases: before the money
    pre_only: bool = False  # only the value before the money was confirmed, the other is a rumour's
    recalled: tuple[Recalled, ...] = ()

    @classmethod
    def of(cls, claim: Claim, posting: Posting, pre: Amount | None = None) -> Standing:
        sure = claim.certainty == "confirmed"
        return cls(
            claim.amount,
            claim.certainty,
            claim.stage,
            first=posting.at,
            last=posting.at,
            credits=tuple(Credit(s, posting.at) for s in dict.fromkeys(claim.sources)),
            voices=(posting.voice,),
            outlets=(posting.outlet,),
            confirmed=posting.at if sure else None,
            completed=posting.at if sure and claim.stage == "completed" else None,
            pre=pre,
        )

    @property
    def sources(self) -> frozenset[str]:
        return frozenset(c.source for c in self.credits)

    @property
    def figure(self) -> Figure:
        shown = self.pre if self.pre and self.pre_only else self.amount
        return figure_of(shown, self.certainty, self.stage, self.pre)

    @property
    def corroboration(self) -> Corroboration:
        """Outlets, independent voices and the sources at the end of the chain."""
        origins = tuple(c.source for c in self.credits)
        return Corroboration(len(self.outlets), len(self.voices), origins)

    def heard(self, claim: Claim, posting: Posting) -> Standing:
        """The same figure, said once more; an outlet counts once, whatever it copies (RULES 9)."""
        counted = posting.outlet in self.outlets
        credited = {c.source: c.last for c in self.credits} | dict.fromkeys(
            claim.sources, posting.at
        )
        return replace(
            self,
            stage=_further(self, claim),
            last=max(self.last, posting.at),
            credits=tuple(Credit(s, t) for s, t in credited.items()),
            voices=self.voices if counted else _with(self.voices, posting.voice),
            outlets=_with(self.outlets, posting.outlet),
        )

    def raised(self, claim: Claim, at: datetime) -> Standing:
        """The same figure with the status that the claim gives it, as the claim words it."""
        completed = self.completed or (at if claim.stage == "completed" else None)
        return replace(
            self,
            certainty="confirmed",
            stage="completed" if completed else "announced",
            confirmed=self.confirmed or at,
            completed=completed,
            recalled=(),
        )


def _with(names: tuple[str, ...], name: str) -> tuple[str, ...]:
    return names if name in names else (*names, name)


def _further(standing: Standing, claim: Claim) -> Stage:
    """Rumours move between considered, talks and "paid, say sources" without being news."""
    if standing.certainty != "rumoured" or claim.certainty != "rumoured":
        return standing.stage
    if claim.background or claim.stage not in STAGES or standing.stage not in STAGES:
        return standing.stage
    return max(standing.stage, claim.stage, key=STAGES.index)


def figure_of(
    amount: Amount, certainty: Certainty, stage: Stage, pre: Amount | None = None
) -> Figure:
    both = (amount.low, amount.high)
    shown = None if pre is None else (pre.low, pre.high)
    return Figure(both, amount.currency, amount.qualifier, certainty, stage, pre_money=shown)


def amount_of(figure: Figure) -> Amount:
    qualifier = next(q for q in QUALIFIERS if q == figure.qualifier)
    return Amount(*figure.amount, figure.currency, qualifier)


@dataclass(frozen=True, slots=True)
class Instance:
    """One of the deals of a family."""

    id: str
    family: Family
    opened: datetime
    heard: datetime  # last time that somebody told it as news, not as background
    current: tuple[Standing, ...]  # several: contested
    live: bool = True  # False: known from background, or the sum of an article's lines
    payers: tuple[str, ...] = ()  # names of a round accumulate (RULES 7)
    parts: tuple[Standing, ...] = ()
    superseded: tuple[Standing, ...] = ()
    held: tuple[Standing, ...] = ()  # isolated figures that wait for a second voice (A14)
    denied: datetime | None = None
    stood: Standing | None = None  # what stood before the contest
    contested: datetime | None = None  # since when
    years: int | None = None
    instrument: Instrument | None = None
    additional: bool = False
    bond: str | None = None  # of claims that a person has said are of this deal
    due: date | None = None  # the latest day by which a rumour said that it would be settled
    news: Figure | None = None  # as the last alerting outcome left it; None: never told

    @property
    def standing(self) -> Standing:
        """What a new figure is compared with: of a contest, what stood before or the highest."""
        if len(self.current) == 1:
            return self.current[0]
        return self.stood or max(self.current, key=lambda s: s.amount.top)

    @property
    def completed(self) -> datetime | None:
        return self.standing.completed

    @property
    def open(self) -> bool:
        return self.live and self.denied is None and self.completed is None

    @property
    def figure(self) -> Figure:
        """As `before` and `after` show it."""
        if self.denied is not None:
            return figure_of(self.standing.amount, "denied", "denied")
        shown = self.standing.figure
        if len(self.current) == 1:
            return shown
        sides = tuple(
            ((s.amount.low, s.amount.high), tuple(c.source for c in s.credits))
            for s in self.current
        )
        return replace(shown, contested=sides)

    @property
    def corroboration(self) -> Corroboration:
        if len(self.current) == 1:
            return self.current[0].corroboration
        outlets = {o for s in self.current for o in s.outlets}
        voices = {v for s in self.current for v in s.voices}
        origins = dict.fromkeys(c.source for s in self.current for c in s.credits)
        return Corroboration(len(outlets), len(voices), tuple(origins))

    def deal(self, aliases: Iterable[str] = ()) -> Deal:
        """As people see it. `aliases`: ids under which it was told before (A18)."""
        family = self.family
        names = self.payers if family.kind in ("round", "debt") else family.payers
        return Deal(
            id=self.id,
            aliases=tuple(sorted(set(aliases) - {self.id})),
            kind=family.kind,
            payers=tuple(sorted(names)),
            payee=family.payee,
            figure=self.figure,
            first=self.opened,
            last=max(s.last for s in (*self.current, *self.parts, *self.superseded)),
            superseded=tuple((s.amount.low, s.amount.high) for s in self.superseded),
            parts=tuple((s.amount.low, s.amount.high) for s in self.parts),
            corroboration=self.corroboration,
        )


@dataclass(frozen=True, slots=True)
class Account:
    """Every deal of one payee. `through` is the place in the fold that it stands for."""

    payee: str
    families: Mapping[Family, tuple[Instance, ...]] = field(default_factory=dict)  # oldest first
    through: tuple[datetime, str] | None = None  # (at, url) of the last posting folded in

    @property
    def instances(self) -> Iterator[Instance]:
        """All deals, family by family, oldest first."""
        return (i for family in sorted(self.families) for i in self.families[family])


def deal_id(family: Family, url: str, amount_text: str, *, number: int = 0) -> str:
    """Hash of the family and of the URL and amount text of the first claim (A18).

    `number` parts two deals of one family that open in one article with the same words.
    """
    words = [*family, url, amount_text, *([number] if number else [])]
    text = json.dumps(words, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:ID_DIGITS]
