"""A replay that is killed again and again ends as one that nobody disturbed."""

from __future__ import annotations

import json
import random
import shutil
import signal
import subprocess
import time
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from pipelines.store.opening import sqlite3
from tests.conftest import VEILLE
from tests.kept import dump

#: Articles of the ledger: a reading long enough to be killed in.
ARTICLES = 300
#: How often each replay is killed.
KILLS = 10
#: Seconds that the ledger may be held on a busy machine.
PATIENCE = 120
#: Seconds between two looks at how far the replay is.
LOOK = 0.005
PAYERS = ("Amazon", "Microsoft", "Nvidia", "SoftBank", "Oracle")
STAGES = ("pourrait investir", "négocie pour investir", "va investir", "a investi")
DAY = datetime(2026, 1, 5, 8, tzinfo=UTC)
#: One time for all runs: what they record is the same byte for byte.
THEN, NOW = ("--now", "2026-03-01T00:00:00Z"), ("--now", "2026-03-02T00:00:00Z")


def press(chance: random.Random) -> str:
    lines = []
    for number in range(ARTICLES):
        payer, other = chance.sample(PAYERS, 2)
        sum_ = chance.choice((10, 20, 25, 30, 50))
        body = (
            f"{payer} {chance.choice(STAGES)} {sum_} milliards de dollars dans OpenAI, selon "
            f"Reuters. L’article numéro {number} de notre série n’oublie pas {other}."
        )
        line = {
            "url": f"https://a{number % 7}.example/{number}",
            "outlet": f"a{number % 7}.example",
            "published": (DAY + timedelta(hours=4 * number)).isoformat(),
            "title": f"L’argent d’OpenAI, numéro {number}",
            "body": body,
        }
        lines.append(json.dumps(line, ensure_ascii=False))
    return "\n".join(lines)


def configure(folder: Path, companies: dict[str, list[str]]) -> None:
    """A reader is its code and its watch: another watch is another reader."""
    tables = "".join(
        f'[[watch.company]]\nname = "{name}"\naliases = {json.dumps(aliases)}\n'
        f'role = "{"subject" if name == "OpenAI" else "investor"}"\n'
        for name, aliases in companies.items()
    )
    (folder / "veille.toml").write_text(
        f'[[channel]]\nname = "out"\nkind = "console"\n[[watch]]\nname = "money"\n{tables}'
    )


def veille(folder: Path, *words: str, given: str = "") -> str:
    done = subprocess.run(
        [VEILLE, *words], cwd=folder, input=given, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def rows_of(folder: Path, table: str) -> int:
    address = f"{(folder / 'veille.db').as_uri()}?mode=ro"
    with closing(sqlite3.connect(address, uri=True, timeout=PATIENCE)) as reading:
        found: int = reading.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
    return found


def killed(folder: Path, after: int, delay: float) -> bool:
    """Whether a replay was killed once `after` readings were staged, and not done before.

    Done is what put its readings in place, though it had not ended yet.
    """
    replay = subprocess.Popen(
        [VEILLE, "replay", "--apply", *NOW],
        cwd=folder,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    while replay.poll() is None and rows_of(folder, "reread") < after:
        time.sleep(LOOK)
    time.sleep(delay)
    replay.send_signal(signal.SIGKILL)
    return replay.wait() == -signal.SIGKILL and rows_of(folder, "retired_claims") == 0


def everything(folder: Path) -> dict[str, list[object]]:
    """All rows but those about the runs, of which there are more."""
    tables = dump(folder / "veille.db")
    return {name: rows for name, rows in tables.items() if name not in ("runs", "sqlite_sequence")}


@pytest.fixture(scope="module")
def read_before(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Articles as a reader left them that takes Microsoft for Amazon and knows no Oracle."""
    folder = tmp_path_factory.mktemp("before")
    configure(folder, {"OpenAI": [], "Amazon": ["Microsoft"], "Nvidia": [], "SoftBank": []})
    veille(folder, "import", "-", "--as-live", *THEN, given=press(random.Random(1)))
    configure(folder, {"OpenAI": []} | {name: [] for name in PAYERS})
    return folder


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(2))
def test_killed_ten_times_a_replay_ends_as_an_undisturbed_one(
    read_before: Path, tmp_path: Path, seed: int
) -> None:
    calm, disturbed = tmp_path / "calm", tmp_path / "disturbed"
    shutil.copytree(read_before, calm)
    printed = veille(calm, "replay", "--apply", *NOW)
    assert "- claim" in printed
    assert "+ change" in printed

    chance, kills = random.Random(seed), 0
    while kills < KILLS:
        if not kills:  # or a replay was done before it could be killed: from the start
            shutil.rmtree(disturbed, ignore_errors=True)
            shutil.copytree(read_before, disturbed)
            # the last two while the new readings are put in place
            moments = [*sorted(chance.sample(range(ARTICLES), KILLS - 2)), ARTICLES, ARTICLES]
        hit = killed(disturbed, moments[kills], chance.uniform(0, 4 * LOOK))
        kills = kills + 1 if hit else 0

    assert veille(disturbed, "replay", "--apply", *NOW) == printed
    assert everything(disturbed) == everything(calm)
    for words in (("deals", "--json"), ("changes", "--all", "--json"), ("verify",)):
        assert veille(disturbed, *words) == veille(calm, *words)
    assert veille(disturbed, "replay", *NOW) == ""
