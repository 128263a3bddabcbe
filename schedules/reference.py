"""docs/commands.md, made from what the commands say of themselves.

python -m schedules.reference > docs/commands.md
"""

from __future__ import annotations

import inspect
from collections.abc import Iterator

import click

from schedules.cli import veille

#: Every command takes these; they stand once, at the top.
SHARED = ("config", "db", "now", "verbose", "quiet", "help")

HEAD = """\
# Commands

Made by `python -m schedules.reference`. Every command takes these, before or after its name:

| option | |
|---|---|
"""
CODES = """
Exit codes: 0 done (also when there was nothing new), 1 a check failed, 2 usage or configuration
(nothing was done), 3 done in part, 75 another run holds the lock or the ledger (come again),
130 and 143 stopped by hand or by a signal.
"""


def page() -> str:
    context = click.Context(veille, info_name="veille")
    blocks = [HEAD + "\n".join(_rows(veille, shared=True)) + "\n" + CODES]
    for name in veille.list_commands(context):
        command = veille.get_command(context, name)
        assert command is not None  # it was listed
        blocks += _told(command, f"veille {name}")
    return "\n".join(blocks)


def _told(command: click.Command, name: str) -> Iterator[str]:
    """A command and those below it."""
    places = [p.make_metavar(click.Context(command)) for p in command.params if _is_place(p)]
    rows = list(_rows(command, shared=False))
    table = "\n| option | |\n|---|---|\n" + "\n".join(rows) + "\n" if rows else ""
    heading = " ".join((name, *places))
    yield f"## {heading}\n\n{inspect.cleandoc(command.help or '')}\n{table}"
    if isinstance(command, click.Group):
        for below, inner in command.commands.items():
            yield from _told(inner, f"{name} {below}")


def _is_place(parameter: click.Parameter) -> bool:
    return isinstance(parameter, click.Argument)


def _rows(command: click.Command, *, shared: bool) -> Iterator[str]:
    for option in command.params:
        if isinstance(option, click.Option) and (option.name in SHARED) is shared:
            value = "" if option.is_flag or option.count else f" {_value(option)}"
            names = ", ".join(f"`{name}{value}`" for name in option.opts)
            yield f"| {names.replace('|', chr(92) + '|')} | {option.help or ''} |"


def _value(option: click.Option) -> str:
    return option.make_metavar(click.Context(veille))


if __name__ == "__main__":
    click.echo(page(), nl=False)
