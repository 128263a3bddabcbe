"""Pace and deadline: never faster than asked, never longer than allowed, the rest stays pending."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest

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
page_timeout_seconds = 2
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
Crawl = Callable[..., float]


def many(count: int) -> Callable[[Visit], None]:
    def feed(visit: Visit) -> None:
        items = [
            item(visit.host, f"/a/{n}", f"OpenAI lève {n} milliards", n) for n in range(1, count)
        ]
        visit.send(rss(*items), kind="application/rss+xml")

    return feed


def slow(visit: Visit) -> None:
    """An article that takes its time."""
    time.sleep(0.7)
    visit.send(f"<html><title>OpenAI</title><p>{visit.path}</p></html>".encode())


@pytest.fixture
def crawl(tmp_path: Path) -> Crawl:
    """Crawl one host; returns how long it took."""

    def run(chaos: Chaos, host: str, pace: float = 0, deadline: int = 60) -> float:
        (tmp_path / "outlets.toml").write_text(CATALOGUE.format(host=host))
        (tmp_path / "veille.toml").write_text(
            CONFIGURATION.format(pace=pace, deadline=deadline, host=host, port=chaos.port)
        )
        started = time.monotonic()
        done = subprocess.run(
            [str(VEILLE), "--config", str(tmp_path / "veille.toml"), "crawl"],
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return time.monotonic() - started

    return run


@pytest.mark.parametrize(("robots", "gap"), [(b"", 0.3), (b"User-agent: *\nCrawl-delay: 0.8", 0.8)])
def test_no_two_requests_to_a_host_are_closer_than_the_longer_of_pace_and_crawl_delay(
    crawl: Crawl, robots: bytes, gap: float
) -> None:
    routes = {"a.example": {"/robots.txt": sends(robots), "/feed.xml": many(4)}}
    with Chaos(routes) as chaos:
        crawl(chaos, "a.example", pace=0.3)
        times = [one.at for one in chaos.asked][2:]  # the gap is known once robots.txt is read
    assert len(times) >= 3
    assert min(after - before for before, after in pairwise(times)) >= gap - 0.05


def test_a_crawl_ends_at_its_deadline_and_the_next_one_goes_on(
    crawl: Crawl, tmp_path: Path
) -> None:
    pages = {f"/a/{n}": slow for n in range(1, 40)}
    with Chaos({"a.example": {"/feed.xml": many(16), **pages}}) as chaos:
        crawl(chaos, "a.example", deadline=6)
        asked_first = {path for path in chaos.paths("a.example") if path.startswith("/a/")}
        with Store.open(tmp_path / "veille.db", read_only=True) as store:
            rows = store.db.conn.execute("SELECT page, count(*) FROM links GROUP BY page")
            pending = dict(rows.fetchall()).get("pending", 0)
        assert 0 < len(asked_first) < 15
        assert pending > 0
        chaos.asked.clear()
        crawl(chaos, "a.example")
        asked = [path for path in chaos.paths("a.example") if path.startswith("/a/")]
    assert len(asked) == pending
    with Store.open(tmp_path / "veille.db", read_only=True) as store:
        assert store.db.conn.execute(
            "SELECT count(*) FROM links WHERE page = 'pending'"
        ).fetchone() == (0,)


def test_a_long_crawl_delay_is_no_reason_to_stay_beyond_the_deadline(crawl: Crawl) -> None:
    robots = sends(b"User-agent: *\nCrawl-delay: 300")
    with Chaos({"a.example": {"/robots.txt": robots, "/feed.xml": many(9)}}) as chaos:
        seconds = crawl(chaos, "a.example", deadline=20)
        pages = [path for path in chaos.paths("a.example") if path.startswith("/a/")]
    assert seconds < 20
    assert pages == []
