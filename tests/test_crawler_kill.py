"""A crawl that is killed loses nothing and posts nothing twice or in another order."""

from __future__ import annotations

import json
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event

import pytest

from demo.__main__ import configure
from demo.server import Press
from pipelines.store import Store
from tests.chaos.configured import configure as configure_chaos
from tests.chaos.server import Chaos, Visit, article, feed, item, rss
from tests.daemons import HeldPress, patient

VEILLE = Path(sys.executable).with_name("veille")

#: Seconds after which a crawl of the bundled press is killed: from before its first request to
#: the posting at its end, on a fast machine and on a busy one.
MOMENTS = (0.6, 4.0)

#: Seconds to wait for what must come, on the slowest machine.
LONGEST = 300

#: What must be the same. Ids, `seen`, `recorded` and times of the outbox aside; an id that points
#: to another row is replaced by what identifies that row.
ARTICLE = "(SELECT url || ' ' || at || ' ' || basis FROM articles WHERE id = {})"
ROWS = {
    "articles": "SELECT url, canonical_url, outlet, title, text, language, wire, paywalled, basis,"
    " published, modified, at, first_run, sameness, voice, exact, shingles, sentences, share,"
    f" {ARTICLE.format('a.copy_of')}, {ARTICLE.format('a.previous')} FROM articles a",
    "claims": f"SELECT {ARTICLE.format('c.article')}, position, kind, payers, payee, low, high,"
    " qualifier, certainty, stage, sources, background, amount_start, quote, held FROM claims c",
    "changes": f"SELECT {ARTICLE.format('c.article')}, label, also, alert, deal, kind, payers,"
    " payee, before, after, claims, corroboration, rule FROM changes c",
    "outbox": f"SELECT key, channel, mode, {ARTICLE.format('o.article')} FROM outbox o",
    "links": "SELECT url, outlet, title, entry, page, reason, visits, text_hash FROM links",
    "prepared": "SELECT url, basis FROM prepared",
}


def ledger(database: Path) -> dict[str, list[tuple[object, ...]]]:
    with Store.open(database, read_only=True) as store:
        return {
            name: sorted(map(tuple, store.db.conn.execute(sql).fetchall()), key=repr)
            for name, sql in ROWS.items()
        }


def deals(config: Path) -> str:
    done = subprocess.run(
        [str(VEILLE), "--config", str(config), "deals", "--json"], capture_output=True, check=True
    )
    return done.stdout.decode()


def crawl(config: Path, seconds: float | None = None) -> int | None:
    """A crawl; killed with all that it may leave behind after `seconds`. None: it was killed."""
    told = config.with_name("told.txt")  # a pipe would outlive the crawl in its workers
    with told.open("w") as file:
        running = subprocess.Popen(
            [str(VEILLE), "--config", str(config), "crawl"],
            stdout=subprocess.DEVNULL,
            stderr=file,
            start_new_session=True,
        )
        try:
            code = running.wait(seconds)
        except subprocess.TimeoutExpired:
            running.send_signal(signal.SIGKILL)  # the crawl alone: workers must end by themselves
            running.wait()
            return None
    if code:
        print(told.read_text())
    return code


def left_over(session: int) -> list[int]:
    """Processes of a session that still run."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
            except (FileNotFoundError, ProcessLookupError):
                continue
            if int(fields[3]) == session and fields[0] != "Z":
                found.append(int(entry.name))
    return found


@pytest.fixture(scope="module")
def press() -> Iterator[Press]:
    with Press() as served:
        yield served


@pytest.fixture(scope="module")
def undisturbed(press: Press, tmp_path_factory: pytest.TempPathFactory) -> Path:
    config = configure(tmp_path_factory.mktemp("undisturbed"), press.address)
    assert crawl(config) == 0
    return config


def test_a_crawl_killed_again_and_again_ends_as_an_undisturbed_one(
    press: Press, undisturbed: Path, tmp_path: Path
) -> None:
    config = configure(tmp_path, press.address)
    chance = random.Random(2)
    for _ in range(3):
        crawl(config, chance.uniform(*MOMENTS))
    assert crawl(config) == 0
    assert ledger(tmp_path / "veille.db") == ledger(undisturbed.parent / "veille.db")
    assert deals(config) == deals(undisturbed)


def test_a_first_crawl_ended_by_sigterm_goes_on_as_a_first_crawl(
    press: Press, undisturbed: Path, tmp_path: Path
) -> None:
    config = configure(tmp_path, press.address)
    press.asked.clear()
    running = subprocess.Popen(
        [str(VEILLE), "--config", str(config), "crawl"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    until(lambda: sum(press.asked.values()) >= 12)
    running.terminate()
    running.wait(LONGEST)
    assert crawl(config) == 0
    assert ledger(tmp_path / "veille.db") == ledger(undisturbed.parent / "veille.db")


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(10))
def test_a_crawl_killed_at_a_random_moment_goes_on_where_it_was(
    press: Press, undisturbed: Path, tmp_path: Path, seed: int
) -> None:
    config = configure(tmp_path, press.address)
    crawl(config, random.Random(seed).uniform(*MOMENTS))
    assert crawl(config) == 0
    assert ledger(tmp_path / "veille.db") == ledger(undisturbed.parent / "veille.db")
    assert deals(config) == deals(undisturbed)


def test_a_second_crawl_of_the_unchanged_press_asks_for_no_page_and_writes_no_row(
    undisturbed: Path,
) -> None:
    before = ledger(undisturbed.parent / "veille.db")
    with Press() as press:  # of its own: nobody else's request is late there
        configure(undisturbed.parent, press.address)
        assert crawl(undisturbed) == 0
        asked = dict(press.asked)
    assert ledger(undisturbed.parent / "veille.db") == before
    assert sum(asked.values()) == 5  # a feed an outlet
    assert all(path.endswith((".xml", ".rss")) for path in asked)


@pytest.mark.skipif(not Path("/proc").exists(), reason="needs /proc to find processes")
def test_a_killed_crawl_leaves_no_worker_behind(tmp_path: Path) -> None:
    with HeldPress() as press:  # nobody is answered: the crawl cannot end before it is killed
        config = patient(configure(tmp_path, press.address))
        running = subprocess.Popen(
            [str(VEILLE), "--config", str(config), "crawl"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        until(lambda: len(left_over(running.pid)) >= 3)  # until workers run
        assert running.poll() is None
        running.kill()
        running.wait()
        press.gate.set()
        until(lambda: not left_over(running.pid))
    assert left_over(running.pid) == []


def test_a_crawl_ended_by_sigterm_exits_3_and_its_row_says_so(tmp_path: Path) -> None:
    asked, go_on = Event(), Event()

    def held(visit: Visit) -> None:
        asked.set()
        go_on.wait(LONGEST)
        feed(visit)

    with Chaos({"a.example": {"/feed.xml": held}}) as chaos:
        configure_chaos(tmp_path, {"a": chaos.port})
        running = subprocess.Popen(
            [str(VEILLE), "--config", str(tmp_path / "veille.toml"), "crawl"],
            stderr=subprocess.PIPE,
            text=True,
        )
        assert asked.wait(LONGEST)
        running.terminate()
        go_on.set()  # what is under way may end
        _, told = running.communicate(timeout=LONGEST)
    assert running.returncode == 3, told
    assert "ended by a signal" in told
    with Store.open(tmp_path / "veille.db", read_only=True) as store:
        (row,) = store.runs.latest(1)
    assert (row["command"], row["exit"]) == ("crawl", 3)
    assert json.loads(row["counts"])["ended by a signal"] == 1


def until(condition: Callable[[], object]) -> None:
    end = time.monotonic() + LONGEST
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.02)


def test_articles_arrive_when_a_crash_after_the_feed_is_followed_by_its_304(
    tmp_path: Path,
) -> None:
    def feed(visit: Visit) -> None:
        if visit.headers.get("if-none-match") == '"un"':
            visit.send(b"", "304 Not Modified", ETag='"un"')
            return
        items = [item("a.example", f"/a/{n}", f"OpenAI lève {n} milliards", n) for n in (1, 2)]
        visit.send(rss(*items), kind="application/rss+xml", ETag='"un"')

    dead = Event()

    def held_article(visit: Visit) -> None:
        dead.wait(LONGEST)  # no article arrives before the crawl is killed
        article(visit)

    routes = {"a.example": {"/feed.xml": feed, "/a/1": held_article, "/a/2": held_article}}
    with Chaos(routes) as chaos:
        configure_chaos(tmp_path, {"a": chaos.port})
        first = subprocess.Popen(
            [str(VEILLE), "--config", str(tmp_path / "veille.toml"), "crawl"],
            stderr=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
        )
        until(lambda: any(path.startswith("/a/") for path in chaos.paths("a.example")))
        first.kill()
        first.wait()
        dead.set()
        asked = len(chaos.asked)
        assert crawl(tmp_path / "veille.toml") == 0
        again = {one.path: one for one in chaos.asked[asked:]}
    assert again["/feed.xml"].headers["if-none-match"] == '"un"'
    with Store.open(tmp_path / "veille.db", read_only=True) as store:
        pages = store.db.conn.execute(
            "SELECT url FROM articles WHERE basis = 'page' ORDER BY url"
        ).fetchall()
    assert [url for (url,) in pages] == ["https://a.example/a/1", "https://a.example/a/2"]
