"""What an earlier crawl left unread is read by the next one, which ends when it is asked to."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

from crawler.links import key
from demo.__main__ import configure
from demo.server import Press
from pipelines.records import Entry
from pipelines.store import Store
from pipelines.store.fetching import Planned, Validators

OUTLET = "lenumerique.example"
FEED = f"https://{OUTLET}/feed.xml"
NOW = datetime(2026, 2, 1, 9, tzinfo=UTC)
#: Seconds after which a crawl is held to go on for ever.
PATIENCE = 300

#: `veille crawl` that is told to end when the entry that was left comes to be read, and reads it
#: only when everything else has ended.
TOLD_TO_END = """
import asyncio, os, signal
from crawler.handoff import IntakePipeline, Shown
from schedules.cli import main

read = IntakePipeline.process_item

async def read_at_the_end(pipeline, found):
    if isinstance(found, Shown) and found.entries[0].url.endswith("/reste"):
        os.kill(os.getpid(), signal.SIGTERM)
        scraper = pipeline._crawler.engine.scraper
        while scraper.slot.closing is None:
            await asyncio.sleep(0.01)
    return await read(pipeline, found)

IntakePipeline.process_item = read_at_the_end
main()
"""


def leave_an_entry(database: Path) -> None:
    """As a crawl that was killed between writing it down and reading it."""
    entry = Entry(OUTLET, f"https://{OUTLET}/reste", "OpenAI lève 9 Md$", "", NOW, None, FEED)
    with Store.open(database, create=True) as store:
        planned = [Planned(entry, key(entry.url), True, "passed")]
        source = (FEED, Validators('"1"', None, "hash"))
        store.fetching.record(planned, NOW, source=source, most_visits=9)
        assert store.fetching.unread_entries(OUTLET) == (entry,)


def test_a_crawl_that_is_told_to_end_while_it_reads_what_was_left_reads_it_and_ends(
    tmp_path: Path,
) -> None:
    leave_an_entry(tmp_path / "veille.db")
    with Press() as press:
        config = configure(tmp_path, press.address)
        command = [sys.executable, "-c", TOLD_TO_END, "--config", str(config), "crawl"]
        done = subprocess.run(
            command, capture_output=True, text=True, timeout=PATIENCE, check=False
        )
    assert "Traceback" not in done.stderr
    with Store.open(tmp_path / "veille.db") as store:
        assert store.fetching.unread_entries(OUTLET) == ()
        (run,) = store.runs.latest(1)
    assert (run["command"], run["exit"]) == ("crawl", done.returncode)
