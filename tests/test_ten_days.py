"""Days on a clock of our own, with the installed command and a press that grows under it."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections import defaultdict
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from html import escape
from itertools import pairwise
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from demo.__main__ import CATALOGUE
from demo.__main__ import configure as demo_configuration
from demo.server import SITE, Answer, Press
from pipelines import outlets
from pipelines.cadence import CAP, FLOOR
from pipelines.store import Store
from tests.conftest import VEILLE

#: The week in which the clocks go back.
START = datetime(2026, 10, 22, 5, tzinfo=UTC)
#: Hours between two articles, and between two checks (0: the gap adapts), by outlet.
OUTLETS = {"rapide": (2, 0), "fixe": (5, 6), "lent": (30, 0)}
#: Entries that a feed shows.
SHOWN = 10


class GrowingPress(Press):
    """Shows what was published by `clock`, and remembers when by that clock it was asked."""

    def __init__(self, root: Path) -> None:
        super().__init__(root)
        self.clock = START
        self.asked_at: dict[str, list[datetime]] = defaultdict(list)
        self.RequestHandlerClass = GrowingAnswer

    def grow(self, now: datetime) -> None:
        self.clock = now
        for name in OUTLETS:
            items = "".join(
                f"<item><title>Un article, {at:%d %H:%M}</title>"
                f"<link>https://{name}.example/{at:%d%H}.html</link>"
                f"<pubDate>{format_datetime(at)}</pubDate></item>"
                for at in reversed(published(name, now)[-SHOWN:])
            )
            feed = f'<rss version="2.0"><channel><title>{name}</title>{items}</channel></rss>'
            folder = self.root / f"{name}.example"
            folder.mkdir(parents=True, exist_ok=True)
            (folder / "feed.xml").write_text(feed)


class GrowingAnswer(Answer):
    server: GrowingPress

    def do_GET(self) -> None:  # noqa: N802 the framework's name
        if self.path.endswith("/feed.xml"):
            name = (self.headers["Host"] or "").split(".")[0]
            self.server.asked_at[name].append(self.server.clock)
        super().do_GET()


def published(name: str, now: datetime) -> list[datetime]:
    step = timedelta(hours=OUTLETS[name][0])
    count = int((now - START) / step)
    return [START + step * n for n in range(count + 1)]


def configure(folder: Path, address: str) -> Path:
    tables = "".join(
        f'[[outlet]]\nid = "{name}"\nname = "{name}"\nhome = "https://{name}.example/"\n'
        f'policy = "feed"\nfeeds = [{{ url = "https://{name}.example/feed.xml" }}]\n'
        + (f"every_minutes = {hours * 60}\n" if hours else "")
        for name, (_, hours) in OUTLETS.items()
    )
    (folder / "outlets.toml").write_text(tables)
    hosts = ", ".join(f'"{name}.example" = "{address}"' for name in OUTLETS)
    path = folder / "veille.toml"
    path.write_text(
        'contact = "mailto:veille@example.org"\ncatalogue = "outlets.toml"\n'
        f'[network]\nallow = ["127.0.0.0/8"]\npace_seconds = 0\nhosts = {{ {hosts} }}\n'
    )
    return path


@pytest.mark.parametrize(
    ("days", "tick"),
    [(1, timedelta(hours=8)), pytest.param(10, timedelta(hours=1), marks=pytest.mark.slow)],
)
def test_every_article_is_found_within_the_cadence_of_its_outlet(
    days: int, tick: timedelta, tmp_path: Path
) -> None:
    with GrowingPress(tmp_path / "site") as press:
        config = configure(tmp_path, press.address)
        now, end = START, START + timedelta(days=days)
        while now <= end:
            press.grow(now)
            words = ["--config", config, "-q", "crawl", "--due", "--now", now.isoformat()]
            done = subprocess.run([VEILLE, *words], capture_output=True, text=True, check=False)
            assert done.returncode == 0, done.stderr
            now += tick
        last = now - tick
    with Store.open(tmp_path / "veille.db") as store:
        rows = store.db.execute("SELECT outlet, published, found FROM links").fetchall()
    found = {
        (outlet, datetime.fromisoformat(at)): datetime.fromisoformat(seen)
        for outlet, at, seen in rows
    }
    for name, (_, hours) in OUTLETS.items():
        asked = press.asked_at[name]
        gaps = [b - a for a, b in pairwise(asked)]
        floor = timedelta(hours=hours) or FLOOR
        assert min(gaps) >= floor, name
        assert max(gaps) <= CAP + tick, name
        # what was published before the last look is there, none later than the next look after it
        out = [at for at in published(name, last) if at <= asked[-1]]
        assert [at for at in out if (name, at) not in found] == [], name
        late = max(found[name, at] - at for at in out)
        assert late <= max(gaps), name


class GrowingDemo(Press):
    """The bundled press; its feeds show what was published by `clock`, one article every `STEP`."""

    STEP = timedelta(hours=7, minutes=10)

    def __init__(self, root: Path) -> None:
        super().__init__(root)
        shutil.copytree(SITE, root, dirs_exist_ok=True)
        lines = (SITE.parent / "manifest.jsonl").read_text("utf-8").splitlines()
        articles = {line["url"]: line for line in map(json.loads, lines)}
        self.published = {url: START + self.STEP * n for n, url in enumerate(articles)}
        self.titles = {url: line["title"] for url, line in articles.items()}
        self.feeds = {
            outlet.id: urlsplit(outlet.feeds[0].url).path.lstrip("/")
            for outlet in outlets.load(CATALOGUE)
        }
        self.clock = START
        self.asked_at: dict[str, list[datetime]] = defaultdict(list)
        self.RequestHandlerClass = DemoAnswer

    def grow(self, now: datetime) -> None:
        self.clock = now
        for host, feed in self.feeds.items():
            items = "".join(
                f"<item><title>{escape(self.titles[url])}</title><link>{url}</link>"
                f"<pubDate>{format_datetime(at)}</pubDate></item>"
                for url, at in reversed(self.published.items())
                if at <= now and urlsplit(url).hostname == host
            )
            rss = f'<rss version="2.0"><channel><title>{host}</title>{items}</channel></rss>'
            (self.root / host / feed).write_text(rss)
            for sitemap in (self.root / host).rglob("*sitemap*.xml"):
                sitemap.unlink()  # it would show tomorrow's articles


class DemoAnswer(Answer):
    server: GrowingDemo

    def do_GET(self) -> None:  # noqa: N802 the framework's name
        host = self.headers["Host"] or ""
        if self.path.lstrip("/") == self.server.feeds.get(host):
            self.server.asked_at[host].append(self.server.clock)
        super().do_GET()


@pytest.mark.slow
def test_the_bundled_press_grown_article_by_article_is_read_within_the_cadence(
    tmp_path: Path,
) -> None:
    tick, days, press = timedelta(hours=3), timedelta(days=10), GrowingDemo(tmp_path / "site")
    with press:
        config = demo_configuration(tmp_path, press.address)
        ledger = tmp_path / "veille.db"
        read: dict[str, datetime] = {}
        now = START
        while now <= START + days:
            press.grow(now)
            words = ["--config", config, "-q", "crawl", "--due", "--now", now.isoformat()]
            done = subprocess.run([VEILLE, *words], capture_output=True, text=True, check=False)
            assert done.returncode == 0, done.stderr
            with Store.open(ledger) as store:
                for (url,) in store.db.execute("SELECT DISTINCT url FROM articles").fetchall():
                    read.setdefault(url, now)
            last, now = now, now + tick
    # those of tier 1 are looked at by every tick, the others once a day at least
    limits = {
        outlet.id: tick * 2 if outlet.tier == 1 else CAP + tick
        for outlet in outlets.load(CATALOGUE)
    }
    out = {url: at for url, at in press.published.items() if at <= last - CAP - tick}
    assert len(out) > 25
    assert sorted(out.keys() - read.keys()) == []
    late = {url: read[url] - at for url, at in out.items()}
    assert [url for url in late if late[url] > limits[urlsplit(url).hostname or ""]] == []
    for host, asked in press.asked_at.items():
        assert min(b - a for a, b in pairwise(asked)) >= FLOOR, host
    with Store.open(ledger) as store:
        # nobody crawled beside another, and each article is there once
        assert store.db.execute("SELECT count(*) FROM runs WHERE exit != 0").fetchone() == (0,)
        twice = "SELECT url FROM articles GROUP BY url, exact, basis HAVING count(*) > 1"
        assert store.db.execute(twice).fetchall() == []
