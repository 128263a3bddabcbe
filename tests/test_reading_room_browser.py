"""The reading room in Chromium, as a reader walks through it. In CI a missing browser fails.

VEILLE_SCREENSHOTS=docs/images pytest tests/test_reading_room_browser.py -k pictured
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import VEILLE
from tests.reading_rooms import ledger_of_the_press
from tests.test_reading_room_hostile import hostile_ledger, pages

pytestmark = pytest.mark.browser

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = (
    "--no-sandbox --headless --disable-gpu --disable-background-networking --no-first-run "
    "--disable-sync --disable-component-update"
).split()
if CHROMIUM is None and not os.environ.get("CI"):
    pytest.skip("no Chromium: apt-get install chromium", allow_module_level=True)

#: Milliseconds that a browser may take for anything on a busy machine.
PATIENCE = 120_000
#: Of so many hostile pages one is also pointed at, which takes longer than to open it.
POINTED = 5
#: Every kind of page, Datasette's own too.
PAGES = (
    "/ /?company=Amazon&silent=1 /deals /deal/{deal} /article/{article} /companies /company/OpenAI "
    "/outlets /outlet/lenumerique.example /sources /search?q=Amazon /review /about /veille "
    "/veille/articles?_size=5 /veille/claims?_facet=payee&_size=5 /veille/latest_changes?_size=5 "
    "/veille/articles/1 /veille/confirmed_rumours /veille/claims_by_investor?investor=Coatue "
    "/veille?sql=select+1 /none"
).split()


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return ledger_of_the_press(tmp_path_factory.mktemp("browser"))


@pytest.fixture(scope="module")
def address(ledger: Path) -> Iterator[str]:
    with served(ledger) as url:
        yield url


@contextmanager
def served(ledger: Path) -> Iterator[str]:
    """`veille browse` as a user starts it."""
    command = [str(VEILLE), "--db", str(ledger), "browse", "--port", "0"]
    with subprocess.Popen(command, cwd=ledger.parent, stdout=subprocess.PIPE, text=True) as room:
        assert room.stdout
        url = room.stdout.readline().split()[0].rstrip("/")
        try:
            yield url
        finally:
            room.terminate()


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    assert CHROMIUM, "no Chromium: apt-get install chromium"
    with sync_playwright() as play:
        started = play.chromium.launch(executable_path=CHROMIUM, args=FLAGS, timeout=PATIENCE)
        yield started
        started.close()


class Reader:
    """A tab that notes what must not happen: console errors and requests to elsewhere."""

    def __init__(self, browser: Any, address: str, **given: Any) -> None:
        size = {"width": given.pop("width", 1100), "height": 800}
        self.context = browser.new_context(viewport=size, locale="fr-FR", **given)
        self.context.set_default_timeout(PATIENCE)
        self.page = self.context.new_page()
        self.address = address
        self.wrong: list[str] = []
        self.page.on("console", self._console)
        self.page.on("pageerror", lambda error: self.wrong.append(str(error)))
        self.page.on("request", self._request)

    def _console(self, message: Any) -> None:
        # a page that is not there is reported by the browser itself
        if message.type in ("error", "warning") and "404" not in message.text:
            self.wrong.append(message.text)

    def _request(self, request: Any) -> None:
        if not request.url.startswith(f"{self.address}/"):
            self.wrong.append(f"asked {request.url}")

    def go(self, path: str) -> Any:
        self.page.goto(self.address + path)
        return self.page


@pytest.fixture
def reader(browser: Any, address: str) -> Iterator[Reader]:
    reader = Reader(browser, address)
    yield reader
    reader.context.close()
    assert reader.wrong == []


def get_json(url: str) -> Any:
    with urllib.request.urlopen(url) as answer:
        return json.load(answer)


def addresses(address: str) -> list[str]:
    newest = get_json(f"{address}/changes.json")["changes"][0]
    return [path.format(deal=newest["deal"], article=newest["article"]) for path in PAGES]


def test_a_reader_walks_from_what_changed_to_the_sentence_that_proves_it(reader: Reader) -> None:
    from playwright.sync_api import expect

    page = reader.go("/?company=Amazon")
    page.get_by_role("link", name=re.compile("Amazon → OpenAI, investissement")).first.click()
    page.wait_for_url("**/deal/*")
    assert "50\u00a0Md$" in page.locator(".belief").inner_text()
    mark = page.locator("svg.chart.wide a.point.told").last
    place = mark.get_attribute("href")
    mark.locator("circle, path").first.click(force=True)
    page.wait_for_url(f"**{place}")
    anchor = page.locator(f"#{place.split('#')[1]}")
    expect(anchor).to_be_in_viewport(timeout=PATIENCE)  # it is scrolled to
    assert anchor.is_visible()
    sentence = anchor.locator("xpath=ancestor::mark").inner_text()
    assert "milliards" in sentence


def test_a_filter_keeps_what_was_chosen_and_shows_only_that(reader: Reader) -> None:
    page = reader.go("/")
    page.get_by_text("Filtrer").click()
    page.get_by_label("Société").select_option("Anthropic")
    page.get_by_label("Changement").select_option("confirmed")
    page.get_by_role("button", name="Appliquer").click()
    page.wait_for_url("**company=Anthropic**")
    assert page.get_by_label("Société").input_value() == "Anthropic"
    assert set(page.locator(".tag").all_inner_texts()) == {"Confirmé"}
    assert all("Anthropic" in words for words in page.locator(".move").all_inner_texts())


def test_a_search_marks_its_words_and_leads_to_the_article(reader: Reader) -> None:
    page = reader.go("/search")
    page.get_by_label("Chercher dans").fill("cerebras")
    page.get_by_role("button", name="Chercher").click()
    page.wait_for_url("**q=cerebras**")
    assert page.locator("mark").first.inner_text().lower() == "cerebras"
    page.locator("li.card a").first.click()
    page.wait_for_url("**/article/**")


def test_the_graph_of_a_company_shows_what_it_gets_and_pays_and_leads_on(reader: Reader) -> None:
    page = reader.go("/company/OpenAI")
    assert page.locator("svg.graph.wide .flow.in").count() >= 3
    assert page.locator("svg.graph.wide .flow.out").count() >= 2
    assert page.locator("svg.graph.wide .flow.loop").count() >= 2
    page.locator("svg.graph.wide a.node", has_text="Amazon").locator("rect").click()
    page.wait_for_url("**/company/Amazon")
    assert page.locator("h1").inner_text() == "Amazon"


def test_both_languages_are_a_click_apart_and_are_kept(reader: Reader) -> None:
    page = reader.go("/deals")
    page.get_by_role("link", name="EN", exact=True).click()
    page.wait_for_url("**lang=en")
    assert page.locator("h1").inner_text() == "Deals"
    page.get_by_role("link", name="Companies").click()
    page.wait_for_url("**/companies")
    assert page.locator("html").get_attribute("lang") == "en"
    page.get_by_role("link", name="FR", exact=True).click()
    page.wait_for_url("**lang=fr")
    assert page.locator("h1").inner_text() == "Sociétés"


def test_in_the_dark_paper_is_dark(browser: Any, address: str) -> None:
    reader = Reader(browser, address, color_scheme="dark")
    page = reader.go("/")
    colour = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert all(int(part) < 60 for part in re.findall(r"\d+", colour))
    reader.context.close()
    assert reader.wrong == []


def test_on_a_telephone_a_drawing_and_a_table_are_seen_whole(browser: Any, address: str) -> None:
    reader = Reader(browser, address, width=360)
    paths = {one.split("/")[1]: one for one in addresses(address)}
    for path in (paths["deal"], "/company/OpenAI", "/deals", "/outlets", "/sources"):
        page = reader.go(path)
        for seen in page.locator("svg:visible, table:visible").all():
            box = seen.bounding_box()
            assert 0 <= box["x"] <= box["x"] + box["width"] <= 360, path
    assert page.get_by_role("table").get_by_role("columnheader").count() > 3
    reader.context.close()
    assert reader.wrong == []


def test_no_label_of_the_graph_lies_on_another_or_on_a_line(reader: Reader) -> None:
    page = reader.go("/company/OpenAI")
    labels = [
        label.bounding_box() for label in page.locator("svg.graph.wide .flow text:visible").all()
    ]
    lines = [line.bounding_box() for line in page.locator("svg.graph.wide .edge").all()]
    assert len(labels) == len(lines) >= 8

    def touch(one: dict[str, float], other: dict[str, float]) -> bool:
        return (
            one["x"] < other["x"] + other["width"]
            and other["x"] < one["x"] + one["width"]
            and one["y"] < other["y"] + other["height"]
            and other["y"] < one["y"] + one["height"]
        )

    others = [(a, b) for n, a in enumerate(labels) for b in [*labels[:n], *lines]]
    assert [pair for pair in others if touch(*pair)] == []


def test_nothing_is_wider_than_a_telephone(browser: Any, address: str) -> None:
    reader = Reader(browser, address, width=360)
    for path in addresses(address):
        page = reader.go(path)
        assert page.evaluate("document.documentElement.scrollWidth") <= 360, path
    reader.context.close()
    assert reader.wrong == []


def test_the_keyboard_reaches_the_content_first_and_every_mark_of_a_chart(reader: Reader) -> None:
    page = reader.go("/deals")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('href')") == "#main"
    page.locator("tbody a", has_text="Amazon → OpenAI").first.click()
    page.wait_for_url("**/deal/*")
    page.locator("svg.chart.wide a").first.focus()
    assert page.evaluate("document.activeElement.getAttribute('href')").startswith("/article/")


def test_pages_work_without_scripts(browser: Any, address: str) -> None:
    reader = Reader(browser, address, java_script_enabled=False)
    page = reader.go("/")
    page.locator(".card h2 a").first.click()
    page.wait_for_url("**/article/*")
    assert page.locator(".article-text").is_visible()
    reader.context.close()


@pytest.mark.parametrize(
    ("scheme", "width"),
    [
        ("light", 1100),
        pytest.param("dark", 1100, marks=pytest.mark.slow),
        pytest.param("light", 360, marks=pytest.mark.slow),
    ],
)
def test_axe_finds_nothing_serious_on_any_page(
    browser: Any, address: str, scheme: str, width: int
) -> None:
    from axe_playwright_python.sync_playwright import Axe

    # the checker is put into the page from outside, which the page's own policy forbids
    reader = Reader(browser, address, width=width, color_scheme=scheme, bypass_csp=True)
    found = []
    for path in addresses(address):
        # in the dark only colours differ
        only = {"runOnly": ["color-contrast"]} if scheme == "dark" else None
        results = Axe().run(reader.go(path), options=only)
        found += [
            (path, one["id"], one["nodes"][0]["html"][:200])
            for one in results.response["violations"]
            if one["impact"] in ("serious", "critical")
        ]
    reader.context.close()
    assert found == []


@pytest.mark.slow  # every page, table and export of a hostile ledger
def test_nothing_that_the_press_wrote_runs(browser: Any, tmp_path: Path) -> None:
    """On every page, table, row and facet, and where a browser opens an export."""
    exports = ["/changes.json?silent=1", "/veille/articles.json", "/veille/recent_changes.atom"]
    with served(hostile_ledger(tmp_path)) as address:
        reader = Reader(browser, address)
        visited = pages(lambda path: get_json(address + path))
        assert len(visited) > 60
        for number, path in enumerate(visited):
            page = reader.go(path)
            if number % POINTED == 0:
                for place in page.locator("svg.wide a, mark, .card").all()[:2]:
                    place.hover(force=True)
            assert page.evaluate("window.XSS") is None, path
        # of these the browser makes pages of its own, with styles that ours forbid
        viewer = Reader(browser, address)
        for path in exports:
            assert viewer.go(path).evaluate("window.XSS") is None, path
        viewer.context.close()
        reader.context.close()
    # an answer of 400 to SQL that is none is reported by the browser itself
    assert [words for words in reader.wrong if "400 (Bad Request)" not in words] == []


@pytest.mark.parametrize(
    ("name", "path", "given"),
    [
        ("front", "/", {"width": 900}),
        ("deal", "/deal/{deal}", {"width": 900}),
        ("company-dark", "/company/OpenAI", {"width": 900, "color_scheme": "dark"}),
        ("article", "/article/{article}", {"width": 900}),
        ("deal-360", "/deal/{deal}", {"width": 360}),
        ("search-360-dark", "/search?q=Amazon", {"width": 360, "color_scheme": "dark"}),
    ],
)
def test_pages_can_be_pictured(
    browser: Any, address: str, tmp_path: Path, name: str, path: str, given: dict[str, Any]
) -> None:
    deals = get_json(f"{address}/deals.json")["deals"]
    (deal,) = [d["id"] for d in deals if d["payers"] == ["Amazon"] and d["payee"] == "OpenAI"]
    article = get_json(f"{address}/deal/{deal}.json")["claims"][-1]["article"]
    reader = Reader(browser, address, **given)
    page = reader.go(path.format(deal=deal, article=article))
    target = Path(os.environ.get("VEILLE_SCREENSHOTS", tmp_path)) / f"room-{name}.png"
    page.screenshot(path=target)
    reader.context.close()
    assert target.stat().st_size > 10_000
    assert reader.wrong == []
