"""A room for other readers shows facts and links, and of the press's own words very little."""

from __future__ import annotations

import json
import re
import socket
import subprocess
from pathlib import Path
from typing import Any

import pytest

from pipelines.reading_room.settings import PUBLIC_QUOTE
from tests.conftest import VEILLE
from tests.reading_rooms import Room, ledger_of_the_press, room_of


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return ledger_of_the_press(tmp_path_factory.mktemp("public"))


@pytest.fixture(scope="module")
def public(ledger: Path) -> Room:
    return room_of(ledger, public=True)


@pytest.mark.parametrize(
    "path",
    [
        "/veille?sql=select+text+from+articles",
        "/veille.json?sql=select+text+from+articles",
        "/veille/articles",
        "/veille/articles.json",
        "/veille/articles/1",
        "/veille/articles.csv?_stream=1",
        "/veille/claims",
        "/veille/claims_in_context.csv",
        "/veille/articles_text",
        "/veille/articles_text_content",
        "/veille/outbox",
        "/veille/prepared",
        "/veille/sqlite_master",
        "/veille/changes?_where=1=1",
        "/veille.db",
        "/-/databases",
        "/-/metadata.json",
        "/-/settings",
        "/-/plugins",
    ],
)
def test_texts_quotes_and_sql_of_others_are_out_of_reach(public: Room, path: str) -> None:
    assert public.get(path).status_code in (403, 404, 400)


def strings(shape: Any) -> list[str]:
    """Every text in a JSON value."""
    if isinstance(shape, str):
        return [shape]
    if isinstance(shape, dict):
        return [text for value in shape.values() for text in strings(value)]
    return [text for value in shape for text in strings(value)] if isinstance(shape, list) else []


def test_no_answer_repeats_more_of_a_text_than_a_short_extract(ledger: Path, public: Room) -> None:
    private = room_of(ledger)
    texts = private.json("/veille/articles.json?_shape=array&_size=max")
    bodies = [" ".join(row["text"].split()) for row in texts if row["text"]]
    assert len(bodies) > 20
    titles = {row["title"] for row in texts}
    deals = [deal["id"] for deal in public.json("/deals.json")["deals"]]
    paths = [
        "/",
        "/?silent=1",
        "/changes.json?silent=1",
        "/changes.csv?silent=1",
        "/search?q=milliards",
        "/search.json?q=milliards",
        "/review",
        "/veille/recent_changes.json",
        "/veille/recent_changes.atom",
        "/veille/claims_by_investor.json?investor=Amazon",
        "/veille/latest_changes.json",
        *(f"/deal/{deal}" for deal in deals[:12]),
        *(f"/deal/{deal}.json" for deal in deals[:12]),
        *(f"/article/{row['id']}" for row in texts[:12]),
        *(f"/article/{row['id']}.json" for row in texts[:12]),
    ]
    told = []
    for path in paths:
        answer = public.get(path)
        assert answer.status_code == 200, path
        words = " ".join(re.sub(r"<[^>]*>", "", answer.text).split())
        if path.endswith(".json"):
            words = "\n".join(strings(json.loads(answer.text)))
        for body in bodies:
            for start in range(0, len(body) - PUBLIC_QUOTE, 40):
                piece = body[start : start + PUBLIC_QUOTE + 1]
                if piece in words and not any(piece in title for title in titles):
                    told.append((path, piece))
    assert told == []


def test_a_private_room_does_show_them(ledger: Path) -> None:
    private = room_of(ledger)
    assert private.get("/veille?sql=select+1").status_code == 200
    assert private.json("/article/1.json")["text"]


def test_a_public_room_says_that_the_text_is_not_shown(public: Room) -> None:
    assert "n’est pas montré" in public.get("/article/1").text


def test_a_room_that_others_can_reach_must_be_public(ledger: Path) -> None:
    command = [str(VEILLE), "--db", str(ledger), "browse", "--host", "0.0.0.0"]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ledger.parent, check=False)
    assert done.returncode == 2
    assert "--public" in done.stderr


def deal_page(ledger: Path, folder: Path, *more: str) -> str:
    room = room_of(ledger)
    (deal,) = [
        deal["id"]
        for deal in room.json("/deals.json")["deals"]
        if deal["payers"] == ["Amazon"] and deal["payee"] == "OpenAI"
    ]
    target = folder / "deal.html"
    command = [str(VEILLE), "--db", str(ledger), "deals", deal, "--html", str(target), *more]
    subprocess.run(command, check=True, capture_output=True, cwd=folder)
    return target.read_text("utf-8")


def test_a_deal_as_one_page_holds_everything_and_loads_nothing(
    ledger: Path, tmp_path: Path
) -> None:
    page = deal_page(ledger, tmp_path)
    assert "50\u00a0Md$" in page
    assert '<svg class="chart wide"' in page
    assert "Qui l’a dit en premier" in page
    assert "#:~:text=" in page
    assert re.findall(r"<(?:script|link|img|iframe)\b", page) == []
    assert set(re.findall(r'(?:href|src)="(https?://[^/"]+)', page)) <= {
        f"https://{host}"
        for host in (
            "lenumerique.example",
            "capitalsilicium.example",
            "pucesetdonnees.example",
            "gazetteduweb.example",
            "echo-marches.example",
        )
    }
    assert "default-src 'none'" in page


def test_a_deal_as_one_page_speaks_english_too(ledger: Path, tmp_path: Path) -> None:
    page = deal_page(ledger, tmp_path, "--lang", "en")
    assert "$50bn" in page
    assert "Who was first" in page


def test_a_port_in_use_is_one_clear_message(ledger: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        command = [str(VEILLE), "--db", str(ledger), "browse", "--port", port]
        done = subprocess.run(
            command, capture_output=True, text=True, cwd=ledger.parent, check=False
        )
    assert done.returncode == 2
    assert "--port" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_database_that_is_not_there_is_one_clear_message(tmp_path: Path) -> None:
    command = [str(VEILLE), "--db", "nothing.db", "browse"]
    done = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, check=False)
    assert done.returncode == 2
    assert "nothing.db" in done.stderr
    assert not (tmp_path / "nothing.db").exists()
