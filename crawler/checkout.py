"""`scrapy crawl feeds [-a outlet=ID]` from the checkout: lock, ledger and run of `veille crawl`."""

from __future__ import annotations

import sys
import traceback
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from crawler.addon import load_here
from crawler.round import Round
from crawler.run import need_contact, quiet, report_of, round_of
from pipelines import outlets as catalogue
from pipelines.store import Store
from pipelines.store.locks import FileLock, LockError, Taken, crawl_lock, write_lock
from pipelines.store.opening import is_of_the_file, sqlite3, told

#: Exit code of a run that finds the lock taken (sysexits: temporary failure).
LOCKED = 75
#: Exit codes in the row of a run that a bug, or the file itself, ended: as `veille crawl` has them.
BUG, FILE = 1, 2


def round_from_checkout(name: str | None) -> Round:
    """The round of veille.toml in the current folder; its run gets a row, as `veille crawl`'s."""
    config = load_here()
    need_contact(config)
    known = catalogue.load(config.catalogue)
    chosen = tuple(
        outlet
        for outlet in known
        if (outlet.id == name if name else outlet.enabled and outlet.policy != "off")
    )
    if not chosen:
        raise ValueError(f"no outlet {name!r} in the catalogue")
    quiet()
    _lock(config.database)
    store = Store.open(config.database, create=True)
    round_ = round_of(config, chosen, store, lambda: datetime.now(UTC), _to_stderr)
    row = store.runs.start("crawl", round_.now())
    round_.at_end = lambda: _end(round_, row)
    return round_


def _end(round_: Round, row: int) -> None:
    """The row of the run, and on standard error what `veille crawl` says there."""
    report = report_of(round_)
    code = report.code
    if round_.bugs or not round_.complete:
        full = any(is_of_the_file(bug) for bug in round_.bugs)
        code = FILE if full else BUG
    with suppress(sqlite3.DatabaseError):  # what ended the crawl may be the file itself
        round_.store.runs.end(row, round_.now(), code, report.tally)
    for line in report.failures:
        _to_stderr(line)
    for bug in round_.bugs[:1]:
        if is_of_the_file(bug) and isinstance(bug, sqlite3.DatabaseError):
            _to_stderr(f"veille: {told(str(round_.config.database), bug)}")
        else:
            traceback.print_exception(bug)


def _lock(database: Path) -> None:
    """As `veille crawl` does; held until the process ends, however Scrapy ends it."""
    try:
        FileLock(crawl_lock(database), "scrapy crawl").__enter__()
        FileLock(write_lock(database), "scrapy crawl", shared=True).__enter__()
    except (Taken, LockError) as error:
        _to_stderr(f"veille: {error}")
        raise SystemExit(LOCKED) from None


def _to_stderr(line: str) -> None:
    print(line, file=sys.stderr)
