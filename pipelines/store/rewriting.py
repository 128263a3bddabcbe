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
#: Pages written back at a time: fewer than an empty ledger has, so that the first look at what
#: others did comes before the last page.
PAGES = 16
#: Ending of the file beside.
PART = ".part"


class _Changed(Exception):
    """Somebody committed after the copy was made."""


class Rewriter:
    def __init__(self, database: Path) -> None:
        self.database = database

    def rewrite(self) -> None:
        """Readers see the same rows before, meanwhile and after."""
        beside = self.database.with_name(f".{self.database.name}.{os.getpid()}{PART}")
        with closing(self._open()) as connection, closing(self._open()) as watch:
            for _ in range(TRIES):
                seen = _state(watch)
                try:
                    beside.unlink(missing_ok=True)
                    self.copy_beside(beside)
                    self._copy_back(beside, connection, watch, seen)
                    return
                except _Changed:
                    continue
                finally:
                    beside.unlink(missing_ok=True)
            connection.execute("VACUUM")

    def copy_beside(self, beside: Path) -> None:
        with closing(self._open()) as connection:
            connection.execute("VACUUM INTO ?", (str(beside),))

    def _copy_back(self, beside: Path, connection: Any, watch: Any, seen: int) -> None:
        """One transaction; the first step of the backup takes the write lock for all of it."""

        def unchanged(*_: object) -> None:
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
