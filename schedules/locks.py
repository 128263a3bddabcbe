"""One crawl at a time: a lock file that the kernel frees when its process dies, however it dies."""

from __future__ import annotations

import fcntl
import os
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType

from schedules.session import Refused

#: Exit code of a run that finds the lock taken (sysexits: temporary failure).
LOCKED = 75


class Lock:
    """An exclusive lock on `path`; refuses with exit code 75, the owner's pid and its start."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.descriptor = -1

    def __enter__(self) -> Lock:
        try:
            # never removed: a lock file that is unlinked can be held twice
            self.descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        except OSError as error:
            raise Refused(f"{self.path}: {error.strerror or error}") from None
        try:
            fcntl.flock(self.descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            owner = os.pread(self.descriptor, 200, 0).decode("utf-8", "replace").strip()
            os.close(self.descriptor)
            raise Refused(f"another run holds {self.path}: {owner or 'unknown'}", LOCKED) from None
        started = datetime.now(UTC).isoformat(timespec="seconds")
        os.ftruncate(self.descriptor, 0)
        os.pwrite(self.descriptor, f"pid {os.getpid()}, since {started}\n".encode(), 0)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        os.close(self.descriptor)
