"""The table [second_reader] of veille.toml: its keys, their checks, and the SecondReader."""

from __future__ import annotations

import ipaddress
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import Field

from pipelines.checking import Report, Table, Text, TickMinutes, Url
from pipelines.config import SecondReader
from pipelines.secret_schema import check_secret, secret

#: Longest time limit, seconds: a large model on a small machine. More is a slip (milliseconds).
TIMEOUT_MAX = 600
#: Highest cap: a question every ten seconds, more than the press has claims.
CAP_MAX = 8_640

_DEFAULT = SecondReader("", "")


class SecondReaderTable(Table):
    url: Url
    model: Text
    api_key: Text | None = None
    api_key_file: Text | None = None
    api_key_env: Text | None = None
    timeout_seconds: Annotated[int, Field(ge=1, le=TIMEOUT_MAX)] = _DEFAULT.timeout_seconds
    max_a_day: Annotated[int, Field(ge=1, le=CAP_MAX)] = _DEFAULT.max_a_day
    every_minutes: TickMinutes = _DEFAULT.every_minutes


def check_reader(report: Report, file: dict[str, Any]) -> None:
    """What pydantic cannot see; wrong types are its to find."""
    table = file.get("second_reader")
    if not isinstance(table, dict):
        return
    check_secret(report, table, ("second_reader",), "api_key")
    url = table.get("url")
    keys = [name for name in ("api_key", "api_key_file", "api_key_env") if name in table]
    if keys and isinstance(url, str) and url.startswith("http:") and not _is_here(url):
        hint = "use https://, or a server on this machine"
        message = "the key would travel in the clear"
        report.add("insecure", ("second_reader", keys[0]), message, hint)
    if file.get("retain_text_days") == 0:
        message = "has nothing to read: `retain_text_days = 0` removes texts at once"
        report.add("bad-value", ("second_reader",), message, "keep texts for a day at least")


def _is_here(url: str) -> bool:
    """Whether a server is on this machine."""
    try:
        host = urlsplit(url).hostname or ""
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def second_reader(table: SecondReaderTable | None, directory: Path) -> SecondReader | None:
    """None: there is no such table, and no model is ever asked."""
    if table is None:
        return None
    return SecondReader(
        url=table.url,
        model=table.model,
        api_key=secret(table, "api_key", directory),
        timeout_seconds=table.timeout_seconds,
        max_a_day=table.max_a_day,
        every_minutes=table.every_minutes,
    )
