"""A daemon of its own for a test: started on a configuration, its log read line by line."""

from __future__ import annotations

import json
import os
import queue
import signal
import subprocess
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

from demo.server import Answer, Press
from tests.conftest import VEILLE

#: Seconds that anything may take on a busy machine before the test gives up.
PATIENCE = 300
#: Seconds between two looks at what has no event.
LOOK = 0.02


class Daemon:
    """`veille run` on `config`; killed with its children when the test ends."""

    def __init__(self, config: Path, *words: str) -> None:
        command = [str(VEILLE), "--config", str(config), "run", "--log", "json", "-v", *words]
        self.config = config
        self.child = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
        self.events: list[dict[str, Any]] = []
        self._queue: queue.Queue[dict[str, Any]] = queue.Queue()
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        assert self.child.stderr is not None
        for line in self.child.stderr:
            if line.endswith("\n"):  # else it was killed in the middle of a word
                self._queue.put(json.loads(line))

    def __enter__(self) -> Daemon:
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()

    def wait_for(self, event: str, **fields: object) -> dict[str, Any]:
        """The next line of the log that has these fields."""
        until = time.monotonic() + PATIENCE
        while True:
            try:
                line = self._queue.get(timeout=max(0.01, until - time.monotonic()))
            except queue.Empty:
                raise AssertionError(f"no {event} {fields} in {self.events}") from None
            self.events.append(line)
            if line["event"] == event and fields.items() <= line.items():
                return line

    def end(self, number: int = signal.SIGTERM) -> None:
        """Signal it, and wait until it is gone."""
        self.child.send_signal(number)
        self.child.wait(PATIENCE)

    def kill(self) -> None:
        """SIGKILL for it and for whatever it started; returns when none of them is left.

        What is killed on a busy machine holds its locks until it gets a processor to die on.
        """
        self.child.kill()
        self.child.wait(PATIENCE)  # from now on it starts nothing
        until = time.monotonic() + PATIENCE
        while (left := processes(self.config)) and time.monotonic() < until:
            for pid in left:
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            time.sleep(LOOK)
        assert left == []


def processes(config: Path) -> list[int]:
    """Processes whose command line names `config`: a daemon and its children."""
    found = []
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit() and int(folder.name) != os.getpid():
            with suppress(OSError):
                if str(config).encode() in (folder / "cmdline").read_bytes():
                    found.append(int(folder.name))
    return found


def patient(config: Path) -> Path:
    """The same configuration, with a crawl that waits for a held press as long as the test does."""
    text = config.read_text("utf-8")
    config.write_text(f"{text}\n[crawl]\npage_timeout_seconds = {PATIENCE}\n", "utf-8")
    return config


class HeldPress(Press):
    """Answers nobody until `gate` is set; `asked_once` tells that somebody waits."""

    def __init__(self) -> None:
        super().__init__()
        self.gate = threading.Event()
        self.asked_once = threading.Event()
        self.RequestHandlerClass = HeldAnswer


class HeldAnswer(Answer):
    def do_GET(self) -> None:  # noqa: N802 the framework's name
        assert isinstance(self.server, HeldPress)
        self.server.asked_once.set()
        self.server.gate.wait(PATIENCE)
        with suppress(OSError):  # whoever asked may have been killed
            super().do_GET()
