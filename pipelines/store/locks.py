"""Who may write: lock files beside the ledger, freed by the kernel however their owner dies.

                 crawl, scrapy crawl   import, prune's rows   migrate, replay --apply, forget,
                                                              prune, restore
    crawl.lock   exclusive             -                      -
    write.lock   shared                shared                 exclusive

`deliver` (row leases), `review`, `backup` and `browse` take none of them, and readers are never
locked out: SQLite itself parts readers from one writer. `review second` holds `second.lock`, so
that no question is asked twice.
"""

from __future__ import annotations

import errno
import fcntl
import os
import weakref
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType

#: A lock file is read to here: more owners than anybody starts at once.
OWNERS_READ = 65_536


class Taken(Exception):
    """Somebody else holds the lock; the text names the file, the owner's pid and its start."""


class LockError(Exception):
    """The lock file cannot be opened; the text says which and why."""


def crawl_lock(database: Path) -> Path:
    return database.with_suffix(".crawl.lock")


def second_lock(database: Path) -> Path:
    return database.with_suffix(".second.lock")


def write_lock(database: Path) -> Path:
    return database.with_suffix(".write.lock")


class FileLock:
    """A lock on `path` that is never waited for. The owner's pid and start stand in the file."""

    def __init__(self, path: Path, command: str, *, shared: bool = False) -> None:
        self.path = path
        self.command = command
        self.shared = shared
        self.descriptor = -1

    def __enter__(self) -> FileLock:
        try:
            # never removed: a lock file that is unlinked can be held twice
            flags = os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC
            self.descriptor = os.open(self.path, flags, 0o644)
        except OSError as error:
            raise LockError(f"{self.path}: {error.strerror or error}") from None
        try:
            kind = fcntl.LOCK_SH if self.shared else fcntl.LOCK_EX
            fcntl.flock(self.descriptor, kind | fcntl.LOCK_NB)
        except BlockingIOError:
            owner = self._owner()
            self._close()
            raise Taken(f"another run holds {self.path}: {owner}") from None
        _held.add(self)
        self._sign()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        _held.discard(self)
        self._close()

    def _sign(self) -> None:
        """One line an owner. Only the sole owner may wipe the lines of those before it."""
        started = datetime.now(UTC).isoformat(timespec="seconds")
        try:
            if not self.shared:
                os.ftruncate(self.descriptor, 0)
            line = f"pid {os.getpid()} ({self.command}), since {started}\n"
            os.write(self.descriptor, line.encode())
        except OSError as error:
            # a lock without a name still locks; on a full disk the work itself says so
            if error.errno not in (errno.ENOSPC, errno.EDQUOT):
                raise

    def _owner(self) -> str:
        """The newest line of a process that lives."""
        size = os.fstat(self.descriptor).st_size
        start = max(0, size - OWNERS_READ)
        lines = os.pread(self.descriptor, OWNERS_READ, start).decode("utf-8", "replace")
        return next(
            (line for line in reversed(lines.splitlines()) if _lives(line)),
            "it did not say who it is",
        )

    def _close(self) -> None:
        if self.descriptor >= 0:
            os.close(self.descriptor)
        self.descriptor = -1


def _lives(line: str) -> bool:
    words = line.split(" ", 2)
    if len(words) < 3 or words[0] != "pid" or not words[1].isdigit():
        return False
    try:
        os.kill(int(words[1]), 0)
    except ProcessLookupError:
        return False
    except PermissionError:  # it lives, and belongs to somebody else
        return True
    return True


# A worker that is forked while a lock is held has it too, and would keep it when its parent is
# killed: it lets go at once. The parent's own descriptor holds on.
_held: weakref.WeakSet[FileLock] = weakref.WeakSet()


def _let_go() -> None:
    for lock in list(_held):
        lock._close()


os.register_at_fork(after_in_child=_let_go)


def held_alone(path: Path) -> str | None:
    """Who holds the lock alone, in words; None when nobody does."""
    try:
        with FileLock(path, "a look", shared=True):
            return None
    except Taken as taken:
        return str(taken)


def is_held_by_parent(path: Path) -> bool:
    """Whether the process that started this one holds the lock alone: then it is ours to use."""
    return f"pid {os.getppid()} (" in (held_alone(path) or "")
