"""Backup and restore: a copy is the same as its original, whatever happens meanwhile."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from pipelines.store import Store, StoreError
from pipelines.store.copies import backup, cap, restore, stamped, stamped_in
from schedules.jobs import recorded
from schedules.session import Refused, Session
from tests.conftest import Ran
from tests.here import veille as veille  # a fixture
from tests.kept import NOW, dump
from tests.kept import keeping as keeping  # fixtures
from tests.kept import ledger as ledger
from tests.kept import made as made

Veille = Callable[..., Ran]


class TestBackup:
    def test_the_restored_ledger_is_the_original_table_by_table(
        self, veille: Veille, ledger: Path, tmp_path: Path
    ) -> None:
        before = dump(ledger)
        assert veille("backup", "copy.db").code == 0
        assert dump(tmp_path / "copy.db") == before == dump(ledger)
        veille("forget", "autre.example")
        assert dump(ledger) != before
        assert veille("restore", "copy.db").code == 0
        assert dump(ledger) == before
        assert veille("verify").code in (0, 2)  # 2: not built yet

    def test_a_missing_ledger_is_restored(
        self, veille: Veille, ledger: Path, tmp_path: Path
    ) -> None:
        before = dump(ledger)
        veille("backup", "copy.db")
        for path in tmp_path.glob("veille.db*"):
            path.unlink()
        assert veille("restore", "copy.db").code == 0
        assert dump(ledger) == before

    def test_a_damaged_ledger_is_moved_aside(
        self, veille: Veille, ledger: Path, tmp_path: Path
    ) -> None:
        before = dump(ledger)
        veille("backup", "copy.db")
        damaged = b"SQLite format 3\0" + os.urandom(50_000)
        ledger.write_bytes(damaged)
        for ending in ("-wal", "-shm"):
            Path(f"{ledger}{ending}").unlink(missing_ok=True)
        ran = veille("restore", "copy.db")
        assert ran.code == 0, ran.err
        assert dump(ledger) == before
        (aside,) = tmp_path.glob("veille.db.aside-*")
        assert aside.read_bytes() == damaged
        assert str(aside) in ran.err

    def test_what_it_was_is_backed_up_first(self, veille: Veille, ledger: Path) -> None:
        veille("backup", "copy.db")
        veille("forget", "essai.example")
        before = dump(ledger)
        ran = veille("restore", "copy.db", "--now", "2026-06-01")
        assert dump(ledger.with_name("veille-20260601T000000Z.db")) == before
        assert "veille-20260601T000000Z.db" in ran.err

    @pytest.mark.parametrize(
        ("source", "told"),
        [
            ("none.db", "no such file"),
            ("veille.toml", "no SQLite file"),
            ("veille.db", "the ledger itself"),
            ("short.db", "damaged"),
        ],
    )
    def test_what_is_no_sound_backup_is_refused_and_changes_nothing(
        self, source: str, told: str, veille: Veille, ledger: Path, tmp_path: Path
    ) -> None:
        veille("backup", "whole.db")
        whole = (tmp_path / "whole.db").read_bytes()
        (tmp_path / "short.db").write_bytes(whole[: len(whole) // 2])
        before = dump(ledger)
        ran = veille("restore", source)
        assert ran.code == 2
        assert told in ran.err
        assert dump(ledger) == before

    def test_readers_and_writers_go_on_during_a_backup(self, ledger: Path, tmp_path: Path) -> None:
        stop = threading.Event()
        problems: list[Exception] = []

        def write() -> None:
            with Store.open(ledger) as store:
                while not stop.is_set():
                    try:
                        row = store.runs.start("import", NOW)
                        store.runs.end(row, NOW, 0, {})
                    except Exception as error:  # noqa: BLE001 told by the assertion
                        problems.append(error)
                        return

        writer = threading.Thread(target=write)
        writer.start()
        for number in range(10):
            backup(ledger, tmp_path / f"{number}.db")
        restore(tmp_path / "9.db", ledger)
        stop.set()
        writer.join()
        assert problems == []

    def test_without_a_file_the_newest_few_stay(self, veille: Veille, tmp_path: Path) -> None:
        (tmp_path / "veille.toml").write_text("[backup]\ndirectory = 'copies'\nkeep = 2\n")
        veille("import", "-")
        (tmp_path / "copies").mkdir()
        stranger = tmp_path / "copies" / "veille-notes.db"
        stranger.write_text("mine")
        for day in (1, 2, 3):
            assert veille("backup", "--now", f"2027-01-0{day}").code == 0
        names = sorted(path.name for path in (tmp_path / "copies").iterdir())
        assert names == ["veille-20270102T000000Z.db", "veille-20270103T000000Z.db", stranger.name]

    def test_a_backup_is_as_private_as_its_ledger(self, ledger: Path, tmp_path: Path) -> None:
        ledger.chmod(0o600)
        backup(ledger, tmp_path / "copy.db")
        assert (tmp_path / "copy.db").stat().st_mode & 0o777 == 0o600

    def test_a_backup_that_fails_leaves_the_last_one_as_it_was(
        self, ledger: Path, tmp_path: Path
    ) -> None:
        folder = tmp_path / "copies"
        folder.mkdir()
        target = stamped(ledger, folder, NOW)
        backup(ledger, target)
        before = target.read_bytes()
        with pytest.raises(StoreError):
            backup(tmp_path / "none.db", target)
        assert target.read_bytes() == before
        assert stamped_in(ledger, folder) == [target] == list(folder.iterdir())
        assert cap(ledger, folder, 1) == 0


class TestRuns:
    def test_every_run_has_its_row_with_counts(self, veille: Veille, ledger: Path) -> None:
        veille("forget", "essai.example", "--now", "2026-03-01")
        veille("prune", "--now", "2026-03-02")
        veille("optimise", "--now", "2026-03-02")
        with Store.open(ledger) as store:
            runs = {run["command"]: run for run in store.runs.latest(9)}
        assert set(runs) == {"import", "forget", "prune", "optimise"}
        assert all(run["ended"] and run["exit"] == 0 for run in runs.values())
        assert json.loads(runs["prune"]["counts"])["texts"] == 60
        assert json.loads(runs["forget"]["counts"])["quotes"] == 1

    @pytest.mark.parametrize(
        ("error", "code"),
        [
            (ValueError("a bug"), 1),
            (KeyboardInterrupt(), 130),
            (Refused("no", 2), 2),
            (SystemExit(143), 143),
        ],
    )
    def test_a_run_that_fails_ends_its_row_too(
        self, error: BaseException, code: int, store: Store
    ) -> None:
        with pytest.raises(type(error)), recorded(Session(), store, "import"):
            raise error
        (run,) = store.runs.latest(1)
        assert (run["exit"], run["ended"] is not None) == (code, True)

    def test_a_full_disk_is_told_and_loses_nothing(self, veille: Veille, ledger: Path) -> None:
        before = dump(ledger)
        with Store.open(ledger) as store:
            (pages,) = store.db.execute("PRAGMA page_count").fetchone()
            # as many pages as there are: what a full disk is to SQLite
            store.db.execute(f"PRAGMA max_page_count = {pages}")
            session = Session(db_path=ledger)
            with (
                pytest.raises(Refused, match="the disk is full; free some space"),
                recorded(session, store, "import"),
                store.transaction(),
            ):
                store.db.execute("UPDATE articles SET text = text || text || text || text")
        after = dump(ledger)
        assert {**after, "runs": []} == {**before, "runs": []}
