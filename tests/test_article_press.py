"""The bundled press, read: what its readers see, and copies told from other articles."""

from __future__ import annotations

import json
import re
from collections import Counter
from datetime import UTC, datetime
from functools import cache
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest

from pipelines.article import read
from pipelines.duplicate import Candidate, judge, sign
from pipelines.records import Article, Page

PRESS = Path(__file__).parent.parent / "demo" / "press"
LINES = [json.loads(line) for line in (PRESS / "manifest.jsonl").read_text("utf-8").splitlines()]
OUTLETS = sorted({line["outlet"] for line in LINES})
FETCHED = datetime(2026, 11, 20, tzinfo=UTC)


@cache
def _articles() -> dict[str, Article]:
    found = {}
    for line in LINES:
        url, body = line["url"], (PRESS / line["file"]).read_bytes()
        found[line["id"]] = read(Page(line["outlet"], url, url, 200, (), body, FETCHED))
    return found


def _words(text: str) -> Counter[str]:
    return Counter(re.findall(r"\w+", text.lower()))


@pytest.mark.parametrize("outlet", OUTLETS)
def test_the_body_has_the_words_of_the_article_and_no_others(outlet: str) -> None:
    common = read_words = true_words = 0
    for line in (line for line in LINES if line["outlet"] == outlet):
        mine, gold = _words(_articles()[line["id"]].text), _words(line["body"])
        common += (mine & gold).total()
        read_words += mine.total()
        true_words += gold.total()
    assert common / read_words >= 0.97
    assert common / true_words >= 0.99


@pytest.mark.parametrize("line", LINES, ids=lambda line: line["id"])
def test_no_amount_comes_from_around_the_article(line: dict[str, Any]) -> None:
    article = _articles()[line["id"]]
    assert _figures(article.text) == _figures(line["body"])


def _figures(text: str) -> list[str]:
    return re.findall(r"\d+(?:,\d+)?", text)


@pytest.mark.parametrize("line", LINES, ids=lambda line: line["id"])
def test_title_times_and_wall_are_those_of_the_outlet(line: dict[str, Any]) -> None:
    article = _articles()[line["id"]]
    assert " ".join(article.title.split()) == " ".join(line["title"].split())
    assert article.published == datetime.fromisoformat(line["published"])
    updated = datetime.fromisoformat(line["updated"]) if line["updated"] else None
    assert article.modified == updated
    assert article.paywalled == line["paywalled"]
    assert article.language == "fr"


def test_every_syndicated_pair_is_a_copy_and_no_other_pair_is() -> None:
    wanted = {frozenset((i["id"], i["syndicated_with"])) for i in LINES if i["syndicated_with"]}
    signatures = {name: sign(article.text) for name, article in _articles().items()}
    found = set()
    for one, other in combinations(LINES, 2):
        if one["url"] == other["url"]:
            continue
        stored, new = signatures[one["id"]], signatures[other["id"]]
        shared = len(set(stored.sample) & set(new.sample))
        near = Candidate(1, stored.exact, stored.shingles, len(stored.sample), shared)
        if judge(new, [near]).sameness == "copy":
            found.add(frozenset((one["id"], other["id"])))
    assert found == wanted


def test_both_prints_of_an_agencys_text_credit_it() -> None:
    for line in LINES:
        if line["syndicated_with"]:
            assert _articles()[line["id"]].wire == "Novapress"
