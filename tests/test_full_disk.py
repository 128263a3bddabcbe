"""A full disk at each step loses nothing and says so: what did not fit is there the next time."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import pytest
from scrapy.http import Request, Response

from crawler.fetch import UnreadError
from crawler.gate import OUTLET, GateMiddleware
from crawler.run import round_of
from demo.__main__ import configure
from demo.server import Press
from pipelines.config import load
from pipelines.records import Outlet
from pipelines.store import Store
from pipelines.store.opening import is_of_the_file
from tests.conftest import VEILLE
from tests.test_run import tables

#: Sizes of the disk, KiB. A crawl of the bundled press needs some 700: each ends elsewhere, from
#: the first page of the schema to the posting at the end.
SIZES = (2, 60, 250, 400, 500)


#: Runs a command none of whose files may grow beyond so many bytes: what one without rights can do
#: to have a full disk. In a process of its own: no code of ours between fork and exec, where a
#: lock of the press's threads would be held for ever.
LIMITED = """
import os, resource, sys
size = int(sys.argv[1])
resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
os.execv(sys.argv[2], sys.argv[2:])
"""


def limited(kibibytes: int) -> tuple[str, ...]:
    """What stands before a command whose disk has that size."""
    return (sys.executable, "-c", LIMITED, str(kibibytes * 1024))


@contextmanager
def small_disk(folder: Path, kibibytes: int) -> Iterator[bool]:
    """A disk of that size at `folder`; False where only root may mount one."""
    if os.geteuid() != 0:
        yield False
        return
    options = ["-t", "tmpfs", "-o", f"size={kibibytes}k", "veille"]
    mounted = subprocess.run(["mount", *options, str(folder)], capture_output=True, check=False)
    try:
        yield mounted.returncode == 0
    finally:
        if mounted.returncode == 0:
            subprocess.run(["umount", str(folder)], check=True)


def crawl(config: Path, before: tuple[str, ...] = ()) -> subprocess.CompletedProcess[str]:
    command = [*before, str(VEILLE), "--config", str(config), "crawl"]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("sizes", [(450,), pytest.param(SIZES, marks=pytest.mark.slow)])
def test_a_crawl_whose_disk_is_full_says_so_and_the_next_one_lacks_nothing(
    sizes: tuple[int, ...], tmp_path: Path
) -> None:
    """One ledger, and a disk that grows a little from crawl to crawl."""
    with Press() as press:
        undisturbed = configure(tmp_path / "undisturbed", press.address)
        assert crawl(undisturbed).returncode == 0
        config = configure(tmp_path / "disturbed", press.address)
        for kibibytes in sizes:
            full = crawl(config, limited(kibibytes))
            assert full.returncode == 2, kibibytes
            last = full.stderr.splitlines()[-1]
            assert last.startswith("veille: "), full.stderr
            assert "Traceback" not in full.stderr
            assert "<html" not in full.stderr
            assert "run again when that is mended, nothing was lost" in last
        assert crawl(config).returncode == 0
    expected = tables(undisturbed.with_name("veille.db"))
    assert tables(config.with_name("veille.db")) == expected


def test_a_disk_without_room_is_told_as_full(tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    with Press() as press, small_disk(disk, 400) as real:
        config = configure(tmp_path / "configuration", press.address)
        if real:
            text = config.read_text().replace('"veille.db"', f'"{disk}/veille.db"')
            config.write_text(text)
        full = crawl(config, () if real else limited(400))
        assert full.returncode == 2
        told = "the disk is full; free some space and run again, nothing was lost"
        assert (told if real else "nothing was lost") in full.stderr.splitlines()[-1]


class Telling:
    """An engine that gives rules which do not fit on the disk."""

    async def download_async(self, request: Request) -> Response:
        await asyncio.sleep(0)
        return Response(request.url, body=b"User-agent: *\n" + b"Disallow: /none\n" * 30_000)


def test_rules_that_do_not_fit_are_one_fault_of_the_disk_and_none_of_those_who_waited_for_them(
    store: Store,
) -> None:
    """Two outlets of one host ask for its robots.txt at once; only one of them asks the host."""
    config = replace(load(None), contact="mailto:veille@example.org")
    outlet = Outlet("essai", "Essai", "https://essai.example/", "feed")
    (pages,) = store.db.execute("PRAGMA page_count").fetchone()
    # as many pages as there are: what a full disk is to SQLite
    store.db.execute(f"PRAGMA max_page_count = {pages}")
    round_ = round_of(config, (outlet,), store, lambda: datetime.now(UTC), lambda _: None)
    gate = GateMiddleware(SimpleNamespace(spider=SimpleNamespace(round=round_), engine=Telling()))

    async def both() -> list[BaseException | None]:
        asked = [Request(f"https://essai.example/{n}", meta={OUTLET: outlet}) for n in range(2)]
        going = [gate.process_request(request) for request in asked]
        return await asyncio.gather(*going, return_exceptions=True)

    first, second = asyncio.run(both())
    assert first is not None
    assert is_of_the_file(first)
    assert isinstance(second, UnreadError)
