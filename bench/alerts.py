"""How often somebody is disturbed, beside a keyword alert ("OpenAI" and "milliards" in the text).

The bundled press of sixteen months, a flood of 120 articles about one closing and, where their
texts lie beside the checkout, five real articles; with the claims that people read in them, on a
simulated clock, each in a ledger of its own.
"""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from pipelines.config import Rules
from pipelines.records import Outlet
from pipelines.store import Store
from tests.days import Reader, play
from tests.flood import OUTLETS, flood

HERE = Path(__file__).parent.parent
PRESS = HERE / "demo" / "press" / "manifest.jsonl"
#: The texts of the seeds belong to their authors and stay outside; what they claim is in the tests.
SEEDS = HERE.parent / "shared" / "claims" / "seeds.jsonl"
SEED_CLAIMS = HERE / "tests" / "corpus" / "ledger" / "seeds.gold.jsonl"
KEYWORDS = ("OpenAI", "milliards")


def main() -> None:
    _compare("press", _rows(PRESS), {})
    if SEEDS.exists():
        claims = {row["id"]: row["claims"] for row in _rows(SEED_CLAIMS)}
        seeds = [row | {"claims": claims[row["url"].rsplit("/")[-1]]} for row in _rows(SEEDS)]
        _compare("seeds", seeds, {})
    else:
        print("   seeds: their texts are not here")
    _compare("flood", [written.line() for written in flood()], OUTLETS)


def _rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def _compare(name: str, lines: Sequence[Mapping[str, Any]], outlets: Mapping[str, Outlet]) -> None:
    texts = [f"{line['title']} {line['body']}" for line in lines]
    keyword = sum(all(word in text for word in KEYWORDS) for text in texts)
    everything = Reader(Rules(when="immediate", cap_per_hour=0), "everything")
    default = Reader(Rules(), "default")
    started = time.perf_counter()
    with Store.open(":memory:") as store:
        play(store, lines, (everything, default), outlets)
    seconds = time.perf_counter() - started
    days = Counter(at.date() for at, _ in default.got)
    print(f"   {name}: {len(lines)} articles, {seconds:.1f} s")
    print(f"      a keyword alert             {keyword:4} messages")
    print(f"      all changes, each at once   {len(everything.got):4} messages")
    most = max(days.values())
    print(f"      the default rules           {len(default.got):4} messages, at most {most} a day")


if __name__ == "__main__":
    main()
