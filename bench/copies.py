"""Looking up and inserting one text among 10,000 and among 1,000,000 stored ones.

Texts of made-up words, all inside the 45-day window. Medians of five alternating pairs.
"""

from __future__ import annotations

import random
import resource
import statistics
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from pipelines.duplicate import SCHEME, sign
from pipelines.records import Article, Verdict
from pipelines.shapes import when
from pipelines.store import Store

START = datetime(2026, 1, 1, tzinfo=UTC)
WINDOW = timedelta(days=44)
PAIRS, EACH = 5, 40
#: Sampled hashes of an article of some 250 words.
SAMPLE = 66


def text(dice: random.Random) -> str:
    return " ".join(f"mot{dice.randrange(40_000)}" for _ in range(250))


def fill(store: Store, articles: int) -> None:
    """Rows as `Articles.add` leaves them, made quickly."""
    dice = random.Random(articles)
    step = WINDOW / articles
    with store.transaction():
        for number in range(articles):
            at = when(START + step * number)
            cursor = store.db.conn.execute(
                "INSERT INTO articles (url, canonical_url, outlet, title, basis, published, at,"
                " seen, recorded, extractor, sameness, voice, exact, scheme, shingles, sampled)"
                " VALUES (?1, ?1, 'o.example', 't', 'page', ?2, ?2, ?2, ?2, 'bench', 'new',"
                " 'owner:o', ?3, ?4, 250, ?5)",
                (f"https://o.example/{number}", at, f"{number:x}", SCHEME, SAMPLE),
            )
            store.db.conn.executemany(
                "INSERT OR IGNORE INTO shingles (hash, article) VALUES (?, ?)",
                ((dice.getrandbits(62), cursor.lastrowid) for _ in range(SAMPLE)),
            )


def one(store: Store, dice: random.Random, number: int) -> float:
    """Seconds of CPU to sign, look up and store one text."""
    at = START + WINDOW
    body, url = text(dice), f"https://new.example/{number}"
    article = Article(url, url, "new.example", "t", body, at)
    row = {"seen": when(at), "recorded": when(at), "extractor": "bench", "tier": 2, "satire": 0}
    started = time.process_time()
    signature = sign(body)
    store.articles.candidates(signature, url, at)
    with store.transaction():
        store.articles.add(
            article, Verdict("new"), signature, voice="owner:new", sentences=(), row=row
        )
    return time.process_time() - started


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        few_path, many_path = Path(folder) / "few.db", Path(folder) / "many.db"
        with Store.open(few_path, create=True) as few, Store.open(many_path, create=True) as many:
            fill(few, 10_000)
            fill(many, 1_000_000)
        with Store.open(few_path) as few, Store.open(many_path) as many:
            before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
            dice, ratios, times = random.Random(1), [], []
            for pair in range(PAIRS):
                small, large = [], []
                for n in range(EACH):
                    small.append(one(few, dice, pair * EACH + n))
                    large.append(one(many, dice, pair * EACH + n))
                ratios.append(statistics.median(large) / statistics.median(small))
                times.append(statistics.median(large) * 1000)
            grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    print(
        f"   an article among 1,000,000 / among 10,000: {statistics.median(ratios):.2f} times the "
        f"CPU (aim < 2), {statistics.median(times):.1f} ms; memory grown by {grown:.0f} MB "
        "(aim < 50)"
    )
