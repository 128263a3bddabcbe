"""What was emptied is out of the file at any size, disk is given back, and no sender waits."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pipelines.store import Store
from pipelines.store.copies import leftovers
from pipelines.store.keeping import Keeping
from pipelines.store.opening import sqlite3
from pipelines.store.rewriting import Rewriter
from schedules.commands import keeping as keeping_commands
from tests.conftest import Ran
from tests.here import veille as veille  # a fixture
from tests.kept import BODY, CLAIM, SECRET, dump, files_of, line, others

Veille = Callable[..., Ran]

NOW = datetime(2026, 3, 20, 12, tzinfo=UTC)
SUNDAY, MONDAY = "2026-02-22T03:40", "2026-02-23T03:40"


@pytest.fixture
def ledger(veille: Veille, tmp_path: Path) -> Path:
    lines = line("https://www.essai.example/zibeline", BODY, (CLAIM,)) + others(60)
    assert veille("import", "-", "--claims", "--now", "2026-02-01", stdin=lines).code == 0
    return tmp_path / "veille.db"


@pytest.fixture
def large(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if every file were too large to be rewritten each night."""
    monkeypatch.setattr(keeping_commands, "REWRITE_LIMIT", 0)


@pytest.mark.usefixtures("large")
def test_forget_leaves_no_byte_of_the_text_in_a_large_file(veille: Veille, ledger: Path) -> None:
    assert veille("forget", "essai.example").code == 0
    assert SECRET.encode() not in files_of(ledger)


@pytest.mark.usefixtures("large")
def test_a_large_file_gives_its_disk_back_once_a_week(veille: Veille, ledger: Path) -> None:
    assert veille("prune", "--now", MONDAY).code == 0
    with Store.open(ledger) as store:
        assert store.db.execute("SELECT count(text) FROM articles").fetchone() == (0,)
        assert Keeping(store.db).has_free_pages()
        (free,) = store.db.execute("PRAGMA freelist_count").fetchone()
        (page,) = store.db.execute("PRAGMA page_size").fetchone()
    before = ledger.stat().st_size
    assert veille("prune", "--now", SUNDAY).code == 0
    assert ledger.stat().st_size <= before - free * page
    assert SECRET.encode() not in files_of(ledger)
    with Store.open(ledger) as store:
        assert not Keeping(store.db).has_free_pages()


def test_without_disk_for_a_rewrite_the_texts_are_emptied_all_the_same(
    veille: Veille, ledger: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeping_commands, "ROOM", 2**40)
    ran = veille("prune", "--now", SUNDAY)
    assert (ran.code, "not rewritten" in ran.err) == (0, True)
    with Store.open(ledger) as store:
        assert store.db.execute("SELECT count(text) FROM articles").fetchone() == (0,)
        assert Keeping(store.db).has_free_pages()


def test_the_rows_are_the_same_before_and_after(ledger: Path) -> None:
    before = dump(ledger)
    assert Rewriter(ledger).rewrite()
    assert dump(ledger) == before
    assert sorted(path.name for path in ledger.parent.glob(".*")) == []


def test_a_file_larger_than_what_is_cached_is_copied_back_too(ledger: Path) -> None:
    with Store.open(ledger) as store:
        store.db.execute("UPDATE articles SET text = ?", ("Un mot de plus. " * 10_000,))
        store.db.execute("DELETE FROM shingles")
        assert Keeping(store.db).checkpoint()
    before = dump(ledger)
    assert ledger.stat().st_size > 8_000_000
    # while a reading room keeps the WAL, and alone
    with Store.open(ledger):
        assert Rewriter(ledger).rewrite()
    assert Rewriter(ledger).rewrite()
    assert dump(ledger) == before


def test_without_a_wal_sqlite_rewrites_it_alone(ledger: Path) -> None:
    before = dump(ledger)
    connection = sqlite3.connect(str(ledger))
    assert connection.execute("PRAGMA journal_mode = TRUNCATE").fetchone() == ("truncate",)
    connection.close()
    assert not Rewriter(ledger).rewrite()
    assert dump(ledger) == before


def test_what_a_sender_commits_meanwhile_is_kept(ledger: Path) -> None:
    """The copy beside is thrown away when somebody wrote after it was made."""
    committed: list[int] = []

    class Disturbed(Rewriter):
        def copy_beside(self, beside: Path) -> None:
            super().copy_beside(beside)
            if len(committed) < 2:
                with Store.open(ledger) as store:
                    committed.append(store.runs.start("deliver", NOW))

    assert Disturbed(ledger).rewrite()
    with Store.open(ledger) as store:
        rows = store.db.execute("SELECT id FROM runs WHERE command = 'deliver'").fetchall()
    assert [row for (row,) in rows] == committed
    assert len(committed) == 2


def test_a_sender_that_is_in_the_middle_is_waited_for(ledger: Path) -> None:
    made: list[Path] = []
    sender = sqlite3.connect(str(ledger), isolation_level=None, check_same_thread=False)

    class Disturbed(Rewriter):
        def copy_beside(self, beside: Path) -> None:
            super().copy_beside(beside)
            if not made:
                sender.execute("BEGIN IMMEDIATE")
                sender.execute("INSERT INTO forgotten (address, at) VALUES ('x.example', '')")
                threading.Timer(0.3, lambda: sender.execute("COMMIT")).start()
            made.append(beside)

    assert Disturbed(ledger).rewrite()
    assert len(made) == 2
    with Store.open(ledger) as store:
        assert Keeping(store.db).forgotten() == ["x.example"]
    sender.close()


def test_a_sender_that_never_rests_does_not_stop_it(ledger: Path) -> None:
    with Store.open(ledger) as store:
        Keeping(store.db).forget("essai.example", NOW)

    class Disturbed(Rewriter):
        def copy_beside(self, beside: Path) -> None:
            super().copy_beside(beside)
            with Store.open(ledger) as store:
                store.runs.start("deliver", NOW)

    assert not Disturbed(ledger).rewrite()
    with Store.open(ledger) as store:
        assert Keeping(store.db).checkpoint()
    assert SECRET.encode() not in files_of(ledger)


def test_a_rewrite_that_fails_leaves_the_ledger_as_it_was(ledger: Path) -> None:
    before = dump(ledger)

    class Full(Rewriter):
        def copy_beside(self, beside: Path) -> None:
            super().copy_beside(beside)
            raise sqlite3.OperationalError("database or disk is full")

    with pytest.raises(sqlite3.OperationalError, match="full"):
        Full(ledger).rewrite()
    assert dump(ledger) == before
    assert sorted(path.name for path in ledger.parent.glob(".*")) == []


def test_what_restore_and_upgrade_kept_beside_the_ledger_forgets_too(
    veille: Veille, ledger: Path
) -> None:
    names = (
        "veille-20260201T000000Z.db",
        "veille-before-schema-002.db",
        "veille-before-upgrade.db",
    )
    copies = [ledger.with_name(name) for name in names]
    for copy in copies:
        assert veille("backup", copy).code == 0
    ran = veille("forget", "essai.example")
    assert ran.code == 0
    for copy in copies:
        assert SECRET.encode() not in copy.read_bytes()
        assert str(copy) in ran.err


def test_a_copy_of_an_older_schema_cannot_forget_and_is_named(veille: Veille, ledger: Path) -> None:
    copy = ledger.with_name("veille-before-schema-002.db")
    assert veille("backup", copy).code == 0
    connection = sqlite3.connect(str(copy))
    connection.execute("PRAGMA user_version = 0")
    connection.close()
    ran = veille("forget", "essai.example")
    assert ran.code == 3
    assert f"{copy}: " in ran.err
    assert SECRET.encode() not in files_of(ledger)


def test_what_a_killed_backup_or_rewrite_left_is_swept(veille: Veille, ledger: Path) -> None:
    # above the largest number of a process that Linux gives
    dead, folder = 2**22 + 1, ledger.parent
    left = [folder / f".veille.db.{dead}.part", folder / f".veille-20260101T000000Z.db.{dead}.part"]
    at_work = folder / ".veille-20260101T000000Z.db.1.part"
    for path in (*left, at_work):
        shutil.copy(ledger, path)
    assert sorted(leftovers(ledger, folder)) == sorted(left)
    assert veille("forget", "essai.example").code == 0
    assert [path.exists() for path in (*left, at_work)] == [False, False, True]
