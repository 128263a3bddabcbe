"""Datasette as its users know it: tables, views, ready queries, facets, labels; and its limits."""

from __future__ import annotations

import csv
import html
import io
import json
import re
import subprocess
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from pipelines.reading_room.catalogue import HIDDEN, TABLES
from pipelines.reading_room.queries import QUERIES
from tests.conftest import VEILLE
from tests.reading_rooms import Room, ledger_of_the_press, room_of


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return ledger_of_the_press(tmp_path_factory.mktemp("datasette"))


@pytest.fixture(scope="module")
def room(ledger: Path) -> Room:
    return room_of(ledger)


def test_every_table_has_a_name_for_readers_or_is_out_of_sight(room: Room) -> None:
    page = room.json("/veille.json")
    shown = {table["name"] for table in page["tables"] if not table["hidden"]}
    shown |= {view["name"] for view in page["views"]}
    assert shown - set(HIDDEN) <= set(TABLES)


@pytest.mark.parametrize("language", ["fr", "en"])
def test_tables_and_queries_are_told_in_both_languages(room: Room, language: str) -> None:
    page = room.get(f"/veille?lang={language}").text
    place = ("fr", "en").index(language)
    for title in (TABLES["claims"][place], QUERIES["recent_changes"].title[place]):
        assert title in page
    assert TABLES["claims"][2 + place] in room.get(f"/veille/claims?lang={language}").text


@pytest.mark.parametrize("name", list(QUERIES))
def test_a_ready_query_answers_with_rows(room: Room, name: str) -> None:
    found = room.json(f"/veille/{name}.json?investor=Amazon")
    assert found["rows"] or name == "open_contradictions"
    assert not found["truncated"]


def test_a_table_has_facets_descriptions_and_search(room: Room) -> None:
    found = room.json("/veille/claims.json?_facet=payee&_size=1")
    counts = {one["value"]: one["count"] for one in found["facet_results"]["payee"]["results"]}
    assert counts["OpenAI"] > 10
    page = room.get("/veille/claims_in_context?lang=en").text
    assert "Who gets the money" in page
    hits = room.json("/veille/articles.json?_search=recapitulatif&_shape=array")
    assert 0 < len(hits) < 5


def test_a_foreign_key_shows_the_title_and_our_columns_lead_to_our_pages(room: Room) -> None:
    (claim,) = room.json("/veille/claims.json?_size=1&_labels=on&_shape=array")
    title = claim["article"]["label"]
    assert len(title) > 20
    page = room.get("/veille/claims?_size=1").text
    assert title in page
    assert f'href="/company/{claim["payee"]}"' in page
    assert 'href="/deal/' in room.get("/veille/latest_changes?_size=3").text


def test_the_feed_tells_the_changes(room: Room) -> None:
    feed = ET.fromstring(room.get("/veille/recent_changes.atom").content)
    titles = [e.text or "" for e in feed.iter("{http://www.w3.org/2005/Atom}title")]
    assert (
        "Confirmé\u00a0: Amazon → OpenAI, investissement, jusqu’à 50\u00a0Md$ → 50\u00a0Md$"
        in titles
    )


def test_a_row_is_read_from_top_to_bottom_and_names_only_what_points_to_it(room: Room) -> None:
    page = room.get("/veille/articles/1").text
    assert "<table" not in page
    assert ">title</dt><dd>" in page.replace("\n", "")
    assert ">0 lignes<" not in page


def test_a_table_of_the_press_shows_first_what_people_read(room: Room) -> None:
    overview = room.get("/veille").text
    (address,) = re.findall(r'href="(/veille/articles\?[^"]*)"', overview)
    page = room.get(html.unescape(address)).text
    assert "sort_desc=title" in page or "_sort=title" in page
    assert "_sort=canonical_url" not in page


def test_a_sheet_of_a_table_holds_all_rows_when_asked_to(room: Room) -> None:
    (count,) = room.json("/veille.json?sql=select+count(*)+as+n+from+claims&_shape=arrays")["rows"]
    rows = list(csv.DictReader(io.StringIO(room.get("/veille/claims.csv?_stream=1").text)))
    assert len(rows) == count[0]
    few = csv.DictReader(io.StringIO(room.get("/veille/claims.csv?payee=Stargate").text))
    assert {row["payee"] for row in few} == {"Stargate"}


@pytest.mark.parametrize(
    "sql",
    [
        "delete from articles",
        "update articles set title = ''",
        "attach 'x.db' as x",
        "pragma journal_mode = delete",
        "insert into forgotten values ('a', 'b')",
        "with x as (select 1) delete from articles",
        "create table x (a)",
    ],
)
def test_sql_only_reads(room: Room, sql: str) -> None:
    before = room.json("/veille/articles.json?_size=1")["filtered_table_rows_count"]
    assert room.get("/veille", params={"sql": sql}).status_code in (400, 403)
    assert room.json("/veille/articles.json?_size=1")["filtered_table_rows_count"] == before


def test_a_query_that_takes_too_long_is_stopped(ledger: Path) -> None:
    room = room_of(ledger, patience=100)
    endless = "with recursive n(i) as (select 1 union all select i + 1 from n) select max(i) from n"
    answer = room.get("/veille.json", params={"sql": endless})
    assert answer.status_code == 400
    assert "interrupted" in answer.text.lower() or "time" in answer.text.lower()


@pytest.mark.parametrize(("public", "seconds"), [(False, 10), (True, 0.5)])
def test_a_query_may_take_ten_seconds_of_the_owner_and_half_a_second_of_strangers(
    ledger: Path, public: bool, seconds: float
) -> None:
    room = room_of(ledger, public=public, patience=None)
    assert room.application.sql_time_limit_ms == 1000 * seconds


def test_a_query_returns_a_thousand_rows_at_most(room: Room) -> None:
    many = (
        "with recursive n(i) as (select 1 union all select i + 1 from n limit 5000) select * from n"
    )
    found = room.get("/veille.json", params={"sql": many}).json()
    assert (len(found["rows"]), found["truncated"]) == (1000, True)


def test_nothing_can_be_sent_to_the_room(room: Room) -> None:
    client = room.application.client
    import asyncio

    for method in ("post", "put", "delete", "patch"):
        answer = asyncio.run(getattr(client, method)("/veille"))
        assert answer.status_code == 405


def test_an_open_contradiction_stands_on_the_front_page_with_both_sides(tmp_path: Path) -> None:
    def line(number: int, source: str, billions: int) -> str:
        amount = f"{billions} milliards de dollars"
        claim = {
            "kind": "investment",
            "payers": ["SoftBank"],
            "payee": "OpenAI",
            "amount": [billions * 10**9, billions * 10**9],
            "qualifier": "exact",
            "certainty": "rumoured",
            "stage": "talks",
            "sources": [source],
            "background": False,
            "amount_text": amount,
        }
        return json.dumps(
            {
                "url": f"https://site{number}.example/1",
                "outlet": f"site{number}.example",
                "published": f"2026-01-10T1{number}:00:00+01:00",
                "title": f"SoftBank mettrait {amount}",
                "body": f"SoftBank mettrait {amount} dans OpenAI, selon {source}.",
                "claims": [claim],
            }
        )

    source = tmp_path / "two.jsonl"
    source.write_text(f"{line(1, 'Reuters', 30)}\n{line(2, 'Bloomberg', 45)}\n", "utf-8")
    database = tmp_path / "veille.db"
    command = [str(VEILLE), "--db", str(database), "import", "--claims", str(source)]
    subprocess.run(command, check=True, capture_output=True, cwd=tmp_path)
    room = room_of(database)
    (deal,) = room.json("/changes.json")["contested"]
    front = room.get("/").text
    assert "30\u00a0Md$ (Reuters) ou 45\u00a0Md$ (Bloomberg)" in front
    page = room.get(f"/deal/{deal['id']}").text
    assert "contesté" in page
    last = page.split('class="point told')[-1].split("</a>")[0]
    assert last.count('<path d="M') == 2  # a mark for each side
    assert len(room.json("/veille/open_contradictions.json")["rows"]) == 2
