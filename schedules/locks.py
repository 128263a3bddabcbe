"""The locks of the store as a command takes them: one that is taken refuses with exit code 75.

Which command takes which stands in `pipelines/store/locks.py`.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path

from pipelines.store import StoreError
from pipelines.store.locks import FileLock, LockError, Taken, crawl_lock, second_lock, write_lock
from pipelines.store.opening import check_folder
from schedules.session import LOCKED, Refused


@contextmanager
def _taking(database: Path, *locks: FileLock) -> Iterator[None]:
    with ExitStack() as stack:
        try:
            check_folder(database)
            for lock in locks:
                stack.enter_context(lock)
        except Taken as taken:
            raise Refused(str(taken), LOCKED) from None
        except (LockError, StoreError) as error:
            raise Refused(str(error)) from None
        yield


def crawling(database: Path) -> AbstractContextManager[None]:
    """One crawl at a time, and nobody rewrites the file meanwhile."""
    return _taking(
        database,
        FileLock(crawl_lock(database), "crawl"),
        FileLock(write_lock(database), "crawl", shared=True),
    )


def writing(database: Path, command: str) -> AbstractContextManager[None]:
    """Beside other writers, but not while somebody rewrites the file."""
    return _taking(database, FileLock(write_lock(database), command, shared=True))


def asking(database: Path) -> AbstractContextManager[None]:
    """One round of questions to the second reader at a time."""
    return _taking(database, FileLock(second_lock(database), "review second"))


def alone(database: Path, command: str) -> AbstractContextManager[None]:
    """No other writer: what changes rows all over the file."""
    return _taking(database, FileLock(write_lock(database), command))
