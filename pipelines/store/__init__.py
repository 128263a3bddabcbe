"""The only queries, grouped by noun. One `Store` is one connection of one process.

    with Store.open(path) as store, store.transaction():
        article = store.articles.add(...)
        store.ledger.record(...)

Every write of one article happens in one `transaction()`, opened with BEGIN IMMEDIATE: a deferred
BEGIN that reads before it writes fails with "database is locked" as soon as two processes do it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlite_utils import Database

from pipelines.store.accounts import Accounts
from pipelines.store.articles import Articles
from pipelines.store.checking import Checking
from pipelines.store.fetching import Fetching
from pipelines.store.ledger import Ledger
from pipelines.store.opening import Older, StoreError, connect
from pipelines.store.outbox import Outbox
from pipelines.store.replays import Replays
from pipelines.store.runs import Runs
from pipelines.store.second_readings import SecondReadings
from pipelines.store.sightings import Sightings
from pipelines.store.verdicts import Verdicts

__all__ = ["Store", "StoreError"]


class Store:
    """Articles, ledger, outbox, runs and fetching of one file."""

    def __init__(self, db: Database) -> None:
        self.db = db
        self.accounts = Accounts(db)
        self.articles = Articles(db)
        self.ledger = Ledger(db)
        self.outbox = Outbox(db)
        self.replays = Replays(db)
        self.runs = Runs(db)
        self.second_readings = SecondReadings(db)
        self.sightings = Sightings(db)
        self.verdicts = Verdicts(db)
        self.checking = Checking(db)
        self.fetching = Fetching(db.conn)

    @classmethod
    def open(
        cls,
        path: Path | str,
        *,
        create: bool = False,
        read_only: bool = False,
        at_rest: bool = False,
        older: Older = "refuse",
    ) -> Store:
        """The store in `path`, of the newest schema; raises `StoreError`."""
        return cls(connect(path, create=create, read_only=read_only, at_rest=at_rest, older=older))

    def close(self) -> None:
        self.db.close()

    def __enter__(self) -> Store:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing; nested ones belong to the outermost."""
        if self.db.conn.in_transaction:
            yield
            return
        self.db.conn.execute("BEGIN IMMEDIATE")
        try:
            yield
            self.db.conn.execute("COMMIT")
        except BaseException:
            if self.db.conn.in_transaction:  # a full disk has rolled back already
                self.db.conn.execute("ROLLBACK")
            raise
