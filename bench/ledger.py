"""Posting one article with few and with many claims stored; changes of the last week.

A press of many outlets repeats and moves a few hundred deals; the claims are given, so that the
reader is not measured. Ratios are medians of five alternating pairs.
"""

from __future__ import annotations

import json
import random
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from pipelines.intake import prepare_given, take
from pipelines.money import Amount
from pipelines.records import Article, Claim, Kind, Verdict
from pipelines.shapes import when
from pipelines.store import Store

START = datetime(2024, 1, 1, tzinfo=UTC)
PAYEES = tuple(f"Company {n}" for n in range(40))
KINDS: tuple[Kind, ...] = ("investment", "round", "commitment")
PAYERS = ("Amazon", "Nvidia", "Microsoft", "SoftBank", "MGX", "Oracle")
PAIRS = 5
MD = 10**9


def claim(dice: random.Random, at: datetime, payee: str | None = None) -> Claim:
    """What an article of the time says: a deal's figure stands for some 200 days."""
    kind = dice.choice(KINDS)
    payer = dice.choice(PAYERS)
    payee = payee or dice.choice(PAYEES)
    era = (at - START).days // 200
    amount = (5 + random.Random(f"{kind} {payer} {payee} {era}").randrange(90)) * MD
    return Claim(
        kind=kind,
        payers=(payer,),
        payee=payee,
        amount=Amount(amount, amount),
        certainty="rumoured",
        stage="talks",
        sources=(dice.choice(("Reuters", "Bloomberg", "CNBC")),),
        background=dice.random() < 0.3,
        amount_text=f"{amount // MD} milliards",
    )


def article(number: int, at: datetime) -> Article:
    url = f"https://o{number % 30}.example/{number}"
    return Article(url, url, f"o{number % 30}.example", f"Titre {number}", f"mot{number}", at)


def fill(store: Store, claims: int, dice: random.Random, every: timedelta) -> datetime:
    """Store the articles of a press, two claims each, and meet every account once.

    Returns the time after the last.
    """
    at = START
    with store.transaction():
        for number in range(claims // 2):
            at += every
            prepared = prepare_given(article(number, at), [claim(dice, at), claim(dice, at)], at)
            row = {
                "seen": when(at),
                "recorded": when(at),
                "extractor": "given",
                "tier": 2,
                "satire": 0,
            }
            new = store.articles.add(
                prepared.article,
                Verdict("new"),
                prepared.signature,
                voice=f"owner:{prepared.article.outlet}",
                sentences=prepared.sentences,
                row=row,
            )
            states = dict.fromkeys(range(2), 0)
            store.articles.add_claims(
                new, prepared.claims, prepared.claim_sentences, states, when(at)
            )
    for number, payee in enumerate(PAYEES, 10**7):
        # the first post of a payee folds its past and keeps the state that later ones start from
        at += every
        one = claim(dice, at, payee)
        take(prepare_given(article(number, at), [one], at), store, outlet=None, now=at)
    return at


def posting(store: Store, at: datetime, dice: random.Random, number: int) -> float:
    """Seconds of CPU to post one more article."""
    prepared = prepare_given(article(number, at), [claim(dice, at), claim(dice, at)], at)
    started = time.process_time()
    take(prepared, store, outlet=None, now=at)
    return time.process_time() - started


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        small, large = Path(folder) / "small.db", Path(folder) / "large.db"
        dice = random.Random(1)
        with Store.open(small, create=True) as few, Store.open(large, create=True) as many:
            # the same pace of news in both: the larger file has the longer past
            at_few = fill(few, 1_000, dice, timedelta(minutes=30))
            at_many = fill(many, 100_000, dice, timedelta(minutes=30))
            ratios, times = [], []
            for pair in range(PAIRS):
                one, other = [], []
                for n in range(20):
                    number = 10**6 + pair * 20 + n
                    at_few += timedelta(minutes=30)
                    at_many += timedelta(minutes=30)
                    one.append(posting(few, at_few, dice, number))
                    other.append(posting(many, at_many, dice, number))
                ratios.append(statistics.median(other) / statistics.median(one))
                times.append(statistics.median(other) * 1000)
        print(
            f"   posting an article, 100,000 / 1,000 claims stored: {statistics.median(ratios):.2f}"
            f" times the CPU (aim < 1.3), {statistics.median(times):.1f} ms"
        )
    for articles in (100_000, 1_000_000):
        with tempfile.TemporaryDirectory() as folder:
            print(
                f"   changes --since a week ago, {articles:,} articles: {since(folder, articles)}"
            )


def since(folder: str, articles: int) -> str:
    path = Path(folder) / "veille.db"
    with Store.open(path, create=True) as store, store.transaction():
        for number in range(articles):
            at = START + timedelta(minutes=number)
            stamp = when(at)
            store.db.conn.execute(
                "INSERT INTO articles (url, canonical_url, outlet, title, basis, published, at,"
                " seen, recorded, extractor, sameness, voice, exact, scheme, shingles, sampled)"
                " VALUES (?1, ?1, 'o.example', 't', 'page', ?2, ?2, ?2, ?2, 'bench', 'new',"
                " 'owner:o', ?3, 1, 0, 0)",
                (f"https://o.example/{number}", stamp, f"{number:x}"),
            )
            if number % 10 == 0:
                store.db.conn.execute(
                    "INSERT INTO changes (recorded, label, also, alert, deal, kind, payers, payee,"
                    " article, claims, corroboration, rule) VALUES (?, 'new', '[]', 1, 'd',"
                    " 'round', '[]', 'OpenAI', (SELECT max(id) FROM articles), '[0]', ?, 'bench')",
                    (stamp, json.dumps({"outlets": 1, "independent": 1, "origins": []})),
                )
    week = (START + timedelta(minutes=articles) - timedelta(days=7)).isoformat()
    command = [str(Path(sys.executable).with_name("veille")), "--db", str(path), "changes"]
    code = (
        "import resource, subprocess, sys; subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL,"
        " check=True); u = resource.getrusage(resource.RUSAGE_CHILDREN);"
        " print(u.ru_utime + u.ru_stime)"
    )
    took = [
        float(
            subprocess.run(
                [sys.executable, "-c", code, *command, "--since", week, "--json"],
                capture_output=True,
                text=True,
                check=True,
            ).stdout
        )
        for _ in range(PAIRS)
    ]
    return f"{statistics.median(took):.2f} s of CPU (aim < 0.6)"
