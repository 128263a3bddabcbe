"""Files and migrations: all of a migration or nothing, and a clear word for what is not ours."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pipelines.intake import Route, keep, prepare_given, take
from pipelines.money import Amount
from pipelines.records import Article, Claim
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


def test_what_a_person_decided_before_there_was_a_second_reader_is_theirs() -> None:
    connection = fresh()
    migrate(connection, MIGRATIONS[:1])
    connection.execute(
        "INSERT INTO verdicts (at, verdict, url, claim) VALUES ('', 'accept', 'https://a/', '[]')"
    )
    assert migrate(connection) == 1
    assert connection.execute("SELECT verdict, who FROM verdicts").fetchall() == [
        ("accept", "a person")
    ]


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


# -- from the first schema to a later one ---------------------------------------------------------

#: A further version, as one after the first release will be: a column, a table rebuilt, an index.
LATER = """
ALTER TABLE changes ADD COLUMN weight INTEGER NOT NULL DEFAULT 1;
CREATE TABLE prepared_2 (
  id      INTEGER PRIMARY KEY,
  url     TEXT NOT NULL,
  outlet  TEXT NOT NULL,
  basis   TEXT NOT NULL,
  body    TEXT NOT NULL,
  seen    TEXT NOT NULL,
  tries   INTEGER NOT NULL DEFAULT 0
) STRICT;
INSERT INTO prepared_2 (id, url, outlet, basis, body, seen)
SELECT id, url, outlet, basis, body, seen FROM prepared;
DROP TABLE prepared;
ALTER TABLE prepared_2 RENAME TO prepared;
CREATE INDEX prepared_seen ON prepared(seen);
"""


def first_schema(path: Path) -> sqlite3.Connection:
    """A ledger of the first schema with a page of two versions, as an import leaves it."""
    with Store.open(path, create=True) as store:
        for day in (1, 2):
            at = datetime(2026, 2, day, tzinfo=UTC)
            article = Article(
                url="https://a.example/1",
                canonical_url="https://a.example/1",
                outlet="a.example",
                title="OpenAI",
                text=f"Amazon investit {day}0 milliards.",
                published=at,
            )
            told = Claim(
                kind="investment",
                payers=("Amazon",),
                payee="OpenAI",
                amount=Amount(day * 10**10, day * 10**10),
                certainty="rumoured",
                stage="talks",
            )
            prepared = prepare_given(article, [told], at)
            take(prepared, store, outlet=None, now=at, route=Route(("console",)))
            keep(prepared, store)
    return driver.connect(str(path), isolation_level=None)


def schema_of(connection: sqlite3.Connection) -> list[tuple[str, ...]]:
    return sorted(
        connection.execute("SELECT type, name, tbl_name, coalesce(sql, '') FROM sqlite_master")
    )


def rows_of(connection: sqlite3.Connection) -> dict[str, list[dict[str, object]]]:
    """Every row of every table, by the names of its columns."""
    tables = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
    found: dict[str, list[dict[str, object]]] = {}
    for (table,) in tables:
        cursor = connection.execute(f'SELECT * FROM "{table}"')
        names = [column[0] for column in cursor.description]
        found[table] = [dict(zip(names, row, strict=True)) for row in cursor]
    return found


def test_a_migration_keeps_every_row_and_gives_the_schema_of_a_fresh_file(tmp_path: Path) -> None:
    connection, versions = first_schema(tmp_path / "veille.db"), (*MIGRATIONS, LATER)
    before = rows_of(connection)
    assert before["articles"]
    assert before["prepared"]
    assert before["outbox"]
    assert migrate(connection, versions) == VERSION
    new = {"changes": {"weight": 1}, "prepared": {"tries": 0}}
    wanted = {
        table: [row | new.get(table, {}) for row in rows]
        for table, rows in before.items()
        if not table.startswith("sqlite_")
    }
    after = rows_of(connection)
    assert {table: after[table] for table in wanted} == wanted
    empty = fresh()
    migrate(empty, versions)
    assert schema_of(connection) == schema_of(empty)


def test_a_migration_that_fails_late_leaves_the_file_as_it_was(tmp_path: Path) -> None:
    connection = first_schema(tmp_path / "veille.db")
    before, known = rows_of(connection), schema_of(connection)
    broken = "DELETE FROM changes; INSERT INTO nowhere VALUES (1);"
    with pytest.raises(driver.OperationalError, match="nowhere"):
        migrate(connection, (*MIGRATIONS, LATER, broken))
    assert (rows_of(connection), schema_of(connection)) == (before, known)
    assert connection.execute("PRAGMA user_version").fetchone() == (VERSION,)


FAMILY = """
CREATE TABLE parent (id INTEGER PRIMARY KEY) STRICT;
CREATE TABLE child (parent INTEGER NOT NULL REFERENCES parent(id) ON DELETE CASCADE) STRICT;
INSERT INTO parent VALUES (1), (2);
INSERT INTO child VALUES (1), (2);
"""


def test_a_table_that_others_refer_to_can_be_rebuilt() -> None:
    connection = fresh()
    connection.execute("PRAGMA foreign_keys = ON")
    migrate(connection, (FAMILY,))
    rebuilt = """
    CREATE TABLE parent_2 (id INTEGER PRIMARY KEY, name TEXT) STRICT;
    INSERT INTO parent_2 (id) SELECT id FROM parent;
    DROP TABLE parent;
    ALTER TABLE parent_2 RENAME TO parent;
    """
    migrate(connection, (FAMILY, rebuilt))
    assert connection.execute("SELECT count(*) FROM child").fetchone() == (2,)
    assert connection.execute("PRAGMA foreign_keys").fetchone() == (1,)


def test_a_migration_that_loses_what_others_refer_to_is_undone() -> None:
    connection = fresh()
    migrate(connection, (FAMILY,))
    with pytest.raises(SchemaError, match="child"):
        migrate(connection, (FAMILY, "DELETE FROM parent WHERE id = 2;"))
    assert connection.execute("SELECT count(*) FROM parent").fetchone() == (2,)
    assert connection.execute("PRAGMA user_version").fetchone() == (1,)


def test_a_script_is_cut_into_its_statements() -> None:
    trigger = "CREATE TRIGGER t AFTER INSERT ON a BEGIN DELETE FROM b; DELETE FROM c; END;"
    assert statements(f"CREATE TABLE a (x);\n-- a comment; with a semicolon\n{trigger}\n") == [
        "CREATE TABLE a (x);",
        f"-- a comment; with a semicolon\n{trigger}",
    ]
    assert all(script.strip() for script in MIGRATIONS)
