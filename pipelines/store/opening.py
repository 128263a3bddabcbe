"""Open the ledger's file: the right SQLite, the right settings, a clear error otherwise."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, Literal

from sqlite_utils import Database
from sqlite_utils.utils import sqlite3 as sqlite3  # type: ignore[attr-defined]  # pysqlite3 where it has a wheel

from pipelines.schema import APPLICATION_ID, VERSION, SchemaError, migrate

#: How long a statement waits for another writer, milliseconds. A transaction here takes some
#: ten; the longest, thirty-two articles of a first run, less than a hundred.
BUSY_TIMEOUT = 30_000
#: Pages of the file that a writer holds in memory, KiB, at most. With the 2 MB that SQLite gives
#: itself a first run wrote pages of the index of copies out and read them again in one transaction.
CACHE = 16_000
#: Pages of 4 KiB in the write-ahead log before they are taken over into the file: each time waits
#: for the disk twice, 52 times in a first run of 480 articles with the 1,000 of SQLite.
LOGGED = 4_000
#: First SQLite without the WAL-reset corruption bug; older ones get a rollback journal.
SAFE_WAL = (3, 51, 3)


class StoreError(Exception):
    """The database cannot be used; the message says which file, why, and what to do."""


class BusyError(StoreError):
    """Somebody else writes for too long: the same command may go through later."""


class OlderError(StoreError):
    """The ledger waits for a migration, which may be at work already."""


#: What is done with a file of an older schema: refuse it, bring it to the newest, or leave it.
Older = Literal["refuse", "migrate", "leave"]


def connect(
    path: Path | str,
    *,
    create: bool,
    read_only: bool = False,
    at_rest: bool = False,
    older: Older = "refuse",
) -> Database:
    """A connection in autocommit mode to a migrated file; ":memory:" for tests and dry runs.

    `create` makes a missing file. `read_only` neither migrates nor writes. `at_rest`: read only,
    and nobody else writes meanwhile: then a file in a folder that cannot be written is read too.
    """
    name = str(path)
    if name != ":memory:":
        _check_place(Path(path), create)
    try:
        if read_only:
            how = "?mode=ro" + ("&immutable=1" if at_rest and _is_sealed(Path(path)) else "")
            connection = sqlite3.connect(
                f"{Path(path).absolute().as_uri()}{how}", uri=True, isolation_level=None
            )
        else:
            connection = sqlite3.connect(name, isolation_level=None)
        _set_up(connection, read_only)
        if not read_only and older != "leave":
            if older == "refuse":
                _refuse_older(connection, name)
            migrate(connection)
    except SchemaError as error:
        kept = kept_before_upgrade(Path(name))
        hint = f" (veille restore {kept[-1]})" if kept else ""
        raise StoreError(f"{name}: {error}{hint}") from None
    except sqlite3.DatabaseError as error:
        raise store_error(name, error) from error
    return Database(connection)


def _is_sealed(path: Path) -> bool:
    """SQLite can put no -wal and -shm beside the file, which it needs in WAL mode, and none is
    there: the file says it all."""
    wal, shm = (path.with_name(path.name + ending) for ending in ("-wal", "-shm"))
    if os.access(path.absolute().parent, os.W_OK) or shm.exists():
        return False
    if wal.exists() and wal.stat().st_size:
        raise StoreError(
            f"{path}: its last changes stand in {wal.name}, which can be read only in a folder "
            "that can be written; copy both there, or take a copy with `veille backup`"
        )
    return True


def _refuse_older(connection: Any, name: str) -> None:
    """A migration is asked for: it takes a backup first, and nobody else may write meanwhile."""
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    (application,) = connection.execute("PRAGMA application_id").fetchone()
    if application == APPLICATION_ID and 0 < version < VERSION:
        raise OlderError(
            f"{name}: it has schema {version}, this veille needs {VERSION}; `veille migrate` "
            "(part of `make upgrade`) brings it there, after a backup"
        )


def before_upgrade(database: Path, version: int) -> Path:
    """Name of the backup that a migration from `version` makes; it is never deleted by itself."""
    return database.with_name(f"{database.stem}-before-schema-{version + 1:03}.db")


def kept_before_upgrade(database: Path) -> list[Path]:
    """Backups made before migrations, oldest schema first."""
    return sorted(database.parent.glob(f"{database.stem}-before-schema-*.db"))


def check_folder(path: Path) -> None:
    """Raises StoreError when no file could stand at `path`."""
    if path.is_dir():
        raise StoreError(f"{path}: it is a folder; name a file with --db")
    if not path.absolute().parent.is_dir():
        raise StoreError(f"{path}: its folder does not exist; create it first")


def _check_place(path: Path, create: bool) -> None:
    check_folder(path)
    if not path.exists() and not create:
        raise StoreError(
            f"{path}: no such database yet; `veille crawl` or `veille import` makes it"
        )


def _set_up(connection: Any, read_only: bool) -> None:
    connection.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT}")
    connection.execute("PRAGMA foreign_keys = ON")
    if read_only:
        return
    safe = sqlite3.sqlite_version_info >= SAFE_WAL
    # a file in use by another connection keeps its mode; asking costs nothing when it is set
    connection.execute(f"PRAGMA journal_mode = {'WAL' if safe else 'TRUNCATE'}")
    connection.execute("PRAGMA synchronous = NORMAL")
    connection.execute(f"PRAGMA cache_size = -{CACHE}")
    connection.execute(f"PRAGMA wal_autocheckpoint = {LOGGED}")
    # `forget` must leave no byte behind
    connection.execute("PRAGMA secure_delete = ON")


#: What SQLite says when somebody else writes.
BUSY = ("locked", "busy")
#: What SQLite says of troubles of the file or the disk, in lower case. Anything else is a bug.
TROUBLES = (
    *("full", "disk i/o", "malformed", "not a database", "readonly", "unable to open"),
    *BUSY,
)


def is_of_the_file(error: BaseException) -> bool:
    """Whether an error is one of the file or the disk, which the user can mend."""
    text = str(error).lower()
    return isinstance(error, sqlite3.DatabaseError) and any(word in text for word in TROUBLES)


def store_error(name: str, error: Exception) -> StoreError:
    """An error of SQLite as the user is told it."""
    kind = BusyError if is_busy(error) else StoreError
    return kind(told(name, error))


def is_busy(error: BaseException) -> bool:
    return any(word in str(error) for word in BUSY)


def told(name: str, error: Exception) -> str:
    """What an error of SQLite means for the user, with the file and what to do."""
    text = str(error)
    if "not a database" in text:
        return f"{name}: it is no SQLite file; name another file with --db"
    if "malformed" in text:
        return f"{name}: the file is damaged ({text}); restore a backup with `veille restore`"
    if "readonly" in text or "unable to open" in text:
        return f"{name}: cannot be written ({text}); check the rights of the file and its folder"
    if "full" in text:
        return f"{name}: the disk is full; free some space and run again, nothing was lost"
    if "disk i/o" in text.lower():
        return (
            f"{name}: the disk failed, or a limit on the size of files was reached ({text}); "
            "run again when that is mended, nothing was lost"
        )
    if is_busy(error):
        return (
            f"{name}: another process holds it for longer than {BUSY_TIMEOUT // 1000} s; "
            "run again when that has ended, nothing was lost"
        )
    return f"{name}: {text}"


def insert(db: Database, table: str, row: dict[str, Any]) -> int:
    """Insert one row; returns its id."""
    # not by sqlite-utils: it looks the schema up, twenty times the cost of the row
    columns, places = ", ".join(f'"{name}"' for name in row), ", ".join("?" * len(row))
    statement = f"INSERT INTO {table} ({columns}) VALUES ({places})"
    identity = db.conn.execute(statement, tuple(row.values())).lastrowid
    assert isinstance(identity, int)  # every table here has an INTEGER PRIMARY KEY
    return identity
