"""docs/adding-a-channel.md does what it says: its channel keeps the contract."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from pipelines import channels, config
from pipelines.channels import TransportError, open_channel
from pipelines.config import Channel
from pipelines.records import Alert
from tests.channel_contract import Contract, alert, unfolded

PAGE = Path(__file__).parent.parent / "docs" / "adding-a-channel.md"
CODE = re.findall(r"```python\n(.*?)```", PAGE.read_text("utf-8"), re.S)
NAME = "pipelines.channels.journal"


@dataclass(frozen=True, slots=True)
class Journal:
    path: Path


@pytest.fixture(autouse=True)
def _entries() -> Iterator[None]:
    """The entries that the page tells to make, for as long as a test lasts."""
    config.Journal = Journal  # type: ignore[attr-defined]
    module = ModuleType(NAME)
    exec(CODE[0], module.__dict__)
    sys.modules[NAME] = module
    channels.KINDS["journal"] = NAME
    yield
    del channels.KINDS["journal"], sys.modules[NAME], config.Journal  # type: ignore[attr-defined]


_names: dict[str, Any] = {
    "Alert": Alert,
    "Channel": Channel,
    "Contract": Contract,
    "Journal": Journal,
    "Path": Path,
    "TransportError": TransportError,
    "alert": alert,
    "open_channel": open_channel,
    "pytest": pytest,
    "unfolded": unfolded,
}
exec(CODE[1], _names)
TestJournal = _names["TestJournal"]
del Contract
