"""The command line: help without weight, options on both sides, clear refusals."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable

import pytest

from schedules.cli import COMMANDS
from tests.conftest import Ran

Veille = Callable[..., Ran]

#: Each of these takes longer to import than the whole of `veille --help` may take.
HEAVY = ("scrapy", "twisted", "trafilatura", "pydantic", "sqlite_utils", "rich", "jinja2", "httpx")


def test_help_imports_nothing_heavy() -> None:
    code = (
        "import sys; sys.argv = ['veille', '--help']\n"
        "from schedules.cli import main\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        f"print('loaded:', [m for m in {HEAVY} if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.endswith("loaded: []\n")


def test_help_names_every_command(veille: Veille) -> None:
    told = veille("--help").out
    assert [name for name in COMMANDS if f"  {name} " not in told] == []


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help(veille: Veille, name: str) -> None:
    ran = veille(name, "--help")
    assert (ran.code, ran.err) == (0, "")
    assert all(option in ran.out for option in ("--config", "--db", "--now", "--verbose"))


def test_shared_options_go_before_or_after_the_name(veille: Veille) -> None:
    assert veille("import", "-", "--db", "one.db").code == 0
    assert veille("--db", "two.db", "import", "-").code == 0
    assert veille("--db", "one.db", "changes", "--json") == veille(
        "changes", "--json", "--db", "two.db"
    )


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (("crawl",), 2, "needs a contact"),
        (("changes",), 2, "no such database yet"),
        (("--config", "none.toml", "check"), 2, "there is no such file"),
        (("changes", "--since", "yesterday"), 2, "ISO 8601"),
        (("import", "none.jsonl"), 2, "none.jsonl: No such file"),
        (("frobnicate",), 2, "No such command"),
        (("read", "none.html", "--json"), 3, "none.html: No such file"),
        (("claims", "none.txt", "--json"), 3, "none.txt: No such file"),
    ],
)
def test_a_refusal_says_what_and_where(
    veille: Veille, words: tuple[str, ...], code: int, told: str
) -> None:
    ran = veille(*words)
    assert (ran.code, ran.out) == (code, "")
    assert told in ran.err
    assert "Traceback" not in ran.err


def test_init_writes_a_configuration_that_checks_and_never_overwrites(veille: Veille) -> None:
    assert veille("init").code == 0
    assert veille("check").code == 0
    again = veille("init")
    assert again.code == 2
    assert "nothing was written" in again.err
