"""A veille.toml of a few lines, and what it gives."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipelines import config
from pipelines.config import (
    Config,
    ConfigError,
    Problem,
)


def written(directory: Path, text: str, name: str = "veille.toml") -> Path:
    path = directory / name
    path.write_text(text, "utf-8")
    return path


def loaded(directory: Path, text: str) -> Config:
    return config.load(written(directory, text))


def problems_of(directory: Path, text: str) -> tuple[Problem, ...]:
    with pytest.raises(ConfigError) as caught:
        loaded(directory, text)
    return caught.value.problems
