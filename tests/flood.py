"""A closing as the press tells it: 120 articles in 72 hours, with all that goes wrong.

Thirty outlets that somebody trusts, one of tier 3 and one of satire.

What each article claims stands beside its text, so that the flood tests the ledger and the alerts
and not the reading. Seeded: the same press every time.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from pipelines.records import Outlet

PARIS = ZoneInfo("Europe/Paris")
#: A Wednesday morning, one hour before the first report.
START = datetime(2026, 3, 4, 7, 0, tzinfo=PARIS)
FIRST = START + timedelta(hours=1)
RELEASE = START + timedelta(hours=31)  # the official release, on Thursday at 14:00
HALF_HOUR = timedelta(minutes=30)
MD = 1_000_000_000

OUTLETS = {
    f"media{n:02d}.example": Outlet(
        id=f"media{n:02d}.example",
        name=f"Média {n:02d}",
        home=f"https://media{n:02d}.example/",
        policy="probe",
        tier=1 if n < 12 else 3 if n == 30 else 2,
        group="groupe" if n in (13, 14, 15) else "",
        satire=n == 31,
    )
    for n in range(32)
}

WIRE = (
    "OpenAI a {verb} un tour de table de 110 milliards de dollars, {credit}. Amazon y apporte 50 "
    "milliards, Nvidia et SoftBank 30 milliards chacun. La valorisation du concepteur de ChatGPT "
    "atteint 730 milliards de dollars avant l’opération. L’argent doit financer des centres de "
    "données aux États-Unis et en Europe, où la demande de calcul dépasse de loin ce que les "
    "fournisseurs peuvent livrer cette année. Les concurrents préparent eux aussi des levées. "
    "Aucun calendrier n’a été donné pour une entrée en Bourse, que plusieurs banques préparent."
)
WORDS = (
    "serveurs puces énergie réseau analyste marché modèle usage client contrat région calcul coût "
    "trimestre hausse prudence concurrence talent recherche produit licence avocat régulateur "
    "actionnaire bulle rendement dépense infrastructure accord partenaire"
).split()


@dataclass(frozen=True)
class Written:
    """An article: its outlet, when it came out, what it says and what that claims."""

    outlet: str
    at: datetime
    title: str
    body: str
    claims: tuple[dict[str, Any], ...]
    url: str
    updated: datetime | None = None

    def line(self) -> dict[str, Any]:
        return {
            "id": self.url,
            "url": self.url,
            "outlet": self.outlet,
            "published": self.at.isoformat(),
            "updated": self.updated.isoformat() if self.updated else None,
            "title": self.title,
            "body": self.body,
            "claims": list(self.claims),
        }


def claim(
    milliards: float,
    kind: str = "round",
    payers: tuple[str, ...] = (),
    *,
    sources: tuple[str, ...] = (),
    confirmed: bool = False,
    background: bool = False,
    qualifier: str = "exact",
    currency: str = "USD",
) -> dict[str, Any]:
    amount = int(milliards * MD)
    return {
        "kind": kind,
        "payers": list(payers),
        "payee": "OpenAI",
        "amount": [amount, amount],
        "currency": currency,
        "qualifier": qualifier,
        "certainty": "confirmed" if confirmed else "rumoured",
        "stage": "completed" if confirmed else "talks",
        "sources": list(sources),
        "background": background,
    }


def rumour(source: str) -> tuple[dict[str, Any], ...]:
    return (claim(110, sources=(source,)), claim(50, "investment", ("Amazon",), sources=(source,)))


def closing(sources: tuple[str, ...] = ()) -> tuple[dict[str, Any], ...]:
    told = {"confirmed": True, "sources": sources}
    return (
        claim(110, payers=("Amazon", "Nvidia", "SoftBank"), **told),
        claim(50, "investment", ("Amazon",), **told),
        claim(30, "investment", ("Nvidia",), **told),
        claim(30, "investment", ("SoftBank",), **told),
        claim(730, "valuation", **told),
    )


def flood(seed: int = 5) -> list[Written]:
    """120 articles, in order of publication."""
    chance = random.Random(seed)
    found = list(_rumours(chance)) + list(_release(chance)) + list(_mishaps(chance))
    assert len(found) == 120
    assert {one.outlet for one in found} == set(OUTLETS)
    return sorted(found, key=lambda one: (one.updated or one.at, one.url))


def _rumours(chance: random.Random) -> Iterator[Written]:
    """One source, then another, and everybody after them: 40 articles before the release."""
    yield _written(0, FIRST, "s’apprête à boucler", rumour("The Information"))
    yield _written(1, START + timedelta(hours=3), "négocie", rumour("Reuters"), rewritten=chance)
    for number in range(38):
        source = "The Information" if number % 2 else "Reuters"
        at = START + timedelta(hours=1.5 + 28 * chance.random())
        if source == "Reuters":
            at = max(at, START + timedelta(hours=3.2))
        yield _written(number % 30, at, "négocie", rumour(source), rewritten=_often(chance))


def _release(chance: random.Random) -> Iterator[Written]:
    """The official release, its wire copies and rewrites, and those who still doubt: 68."""
    yield _written(2, RELEASE, "a bouclé", closing())
    for number in range(53):
        at = RELEASE + timedelta(hours=0.1 + 38 * chance.random() ** 2)
        yield _written(number % 30, at, "a bouclé", closing(), rewritten=_often(chance))
    for number in range(14):
        # "aurait levé": written before the release, published after it
        at = RELEASE + timedelta(hours=0.3 + 20 * chance.random())
        source = "The Information" if number % 2 else "Reuters"
        yield _written(12 + number, at, "aurait levé", rumour(source), rewritten=chance)


def _mishaps(chance: random.Random) -> Iterator[Written]:
    before, after = START + timedelta(hours=20), RELEASE + timedelta(hours=4)
    typo = (claim(1_100, sources=("Reuters",)),)
    yield _written(16, before, "négocie", typo, rewritten=chance)
    # "110 billion" taken for billions of the long scale, and for millions
    yield _written(17, before, "négocie", (claim(110_000),), rewritten=chance)
    yield _written(18, before, "négocie", (claim(0.11),), rewritten=chance)
    # ... after the release as well, once in a text that tells it as a fact
    yield _written(17, after, "lève", (claim(110_000),), rewritten=chance)
    yield _written(18, after, "lève", (claim(110_000, confirmed=True),), rewritten=chance)
    satire = (claim(5_000, confirmed=True),)
    yield _written(31, after, "rachète la Lune avec", satire, rewritten=chance)
    yield _written(30, after, "lève", (claim(200),), rewritten=chance)
    # of last December, dated today by a new template
    old = (claim(60, sources=("The Information",)), claim(500, "valuation"))
    yield _written(19, after + timedelta(hours=2), "discute de", old, rewritten=chance)
    for number, euros in ((20, 93.5), (21, 94)):
        told = (claim(euros, confirmed=True, currency="EUR", qualifier="about"),)
        yield _written(number, after, "lève", told, rewritten=chance)
    first = _written(22, after, "lève", closing(), rewritten=chance)
    yield first
    yield Written(
        first.outlet,
        first.at,
        "Rectifié : OpenAI a bouclé 110 milliards de dollars",
        first.body + " Une première version de ce titre était erronée.",
        first.claims,
        first.url,
        updated=first.at + timedelta(hours=1),
    )


def _often(chance: random.Random) -> random.Random | None:
    """Every second article is written anew, the others are the wire's text."""
    return chance if chance.random() < 0.5 else None


def _written(
    outlet: int,
    at: datetime,
    verb: str,
    claims: tuple[dict[str, Any], ...],
    *,
    rewritten: random.Random | None = None,
) -> Written:
    name = f"media{outlet:02d}.example"
    credit = f"selon {claims[0]['sources'][0]}" if claims[0]["sources"] else "selon un communiqué"
    body = WIRE.format(verb=verb, credit=credit)
    if rewritten:
        body = " ".join(
            f"{rewritten.choice(WORDS).capitalize()} {' '.join(rewritten.choices(WORDS, k=9))}."
            for _ in range(9)
        )
    slug = f"{at:%Y%m%d%H%M%S}-{claims[0]['amount'][0] // 1_000_000}"
    return Written(
        outlet=name,
        at=at.replace(microsecond=0),
        title=f"OpenAI {verb} {claims[0]['amount'][0] / MD:g} milliards",
        body=body,
        claims=claims,
        url=f"https://{name}/{slug}",
    )
