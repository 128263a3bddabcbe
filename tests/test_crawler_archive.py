"""WARC files: the catalogue's hosts only, whatever else stands in them."""

from __future__ import annotations

import gzip
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import pytest
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from crawler.archive import prepare_warc
from crawler.warc import Skipped, pages
from pipelines import config
from pipelines.records import Outlet, Page
from tests.chaos.server import html

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
OUTLETS = (
    Outlet("un", "Un", "https://www.un.example/", "probe"),
    Outlet("deux", "Deux", "https://deux.example/", "feed"),
)
LIMIT = 1024 * 1024


def warc(path: Path, *records: tuple[str, str, str, bytes, dict[str, str]]) -> Path:
    """A packed WARC of (type, URL, status, body, headers)."""
    with path.open("wb") as file:
        writer = WARCWriter(file, gzip=True)
        for kind, url, status, body, headers in records:
            fields = list(({"Content-Type": "text/html"} | headers).items())
            http = StatusAndHeaders(status, fields, protocol="HTTP/1.1")
            writer.write_record(
                writer.create_warc_record(
                    url,
                    kind,
                    payload=BytesIO(body),
                    http_headers=http,
                    warc_headers_dict={"WARC-Date": "2026-03-01T08:00:00Z"},
                )
            )
    return path


def found(path: Path) -> list[Page | Skipped]:
    return list(pages(path, OUTLETS, LIMIT))


def test_answers_of_the_catalogues_hosts_are_pages_and_all_others_are_skipped(
    tmp_path: Path,
) -> None:
    path = warc(
        tmp_path / "a.warc.gz",
        ("response", "https://www.un.example/a?utm_source=x", "200 OK", html("1"), {}),
        ("response", "https://abo.un.example/b", "200 OK", html("2"), {}),
        ("response", "https://ailleurs.example/c", "200 OK", html("3"), {}),
        ("response", "https://un.example.net/d", "200 OK", html("4"), {}),
        ("response", "https://deux.example/e", "404 Not Found", html("5"), {}),
        ("response", "https://deux.example/f", "200 OK", b"%PDF", {"Content-Type": "image/png"}),
        ("request", "https://deux.example/g", "200 OK", b"", {}),
        ("response", "https://deux.example/h", "200 OK", html("6"), {}),
    )
    assert [(one.outlet, one.url) for one in found(path) if isinstance(one, Page)] == [
        ("un", "https://www.un.example/a"),
        ("un", "https://abo.un.example/b"),
        ("deux", "https://deux.example/h"),
    ]


def test_a_page_is_dated_by_the_archive_and_unpacked(tmp_path: Path) -> None:
    body = gzip.compress(html("1"))
    record = ("response", "https://un.example/a", "200 OK", body, {"Content-Encoding": "gzip"})
    (page,) = found(warc(tmp_path / "a.warc.gz", record))
    assert isinstance(page, Page)
    assert page.fetched == datetime(2026, 3, 1, 8, tzinfo=UTC)
    assert page.body == html("1")


def test_a_record_too_large_when_unpacked_is_skipped_with_its_place(tmp_path: Path) -> None:
    bomb = gzip.compress(b" " * 50_000_000)
    path = warc(
        tmp_path / "a.warc.gz",
        ("response", "https://un.example/a", "200 OK", bomb, {"Content-Encoding": "gzip"}),
        ("response", "https://un.example/b", "200 OK", html("1"), {}),
    )
    skipped, page = found(path)
    assert isinstance(skipped, Skipped)
    assert skipped.place == f"{path}:1"
    assert isinstance(page, Page)


@pytest.mark.parametrize("broken", [b"", b"no archive at all\n" * 9, b"\x1f\x8b\x08\x00torn"])
def test_a_file_that_is_no_archive_is_named_and_not_raised(tmp_path: Path, broken: bytes) -> None:
    path = tmp_path / "a.warc"
    path.write_bytes(broken)
    assert all(isinstance(one, Skipped) for one in found(path))


def test_a_file_cut_off_in_a_record_gives_what_stands_before(tmp_path: Path) -> None:
    record = ("response", "https://un.example/a", "200 OK", html("1"), {})
    path = warc(tmp_path / "a.warc.gz", record, record)
    path.write_bytes(path.read_bytes()[:-40])
    first, *_ = found(path)
    assert isinstance(first, Page)


def test_archived_articles_are_read_for_claims_in_the_order_of_the_file(tmp_path: Path) -> None:
    path = warc(
        tmp_path / "a.warc.gz",
        *(
            ("response", f"https://un.example/{n}", "200 OK", html(f"<p>Numéro {n}.</p>"), {})
            for n in range(12)
        ),
        ("response", "https://un.example/vide", "200 OK", b"<html></html>", {}),
    )
    *articles, empty = prepare_warc(path, OUTLETS, config.load(None), NOW)
    urls = [one.article.url for one in articles if not isinstance(one, Skipped)]
    assert urls == [f"https://un.example/{n}" for n in range(12)]
    assert isinstance(empty, Skipped)
    assert "no text on the page" in empty.reason
