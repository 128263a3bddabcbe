"""One small page per trap: tests/corpus/pages/NAME.html and what must be read in it."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pipelines.article import read
from pipelines.records import Article, Page

PAGES = Path(__file__).parent / "corpus" / "pages"
NAMES = sorted(path.stem for path in PAGES.glob("*.html"))
FETCHED = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)


def _read(name: str) -> Article:
    address = "https://www.site.example/economie/2026/un-cheque"
    body = (PAGES / f"{name}.html").read_bytes()
    return read(Page("site", address, address, 200, (), body, FETCHED))


@pytest.mark.parametrize("name", NAMES)
def test_the_page_is_read_as_its_reader_sees_it(name: str) -> None:
    expected = json.loads((PAGES / f"{name}.expected.json").read_text("utf-8"))
    article = _read(name)
    assert article.text == expected.pop("text")
    posts = [[_iso(p.published), article.text[p.start : p.end]] for p in article.posts]
    assert posts == expected.pop("posts", [])
    found = {
        "title": article.title,
        "authors": list(article.authors),
        "published": _iso(article.published),
        "modified": _iso(article.modified),
        "dated_by": article.dated_by,
        "language": article.language,
        "wire": article.wire,
        "paywalled": article.paywalled,
    }
    assert {key: found[key] for key in expected} == expected


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def test_every_page_has_its_expectation() -> None:
    assert NAMES
    assert sorted(path.name.split(".")[0] for path in PAGES.glob("*.expected.json")) == NAMES
