"""Servers on loopback that a message is really sent to: mail with TLS and login, and webhooks."""

from __future__ import annotations

import email
import email.policy
import json
import socket
import ssl
import threading
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

USER, PASSWORD = "veille@example.org", "k9-secret-password"
#: Seconds that a server may take to start on a busy machine.
PATIENCE = 120


def certificate(folder: Path, *, expired: bool = False, host: str = "localhost") -> Path:
    """A certificate of our own for loopback, with its key: its own authority."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
    now = datetime.now(UTC)
    ends = now + timedelta(days=-1 if expired else 30)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=60))
        .not_valid_after(ends)
        .add_extension(
            x509.SubjectAlternativeName(
                [x509.DNSName(host), x509.IPAddress(ip_address("127.0.0.1"))]
            ),
            critical=False,
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = folder / f"{'expired' if expired else 'good'}.pem"
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + made.public_bytes(serialization.Encoding.PEM)
    )
    return path


def context(pem: Path) -> ssl.SSLContext:
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    made.load_cert_chain(pem)
    return made


@contextmanager
def refusing() -> Iterator[int]:
    """A port at which nobody listens, and that nobody else is given as long as it is held."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        yield held.getsockname()[1]


class _Listening(Controller):
    """Listens from the start: a port that was only found free may be somebody else's by then."""

    def __init__(self, handler: object, **words: Any) -> None:
        self.listener = socket.create_server(("127.0.0.1", 0))
        port = self.listener.getsockname()[1]
        super().__init__(handler, hostname="127.0.0.1", port=port, **words)

    def _create_server(self) -> Any:
        return self.loop.create_server(
            self._factory_invoker, sock=self.listener, ssl=self.ssl_context
        )


class _Taking:
    """What becomes of a mail; apart from `MailServer`, all of which would be looked through for
    every connection."""

    def __init__(self, raw: list[bytes], answer: str) -> None:
        self._raw = raw
        self._answer = answer

    async def handle_DATA(self, server: object, session: object, envelope: Any) -> str:  # noqa: N802
        if self._answer.startswith("250"):
            self._raw.append(envelope.content)
        return self._answer


class MailServer:
    """SMTP with STARTTLS (or TLS from the start) and a login; keeps what arrives, parsed."""

    def __init__(self, pem: Path, *, smtps: bool = False, answer: str = "250 OK") -> None:
        self.pem = pem
        self.raw: list[bytes] = []
        tls = context(pem)
        words: dict[str, Any] = (
            {"ssl_context": tls, "auth_require_tls": False}
            if smtps
            else {"tls_context": tls, "require_starttls": True}
        )
        self._controller = _Listening(
            _Taking(self.raw, answer),
            # else the machine's name is looked up for every connection, which may take seconds
            server_hostname="localhost",
            auth_required=True,
            authenticator=self._login,
            ready_timeout=PATIENCE,
            **words,
        )

    def __enter__(self) -> MailServer:
        with warnings.catch_warnings():
            # of a login without STARTTLS; the whole connection is TLS there
            warnings.simplefilter("ignore")
            self._controller.start()
        self.port: int = self._controller.port
        return self

    def __exit__(self, *_: object) -> None:
        self._controller.stop()

    def _login(
        self, server: object, session: object, envelope: object, kind: str, given: Any
    ) -> AuthResult:
        right = isinstance(given, LoginPassword) and (given.login, given.password) == (
            USER.encode(),
            PASSWORD.encode(),
        )
        return AuthResult(success=right, handled=False)

    @property
    def mails(self) -> list[EmailMessage]:
        return [email.message_from_bytes(raw, policy=email.policy.default) for raw in self.raw]  # type: ignore[misc]


class PlainMailServer:
    """SMTP that offers no TLS; keeps every line that it hears."""

    def __init__(self) -> None:
        self.heard: list[str] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]

    def _serve(self) -> None:
        with suppress(OSError):  # nobody came, or left in the middle of a word
            connection, _ = self._listener.accept()
            with connection, connection.makefile("rw", newline="\r\n") as lines:
                lines.write("220 plain\n")
                lines.flush()
                for line in lines:
                    self.heard.append(line)
                    lines.write("250 fine\n")
                    lines.flush()

    def __enter__(self) -> PlainMailServer:
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)  # ends the waiting for who never came
        self._thread.join()
        self._listener.close()


@dataclass
class Answer:
    """How a webhook answers once."""

    status: int = 200
    body: str = "ok"
    headers: dict[str, str] = field(default_factory=dict)
    hang: float = 0.0  # seconds before anything is said
    drop: bool = False  # take the message, then break the connection off


@dataclass(frozen=True)
class Request:
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> dict[str, Any]:
        return json.loads(self.body)  # type: ignore[no-any-return]


class Hook:
    """A webhook that answers as told; keeps what it took (200, or dropped after taking it)."""

    def __init__(
        self, answer: Callable[[int], Answer] | None = None, pem: Path | None = None
    ) -> None:
        self.requests: list[Request] = []
        self.taken: list[Request] = []
        self.answered: list[int] = []
        self._answer = answer or (lambda number: Answer())
        hook, lock = self, threading.Lock()

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                length = int(self.headers["Content-Length"])
                body = self.rfile.read(length)
                if len(body) < length:  # the sender was killed between headers and end
                    return
                request = Request(self.path, dict(self.headers.items()), body)
                with lock:
                    number = len(hook.requests)
                    hook.requests.append(request)
                    answer = hook._answer(number)
                if answer.hang:
                    time.sleep(answer.hang)
                if answer.status == 200:
                    with lock:
                        hook.taken.append(request)
                if answer.drop:
                    self.connection.close()
                    return
                hook.answered.append(answer.status)
                self.send_response(answer.status)
                for name, value in answer.headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(answer.body.encode())))
                self.end_headers()
                self.wfile.write(answer.body.encode())

            def log_message(self, *_: object) -> None:
                pass

            def handle(self) -> None:
                # the sender was killed, or we dropped it
                with suppress(OSError, ValueError):
                    super().handle()

        class Server(ThreadingHTTPServer):
            # waited for when the server ends: whatever was sent by then has been counted by then,
            # also where the sender did not live to hear of it
            daemon_threads = False
            # many senders may call at once while this thread does not run
            request_queue_size = 128

            def handle_error(self, *_: object) -> None:
                pass

        self._server = Server(("127.0.0.1", 0), Handler)
        scheme = "http"
        if pem is not None:
            self._server.socket = context(pem).wrap_socket(self._server.socket, server_side=True)
            scheme = "https"
        self.url = f"{scheme}://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> Hook:
        # shut down within 20 ms instead of half a second
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class Pages:
    """One page of HTML at every address."""

    def __init__(self, html: str) -> None:
        body = html.encode()

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.send_response(200)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)

    def __enter__(self) -> str:
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))
        self._thread.start()
        return f"http://127.0.0.1:{self._server.server_address[1]}/article"

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
