"""`make upgrade`: a new environment beside the old one, a migrated ledger, then the swap.

    lock → new environment → backup → migrate → verify → swap

The write lock is held from the first step to the last: whatever cron starts meanwhile exits 75, for
its code may be the new one already and its ledger the old one. When a step fails the ledger is
restored, the old environment stays, and the new one is removed.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path

from schedules import locks
from schedules.session import Refused, Session

#: Seconds that a crawl at work is waited for: as long as it may take, and some.
PATIENCE = 900
#: Seconds between two tries for the lock.
PAUSE = 2.0
LINK = Path(".venv")

Step = Callable[[Sequence[str]], int]


def main(words: Sequence[str]) -> int:
    """`python -m schedules.upgrading [CONFIG]`, in the folder of the checkout."""
    session = Session(config_path=Path(words[0]) if words else None)
    try:
        return upgrade(session, Path.cwd(), run)
    except Refused as refused:
        print(f"veille: {refused}", file=sys.stderr)
        return refused.code


def run(command: Sequence[str]) -> int:
    return subprocess.run(command, check=False).returncode


def upgrade(session: Session, checkout: Path, step: Step) -> int:
    """Every step as a command; `step` runs one."""
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
    fresh = checkout / f".venv-{stamp}"
    python = str(fresh / "bin" / "python")
    build = [
        [sys.executable, "-m", "venv", str(fresh)],
        [python, "-m", "pip", "install", "-q", "--require-hashes", "-r", "requirements.lock"],
        [python, "-m", "pip", "install", "-q", "--no-deps", "--no-build-isolation", "-e", "."],
    ]
    try:
        with _waiting_for_the_lock(session):
            _each(build, step)
            if session.database.exists():
                _migrate(session, python, step)
            _swap(checkout, fresh)
    except BaseException:
        shutil.rmtree(fresh, ignore_errors=True)
        raise
    print(f"upgraded: {LINK} is {fresh.name} now; restart `veille run` if you run it")
    return 0


def _each(commands: Sequence[Sequence[str]], step: Step) -> None:
    for command in commands:
        if step(command):
            raise Refused(f"{' '.join(command)} failed; nothing was changed", 1)


@contextmanager
def _waiting_for_the_lock(session: Session) -> Iterator[None]:
    """A crawl at work ends first."""
    until = time.monotonic() + PATIENCE
    with ExitStack() as stack:
        while True:
            try:
                stack.enter_context(locks.alone(session.database, "upgrade"))
                break
            except Refused:
                if time.monotonic() > until:
                    raise
                time.sleep(PAUSE)
        yield


def _migrate(session: Session, python: str, step: Step) -> None:
    """Backup, migrate and verify with the new environment; back again when it fails."""
    from pipelines.store import StoreError
    from pipelines.store.copies import backup, before_make_upgrade, restore

    before = before_make_upgrade(session.database)
    veille = [python, "-P", "-m", "schedules", "--db", str(session.database)]
    if session.config.path is not None:
        veille += ["--config", str(session.config.path)]
    try:
        backup(session.database, before)
        for words in (["migrate", "--held"], ["verify"]):
            if step([*veille, *words]):
                restore(before, session.database)
                raise Refused(f"`veille {words[0]}` failed; the ledger is as it was", 1)
    except StoreError as error:
        raise Refused(str(error)) from None


def _swap(checkout: Path, fresh: Path) -> None:
    """`.venv` becomes a link to the new environment; what it was stays until the next upgrade."""
    link, old = checkout / LINK, checkout / ".venv-old"
    (fresh / ".installed").touch()  # the stamp of `make install`
    previous = link.resolve() if link.is_symlink() else None
    if link.exists() and not link.is_symlink():
        shutil.rmtree(old, ignore_errors=True)
        link.rename(old)
    part = checkout / f"{fresh.name}.link"
    part.symlink_to(fresh.name)
    os.replace(part, link)
    for path in checkout.glob(".venv-*Z"):
        if path.resolve() not in (fresh.resolve(), previous):
            shutil.rmtree(path, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
