"""The whole way with the installed command: from the bundled press to the ledger, also when killed.

Nothing is set up but a configuration with `[network] hosts`: what a user can do is enough.
"""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest

from demo.__main__ import configure
from demo.server import Press
from pipelines.store import Store
from tests.conftest import ROOT, VEILLE

EXPECTED = ROOT / "demo" / "press" / "expected_changes.jsonl"
MANIFEST = ROOT / "demo" / "press" / "manifest.jsonl"

#: What a crawl leaves, without ids and the times of fetching and posting.
CONTENTS = {
    "articles": (
        "SELECT url, basis, at, title, text, exact, sameness, voice, first_run FROM articles"
    ),
    "claims": (
        "SELECT a.url, a.basis, c.position, c.kind, c.payers, c.payee, c.low, c.high, c.certainty,"
        " c.stage, c.sources, c.background, c.quote FROM claims c JOIN articles a ON a.id ="
        " c.article"
    ),
    "changes": (
        "SELECT a.url, c.label, c.also, c.alert, c.deal, c.kind, c.payers, c.payee, c.before,"
        " c.after, c.claims, c.corroboration FROM changes c JOIN articles a ON a.id = c.article"
    ),
    "outbox": "SELECT key, channel, mode, state FROM outbox",
    "prepared": "SELECT url FROM prepared",
}


def contents(folder: Path) -> dict[str, list[Any]]:
    with Store.open(folder / "veille.db") as store:
        return {name: sorted(map(repr, store.db.execute(q))) for name, q in CONTENTS.items()}


def run(config: Path, *words: str) -> subprocess.CompletedProcess[str]:
    command = [str(VEILLE), "--config", str(config), *words]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def lines(config: Path, *words: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in run(config, *words, "--json").stdout.splitlines()]


def article_requests(press: Press) -> int:
    urls = {json.loads(line)["url"] for line in MANIFEST.read_text("utf-8").splitlines()}
    return sum(press.asked[url.removeprefix("https://")] for url in urls)


def top(figure: dict[str, Any] | None) -> float | None:
    if figure is None or figure.get("contested"):
        return None
    low, high = figure["amount"]
    return float(high if high is not None else low)


def test_a_crawl_of_the_bundled_press_tells_what_changed_once(press: Press, tmp_path: Path) -> None:
    config = configure(tmp_path, press.address)
    ran = run(config, "crawl")
    assert ran.returncode == 0
    # the console is the channel without a configuration of channels; a first run is one message
    assert ran.stdout.count("Premier passage") == 1

    told = lines(config, "changes")
    urls = {}
    for row in map(json.loads, MANIFEST.read_text("utf-8").splitlines()):
        urls[row["id"]] = row["url"]
    expected = [json.loads(line) for line in EXPECTED.read_text("utf-8").splitlines()]

    def key(row: dict[str, Any], url: str) -> tuple[Any, ...]:
        payers = tuple(sorted(row["payers"])) if row["kind"] == "investment" else ()
        return url, row["kind"], row["payee"], payers, top(row["after"])

    wanted = {key(row, urls[row["article"]]) for row in expected if row["alert"]}
    found = [key(row, row["url"]) for row in told]
    assert len(found) == len(set(found)), "a change is told twice"
    assert len(wanted & set(found)) >= 30
    assert all(row["quote"] and row["url"].startswith("https://") for row in told)


def test_a_second_crawl_of_the_unchanged_press_writes_and_fetches_nothing(
    press: Press, tmp_path: Path
) -> None:
    config = configure(tmp_path, press.address)
    run(config, "crawl")
    before = contents(tmp_path)
    assert article_requests(press) > 0

    press.asked.clear()
    assert run(config, "crawl").returncode == 0
    assert contents(tmp_path) == before
    assert article_requests(press) == 0


@pytest.mark.slow
def test_ten_kills_and_one_crawl_to_the_end_leave_what_an_undisturbed_crawl_leaves(
    press: Press, tmp_path: Path
) -> None:
    calm, killed = tmp_path / "calm", tmp_path / "killed"
    config = configure(calm, press.address)
    started = time.monotonic()
    assert run(config, "crawl").returncode == 0
    lasted = time.monotonic() - started

    config = configure(killed, press.address)
    moments = random.Random(20261121)
    for _ in range(10):
        crawl = subprocess.Popen(
            [str(VEILLE), "--config", str(config), "crawl"],
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        time.sleep(moments.uniform(0.2, 1) * lasted)
        # the workers too, as a power cut would
        os.killpg(crawl.pid, signal.SIGKILL)
        crawl.wait()
    assert run(config, "crawl").returncode == 0
    assert contents(killed) == contents(calm)
