"""Retention and `forget`: what goes is gone to the last byte, the rest stays."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from pipelines.store import Store
from pipelines.store.keeping import Keeping
from tests.conftest import Ran
from tests.here import veille as veille  # a fixture
from tests.kept import BODY, CLAIM, NOW, SECRET, files_of, line
from tests.kept import keeping as keeping  # fixtures
from tests.kept import ledger as ledger
from tests.kept import made as made

Veille = Callable[..., Ran]


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
        without += "outlet_state policies repeats resources runs second_readings shingles".split()
        without += "sightings troubles validators".split()
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
