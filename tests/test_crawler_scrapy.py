"""People who know Scrapy find what they expect, and end in the same ledger by the same way."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from demo.__main__ import configure
from demo.server import Press
from pipelines.store import Store
from pipelines.store.locks import FileLock, crawl_lock
from tests.conftest import VEILLE

ROOT = Path(__file__).parent.parent
SCRAPY = Path(sys.executable).with_name("scrapy")


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A folder in which Scrapy finds our project, as in the checkout."""
    shutil.copy(ROOT / "scrapy.cfg", tmp_path)
    return tmp_path


def scrapy(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(SCRAPY), *words], cwd=folder, capture_output=True, text=True, check=False
    )


def test_scrapy_list_names_the_spider(checkout: Path) -> None:
    assert scrapy(checkout, "list").stdout.split() == ["feeds"]


def test_scrapy_check_and_settings_work(checkout: Path) -> None:
    checked = scrapy(checkout, "check")
    assert checked.returncode == 0
    assert checked.stderr.splitlines()[-1] == "OK"
    agent = scrapy(checkout, "settings", "--get", "USER_AGENT").stdout
    assert agent.startswith("veille/")


def test_scrapy_crawl_of_one_outlet_ends_in_the_ledger_as_veille_crawl_does(
    checkout: Path, press: Press, tmp_path: Path
) -> None:
    configure(checkout, press.address)
    done = scrapy(checkout, "crawl", "feeds", "-a", "outlet=pucesetdonnees.example")
    assert done.returncode == 0, done.stderr
    with Store.open(checkout / "veille.db", read_only=True) as store:
        rows = store.db.conn.execute("SELECT DISTINCT outlet FROM articles").fetchall()
        (changes,) = store.db.conn.execute("SELECT count(*) FROM changes").fetchone()
        (run,) = store.runs.latest(2)
    assert rows == [("pucesetdonnees.example",)]
    assert changes > 0
    assert (run["command"], run["exit"]) == ("crawl", 0)
    assert json.loads(run["counts"])["pages read"] > 0
    assert json.loads(run["counts"]) | {"sent": 0} == counts_of_veille(tmp_path / "other", press)


def counts_of_veille(folder: Path, press: Press) -> dict[str, int]:
    """What the same crawl counts when `veille crawl` makes it."""
    config = configure(folder, press.address)
    words = ["--config", str(config), "crawl", "--outlet", "pucesetdonnees.example"]
    subprocess.run([str(VEILLE), *words], capture_output=True, check=True)
    with Store.open(folder / "veille.db", read_only=True) as store:
        (run,) = store.runs.latest(2)
    return dict(json.loads(run["counts"]) | {"sent": 0})


def test_scrapy_crawl_beside_another_crawl_exits_75(checkout: Path, press: Press) -> None:
    configure(checkout, press.address)
    with FileLock(crawl_lock(checkout / "veille.db"), "crawl"):
        done = scrapy(checkout, "crawl", "feeds")
    assert (done.returncode, press.asked.total()) == (75, 0)
    assert f"pid {os.getpid()} (crawl), since " in done.stderr


def test_a_live_crawl_without_a_contact_is_refused(checkout: Path) -> None:
    done = scrapy(checkout, "crawl", "feeds")
    assert "contact" in done.stderr
    assert not (checkout / "veille.db").exists()
