"""A press for measurements: a process that serves pages of real size, and answers 304 when asked.

python -m bench._press PAGES OUTLETS FOLDER|-    prints its port, then serves until it is killed
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

#: Size of a generated page in bytes, and of its article: the median of 138 real French pages.
PAGE_BYTES, ARTICLE_WORDS = 170_000, 600


def pages(count: int, folder: Path | None) -> list[bytes]:
    """As many pages: those of a folder over and over, else generated ones of like size."""
    real = [path.read_bytes() for path in sorted(folder.glob("fr-*.html"))] if folder else []
    return [real[n % len(real)] if real else generated(n) for n in range(count)]


def generated(number: int) -> bytes:
    """Menus, scripts, an article and a hundred related headlines, as news sites send them."""
    words = (
        "Le groupe a annoncé mardi un accord avec plusieurs partenaires industriels, selon".split()
    )
    text = "".join(
        f"<p>{' '.join(words[(n + k) % len(words)] for k in range(60))} {number}-{n}.</p>"
        for n in range(ARTICLE_WORDS // 60)
    )
    related = "".join(
        f'<div class="card"><a href="/p/{n}"><span class="t">Un titre voisin {n}</span></a></div>'
        for n in range(100)
    )
    head = (
        '<!DOCTYPE html><html lang="fr"><head><meta charset="utf-8"><title>Titre</title>'
        '<meta property="article:published_time" content="2026-03-02T08:30:00+01:00"></head><body>'
    )
    body = f"<nav>{related}</nav><article><h1>Titre {number}</h1>{text}</article>{related}"
    left = PAGE_BYTES - len(head) - len(body)
    script = f"<script>var state = {{{'a:1,' * (left // 4)}}};</script>"
    return f"{head}{body}{script}</body></html>".encode()


def feed(host: str, number: int, outlets: int, count: int) -> bytes:
    """The feed of an outlet: every page that is its own."""
    items = "".join(
        f"<item><title>OpenAI, article {n}</title><link>https://{host}/p/{n}</link>"
        f"<pubDate>Mon, 02 Mar 2026 08:{n % 60:02}:00 +0100</pubDate></item>"
        for n in range(number, count, outlets)
    )
    return f'<rss version="2.0"><channel><title>x</title>{items}</channel></rss>'.encode()


async def serve(count: int, outlets: int, folder: Path | None) -> None:
    stored = pages(count, folder)

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
                path = head.split(" ")[1]
                host = head.split("\r\nhost: ")[1].split("\r\n")[0]
                body, kind, status = b"", "text/html", "404 Not Found"
                if "if-none-match" in head:
                    status = "304 Not Modified"
                elif path == "/feed.xml":
                    body = feed(host, int(host[1:].split(".")[0]), outlets, count)
                    kind, status = "application/rss+xml", "200 OK"
                elif path.startswith("/p/"):
                    body, status = stored[int(path[3:])], "200 OK"
                lines = f'HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nETag: "1"\r\n'
                if not status.startswith("304"):
                    lines += f"Content-Length: {len(body)}\r\n"
                writer.write(lines.encode() + b"\r\n" + body)
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    place = None if sys.argv[3] == "-" else Path(sys.argv[3])
    asyncio.run(serve(int(sys.argv[1]), int(sys.argv[2]), place))
