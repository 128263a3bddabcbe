"""A page edited by next to nothing and read by another reader: that is no news.

A reader is its code and its watch; here the watch changes between two visits to one page.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Ran
from tests.here import veille as veille  # a fixture

Veille = Callable[..., Ran]
Companies = dict[str, list[str]]

#: One takes Microsoft for Amazon and knows no SoftBank, the other is right.
OLDER: Companies = {"OpenAI": [], "Amazon": ["Microsoft"], "Nvidia": []}
BETTER: Companies = {name: [] for name in ("OpenAI", "Amazon", "Microsoft", "Nvidia", "SoftBank")}
PAGE = (
    "Microsoft va investir 50 milliards de dollars dans OpenAI, a annoncé le groupe jeudi. "
    "SoftBank pourrait investir 20 milliards de dollars dans OpenAI, selon Reuters. "
    "Nvidia pourrait suivre. Le marché attend."
)
#: Edits that leave every sentence with a sum as it was, but for its commas.
EDITS = {
    "a comma": ("le groupe jeudi", "le groupe, jeudi"),
    "a comma, and a word elsewhere": ("groupe jeudi. ", "groupe, jeudi. Rien de plus. "),
    "a word elsewhere": ("pourrait suivre", "pourrait bien suivre"),
    "a sentence more": ("Le marché attend.", "Le marché attend. Les analystes aussi."),
}


def configure(folder: Path, companies: Companies) -> None:
    tables = "".join(
        f'[[watch.company]]\nname = "{name}"\naliases = {json.dumps(aliases)}\n'
        f'role = "{"subject" if name == "OpenAI" else "investor"}"\n'
        for name, aliases in companies.items()
    )
    (folder / "veille.toml").write_text(
        f'[[channel]]\nname = "out"\nkind = "console"\n[[watch]]\nname = "money"\n{tables}'
    )


def visit(veille: Veille, body: str, day: int) -> Ran:
    at = f"2026-02-{day:02}T09:00:00+01:00"
    line = {
        "url": "https://a.example/1",
        "outlet": "a.example",
        "published": "2026-02-01T09:00:00+01:00",
        "updated": at,
        "title": "L’argent d’OpenAI",
        "body": body,
    }
    return veille("import", "-", "--as-live", "--now", at, stdin=json.dumps(line))


def delivered(veille: Veille, day: int) -> str:
    """What the console is told at noon of that day."""
    return veille("deliver", "--now", f"2026-02-{day:02}T12:00:00+01:00").out


@pytest.mark.parametrize(("old", "new"), EDITS.values(), ids=EDITS)
@pytest.mark.parametrize("readers", [(OLDER, BETTER), (BETTER, OLDER)], ids=["better", "worse"])
def test_a_page_edited_by_a_comma_and_read_by_another_reader_alerts_nobody(
    veille: Veille, tmp_path: Path, readers: tuple[Companies, Companies], old: str, new: str
) -> None:
    first, second = readers
    configure(tmp_path, first)
    assert visit(veille, PAGE, 1).code == 0
    told = veille("changes", "--json").out
    assert "Nouveau" in delivered(veille, 1)
    configure(tmp_path, second)
    edited = PAGE.replace(old, new)
    assert edited != PAGE
    assert visit(veille, edited, 2).code == 0
    assert veille("changes", "--json").out == told
    assert delivered(veille, 2) == ""
    assert veille("verify").code == 0


def test_a_new_sum_in_that_page_is_news_all_the_same(veille: Veille, tmp_path: Path) -> None:
    configure(tmp_path, OLDER)
    visit(veille, PAGE, 1)
    configure(tmp_path, BETTER)
    visit(veille, PAGE + " Nvidia va investir 30 milliards de dollars dans OpenAI.", 2)
    assert veille("changes", "--json").lines[-1]["payers"] == ["Nvidia"]
    assert "Nvidia" in delivered(veille, 2)
