"""A full disk at each step loses nothing and says so: what did not fit is there the next time."""

from __future__ import annotations

import os
import resource
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from demo.__main__ import configure
from demo.server import Press
from tests.conftest import VEILLE
from tests.test_run import tables

#: Sizes of the disk, KiB. A crawl of the bundled press needs some 700: each ends elsewhere, from
#: the first page of the schema to the posting at the end.
SIZES = (2, 60, 250, 400, 500)


def limited(kibibytes: int) -> Callable[[], None]:
    """No file may grow beyond: what one without rights can do to have a full disk."""
    size = kibibytes * 1024
    return lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))


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


def crawl(
    config: Path, before: Callable[[], None] | None = None
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [VEILLE, "--config", config, "crawl"],
        capture_output=True,
        text=True,
        preexec_fn=before,
        check=False,
    )


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
        full = crawl(config, None if real else limited(400))
        assert full.returncode == 2
        told = "the disk is full; free some space and run again, nothing was lost"
        assert (told if real else "nothing was lost") in full.stderr.splitlines()[-1]
