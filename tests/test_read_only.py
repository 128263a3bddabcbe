"""A ledger that can only be read: on a medium, in a backup, in a folder of somebody else."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from pipelines.store import Store, StoreError
from schedules.session import Refused, Session
from tests.news import Move, tell
from tests.test_reading_room_beside import as_other


def as_reader(act: Callable[[], object]) -> object:
    """What `act` gives to a user who may not write there; root may write everywhere."""
    if os.geteuid() == 0:
        return as_other(act)
    try:
        return act()
    except StoreError as error:
        return str(error)


@pytest.fixture
def folder() -> Iterator[Path]:
    # not below the folder of the tests, which nobody else may enter
    made = Path(tempfile.mkdtemp())
    with Store.open(made / "veille.db", create=True) as store:
        tell(store, Move())
    yield made
    made.chmod(0o755)
    shutil.rmtree(made)


def seal(folder: Path) -> Path:
    for path in folder.iterdir():
        path.chmod(0o444)
    folder.chmod(0o555)
    return folder / "veille.db"


def changes(database: Path) -> object:
    try:
        with Session(db_path=database).store() as store:
            return [line["change"] for line in store.ledger.changes()]
    except Refused as refused:
        return str(refused)


def test_it_is_read_and_nothing_is_put_beside_it(folder: Path) -> None:
    database = seal(folder)
    assert as_reader(lambda: changes(database)) == ["new"]
    assert [path.name for path in folder.iterdir()] == ["veille.db"]


def test_a_copy_without_its_last_changes_is_not_taken_for_the_whole(folder: Path) -> None:
    database = folder / "veille.db"
    with Store.open(database) as store:
        tell(store, Move(), number=2)
        shutil.copy(f"{database}-wal", folder / "kept")
    (folder / "kept").rename(f"{database}-wal")
    seal(folder)
    said = str(as_reader(lambda: changes(database)))
    assert "its last changes stand in veille.db-wal" in said
    assert "copy both there, or take a copy with `veille backup`" in said


def test_an_older_schema_is_told(folder: Path) -> None:
    with Store.open(folder / "veille.db") as store:
        store.db.execute("PRAGMA user_version = 1")
    database = seal(folder)
    assert "its schema is of another version" in str(as_reader(lambda: changes(database)))


def test_whoever_would_write_is_told_that_it_cannot_be_written(folder: Path) -> None:
    database = seal(folder)

    def write() -> object:
        try:
            Session(db_path=database).store(writing=True).close()
        except Refused as refused:
            return str(refused)
        return "written"

    assert "cannot be written" in str(as_reader(write))
