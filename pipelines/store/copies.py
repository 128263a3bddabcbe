"""Backups of the ledger's file and the way back, both while others read it.

A copy is the same as its original, table by table: neither command writes a row into the file.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pipelines import schema
from pipelines.store.opening import (
    BUSY_TIMEOUT,
    StoreError,
    kept_before_upgrade,
    sqlite3,
    told,
)
from pipelines.store.rewriting import PART

#: Time in the names of backups: sorts as text, allowed on every file system.
STAMP = "%Y%m%dT%H%M%SZ"
_STAMPED = re.compile(r"-\d{8}T\d{6}Z\.db$")


def backup(database: Path, target: Path) -> None:
    """A sound copy of the ledger at `target`, in place of what stands there; all or nothing.

    Takes no lock: the copy is what one reader sees at one moment. Raises StoreError.
    """
    if target.absolute() == database.absolute():
        raise StoreError(f"{target}: it is the ledger itself; name another file")
    part = target.with_name(f".{target.name}.{os.getpid()}{PART}")
    try:
        part.unlink(missing_ok=True)
        with _open(database) as connection:
            connection.execute("VACUUM INTO ?", (str(part),))
        mode = database.stat().st_mode & 0o777
        part.chmod(mode)  # a ledger that only its owner may read has such backups
        _check(part)
        with part.open("rb") as file:
            os.fsync(file.fileno())
        part.replace(target)
        _keep_name(target.absolute().parent)
    except OSError as error:
        raise StoreError(f"{target}: {error.strerror or error}") from None
    except sqlite3.DatabaseError as error:
        raise StoreError(told(str(target), error)) from error
    finally:
        part.unlink(missing_ok=True)


def restore(source: Path, database: Path) -> Path | None:
    """Make the ledger what `source` is. Where a damaged ledger was moved to, None if it was sound.

    A sound ledger is overwritten in one transaction, so that readers see the old state or the new
    one; a damaged one is moved aside. Raises StoreError, and then the ledger is as it was.
    """
    if source.absolute() == database.absolute():
        raise StoreError(f"{source}: it is the ledger itself; name a backup")
    try:
        _check(source)
        aside = None
        if database.exists() and not is_sound(database):
            aside = _move_aside(database)
        with _open(source) as origin, closing(sqlite3.connect(str(database))) as connection:
            connection.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT}")
            origin.backup(connection)
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        _check(database)
    except OSError as error:
        raise StoreError(f"{database}: {error.strerror or error}") from None
    except sqlite3.DatabaseError as error:
        raise StoreError(told(str(database), error)) from error
    return aside


def stamped(database: Path, folder: Path, now: datetime) -> Path:
    """Name of a backup of this moment in `folder`."""
    return folder / f"{database.stem}-{now.astimezone(UTC).strftime(STAMP)}.db"


def stamped_in(database: Path, folder: Path) -> list[Path]:
    """Backups of the ledger in `folder`, oldest first; other files are none of ours."""
    found = folder.glob(f"{database.stem}-*.db")
    start = len(database.stem)
    return sorted(path for path in found if _STAMPED.fullmatch(path.name, start))


def cap(database: Path, folder: Path, most: int) -> int:
    """Delete the oldest backups beyond `most`; how many."""
    surplus = stamped_in(database, folder)[:-most]
    for path in surplus:
        path.unlink(missing_ok=True)
    return len(surplus)


def made_by_us(database: Path, folder: Path) -> list[Path]:
    """Every copy of the ledger that a command made by itself: they hold what the ledger held."""
    beside = (*stamped_in(database, database.parent), *kept_before_upgrade(database))
    upgrade = before_make_upgrade(database)
    found = [*stamped_in(database, folder), *beside, *([upgrade] if upgrade.exists() else [])]
    return list(dict.fromkeys(path.absolute() for path in found))


def before_make_upgrade(database: Path) -> Path:
    """Name of the backup that `make upgrade` makes."""
    return database.with_name(f"{database.stem}-before-upgrade.db")


def leftovers(database: Path, folder: Path) -> list[Path]:
    """Unfinished copies whose process is gone: it was killed, and nobody else would delete them."""
    found = {
        *database.parent.glob(f".{database.stem}*{PART}"),
        *folder.glob(f".{database.stem}*{PART}"),
    }
    return sorted(path for path in found if not _is_at_work(path))


def _is_at_work(part: Path) -> bool:
    number = part.name.removesuffix(PART).rpartition(".")[2]
    try:
        os.kill(int(number), 0)
    except (ProcessLookupError, OverflowError):
        return False
    except (PermissionError, ValueError):  # of somebody else; no part of ours
        return True
    return True


@contextmanager
def _open(path: Path) -> Iterator[Any]:
    """Read only; a file that is not there is an error and is not made."""
    if not path.exists():
        raise StoreError(f"{path}: there is no such file")
    uri = f"{path.absolute().as_uri()}?mode=ro"
    with closing(sqlite3.connect(uri, uri=True, isolation_level=None)) as connection:
        connection.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT}")
        yield connection


def _check(path: Path) -> None:
    """Raises StoreError unless it is a sound ledger that this veille can read."""
    try:
        with _open(path) as connection:
            (application,) = connection.execute("PRAGMA application_id").fetchone()
            (version,) = connection.execute("PRAGMA user_version").fetchone()
            found = [row[0] for row in connection.execute("PRAGMA integrity_check(3)")]
            strangers = connection.execute("PRAGMA foreign_key_check").fetchone()
    except sqlite3.DatabaseError as error:
        raise StoreError(told(str(path), error)) from None
    if application != schema.APPLICATION_ID:
        raise StoreError(f"{path}: it is no ledger of veille")
    if version > schema.VERSION:
        raise StoreError(f"{path}: it was written by a newer veille (schema {version}); upgrade")
    if found != ["ok"] or strangers:
        first = found[0] if found != ["ok"] else "rows that point nowhere"
        raise StoreError(f"{path}: the file is damaged ({first})")


def is_sound(path: Path) -> bool:
    """Whether there is a ledger that can be read."""
    try:
        _check(path)
    except StoreError:
        return False
    return True


def _move_aside(database: Path) -> Path:
    """The damaged file with its WAL, under another name: it may hold what no backup has."""
    now = datetime.now(UTC)
    aside = database.with_name(f"{database.name}.aside-{now.strftime(STAMP)}")
    for ending in ("", "-wal", "-shm"):
        part = database.with_name(database.name + ending)
        if part.exists():
            part.rename(aside.with_name(aside.name + ending))
    return aside


def _keep_name(folder: Path) -> None:
    """A rename is on disk once its folder is."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
