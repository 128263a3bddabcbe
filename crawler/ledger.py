"""Where the crawler's articles end: the intake of the pipelines, by way of `Sink`."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING

from pipelines import outlets
from pipelines.config import Config
from pipelines.records import Outlet
from pipelines.store import Store

if TYPE_CHECKING:
    from pipelines import intake


class Ledger:
    """Posts on arrival; in a first run keeps what comes, and posts it in order at the end."""

    def __init__(self, config: Config, store: Store) -> None:
        self._config = config
        self._store = store
        self._channels = tuple(channel.name for channel in config.channels)

    def take(
        self, prepared: intake.Prepared, outlet: Outlet, now: datetime, *, first_run: bool
    ) -> None:
        """Inside the transaction that settles the link which led to the article."""
        from pipelines import intake  # loads every step: not for a round of 304s

        if first_run:
            intake.keep(prepared, self._store)
        else:
            route = intake.Route(self._channels)
            intake.take(prepared, self._store, outlet=outlet, now=now, route=route, live=True)

    def finish(self, now: datetime) -> Iterator[None]:
        """Post what was kept, this time or by a run that was killed, a step each."""
        if not self._store.articles.kept():
            return
        from pipelines import intake

        # the rows may be of outlets that this crawl was not asked for
        catalogue = outlets.load(self._config.catalogue)
        route = intake.Route(self._channels, "first-run")
        for _ in intake.post_prepared(self._store, catalogue, now, route):
            yield
