"""`veille import`: what it takes, what it skips, and that nothing is taken twice."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.conftest import Ran

Veille = Callable[..., Ran]

CLAIM = {
    "kind": "investment",
    "payers": ["Amazon"],
    "payee": "OpenAI",
    "amount": [None, 50_000_000_000],
    "qualifier": "up_to",
    "certainty": "rumoured",
    "stage": "talks",
    "sources": ["The Information"],
    "background": False,
    "amount_text": "50 milliards de dollars",
}


def line(**other: Any) -> str:
    article = {
        "url": "https://a.example/1",
        "outlet": "a.example",
        "published": "2026-01-30T09:00:00+01:00",
        "title": "Amazon et OpenAI",
        "body": "Amazon verserait jusqu’à 50 milliards de dollars à OpenAI.",
        "claims": [CLAIM],
    }
    return json.dumps(article | other, ensure_ascii=False) + "\n"


def test_a_claim_given_becomes_a_change_with_its_quote(veille: Veille) -> None:
    assert veille("import", "--claims", "-", stdin=line()).code == 0
    (change,) = veille("changes", "--json").lines
    assert change | {"deal": "", "id": 0, "rule": "", "seen": "", "recorded": ""} == {
        "id": 0,
        "published": "2026-01-30T08:00:00+00:00",
        "seen": "",
        "recorded": "",
        "change": "new",
        "also": [],
        "corrects": None,
        "alert": True,
        "deal": "",
        "kind": "investment",
        "payers": ["Amazon"],
        "payee": "OpenAI",
        "before": None,
        "after": {
            "amount": [None, 50_000_000_000],
            "currency": "USD",
            "qualifier": "up_to",
            "certainty": "rumoured",
            "stage": "talks",
        },
        "url": "https://a.example/1",
        "outlet": "a.example",
        "title": "Amazon et OpenAI",
        "quote": "Amazon verserait jusqu’à 50 milliards de dollars à OpenAI.",
        "sources": ["The Information"],
        "corroborations": {"outlets": 1, "independent": 1, "origins": ["The Information"]},
        "article": 1,
        "claims": [0],
        "basis": "page",
        "rule": "",
    }


def test_the_same_import_twice_changes_nothing(veille: Veille) -> None:
    veille("import", "--claims", "-", stdin=line())
    before = veille("changes", "--all", "--json").out
    again = veille("import", "--claims", "-", stdin=line(updated="2026-01-31T09:00:00+01:00"))
    assert "1 known already" in again.err
    assert veille("changes", "--all", "--json").out == before


@pytest.mark.parametrize(
    ("bad", "told"),
    [
        ("{\n", "is no JSON"),
        ("[]\n", "a JSON object is expected"),
        (line(published="hier"), "no ISO 8601 time"),
        (line(published="2026-01-30T09:00:00"), "has no offset"),
        (line(title=None), "title is missing"),
        (line(url="http://[::1"), "Invalid IPv6 URL"),
        (json.dumps({**json.loads(line()), "title": "a\ud800"}) + "\n", "surrogate"),
        (line(published="0001-01-01T00:00:00+14:00"), "beyond the calendar"),
        (line(claims=[CLAIM | {"amount": [1e30, 1e30]}]), "units of currency"),
        (line(claims=[CLAIM | {"amount": [0, 0]}]), "units of currency"),
        (line(claims=[CLAIM | {"years": "x"}]), "a whole number or null"),
        (line(claims=[CLAIM | {"amount_text": 5}]), "characters of the text"),
        (line(claims=[CLAIM | {"valuation_basis": "foo"}]), "valuation_basis is 'foo'"),
        (line(body=None), "body or html is missing"),
        (line(claims=[CLAIM | {"kind": "gift"}]), "kind is 'gift'"),
        (line(claims=[CLAIM | {"amount": [2, 1]}]), "bounds in wrong order"),
        (line(claims=[CLAIM | {"amount": [None, None]}]), "lower or an upper bound"),
        (line(claims=[CLAIM | {"payers": "Amazon"}]), "a list of names"),
    ],
)
def test_a_bad_line_is_skipped_with_its_number_and_the_others_are_taken(
    veille: Veille, bad: str, told: str
) -> None:
    ran = veille("import", "--claims", "-", stdin=bad + line())
    assert ran.code == 3
    assert f"-:1: {told}" in ran.err or ("-:1:" in ran.err and told in ran.err)
    assert len(veille("changes", "--json").lines) == 1


def test_html_is_read_and_the_line_keeps_its_own_words(veille: Veille) -> None:
    page = (
        "<html><head><title>Autre titre</title></head><body><article><h1>Autre titre</h1>"
        + "".join(f"<p>Un paragraphe sans somme, numéro {n}, assez long.</p>" for n in range(6))
        + "<p>Amazon verserait jusqu’à 50 milliards de dollars à OpenAI.</p>"
        + "</article></body></html>"
    )
    ran = veille("import", "--claims", "-", stdin=line(body=None, html=page))
    assert ran.code == 0
    (change,) = veille("changes", "--json").lines
    assert change["title"] == "Amazon et OpenAI"
    assert change["quote"] == "Amazon verserait jusqu’à 50 milliards de dollars à OpenAI."


def test_now_sets_seen_and_recorded_and_cannot_go_back(veille: Veille) -> None:
    veille("--now", "2026-02-01T00:00:00+00:00", "import", "--claims", "-", stdin=line())
    (change,) = veille("changes", "--json").lines
    assert change["seen"] == change["recorded"] == "2026-02-01T00:00:00+00:00"
    back = veille("--now", "2026-01-01T00:00:00+00:00", "import", "-", stdin=line())
    assert back.code == 2
    assert "goes back behind" in back.err
