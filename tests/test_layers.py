"""A file imports only from lower layers, steps are strangers, a package has one home."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGES = ("crawler", "pipelines", "schedules", "demo")

#: Layer of every module by the longest prefix that fits.
LAYERS = {
    "pipelines.money": 0,
    "pipelines.records": 1,
    "pipelines.shapes": 1,
    "pipelines.sentences": 1,
    "pipelines.problems": 1,
    "pipelines.toml_places": 1,
    "pipelines.checking": 1,
    "pipelines.cadence": 1,
    "pipelines.config": 1,
    "pipelines.config_schema": 1,
    "pipelines.channel_schema": 1,
    "pipelines.secret_schema": 1,
    "pipelines.second_reader_schema": 1,
    "pipelines.watch_schema": 1,
    "pipelines.outlets": 1,
    "pipelines.outlets_schema": 1,
    "pipelines.article": 2,
    "pipelines.duplicate": 2,
    "pipelines.claims": 2,
    "pipelines.change": 2,
    "pipelines.alert": 2,
    "pipelines.schema": 2,
    "pipelines.schema_fetching": 2,
    "pipelines.schema_later": 2,
    "pipelines.schema_operation": 2,
    "pipelines.second_reader.question": 2,
    "pipelines.store": 3,
    "pipelines.channels": 3,
    "pipelines.second_reader.endpoint": 3,
    "pipelines.posting": 4,
    "pipelines.intake": 4,
    "pipelines.replay": 4,
    "pipelines.review": 4,
    "pipelines.second_reader": 4,
    "pipelines.delivery": 4,
    "pipelines.reading_room": 4,
    "pipelines.dossier": 4,
    "crawler": 5,
    "schedules": 6,
    "demo": 7,
}
STEPS = ("article", "duplicate", "claims", "change", "alert")

#: The one home of each third-party package (several where the design says so).
HOMES = {
    "trafilatura": ("pipelines.article",),
    "htmldate": ("pipelines.article",),
    "lxml": ("pipelines.article", "crawler"),
    "sqlite_utils": ("pipelines.store", "pipelines.schema"),
    "httpx": ("pipelines.channels", "pipelines.second_reader.endpoint", "schedules.ping"),
    "apscheduler": ("schedules.timetable",),
    "feedparser": ("crawler.feeds",),
    "scrapy": ("crawler",),
    "twisted": ("crawler",),
    "protego": ("crawler",),
    "courlan": ("crawler",),
    "w3lib": ("crawler",),
    "tldextract": ("crawler",),
    "pebble": ("crawler",),
    "pydantic": (
        "pipelines.checking",
        "pipelines.config_schema",
        "pipelines.channel_schema",
        "pipelines.secret_schema",
        "pipelines.second_reader_schema",
        "pipelines.watch_schema",
        "pipelines.outlets_schema",
        "pipelines.outlets",
    ),
    "click": ("schedules",),
    "rich": ("schedules",),
    "jinja2": ("pipelines.alert", "pipelines.reading_room"),
    "babel": ("pipelines.alert", "pipelines.reading_room", "schedules"),
    "currency_converter": ("pipelines.change",),
    "datasette": ("pipelines.reading_room",),
    "warcio": ("schedules.commands.importing", "crawler"),
}


def modules() -> Iterator[tuple[str, Path]]:
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            parts = path.relative_to(ROOT).with_suffix("").parts
            yield ".".join(parts[:-1] if parts[-1] == "__init__" else parts), path


def imports(path: Path, module: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module}: relative import"
            # `from pipelines import change` imports a module of ours
            ours = node.module in PACKAGES
            yield from (
                (f"{node.module}.{alias.name}" for alias in node.names)
                if ours
                else (str(node.module),)
            )


def longest(module: str, names: object) -> str | None:
    fits = [n for n in names if module == n or module.startswith(f"{n}.")]  # type: ignore[attr-defined]
    return max(fits, key=len, default=None)


@pytest.mark.parametrize(("module", "path"), list(modules()), ids=[m for m, _ in modules()])
def test_a_module_imports_only_from_its_layer_or_below_and_packages_only_at_home(
    module: str, path: Path
) -> None:
    if module == "pipelines":
        return
    layer = longest(module, LAYERS)
    assert layer, f"{module} has no layer: add it to LAYERS"
    step = module.split(".")[1] if module.startswith("pipelines.") else ""
    for name in imports(path, module):
        if name.split(".")[0] in PACKAGES:
            below = longest(name, LAYERS)
            assert below, f"{module} imports {name}, which has no layer"
            assert LAYERS[below] <= LAYERS[layer], f"{module} imports {name} from above"
            other = name.split(".")[1] if name.startswith("pipelines.") else ""
            strangers = step in STEPS and other in STEPS and step != other
            assert not strangers, f"step {module} imports step {name}"
        home = HOMES.get(name.split(".")[0])
        assert not home or longest(module, home), f"{module} imports {name}; its home is {home}"


@pytest.mark.parametrize(("module", "path"), list(modules()), ids=[m for m, _ in modules()])
def test_a_module_stays_under_400_lines(module: str, path: Path) -> None:
    assert len(path.read_text("utf-8").splitlines()) < 400
