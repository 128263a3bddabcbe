"""An upgrade goes through or leaves everything as it was; a downgrade is refused."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from pipelines import schema
from pipelines.store import Store, StoreError
from pipelines.store.opening import sqlite3
from schedules import locks, upgrading
from schedules.session import Refused, Session
from tests.conftest import VEILLE, Ran
from tests.here import veille as veille  # a fixture

Veille = Callable[..., Ran]


def version_of(database: Path) -> int:
    connection = sqlite3.connect(str(database))
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    connection.close()
    return int(version)


def contents(database: Path) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table: a copy holds the same in other pages."""
    connection = sqlite3.connect(str(database))
    tables = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
    found = {name: connection.execute(f'SELECT * FROM "{name}"').fetchall() for (name,) in tables}
    connection.close()
    return found


def set_version(database: Path, version: int) -> None:
    connection = sqlite3.connect(str(database))
    connection.execute(f"PRAGMA user_version = {version}")
    connection.close()


@pytest.fixture
def ledger(veille: Veille, tmp_path: Path) -> Path:
    assert veille("import", "-").code == 0
    return tmp_path / "veille.db"


def test_a_newer_ledger_is_refused_and_the_backup_is_named(veille: Veille, ledger: Path) -> None:
    before = ledger.with_name(f"veille-before-schema-{schema.VERSION + 1:03}.db")
    veille("backup", before)
    set_version(ledger, schema.VERSION + 1)
    refused = veille("changes")
    assert refused.code == 2
    assert "written by a newer veille" in refused.err
    assert f"(veille restore {before})" in refused.err
    assert veille("restore", before).code == 0
    assert veille("changes").code == 0


def test_an_older_ledger_waits_for_the_migration(
    ledger: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from pipelines.store import opening
    from schedules.commands.upgrading import migrate

    next_version = schema.VERSION + 1
    step = ("CREATE TABLE later (id INTEGER PRIMARY KEY) STRICT;",)
    monkeypatch.setattr(schema, "VERSION", next_version)
    monkeypatch.setattr(opening, "VERSION", next_version)
    monkeypatch.setattr(
        opening, "migrate", lambda found: schema.migrate(found, schema.MIGRATIONS + step)
    )
    with pytest.raises(StoreError, match="`veille migrate`"):
        Store.open(ledger)
    before = migrate(ledger)
    assert before == ledger.with_name(f"veille-before-schema-{next_version:03}.db")
    assert (version_of(before), version_of(ledger)) == (schema.VERSION - 1, next_version)
    assert migrate(ledger) is None


def test_a_ledger_of_today_needs_no_migration(veille: Veille, ledger: Path) -> None:
    ran = veille("migrate")
    assert (ran.code, "newest schema already" in ran.err) == (0, True)
    assert list(ledger.parent.glob("*before*")) == []


def test_a_migration_is_alone(veille: Veille, ledger: Path) -> None:
    with locks.writing(ledger, "import"):
        assert veille("migrate").code == 75
    assert veille("migrate", "--held").code == 2


class Steps:
    """Runs the steps of an upgrade with this very environment in place of a new one."""

    def __init__(self, ledger: Path, failing: str = "") -> None:
        self.ledger = ledger
        self.failing = failing
        self.words: list[str] = []
        self.during: list[int] = []

    def __call__(self, command: Sequence[str]) -> int:
        if "venv" in command:
            binaries = Path(command[-1]) / "bin"
            binaries.mkdir(parents=True)
            # no link: a link's interpreter would not find its packages
            (binaries / "python").write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n')
            (binaries / "python").chmod(0o755)
            return 0
        self.words.append(command[-1])
        tick = subprocess.run(
            [VEILLE, "--db", self.ledger, "import", "-"],
            input=b"",
            capture_output=True,
            check=False,
        )
        self.during.append(tick.returncode)
        if self.failing and self.failing in command:
            return 1
        if "pip" in command:
            return 0
        return subprocess.run(command, capture_output=True, check=False).returncode


@pytest.fixture
def checkout(ledger: Path, tmp_path: Path) -> Path:
    (tmp_path / "checkout" / ".venv").mkdir(parents=True)
    (tmp_path / "checkout" / ".venv" / "mark").write_text("old")
    return tmp_path / "checkout"


def test_whatever_cron_starts_during_an_upgrade_exits_75(ledger: Path, checkout: Path) -> None:
    steps = Steps(ledger, failing="verify")
    with pytest.raises(Refused):
        upgrading.upgrade(Session(db_path=ledger), checkout, steps)
    # two steps of pip, migrate, verify
    assert steps.during == [75, 75, 75, 75]


def test_an_upgrade_swaps_the_environment_and_keeps_the_one_before(
    ledger: Path, checkout: Path
) -> None:
    steps = Steps(ledger)
    assert upgrading.upgrade(Session(db_path=ledger), checkout, steps) == 0
    assert steps.words[-2:] == ["--held", "verify"]
    link = checkout / ".venv"
    assert link.is_symlink()
    assert (link / "bin" / "python").exists()
    assert (checkout / ".venv-old" / "mark").read_text() == "old"


@pytest.mark.parametrize("failing", ["verify", "--held"])
def test_an_upgrade_that_fails_leaves_everything_as_it_was(
    failing: str, ledger: Path, checkout: Path
) -> None:
    before = contents(ledger)
    with pytest.raises(Refused, match="the ledger is as it was"):
        upgrading.upgrade(Session(db_path=ledger), checkout, Steps(ledger, failing))
    assert (checkout / ".venv" / "mark").read_text() == "old"
    assert list(checkout.glob(".venv-2*")) == []
    assert contents(ledger) == before
    with locks.alone(ledger, "test"):
        pass  # no lock stayed


@pytest.mark.parametrize("command", ["deliver", "status", "health", "changes"])
def test_what_takes_no_lock_exits_75_too_while_an_older_ledger_is_upgraded(
    command: str, veille: Veille, ledger: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from pipelines.store import opening

    monkeypatch.setattr(opening, "VERSION", schema.VERSION + 1)
    assert veille(command).code == 2
    with locks.alone(ledger, "upgrade"):
        ran = veille(command)
    assert (ran.code, "(upgrade), since" in ran.err) == (75, True)
