"""The daemon: it runs the timetable, ends cleanly with its children, and shares with other runs."""

from __future__ import annotations

import json
import os
import queue
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from demo.__main__ import configure
from demo.server import Press
from pipelines.store import Store
from schedules.children import GRACE, LAST_WORDS, Children
from schedules.commands.run import WATCH
from tests.conftest import VEILLE, Ran
from tests.daemons import LOOK, PATIENCE, Daemon, HeldPress, patient, processes
from tests.test_cron import lines, under_cron

Veille = Callable[..., Ran]

#: A shell is there at once, and the first line that it says is the pid of a child of its own.
#: Both last long beyond any test.
SLEEPS = ["/bin/sh", "-c", "sleep 9999 & echo $! >&2; wait"]
#: Does not listen to SIGTERM, and neither does its child.
STUBBORN = ["/bin/sh", "-c", "trap '' TERM; sleep 9999 & echo $! >&2; wait"]
#: Leaves a child behind that has left its session and holds its standard error.
LEAVES = [
    sys.executable,
    "-c",
    "import os, sys, time\n"
    "read, write = os.pipe()\n"
    "if os.fork(): os.read(read, 1); sys.exit(3)\n"
    "os.setsid()\n"
    "print(os.getpid(), file=sys.stderr, flush=True)\n"
    "os.write(write, b'.')\n"
    "time.sleep(9999)\n",
]


def ends(pid: int) -> bool:
    """Whether a process that was killed ends: it dies when it next gets a processor."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        try:
            state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        except OSError:
            return True
        if state == "Z":
            return True
        time.sleep(LOOK)
    return False


def tables(database: Path) -> dict[str, int]:
    with Store.open(database) as store:
        names = ("articles", "claims", "changes", "outbox", "links", "prepared")
        return {
            name: store.db.execute(f"SELECT count(*) FROM {name}").fetchone()[0] for name in names
        }


def runs(database: Path, command: str) -> list[int | None]:
    with Store.open(database) as store:
        rows = store.runs.latest(1000)
        return [run["exit"] for run in reversed(rows) if run["command"] == command]


# -- children ---------------------------------------------------------------------------------


def test_what_a_child_says_is_heard_and_its_exit_code_is_its_own() -> None:
    heard: list[tuple[str, str]] = []
    children = Children(lambda job, pid, line: heard.append((job, line)), last_words=PATIENCE)
    code = [sys.executable, "-c", "import sys; print('well', file=sys.stderr); sys.exit(3)"]
    assert children.run("crawl", code, 30) == 3
    assert heard == [("crawl", "well")]


@pytest.mark.slow  # waits for its limit: by then the shell has long said what it has to
def test_a_child_that_hangs_is_ended_with_its_workers() -> None:
    heard: list[str] = []
    children = Children(lambda job, pid, line: heard.append(line), grace=0.5)
    assert children.run("crawl", STUBBORN, 20) == -signal.SIGKILL
    worker, told = heard
    assert told == "longer than 20 s: it is ended"
    assert ends(int(worker))


def test_a_child_that_ended_is_over_though_a_process_it_left_behind_holds_its_pipe() -> None:
    heard: queue.Queue[int] = queue.Queue()
    children = Children(lambda job, pid, line: heard.put(int(line)))
    assert children.run("crawl", LEAVES, PATIENCE) == 3
    left = heard.get(timeout=PATIENCE)
    os.kill(left, signal.SIGKILL)  # it was there all the time
    assert ends(left)


def test_stopping_ends_all_children_and_starts_no_more() -> None:
    heard: queue.Queue[int] = queue.Queue()
    children = Children(lambda job, pid, line: heard.put(int(line)), grace=1.0)
    codes: list[int | None] = []
    commands = [SLEEPS, SLEEPS, STUBBORN]
    threads = [
        threading.Thread(target=lambda c=command: codes.append(children.run("job", c, 9999)))
        for command in commands
    ]
    for thread in threads:
        thread.start()
    workers = [heard.get(timeout=PATIENCE) for _ in commands]  # now each is as it will be
    children.stop()
    for thread in threads:
        thread.join()
    assert sorted(code or 0 for code in codes) == [-15, -15, -9]
    assert all(map(ends, workers))
    assert children.run("job", SLEEPS, 60) is None


def test_what_stopping_waits_for_adds_up_to_less_than_ten_seconds() -> None:
    """By each limit itself: how long the machine takes over the rest is not ours to say."""
    assert WATCH + GRACE + LAST_WORDS < 10


# -- the daemon -------------------------------------------------------------------------------


def test_it_crawls_delivers_and_ends_cleanly(tmp_path: Path) -> None:
    with Press() as press, Daemon(configure(tmp_path, press.address)) as daemon:
        assert daemon.wait_for("ready")["pid"] == daemon.child.pid
        assert daemon.wait_for("ended", job="crawl")["exit"] == 0
        daemon.end()
        daemon.wait_for("stopped")
    assert daemon.child.returncode == 0
    assert processes(daemon.config) == []
    assert tables(tmp_path / "veille.db")["articles"] > 0
    assert 0 in runs(tmp_path / "veille.db", "crawl")


@pytest.mark.slow  # waits for an answer that does not come
def test_it_ends_while_a_crawl_waits_for_an_answer_that_does_not_come(tmp_path: Path) -> None:
    with HeldPress() as press:
        config = patient(configure(tmp_path, press.address))
        with Daemon(config) as daemon:
            assert press.asked_once.wait(PATIENCE)
            daemon.end()
            daemon.wait_for("stopped")
            assert processes(config) == []
        press.gate.set()  # not before: nobody was answered
        after = subprocess.run([VEILLE, "--config", config, "crawl"], check=False)
    assert after.returncode == 0  # no lock stayed


def test_it_reads_its_configuration_again_and_keeps_the_old_one_when_the_new_is_wrong(
    tmp_path: Path,
) -> None:
    config = tmp_path / "veille.toml"
    good = 'contact = "mailto:veille@example.org"\ncatalogue = "c.toml"\n'
    (tmp_path / "c.toml").write_text(
        '[[outlet]]\nid = "a"\nname = "A"\nhome = "https://a.example/"\npolicy = "off"\n'
        'feeds = [{ url = "https://a.example/feed" }]\n'
    )
    config.write_text(good)
    with Daemon(config) as daemon:
        daemon.wait_for("ready")
        config.write_text("contact = 3\n")
        daemon.child.send_signal(signal.SIGHUP)
        assert "(contact)" in daemon.wait_for("not reloaded")["problem"]
        config.write_text(good + "[schedule]\nhealth_minutes = 1\n")
        daemon.child.send_signal(signal.SIGHUP)
        daemon.wait_for("reloaded")
        daemon.wait_for("ended", job="health")
        daemon.end()


def test_no_hail_of_signals_makes_it_deaf(tmp_path: Path) -> None:
    config = tmp_path / "veille.toml"
    config.write_text('contact = "mailto:veille@example.org"\n')
    with Daemon(config) as daemon:
        daemon.wait_for("ready")
        hail = f"import os\nfor _ in range(50_000): os.kill({daemon.child.pid}, {signal.SIGHUP:d})"
        subprocess.run([sys.executable, "-c", hail], check=True)
        daemon.end()
        daemon.wait_for("stopped")


def test_a_second_daemon_is_refused_with_the_first_ones_pid(veille: Veille, tmp_path: Path) -> None:
    config = tmp_path / "veille.toml"
    config.write_text('contact = "mailto:veille@example.org"\n[network]\nallow = []\n')
    (tmp_path / "veille.run.lock").touch()
    with Press() as press, Daemon(configure(tmp_path, press.address)) as daemon:
        daemon.wait_for("ready")
        refused = veille("run")
    assert refused.code == 75
    assert f"pid {daemon.child.pid} (run), since " in refused.err


def test_without_a_contact_it_does_not_start(veille: Veille) -> None:
    ran = veille("run")
    assert (ran.code, "contact" in ran.err) == (2, True)


# -- at once -----------------------------------------------------------------------------------


def three_at_once(folder: Path, veille: Veille) -> None:
    """The daemon's child, the cron line and a hand run; one works, two are refused."""
    with HeldPress() as press:
        config = patient(configure(folder, press.address))
        cron = lines(veille("--config", config, "cron").out)[0][1]
        child = Children(lambda job, pid, line: None)
        hand = [str(VEILLE), "--config", str(config), "crawl"]
        ways: list[Callable[[], int | None]] = [
            lambda: child.run("crawl", [*hand, "--due"], PATIENCE),
            lambda: under_cron(cron).returncode,
            lambda: subprocess.run(hand, capture_output=True, check=False).returncode,
        ]
        codes: list[int | None] = []
        threads = [threading.Thread(target=lambda way=way: codes.append(way())) for way in ways]
        random.shuffle(threads)
        for thread in threads:
            thread.start()
        until = time.monotonic() + PATIENCE
        while len(codes) < 2 and time.monotonic() < until:
            time.sleep(LOOK)
        assert codes == [75, 75]
        press.gate.set()
        for thread in threads:
            thread.join()
        assert codes == [75, 75, 0]
        # each page was asked for once: nobody crawled beside the one
        assert {path: count for path, count in press.asked.items() if count > 1} == {}
    assert runs(config.with_name("veille.db"), "crawl") == [0]


def alone(folder: Path) -> dict[str, int]:
    with Press() as press:
        config = configure(folder, press.address)
        subprocess.run([VEILLE, "--config", config, "crawl"], check=True, capture_output=True)
    return tables(folder / "veille.db")


def test_of_three_runs_at_once_one_works_and_no_row_is_lost_or_doubled(
    veille: Veille, tmp_path: Path
) -> None:
    three_at_once(tmp_path / "three", veille)
    assert tables(tmp_path / "three" / "veille.db") == alone(tmp_path / "alone")


@pytest.mark.slow
def test_three_runs_at_once_twenty_times(veille: Veille, tmp_path: Path) -> None:
    expected = alone(tmp_path / "alone")
    for number in range(20):
        folder = tmp_path / str(number)
        three_at_once(folder, veille)
        assert tables(folder / "veille.db") == expected


@pytest.mark.slow
def test_after_kills_of_daemon_and_children_the_next_run_goes_on_and_no_lock_stays(
    tmp_path: Path,
) -> None:
    expected = alone(tmp_path / "alone")
    with Press() as press:
        config = configure(tmp_path / "killed", press.address)
        for number in range(10):
            with Daemon(config) as daemon:
                daemon.wait_for("started", job="crawl")
                time.sleep(random.uniform(0, 2))
                if number % 2:  # the child alone first: the daemon goes on
                    for pid in processes(config):
                        if pid != daemon.child.pid:
                            with suppress(ProcessLookupError):
                                os.kill(pid, signal.SIGKILL)
                    daemon.wait_for("ended", job="crawl")
        done = subprocess.run(
            [VEILLE, "--config", config, "crawl"], capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
    assert tables(config.with_name("veille.db")) == expected


def test_the_log_is_one_line_an_event_also_as_text(tmp_path: Path) -> None:
    with Press() as press:
        config = configure(tmp_path, press.address)
        child = subprocess.Popen(
            [VEILLE, "--config", config, "run"], stderr=subprocess.PIPE, text=True
        )
        assert child.stderr is not None
        first = child.stderr.readline()
        child.terminate()
        rest = child.stderr.read()
        child.stderr.close()
        assert child.wait(PATIENCE) == 0
    assert " ready pid=" in first
    assert rest.rstrip().endswith(" stopped")
    with pytest.raises(json.JSONDecodeError):
        json.loads(first)
