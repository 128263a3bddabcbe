"""Pace and deadline: never faster than asked, never longer than allowed, the rest stays pending."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from threading import Event

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
page_timeout_seconds = 300
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
LONGEST = 600

#: A crawl that prints the moment at which it sent each request, by its own clock: a server on a
#: busy machine dates what arrives when it gets to it. The reactor runs once a process.
DATED = """\
from datetime import UTC, datetime
from pathlib import Path
from crawler import settings
from crawler.fetch import GuardedHandler
from crawler.run import crawl
from pipelines import config, outlets
from pipelines.store import Store
class Dated(GuardedHandler):
    async def download_request(self, request):
        slots = self.crawler.engine.downloader.slots
        print(slots[request.meta["download_slot"]].lastseen)
        return await super().download_request(request)
settings.DOWNLOAD_HANDLERS["https"] = Dated
loaded = config.load(Path("veille.toml"))
with Store.open(Path("veille.db"), create=True) as store:
    known = outlets.load(loaded.catalogue)
    crawl(loaded, known, store, now=lambda: datetime.now(UTC), progress=lambda line: None)
"""


def many(count: int) -> Callable[[Visit], None]:
    def feed(visit: Visit) -> None:
        items = [
            item(visit.host, f"/a/{n}", f"OpenAI lève {n} milliards", n) for n in range(1, count)
        ]
        visit.send(rss(*items), kind="application/rss+xml")

    return feed


class Held:
    """Articles of which the second is not answered before it may be."""

    def __init__(self) -> None:
        self.may = Event()

    def __call__(self, visit: Visit) -> None:
        if visit.path == "/a/2":
            self.may.wait(LONGEST)
        visit.send(f"<html><title>OpenAI</title><p>{visit.path}</p></html>".encode())


def configure(folder: Path, chaos: Chaos, host: str, pace: float, deadline: int) -> Path:
    (folder / "outlets.toml").write_text(CATALOGUE.format(host=host))
    path = folder / "veille.toml"
    path.write_text(CONFIGURATION.format(pace=pace, deadline=deadline, host=host, port=chaos.port))
    return path


@pytest.fixture
def crawl(tmp_path: Path) -> Crawl:
    """Crawl one host; returns standard error."""

    def run(chaos: Chaos, host: str, deadline: int = 300, code: int = 0) -> str:
        config = configure(tmp_path, chaos, host, 0, deadline)
        done = subprocess.run(
            [str(VEILLE), "--config", str(config), "crawl"],
            capture_output=True,
            text=True,
            timeout=LONGEST,
            check=False,
        )
        assert done.returncode == code, done.stderr
        return done.stderr

    return run


#: Seconds that the sums of a monotonic clock may be off.
ROUNDING = 1e-6


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
    tmp_path: Path, robots: bytes, gap: float
) -> None:
    routes = {"a.example": {"/robots.txt": sends(robots), "/feed.xml": many(4)}}
    with Chaos(routes) as chaos:
        configure(tmp_path, chaos, "a.example", 0.4, 300)
        done = subprocess.run(
            [sys.executable, "-c", DATED],
            cwd=tmp_path,
            env={"PYTHONPATH": str(Path(__file__).parent.parent)},
            capture_output=True,
            text=True,
            timeout=LONGEST,
            check=False,
        )
        asked = len(chaos.asked)
    assert done.returncode == 0, done.stderr
    times = [float(line) for line in done.stdout.splitlines()]
    assert len(times) == asked  # nothing came by another way
    times = times[1:]  # the gap is known once robots.txt is read
    assert len(times) >= 4
    assert min(after - before for before, after in pairwise(times)) >= gap - ROUNDING


@pytest.mark.slow  # waits for a deadline
def test_a_crawl_ends_at_its_deadline_and_the_next_one_goes_on(
    crawl: Crawl, tmp_path: Path
) -> None:
    held = Held()
    pages = {f"/a/{n}": held for n in range(1, 16)}
    with Chaos({"a.example": {"/feed.xml": many(16), **pages}}) as chaos:
        # half a minute, for a machine that takes as long to begin
        crawl(chaos, "a.example", deadline=30)
        asked_first = [path for path in chaos.paths("a.example") if path.startswith("/a/")]
        with Store.open(tmp_path / "veille.db", read_only=True) as store:
            rows = store.db.conn.execute("SELECT page, count(*) FROM links GROUP BY page")
            pending = dict(rows.fetchall()).get("pending", 0)
        assert asked_first == ["/a/1", "/a/2"]
        assert pending == 14
        chaos.asked.clear()
        held.may.set()
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
