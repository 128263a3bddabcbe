"""Rewrite the ledger's file without what was emptied, in little memory, beside senders at work.

VACUUM alone would do, but the SQLite that we ship builds its new file in memory, and holds the
write lock for as long as that takes. So the new file is made beside the old one (VACUUM INTO, which
only reads) and copied back in one transaction. Senders take no lock and may commit in between:
then the copy is old and thrown away, and a new one is made.
"""

from __future__ import annotations

import os
from contextlib import closing
from pathlib import Path
from typing import Any

from pipelines.store.opening import BUSY_TIMEOUT, sqlite3

#: Copies made before VACUUM is let do it alone. A sender commits a few times a minute, and a copy
#: of a gigabyte takes ten seconds.
TRIES = 5
#: Pages written back at a time: fewer than an empty ledger has, so that the look at what others did
#: comes before the last page; and fewer than SQLite caches, so that it comes before any is written.
PAGES = 16
#: Ending of the file beside.
PART = ".part"


class _Changed(Exception):
    """Somebody committed after the copy was made."""


class Rewriter:
    def __init__(self, database: Path) -> None:
        self.database = database

    def rewrite(self) -> bool:
        """Readers see the same rows before, meanwhile and after. False: VACUUM had to do it alone.

        Without a WAL it does at once: then nobody could look while the copy is written back.
        """
        beside = self.database.with_name(f".{self.database.name}.{os.getpid()}{PART}")
        with closing(self._open()) as connection, closing(self._open()) as watch:
            (mode,) = connection.execute("PRAGMA journal_mode").fetchone()
            for _ in range(TRIES if mode == "wal" else 0):
                seen = _state(watch)
                try:
                    beside.unlink(missing_ok=True)
                    self.copy_beside(beside)
                    self._copy_back(beside, connection, watch, seen)
                    return True
                except _Changed:
                    continue
                finally:
                    beside.unlink(missing_ok=True)
            connection.execute("VACUUM")
            return False

    def copy_beside(self, beside: Path) -> None:
        with closing(self._open()) as connection:
            connection.execute("VACUUM INTO ?", (str(beside),))

    def _copy_back(self, beside: Path, connection: Any, watch: Any, seen: int) -> None:
        """One transaction; the first step of the backup takes the write lock for all of it."""

        locked = False

        def unchanged(_status: int, _remaining: int, pages: int) -> None:
            nonlocal locked
            # no page yet: the lock is still waited for. Later our own writing restarts the WAL,
            # which the watch would take for a change
            if pages and not locked:
                locked = True
                if _state(watch) != seen:
                    raise _Changed

        with closing(sqlite3.connect(str(beside))) as origin:
            origin.backup(connection, pages=PAGES, progress=unchanged)

    def _open(self) -> Any:
        connection = sqlite3.connect(str(self.database), isolation_level=None)
        connection.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT}")
        connection.execute("PRAGMA secure_delete = ON")
        return connection


def _state(watch: Any) -> int:
    """Another number once another connection has committed."""
    version: int = watch.execute("PRAGMA data_version").fetchone()[0]
    return version
