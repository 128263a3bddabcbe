"""Soak: 200 crawls and 2,000 firings of a no-op by the daemon's own parts; what grows.

Aims: memory of the daemon grows by less than 20 MB, its open files and the WAL not at all.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from zoneinfo import ZoneInfo

from demo.__main__ import configure
from demo.server import Press

#: Fewer by SOAK=20, e.g. to try it out.
CRAWLS = int(os.environ.get("SOAK", "200"))
FIRINGS = CRAWLS * 10
#: Lines of the table.
SAMPLES = 5
#: Minutes between two firings: as fast as the machine lets it.
CRAWL_STEP, NOOP_STEP = 0.01, 0.001
#: A crawl that takes longer than that hangs, seconds.
LIMIT = 120


def main() -> None:
    with tempfile.TemporaryDirectory() as place, Press() as press:
        config = configure(Path(place), press.address)
        veille = str(Path(sys.executable).with_name("veille"))
        # the message of a first run is not what is measured
        first = [veille, "--config", str(config), "-q", "crawl"]
        subprocess.run(first, check=True, stdout=subprocess.DEVNULL)
        words = [sys.executable, "-m", "bench.operation", str(config), veille]
        done = subprocess.run(words, capture_output=True, text=True, check=False)
        if done.returncode:
            raise SystemExit(done.stderr)
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    print("   crawls  no-ops  memory MB  open files  threads  WAL kB")
    for row in rows:
        print(
            f"   {row['crawls']:6}  {row['firings']:6}  {row['memory']:9.1f}  {row['files']:10}"
            f"  {row['threads']:7}  {row['wal'] // 1024:6}"
        )
    first, last = rows[0], rows[-1]
    growth = last["memory"] - first["memory"]
    print(f"   memory grew by {growth:.1f} MB (aim below 20); crawls that failed: {last['failed']}")
    print(f"   open files {first['files']} → {last['files']}; WAL {first['wal']} → {last['wal']} B")


def soak(config: Path, veille: str) -> None:
    """The daemon: its clock, its children, jobs that fire as fast as they can."""
    from pipelines.store import Store
    from schedules.children import Children
    from schedules.plan import Job
    from schedules.timetable import Timetable

    database = config.with_name("veille.db")
    # a reading room keeps the WAL alive; without a reader it is removed after each crawl
    reader = Store.open(database)
    counts = {"crawl": 0, "noop": 0, "failed": 0}
    commands = {"crawl": [veille, "--config", str(config), "-q", "crawl"], "noop": ["/bin/true"]}
    children = Children(silent)
    lock, enough = threading.Lock(), threading.Event()
    most = {"crawl": CRAWLS, "noop": FIRINGS}

    def run(job: Job) -> None:
        if counts[job.name] >= most[job.name]:
            return
        code = children.run(job.name, commands[job.name], job.limit)
        with lock:
            counts[job.name] += 1
            counts["failed"] += code != 0
            if all(counts[name] >= most[name] for name in most):
                enough.set()

    timetable = Timetable(run, silent)
    jobs = (
        Job("crawl", (), LIMIT, every=CRAWL_STEP),  # type: ignore[arg-type]
        Job("noop", (), LIMIT, every=NOOP_STEP),  # type: ignore[arg-type]
    )
    began = time.monotonic()
    timetable.set_up(jobs, ZoneInfo("UTC"), frozenset())
    # the first sample when all is loaded and has run once
    while counts["crawl"] < max(1, CRAWLS // 20):
        time.sleep(0.1)
    report(counts, database)
    for share in range(1, SAMPLES + 1):
        while counts["crawl"] < CRAWLS * share // SAMPLES and not enough.is_set():
            time.sleep(0.1)
        if share < SAMPLES:
            report(counts, database)
    enough.wait()
    report(counts, database)
    children.stop()
    timetable.stop()
    reader.close()
    print(f"{time.monotonic() - began:.0f} s", file=sys.stderr)


def silent(*_: object) -> None:
    """What the jobs say is not what is measured."""


def report(counts: dict[str, int], database: Path) -> None:
    status = Path("/proc/self/status").read_text()
    memory = next(line for line in status.splitlines() if line.startswith("VmRSS"))
    wal = database.with_name(f"{database.name}-wal")
    row = {
        "crawls": counts["crawl"],
        "firings": counts["noop"],
        "failed": counts["failed"],
        "memory": int(memory.split()[1]) / 1024,
        "files": len(list(Path("/proc/self/fd").iterdir())),
        "threads": threading.active_count(),
        "wal": wal.stat().st_size if wal.exists() else 0,
    }
    print(json.dumps(row), flush=True)


if __name__ == "__main__":
    soak(Path(sys.argv[1]), sys.argv[2])
