"""How a mail looks: in Chromium, on a phone and a desk, by day and by night, without pictures.

VEILLE_SCREENSHOTS=docs/images pytest tests/test_alert_look.py      makes the pictures of the docs
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from datetime import timedelta
from html import escape
from pathlib import Path
from typing import Any, Literal
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from pipelines.alert import Context, compose, compose_digest
from pipelines.alert.digest import Group
from pipelines.alert.plain import link_to
from pipelines.store import Store
from tests.hostile import HOSTILE
from tests.news import CLOSING, NOW, Move, figure, tell
from tests.servers import Pages

pytestmark = pytest.mark.browser

CONTEXT = Context(
    "mail",
    "fr",
    ZoneInfo("Europe/Paris"),
    {"lenumerique": "Le Numérique", "bourse": "La Bourse en ligne"},
    reading_room="https://veille.example/",
)
WIDTHS = (360, 800)
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
#: Milliseconds that a browser may take for anything on a busy machine.
PATIENCE = 120_000
#: Least contrast of text with what is behind it (WCAG 2.2, AA).
CONTRAST = 4.5
#: Contrast of each text with the nearest background that is not transparent.
MEASURE = """() => {
  const rgb = text => text.match(/[\\d.]+/g).map(Number);
  const light = ([r, g, b]) => {
    const linear = v => v <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4;
    const [x, y, z] = [r, g, b].map(v => linear(v / 255));
    return .2126 * x + .7152 * y + .0722 * z;
  };
  const found = [];
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const text = walk.currentNode;
    if (!text.data.trim()) continue;
    let behind = text.parentElement;
    while (rgb(getComputedStyle(behind).backgroundColor)[3] === 0) behind = behind.parentElement;
    const a = light(rgb(getComputedStyle(text.parentElement).color));
    const b = light(rgb(getComputedStyle(behind).backgroundColor));
    found.push([(Math.max(a, b) + .05) / (Math.min(a, b) + .05), text.data.trim()]);
  }
  return found;
}"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    path = next(filter(None, map(shutil.which, ("chromium", "chromium-browser"))), None)
    if path is None:
        assert not os.environ.get("CI"), "no Chromium, and CI skips nothing"
        pytest.skip("no Chromium: how mails look is not tested")
    with sync_playwright() as driver:
        # its sandbox needs rights that containers do not give; the pages are our own
        launched = driver.chromium.launch(
            executable_path=path, args=["--no-sandbox"], timeout=PATIENCE
        )
        yield launched
        launched.close()


@pytest.fixture(scope="module")
def mails() -> dict[str, str]:
    """An alert of six changes, a digest with a history, and one of everything hostile."""
    with Store.open(":memory:") as store:
        day = timedelta(days=1)
        low = figure((20, None), qualifier="more_than")
        high = figure((None, 50), qualifier="up_to")
        sides = figure(20, contested=((20, "Reuters"), (35, "Bloomberg")))
        tell(store, Move("new", low), number=11, at=NOW - 29 * day)
        tell(store, Move("amount_up", high, low), number=12, at=NOW - 28 * day)
        tell(
            store, Move("contradiction", sides, high), number=13, at=NOW - 10 * day, outlet="bourse"
        )
        lines = list(store.ledger.changes(ids=tell(store, *CLOSING)))
        groups = [
            Group(
                (line,),
                tuple(store.ledger.changes(deals=[line["deal"]])),
                {"outlets": 30, "independent": 2, "origins": ["The Information", "Reuters"]},
            )
            for line in lines[:3]
        ]
    spiked = [
        lines[0] | {"title": text, "quote": text, "payers": [text], "article": n, "deal": str(n)}
        for n, text in enumerate(HOSTILE.values())
        if "\ud83d" not in text
    ]
    hostile = [Group((line,), tuple(lines[:2]), line["corroborations"]) for line in spiked]
    alerts = {
        "alert": compose("k", lines, CONTEXT),
        "digest": compose_digest("k", groups, CONTEXT, reason="daily"),
        "hostile": compose_digest("k", hostile, CONTEXT, reason="daily"),
        "hostile-alert": compose("k", spiked, CONTEXT),
    }
    return {name: str(alert.html) for name, alert in alerts.items()}


def opened(browser: Browser, html: str, width: int, scheme: Any, *, pictures: bool = True) -> Page:
    context = browser.new_context(
        viewport={"width": width, "height": 800}, color_scheme=scheme, java_script_enabled=True
    )
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    said: list[str] = []
    page.on("dialog", lambda dialog: (said.append(dialog.message), dialog.dismiss()))
    page.set_content(html if pictures else html.replace("data:image", "blocked:image"))
    assert not said, "a page's script ran"
    return page


@pytest.mark.parametrize("name", ["alert", "digest", "hostile", "hostile-alert"])
@pytest.mark.parametrize("width", WIDTHS)
def test_nothing_runs_over_the_edge(
    browser: Browser, mails: dict[str, str], name: str, width: int
) -> None:
    page = opened(browser, mails[name], width, "light")
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("name", ["alert", "digest"])
@pytest.mark.parametrize("scheme", SCHEMES)
def test_every_text_can_be_read_by_day_and_by_night(
    browser: Browser, mails: dict[str, str], name: str, scheme: Any
) -> None:
    contrasts = opened(browser, mails[name], 360, scheme).evaluate(MEASURE)
    assert len(contrasts) > 20
    assert [text for contrast, text in contrasts if contrast < CONTRAST] == []


def test_without_pictures_their_words_are_there(browser: Browser, mails: dict[str, str]) -> None:
    page = opened(browser, mails["digest"], 360, "light", pictures=False)
    picture = page.locator("img").first
    assert "Montant au fil du temps" in str(picture.get_attribute("alt"))
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert page.evaluate("document.images[0].complete && document.images[0].naturalWidth") == 0


@pytest.mark.parametrize("name", ["alert", "digest"])
def test_a_thumb_reads_what_changed_without_scrolling(
    browser: Browser, mails: dict[str, str], name: str
) -> None:
    page = opened(browser, mails[name], 360, "light")
    box = page.locator(".figure").first.bounding_box()
    assert box is not None
    assert box["y"] + box["height"] < 400


def test_the_pictures_of_the_docs(browser: Browser, mails: dict[str, str], tmp_path: Path) -> None:
    folder = Path(os.environ.get("VEILLE_SCREENSHOTS", tmp_path))
    for name in ("alert", "digest"):
        for width, scheme in ((360, "light"), (360, "dark"), (800, "light")):
            path = folder / f"mail-{name}-{width}-{scheme}.png"
            opened(browser, mails[name], width, scheme).screenshot(path=path, full_page=True)
            assert path.stat().st_size > 10_000


#: Whether the sentence stands in the window, which begins far above it.
SEEN = """() => {
  const top = document.getElementById("it").getBoundingClientRect().top;
  return window.scrollY > 0 && top >= 0 && top <= 720;
}"""
SENTENCES = (
    "Amazon versera 50\u00a0milliards de dollars à OpenAI, ont annoncé les deux groupes.",
    "« L’opération — inédite — s’ajoute aux 38 Md$ », dit-on, non sans ironie, à Redmond.",
    "Court : 50 Md$.",
)


@pytest.mark.parametrize("sentence", SENTENCES)
def test_a_link_opens_the_article_at_its_sentence(browser: Browser, sentence: str) -> None:
    filling = "<p>Un paragraphe qui parle de tout autre chose.</p>" * 200
    words = escape(sentence).replace("annoncé", "<b>annoncé</b>")
    with Pages(f"<!doctype html><meta charset=utf-8>{filling}<p id=it>{words}</p>{filling}") as url:
        page = browser.new_page()
        page.set_default_timeout(PATIENCE)
        page.goto(link_to(url, sentence))
        page.wait_for_function(SEEN)
