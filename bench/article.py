"""The article step beside plain trafilatura (fast, with metadata) on the same pages.

Pages of ../shared/web where it is there, else those of the bundled press. Medians of five
alternating pairs.
"""

from __future__ import annotations

import statistics
import time
from datetime import UTC, datetime
from pathlib import Path

import trafilatura

from demo.server import SITE
from pipelines import article
from pipelines.records import Page

PAIRS = 5
SHARED = Path(__file__).parent.parent.parent / "shared" / "web" / "pages"
NOW = datetime(2026, 11, 21, tzinfo=UTC)


def bodies() -> list[bytes]:
    pages = sorted(SHARED.glob("*.html")) or sorted(SITE.rglob("*.htm*"))
    return [page.read_bytes() for page in pages]


def ours(pages: list[bytes]) -> float:
    started = time.process_time()
    for number, body in enumerate(pages):
        url = f"https://o.example/{number}"
        article.read(Page("o.example", url, url, 200, (), body, NOW))
    return time.process_time() - started


def plain(pages: list[bytes]) -> float:
    started = time.process_time()
    for body in pages:
        trafilatura.bare_extraction(body, fast=True, with_metadata=True)
    return time.process_time() - started


def main() -> None:
    pages = bodies()
    ours(pages[:10])
    plain(pages[:10])
    ratios, speeds = [], []
    for _ in range(PAIRS):
        one, other = ours(pages), plain(pages)
        ratios.append(other / one)
        speeds.append(len(pages) / one)
    print(
        f"   pages a second, ours / plain trafilatura: {statistics.median(ratios):.2f} "
        f"(aim >= 0.9), {statistics.median(speeds):.0f} pages/s on {len(pages)} pages"
    )
