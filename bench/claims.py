"""The claim reader: texts a second, beside trafilatura, growth on hostile input, cold start."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from functools import cache
from pathlib import Path

from bench import article
from demo.server import SITE
from pipelines import claims, config, records

ROOT = Path(__file__).parent.parent
RUNS = 5
#: Passes over the texts. Of these and of the starts the fastest counts: what else a machine does
#: only ever adds to the time.
PASSES = 25
SIZE = 100_000  # characters
HOSTILE = {
    "digits": "1234567890 ",
    "spaces": " ",
    "Md": "30 Md ",
    "no full stop": "Amazon investit 50 milliards de dollars dans OpenAI et ",
}


def texts() -> list[str]:
    lines = (ROOT / "demo" / "press" / "manifest.jsonl").read_text("utf-8").splitlines()
    return [json.loads(line)["body"] for line in lines]


def seconds(bodies: list[str]) -> float:
    """Fastest of the passes."""
    return min(once(bodies) for _ in range(PASSES))


def growth(piece: str) -> float:
    """How many times as long twice the text takes: the median of alternating pairs."""
    half = piece * (SIZE // len(piece))
    return statistics.median(once([2 * half]) / once([half]) for _ in range(RUNS))


def beside(bodies: list[str]) -> float:
    """How many times as long a text takes as trafilatura takes for a page of the same press: the
    median of alternating pairs."""
    pages = [page.read_bytes() for page in sorted(SITE.rglob("*.htm*"))]
    article.plain(pages)
    pairs = [(once(bodies) / len(bodies), article.plain(pages) / len(pages)) for _ in range(RUNS)]
    return statistics.median(ours / other for ours, other in pairs)


def once(bodies: list[str]) -> float:
    """Seconds of this process that one reading of all bodies takes."""
    watch = watched()
    started = time.process_time()
    for body in bodies:
        claims.find(body, watch)
    return time.process_time() - started


@cache
def watched() -> records.Watch:
    """The shipped watch, loaded once as a daemon loads it."""
    return config.load(None).watches[0]


def main() -> None:
    bodies = texts()
    without = ["Le procès reprend mardi au tribunal, selon les avocats des parties. " * 20] * 200
    seconds(bodies[:3])
    print(
        f"   texts a second: {len(bodies) / seconds(bodies):.0f} with money (aim 300), "
        f"{len(without) / seconds(without):.0f} without (aim 5,000)"
    )
    print(f"   a text takes {beside(bodies):.2f} times as long as a page in plain trafilatura")
    for name, piece in HOSTILE.items():
        print(f"   hostile, {name}: twice the text takes {growth(piece):.2f} times (aim < 2.3)")
    code = (
        "import time; from pipelines import config; w = config.load(None).watches[0];"
        " t = time.process_time(); from pipelines import claims;"
        " claims.find('Amazon investit 50 milliards dans OpenAI.', w);"
        " print(time.process_time() - t)"
    )
    with tempfile.TemporaryDirectory() as cache:  # an installed package has its bytecode
        bytecode = {"PYTHONPYCACHEPREFIX": cache, "PYTHONDONTWRITEBYTECODE": ""}
        starts = [
            float(
                subprocess.run(
                    [sys.executable, "-c", code],
                    capture_output=True,
                    text=True,
                    check=True,
                    cwd=ROOT,
                    env=os.environ | bytecode,
                ).stdout
            )
            for _ in range(RUNS)
        ]
    print(f"   start of the claim step: {min(starts) * 1000:.0f} ms (aim < 150)")
