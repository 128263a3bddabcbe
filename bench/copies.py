"""Looking up and inserting one text among 10,000 and among 1,000,000 stored ones.

All inside the 45-day window. Medians of five alternating pairs. The texts are chains of set phrases
whose frequency falls with their rank, as it does in the press: the first stands in every twentieth
article, and among a million articles half of all shingles stand in `POPULAR` others. The stored
rows are what `Articles.add` would leave of such texts, written in the order of the index.
"""

from __future__ import annotations

import math
import random
import resource
import statistics
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from multiprocessing import Process
from pathlib import Path

from pipelines.duplicate import POPULAR, SCHEME, judge, sign
from pipelines.records import Article, Verdict
from pipelines.shapes import when
from pipelines.store import Store

START = datetime(2026, 1, 1, tzinfo=UTC)
WINDOW = timedelta(days=44)
FEW, MANY = 10_000, 1_000_000
PAIRS, EACH = 5, 40
#: Words of an article, and of a set phrase: six of its eight shingles lie inside, two are new.
WORDS, PHRASE = 416, 8
#: Phrases of the language. Ranks are drawn with a density of 1 / (rank + FLAT): in 180 articles of
#: this subject the first shingle stood in 0.07 % of all places, the 2,000th in 0.0025 %.
RANKS, FLAT = 100_000_000, 50
SPREAD = math.log(1 + RANKS / FLAT)
#: Articles that have a phrase too rare to be worth a row of its own: stored as new shingles.
RARE = 16
#: Hashes of an article of `WORDS` that are in the index when none is popular.
SAMPLE = WORDS // 4


def phrase(rank: int) -> list[str]:
    return [f"m{rank}{letter}" for letter in "abcdefgh"]


def text(dice: random.Random) -> str:
    ranks = (int(FLAT * (math.exp(dice.random() * SPREAD) - 1)) for _ in range(WORDS // PHRASE))
    return " ".join(word for rank in ranks for word in phrase(rank))


def edited(dice: random.Random, whole: str) -> str:
    """Its first half, one word in ten replaced."""
    words = whole.split()[: WORDS // 2]
    return " ".join(f"e{dice.random()}" if dice.random() < 0.1 else word for word in words)


def popular(articles: int) -> Iterator[tuple[int, float]]:
    """Sampled hashes that `RARE` articles or more have, and the share of articles that do."""
    rank, phrases = 0, WORDS / PHRASE
    while (share := min(1.0, phrases / ((rank + FLAT) * SPREAD))) * articles >= RARE:
        # a long neighbour text makes `sign` take the coarse sample
        for value in sign(" ".join(phrase(rank))).sample:
            if value % 4 == 0:
                yield value, share
        rank += 1


def rows(articles: int) -> Iterator[tuple[int, int]]:
    """The index in its own order: popular hashes with their earliest articles, new ones between."""
    dice = random.Random(articles)
    held = sorted(popular(articles))
    whole = sum(share * articles for _, share in held)
    between = (SAMPLE * articles - whole) / (len(held) + 1)
    last, left = 0, 0.0
    for value, share in [*held, (2**63 - 1, 0.0)]:
        left += between
        count, left = int(left), left % 1
        step = (value - last) // (count + 1)
        for number in range(1, count + 1):
            yield last + step * number - 1, 1 + int(dice.random() * articles)
        gap, article = 1 / share if share else 0, 0.0
        for _ in range(min(POPULAR, int(share * articles))):
            article += 1 + dice.random() * 2 * (gap - 1)
            if article <= articles:
                yield value, int(article)
        last = value + 1


def fill(path: Path, articles: int) -> None:
    with Store.open(path, create=True) as store:
        # nobody reads it meanwhile, and a fill that is cut short is made anew
        store.db.execute("PRAGMA journal_mode = OFF")
        store.db.execute("PRAGMA synchronous = OFF")
        step = WINDOW / articles
        with store.transaction():
            store.db.conn.executemany(
                "INSERT INTO articles (url, canonical_url, outlet, title, basis, published, at,"
                " seen, recorded, extractor, sameness, voice, exact, scheme, shingles, sampled)"
                " VALUES (?1, ?1, 'o.example', 't', 'page', ?2, ?2, ?2, ?2, 'bench', 'new',"
                " 'owner:o', ?3, ?4, ?5, ?6)",
                (
                    (
                        *(f"https://o.example/{n}", when(START + step * n), f"{n:032x}", SCHEME),
                        *(WORDS, SAMPLE),
                    )
                    for n in range(articles)
                ),
            )
            store.db.conn.executemany(
                "INSERT OR IGNORE INTO shingles VALUES (?, ?)", rows(articles)
            )


def one(store: Store, body: str, name: str) -> tuple[float, int | None, int]:
    """Seconds of CPU to sign, look up, judge and store one text; of what it is a copy; its id."""
    at, url = START + WINDOW, f"https://new.example/{name}"
    article = Article(url, url, "new.example", "t", body, at)
    row = {"seen": when(at), "recorded": when(at), "extractor": "bench", "tier": 2, "satire": 0}
    started = time.process_time()
    signature = sign(body)
    verdict = judge(signature, store.articles.candidates(signature, url, at))
    with store.transaction():
        identity = store.articles.add(
            article, Verdict("new"), signature, voice="owner:new", sentences=(), row=row
        )
    return time.process_time() - started, verdict.copy_of, identity


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        few_path, many_path = Path(folder) / "few.db", Path(folder) / "many.db"
        for path, articles in ((few_path, FEW), (many_path, MANY)):
            # in a process of its own: what filling takes is not what looking up takes
            filling = Process(target=fill, args=(path, articles))
            filling.start()
            filling.join()
            if filling.exitcode:
                raise SystemExit(f"filling {path.name} failed")
        with Store.open(few_path) as few, Store.open(many_path) as many:
            dice, ratios, times, false, found = random.Random(1), [], [], 0, 0
            one(few, text(dice), "first"), one(many, text(dice), "first")
            before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
            for pair in range(PAIRS):
                small, large = [], []
                for n in range(EACH):
                    body, name = text(dice), f"{pair}-{n}"
                    small.append(one(few, body, name)[0])
                    spent, copied, original = one(many, body, name)
                    large.append(spent)
                    false += copied is not None
                    found += one(many, edited(dice, body), f"{name}-copy")[1] == original
                ratios.append(statistics.median(large) / statistics.median(small))
                times.append(statistics.median(large) * 1000)
            grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
            (size,) = many.db.execute("SELECT count(*) FROM shingles").fetchone()
    print(
        f"   an article among 1,000,000 / among 10,000: {statistics.median(ratios):.2f} times the "
        f"CPU (aim < 2), {statistics.median(times):.1f} ms; memory grown by {grown:.0f} MB "
        f"(aim < 50); {size / 1e6:.0f} million rows\n"
        f"   halves with a word in ten replaced, found among a million: {found} of {PAIRS * EACH}; "
        f"new texts called copies: {false} (aim 0)"
    )
