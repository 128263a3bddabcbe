"""What a test has of an operator: a webhook that listens, and the configuration that names it."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest


class Listener(ThreadingHTTPServer):
    """Remembers what it was told whole; `status` is what it answers."""

    # waited for when it is closed: whoever spoke to it has been heard by then
    daemon_threads = False

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Answer)
        self.status = 200
        self.paths: list[str] = []
        self.bodies: list[dict[str, Any]] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/secret-0123456789"


class _Answer(BaseHTTPRequestHandler):
    server: Listener

    def do_GET(self) -> None:
        self.server.paths.append(self.path.removeprefix("/secret-0123456789"))
        self._answer()

    def do_POST(self) -> None:
        length = int(self.headers["Content-Length"])
        body = self.rfile.read(length)
        if len(body) < length:  # the sender was killed between headers and end
            return
        self.server.bodies.append(json.loads(body))
        self._answer()

    def _answer(self) -> None:
        self.send_response(self.server.status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def handle(self) -> None:
        with suppress(OSError):  # whoever asked may have been killed
            super().handle()

    def log_message(self, format: str, *args: Any) -> None:
        """Quiet."""


@pytest.fixture
def listener() -> Iterator[Listener]:
    with Listener() as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


def with_channel(folder: Path, url: str) -> None:
    (folder / "veille.toml").write_text(
        'contact = "mailto:veille@example.org"\ncatalogue = "c.toml"\n'
        f'[health]\n[health.channel]\nkind = "webhook"\nurl = "{url}"\n'
    )
    (folder / "c.toml").write_text(
        '[[outlet]]\nid = "essai"\nname = "Essai"\nhome = "https://essai.example/"\n'
        'policy = "feed"\nfeeds = [{ url = "https://essai.example/feed" }]\n'
    )
