"""The bundled press on loopback: five invented outlets, told apart by the Host header.

It answers as a plain web server does: content type by ending, `ETag` and `Last-Modified`, 304 to a
conditional request, 404. Every request is counted, so that tests can say what was asked for.
"""

from __future__ import annotations

import mimetypes
from collections import Counter
from email.utils import formatdate, parsedate_to_datetime
from hashlib import blake2b
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import unquote, urlsplit

#: The bundled press: one folder a host.
SITE = Path(__file__).parent / "press" / "site"
HOSTS = tuple(sorted(folder.name for folder in SITE.iterdir())) if SITE.exists() else ()

#: The bundled pages name their encoding themselves, as many servers leave it to them.
TYPES = {".xml": "application/xml", ".rss": "application/rss+xml", ".txt": "text/plain"}


class Press(ThreadingHTTPServer):
    """Serves the folders of `root` by host name on a free port of 127.0.0.1."""

    daemon_threads = True
    # a crawl that is killed leaves half-open connections behind
    request_queue_size = 128

    def __init__(self, root: Path = SITE, port: int = 0) -> None:
        super().__init__(("127.0.0.1", port), Answer)
        self.root = root
        self.asked: Counter[str] = Counter()  # "host/path" → requests
        self.unmodified: Counter[str] = Counter()  # those answered 304

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.server_port}"

    def __enter__(self) -> Press:
        Thread(target=self.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.shutdown()
        self.server_close()


class Answer(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Press

    def do_GET(self) -> None:
        host = (self.headers.get("Host") or "").split(":")[0]
        path = unquote(urlsplit(self.path).path)
        self.server.asked[host + path] += 1
        found = self._file(host, path)
        if found is None:
            self._send(404, b"<h1>404 Not Found</h1>", {"Content-Type": "text/html"})
            return
        body = found.read_bytes()
        etag = f'"{blake2b(body, digest_size=8).hexdigest()}"'
        changed = int(found.stat().st_mtime)
        headers = {
            "Content-Type": TYPES.get(found.suffix)
            or mimetypes.guess_type(found.name)[0]
            or "application/octet-stream",
            "ETag": etag,
            "Last-Modified": formatdate(changed, usegmt=True),
        }
        if self._known(etag, changed):
            self.server.unmodified[host + path] += 1
            self._send(304, b"", headers)
        else:
            self._send(200, body, headers)

    def _file(self, host: str, path: str) -> Path | None:
        root = (self.server.root / host).resolve()
        found = (root / path.lstrip("/")).resolve()
        if found.is_dir():
            found = found / "index.html"
        inside = root.parent == self.server.root.resolve() and found.is_relative_to(root)
        return found if inside and found.is_file() else None

    def _known(self, etag: str, changed: int) -> bool:
        if (tag := self.headers.get("If-None-Match")) is not None:
            return tag == etag
        since = self.headers.get("If-Modified-Since")
        return since is not None and parsedate_to_datetime(since).timestamp() >= changed

    def _send(self, status: int, body: bytes, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Quiet: what the crawl asks for is in `asked`."""
