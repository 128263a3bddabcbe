"""Locks: who excludes whom, a second run that is told who is there, no lock that stays."""

from __future__ import annotations

import multiprocessing
import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

import pytest

from pipelines.store import Store
from pipelines.store.locks import FileLock, LockError, Taken
from schedules import locks
from schedules.session import Refused
from tests.conftest import Ran
from tests.here import veille as veille  # a fixture

#: What two commands at once do: "beside" each other, or the second one is refused.
TOGETHER = [
    ("crawl", "crawl", "refused"),
    ("crawl", "import", "beside"),
    ("crawl", "forget", "refused"),
    ("import", "import", "beside"),
    ("import", "prune", "refused"),
    ("forget", "crawl", "refused"),
    ("forget", "import", "refused"),
    ("forget", "restore", "refused"),
]

#: Seconds that anything may take on a busy machine.
PATIENCE = 120
#: Holds an exclusive lock and says so, until it is killed.
HOLDER = """
import sys
from pathlib import Path
from pipelines.store.locks import FileLock
with FileLock(Path(sys.argv[1]), "forget"):
    print("held", flush=True)
    sys.stdin.read()
"""


def taken(command: str, database: Path):  # type: ignore[no-untyped-def]
    if command == "crawl":
        return locks.crawling(database)
    if command == "import":
        return locks.writing(database, command)
    return locks.alone(database, command)


@pytest.mark.parametrize(("first", "second", "outcome"), TOGETHER)
def test_two_commands_at_once_go_beside_each_other_or_the_second_is_refused(
    first: str, second: str, outcome: str, tmp_path: Path
) -> None:
    database = tmp_path / "veille.db"
    with ExitStack() as stack:
        stack.enter_context(taken(first, database))
        if outcome == "beside":
            stack.enter_context(taken(second, database))
            return
        with pytest.raises(Refused) as refused, taken(second, database):
            pass
    assert refused.value.code == 75
    assert f"pid {os.getpid()} ({first}), since " in str(refused.value)
    with taken(second, database):
        pass  # free again


def test_the_refusal_names_the_newest_owner_that_lives(tmp_path: Path) -> None:
    path = tmp_path / "veille.write.lock"
    path.write_text("pid 999999999 (crawl), since 2026-01-01T00:00:00+00:00\nnonsense\n")
    with (
        FileLock(path, "import", shared=True),
        pytest.raises(Taken, match=rf"pid {os.getpid()} \(import\)"),
        FileLock(path, "prune"),
    ):
        pass


def test_a_lock_is_free_once_its_owner_is_killed(tmp_path: Path) -> None:
    path = tmp_path / "veille.write.lock"
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert holder.stdin is not None
    assert holder.stdout is not None
    assert holder.stdout.readline() == "held\n"
    with pytest.raises(Taken, match=f"pid {holder.pid} "), FileLock(path, "forget"):
        pass
    holder.send_signal(signal.SIGKILL)
    holder.wait()
    holder.stdin.close()
    holder.stdout.close()
    with FileLock(path, "forget"):
        assert path.read_text().startswith(f"pid {os.getpid()} ")


def test_a_forked_worker_does_not_keep_the_lock_of_its_parent(tmp_path: Path) -> None:
    path = tmp_path / "veille.crawl.lock"
    fork = multiprocessing.get_context("fork")
    up, gate = fork.Event(), fork.Event()
    lock = FileLock(path, "crawl")
    with lock:
        worker = fork.Process(target=lambda: (up.set(), gate.wait(PATIENCE)))
        worker.start()
        assert up.wait(PATIENCE)
        with pytest.raises(Taken), FileLock(path, "crawl"):  # the parent holds on
            pass
    with FileLock(path, "crawl"):  # the worker lives, and has nothing
        assert worker.is_alive()
    gate.set()
    worker.join()


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(LockError, match="No such file"), FileLock(tmp_path / "a" / "b", "crawl"):
        pass


def test_readers_are_never_locked_out(veille: Callable[..., Ran], tmp_path: Path) -> None:
    veille("import", "-")
    with locks.alone(tmp_path / "veille.db", "prune"):
        assert veille("changes").code == 0
        assert veille("status").code == 0
        assert veille("backup", "copy.db").code == 0
        refused = veille("import", "-")
    assert refused.code == 75
    assert re.search(rf"pid {os.getpid()} \(prune\), since \d{{4}}-", refused.err)


def test_a_refused_run_leaves_no_row(veille: Callable[..., Ran], tmp_path: Path) -> None:
    veille("import", "-")
    with locks.alone(tmp_path / "veille.db", "prune"):
        veille("import", "-")
        veille("forget", "example.org")
    with Store.open(tmp_path / "veille.db") as store:
        assert [run["command"] for run in store.runs.latest(9)] == ["import"]
