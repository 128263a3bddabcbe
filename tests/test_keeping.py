"""Retention, `forget`, backup and restore: what goes is gone to the last byte, the rest stays."""

from __future__ import annotations

import json
import os
import subprocess
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from pipelines.store import Store, StoreError
from pipelines.store.copies import backup, cap, restore, stamped, stamped_in
from pipelines.store.keeping import Keeping
from schedules.jobs import recorded
from schedules.session import Refused, Session
from tests.conftest import VEILLE, Ran
from tests.here import veille as veille  # a fixture

Veille = Callable[..., Ran]

NOW = datetime(2026, 3, 20, 12, tzinfo=UTC)
#: Words that stand nowhere else; long enough to fill overflow pages.
SECRET = "Le quinquagénaire a promis une zibeline à son banquier"
BODY = (
    "Amazon va investir 50 milliards de dollars dans OpenAI, selon le Financial Times. "
    f"{SECRET}. " + "Une phrase de remplissage qui ne dit rien. " * 200 + f"{SECRET}, encore."
)


CLAIM = {
    "kind": "investment",
    "payers": ["Amazon"],
    "payee": "OpenAI",
    "amount": [50_000_000_000, 50_000_000_000],
    "qualifier": "exact",
    "certainty": "rumoured",
    "stage": "talks",
    "sources": ["Financial Times"],
    "background": False,
    "amount_text": "50 milliards de dollars",
}


def line(url: str, body: str, claims: tuple[dict[str, Any], ...] = ()) -> str:
    shape = {"url": url, "outlet": "essai", "published": "2026-01-29T10:00:00+01:00"}
    return json.dumps(shape | {"title": "Un essai", "body": body, "claims": claims}) + "\n"


def others(count: int) -> str:
    return "".join(
        line(f"https://autre.example/{n}", f"Texte numéro {n}. " * (20 + n % 50))
        for n in range(count)
    )


def files_of(database: Path) -> bytes:
    return b"".join(path.read_bytes() for path in database.parent.glob(f"{database.name}*"))


def dump(database: Path) -> dict[str, list[Any]]:
    with Store.open(database) as store:
        names = [
            name
            for (name,) in store.db.execute(
                "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name"
            )
        ]
        schema = store.db.execute("SELECT type, name, sql FROM sqlite_master ORDER BY name")
        found: dict[str, list[Any]] = {"": schema.fetchall()}
        for name in names:
            found[name] = sorted(store.db.execute(f"SELECT * FROM {name}").fetchall())
        return found


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A ledger of 61 articles, one with a claim; made once."""
    folder = tmp_path_factory.mktemp("made")
    lines = line("https://www.essai.example/zibeline", BODY, (CLAIM,)) + others(60)
    words = ("import", "-", "--claims", "--as-live", "--now", "2026-02-01")
    subprocess.run([VEILLE, *words], input=lines.encode(), cwd=folder, check=True)
    return (folder / "veille.db").read_bytes()


@pytest.fixture
def ledger(made: bytes, tmp_path: Path) -> Path:
    (tmp_path / "veille.toml").write_text("# the defaults\n")
    (tmp_path / "veille.db").write_bytes(made)
    return tmp_path / "veille.db"


@pytest.fixture
def keeping(ledger: Path) -> Iterator[Keeping]:
    with Store.open(ledger) as store:
        yield Keeping(store.db)


class TestRetention:
    def test_texts_go_after_their_days_and_facts_stay(self, veille: Veille, ledger: Path) -> None:
        before = veille("changes", "--json", "--all").lines
        deals = veille("deals", "--json").out
        ran = veille("prune", "--now", "2026-02-08T23:00:00+00:00")
        assert (ran.code, ran.err.split(" ")[0]) == (0, "0")
        assert SECRET.encode() in files_of(ledger)
        assert veille("prune", "--now", "2026-02-09T00:00:01+00:00").code == 0
        assert SECRET.encode() not in files_of(ledger)
        after = veille("changes", "--json", "--all").lines
        assert after == before
        assert "50 milliards de dollars" in after[0]["quote"]
        assert veille("deals", "--json").out == deals

    def test_hashes_signatures_and_titles_stay(self, keeping: Keeping) -> None:
        columns = "url, title, exact, shingles, sentences, sameness, posts"
        before = keeping.db.execute(f"SELECT {columns} FROM articles").fetchall()
        assert keeping.purge_texts(NOW) == 61
        assert keeping.db.execute(f"SELECT {columns} FROM articles").fetchall() == before
        assert keeping.db.execute("SELECT count(text) FROM articles").fetchone() == (0,)

    def test_the_same_text_is_still_known_when_it_is_gone(
        self, veille: Veille, ledger: Path
    ) -> None:
        veille("prune", "--now", "2026-02-20")
        known = line("https://www.essai.example/zibeline", BODY, (CLAIM,))
        again = veille("import", "-", "--claims", stdin=known)
        assert "0 articles taken, 1 known already" in again.err

    def test_zero_days_keep_nothing_from_the_start(
        self, veille: Veille, ledger: Path, tmp_path: Path
    ) -> None:
        (tmp_path / "veille.toml").write_text("retain_text_days = 0\n")
        ledger.unlink()
        given = line("https://www.essai.example/zibeline", BODY, (CLAIM,))
        assert veille("import", "-", "--claims", stdin=given).code == 0
        with Store.open(ledger) as store:
            assert store.db.execute("SELECT count(*), count(text) FROM articles").fetchone() == (
                (1, 0)
            )
        assert "50 milliards" in veille("changes", "--json").lines[0]["quote"]

    def test_zero_days_keep_nothing(self, veille: Veille, ledger: Path, tmp_path: Path) -> None:
        (tmp_path / "veille.toml").write_text("retain_text_days = 0\n")
        assert veille("prune", "--now", "2026-02-01T00:00:01").code == 0
        assert SECRET.encode() not in files_of(ledger)

    def test_summaries_of_settled_links_go_and_pending_ones_stay(self, keeping: Keeping) -> None:
        columns = "url, spelling, outlet, title, summary, found_in, mark, found, entry, page"
        for name, page in (("settled", "read"), ("pending", "pending")):
            keeping.db.execute(
                f"INSERT INTO links ({columns}) VALUES (?, ?, 'o', 't', 's', 'f', 'm', ?, ?, ?)",
                (name, name, "2026-01-01T00:00:00+00:00", "read", page),
            )
        keeping.purge_texts(NOW)
        rows = keeping.db.execute("SELECT url, summary FROM links ORDER BY url").fetchall()
        assert rows == [("pending", "s"), ("settled", "")]

    def test_the_machinery_is_pruned_too(self, keeping: Keeping) -> None:
        dropped = keeping.purge_rows(NOW + timedelta(days=365))
        assert dropped["runs"] == 1
        assert dropped["shingles"] > 0
        assert keeping.db.execute("SELECT count(*) FROM articles").fetchone() == (61,)


class TestForget:
    @pytest.mark.parametrize(
        "address",
        [
            "https://www.essai.example/zibeline",
            "http://essai.example/zibeline/",
            "essai.example",
            "www.essai.example",
            "ESSAI.example.",
        ],
    )
    def test_every_spelling_of_an_address_forgets_it(self, address: str, ledger: Path) -> None:
        with Store.open(ledger) as store:
            keeping = Keeping(store.db)
            assert keeping.forget(address, NOW).counts()["articles"] == 1
            assert keeping.scrub()
            assert SECRET.encode() not in files_of(ledger)

    def test_no_byte_of_the_text_stays_and_the_rest_is_untouched(
        self, veille: Veille, ledger: Path
    ) -> None:
        assert veille("forget", "essai.example").code == 0
        kept = files_of(ledger)
        assert SECRET.encode() not in kept
        assert b"50 milliards de dollars dans OpenAI" not in kept
        with Store.open(ledger) as store:
            texts = store.db.execute("SELECT count(text) FROM articles").fetchone()
            amounts = store.db.execute("SELECT amount_text, quote FROM claims").fetchall()
        assert texts == (60,)
        assert amounts[0] == ("50 milliards de dollars", None)
        change = veille("changes", "--json").lines[0]
        assert (change["title"], change["quote"]) == ("", None)
        assert change["after"]["amount"] == [50_000_000_000, 50_000_000_000]

    @pytest.mark.parametrize("address", ["https://essai.example/", "essai", "sai.example"])
    def test_a_neighbour_is_not_forgotten(self, address: str, keeping: Keeping) -> None:
        assert set(keeping.forget(address, NOW).counts().values()) == {0}

    def test_a_forgotten_address_is_not_taken_again(self, veille: Veille, ledger: Path) -> None:
        veille("forget", "essai.example")
        for host in ("www.essai.example", "blog.essai.example", "essai.example"):
            new = line(f"https://{host}/zibeline", f"Encore. {BODY}", (CLAIM,))
            assert "0 articles taken" in veille("import", "-", "--claims", stdin=new).err
        assert SECRET.encode() not in files_of(ledger)

    def test_full_text_indexes_forget_too(self, veille: Veille, ledger: Path) -> None:
        with Store.open(ledger) as store:
            store.db.execute(
                "CREATE VIRTUAL TABLE articles_fts USING fts5(text, content='articles', "
                "content_rowid='id')"
            )
            store.db.execute("INSERT INTO articles_fts (articles_fts) VALUES ('rebuild')")
        assert b"zibeline" in files_of(ledger).replace(b"/zibeline", b"")
        assert veille("forget", "essai.example").code == 0
        kept = files_of(ledger).replace(b"/zibeline", b"")
        assert b"zibeline" not in kept
        assert b"quinquag" not in kept

    def test_messages_and_what_waits_to_be_posted_forget_too(self, keeping: Keeping) -> None:
        keeping.db.execute("UPDATE outbox SET subject = 's', text = ?, payload = 'p'", (SECRET,))
        url = "https://www.essai.example/zibeline"
        keeping.db.execute(
            "INSERT INTO prepared (url, outlet, basis, body, seen) VALUES (?, 'o', 'page', ?, '')",
            (url, SECRET),
        )
        emptied = keeping.forget("essai.example", NOW)
        assert (emptied.articles, emptied.prepared, emptied.messages) == (1, 1, 1)
        assert keeping.db.execute("SELECT subject, text, payload FROM outbox").fetchone() == (
            (None, None, None)
        )

    def test_what_a_review_and_a_replay_kept_of_it_goes_too(self, keeping: Keeping) -> None:
        url = "https://www.essai.example/zibeline"
        ((article,),) = keeping.db.execute("SELECT id FROM articles WHERE url = ?", (url,))
        columns = "position, kind, payers, payee, currency, qualifier, certainty, stage, sources, "
        columns += "background, additional, confidence, amount_text, quote, rule, recorded"
        keeping.db.execute(
            f"INSERT INTO retired_claims (id, article, {columns}, retired) "
            f"SELECT id, article, {columns}, recorded FROM claims WHERE article = ?",
            (article,),
        )
        keeping.db.execute(
            "INSERT INTO verdicts (at, verdict, url, claim, quote) "
            "VALUES ('', 'accept', ?, '{}', ?)",
            (url, SECRET),
        )
        keeping.db.execute(
            "INSERT INTO reread (article, reader, body) VALUES (?, '', ?)", (article, SECRET)
        )
        keeping.forget("essai.example", NOW)
        for table in ("retired_claims", "verdicts"):
            rows = keeping.db.execute(f"SELECT quote FROM {table}").fetchall()
            assert rows == [(None,)], table
        assert keeping.db.execute("SELECT count(*) FROM reread").fetchone() == (0,)

    def test_every_table_was_thought_of(self, keeping: Keeping) -> None:
        """A new table: does it hold words of the press? Then `forget` must know it."""
        emptied = "articles claims links outbox prepared reread retired_claims verdicts".split()
        without = "accounts changes decisions deliveries forgotten issues observations".split()
        without += "outlet_state policies resources runs second_readings shingles sightings".split()
        without += "troubles validators".split()
        rows = keeping.db.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '%\\_text%' "
            "ESCAPE '\\' AND name NOT LIKE 'sqlite%'"
        )
        assert {name for (name,) in rows} == {*emptied, *without}

    def test_our_own_backups_forget_too(self, veille: Veille, ledger: Path, tmp_path: Path) -> None:
        copy = Path(veille("backup").out.strip())
        assert SECRET.encode() in copy.read_bytes()
        assert veille("forget", "essai.example").code == 0
        assert SECRET.encode() not in copy.read_bytes()

    def test_a_reader_that_holds_the_old_state_is_told(self, ledger: Path) -> None:
        with Store.open(ledger) as reader, Store.open(ledger) as store:
            reader.db.execute("BEGIN")
            reader.db.execute("SELECT count(*) FROM articles").fetchone()
            store.db.execute("PRAGMA busy_timeout = 1")
            keeping = Keeping(store.db)
            keeping.forget("essai.example", NOW)
            assert not keeping.scrub()
            reader.db.execute("ROLLBACK")
            assert keeping.scrub()
        assert SECRET.encode() not in files_of(ledger)

    @pytest.mark.parametrize("address", ["", " ", "two words", "https://", "user@host", "a/b"])
    def test_what_is_no_address_is_refused(self, address: str, veille: Veille) -> None:
        assert veille("forget", address).code == 2


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
