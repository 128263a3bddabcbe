"""The deals that several authors of the corpus tell: what words/deals.csv holds, and how it is
hidden from the author whose texts the scorer is learning from."""

from __future__ import annotations

import csv
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any
from unittest import mock

from pipelines.claims import deals
from pipelines.claims.amounts import Sum
from pipelines.claims.deals import Deal, Deals, Recalls
from pipelines.records import Watch
from tests.corpus.silver import Passage

PATH = Path(deals.__file__).with_name("words") / "deals.csv"
#: How many authors have to tell a deal: what one invents is no memory of the press.
VOICES = 2
#: Names that authors write otherwise than the watch.
SAME = {
    "aws": "amazon",
    "alphabet": "google",
    "khosla": "khoslaventures",
    "jpmorgan": "jpmorganchase",
    "mistral": "mistralai",
    "thrive": "thrivecapital",
    "qatarinvestmentauthority": "qia",
    "ami": "amilabs",
    "ark": "arkinvest",
    "aresmanagement": "ares",
    "banqueeuropeennedinvestissement": "bei",
    "caissededepotetplacementduquebec": "cdpq",
    "ciphermining": "cipher",
    "citibank": "citi",
    "cursor": "anysphere",
    "diametercapital": "diameter",
    "dstglobal": "dst",
    "fab": "firstabudhabibank",
    "index": "indexventures",
    "inflectionai": "inflection",
    "inoviacapital": "inovia",
    "insight": "insightpartners",
    "kuwaitinvestmentauthority": "kia",
    "luma": "lumaai",
    "menlo": "menloventures",
    "mercedesbenz": "mercedes",
    "mitsubishiufj": "mufg",
    "norgesbank": "nbim",
    "norgesbankinvestmentmanagement": "nbim",
    "oia": "omaninvestmentauthority",
    "parkway": "parkwayventurecapital",
    "parkwayventure": "parkwayventurecapital",
    "rbc": "royalbankofcanada",
    "ricursive": "ricursiveintelligence",
    "rpc": "investissementsrpc",
    "skild": "skildai",
    "sumitomomitsui": "smbc",
    "teachers": "ontarioteachers",
    "twg": "twgglobal",
    "unconventional": "unconventionalai",
    "valorequity": "valor",
    "valorequitypartners": "valor",
    "vantagedatacenters": "vantage",
}
#: Who pays whom how many millions; how often it is recalled of all the times that it is told.
HEAD = ("kind", "payers", "payee", "millions", "recalled", "told")

Told = Mapping[Deal, Mapping[str, Recalls]]  # by author


def norm(name: str | None) -> str:
    """A name without case, accents and punctuation."""
    text = unicodedata.normalize("NFKD", name or "")
    key = "".join(c for c in text.lower() if c.isalnum() and not unicodedata.combining(c))
    return SAME.get(key, key)


def close(x: float | None, y: float | None) -> bool:
    """Whether two figures are the same one."""
    return x is not None and y is not None and abs(x - y) <= 0.011 * max(abs(x), abs(y))


def same_figure(one: Sum, amount: Sequence[int | None]) -> bool:
    """Whether a sum and an annotated amount share a bound."""
    low, high = amount
    return close(one.high, high) or close(one.low, low) or close(one.top, high or low)


def author(passage: Passage) -> str:
    """Texts of one set share an author."""
    return passage.id.partition("-")[0]


def told(passages: Iterable[Passage], watched: Watch) -> Told:
    """Every deal of some passages, under the names of the watch, and who tells it."""
    names = {norm(company.name): company.name for company in watched.companies}
    out: dict[Deal, dict[str, Recalls]] = defaultdict(dict)
    for passage in passages:
        for claim in passage.claims:
            voices = out[_deal(claim, names)]
            old, all_ = voices.get(author(passage), Recalls(0, 0))
            voices[author(passage)] = Recalls(old + bool(claim["background"]), all_ + 1)
    return out


def _deal(claim: Mapping[str, Any], names: Mapping[str, str]) -> Deal:
    low, high = claim["amount"]
    paid = claim["kind"] in ("investment", "commitment", "debt")
    payers = frozenset(names.get(norm(p), p) for p in claim["payers"]) if paid else frozenset()
    payee = names.get(norm(claim["payee"]), claim["payee"])
    return Deal(claim["kind"], payers, payee, deals.millions(high or low))


def of_others(found: Told, name: str = "") -> Deals:
    """The table of what at least `VOICES` authors other than `name` tell."""
    return deals.table(_shared(found, name))


def _shared(found: Told, name: str = "") -> dict[Deal, Recalls]:
    out: dict[Deal, Recalls] = {}
    for deal, voices in found.items():
        others = [told for author_, told in voices.items() if author_ != name]
        if len(others) >= VOICES:
            out[deal] = Recalls(sum(t.old for t in others), sum(t.all for t in others))
    return out


def knowing(table: Deals) -> AbstractContextManager[object]:
    """The reader knows these deals and no others: a seam, since features ask the module ten calls
    below what the trainer calls."""
    # a `return_value` would keep every call, and training makes millions
    return mock.patch.object(deals, "known", lambda: table)  # noqa: PT008


def write(found: Told) -> None:
    """Write words/deals.csv."""
    rows = (
        (d.kind, deals.JOINT.join(sorted(d.payers)), d.payee, d.millions, told.old, told.all)
        for d, told in _shared(found).items()
    )
    with PATH.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(HEAD)
        table.writerows(sorted(rows))
