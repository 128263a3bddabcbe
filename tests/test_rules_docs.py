"""docs/rules.md explains every rule that an outcome can name, and names no other."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from pipelines import change
from pipelines.change import tables
from pipelines.records import FOUND_LATE
from pipelines.store import Store
from tests.conftest import Ran
from tests.here import veille
from tests.news import Move, tell

__all__ = ["veille"]

Veille = Callable[..., Ran]

PACKAGE = Path(change.__file__).parent
PAGE = (PACKAGE.parent.parent / "docs" / "rules.md").read_text("utf-8")
EXPLAINED = set(re.findall(r"^\| `([\w.]+)` \|", PAGE, re.MULTILINE))
#: A rule as outcomes begin with it: a number, or one of the amendments, and what was found.
RULE = re.compile(r"(A\d+|\d+(?:\.\d+[a-z]?)?) [a-z]")


def constants(path: Path) -> set[str]:
    """Texts of a module, without what it says about itself."""
    tree = ast.parse(path.read_text("utf-8"))
    told = {
        node.value for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }  # fmt: skip
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef)
    docs = {
        ast.get_docstring(node, clean=False)
        for node in ast.walk(tree)
        if isinstance(node, documented)
    }
    return told - {doc for doc in docs if doc}


GIVEN = sorted(
    {
        found[1]
        for path in PACKAGE.glob("*.py")
        for text in (*constants(path), FOUND_LATE)
        if (found := RULE.match(text))
    }
)


def test_the_search_finds_what_there_is() -> None:
    assert {"2", "3.2", "3.4c", "5", "7", "8", "A0", "A14", "A15", "A16", "A17"} <= set(GIVEN)


@pytest.mark.parametrize("rule", GIVEN)
def test_every_number_that_an_outcome_bears_is_explained(rule: str) -> None:
    assert rule in EXPLAINED


@pytest.mark.parametrize(
    "table", [name for name in vars(tables) if re.fullmatch("TABLE_[A-Z]", name)]
)
def test_every_table_and_every_number_in_its_cases_is_explained(table: str) -> None:
    assert table[-1] in EXPLAINED
    for row in getattr(tables, table):
        assert set(re.findall(r"\((A\d+)\)", row.case)) <= EXPLAINED


def test_every_number_in_the_words_of_the_code_is_explained() -> None:
    """RULES 4, RULES 3.4b, (A15): in comments and docstrings."""
    sources = [path for path in PACKAGE.parent.rglob("*.py") if "claims" not in path.parts]
    code = "\n".join(path.read_text("utf-8") for path in sources)
    assert set(re.findall(r"\((A\d+)\)", code)) <= EXPLAINED
    for number in re.findall(r"RULES (\d+(?:\.\d+[a-z]?)?)", code):
        assert any(rule.startswith(number) for rule in EXPLAINED), number


def test_an_explanation_names_the_page(tmp_path: Path, veille: Veille) -> None:
    with Store.open(tmp_path / "veille.db", create=True) as ledger:
        tell(ledger, Move())
    assert "rule of the ledger: test (docs/rules.md)" in veille("explain", "1").out
