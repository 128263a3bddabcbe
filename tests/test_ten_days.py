"""Days on a clock of our own, with the installed command and a press that grows under it."""

from __future__ import annotations

import subprocess
from collections import defaultdict
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from itertools import pairwise
from pathlib import Path

import pytest

from demo.server import Answer, Press
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
