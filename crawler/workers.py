"""Processes that read foreign bytes, each of which can be killed without harm to the others.

A worker has a pool of its own and runs one call at a time, so that its end is the end of exactly
that call. In one pool for all, the channel is locked for up to three seconds while a worker that
does not listen is killed; the time of what its neighbours read meanwhile ran out (seen in
`tests/test_crawler_workers.py`).

A second call waits in the worker's channel, so that the worker need not wait for the reactor. Its
time begins when it does, and when the worker is killed the next one takes it up.

Reading time is the worker's own CPU time: a busy machine makes no page unreadable.
"""

from __future__ import annotations

import asyncio
import importlib
import math
import multiprocessing
import os
import pickle
import resource
import signal
import time
from collections.abc import Callable
from concurrent.futures import TimeoutError as FutureTimeoutError
from concurrent.futures.process import BrokenProcessPool
from functools import lru_cache
from multiprocessing import forkserver
from threading import Thread
from typing import ParamSpec, TypeVar, cast

from pebble import ProcessExpired, ProcessPool

P = ParamSpec("P")
T = TypeVar("T")

#: Most workers, whatever the machine: beyond them the ledger's single writer is the limit.
MOST_WORKERS = 4

#: Address space of a worker, in bytes. Reading 5 MiB of HTML takes some 300 MiB of it.
WORKER_MEMORY = 1536 * 1024 * 1024

#: Pages after which a worker is replaced: keeps what libraries leak small.
WORKER_TASKS = 500

#: A call may take so many times its CPU time by the clock: starting its worker, waiting for a
#: processor and a machine that was asleep are no fault of what is read.
PATIENCE = 6

#: Seconds that a worker may take to be there: what it is forked from imports the readers first.
START = 60.0

#: A call that is not back after that and so many times its clock time is lost: the call before it,
#: its own and the end of a worker that does not listen fit into it.
LOST = 3

#: Seconds between two looks at the pool of a call that is not back.
LOOK = 1.0

#: A call that the clock ended, or that never reached its worker, is made once more: it did not use
#: up its CPU time, so that something else was in its way.
CALLS = 2

#: Calls of a worker: the one that it runs, and the one after it.
AHEAD = 2

#: Module of what calls give back, which a round of 304s never loads.
GIVEN_BACK = "pipelines.intake"

#: Modules that reading needs; the last one reads a first page, so that no worker has to.
READERS = (
    GIVEN_BACK,
    "pipelines.claims",
    "pipelines.article",
    "crawler.feeds",
    "crawler.sitemaps",
    "courlan",
    "tldextract",
    "crawler.rehearsal",
)


class WorkerError(Exception):
    """A worker could not read what it was given; the text says why."""


class _Sent:
    """What `sent_once` was given; it arrives as that."""

    def __init__(self, value: object) -> None:
        self._pickled = pickle.dumps(value)

    def __reduce__(self) -> tuple[Callable[[bytes], object], tuple[bytes]]:
        return _received, (self._pickled,)


@lru_cache(maxsize=4)  # values that calls have in common
def _received(pickled: bytes) -> object:
    # our own watches, pickled above and come by pebble's pipe, which pickles every argument: no
    # foreign byte is ever among them, pages are bytes inside records
    return pickle.loads(pickled)  # noqa: S301


def sent_once(value: T) -> T:
    """`value` as an argument of many calls: pickled once, and unpickled once in each worker.

    The watches took a tenth of the time of each page, there and back.
    """
    return cast(T, _Sent(value))


class Workers:
    """Processes that are started when first needed: a round of 304s never pays for them."""

    def __init__(
        self, cpu_seconds: int, count: int | None = None, clock_seconds: float | None = None
    ) -> None:
        self._cpu_seconds = cpu_seconds
        self._clock_seconds = clock_seconds or cpu_seconds * PATIENCE
        self.count = count or max(1, min(MOST_WORKERS, os.cpu_count() or 1))
        self._turn = asyncio.Semaphore(self.count * AHEAD)
        self._calls: dict[ProcessPool, int] = {}  # under way in each
        self._stopped = False

    @property
    def started(self) -> int:
        """How many workers there are."""
        return len(self._calls)

    async def run(self, function: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """Call a function in a worker; raises `WorkerError`."""
        async with self._turn:
            for _ in range(CALLS):
                pool = self._least_busy()
                self._calls[pool] += 1
                try:
                    result: T = await self._called(pool, function, args, kwargs)
                except (TimeoutError, FutureTimeoutError, BrokenProcessPool):
                    continue
                except ProcessExpired as error:
                    raise WorkerError(self._why(error.exitcode)) from error
                except MemoryError as error:
                    raise WorkerError("reading took too much memory") from error
                except RecursionError as error:
                    raise WorkerError("nested too deeply") from error
                finally:
                    self._give_back(pool)
                return result
        raise WorkerError(f"reading took longer than {self._clock_seconds:g} s, twice")

    async def _called(
        self,
        pool: ProcessPool,
        function: Callable[..., T],
        args: tuple[object, ...],
        kwargs: dict[str, object],
    ) -> T:
        try:
            future = pool.schedule(
                _limited,
                args=(self._cpu_seconds, function, *args),
                kwargs=kwargs,
                timeout=self._clock_seconds,
            )
        except RuntimeError as error:  # its worker was killed while it had nothing to do
            raise BrokenProcessPool(str(error)) from error
        return await self._back(pool, asyncio.wrap_future(future))

    async def _back(self, pool: ProcessPool, call: asyncio.Future[T]) -> T:
        """What a call gives; raises `TimeoutError` when nothing will ever come back.

        The clock of a call begins when its worker takes it up. One whose worker was stopped, or
        killed from outside at the moment at which it was sent, has none.
        """
        until = time.monotonic() + START + LOST * self._clock_seconds
        try:
            while not (await asyncio.wait((call,), timeout=LOOK))[0]:
                if not self._stopped and (not pool.active or time.monotonic() > until):
                    self._give_up(pool)
                    raise TimeoutError
        finally:
            call.cancel()  # unless it is back: nobody waits for it any more
        return call.result()

    def _give_up(self, pool: ProcessPool) -> None:
        """It takes no more calls, and ends on its own time; whatever else waits there is lost."""
        if self._calls.pop(pool, None) is not None:
            pool.stop()  # type: ignore[no-untyped-call]  # pebble leaves it without types
            Thread(target=_join, args=([pool],), daemon=True).start()

    def _give_back(self, pool: ProcessPool) -> None:
        """A pool whose worker somebody else killed takes no more calls: another takes its place."""
        if pool in self._calls:
            self._calls[pool] -= 1
            if not pool.active:
                del self._calls[pool]

    def _least_busy(self) -> ProcessPool:
        """The worker that will be free first; a new one rather than one that has a call."""
        for dead in [pool for pool in self._calls if not pool.active]:  # killed from outside
            del self._calls[dead]
        pool = min(self._calls, key=self._calls.__getitem__, default=None)
        if pool is None or (self._calls[pool] and len(self._calls) < self.count):
            return self._start()
        return pool

    def _why(self, exitcode: int) -> str:
        if exitcode == -signal.SIGXCPU:
            return f"reading took longer than {self._cpu_seconds} s"
        return f"reading killed its worker (exit {exitcode})"

    def _start(self) -> ProcessPool:
        if not self._calls:
            # the reactor's own side is loaded beside the reactor, not in one of its turns
            Thread(target=importlib.import_module, args=(GIVEN_BACK,), daemon=True).start()
        start_server()
        pool = ProcessPool(
            max_workers=1,
            max_tasks=WORKER_TASKS,
            initializer=_limit_memory,
            initargs=(WORKER_MEMORY,),
            context=multiprocessing.get_context("forkserver"),
        )
        self._calls[pool] = 0
        return pool

    def warm_up(self) -> None:
        """Start all now, where work is sure to come: they import while we wait for answers."""
        while len(self._calls) < self.count:
            self._start().schedule(_nothing)

    def stop(self) -> None:
        """End all workers at once; nothing of them is waited for."""
        self.stopping().join()

    def stopping(self) -> Thread:
        """The same in a thread: a tenth of a second, in which what was read can be posted."""
        self._stopped = True
        pools = list(self._calls)
        self._calls.clear()
        for pool in pools:
            pool.stop()  # type: ignore[no-untyped-call]  # pebble leaves it without types
        ending = Thread(target=_join, args=(pools,))
        ending.start()
        return ending


def start_server() -> None:
    """Start what workers are forked from, and do not wait for it: it imports beside us.

    A small process that has imported the readers once: no reactor, no database and no thread is
    copied into a worker, and a new one is there at once.
    """
    forkserver.set_forkserver_preload(list(READERS))
    forkserver.ensure_running()


def _join(pools: list[ProcessPool]) -> None:
    for pool in pools:
        pool.join()


def _nothing() -> None:
    """In a worker: the first task, which makes the pool fork."""


def _limit_memory(limit: int) -> None:
    """In a worker: an allocation beyond the limit fails instead of taking the machine down."""
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _limited(cpu_seconds: int, function: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
    """In a worker: the kernel ends it once the call has used up its CPU time."""
    used = math.ceil(time.process_time())
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (used + cpu_seconds, hard))
    return function(*args, **kwargs)
