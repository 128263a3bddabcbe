"""Changes as people paste and subscribe to them."""

from __future__ import annotations

from typing import Any
from xml.etree import ElementTree as ET

import pytest

from schedules.chronology import ATOM, in_atom, in_markdown, in_text, sentence


def figure(low: int | None, high: int | None, qualifier: str, stage: str) -> dict[str, Any]:
    return {
        "amount": [low, high],
        "currency": "USD",
        "qualifier": qualifier,
        "certainty": "rumoured",
        "stage": stage,
    }


LINE: dict[str, Any] = {
    "id": 7,
    "published": "2026-02-27T12:00:00+00:00",
    "recorded": "2026-02-27T12:06:00+00:00",
    "change": "confirmed",
    "also": ["amount_up"],
    "kind": "investment",
    "payers": ["Amazon"],
    "payee": "OpenAI",
    "before": figure(20 * 10**9, None, "more_than", "talks"),
    "after": figure(50 * 10**9, 50 * 10**9, "exact", "completed"),
    "outlet": "gazetteduweb.example",
    "sources": ["The Information"],
    "quote": "Amazon apporte 50 milliards.",
    "url": "https://gazetteduweb.example/1",
}
CONTEST = figure(20 * 10**9, 20 * 10**9, "exact", "talks") | {
    "contested": [
        {"amount": [20 * 10**9, 20 * 10**9], "sources": ["CNBC"]},
        {"amount": [None, 30 * 10**9], "sources": ["Bloomberg"]},
    ]
}


TALKS = figure(10 * 10**9, 10 * 10**9, "exact", "talks")
CORRECTED = LINE | {"change": "corrected", "also": [], "corrects": 3, "before": LINE["after"]}


@pytest.mark.parametrize(
    ("line", "language", "told"),
    [
        (
            CORRECTED | {"after": TALKS},
            "fr",
            "Amazon → OpenAI, investissement\u00a0: 10\u00a0Md$ (en discussion), et non "
            "50\u00a0Md$ (conclu) [rectificatif]",
        ),
        (
            CORRECTED,  # nothing else is known of the deal
            "fr",
            "Amazon → OpenAI, investissement\u00a0: 50\u00a0Md$ (conclu), information retirée "
            "[rectificatif]",
        ),
        (
            CORRECTED,
            "en",
            "Amazon → OpenAI, investment: $50bn (completed), withdrawn [corrected]",
        ),
        (
            LINE,
            "fr",
            "Amazon → OpenAI, investissement\u00a0: plus de 20\u00a0Md$ (en discussion) → "
            "50\u00a0Md$ (conclu) [confirmé, montant relevé]",
        ),
        (
            LINE,
            "en",
            "Amazon → OpenAI, investment: more than $20bn (talks) → $50bn (completed) "
            "[confirmed, amount raised]",
        ),
        (
            LINE | {"kind": "round", "before": None, "also": []},
            "en",
            "OpenAI, round: $50bn (completed) [confirmed]",
        ),
        (
            LINE | {"after": CONTEST, "before": None, "change": "contradiction", "also": []},
            "fr",
            "Amazon → OpenAI, investissement\u00a0: 20\u00a0Md$ ou jusqu’à 30\u00a0Md$ "
            "(en discussion, contesté) [chiffres contradictoires]",
        ),
    ],
)
def test_a_change_is_one_sentence(line: dict[str, Any], language: str, told: str) -> None:
    assert sentence(line, language) == told


def test_on_a_terminal_a_change_has_its_quote_its_credit_and_its_link() -> None:
    assert list(in_text([LINE], "en"))[1:] == [
        "            « Amazon apporte 50 milliards. »",
        "            gazetteduweb.example, says The Information  https://gazetteduweb.example/1",
    ]


def test_markdown_keeps_markup_of_the_press_as_text_and_links_to_the_web_only() -> None:
    hostile = LINE | {"quote": "[x](javascript:1) <b>", "url": "javascript:alert(1)"}
    first, _, note = in_markdown([hostile], "fr")
    assert first.endswith("\\[confirmé, montant relevé\\][^1]")
    assert note == (
        "[^1]: « \\[x\\]\\(javascript:1\\) \\<b\\> » gazetteduweb.example, d’après The "
        "Information, <>"
    )


def test_the_feed_is_xml_whatever_the_press_says_newest_first() -> None:
    hostile = LINE | {"id": 8, "quote": "]]> \x00 \ud800 <script>", "outlet": "&"}
    feed = ET.fromstring(in_atom([LINE, hostile], "fr", "2026-03-01T00:00:00+00:00").encode())
    ids = [entry.findtext(f"{{{ATOM}}}id") for entry in feed.findall(f"{{{ATOM}}}entry")]
    assert ids == ["urn:veille:change:8", "urn:veille:change:7"]
    assert feed.findtext(f".//{{{ATOM}}}summary") == "« ]]>   <script> »"
