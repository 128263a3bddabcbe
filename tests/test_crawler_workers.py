"""Workers that run foreign bytes: each can be killed, and the next call finds a new one."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Iterator

import pytest

from crawler.handoff import WorkerError, Workers


@pytest.fixture
def workers() -> Iterator[Workers]:
    pool = Workers(timeout_seconds=1, count=1)
    yield pool
    pool.stop()


def forever() -> None:
    while True:
        time.sleep(0.01)


def crash() -> None:
    os.abort()


def eat() -> int:
    return len(bytearray(8 * 1024**3))


def nest(depth: int = 0) -> int:
    return nest(depth + 1)


def add(one: int, other: int) -> int:
    return one + other


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


def test_no_process_is_started_before_there_is_work() -> None:
    idle = Workers(timeout_seconds=1)
    assert idle._pool is None
    idle.stop()
