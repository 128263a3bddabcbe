"""Workers that run foreign bytes: each can be killed, and the next call finds a new one."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from crawler import handoff
from crawler import workers as reading
from crawler.workers import READERS, WorkerError, Workers, sent_once
from pipelines.records import Entry


@pytest.fixture
def workers() -> Iterator[Workers]:
    # patient: a second of processor may take a busy machine a minute
    pool = Workers(cpu_seconds=1, count=1, clock_seconds=120)
    yield pool
    pool.stop()


def forever() -> None:
    while True:
        pass


def asleep() -> None:
    time.sleep(9999)


def slow() -> int:
    """Waits, as on a machine that is busy with something else."""
    time.sleep(1.5)
    return os.getpid()


def deaf() -> None:
    """As a C library is: nothing but SIGKILL ends it."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    time.sleep(9999)


def crash() -> None:
    os.abort()


def eat() -> int:
    return len(bytearray(8 * 1024**3))


def nest(depth: int = 0) -> int:
    return nest(depth + 1)


def add(one: int, other: int) -> int:
    return one + other


def identity_of(value: tuple[str, ...]) -> tuple[int, tuple[str, ...]]:
    return id(value), value


def length_after_crash(body: bytes) -> int:
    os.kill(os.getpid(), signal.SIGKILL)
    return len(body)


#: More than a pipe holds: what waits in a channel is there in part only.
LARGE = bytes(1024 * 1024)


def test_a_worker_that_runs_too_long_crashes_or_eats_too_much_is_replaced(
    workers: Workers,
) -> None:
    async def scenario() -> list[str]:
        told = []
        for function in (forever, crash, eat, nest):
            with pytest.raises(WorkerError) as error:
                await workers.run(function)
            told.append(str(error.value))
            assert await workers.run(add, 1, 2) == 3
        return told

    assert asyncio.run(scenario()) == [
        "reading took longer than 1 s",
        "reading killed its worker (exit -6)",
        "reading took too much memory",
        "nested too deeply",
    ]


def test_a_text_over_which_our_own_reader_trips_is_unreadable_and_says_why(
    workers: Workers,
) -> None:
    now = datetime(2026, 3, 2, tzinfo=UTC)
    entry = Entry("a", "https://a.example/1", "OpenAI lève 1 milliard", "", now, None, "feed")
    no_watch: Any = None
    with pytest.raises(WorkerError, match="the reader failed on it: AttributeError"):
        asyncio.run(workers.run(handoff.prepare, entry, (no_watch,), now))
    assert asyncio.run(workers.run(handoff.prepare, entry, (), now)).article.title


def test_time_in_which_a_worker_has_no_processor_is_not_its_reading_time(
    workers: Workers,
) -> None:
    assert asyncio.run(workers.run(slow)) > 0


def test_what_uses_no_processor_at_all_is_ended_by_the_clock_at_its_second_call() -> None:
    async def scenario(workers: Workers) -> str:
        with pytest.raises(WorkerError) as error:
            await workers.run(asleep)
        return str(error.value)

    short = Workers(cpu_seconds=1, count=1, clock_seconds=0.2)
    try:
        assert asyncio.run(scenario(short)) == "reading took longer than 0.2 s, twice"
    finally:
        short.stop()


def test_an_idle_worker_that_is_killed_from_outside_is_replaced(workers: Workers) -> None:
    async def scenario() -> int:
        os.kill(await workers.run(os.getpid), signal.SIGKILL)
        return await workers.run(add, 1, 2)

    assert asyncio.run(scenario()) == 3
    assert workers.started == 1


def test_idle_workers_that_are_all_killed_from_outside_are_replaced() -> None:
    async def scenario(workers: Workers) -> int:
        pids = {await workers.run(os.getpid)}
        while len(pids) < 3:  # as many as there may be, each with a call
            pids |= set(await asyncio.gather(*(workers.run(os.getpid) for _ in range(6))))
        for pid in pids:
            os.kill(pid, signal.SIGKILL)
        while any(pool.active for pool in workers._calls):  # pebble's threads see it in their time
            await asyncio.sleep(0.01)
        return await workers.run(add, 1, 2)

    three = Workers(cpu_seconds=20, count=3)
    try:
        assert asyncio.run(scenario(three)) == 3
    finally:
        three.stop()


@pytest.mark.slow  # waits for what does not come
def test_a_worker_that_was_stopped_from_outside_is_given_up_and_another_takes_its_place(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def scenario(workers: Workers) -> list[int]:
        os.kill(await workers.run(os.getpid), signal.SIGSTOP)
        return await asyncio.gather(workers.run(add, 1, 2), workers.run(add, 1, 2))

    monkeypatch.setattr(reading, "START", 5.0)
    stopped = Workers(cpu_seconds=1, count=1, clock_seconds=5)
    try:
        assert asyncio.run(scenario(stopped)) == [3, 3]
        assert stopped.started == 1
    finally:
        stopped.stop()


def test_what_waits_behind_a_call_that_kills_its_worker_is_read_by_the_next_one(
    workers: Workers,
) -> None:
    async def scenario() -> list[object]:
        calls = [workers.run(length_after_crash, LARGE), workers.run(len, LARGE)]
        return list(await asyncio.gather(*calls, return_exceptions=True))

    killed, read = asyncio.run(scenario())
    assert isinstance(killed, WorkerError)
    assert read == len(LARGE)


def test_what_waits_behind_a_call_that_uses_up_its_time_has_its_own(workers: Workers) -> None:
    async def scenario() -> list[object]:
        calls = [workers.run(forever), workers.run(slow)]
        return list(await asyncio.gather(*calls, return_exceptions=True))

    stuck, read = asyncio.run(scenario())
    assert str(stuck) == "reading took longer than 1 s"
    assert isinstance(read, int)


def test_workers_end_at_once_though_calls_are_under_way_and_wait() -> None:
    async def scenario(workers: Workers) -> None:
        hanging = asyncio.create_task(workers.run(asleep))
        waiting = [asyncio.create_task(workers.run(len, LARGE)) for _ in range(3)]
        await asyncio.wait([hanging], timeout=0.5)
        workers.stop()
        for call in (hanging, *waiting):
            call.cancel()

    asyncio.run(scenario(Workers(cpu_seconds=1, count=1)))


def test_what_many_calls_have_in_common_reaches_a_worker_once(workers: Workers) -> None:
    names = sent_once(("OpenAI", "Amazon"))

    async def scenario() -> list[tuple[int, tuple[str, ...]]]:
        return [await workers.run(identity_of, names) for _ in range(3)]

    told = asyncio.run(scenario())
    assert {value for _, value in told} == {("OpenAI", "Amazon")}
    assert len({identity for identity, _ in told}) == 1


@pytest.mark.slow
def test_what_is_read_beside_a_worker_that_is_killed_is_not_lost() -> None:
    async def scenario(workers: Workers) -> list[int]:
        hanging = asyncio.create_task(workers.run(deaf))
        read = []
        while not hanging.done():
            read.append(await workers.run(add, 1, 2))
        with pytest.raises(WorkerError):
            await hanging
        return read

    # ten seconds: an addition is back by then on any machine, at its second call at the latest
    two = Workers(cpu_seconds=1, count=2, clock_seconds=10)
    try:
        assert set(asyncio.run(scenario(two))) == {3}
    finally:
        two.stop()


@pytest.mark.parametrize("reader", READERS)
def test_a_reader_can_be_imported_before_everything_else(reader: str) -> None:
    """The server that workers are forked from imports them one by one, and passes over failures."""
    done = subprocess.run([sys.executable, "-c", f"import {reader}"], capture_output=True)
    assert done.returncode == 0, done.stderr


def test_what_workers_are_forked_from_has_read_a_page_and_never_loads_scrapy() -> None:
    """Each worker would load it again: as long as ten pages take."""
    script = (
        "import importlib, sys\n"
        "from crawler.workers import READERS\n"
        "for name in READERS: importlib.import_module(name)\n"
        "assert sys.modules['crawler.rehearsal'].rehearse() > 0\n"
        "assert 'scrapy' not in sys.modules\n"
        "assert 'twisted.internet.reactor' not in sys.modules\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_no_process_is_started_before_there_is_work() -> None:
    idle = Workers(cpu_seconds=1)
    assert idle.started == 0
    idle.stop()
