"""Nobody can come in: a crawl listens on no port while it runs."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from threading import Event

import pytest

from tests.chaos.configured import configure
from tests.chaos.server import Chaos, Visit, feed
from tests.conftest import VEILLE

LISTENING = "0A"  # state of a socket in /proc/net/tcp

#: Seconds to wait for a crawl to come so far, on the slowest machine.
LONGEST = 120


def session_of(pid: int) -> int:
    return int((Path("/proc") / str(pid) / "stat").read_text().rpartition(")")[2].split()[3])


def sockets(session: int) -> set[str]:
    """Inodes of the sockets of all processes of a session."""
    found: set[str] = set()
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            if session_of(int(entry.name)) == session:
                names = [os.readlink(fd) for fd in (entry / "fd").iterdir()]
                found |= {name[8:-1] for name in names if name.startswith("socket:[")}
        except OSError:
            continue  # it has ended meanwhile
    return found


def listening() -> Iterator[tuple[str, str]]:
    """Inode and local address of every listening TCP socket of this machine."""
    for table in ("tcp", "tcp6"):
        for line in (Path("/proc/net") / table).read_text().splitlines()[1:]:
            fields = re.split(r"\s+", line.strip())
            if fields[3] == LISTENING:
                yield fields[9], fields[1]


@pytest.mark.skipif(not Path("/proc/net/tcp").exists(), reason="needs /proc to find sockets")
def test_no_process_of_a_crawl_listens_on_a_port(tmp_path: Path) -> None:
    asked, go_on = Event(), Event()

    def held(visit: Visit) -> None:
        asked.set()
        go_on.wait(LONGEST)
        feed(visit)

    with Chaos({"un.example": {"/feed.xml": held}}) as chaos:
        path = configure(tmp_path, {"un": chaos.port})
        running = subprocess.Popen(
            [VEILLE, "--config", path, "crawl"],
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        try:
            assert asked.wait(LONGEST)  # the reactor runs, the workers are being started
            ours = sockets(running.pid)
            assert ours
            assert [address for inode, address in listening() if inode in ours] == []
        finally:
            go_on.set()
        assert running.wait(LONGEST) == 0
