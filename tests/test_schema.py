"""Files and migrations: all of a migration or nothing, and a clear word for what is not ours."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from pipelines.schema import APPLICATION_ID, MIGRATIONS, VERSION, SchemaError, migrate, statements
from pipelines.store import Store, StoreError
from pipelines.store.opening import sqlite3 as driver


def fresh() -> sqlite3.Connection:
    return driver.connect(":memory:", isolation_level=None)


def test_a_fresh_file_gets_the_newest_schema_and_our_mark() -> None:
    connection = fresh()
    assert migrate(connection) == 0
    assert connection.execute("PRAGMA user_version").fetchone() == (VERSION,)
    assert connection.execute("PRAGMA application_id").fetchone() == (APPLICATION_ID,)
    assert migrate(connection) == VERSION


def test_a_failing_migration_leaves_nothing_and_stays_pending() -> None:
    connection = fresh()
    migrate(connection, ("CREATE TABLE one (id INTEGER PRIMARY KEY) STRICT;",))
    broken = ("", "CREATE TABLE two (id INTEGER PRIMARY KEY) STRICT; CREATE TABLE one (x);")
    with pytest.raises(driver.OperationalError):
        migrate(connection, broken)
    tables = connection.execute("SELECT name FROM sqlite_master").fetchall()
    assert tables == [("one",)]
    assert connection.execute("PRAGMA user_version").fetchone() == (1,)


def test_a_file_of_a_newer_veille_is_refused_untouched() -> None:
    connection = fresh()
    migrate(connection)
    connection.execute(f"PRAGMA user_version = {VERSION + 1}")
    with pytest.raises(SchemaError, match="newer veille"):
        migrate(connection)


def test_a_file_of_another_program_is_refused_untouched(tmp_path: Path) -> None:
    path = tmp_path / "other.db"
    other = driver.connect(str(path), isolation_level=None)
    other.execute("CREATE TABLE theirs (x)")
    other.close()
    before = path.read_bytes()
    with pytest.raises(StoreError, match="another program"):
        Store.open(path)
    reread = driver.connect(str(path))
    assert reread.execute("SELECT name FROM sqlite_master").fetchall() == [("theirs",)]
    assert path.read_bytes()[100:] == before[100:]


@pytest.mark.parametrize(
    ("content", "told"),
    [(b"no database, " * 100, "no SQLite file"), (None, "no such database yet")],
)
def test_a_file_that_is_no_database_is_told_with_what_to_do(
    tmp_path: Path, content: bytes | None, told: str
) -> None:
    path = tmp_path / "veille.db"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(StoreError, match=told):
        Store.open(path)


def test_every_table_is_strict() -> None:
    connection = fresh()
    migrate(connection)
    loose = connection.execute(
        "SELECT name FROM pragma_table_list WHERE type = 'table' AND strict = 0 "
        "AND name NOT LIKE 'sqlite_%'"
    ).fetchall()
    assert loose == []


def test_a_script_is_cut_into_its_statements() -> None:
    trigger = "CREATE TRIGGER t AFTER INSERT ON a BEGIN DELETE FROM b; DELETE FROM c; END;"
    assert statements(f"CREATE TABLE a (x);\n-- a comment; with a semicolon\n{trigger}\n") == [
        "CREATE TABLE a (x);",
        f"-- a comment; with a semicolon\n{trigger}",
    ]
    assert all(script.strip() for script in MIGRATIONS)
