"""One crawl of the whole chaos press, and what is known of it afterwards."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from pipelines.store import Store
from pipelines.store.outlet_state import Issue, OutletState
from tests.chaos.press import FEED_ONLY, LISTINGS, SITEMAPS
from tests.chaos.server import Chaos

VEILLE = Path(sys.executable).with_name("veille")

#: Seconds that a crawl may take by its own configuration: many times what the slowest machine
#: needs, since each behaviour must end by a limit of its own.
DEADLINE = 900
#: Seconds after which a crawl is held to have stayed beyond its deadline.
LONGEST = 1200

# a page has time enough for a reactor that gets a tenth of a processor: it takes a second for what
# ninety hosts answer at once, and ten thousand headers on a slow machine took more than eight
CONFIGURATION = """\
contact = "https://veille.example/about, mailto:chaos@veille.example"
database = "veille.db"
catalogue = "outlets.toml"
[network]
pace_seconds = 0
[crawl]
deadline_seconds = {deadline}
page_timeout_seconds = 24
parse_timeout_seconds = 4
max_bytes = 1048576
[network.hosts]
{hosts}
"""


@dataclass(frozen=True)
class Crawled:
    """A folder with a configuration and, after `crawl`, a ledger."""

    folder: Path
    chaos: Chaos

    def write(self, deadline: int = DEADLINE) -> None:
        """Configuration and catalogue of every host of the press."""
        names = list(self.chaos.routes)
        hosts = "\n".join(f'"{host}" = "127.0.0.1:{self.chaos.port}"' for host in names)
        config = CONFIGURATION.format(hosts=hosts, deadline=deadline)
        (self.folder / "veille.toml").write_text(config)
        (self.folder / "outlets.toml").write_text("".join(map(outlet, names)))

    def crawl(self, *words: str, proxy: str = "") -> tuple[int, str]:
        """Exit code and standard error of one `veille crawl`.

        `proxy`: what the environment names as proxy, which nobody configured.
        """
        names = ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY")
        done = subprocess.run(
            [str(VEILLE), "--config", "veille.toml", "crawl", *words],
            cwd=self.folder,
            env=os.environ | dict.fromkeys(names if proxy else (), proxy),
            capture_output=True,
            text=True,
            timeout=LONGEST,
            check=False,
        )
        return done.returncode, done.stderr

    def store(self) -> Store:
        return Store.open(self.folder / "veille.db", read_only=True)

    def state(self, name: str) -> OutletState:
        with self.store() as store:
            return store.fetching.outlets.state(name)

    def issues(self, name: str) -> tuple[Issue, ...]:
        with self.store() as store:
            return store.fetching.outlets.issues(name)

    def reasons(self, name: str) -> dict[str, int]:
        with self.store() as store:
            return store.fetching.passed_over(name)

    def story(self, name: str) -> str:
        """All that is known of an outlet: what a failing test has to show."""
        links = self.rows(
            "SELECT url, entry, page, reason, attempts, not_before FROM links WHERE outlet = ?",
            name,
        )
        articles = self.rows("SELECT url, basis FROM articles WHERE outlet = ?", name)
        decisions = self.rows("SELECT host, decision, rule FROM decisions WHERE outlet = ?", name)
        asked = [one.path for one in self.chaos.asked if one.host == f"{name}.example"]
        lines = [self.state(name), *self.issues(name), *links, *articles, *decisions, asked]
        return "\n".join(["", *map(str, lines)])

    def rows(self, sql: str, *parameters: object) -> list[tuple[object, ...]]:
        with self.store() as store:
            return list(store.db.conn.execute(sql, parameters).fetchall())

    def pages(self, name: str) -> list[str]:
        """URLs of an outlet's articles that were read as pages."""
        found = self.rows(
            "SELECT url FROM articles WHERE outlet = ? AND basis = 'page' ORDER BY url", name
        )
        return [str(url) for (url,) in found]

    def entries(self, name: str) -> list[str]:
        """URLs of an outlet's articles that stayed at their entries."""
        found = self.rows(
            "SELECT url FROM articles WHERE outlet = ? AND basis = 'entry' ORDER BY url", name
        )
        return [str(url) for (url,) in found]


def outlet(host: str) -> str:
    """The table of a host in the catalogue."""
    name = host.removesuffix(".example")
    lines = [
        "[[outlet]]",
        f'id = "{name}"',
        f'name = "{name}"',
        f'home = "https://{host}/"',
        f'policy = "{"feed" if name in FEED_ONLY else "probe"}"',
        f'feeds = [{{url = "https://{host}/feed.xml"}}]',
    ]
    if name in SITEMAPS:
        lines.append(f'sitemaps = ["https://{host}/sitemap.xml"]')
    if name in LISTINGS:
        lines.append(f'listing = "https://{host}/"')
    return "\n".join(lines) + "\n\n"
