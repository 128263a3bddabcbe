"""Child processes of the daemon: each has a time limit, and none outlives the daemon's end.

A child is the leader of its own session, so that its workers are ended with it.
"""

from __future__ import annotations

import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import IO

#: Seconds between "please end" and the end: together with the rest less than ten.
GRACE = 6.0
#: Seconds that the last lines of a child are waited for: a worker may hold its pipe open.
LAST_WORDS = 1.0

#: Called for each line that a child writes to standard error: (job, pid, line).
Said = Callable[[str, int, str], None]


class Children:
    """Runs commands and ends them, from several threads."""

    def __init__(self, said: Said, grace: float = GRACE, last_words: float = LAST_WORDS) -> None:
        self._said = said
        self._grace = grace
        self._last_words = last_words
        self._lock = threading.Lock()
        self._living: set[subprocess.Popen[str]] = set()
        self._stopping = False

    def run(self, job: str, command: Sequence[str], limit: float) -> int | None:
        """Run a command to its end; its exit code, negative for a signal, None if not started.

        Past `limit` seconds it is told to end, and killed when it does not.
        """
        with self._lock:
            if self._stopping:
                return None
            child = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                text=True,
                errors="replace",
                start_new_session=True,
            )
            self._living.add(child)
        assert child.stderr is not None
        # a daemon thread, which owns the pipe: to close it here would wait for whoever holds it
        reader = threading.Thread(
            target=self._listen, args=(job, child.pid, child.stderr), daemon=True
        )
        reader.start()
        try:
            return self._wait(job, child, limit)
        finally:
            with self._lock:
                self._living.discard(child)
            _signal(child, signal.SIGKILL)  # workers that it left behind
            reader.join(self._last_words)

    def _wait(self, job: str, child: subprocess.Popen[str], limit: float) -> int:
        try:
            return child.wait(limit)
        except subprocess.TimeoutExpired:
            self._said(job, child.pid, f"longer than {limit:g} s: it is ended")
            _signal(child, signal.SIGTERM)
        try:
            return child.wait(self._grace)
        except subprocess.TimeoutExpired:
            _signal(child, signal.SIGKILL)
            return child.wait()

    def _listen(self, job: str, pid: int, pipe: IO[str]) -> None:
        """To the end of the pipe, which a process that left the child's session may put off."""
        with pipe:
            for line in pipe:
                if line.strip():
                    self._said(job, pid, line.rstrip())

    def stop(self) -> None:
        """End all children, and start no more; returns when none is left."""
        with self._lock:
            self._stopping = True
            living = list(self._living)
        for child in living:
            _signal(child, signal.SIGTERM)
        until = time.monotonic() + self._grace
        for child in living:
            with suppress(subprocess.TimeoutExpired):
                child.wait(max(0.0, until - time.monotonic()))
            _signal(child, signal.SIGKILL)
        for child in living:
            child.wait()


def _signal(child: subprocess.Popen[str], number: int) -> None:
    """To the child and its workers; they may be gone."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(child.pid, number)
