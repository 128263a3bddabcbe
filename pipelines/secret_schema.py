"""Secrets in tables: a key `x` has siblings `x_file` and `x_env`, and one of the three is given."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from pydantic_core import PydanticCustomError

from pipelines.checking import Report, Table, below, check_url
from pipelines.config import Secret
from pipelines.toml_places import Loc

_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


def check_secret(
    report: Report,
    table: dict[str, Any],
    loc: Loc,
    key: str,
    *,
    needed: bool = False,
    address: bool = False,
) -> None:
    """Notes what is wrong with the secret `key`; wrong types are pydantic's to find."""
    ways = (key, f"{key}_file", f"{key}_env")
    given = [name for name in table if name in ways]
    if len(given) > 1:
        message = f"the secret is given twice: {' and '.join(f'`{name}`' for name in given)}"
        report.add("secret-twice", (*loc, given[1]), message, "keep one of them")
    if needed and not given:
        hint = f'{key}_file = "/path/to/file" keeps it out of this file; {key}_env names a variable'
        report.add("missing-key", loc, f"`{key}`, `{key}_file` or `{key}_env` is missing", hint)
    variable = table.get(f"{key}_env")
    if isinstance(variable, str) and not _VARIABLE.fullmatch(variable):
        hint = f"`{key}_env` holds the name of a variable, not the secret itself"
        report.add("bad-value", (*loc, f"{key}_env"), "is no name of a variable", hint)
    inline = table.get(key)
    if address and isinstance(inline, str):
        try:
            check_url(inline)
        except PydanticCustomError as error:
            hint = str((error.context or {}).get("hint", ""))
            report.add(error.type, (*loc, key), error.message(), hint)


def secret(table: Table, key: str, directory: Path) -> Secret | None:
    """The secret `key` of a checked table; None when it is not given."""
    inline = getattr(table, key)
    file = getattr(table, f"{key}_file")
    variable = getattr(table, f"{key}_env")
    if inline is not None:
        return Secret(inline=inline)
    if file is not None:
        return Secret(file=below(directory, file))
    return Secret(env=variable) if variable is not None else None
