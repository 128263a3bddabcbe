"""A crawl of 480 pages of 12 outlets beside trafilatura alone; a cycle of 60 feeds that answer 304.

Aims: pages per second at least 0.70 of trafilatura's (fast mode, with metadata, as many processes);
a cycle of 304s within 2.5 times an empty Scrapy process and under 5 % of the first cycle's bytes;
400 MB of reactor and workers together; 250 ms for one reactor callback.
"""

from __future__ import annotations

import multiprocessing
import os
import re
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench._press import pages

PAGES, OUTLETS, FEEDS, PAIRS = 480, 12, 60, 5
#: Real pages, where they lie beside the checkout; not part of it.
REAL = Path(__file__).parent.parent.parent / "shared" / "web" / "pages"
VEILLE = Path(sys.executable).with_name("veille")

EMPTY = """
from scrapy import Spider
from scrapy.crawler import CrawlerProcess
class Empty(Spider):
    name = "empty"
    async def start(self):
        return
        yield
process = CrawlerProcess({"LOG_LEVEL": "ERROR"})
process.crawl(Empty)
process.start()
"""


def main() -> None:
    folder = REAL if REAL.is_dir() else None
    print(f"   pages: {'real ones' if folder else 'generated'}; processes: {os.cpu_count()}")
    with served(PAGES, OUTLETS, folder) as port, tempfile.TemporaryDirectory() as place:
        ratios = [one_pair(Path(place), port, folder) for _ in range(PAIRS)]
        print(f"   ratio, median of {PAIRS}: {statistics.median(ratios):.2f} (aim 0.70)")
        memory, longest = watched(Path(place), port)
        print(f"   memory of reactor and workers: {memory:.0f} MB (aim 400)")
        print(f"   longest reactor callback: {longest:.0f} ms of CPU (aim 250)")
    with served(FEEDS * 30, FEEDS, None) as port, tempfile.TemporaryDirectory() as place:
        quiet_cycle(Path(place), port)


@contextmanager
def served(count: int, outlets: int, folder: Path | None) -> Iterator[int]:
    """The press in a process of its own; yields its port."""
    words = [sys.executable, "-m", "bench._press", str(count), str(outlets), str(folder or "-")]
    server = subprocess.Popen(words, stdout=subprocess.PIPE, text=True)
    try:
        assert server.stdout is not None
        yield int(server.stdout.readline())
    finally:
        server.kill()
        server.wait()


def one_pair(place: Path, port: int, folder: Path | None) -> float:
    """Pages per second of a crawl over those of trafilatura alone, one after the other."""
    alone, crawl = trafilatura_alone(folder), PAGES / crawled(place, port)
    print(f"   trafilatura {alone:.1f} pages/s, crawl {crawl:.1f} pages/s: {crawl / alone:.2f}")
    return crawl / alone


def extract(body: bytes) -> int:
    import trafilatura

    return len(trafilatura.extract(body, fast=True, with_metadata=True) or "")


def trafilatura_alone(folder: Path | None) -> float:
    """Pages per second over the same bytes, with as many processes as a crawl has workers."""
    bodies = pages(PAGES, folder)
    with multiprocessing.get_context("forkserver").Pool() as pool:
        pool.map(extract, bodies[:8], chunksize=1)  # imports are not measured
        started = time.monotonic()
        pool.map(extract, bodies, chunksize=4)
        return PAGES / (time.monotonic() - started)


def prepared_folder(place: Path, port: int, outlets: int) -> list[str]:
    """A configuration and no ledger; returns the options that name it."""
    names = [f"o{n}" for n in range(outlets)]
    (place / "veille.toml").write_text(
        'contact = "https://veille.example/bench"\ndatabase = "veille.db"\n'
        'catalogue = "outlets.toml"\n[network]\npace_seconds = 0\n[network.hosts]\n'
        + "".join(f'"{name}.example" = "127.0.0.1:{port}"\n' for name in names)
    )
    (place / "outlets.toml").write_text(
        "".join(
            f'[[outlet]]\nid = "{name}"\nname = "{name}"\nhome = "https://{name}.example/"\n'
            f'policy = "probe"\nfeeds = [{{url = "https://{name}.example/feed.xml"}}]\n'
            for name in names
        )
    )
    for old in place.glob("veille.db*"):
        old.unlink()
    return ["--config", str(place / "veille.toml"), "crawl"]


def crawled(place: Path, port: int) -> float:
    """Seconds of a first crawl of all pages."""
    return seconds([str(VEILLE), *prepared_folder(place, port, OUTLETS)])


def seconds(words: list[str]) -> float:
    started = time.monotonic()
    subprocess.run(words, check=True, capture_output=True)
    return time.monotonic() - started


def watched(place: Path, port: int) -> tuple[float, float]:
    """Peak memory in MB of all processes of a crawl, and its longest callback in ms."""
    words = [sys.executable, "-m", "bench._watched", *prepared_folder(place, port, OUTLETS)]
    with tempfile.TemporaryFile("w+") as told:
        running = subprocess.Popen(words, start_new_session=True, stderr=told)
        peak = 0.0
        while running.poll() is None:
            peak = max(peak, memory_of(running.pid))
            time.sleep(0.1)
        told.seek(0)
        found = re.search(r"longest (\d+)", told.read())
    return peak, float(found[1]) if found else float("nan")


def memory_of(session: int) -> float:
    """Proportional set size of a session's processes in MB: shared pages are counted once."""
    total = 0
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            if int((entry / "stat").read_text().rpartition(")")[2].split()[3]) != session:
                continue
            rollup = (entry / "smaps_rollup").read_text()
        except OSError:
            continue
        total += int(re.search(r"^Pss:\s+(\d+)", rollup, re.M)[1])  # type: ignore[index]
    return total / 1024


def quiet_cycle(place: Path, port: int) -> None:
    """Sixty feeds once, then five cycles in which all answer 304, beside an empty Scrapy."""
    command = [str(VEILLE), *prepared_folder(place, port, FEEDS)]
    seconds(command)
    ratios = []
    for _ in range(PAIRS):
        quiet, empty = seconds(command), seconds([sys.executable, "-c", EMPTY])
        ratios.append(quiet / empty)
    with sqlite3.connect(place / "veille.db") as ledger:
        rows = ledger.execute(
            "SELECT at, sum(bytes), sum(unchanged), sum(pages) FROM observations GROUP BY at"
        ).fetchall()
    first, last = rows[0], rows[-1]
    print(f"   cycle of {FEEDS} feeds answering 304: {statistics.median(ratios):.2f} times empty")
    share = (last[1] or 0) / max(first[1], 1)
    print(f"   its bytes: {share:.1%} of the first cycle's (aim 5 %); pages asked: {last[3]}")
