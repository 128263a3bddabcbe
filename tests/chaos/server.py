"""A press that misbehaves, on loopback: one host a behaviour, told apart by the Host header.

Raw sockets, so that it can say what no server library would. What a host does not override is
ordinary: no robots.txt, a feed of two articles, two article pages.
"""

from __future__ import annotations

import contextlib
import gzip
import socket
import struct
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Event, Lock, Thread

import brotli
from backports import zstd

#: Seconds after which a behaviour that never ends gives up, so that no thread outlives the tests:
#: long after any crawler of the tests has given up on it.
LONGEST = 120.0

#: Seconds between two pieces of a flood: what never ends need not be fast, and the other hosts of
#: the press, which are threads beside it, get their turn.
BREATH = 0.25


def stop_listening(listener: socket.socket, thread: Thread) -> None:
    """Close `listener`, on which `thread` waits in accept(), and see the thread end.

    Closing alone does not wake the thread. The kernel may begin its call again later (a SIGCHLD
    that comes while the main thread starts another process is enough), and the descriptor then
    belongs to whichever server was opened meanwhile: a connection of that one would be taken.
    """
    listener.shutdown(socket.SHUT_RDWR)
    thread.join()
    listener.close()


@dataclass(frozen=True)
class Asked:
    """One request that came in."""

    host: str
    path: str
    headers: dict[str, str]
    at: float = 0.0  # monotonic seconds


@dataclass
class Chaos:
    """The server: `routes[host][path]` answers, everything else is ordinary."""

    routes: dict[str, dict[str, Answer]]
    address: str = "127.0.0.1"
    asked: list[Asked] = field(default_factory=list)
    port: int = 0
    _stop: Event = field(default_factory=Event)
    _lock: Lock = field(default_factory=Lock)
    visits: dict[tuple[str, str], int] = field(default_factory=lambda: defaultdict(int))

    def __enter__(self) -> Chaos:
        self._listener = socket.create_server((self.address, self.port), backlog=256)
        self.port = self._listener.getsockname()[1]
        self._thread = Thread(target=self._listen, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        stop_listening(self._listener, self._thread)

    def paths(self, host: str) -> list[str]:
        """What was asked of a host, in order, without robots.txt and tdmrep.json."""
        known = ("/robots.txt", "/.well-known/tdmrep.json")
        return [one.path for one in self.asked if one.host == host and one.path not in known]

    def _listen(self) -> None:
        while not self._stop.is_set():
            try:
                connection, _ = self._listener.accept()
            except ConnectionAbortedError:
                continue  # whoever asked was killed meanwhile
            except OSError:
                return
            Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with connection, contextlib.suppress(OSError, ValueError):
            connection.settimeout(LONGEST)
            received = b""
            while b"\r\n\r\n" not in received:
                more = connection.recv(65536)
                if not more:
                    return
                received += more
            head = received.split(b"\r\n\r\n")[0].decode("latin-1").split("\r\n")
            path = head[0].split(" ")[1]
            headers = dict(line.lower().split(": ", 1) for line in head[1:] if ": " in line)
            host = headers.get("host", "").split(":")[0]
            with self._lock:
                self.asked.append(Asked(host, path, headers, time.monotonic()))
                self.visits[host, path] = number = self.visits[host, path] + 1
            visit = Visit(self, connection, host, path, headers, number)
            answer = self.routes.get(host, {}).get(path) or ORDINARY.get(path, not_found)
            answer(visit)


@dataclass(frozen=True)
class Visit:
    """A request under way."""

    chaos: Chaos
    connection: socket.socket
    host: str
    path: str
    headers: dict[str, str]
    number: int  # how often this path was asked for, from 1

    def send(
        self, body: bytes, status: str = "200 OK", kind: str = "text/html", **headers: str
    ) -> None:
        """A complete answer. Header names with `_` for `-`."""
        fields = {"Content-Type": kind, "Content-Length": str(len(body)), "Connection": "close"}
        fields |= {name.replace("_", "-"): value for name, value in headers.items()}
        head = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
        self.raw(f"HTTP/1.1 {status}\r\n{head}\r\n".encode("latin-1") + body)

    def raw(self, sent: bytes) -> None:
        self.connection.sendall(sent)

    def going_on(self) -> bool:
        return not self.chaos._stop.is_set()


Answer = Callable[[Visit], None]


# -- ordinary answers ---------------------------------------------------------------------------


def not_found(visit: Visit) -> None:
    visit.send(b"<h1>404</h1>", "404 Not Found")


def item(host: str, path: str, title: str, day: int = 2) -> str:
    link = path if path.startswith("http") else f"https://{host}{path}"
    return (
        f"<item><title>{title}</title><link>{link}</link>"
        f"<pubDate>Mon, {day:02} Mar 2026 08:30:00 +0100</pubDate></item>"
    )


def rss(*items: str, before: str = "") -> bytes:
    return (
        f'<?xml version="1.0" encoding="utf-8"?>{before}<rss version="2.0"><channel>'
        f"<title>Fictif</title>{''.join(items)}</channel></rss>"
    ).encode()


def feed(visit: Visit) -> None:
    items = [
        item(visit.host, f"/a/{number}", f"OpenAI lève {number} milliards de dollars", number)
        for number in (1, 2)
    ]
    visit.send(rss(*items), kind="application/rss+xml", ETag='"un"')


def html(body: str, head: str = "", title: str = "OpenAI lève des milliards") -> bytes:
    text = (
        "<p>La société OpenAI a levé 10 milliards de dollars auprès de plusieurs fonds, selon une "
        "source proche du dossier, ont rapporté lundi plusieurs médias américains.</p>"
        "<p>L’opération valoriserait l’entreprise à 150 milliards de dollars, un montant inédit "
        "pour une société non cotée, et serait close avant la fin du mois.</p>"
    )
    return (
        f'<!DOCTYPE html><html lang="fr"><head><meta charset="utf-8"><title>{title}</title>{head}'
        f"</head><body><article><h1>{title}</h1>{text}{body}</article></body></html>"
    ).encode()


def article(visit: Visit) -> None:
    visit.send(html(f"<p>Version de {visit.host}{visit.path}.</p>"))


ORDINARY: dict[str, Answer] = {"/feed.xml": feed, "/a/1": article, "/a/2": article}


# -- answers that misbehave ---------------------------------------------------------------------


def sends(body: bytes, status: str = "200 OK", kind: str = "text/html", **headers: str) -> Answer:
    return lambda visit: visit.send(body, status, kind, **headers)


def redirects(target: str, status: str = "302 Found") -> Answer:
    def answer(visit: Visit) -> None:
        place = target.format(host=visit.host, number=visit.number)
        visit.send(b"", status, Location=place)

    return answer


def raw(sent: bytes) -> Answer:
    return lambda visit: visit.raw(sent)


def slow_drip(visit: Visit) -> None:
    """A byte now and then, for ever: no read ever times out, the whole does."""
    visit.raw(b"HTTP/1.1 200 OK\r\nContent-Type: application/rss+xml\r\n\r\n")
    end = time.monotonic() + LONGEST
    while visit.going_on() and time.monotonic() < end:
        visit.raw(b" ")
        time.sleep(0.1)


def silence(visit: Visit) -> None:
    """Takes the request and says nothing."""
    end = time.monotonic() + LONGEST
    while visit.going_on() and time.monotonic() < end:
        time.sleep(0.1)


def endless_body(visit: Visit) -> None:
    visit.raw(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n")
    end = time.monotonic() + LONGEST
    while visit.going_on() and time.monotonic() < end:
        visit.raw(b"<p>encore</p>" * 4096)
        time.sleep(BREATH)


def endless_headers(visit: Visit) -> None:
    visit.raw(b"HTTP/1.1 200 OK\r\n")
    end = time.monotonic() + LONGEST
    number = 0
    while visit.going_on() and time.monotonic() < end:
        number += 1
        visit.raw(b"".join(b"X-%d-%d: %s\r\n" % (number, i, b"y" * 100) for i in range(500)))
        time.sleep(BREATH)


def endless_chunks(visit: Visit) -> None:
    visit.raw(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n")
    end = time.monotonic() + LONGEST
    while visit.going_on() and time.monotonic() < end:
        visit.raw(b"1\r\nx\r\n" * 1024)
        time.sleep(BREATH)


def header_flood(visit: Visit) -> None:
    """Ten thousand headers, then an ordinary feed."""
    flood = b"".join(b"X-Flood-%d: %s\r\n" % (number, b"z" * 60) for number in range(10_000))
    body = rss(item(visit.host, "/a/1", "OpenAI lève 1 milliard de dollars"))
    visit.raw(b"HTTP/1.1 200 OK\r\n" + flood)
    visit.raw(b"Content-Length: %d\r\nConnection: close\r\n\r\n" % len(body) + body)


def wrong_length(visit: Visit) -> None:
    """Promises more than it sends."""
    body = rss(item(visit.host, "/a/1", "OpenAI lève 1 milliard de dollars"))
    visit.raw(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % (len(body) + 1000) + body)


def reset(visit: Visit) -> None:
    """Half a body, then RST."""
    visit.raw(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n" + b"x" * 1000)
    time.sleep(0.1)
    visit.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def shrinks(visit: Visit) -> None:
    """Two entries, then one."""
    items = [
        item(visit.host, f"/a/{number}", f"OpenAI lève {number} milliards de dollars", number)
        for number in (1, 2)
    ]
    kept = items if visit.number == 1 else items[:1]
    visit.send(rss(*kept), kind="application/rss+xml", ETag=f'"{len(kept)}"')


def calendar(visit: Visit) -> None:
    """Every page names hundreds of others, for ever."""
    links = "".join(
        f'<a href="/agenda/{visit.number}-{day}">OpenAI et les milliards du jour {day}</a>'
        for day in range(60)
    )
    visit.send(html(links))


#: 60 MB of nothing: twelve times what may be fetched, unpacked.
NOTHING = b" " * 60_000_000
BOMBS: dict[str, bytes] = {
    "gzip": gzip.compress(NOTHING),
    "br": brotli.compress(NOTHING, quality=1),
    "zstd": zstd.compress(NOTHING),
}


def bomb(encoding: str) -> Answer:
    return sends(BOMBS[encoding], kind="application/rss+xml", Content_Encoding=encoding)
