"""What the pages compute: records of sources, lags, circles of money, differences, drawings."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from pipelines.money import Amount
from pipelines.reading_room.article import difference, highlighted
from pipelines.reading_room.chart import Point, draw
from pipelines.reading_room.company import circles
from pipelines.reading_room.outlet import lags
from pipelines.reading_room.sheets import cell_of_sheet
from pipelines.reading_room.sources import judged
from pipelines.reading_room.words import WORDS
from pipelines.records import Claim, Corroboration, Deal, Figure
from tests.conftest import ROOT

START = datetime(2026, 1, 1, tzinfo=UTC)
BILLION = 10**9


def deal(
    identity: str, payers: str, payee: str, certainty: Any = "confirmed", top: int = 50
) -> Deal:
    figure = Figure((top * BILLION, top * BILLION), "USD", "exact", certainty, "announced")
    none = Corroboration(1, 1, ())
    names = tuple(payers.split("+"))
    return Deal(identity, (), "investment", names, payee, figure, START, START, (), (), none)


def rumour(identity: str, day: int, billions: int, *sources: str) -> dict[str, Any]:
    return {
        "deal": identity,
        "at": (START + timedelta(days=day)).isoformat(),
        "low": billions * BILLION,
        "high": billions * BILLION,
        "currency": "USD",
        "sources": list(sources),
    }


def test_a_source_is_judged_by_its_first_rumour_about_each_deal() -> None:
    deals = {
        "a": deal("a", "Amazon", "OpenAI"),
        "b": deal("b", "Nvidia", "OpenAI", "denied"),
        "c": deal("c", "Oracle", "OpenAI", "rumoured"),
    }
    told = [
        rumour("a", 0, 40, "Reuters"),
        rumour("a", 5, 50, "Reuters", "Bloomberg"),
        rumour("b", 6, 100, "Reuters"),
        rumour("c", 7, 10, "Reuters"),
        rumour("gone", 8, 10, "Reuters"),
    ]
    confirmed = {"a": (START + timedelta(days=10)).isoformat()}
    records = judged(told, confirmed, deals)
    reuters, bloomberg = records["Reuters"], records["Bloomberg"]
    assert (reuters.rumours, reuters.confirmed, reuters.denied) == (3, 1, 1)
    assert reuters.days == [10]
    assert reuters.errors == [pytest.approx(0.2)]
    assert (bloomberg.rumours, bloomberg.days, bloomberg.errors) == (1, [5], [0])


def test_an_outlet_lags_behind_the_first_and_a_deal_told_alone_says_nothing() -> None:
    def report(deal: str, outlet: str, hours: int) -> dict[str, str]:
        at = START + timedelta(hours=hours)
        return {"deal": deal, "outlet": outlet, "at": at.isoformat()}

    found = lags([report("a", "x", 0), report("a", "y", 4), report("b", "y", 0)])
    assert found["x"] == {"deals": 1, "firsts": 1, "lag": 0}
    assert found["y"] == {"deals": 2, "firsts": 0, "lag": 4 * 3600}


@pytest.mark.parametrize(
    ("edges", "ways"),
    [
        ("Microsoft>OpenAI OpenAI>Microsoft", ["Microsoft>OpenAI OpenAI>Microsoft"]),
        ("Microsoft>OpenAI", []),
        (
            "OpenAI>Oracle Oracle>Nvidia Nvidia>OpenAI",
            ["Nvidia>OpenAI OpenAI>Oracle Oracle>Nvidia"],
        ),
        ("Amazon>Anthropic Anthropic>Amazon", []),
        ("A>OpenAI OpenAI>B B>C C>D D>A", []),
    ],
)
def test_money_that_comes_back_is_found(edges: str, ways: list[str]) -> None:
    deals = [deal(f"{n}", *edge.split(">")) for n, edge in enumerate(edges.split(" "))]
    found = circles("OpenAI", deals)
    assert [" ".join(f"{a}>{b}" for a, b, _ in loop) for loop in found] == ways


def test_a_denied_payment_closes_no_circle() -> None:
    deals = [deal("a", "Nvidia", "OpenAI", "denied"), deal("b", "OpenAI", "Nvidia")]
    assert circles("OpenAI", deals) == []


@pytest.mark.parametrize(
    ("before", "after", "pieces"),
    [
        ("Un. Deux.", "Un. Deux.", []),
        ("Un.", "Un. Deux.", [[("added", "Deux.")]]),
        ("Un. Deux.", "Deux.", [[("removed", "Un.")]]),
        (
            "Ce sera 40 milliards.",
            "Ce sera 41 milliards.",
            [[("same", "Ce sera"), ("removed", "40"), ("added", "41"), ("same", "milliards.")]],
        ),
    ],
)
def test_a_difference_is_told_word_by_word(before: str, after: str, pieces: list[Any]) -> None:
    assert difference(before, after) == pieces


def claim(start: int | None, end: int | None, amount: int | None, words: str = "") -> Claim:
    money = Amount(BILLION, BILLION)
    return Claim(
        "investment",
        (),
        "OpenAI",
        money,
        "confirmed",
        "announced",
        amount_text=words,
        amount_start=amount,
        start=start,
        end=end,
    )


def test_overlapping_quotes_are_marked_once_and_each_claim_has_its_anchor() -> None:
    text = "Avant.\n\nAmazon met 50, Nvidia 30.\n\nAprès."
    start, end = text.index("Amazon"), text.index("30.") + 3
    claims = [
        claim(start, end, text.index("50"), "50"),
        claim(start, end, text.index("30"), "30"),
        claim(None, None, None),
    ]
    first, second, third = highlighted(text, claims)
    assert [run["quoted"] for run in (*first, *second, *third)] == [False, True, False]
    pieces = second[0]["pieces"]
    assert "".join(piece["text"] for piece in pieces) == "Amazon met 50, Nvidia 30."
    assert [piece["text"] for piece in pieces if piece["amount"]] == ["50", "30"]
    assert pieces[0]["begins"] == [0, 1]


def point(day: int, certainty: Any, *amounts: Amount) -> Point:
    return Point(START + timedelta(days=day), amounts, certainty, True, "/x", "mots <b>")


def test_the_shape_of_a_mark_says_how_sure_a_figure_is() -> None:
    drawing = draw(
        [
            point(0, "rumoured", Amount(None, 50 * BILLION, "USD", "up_to")),
            point(9, "confirmed", Amount(50 * BILLION, 50 * BILLION)),
            point(20, "denied", Amount(50 * BILLION, 50 * BILLION)),
        ],
        "fr",
        "Titre & <b>",
    )
    svg = ET.fromstring(drawing)  # well formed, everything escaped
    marks = {link.get("class", "").split()[-1]: link for link in svg.iter("a")}
    assert marks["confirmed"].find("circle") is not None
    assert marks["rumoured"].find("circle") is None
    assert any(path.get("class") == "span" for path in marks["rumoured"].iter("path"))
    assert not any(path.get("class") == "span" for path in marks["confirmed"].iter("path"))
    assert "jusqu’à 50\u00a0Md$" in [text.text for text in svg.iter("text")]


def test_nothing_is_drawn_of_nothing() -> None:
    assert draw([], "fr", "") == ""


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        ("=1+1", "'=1+1"),
        ("@x", "'@x"),
        ("-5", "'-5"),
        (-5, "-5"),
        (None, ""),
        (True, "1"),
        (["a", "b"], "a, b"),
        ({"a": 1}, '{"a": 1}'),
        ("\t=x", "'=x"),
        ("a\r\nb", "a b"),
    ],
)
def test_a_cell_is_never_a_formula(value: Any, cell: str) -> None:
    assert cell_of_sheet(value) == cell


def test_every_phrase_is_used_somewhere() -> None:
    folder = ROOT / "pipelines" / "reading_room"
    pages = "".join(path.read_text("utf-8") for path in folder.rglob("*.html"))
    pages += "".join(p.read_text("utf-8") for p in folder.glob("*.py") if p.name != "words.py")
    assert [key for key in WORDS if f'"{key}"' not in pages and f"'{key}'" not in pages] == []
