"""What the press might put into a title, a quote, a name or an address stays text everywhere."""

from __future__ import annotations

import csv
import io
import json
import subprocess
from collections.abc import Callable
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit
from xml.etree import ElementTree as ET

import pytest

from pipelines.reading_room.beliefs import Beliefs
from pipelines.reading_room.settings import settings_of
from pipelines.reading_room.standalone import page
from pipelines.store import Store
from tests.conftest import VEILLE
from tests.hostile import ADDRESSES, HOSTILE
from tests.reading_rooms import Room, room_of

#: What would set `window.XSS` wherever it were taken for markup.
ATTACKS = (
    "<script>window.XSS=1</script>",
    '"><img src=x onerror="window.XSS=1">',
    "' onmouseover=window.XSS=1 autofocus onfocus=window.XSS=1 x='",
    "</title></textarea></style></svg></mark><script>window.XSS=1</script>",
    "<svg onload=window.XSS=1>",
    "javascript:window.XSS=1",
    "<iframe srcdoc='<script>parent.XSS=1</script>'>",
    "\x02<b onclick=window.XSS=1>\x03",
    "{{ cycler.__init__.__globals__ }}{% raw %}",
)


def hostile_ledger(folder: Path) -> Path:
    """Every hostile text as title, body, outlet, payer, payee and source; addresses as URLs."""
    texts = [*ATTACKS, *HOSTILE.values()]
    # an address that cannot be split is refused before it comes to the ledger
    addresses = [one for one in ADDRESSES if "[" not in one]
    lines = []
    for number, text in enumerate(texts):
        address = addresses[number % len(addresses)]
        amount = f"{number + 2} milliards de dollars"
        lines.append(
            {
                "url": f"{address}{'' if number < len(addresses) else f'?{number}'}",
                "outlet": text or "sans nom",
                "published": f"2026-01-{number % 27 + 1:02}T10:00:00+01:00",
                "title": text,
                "body": f"{text}\n\nSelon {text}, ce sera {amount} {text}.",
                "claims": [
                    {
                        "kind": kind,
                        "payers": [text or "?"],
                        "payee": payee,
                        "amount": [(number + 2) * 10**9, (number + 2) * 10**9],
                        "qualifier": "exact",
                        "certainty": "rumoured",
                        "stage": "talks",
                        "sources": [text],
                        "background": False,
                        "amount_text": amount,
                    }
                    for kind, payee in (("investment", "OpenAI"), ("round", text or "?"))
                ],
            }
        )
    path = folder / "hostile.jsonl"
    # what cannot be UTF-8 cannot come from a page either: parsers put U+FFFD in its place
    plain = "\n".join(
        json.dumps(line, ensure_ascii=False).encode("utf-8", "replace").decode() for line in lines
    )
    path.write_text(plain, "utf-8")
    database = folder / "veille.db"
    command = [str(VEILLE), "--db", str(database), "import", "--claims", str(path)]
    done = subprocess.run(command, capture_output=True, text=True, cwd=folder, check=False)
    assert done.returncode == 0, done.stderr
    return database


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Room:
    return room_of(hostile_ledger(tmp_path_factory.mktemp("hostile")))


def pages(get: Callable[[str], Any]) -> list[str]:
    """Every page of every kind that the ledger has; `get` gives the JSON of one."""
    changes = get("/changes.json?silent=1")["changes"]
    companies = get("/companies.json")["companies"]
    outlets = get("/outlets.json")["outlets"]
    return [
        "/",
        "/?silent=1",
        "/deals",
        "/companies",
        "/outlets",
        "/sources",
        "/review",
        "/veille",
        "/search?q=milliards",
        f"/search?q={quote(ATTACKS[1])}",
        f"/?company={quote(ATTACKS[0])}",
        f"/?lang={quote(ATTACKS[1])}&x={quote(ATTACKS[1])}",
        "/veille/articles?_facet=outlet&_facet=title",
        "/veille/articles?_search=script",
        f"/veille/claims?payee={quote(ATTACKS[1])}&_facet=payee",
        "/veille/claims_in_context",
        "/veille/latest_changes?_facet=payee&_facet_array=payers",
        "/veille/recent_changes",
        "/veille/claims_by_investor?investor=" + quote(ATTACKS[0]),
        "/veille?sql=select+title,+url+from+articles",
        "/veille?sql=" + quote(ATTACKS[0]),
        *(f"/veille/articles/{n}" for n in range(1, 8)),
        *sorted({f"/deal/{c['deal']}" for c in changes}),
        *sorted({f"/article/{c['article']}" for c in changes}),
        *(f"/company/{quote(one['company'], safe='')}" for one in companies),
        *(f"/outlet/{quote(one['outlet'], safe='')}" for one in outlets),
    ]


class Markup(HTMLParser):
    """What a browser would act on."""

    def __init__(self) -> None:
        super().__init__()
        self.wrong: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("script", "img", "iframe", "object", "embed", "base", "b"):
            self.wrong.append(f"<{tag}> {attrs}")
        for name, value in attrs:
            if name.startswith("on") or name in ("style", "srcdoc", "autofocus"):
                self.wrong.append(f"{tag} {name}={value}")
            if name in ("href", "src", "action", "formaction"):
                parts = urlsplit(value or "")
                ours = not parts.scheme and not parts.netloc
                if not ours and parts.scheme not in ("http", "https"):
                    self.wrong.append(f"{tag} {name}={value}")


def test_nothing_of_the_press_becomes_markup_on_any_page(room: Room) -> None:
    wrong = {}
    for path in pages(room.json):
        answer = room.get(path, follow_redirects=True)
        expected = (200, 400) if path.startswith("/veille?sql") else (200,)
        assert answer.status_code in expected, (path, answer.status_code)
        markup = Markup()
        markup.feed(answer.text)
        if markup.wrong:
            wrong[path] = markup.wrong
    assert wrong == {}


@pytest.mark.parametrize(
    "path",
    [
        "/changes.csv?silent=1",
        "/deals.csv",
        "/companies.csv",
        "/outlets.csv",
        "/search.csv?q=milliards",
        "/veille/articles.csv",
        "/veille/claims.csv?_stream=1",
        "/veille/recent_changes.csv",
        "/veille.csv?sql=select+title,+outlet+from+articles",
    ],
)
def test_no_cell_of_a_sheet_is_a_formula(room: Room, path: str) -> None:
    cells = [cell for row in csv.reader(io.StringIO(room.get(path).text)) for cell in row]
    assert len(cells) > 10
    assert [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r"))] == []


def test_the_feed_is_well_formed_and_links_only_to_the_web(room: Room) -> None:
    feed = ET.fromstring(room.get("/veille/recent_changes.atom").content)
    atom = "{http://www.w3.org/2005/Atom}"
    entries = feed.findall(f"{atom}entry")
    assert len(entries) > 20
    for link in feed.iter(f"{atom}link"):
        assert urlsplit(link.get("href", "")).scheme in ("http", "https", "")


def test_exports_say_what_they_are(room: Room) -> None:
    for path, kind in (
        ("/veille/articles.json", "application/json"),
        ("/veille/articles.csv", "text/csv"),
        ("/deals.json", "application/json"),
        ("/deals.csv", "text/csv"),
        ("/veille/recent_changes.atom", "application/xml"),
    ):
        headers = room.get(path).headers
        assert headers["content-type"].startswith(kind), (path, headers["content-type"])
        assert headers["x-content-type-options"] == "nosniff"


def test_a_deal_as_one_page_is_as_safe(room: Room) -> None:
    settings = settings_of(room.application)
    assert settings is not None
    wrong = {}
    database = room.application.get_database("veille")
    with Store.open(database.path, read_only=True) as store:
        deals = Beliefs().all(store.db.conn)
        assert len(deals) > 20
        for deal in deals:
            markup = Markup()
            made = datetime(2026, 1, 1, tzinfo=UTC)
            markup.feed(page(store.db.conn, deal, settings, language="fr", made=made))
            if markup.wrong:
                wrong[deal.id] = markup.wrong
    assert wrong == {}
