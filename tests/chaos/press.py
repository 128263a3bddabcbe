"""What each host of the chaos press does. `TRAP` stands for an address that must not be asked."""

from __future__ import annotations

from tests.chaos.server import (
    Answer,
    Visit,
    article,
    bomb,
    calendar,
    endless_body,
    endless_chunks,
    endless_headers,
    feed,
    header_flood,
    html,
    item,
    raw,
    redirects,
    reset,
    rss,
    sends,
    shrinks,
    silence,
    slow_drip,
    wrong_length,
)

XML = "application/rss+xml"
MONEY = "OpenAI lève {} milliards de dollars"


def feeds(*titles: str, before: str = "") -> Answer:
    """A feed whose entries lead to /a/1, /a/2 ..."""

    def answer(visit: Visit) -> None:
        items = [item(visit.host, f"/a/{n}", title, n) for n, title in enumerate(titles, 1)]
        visit.send(rss(*items, before=before), kind=XML)

    return answer


def links(*targets: str) -> Answer:
    """A feed whose entries lead to these addresses."""

    def answer(visit: Visit) -> None:
        items = [item(visit.host, to, MONEY.format(n), n) for n, to in enumerate(targets, 1)]
        visit.send(rss(*items), kind=XML)

    return answer


def urlset(*targets: str) -> bytes:
    rows = "".join(
        f"<url><loc>{to}</loc><lastmod>2026-03-0{n}</lastmod></url>"
        for n, to in enumerate(targets, 1)
    )
    return f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{rows}</urlset>'.encode()


LAUGHS = (
    '<!DOCTYPE rss [<!ENTITY a "hahaha">'
    + "".join(f'<!ENTITY {b} "{f"&{a};" * 20}">' for a, b in zip("abcdefg", "bcdefgh", strict=True))
    + "]>"
)


def trap_entity(trap: str) -> str:
    return f'<!DOCTYPE rss [<!ENTITY x SYSTEM "{trap}"><!ENTITY y SYSTEM "file:///etc/passwd">]>'


def robots(*lines: str) -> dict[str, Answer]:
    return {"/robots.txt": sends("\n".join(lines).encode(), kind="text/plain")}


def page(answer: Answer) -> dict[str, Answer]:
    """The first article of the host misbehaves."""
    return {"/a/1": answer}


def source(answer: Answer) -> dict[str, Answer]:
    """The feed of the host misbehaves."""
    return {"/feed.xml": answer}


def chain(length: int) -> dict[str, Answer]:
    hops = {f"/a/hop{n}": redirects(f"/a/hop{n + 1}") for n in range(1, length)}
    return {"/a/1": redirects("/a/hop1"), **hops, f"/a/hop{length}": article}


def press(trap: str) -> dict[str, dict[str, Answer]]:
    """Routes by host. `trap`: URL of a loopback server that the configuration does not open."""
    refresh = f'<meta http-equiv="refresh" content="0; url={trap}">'
    return {
        # feeds that do not end, end too late, or are too much
        "slow-drip": source(slow_drip),
        "silence": source(silence),
        "endless-body": source(endless_body),
        "endless-chunks": source(endless_chunks),
        "endless-headers": source(endless_headers),
        "header-flood": source(header_flood),
        "long-header": source(raw(b"HTTP/1.1 200 OK\r\nX: " + b"y" * 1_000_000 + b"\r\n\r\n")),
        "gzip-bomb": source(bomb("gzip")),
        "brotli-bomb": source(bomb("br")),
        "zstd-bomb": source(bomb("zstd")),
        # answers that are torn or lie
        "torn-gzip": source(sends(b"\x1f\x8b\x08torn", kind=XML, Content_Encoding="gzip")),
        "unknown-coding": source(sends(b"xyz", kind=XML, Content_Encoding="x-inconnu")),
        "wrong-length": source(wrong_length),
        "reset": source(reset),
        "bad-chunk": source(raw(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nx")),
        "no-http": source(raw(b"220 ftp.example ready\r\n\r\n")),
        "hang-up": source(raw(b"")),
        "empty": source(sends(b"", kind=XML)),
        "not-asked-304": source(sends(b"", "304 Not Modified")),
        # feeds that are strange inside
        "not-xml": source(sends(html("<p>Nos flux ont changé.</p>"))),
        "undefined-entity": source(feeds("OpenAI l&egraveve; &inconnue; 3 milliards de dollars")),
        "unknown-encoding": source(
            sends(
                rss(item("unknown-encoding.example", "/a/1", MONEY.format(1))).replace(
                    b"utf-8", b"x-neuf"
                ),
                kind=XML,
            )
        ),
        "billion-laughs": source(feeds("OpenAI &h; milliards", before=LAUGHS)),
        "external-entity": source(
            feeds("OpenAI &x;&y; 3 milliards de dollars", before=trap_entity(trap))
        ),
        "nul-bytes": {
            "/feed.xml": feeds("OpenAI\x00 lève 2 milliards de dollars"),
            "/a/1": sends(html("<p>Un octet nul \x00 au milieu.</p>")),
        },
        "twice": source(links("/a/1", "/a/1?utm_source=rss", "/a/1#xtor=RSS-1")),
        "shrinks": source(shrinks),
        # redirects
        "moved-feed": {"/feed.xml": redirects("/flux.xml", "301 Moved"), "/flux.xml": feed},
        "redirect-loop": source(redirects("https://{host}/feed.xml")),
        "redirect-chain": chain(7),
        "redirect-private": page(redirects(trap)),
        "redirect-scheme": page(redirects("file:///etc/passwd")),
        "redirect-user": page(redirects("https://u:p@{host}/a/2")),
        "redirect-host": page(redirects("https://closed.example/a/9")),
        "meta-refresh": page(sends(html("", refresh))),
        "meta-refresh-home": {"/a/1": sends(html("", refresh.replace(trap, "/a/2")))},
        "robots-private": {"/robots.txt": redirects(trap)},
        "private-links": source(links(trap, "http://localhost/", "http://[::1]/", "/a/1")),
        "private-sitemap": {
            "/feed.xml": sends(b"", "404 Not Found"),
            "/sitemap.xml": sends(urlset(trap, "https://private-sitemap.example/a/1"), kind=XML),
        },
        "canonical": page(
            sends(html("", '<link rel="canonical" href="https://autre.example/vole">'))
        ),
        # walls
        "wall-202": source(sends(b"<p>Un instant.</p>", "202 Accepted")),
        "wall-403": page(sends(b"<p>Interdit.</p>", "403 Forbidden")),
        "challenge": page(sends(b"<title>Just a moment...</title>")),
        "consent": {
            "/a/1": redirects("/consent/mur"),
            "/consent/mur": sends(html("<p>Acceptez tout.</p>")),
        },
        "wait-429": source(sends(b"", "429 Too Many Requests", Retry_After="7200")),
        "page-429": page(sends(b"", "429 Too Many Requests", Retry_After="7200")),
        # what is not permitted
        "robots-500": {"/robots.txt": sends(b"", "503 Service Unavailable")},
        "robots-silent": {"/robots.txt": silence},
        "robots-no": robots("User-agent: *", "Disallow: /a/"),
        "closed": robots("User-agent: *", "Disallow: /"),
        "named-monitor": robots(
            "User-agent: *", "Allow: /", "User-agent: Meltwater", "Disallow: /"
        ),
        "signal": robots("User-agent: *", "Content-Signal: search=yes, ai-input=no", "Allow: /"),
        "tdm-file": {
            "/.well-known/tdmrep.json": sends(
                b'[{"location": "/", "tdm-reservation": 0},'
                b' {"location": "/a/", "tdm-reservation": 1}]',
                kind="application/json",
            )
        },
        "tdm-header": page(sends(html("<p>Réservé.</p>"), tdm_reservation="1")),
        "tdm-meta": page(
            sends(html("", '<meta name="tdm-reservation" content="1">'), tdm_reservation="0")
        ),
        "feed-only": {},
        # pages that are heavy, hostile or no pages
        # the parser's work grows with their square; 60,000 a fast machine read within the limit
        "attributes": page(
            sends(html("<p " + " ".join(f"a{n}" for n in range(120_000)) + ">Lourd</p>"))
        ),
        "paragraphs": page(sends(html("<p>Oui</p>" * 100_000))),
        "nested": page(sends(html("<div>" * 100_000))),
        "huge": page(sends(html("<p>Trop long.</p>" * 1_400_000))),
        "empty-page": page(sends(b"")),
        "no-text": page(sends(b"<html><body><script>1</script></body></html>")),
        "pdf": page(sends(b"%PDF-1.7", kind="application/pdf")),
        "gone": page(sends(b"", "410 Gone")),
        "mixed-encodings": page(
            sends(html("<p>À peine déclarée</p>") + "<p>déjà en latin-1</p>".encode("latin-1"))
        ),
        "cookies": page(sends(html("<p>Un biscuit.</p>"), Set_Cookie="id=1; Path=/")),
        "referrer-policy": page(sends(html("<p>Sortie.</p>"), Referrer_Policy="sys.exit")),
        "calendar": {
            "/feed.xml": sends(b"", "404 Not Found"),
            "/": calendar,
            **{f"/agenda/1-{day}": calendar for day in range(60)},
        },
        # the others, whose articles must all arrive
        "healthy": {},
        "healthy-too": {},
    }


#: Outlets that the catalogue gives more than a feed.
SITEMAPS = ("private-sitemap",)
LISTINGS = ("calendar",)
FEED_ONLY = ("feed-only",)
