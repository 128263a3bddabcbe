"""Drain the outbox: each channel on its own, so that one that fails holds up no other.

deliver(open_store, config, clock)         every channel, once
with Alongside(...):                       and meanwhile, as soon as a row is committed
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime
from types import TracebackType
from zoneinfo import ZoneInfo

from pipelines.alert import Context
from pipelines.config import Channel, Config
from pipelines.delivery.draining import Drain, Outcome
from pipelines.delivery.fading import notice_quiet
from pipelines.records import Outlet
from pipelines.store import Store

__all__ = ["Alongside", "Outcome", "context_of", "deliver"]

#: How often a crawl looks whether something is to be sent, seconds.
EVERY = 1.0


def context_of(channel: Channel, config: Config, outlets: Iterable[Outlet]) -> Context:
    """For whom the messages of a channel are made."""
    return Context(
        channel=channel.name,
        language=channel.language,
        zone=ZoneInfo(config.timezone),
        outlets={outlet.id: outlet.name for outlet in outlets},
        reading_room=config.reading_room,
    )


def deliver(
    open_store: Callable[[], Store],
    config: Config,
    clock: Callable[[], datetime],
    outlets: Iterable[Outlet] = (),
) -> tuple[Outcome, ...]:
    """Send what is due on every channel; each has its own connection to the ledger."""
    known = tuple(outlets)

    def drain(channel: Channel) -> Outcome:
        with open_store() as store:
            return Drain(store, channel, context_of(channel, config, known), clock).run()

    with open_store() as store:
        notice_quiet(store, config, clock())
    if len(config.channels) == 1:
        return (drain(config.channels[0]),)
    with ThreadPoolExecutor(max_workers=max(len(config.channels), 1)) as pool:
        # a bug in one channel is raised, after the others have had their turn
        return tuple(pool.map(drain, config.channels))


class Alongside:
    """Delivers in a thread while a crawl runs, and once more when it has ended.

    Never held up by the crawl's pace or lock: it sees a row as soon as it is committed.
    """

    def __init__(
        self,
        open_store: Callable[[], Store],
        config: Config,
        clock: Callable[[], datetime],
        outlets: Iterable[Outlet] = (),
        log: Callable[[str], None] = lambda _: None,
    ) -> None:
        self._open_store = open_store
        self._config = config
        self._clock = clock
        self._outlets = tuple(outlets)
        self._log = log
        self._stop = threading.Event()
        self._pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="deliver")
        self._loop: Future[None] | None = None
        self.sent = 0
        self.failed = 0

    def __enter__(self) -> Alongside:
        self._loop = self._pool.submit(self._keep_delivering)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stop.set()
        self._pool.shutdown()
        if error is None and self._loop is not None:
            self._loop.result()  # raises what went wrong there
            self._once()

    def _keep_delivering(self) -> None:
        while not self._stop.wait(EVERY):
            self._once()

    def _once(self) -> None:
        for one in deliver(self._open_store, self._config, self._clock, self._outlets):
            self.sent += one.sent
            self.failed += one.failed
            for problem in one.problems:
                self._log(problem)
