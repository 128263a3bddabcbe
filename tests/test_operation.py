"""The container file keeps its rules, and the pages on operation name what there is."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

import pytest

from pipelines.store import keeping
from pipelines.store.articles import COPY_WINDOW
from schedules.cli import COMMANDS
from tests.conftest import ROOT

FILE = ROOT / "Containerfile"


def instructions() -> list[tuple[str, str]]:
    joined = FILE.read_text().replace("\\\n", " ")
    lines = [line.strip() for line in joined.splitlines()]
    pairs = [line.split(maxsplit=1) for line in lines if line and not line.startswith("#")]
    return [(name, rest) for name, rest in pairs]


def last_stage() -> list[tuple[str, str]]:
    found = instructions()
    start = max(i for i, (name, _) in enumerate(found) if name == "FROM")
    return found[start:]


def test_every_instruction_of_the_container_file_is_one() -> None:
    known = {"FROM", "RUN", "COPY", "ENV", "USER", "WORKDIR", "VOLUME", "STOPSIGNAL"}
    known |= {"HEALTHCHECK", "ENTRYPOINT", "CMD"}
    assert {name for name, _ in instructions()} <= known


def test_it_runs_without_rights_and_has_one_volume_and_a_health_check() -> None:
    stage = last_stage()
    users = [rest for name, rest in stage if name == "USER"]
    (made,) = [rest for name, rest in stage if name == "RUN" and "useradd" in rest]
    assert users == ["10001"]
    assert "--uid 10001" in made
    order = [name for name, _ in stage]
    assert order.index("USER") < order.index("ENTRYPOINT")
    assert "RUN" not in order[order.index("USER") :]
    assert [rest for name, rest in stage if name == "VOLUME"] == ["/data"]
    (check,) = [rest for name, rest in stage if name == "HEALTHCHECK"]
    assert '["veille", "health", "--check"]' in check
    assert dict(stage)["STOPSIGNAL"] == "SIGTERM"  # what `veille run` ends on


def test_its_base_is_named_by_version_and_its_packages_by_hash() -> None:
    bases = {rest.split()[0] for name, rest in instructions() if name == "FROM"}
    assert all(re.search(r":\d+\.\d+", base) for base in bases)
    installs = [rest for name, rest in instructions() if name == "RUN" and "pip install" in rest]
    assert all("--require-hashes" in rest or "--no-deps" in rest for rest in installs)


def test_what_it_copies_is_there() -> None:
    copied = [
        word
        for name, rest in instructions()
        if name == "COPY" and "--from" not in rest
        for word in [w for w in rest.split() if not w.startswith("--")][:-1]
    ]
    assert copied
    assert [word for word in copied if not (ROOT / word).exists()] == []


def test_its_start_writes_a_configuration_first_and_then_passes_on(tmp_path: Path) -> None:
    script = (ROOT / "docs" / "container-start.sh").read_text().replace("/data", str(tmp_path))
    binaries = tmp_path / "bin"
    binaries.mkdir()
    (binaries / "veille").write_text('#!/bin/sh\necho "$@"\n')
    (binaries / "veille").chmod(0o755)
    path = {"PATH": f"{binaries}:{os.environ['PATH']}"}

    def start() -> list[str]:
        words = ["/bin/sh", "-c", script, "veille-start", "run", "--log", "json"]
        done = subprocess.run(words, capture_output=True, text=True, env=path, check=True)
        return done.stdout.splitlines()

    passed_on = f"--config {tmp_path}/veille.toml run --log json"
    assert start() == [f"init {tmp_path}", passed_on]
    (tmp_path / "veille.toml").touch()
    assert start() == [passed_on]


@pytest.mark.parametrize("page", ["operation.md", "upgrade.md"])
def test_the_pages_name_only_commands_that_there_are(page: str) -> None:
    text = (ROOT / "docs" / page).read_text("utf-8")
    named = set(re.findall(r"`veille (?:--\w+ \S+ )?([a-z]+)", text))
    named |= set(re.findall(r"^    veille (?:--\w+ \S+ )?([a-z]+)", text, re.MULTILINE))
    assert named
    assert named - set(COMMANDS) <= {"replay", "browse", "review"}  # their own issues


def test_the_page_tells_how_long_things_are_kept() -> None:
    text = (ROOT / "docs" / "operation.md").read_text("utf-8")
    runs, issues = keeping.RUNS_KEPT.days, keeping.ISSUES_KEPT.days
    assert f"| runs and issues | {runs} and {issues} days |" in text
    assert f"| observations of outlets | {keeping.OBSERVATIONS_KEPT.days} days |" in text
    assert f"| index of copies | {COPY_WINDOW.days} days |" in text
