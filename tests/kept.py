"""A ledger with a secret in its texts, for tests of what stays and what goes."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from pipelines.store import Store
from pipelines.store.keeping import Keeping
from tests.conftest import VEILLE

NOW = datetime(2026, 3, 20, 12, tzinfo=UTC)
#: Words that stand nowhere else; long enough to fill overflow pages.
SECRET = "Le quinquagénaire a promis une zibeline à son banquier"
BODY = (
    "Amazon va investir 50 milliards de dollars dans OpenAI, selon le Financial Times. "
    f"{SECRET}. " + "Une phrase de remplissage qui ne dit rien. " * 200 + f"{SECRET}, encore."
)


CLAIM = {
    "kind": "investment",
    "payers": ["Amazon"],
    "payee": "OpenAI",
    "amount": [50_000_000_000, 50_000_000_000],
    "qualifier": "exact",
    "certainty": "rumoured",
    "stage": "talks",
    "sources": ["Financial Times"],
    "background": False,
    "amount_text": "50 milliards de dollars",
}


def line(url: str, body: str, claims: tuple[dict[str, Any], ...] = ()) -> str:
    shape = {"url": url, "outlet": "essai", "published": "2026-01-29T10:00:00+01:00"}
    return json.dumps(shape | {"title": "Un essai", "body": body, "claims": claims}) + "\n"


def others(count: int) -> str:
    return "".join(
        line(f"https://autre.example/{n}", f"Texte numéro {n}. " * (20 + n % 50))
        for n in range(count)
    )


def files_of(database: Path) -> bytes:
    return b"".join(path.read_bytes() for path in database.parent.glob(f"{database.name}*"))


def dump(database: Path) -> dict[str, list[Any]]:
    with Store.open(database) as store:
        names = [
            name
            for (name,) in store.db.execute(
                "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name"
            )
        ]
        schema = store.db.execute("SELECT type, name, sql FROM sqlite_master ORDER BY name")
        found: dict[str, list[Any]] = {"": schema.fetchall()}
        for name in names:
            found[name] = sorted(store.db.execute(f"SELECT * FROM {name}").fetchall())
        return found


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A ledger of 61 articles, one with a claim; made once."""
    folder = tmp_path_factory.mktemp("made")
    lines = line("https://www.essai.example/zibeline", BODY, (CLAIM,)) + others(60)
    words = ("import", "-", "--claims", "--as-live", "--now", "2026-02-01")
    subprocess.run([VEILLE, *words], input=lines.encode(), cwd=folder, check=True)
    return (folder / "veille.db").read_bytes()


@pytest.fixture
def ledger(made: bytes, tmp_path: Path) -> Path:
    (tmp_path / "veille.toml").write_text("# the defaults\n")
    (tmp_path / "veille.db").write_bytes(made)
    return tmp_path / "veille.db"


@pytest.fixture
def keeping(ledger: Path) -> Iterator[Keeping]:
    with Store.open(ledger) as store:
        yield Keeping(store.db)
