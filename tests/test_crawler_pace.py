"""Pace and deadline: never faster than asked, never longer than allowed, the rest stays pending."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest

from crawler import settings
from crawler.addon import LONGEST_STRETCH, MARGIN
from pipelines.store import Store
from tests.chaos.server import Chaos, Visit, item, rss, sends

VEILLE = Path(sys.executable).with_name("veille")

CONFIGURATION = """\
contact = "https://veille.example/about"
database = "veille.db"
catalogue = "outlets.toml"
[network]
pace_seconds = {pace}
[crawl]
deadline_seconds = {deadline}
page_timeout_seconds = 30
[network.hosts]
"{host}" = "127.0.0.1:{port}"
"""
CATALOGUE = """\
[[outlet]]
id = "a"
name = "A"
home = "https://{host}/"
policy = "probe"
feeds = [{{url = "https://{host}/feed.xml"}}]
"""
Crawl = Callable[..., str]

#: Seconds after which a crawl is held to have stayed beyond its deadline.
LONGEST = 200


def many(count: int) -> Callable[[Visit], None]:
    def feed(visit: Visit) -> None:
        items = [
            item(visit.host, f"/a/{n}", f"OpenAI lève {n} milliards", n) for n in range(1, count)
        ]
        visit.send(rss(*items), kind="application/rss+xml")

    return feed


class Slow:
    """Articles that take three seconds each, until told to hurry."""

    def __init__(self) -> None:
        self.seconds = 3.0

    def __call__(self, visit: Visit) -> None:
        time.sleep(self.seconds)
        visit.send(f"<html><title>OpenAI</title><p>{visit.path}</p></html>".encode())


@pytest.fixture
def crawl(tmp_path: Path) -> Crawl:
    """Crawl one host; returns standard error."""

    def run(chaos: Chaos, host: str, pace: float = 0, deadline: int = 60, code: int = 0) -> str:
        (tmp_path / "outlets.toml").write_text(CATALOGUE.format(host=host))
        (tmp_path / "veille.toml").write_text(
            CONFIGURATION.format(pace=pace, deadline=deadline, host=host, port=chaos.port)
        )
        done = subprocess.run(
            [str(VEILLE), "--config", str(tmp_path / "veille.toml"), "crawl"],
            capture_output=True,
            text=True,
            timeout=LONGEST,
            check=False,
        )
        assert done.returncode == code, done.stderr
        return done.stderr

    return run


#: Share of a gap that the clock of a busy server may take from it: requests are dated on arrival.
LATENESS = 0.5


def test_no_gap_is_varied_to_less_than_what_was_asked_for() -> None:
    assert MARGIN * (1 - settings.DOWNLOAD_DELAY_JITTER) >= 1
    assert MARGIN * (1 + settings.DOWNLOAD_DELAY_JITTER) <= LONGEST_STRETCH


@pytest.mark.parametrize(
    ("robots", "gap"),
    [
        (b"", 0.4),
        pytest.param(b"User-agent: *\nCrawl-delay: 1", 1, marks=pytest.mark.slow),
    ],
)
def test_no_two_requests_to_a_host_are_closer_than_the_longer_of_pace_and_crawl_delay(
    crawl: Crawl, robots: bytes, gap: float
) -> None:
    routes = {"a.example": {"/robots.txt": sends(robots), "/feed.xml": many(4)}}
    with Chaos(routes) as chaos:
        crawl(chaos, "a.example", pace=0.4)
        times = [one.at for one in chaos.asked][2:]  # the gap is known once robots.txt is read
    assert len(times) >= 3
    assert min(after - before for before, after in pairwise(times)) >= gap * LATENESS


@pytest.mark.slow  # waits for a deadline
def test_a_crawl_ends_at_its_deadline_and_the_next_one_goes_on(
    crawl: Crawl, tmp_path: Path
) -> None:
    slow = Slow()
    pages = {f"/a/{n}": slow for n in range(1, 16)}
    with Chaos({"a.example": {"/feed.xml": many(16), **pages}}) as chaos:
        crawl(chaos, "a.example", deadline=10)
        asked_first = {path for path in chaos.paths("a.example") if path.startswith("/a/")}
        with Store.open(tmp_path / "veille.db", read_only=True) as store:
            rows = store.db.conn.execute("SELECT page, count(*) FROM links GROUP BY page")
            pending = dict(rows.fetchall()).get("pending", 0)
        assert 0 < len(asked_first) < 15
        assert pending > 0
        chaos.asked.clear()
        slow.seconds = 0
        crawl(chaos, "a.example")
        asked = [path for path in chaos.paths("a.example") if path.startswith("/a/")]
    assert len(asked) == pending
    with Store.open(tmp_path / "veille.db", read_only=True) as store:
        assert store.db.conn.execute(
            "SELECT count(*) FROM links WHERE page = 'pending'"
        ).fetchone() == (0,)


def test_a_long_crawl_delay_is_no_reason_to_stay_beyond_the_deadline_and_is_told(
    crawl: Crawl, tmp_path: Path
) -> None:
    robots = sends(b"User-agent: *\nCrawl-delay: 300")
    with Chaos({"a.example": {"/robots.txt": robots, "/feed.xml": many(9)}}) as chaos:
        told = crawl(chaos, "a.example", deadline=20, code=3)
        pages = [path for path in chaos.paths("a.example") if path.startswith("/a/")]
    assert pages == []
    assert "1 of 1 outlets were not asked: deadline reached" in told
    with Store.open(tmp_path / "veille.db", read_only=True) as store:
        assert store.fetching.outlets.state("a").reason == ""
