"""How lines are printed: a table for people, JSON Lines and CSV for programs.

Everything that came from the press is text: control characters never reach a terminal, and a cell
that a spreadsheet would run as a formula is quoted.
"""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeVar

import click

Row = Mapping[str, Any]
T = TypeVar("T")

#: First characters that make a spreadsheet take a cell for a formula.
FORMULA = ("=", "+", "-", "@", "\t", "\r")
#: Control characters (C0, C1), line and bidi marks: what could move a cursor or turn text around.
_UNSAFE = {
    code: None
    for code in (
        *range(0x20),
        *range(0x7F, 0xA0),
        *(0x2028, 0x2029, 0x200E, 0x200F),
        *range(0x202A, 0x202F),
        *range(0x2066, 0x206A),
    )
}


def plain(text: str) -> str:
    """`text` on one line, without what a terminal would obey."""
    return " ".join(text.replace("\n", " ").replace("\t", " ").translate(_UNSAFE).split(" "))


def json_lines(rows: Iterable[Row]) -> None:
    """One JSON object a line; lone surrogates are escaped, so that the output is always UTF-8."""
    for row in rows:
        line = json.dumps(row, ensure_ascii=False)
        try:
            line.encode()
        except UnicodeEncodeError:
            line = json.dumps(row)
        click.echo(line)


def comma_separated(rows: Iterable[Row], columns: Sequence[str]) -> None:
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(columns)
    for row in rows:
        writer.writerow([_cell(row.get(column)) for column in columns])


def _cell(value: Any) -> str:
    if value is None:
        return ""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    text = plain(text)
    return f"'{text}" if isinstance(value, str) and text.startswith(FORMULA) else text


def table(rows: Iterable[Sequence[str]], headings: Sequence[str]) -> None:
    """A table as wide as the terminal; plain columns where there is none."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    wide = None if sys.stdout.isatty() else 200
    console = Console(width=wide, highlight=False, markup=False, emoji=False)
    grid = Table(box=None, pad_edge=False, header_style="bold")
    for heading in headings:
        grid.add_column(heading, overflow="fold")
    for row in rows:
        grid.add_row(*(Text(plain(cell)) for cell in row))
    console.print(grid)


def progress(rows: Sequence[T], label: str) -> Iterable[T]:
    """`rows`, with a bar on standard error while they are gone through; none without terminal."""
    if not sys.stderr.isatty():
        return rows
    from rich.console import Console
    from rich.progress import track

    return track(rows, label, console=Console(stderr=True), transient=True)
