"""What a newcomer types first, and slips that veille answers with what to do."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from pipelines.store.opening import BusyError, sqlite3, store_error
from tests.conftest import Ran
from tests.here import veille

__all__ = ["veille"]

Veille = Callable[..., Ran]

LINE = {
    "url": "https://a.example/1",
    "outlet": "a",
    "published": "2026-01-29T09:00:00+01:00",
    "title": "OpenAI",
    "body": "Amazon va investir 50 milliards de dollars dans OpenAI, selon Reuters.",
}


class TestADatabaseInAFolderThatDoesNotExist:
    CONFIG = 'contact = "mailto:a@b.example"\ndatabase = "data/veille.db"\n'

    @pytest.mark.parametrize(("command", "code"), [("check", 1), ("crawl", 2), ("changes", 2)])
    def test_every_command_says_which_folder_to_create(
        self, veille: Veille, tmp_path: Path, command: str, code: int
    ) -> None:
        (tmp_path / "veille.toml").write_text(self.CONFIG)
        ran = veille(command)
        assert ran.code == code
        assert "data/veille.db: its folder does not exist; create it first" in ran.out + ran.err

    def test_once_it_is_there_nothing_is_wrong(self, veille: Veille, tmp_path: Path) -> None:
        (tmp_path / "veille.toml").write_text(self.CONFIG)
        (tmp_path / "data").mkdir()
        ran = veille("check")
        assert ran.code == 0
        assert "does not exist" not in ran.out


def test_a_missing_catalogue_is_not_taken_for_a_missing_configuration(
    veille: Veille, tmp_path: Path
) -> None:
    (tmp_path / "veille.toml").write_text('catalogue = "press.toml"\n')
    ran = veille("check")
    assert ran.code == 2
    assert f"{tmp_path / 'press.toml'}: there is no such file [file-missing]" in ran.err
    assert "`catalogue` names it" in ran.err
    assert "veille init" not in ran.err


class TestChangesThatAreNone:
    def test_a_dossier_is_background_and_says_so(self, veille: Veille) -> None:
        veille("init", "--dossier")
        ran = veille("changes")
        assert (ran.code, ran.out) == (0, "")
        assert "40 silent outcomes" not in ran.out
        assert "no change that alerts" in ran.err
        assert "veille changes --all" in ran.err
        assert "veille deals" in ran.err

    def test_an_empty_ledger_says_how_to_fill_it(self, veille: Veille, tmp_path: Path) -> None:
        (tmp_path / "none.jsonl").write_text("")
        veille("import", "none.jsonl")
        ran = veille("changes", "--all")
        assert "no article was taken yet" in ran.err
        assert "veille crawl" in ran.err

    def test_a_program_is_told_nothing_but_the_result(self, veille: Veille) -> None:
        veille("init", "--dossier")
        ran = veille("changes", "--json")
        assert (ran.out, ran.err) == ("", "")

    def test_where_there_are_changes_nothing_is_added(self, veille: Veille, tmp_path: Path) -> None:
        (tmp_path / "a.jsonl").write_text(json.dumps(LINE))
        veille("import", "a.jsonl")
        ran = veille("changes")
        assert "OpenAI" in ran.out
        assert ran.err == ""


class TestTextsWithoutClaims:
    @pytest.mark.parametrize("option", [(), ("--explain",)])
    def test_each_is_named_on_standard_error(
        self, veille: Veille, tmp_path: Path, option: tuple[str, ...]
    ) -> None:
        (tmp_path / "cat.txt").write_text("Le chat dort.")
        ran = veille("claims", *option, "cat.txt")
        assert (ran.code, ran.out) == (0, "")
        assert "cat: no claim found" in ran.err

    def test_a_program_gets_an_empty_list(self, veille: Veille, tmp_path: Path) -> None:
        (tmp_path / "cat.txt").write_text("Le chat dort.")
        ran = veille("claims", "--json", "cat.txt")
        assert ran.lines == [{"id": "cat", "claims": []}]
        assert ran.err == ""


@pytest.mark.parametrize(
    ("words", "named"),
    [
        (("changes", "--json", "--csv"), "--json and --csv"),
        (("changes", "--atom", "--markdown"), "--atom and --markdown"),
        (("deals", "--csv", "--json"), "--csv and --json"),
        (("claims", "--json", "--explain", "a.txt"), "--json and --explain"),
    ],
)
def test_two_forms_of_one_result_are_a_slip(
    veille: Veille, words: tuple[str, ...], named: str
) -> None:
    ran = veille(*words)
    assert ran.code == 2
    assert f"{named} exclude each other" in ran.err


class TestADatabaseThatSomebodyElseWritesFor:
    """Longer than a statement waits: nothing is wrong with the call, so it says to come again."""

    @pytest.fixture
    def busy(self, veille: Veille, tmp_path: Path) -> Iterator[None]:
        (tmp_path / "a.jsonl").write_text(json.dumps(LINE))
        veille("import", "a.jsonl")
        other = sqlite3.connect(tmp_path / "veille.db", isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        yield
        other.close()

    @pytest.mark.slow  # each waits for the 30 seconds
    @pytest.mark.parametrize(
        "words", [("import", "a.jsonl"), ("review", "reject", "1"), ("deliver",)]
    )
    @pytest.mark.usefixtures("busy")
    def test_it_is_a_temporary_failure(self, veille: Veille, words: tuple[str, ...]) -> None:
        ran = veille(*words)
        assert ran.code == 75
        assert "another process holds it for longer than 30 s" in ran.err

    def test_what_sqlite_says_then_is_told_apart(self) -> None:
        busy = store_error("a.db", sqlite3.OperationalError("database is locked"))
        full = store_error("a.db", sqlite3.OperationalError("database or disk is full"))
        assert isinstance(busy, BusyError)
        assert not isinstance(full, BusyError)
