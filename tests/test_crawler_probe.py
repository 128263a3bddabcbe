"""Asking every outlet once: what moved, died or closed becomes a patch for the catalogue."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path

from tests.chaos.configured import configure
from tests.chaos.server import Chaos, feed, redirects, sends

# the reactor runs once a process
SCRIPT = """\
from datetime import UTC, datetime
from pathlib import Path
from crawler.probe import patch, probe
from pipelines import config, outlets
settings = config.load(Path("veille.toml"))
known = outlets.load(settings.catalogue)
found = probe(settings, known, now=lambda: datetime.now(UTC), progress=lambda line: None)
print(patch(found.findings))
for one in found.findings:
    print(f"# {one.outlet.id} {one.report.result} {one.newest}")
"""

ROUTES = {
    "sain": {},
    "parti": {
        "/feed.xml": redirects("/flux.xml", "301 Moved Permanently"),
        "/flux.xml": feed,
    },
    "mort": {"/feed.xml": sends(b"", "404 Not Found")},
    "reserve": {
        "/.well-known/tdmrep.json": sends(b'[{"location": "/", "tdm-reservation": 1}]'),
    },
}


def test_a_probe_says_what_the_catalogue_should_say_and_asks_for_no_page(tmp_path: Path) -> None:
    with Chaos({f"{name}.example": routes for name, routes in ROUTES.items()}) as chaos:
        listed = ', section = "all", status = "listed"'
        configure(tmp_path, dict.fromkeys(ROUTES, chaos.port), listed)
        done = subprocess.run(
            [sys.executable, "-c", SCRIPT],
            cwd=tmp_path,
            env={"PYTHONPATH": str(Path(__file__).parent.parent)},
            capture_output=True,
            text=True,
            check=False,
        )
        asked = {one.path for one in chaos.asked}
    assert done.returncode == 0, done.stderr
    changed = {table["id"]: table for table in tomllib.loads(done.stdout)["outlet"]}
    assert set(changed) == {"parti", "mort", "reserve"}
    assert changed["parti"]["feeds"][0]["url"] == "https://parti.example/flux.xml"
    assert changed["mort"]["feeds"][0]["status"] == "dead"
    assert changed["reserve"]["policy"] == "feed"
    assert "# sain ok 2026-03-02 07:30:00+00:00" in done.stdout
    assert not [path for path in asked if path.startswith("/a/")]
    assert [path.name for path in tmp_path.iterdir() if path.suffix == ".db"] == []
