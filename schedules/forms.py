"""Forms of a result (--json, --csv ...): of one command, at most one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

F = TypeVar("F", bound=Callable[..., Any])

#: Where the form that was asked for is kept in click's context.
_CHOSEN = "schedules.forms"


def form(name: str, help: str) -> Callable[[F], F]:
    """The option `--name`; `chosen` says whether it was given."""
    return click.option(f"--{name}", is_flag=True, expose_value=False, callback=_take, help=help)


def _take(ctx: click.Context, option: click.Parameter, given: bool) -> None:
    if not given:
        return
    before = ctx.meta.get(_CHOSEN)
    if before is not None:
        raise click.UsageError(f"--{before} and --{option.name} exclude each other", ctx)
    ctx.meta[_CHOSEN] = option.name


def chosen(ctx: click.Context) -> str | None:
    """The form that was asked for; None: the one for people."""
    found: str | None = ctx.meta.get(_CHOSEN)
    return found
