"""Deals that the press tells again and again, as evidence of what a sum is and whose it is.

"Treize milliards depuis 2019" beside Microsoft and OpenAI is an investment for whoever has read
the press before. words/deals.csv is that memory: every deal that two authors of our corpus tell,
written by `python -m tests.claims_training`. What it says is evidence for the scorer, no more: the
text has to state the sum and the parties, and a deal that nobody knows is read as if there were no
table (the scorer learns every text with it and without it).
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources
from itertools import permutations
from typing import NamedTuple

#: Several payers of one deal, in a key of the table.
JOINT = " + "


class Deal(NamedTuple):
    """Who paid whom, how much; `payers` is empty where the kind has none or nobody is named."""

    kind: str
    payers: frozenset[str]
    payee: str
    millions: int  # of whatever currency: the press converts, the figure stays


class Recalls(NamedTuple):
    """How often the press tells a deal as past context, of all the times that it tells it."""

    old: int
    all: int


@dataclass(frozen=True, slots=True, eq=False)
class Deals:
    """A table of deals, by what a text shows of them."""

    by_sum: Mapping[int, tuple[Deal, ...]]
    of_kind: Mapping[tuple[str, int], tuple[Deal, ...]]  # (kind, sum)
    pairs: Mapping[tuple[str, str], frozenset[str]]  # (payer, payee) → kinds
    told: Mapping[tuple[str, str], int]  # (kind, payee) → how many deals
    recalls: Mapping[Deal, Recalls]


def table(deals: Mapping[Deal, Recalls]) -> Deals:
    """Index some deals."""
    by_sum: dict[int, list[Deal]] = defaultdict(list)
    of_kind: dict[tuple[str, int], list[Deal]] = defaultdict(list)
    pairs: dict[tuple[str, str], set[str]] = defaultdict(set)
    told: dict[tuple[str, str], int] = defaultdict(int)
    for deal in deals:
        by_sum[deal.millions].append(deal)
        of_kind[deal.kind, deal.millions].append(deal)
        told[deal.kind, deal.payee] += 1
        for payer in deal.payers:
            pairs[payer, deal.payee].add(deal.kind)
    return Deals(
        {top: tuple(found) for top, found in by_sum.items()},
        {key: tuple(found) for key, found in of_kind.items()},
        {pair: frozenset(kinds) for pair, kinds in pairs.items()},
        dict(told),
        dict(deals),
    )


@cache
def known() -> Deals:
    """The shipped table."""
    path = resources.files("pipelines.claims") / "words" / "deals.csv"
    rows = csv.reader(path.read_text(encoding="utf-8").splitlines())
    next(rows)  # the head
    return table(
        {
            Deal(kind, frozenset(filter(None, payers.split(JOINT))), payee, int(top)): Recalls(
                int(recalled), int(told)
            )
            for kind, payers, payee, top, recalled, told in rows
        }
    )


def millions(top: float) -> int:
    """A sum as the table counts it."""
    return round(top / 1e6)


def of_sum(top: float, here: frozenset[str], near: frozenset[str]) -> set[str]:
    """Kinds of deals with this sum whose parties are named in the sentence or near it, and kinds
    of deals between two parties of the sentence, whatever the sum."""
    deals, named = known(), here | near
    of_others: set[str] = set()
    told: set[tuple[str, str, str]] = set()
    for kind, payers, payee, _ in deals.by_sum.get(millions(top), ()):
        if payee not in named and payers.isdisjoint(named):
            of_others.add(kind)
            continue
        taker = "here" if payee in here else "near" if payee in near else "absent"
        told.add((kind, taker, _named(payers, here, named) if payers else "none"))
    out = {f"dealsum={kind}" for kind in of_others}
    for kind, taker, giver in told:
        out.add(f"deal={kind}")
        out.add(f"deal={kind}|{taker}|{giver}")
    for kinds in map(deals.pairs.get, permutations(here, 2)):
        if kinds is not None:
            out.update([f"dealpair={kind}" for kind in kinds])
    return out


def _named(names: frozenset[str], here: frozenset[str], named: frozenset[str]) -> str:
    if not names.isdisjoint(here):
        return "here"
    return "absent" if names.isdisjoint(named) else "near"


#: From so many deals on, it does not matter how many more a payee has.
_MANY = 8


def of_payees(kind: str, names: Iterable[str], top: float) -> dict[str, set[str]]:
    """What speaks for and against each of some companies as the payee of a sum."""
    deals = known()
    same = deals.of_kind.get((kind, millions(top)), ())
    takers = {deal.payee for deal in same}
    givers = frozenset[str]().union(*[deal.payers for deal in same])
    out: dict[str, set[str]] = {}
    for name in names:
        count = min(deals.told.get((kind, name), 0), _MANY)
        found = out[name] = {f"dealsof|{count.bit_length()}"}
        if name in takers:
            found.add("dealpayee")
        if name in givers:
            found.add("dealpayer")
    return out


def of_payers(
    kind: str, sets: Iterable[tuple[str, ...]], payee: str, top: float
) -> dict[tuple[str, ...], set[str]]:
    """What speaks for and against each of some sets as the payers of a sum to `payee`."""
    deals = known()
    told = [d.payers for d in deals.of_kind.get((kind, millions(top)), ()) if d.payee == payee]
    out: dict[tuple[str, ...], set[str]] = {}
    for names in sets:
        found, own = set[str](), frozenset(names)
        for payers in told:
            same = "all" if payers == own else "some" if payers & own else "others"
            found.add(f"dealpayers|{same}")
        if names and kind in deals.pairs.get((names[0], payee), ()):
            found.add(f"dealpair|{(len(names) > 1)!s}")
        out[names] = found
    return out


def remembered(kind: str, payers: Iterable[str], payee: str, top: float) -> bool:
    """Whether the table has this deal, or with these payers among others."""
    own = frozenset(payers)
    return any(
        (deal.kind, deal.payee) == (kind, payee) and (not deal.payers or deal.payers & own)
        for deal in known().by_sum.get(millions(top), ())
    )


#: The share of recalls in so many steps, and how many tellings make it sure.
_STEPS, _SURE = 6, 15


def of_claim(kind: str, names: tuple[str, ...], payee: str | None, top: float) -> frozenset[str]:
    """Whether a whole claim is a deal that the press tells, and how often only to remind of it.

    Evidence for a claim, none against it: a new deal may have the sum of an old one.
    """
    return _of_claim(known(), kind, names, payee, top)


@lru_cache(maxsize=8)  # background and confidence of a claim ask one after the other
def _of_claim(
    deals: Deals, kind: str, names: tuple[str, ...], payee: str | None, top: float
) -> frozenset[str]:
    own = frozenset(names)
    old = told = 0
    for deal in deals.of_kind.get((kind, millions(top)), ()):
        if deal.payee == payee and (not deal.payers or deal.payers == own):
            recalls = deals.recalls[deal]
            old += recalls.old
            told += recalls.all
    if not told:
        return frozenset()
    few = min(told, _SURE).bit_length()
    found = (
        "known",
        f"oldshare={round(_STEPS * (old + 0.5) / (told + 1))}",
        f"oldshare={round(4 * old / told)}|{few}",
        f"voices={few}|{kind}",
    )
    return frozenset(found)
