"""How long the pages of the reading room take, in CPU time of the process that serves them.

python -m bench.reading_room [ARTICLES [FILE]]

ARTICLES: 100,000, a tenth of them with a claim. FILE: a ledger that is filled when it is not there
and left for the next time: a million articles take some minutes and 6 GB.
"""

from __future__ import annotations

import asyncio
import json
import random
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

from pipelines import change, config, outlets
from pipelines.reading_room.room import open_room
from pipelines.reading_room.settings import settings_from
from pipelines.store import Store

#: What happens once, before the first page.
OPENING = "opening, all deals folded"
#: Milliseconds of CPU that a page may take.
LIMIT = 300
#: One article in so many has claims, and one of those in so many is told.
CLAIMS, TOLD = 10, 10
#: Share of the claims that are about one deal, as in a week of news.
MAIN = 0.3
#: Words of an article, and rows written at once.
WORDS, BATCH = 300, 20_000
#: Of each payee's articles all but the newest so many are folded into the state that is kept, as
#: posting leaves it.
MARGIN = 8
#: Memory that filling may take, in KiB: the search index is written in large pieces.
FILL_CACHE = 500_000
COMPANIES = "OpenAI Anthropic Mistral Amazon Nvidia SoftBank Microsoft Google Oracle xAI".split()
VOCABULARY = (
    "milliards dollars investissement levée tour valorisation négociations selon sources presse "
    "start-up modèle puces serveurs accord contrat bourse croissance chiffre affaires annonce"
).split() + [f"mot{n}" for n in range(4000)]


def fill(path: Path, count: int) -> None:
    """A ledger of `count` articles of two years, written past the steps: only its size matters."""
    chance = random.Random(1)
    start = datetime(2024, 1, 1, tzinfo=UTC)
    step = timedelta(days=730) / count
    with Store.open(path, create=True) as store:
        store.db.execute(f"PRAGMA cache_size = -{FILL_CACHE}")
        rows = (_row(n, start + n * step, chance) for n in range(1, count + 1))
        while batch := list(islice(rows, BATCH)):
            with store.transaction():
                for table, place in (("articles", 0), ("claims", 1), ("changes", 2)):
                    _insert(store, table, [row for one in batch for row in one[place]])
        with store.transaction():
            _keep_states(store)
        store.db.execute("PRAGMA optimize")


def _keep_states(store: Store) -> None:
    """What posting would leave: a state of each account, and changes that name their deals."""
    for payee in COMPANIES:
        history = store.ledger.postings([payee])
        account = change.advance(change.Account(payee), history, history[-MARGIN].at)
        store.accounts.keep(payee, history[-MARGIN].at, change.save(account), most=1)
        for deal in account.instances:
            store.db.conn.execute(
                "UPDATE changes SET deal = ? WHERE payee = ? AND payers = ?",
                (deal.id, payee, json.dumps(deal.family.payers)),
            )


def _insert(store: Store, table: str, rows: list[dict[str, Any]]) -> None:
    if rows:
        marks = ", ".join(f":{name}" for name in rows[0])
        columns = ", ".join(rows[0])
        store.db.conn.executemany(f"INSERT INTO {table} ({columns}) VALUES ({marks})", rows)


def _row(
    number: int, at: datetime, chance: random.Random
) -> tuple[list[Any], list[Any], list[Any]]:
    text = " ".join(chance.choices(VOCABULARY, k=WORDS))
    moment = at.isoformat(timespec="seconds")
    article = {
        "id": number,
        "url": f"https://site{number % 70}.example/{number}",
        "canonical_url": f"https://site{number % 70}.example/{number}",
        "outlet": f"site{number % 70}",
        "title": " ".join(text.split(" ", 9)[:9]),
        "text": text,
        "basis": "page",
        "published": moment,
        "at": moment,
        "seen": moment,
        "recorded": moment,
        "extractor": "bench",
        "sameness": "new",
        "voice": f"owner:site{number % 70}",
        "exact": str(number),
        "scheme": 1,
        "shingles": WORDS,
        "sampled": 0,
    }
    if number % CLAIMS:
        return [article], [], []
    payer, payee = chance.sample(COMPANIES, 2) if chance.random() > MAIN else ("Nvidia", "OpenAI")
    amount = chance.randint(1, 200) * 10**9
    certainty = chance.choice(("rumoured", "confirmed"))
    stage = "talks" if certainty == "rumoured" else "announced"
    shape = {"kind": "investment", "payers": json.dumps([payer]), "payee": payee}
    claim = shape | {
        "article": number,
        "recorded": moment,
        "position": 0,
        "low": amount,
        "high": amount,
        "currency": "USD",
        "qualifier": "exact",
        "certainty": certainty,
        "stage": stage,
        "sources": json.dumps([chance.choice(("Reuters", "Bloomberg", "The Information"))]),
        "background": 0,
        "additional": 0,
        "confidence": 1.0,
        "amount_text": "",
        "quote": text[:200],
        "start": 0,
        "end": 200,
        "rule": "bench",
    }
    figure = {
        "amount": [amount, amount],
        "currency": "USD",
        "qualifier": "exact",
        "certainty": certainty,
        "stage": stage,
    }
    told = shape | {
        "recorded": moment,
        "label": "new",
        "also": "[]",
        "alert": int(number % (CLAIMS * TOLD) == 0),
        "deal": f"{COMPANIES.index(payer)}{COMPANIES.index(payee)}".rjust(12, "0"),
        "after": json.dumps(figure),
        "article": number,
        "claims": "[0]",
        "corroboration": '{"outlets": 1, "independent": 1, "origins": []}',
        "rule": "bench",
    }
    return [article], [claim], [told]


def _one_more(path: Path) -> None:
    """A newer article about the company that most claims are about."""
    with Store.open(path) as store:
        (last,) = store.db.execute("SELECT max(id) FROM articles").fetchone()
        number = last - last % CLAIMS + CLAIMS
        seeds = map(random.Random, range(100))
        made = (_row(number, datetime.now(UTC), seed) for seed in seeds)
        article, claims, _ = next(row for row in made if row[1][0]["payee"] == COMPANIES[0])
        with store.transaction():
            _insert(store, "articles", article)
            _insert(store, "claims", claims)


def measure(path: Path) -> dict[str, float]:
    """Milliseconds of CPU of each page, the state of the deals already folded."""
    settings = settings_from(config.load(None), outlets.load(None), public=False)
    room = open_room(path, settings)

    async def cost(address: str) -> float:
        start = time.process_time()
        answer = await room.client.get(address)
        spent = (time.process_time() - start) * 1000
        assert answer.status_code == 200, (address, answer.status_code)
        return spent

    async def all_pages() -> dict[str, float]:
        # no limit holds for it: no reader waits
        found = {OPENING: await cost("/about")}
        deals = (await room.client.get("/deals.json")).json()["deals"]
        ids = [deal["id"] for deal in deals if deal["payers"] == ["Nvidia"]]
        told = {
            one: len((await room.client.get(f"/deal/{one}.json")).json()["claims"]) for one in ids
        }
        longest = max(told, key=lambda one: told[one])
        pages = {
            "front page": "/",
            f"deal of {told[longest]} claims": f"/deal/{longest}",
            "company": "/company/OpenAI",
            "search, common word": "/search?q=milliards",
            "search, two words": "/search?q=valorisation+mot77",
            "search, rare word": "/search?q=mot3999",
            "search, window": "/search?q=milliards&since=2024-03-01&until=2024-03-31",
            "outlets": "/outlets",
            "outlet": "/outlet/site3",
            "sources": "/sources",
            "article": f"/article/{CLAIMS * TOLD}",
        }
        for name, address in pages.items():
            await cost(address)
            found[name] = min([await cost(address) for _ in range(3)])
        _one_more(path)
        found["front page after one more article"] = await cost("/")
        return found

    return asyncio.run(all_pages())


def main(count: int = 100_000, file: str = "") -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(file) if file else Path(folder) / "veille.db"
        if path.exists():
            Store.open(path).close()  # brought to the schema of today
        else:
            fill(path, count)
        size = path.stat().st_size / 1e6
        print(f"{count:,} articles, {count // CLAIMS:,} claims, {size:,.0f} MB")
        for name, spent in measure(path).items():
            limit = "" if name == OPENING else f", limit {LIMIT}{' over' if spent > LIMIT else ''}"
            print(f"{name:40} {spent:8.0f} ms of CPU{limit}")
        if not file:
            print("for a million: python -m bench.reading_room 1000000 FILE")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:2]), *sys.argv[2:3])
