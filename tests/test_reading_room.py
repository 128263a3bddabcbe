"""What the pages of the reading room say, and what a browser is told about them."""

from __future__ import annotations

import csv
import io
import subprocess
from pathlib import Path

import pytest

from tests.conftest import VEILLE
from tests.reading_rooms import Room, ledger_of_the_press, room_of


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return ledger_of_the_press(tmp_path_factory.mktemp("room"))


@pytest.fixture(scope="module")
def room(ledger: Path) -> Room:
    return room_of(ledger)


def amazon_deal(room: Room) -> dict:
    (deal,) = [
        deal
        for deal in room.json("/deals.json")["deals"]
        if deal["payers"] == ["Amazon"] and deal["payee"] == "OpenAI"
    ]
    return deal


def test_the_front_page_tells_what_changed_and_leads_to_deal_and_article(room: Room) -> None:
    page = room.get("/").text
    newest = room.json("/changes.json")["changes"][0]
    assert newest["title"] in page
    assert f'href="/deal/{newest["deal"]}"' in page
    assert f'href="/article/{newest["article"]}"' in page
    assert "Md$" in page


@pytest.mark.parametrize(
    ("choice", "value", "holds"),
    [
        ("company", "Amazon", lambda c: c["payee"] == "Amazon" or "Amazon" in c["payers"]),
        ("kind", "valuation", lambda c: c["kind"] == "valuation"),
        ("change", "confirmed", lambda c: c["change"] == "confirmed"),
        ("since", "2026-02-01", lambda c: c["published"] >= "2026-02-01"),
        ("until", "2025-04-01", lambda c: c["published"] < "2025-04-02"),
    ],
)
def test_a_filter_leaves_only_what_was_asked_for(room, choice, value, holds) -> None:
    first = room.json("/changes.json")
    older = room.json(f"/changes.json?before={first['older']}")
    everything = first["changes"] + older["changes"]
    chosen = room.json(f"/changes.json?{choice}={value}")["changes"]
    assert chosen == [change for change in everything if holds(change)]
    assert 0 < len(chosen) < len(everything)


def test_the_front_page_says_who_joined_a_round(room: Room) -> None:
    (joined,) = room.json("/changes.json?change=new_investor")["changes"]
    page = room.get("/?change=new_investor").text
    assert f"({', '.join(joined['payers'])})" in page


def test_a_room_that_knows_only_the_past_leads_to_it(tmp_path: Path) -> None:
    command = [str(VEILLE), "init", ".", "--dossier"]
    subprocess.run(command, check=True, capture_output=True, cwd=tmp_path)
    room = room_of(tmp_path / "veille.db")
    page = room.get("/").text
    assert "affaires déjà connues" in page
    assert "Dernier article" not in page
    # the dossier dates its facts: they make the line of the valuations
    drawn = room.get("/company/OpenAI").text
    assert "point told confirmed" in drawn
    assert "point echo" not in drawn


def test_a_valuation_that_an_article_only_recalls_is_no_step_of_the_line(room: Room) -> None:
    page = room.get("/company/OpenAI").text
    known = [one for one in room.json("/company/OpenAI.json")["own"] if one["kind"] == "valuation"]
    recalled = [one for one in known if one["amount"] == [157 * 10**9] * 2]
    assert f'href="/deal/{recalled[0]["id"]}" class="point echo confirmed"' in page
    assert page.count('class="point told') > 2


def test_a_drawing_is_there_for_a_window_and_for_a_telephone(room: Room) -> None:
    for path in (f"/deal/{amazon_deal(room)['id']}", "/company/OpenAI"):
        page = room.get(path).text
        assert page.count('<svg class="chart wide"') == page.count('<svg class="chart narrow"') == 1
    assert '<svg class="graph wide"' in page
    assert '<svg class="graph narrow"' in page


def test_a_deal_shows_belief_chart_and_a_link_to_each_sentence(room: Room) -> None:
    deal = amazon_deal(room)
    page = room.get(f"/deal/{deal['id']}").text
    assert '<p class="belief">50\u00a0Md$</p>' in page
    assert '<svg class="chart wide"' in page
    for claim in room.json(f"/deal/{deal['id']}.json")["claims"]:
        assert f'href="/article/{claim["article"]}#claim-{claim["position"]}"' in page


def test_an_article_marks_its_claims_in_place(room: Room) -> None:
    found = room.json("/article/1.json")
    page = room.get("/article/1").text
    assert found["claims"]
    for claim in found["claims"]:
        if claim["start"] is not None:
            assert f'id="claim-{claim["position"]}"' in page
    runs = [run for paragraph in found["paragraphs"] for run in paragraph]
    text = "".join(piece["text"] for run in runs for piece in run["pieces"])
    assert text == found["text"].replace("\n", "")
    marked = "".join(p["text"] for run in runs if run["quoted"] for p in run["pieces"])
    assert found["claims"][0]["quote"][:40] in marked


def test_the_sheet_of_a_page_holds_the_values_of_the_page(room: Room) -> None:
    rows = list(csv.DictReader(io.StringIO(room.get("/deals.csv").text)))
    deals = room.json("/deals.json")["deals"]
    assert [row["id"] for row in rows] == [deal["id"] for deal in deals]


def test_a_page_speaks_the_language_that_was_chosen(room: Room) -> None:
    assert 'lang="fr"' in room.get("/").text
    english = room.get("/?lang=en")
    assert 'lang="en"' in english.text
    assert "What changed" in english.text
    assert "veille_language=en" in english.headers["set-cookie"]
    assert 'lang="en"' in room.get("/deals", cookies={"veille_language": "en"}).text
    assert 'lang="en"' in room.get("/", headers={"accept-language": "en-GB,fr;q=0.5"}).text


@pytest.mark.parametrize(
    "path", ["/", "/deals.json", "/nothing", "/veille/claims", "/room/room.css"]
)
def test_every_answer_bears_the_headers_that_keep_a_browser_safe(room: Room, path: str) -> None:
    headers = room.get(path).headers
    policy = headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "", "localhost@evil"])
def test_a_name_that_is_not_the_rooms_is_refused(room: Room, host: str) -> None:
    assert room.get("/", headers={"host": host}).status_code == 421


@pytest.mark.parametrize("host", ["127.0.0.1:8001", "localhost", "[::1]:8001", "LOCALHOST."])
def test_names_of_this_machine_are_answered(room: Room, host: str) -> None:
    assert room.get("/", headers={"host": host}).status_code == 200


def test_a_further_name_is_answered_when_it_was_given(ledger: Path) -> None:
    named = room_of(ledger, names=("Room.example",))
    assert named.get("/", headers={"host": "room.example"}).status_code == 200


@pytest.mark.parametrize("path", ["/deal/0123", "/article/999999", "/nothing", "/veille/nothing"])
def test_what_is_not_there_is_a_page_that_says_so(room: Room, path: str) -> None:
    answer = room.get(path)
    assert answer.status_code == 404
    assert "Traceback" not in answer.text


@pytest.mark.parametrize("path", ["/veille.db", "/_internal", "/-/patterns", "/-/allow-debug"])
def test_neither_the_file_nor_tools_of_developers_are_served(room: Room, path: str) -> None:
    assert room.get(path).status_code in (403, 404)
