"""The file that `veille init` writes and docs/configuration.md: every key, and all of it valid."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import time
from pathlib import Path
from typing import get_args

import pytest

from pipelines import config
from pipelines.channel_schema import TABLES as CHANNEL_TABLES
from pipelines.checking import Table
from pipelines.config import (
    CONSOLE,
    ChannelKind,
)
from pipelines.config_schema import (
    BackupTable,
    CrawlTable,
    HealthTable,
    NetworkTable,
    Root,
    ScheduleTable,
)
from pipelines.second_reader_schema import SecondReaderTable
from pipelines.watch_schema import CompanyTable, WatchTable
from tests.configured import loaded, written


class TestTheFileThatInitWrites:
    def test_it_means_the_defaults_as_it_stands(self, tmp_path: Path) -> None:
        path = tmp_path / "veille.toml"
        config.write_default(path)
        written(tmp_path, "", "empty.toml")
        assert config.load(path) == replace(config.load(tmp_path / "empty.toml"), path=path)

    def test_it_shows_the_defaults_behind_its_number_signs(self, tmp_path: Path) -> None:
        template = config.TEMPLATE.read_text("utf-8")
        read = loaded(tmp_path, re.sub(r"^#(?=[^\s#])", "", template, flags=re.MULTILINE))
        default = config.load(None)
        assert read.network == default.network
        assert read.crawl == default.crawl
        assert read.watches == default.watches
        assert read.schedule == default.schedule
        assert read.backup.keep == default.backup.keep
        assert read.health.repeat_hours == default.health.repeat_hours
        assert read.health.channel is not None
        assert read.health.channel.kind == "email"
        assert (read.second_reader, default.second_reader) == (
            config.SecondReader("http://127.0.0.1:11434/v1", "mistral-small"),
            None,
        )
        assert (read.timezone, read.language) == (default.timezone, default.language)
        assert read.retain_text_days == default.retain_text_days
        assert read.store_authors == default.store_authors
        console, mail, *others = read.channels
        assert console == replace(
            CONSOLE, rules=replace(CONSOLE.rules, quiet_hours=(time(22), time(7)))
        )
        assert mail.rules == CONSOLE.rules
        kinds = [channel.kind for channel in (console, mail, *others)]
        assert sorted(kinds) == sorted(get_args(ChannelKind))

    def test_it_overwrites_nothing(self, tmp_path: Path) -> None:
        path = written(tmp_path, "mine")
        with pytest.raises(FileExistsError):
            config.write_default(path)
        assert path.read_text() == "mine"


DOCS = Path(__file__).parent.parent / "docs"


def keys_of(table: type[Table]) -> set[str]:
    return {field.alias or name for name, field in table.model_fields.items()}


def examples(page: str) -> list[str]:
    text = (DOCS / page).read_text("utf-8")
    return re.findall(r"^```toml\n(.*?)^```", text, re.DOTALL | re.MULTILINE)


class TestTheDocumentation:
    TABLES = (
        *(Root, NetworkTable, CrawlTable, HealthTable, ScheduleTable, BackupTable),
        *(SecondReaderTable, WatchTable, CompanyTable),
    )

    @pytest.mark.parametrize("table", [*TABLES, *CHANNEL_TABLES.values()])
    def test_every_key_stands_in_the_file_of_init_and_on_the_page(self, table: type[Table]) -> None:
        template = config.TEMPLATE.read_text("utf-8")
        page = (DOCS / "configuration.md").read_text("utf-8")
        tables = {"network", "crawl", "health", "schedule", "backup", "watch", "channel"}
        tables |= {"second_reader"}
        sections = keys_of(table) - tables
        assert sections <= set(re.findall(r"\w+", template))
        shown = set(re.findall(r"`(\w+)`", page))
        # the two siblings of a secret are told once for all of them
        secrets = {key for key in sections if key.endswith(("_file", "_env"))}
        assert sections - secrets <= shown

    def test_the_examples_of_the_configuration_are_valid(self, tmp_path: Path) -> None:
        found = examples("configuration.md")
        assert len(found) >= 4
        for text in found:
            loaded(tmp_path, text)

    def test_every_code_is_explained_and_none_is_made_up(self) -> None:
        sources = "".join(path.read_text("utf-8") for path in config.TEMPLATE.parent.glob("*.py"))
        given = set(re.findall(r'(?:wrong|add|_failure)\(\s*"([a-z0-9-]+)"', sources))
        page = (DOCS / "configuration.md").read_text("utf-8")
        assert set(re.findall(r"^\| `([a-z0-9-]+)` \| [^|]*\|$", page, re.MULTILINE)) == given
