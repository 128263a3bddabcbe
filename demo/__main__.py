"""`make run`: serve the bundled press on loopback, crawl it, say what changed.

Nothing here knows more than a user does: a configuration with `[network] hosts`, then the installed
commands `veille crawl` and `veille changes`.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from demo.server import HOSTS, Press

#: Where the demo keeps its configuration and its ledger; made anew by every run.
FOLDER = Path("demo-run")
MESSAGE = FOLDER / "first-message.txt"
CATALOGUE = Path(__file__).parent / "catalogue.toml"

CONFIGURATION = """\
# Written by `make run`: the bundled press, served on loopback. Your own starts with `veille init`.
contact = "https://veille.example/about, mailto:demo@veille.example"
database = "veille.db"
catalogue = "{catalogue}"
# the bundled stories are old; their text is kept, so that every quote can be read in its place
retain_text_days = 3650

[network]
allow = ["127.0.0.0/8"]
pace_seconds = 0

[network.hosts]
{hosts}
"""


def configure(folder: Path, address: str) -> Path:
    """Write the demo's configuration for a press at `address`; returns its path."""
    folder.mkdir(parents=True, exist_ok=True)
    hosts = "\n".join(f'"{host}" = "{address}"' for host in HOSTS)
    path = folder / "veille.toml"
    path.write_text(CONFIGURATION.format(catalogue=CATALOGUE.as_posix(), hosts=hosts))
    return path


def veille(config: Path, *words: str, into: Path | None = None) -> int:
    """Run the installed command as a user would; returns its exit code."""
    command = [str(Path(sys.executable).with_name("veille")), "--config", str(config), *words]
    if into is None:
        return subprocess.run(command, check=False).returncode
    with into.open("wb") as file:
        return subprocess.run(command, check=False, stdout=file).returncode


def main() -> int:
    for old in FOLDER.glob("veille.db*"):
        old.unlink()
    with Press() as press:
        config = configure(FOLDER, press.address)
        print(
            f"The bundled press of {len(HOSTS)} outlets answers at {press.address}.\n", flush=True
        )
        # a first run sends one digest; the chronology below tells the same, line by line
        if code := veille(config, "crawl", into=MESSAGE):
            return code
    print("\nWhat changed, in order of publication:\n", flush=True)
    if code := veille(config, "changes"):
        return code
    print(
        f"""
The ledger: {FOLDER / "veille.db"}
The message that a first run sends: {MESSAGE}
Next:
    .venv/bin/veille --config {config} deals             what is believed now, deal by deal
    .venv/bin/veille --config {config} changes --json    the same for programs
    .venv/bin/veille --config {config} browse            the reading room, in a browser
    .venv/bin/veille --config {config} status            outlets, runs, outbox
    .venv/bin/veille init    your own configuration, then the real press
"""
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
