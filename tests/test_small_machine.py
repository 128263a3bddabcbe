"""One core and 1 GiB are enough for a crawl with the reading room's server beside it."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from demo.__main__ import configure
from demo.server import Press
from tests.conftest import VEILLE
from tests.daemons import PATIENCE

#: What the machine has, bytes. A fifth of it is the system's.
MEMORY = 1024 * 1024 * 1024
FREE = MEMORY * 4 // 5
#: Seconds between two looks at the memory.
SAMPLE = 0.05


def tree(roots: list[int]) -> set[int]:
    """The processes and all that they started."""
    parents: dict[int, int] = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            with suppress(OSError):
                fields = (folder / "stat").read_text().rpartition(")")[2].split()
                parents[int(folder.name)] = int(fields[1])
    found = set(roots)
    while more := {pid for pid, parent in parents.items() if parent in found} - found:
        found |= more
    return found


def memory(pid: int) -> int:
    """Bytes of its own, and its share of what it has in common with others."""
    with suppress(OSError, ValueError):
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    return 0


class Watch(threading.Thread):
    """The most memory that some processes took together."""

    def __init__(self, roots: list[int]) -> None:
        super().__init__(daemon=True)
        self.roots = roots
        self.peak = 0
        self.done = threading.Event()

    def run(self) -> None:
        while not self.done.wait(SAMPLE):
            self.peak = max(self.peak, sum(memory(pid) for pid in tree(self.roots)))


@contextmanager
def on_one_core() -> Iterator[None]:
    """What this thread starts meanwhile has one core."""
    cores = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(cores)})
    try:
        yield
    finally:
        os.sched_setaffinity(0, cores)


def test_a_crawl_fits_into_one_core_and_one_gibibyte_beside_the_reading_room(
    tmp_path: Path,
) -> None:
    with Press() as press:
        config = configure(tmp_path, press.address)
        subprocess.run([VEILLE, "--config", config, "import", "-"], input=b"", check=True)
        database = str(tmp_path / "veille.db")
        # port 0: one that nobody takes in between
        serve = ["-m", "datasette", "serve", "-h", "127.0.0.1", "-p", "0", database]
        with on_one_core():
            reading_room = subprocess.Popen(
                [sys.executable, *serve], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
            )
            crawl = subprocess.Popen([VEILLE, "--config", config, "-q", "crawl"])
        watch = Watch([reading_room.pid, crawl.pid])
        watch.start()
        began = time.monotonic()
        assert crawl.wait(PATIENCE) == 0
        seconds = time.monotonic() - began
        watch.done.set()
        watch.join()
        assert reading_room.poll() is None  # it was beside it all the time
        reading_room.terminate()
        reading_room.wait()
    print(f"peak {watch.peak / 1024 / 1024:.0f} MiB, {seconds:.1f} s")
    assert 0 < watch.peak < FREE
