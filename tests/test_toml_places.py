"""Lines of keys: each line of the text is followed by the places that begin on it."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from pipelines.toml_places import Loc, places

ROOT = Path(__file__).parent.parent

TEXTS = {
    "keys and comments": r"""
        a = 1 # b = 2                                   #@ a
        # c = 3
        "d e" = "x # y"                                 #@ d e
        'f.g' = 'C:\n'                                  #@ f.g
        """,
    "tables, dotted and apart": """
        [a.b]                                           #@ a a.b
        c.d = 1                                         #@ a.b.c a.b.c.d
        [ a . "e.f" ]                                   #@ a.e.f
        g = 1979-05-27 07:32:00                         #@ a.e.f.g
        h = +inf                                        #@ a.e.f.h
        """,
    "tables in a row, with tables inside": """
        [[a]]                                           #@ a a.0
        b = 1                                           #@ a.0.b
        [[a]]                                           #@ a.1
        [a.c]                                           #@ a.1.c
        d = 1                                           #@ a.1.c.d
        [[a.e]]                                         #@ a.1.e a.1.e.0
        [[a.e]]                                         #@ a.1.e.1
        f = 1                                           #@ a.1.e.1.f
        """,
    "lists over several lines": """
        a = [                                           #@ a
          1, # one ]                                    #@ a.0
          [2, 3],                                       #@ a.1 a.1.0 a.1.1
          { b = 4, c.d = [5] },                         #@ a.2 a.2.b a.2.c a.2.c.d a.2.c.d.0
        ]
        e = []                                          #@ e
        f = {}                                          #@ f
        """,
    "texts over several lines": '''
        a = """ [x]                                     #@ a
        b = 1 \\""" still
        """""
        c = \'\'\'                                      #@ c
        [d]
        \'\'\'\'
        e = "\\"" # 'f'                                 #@ e
        ''',
}


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_every_key_has_the_line_it_begins_on(text: str) -> None:
    lines = [line.strip() for line in text.strip().splitlines()]
    bare = "\n".join(re.sub(r"\s*#@.*", "", line) for line in lines)
    found: dict[int, list[str]] = {}
    for loc, line in places(bare).items():
        found.setdefault(line, []).append(".".join(str(part) for part in loc))
    columns = [" ".join(found.get(number, [])) for number in range(1, len(lines) + 1)]
    assert columns == [re.sub(r".*#@ ", "", line) if "#@" in line else "" for line in lines]


OURS = [
    ROOT / "pyproject.toml",
    ROOT / "crawler" / "outlets.toml",
    ROOT / "pipelines" / "watches" / "openai.toml",
]


@pytest.mark.parametrize("path", OURS, ids=lambda path: path.name)
def test_every_value_of_our_own_files_has_a_line(path: Path) -> None:
    text = path.read_text("utf-8")
    assert set(places(text)) == set(every_loc(tomllib.loads(text), ()))


def every_loc(value: object, loc: Loc) -> list[Loc]:
    inner: list[tuple[str | int, object]] = []
    if isinstance(value, dict):
        inner = list(value.items())
    elif isinstance(value, list):
        inner = list(enumerate(value))
    below = [found for part, child in inner for found in every_loc(child, (*loc, part))]
    return [loc, *below] if loc else below
