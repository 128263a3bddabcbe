"""Files and migrations: all of a migration or nothing, and a clear word for what is not ours."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime
from hashlib import blake2b
from pathlib import Path

import pytest

from pipelines.change import fold
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


def test_copies_that_were_kept_as_they_were_found_are_those_of_what_was_published_before() -> None:
    """A and B, strangers, joined an article made of both that was found first, and C joined B."""
    connection = fresh()
    migrate(connection, MIGRATIONS[:2])
    found = [("both", 3, None, 1), ("a", 1, 1, 1), ("b", 2, 1, 1), ("c", 4, 3, 1)]
    for identity, (url, day, copy_of, copies) in enumerate(found, 1):
        same = "copy" if copy_of else "new"
        connection.execute(
            "INSERT INTO articles (id, url, canonical_url, outlet, title, basis, published, at,"
            " seen, recorded, extractor, sameness, copy_of, share, copies, voice, exact, scheme,"
            " shingles, sampled) VALUES (?1, ?2, ?2, ?2, '', 'page', ?3, ?3, ?3, ?4, '', ?5, ?6,"
            " 0.9, ?7, ?2, ?2, 1, 1, 1)",
            (identity, url, f"2026-01-0{day}", f"2026-02-0{identity}", same, copy_of, copies),
        )
    migrate(connection)
    of = "SELECT a.url, a.sameness, o.url FROM articles a JOIN articles o ON o.id = a.copies"
    assert sorted(connection.execute(of)) == [
        ("a", "new", "a"),
        ("b", "new", "b"),
        ("both", "copy", "a"),
        ("c", "copy", "b"),
    ]
    pairs = "SELECT article, original, share, recorded FROM repeats"
    assert sorted(connection.execute(pairs)) == [
        (1, 2, 0.9, "2026-02-02"),
        (1, 3, 0.9, "2026-02-03"),
        (4, 3, 0.9, "2026-02-04"),
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


#: Tables with rows of ours; a trigger fills the index of words.
TABLES = """
SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'
AND name NOT LIKE '%\\_text%' ESCAPE '\\'
"""


def newest_ledger(path: Path) -> None:
    """Two articles, what they changed, what is to be told, and pages not posted yet."""
    with Store.open(path, create=True) as store:
        for day in (1, 2):
            at = datetime(2026, 2, day, tzinfo=UTC)
            url = f"https://a.example/{day}"
            text = f"Amazon investit {day}0 milliards."
            article = Article(url, url, "a.example", "OpenAI", text, at)
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


@pytest.fixture
def first(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    """A ledger of the first schema, with rows."""
    newest_ledger(tmp_path / "newest.db")
    connection = driver.connect(str(tmp_path / "veille.db"), isolation_level=None)
    migrate(connection, MIGRATIONS[:1])
    connection.execute("ATTACH ? AS newest", (str(tmp_path / "newest.db"),))
    for (table,) in connection.execute(TABLES).fetchall():
        names = connection.execute("SELECT name FROM pragma_table_info(?)", (table,))
        columns = ", ".join(f'"{name}"' for (name,) in names)
        connection.execute(f"INSERT INTO {table} ({columns}) SELECT {columns} FROM newest.{table}")
    connection.execute("DETACH newest")
    yield connection
    connection.close()


def schema_of(connection: sqlite3.Connection) -> list[tuple[str, ...]]:
    return sorted(
        connection.execute("SELECT type, name, tbl_name, coalesce(sql, '') FROM sqlite_master")
    )


def rows_of(connection: sqlite3.Connection) -> dict[str, list[dict[str, object]]]:
    """Every row of every table, by the names of its columns."""
    found: dict[str, list[dict[str, object]]] = {}
    for (table,) in connection.execute(TABLES).fetchall():
        cursor = connection.execute(f'SELECT * FROM "{table}"')
        names = [column[0] for column in cursor.description]
        found[table] = [dict(zip(names, row, strict=True)) for row in cursor]
    return found


@pytest.mark.parametrize("versions", [MIGRATIONS, (*MIGRATIONS, LATER)])
def test_a_migration_keeps_every_row_and_gives_the_schema_of_a_fresh_file(
    first: sqlite3.Connection, versions: tuple[str, ...]
) -> None:
    before = rows_of(first)
    for table in ("articles", "claims", "changes", "outbox", "prepared"):
        assert len(before[table]) == 2, table
    assert migrate(first, versions) == 1
    after = rows_of(first)
    for table, rows in before.items():
        known = [{name: row[name] for name in rows[0]} for row in after[table]] if rows else []
        assert known == rows, table
    found = "SELECT rowid FROM articles_text WHERE articles_text MATCH 'investit' ORDER BY rowid"
    assert first.execute(found).fetchall() == [(1,), (2,)]
    empty = fresh()
    migrate(empty, versions)
    assert schema_of(first) == schema_of(empty)


def test_a_migrated_ledger_goes_on_where_it_was(first: sqlite3.Connection, tmp_path: Path) -> None:
    migrate(first)
    with Store.open(tmp_path / "veille.db") as store:
        (deal,) = fold(store.ledger.postings())
        assert deal.figure.amount == (2 * 10**10, 2 * 10**10)
        assert store.articles.newest() == "2026-02-02T00:00:00+00:00"
        assert [line["change"] for line in store.ledger.changes()] == ["new", "amount_up"]


def test_a_migration_that_fails_late_leaves_the_file_as_it_was(first: sqlite3.Connection) -> None:
    before, known = rows_of(first), schema_of(first)
    broken = "DELETE FROM changes; INSERT INTO nowhere VALUES (1);"
    with pytest.raises(driver.OperationalError, match="nowhere"):
        migrate(first, (*MIGRATIONS, LATER, broken))
    assert (rows_of(first), schema_of(first)) == (before, known)
    assert first.execute("PRAGMA user_version").fetchone() == (1,)


def test_the_first_script_stands_as_it_is() -> None:
    """Files of it are about: what it lacks is a further script in `schema_later.py`."""
    assert blake2b(MIGRATIONS[0].encode(), digest_size=8).hexdigest() == "b1e9389e36f74cf6"


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
