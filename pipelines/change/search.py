"""Which deal does a claim talk about? (RULES 2 and 6)"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from pipelines.change.account import Account, Family, Instance, Standing
from pipelines.change.figures import alike, compatible, same_figure, shifted
from pipelines.money import Amount
from pipelines.records import Claim

Place = Literal["current", "part", "superseded"]


@dataclass(frozen=True, slots=True)
class Hit:
    """The figure of a deal that a claim repeats."""

    instance: Instance
    place: Place
    index: int
    shifted: bool = False  # the same valuation on the other basis

    @property
    def standing(self) -> Standing:
        shelf = {
            "current": self.instance.current,
            "part": self.instance.parts,
            "superseded": self.instance.superseded,
        }[self.place]
        return shelf[self.index]


def agrees(instance: Instance, claim: Claim) -> bool:
    """Whether nothing but the amount could tell the two apart."""
    if claim.kind == "commitment" and claim.years and instance.years:
        return claim.years == instance.years
    if claim.kind == "debt":
        if claim.instrument and instance.instrument and claim.instrument != instance.instrument:
            return False
        lenders = set(instance.payers)
        return not lenders or not claim.payers or bool(lenders & set(claim.payers))
    return True


def in_order(instances: Sequence[Instance], *, background: bool) -> list[Instance]:
    """Open ones first, newest first; background recalls closed ones first."""
    newest = list(reversed(instances))
    return sorted(newest, key=lambda i: i.open if background else not i.open)


def candidates(account: Account, claim: Claim) -> Iterator[tuple[Instance, ...]]:
    """Instances of the claim's family; then those of a valuation whose basis is not told.

    An unknown basis equals anything (A10), but only after the family of its own kind.
    """
    family = Family.of(claim)
    yield account.families.get(family, ())
    if family.kind == "valuation":
        if family.track:
            yield account.families.get(family._replace(track=""), ())
        elif claim.valuation_basis is None:
            yield account.families.get(family._replace(track="ipo"), ())


def search(
    account: Account,
    claim: Claim,
    when: datetime,
    *,
    pre: Amount | None = None,
    sizes: Sequence[Amount] = (),
) -> Hit | None:
    """First figure that the claim repeats: current, part, other basis, superseded."""
    for instances in candidates(account, claim):
        found = find(instances, claim, when, pre=pre, sizes=sizes)
        if found:
            return found
    return None


def find(
    instances: Sequence[Instance],
    claim: Claim,
    when: datetime,
    *,
    pre: Amount | None = None,
    sizes: Sequence[Amount] = (),
) -> Hit | None:
    """The search among instances of one family."""
    ordered = [i for i in in_order(instances, background=claim.background) if agrees(i, claim)]
    if not ordered:
        return None
    amount = claim.amount
    for instance in ordered:
        for n, standing in enumerate(instance.current):
            direct = compatible(amount, standing.amount, when)
            if direct or (standing.pre and compatible(pre or amount, standing.pre, when)):
                return Hit(instance, "current", n)
    for instance in ordered:
        for n, standing in enumerate(instance.parts):
            if compatible(amount, standing.amount, when):
                return Hit(instance, "part", n)
    if claim.kind == "valuation":
        for instance in ordered:
            for n, standing in enumerate(instance.current):
                if other_basis(amount, standing, sizes, when):
                    return Hit(instance, "current", n, shifted=True)
    for instance in ordered:
        for n, standing in enumerate(instance.superseded):
            if same_figure(amount, standing.amount, when):
                return Hit(instance, "superseded", n)
    return None


def other_basis(
    amount: Amount, standing: Standing, sizes: Sequence[Amount], when: datetime
) -> bool:
    """Whether it is the same valuation before or after a round of one of the sizes."""
    known = [standing.amount, *([standing.pre] if standing.pre else [])]
    return any(
        compatible(moved, other, when)
        for size in sizes
        for moved in (shifted(amount, size, 1), shifted(amount, size, -1))
        if moved is not None
        for other in known
        if other.currency == amount.currency
    )


def round_sizes(account: Account, claims: Sequence[Claim], payee: str) -> tuple[Amount, ...]:
    """Sizes of the payee's round: those that the article gives, and the newest one known."""
    told = [c.amount for c in claims if c.kind == "round" and c.payee == payee]
    rounds = account.families.get(Family("round", (), payee), ())
    newest = [i for i in rounds if i.live][-1:]
    return (*told, *(s.amount for i in newest for s in i.current))


def newest(account: Account, claim: Claim, when: datetime) -> Instance | None:
    """The newest live deal of the family whose figure can be compared with the claim's."""
    for instance in reversed(account.families.get(Family.of(claim), ())):
        if not instance.live or not agrees(instance, claim):
            continue
        if alike(claim.amount, instance.standing.amount, when) is None:
            continue  # no rate: an own deal, never an amount change (A8)
        return instance
    return None
