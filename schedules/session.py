"""What every command shares: --config, --db, -v, --now, before or after the command's name."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from pipelines.config import Config
    from pipelines.records import Outlet
    from pipelines.store import Store

#: Where a configuration is looked for when none is named.
DEFAULT_CONFIG = Path("veille.toml")

#: Exit code of a run that somebody else keeps from its work (sysexits: temporary failure).
LOCKED = 75

F = TypeVar("F", bound=Callable[..., Any])


class Refused(Exception):
    """The command cannot do what was asked; `code` is the exit code."""

    def __init__(self, message: str, code: int = 2) -> None:
        super().__init__(message)
        self.code = code


@dataclass
class Session:
    """The options of one run and what they lead to, each loaded when first asked for."""

    config_path: Path | None = None
    db_path: Path | None = None
    verbose: int = 0
    fixed_now: datetime | None = None
    quiet: bool = False
    held_back: io.StringIO | None = field(default=None, repr=False)  # with -q: the standard error
    _config: Config | None = field(default=None, repr=False)

    @property
    def config(self) -> Config:
        if self._config is None:
            from pipelines import config

            path = self.config_path
            if path is not None and not path.exists():
                raise Refused(f"{path}: there is no such file; `veille init` writes one")
            if path is None and DEFAULT_CONFIG.exists():
                path = DEFAULT_CONFIG
            self._config = config.load(path)
        return self._config

    @property
    def database(self) -> Path:
        return self.db_path or self.config.database

    @property
    def outlets(self) -> tuple[Outlet, ...]:
        from pipelines import outlets

        return outlets.load(self.config.catalogue)

    def now(self) -> datetime:
        return self.fixed_now or datetime.now(UTC)

    def store(self, *, create: bool = False, writing: bool = False) -> Store:
        """The ledger's file; refuses with the store's own message, and a --now in the past."""
        from pipelines.store import Store, StoreError
        from pipelines.store.locks import held_alone, write_lock
        from pipelines.store.opening import BusyError, OlderError

        try:
            if writing or create or not self._can_only_be_read:
                store = Store.open(self.database, create=create)
            else:
                store = self._reading()
            newest = store.ledger.newest_recorded()
        except BusyError as error:
            raise Refused(str(error), LOCKED) from None
        except OlderError as error:
            # what takes no lock waits for an upgrade too
            owner = held_alone(write_lock(self.database))
            raise Refused(owner or str(error), LOCKED if owner else 2) from None
        except StoreError as error:
            raise Refused(str(error)) from None
        if (
            writing
            and self.fixed_now
            and newest
            and self.fixed_now < datetime.fromisoformat(newest)
        ):
            store.close()
            raise Refused(f"--now goes back behind {newest}, the newest record of {self.database}")
        return store

    @property
    def _can_only_be_read(self) -> bool:
        """A copy on a medium or in a folder where this user may not write."""
        there = (self.database, self.database.absolute().parent)
        return self.database.is_file() and not all(os.access(path, os.W_OK) for path in there)

    def _reading(self) -> Store:
        """The ledger as it stands, of this veille's schema: nothing can be migrated there."""
        from pipelines.store import Store, StoreError
        from pipelines.store.rooms import is_current

        store = Store.open(self.database, read_only=True, at_rest=True)
        if not (current := is_current(store.db.conn)):
            store.close()
            if current is None:
                raise StoreError(f"{self.database}: it cannot be read; look at the rights of it")
            raise StoreError(
                f"{self.database}: its schema is of another version, and it can only be read; "
                "bring a copy up to date with `veille migrate`"
            )
        return store

    def log(self, message: str, level: int = 0) -> None:
        """Progress on standard error; `level` 1 only with -v."""
        if level <= self.verbose:
            click.echo(message, err=True)


class Moment(click.ParamType[datetime]):
    """An ISO 8601 time with offset, or a date (midnight UTC)."""

    name = "time"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        if isinstance(value, datetime):
            return value
        try:
            found = datetime.fromisoformat(value)
        except ValueError:
            self.fail(f"{value!r} is no ISO 8601 time such as 2026-01-29T10:00:00+01:00")
        return found if found.tzinfo else found.replace(tzinfo=UTC)


MOMENT = Moment()


def _remember(name: str) -> Callable[[click.Context, click.Parameter, Any], Any]:
    """Keep an option in the session; the one after the command's name wins."""

    def callback(ctx: click.Context, _: click.Parameter, value: Any) -> None:
        session = ctx.ensure_object(Session)
        if value is not None and value != 0:
            setattr(session, name, value)

    return callback


def _hush(ctx: click.Context, _: click.Parameter, value: bool) -> None:
    """-q: hold standard error back until it is known whether anything must be done."""
    session = ctx.ensure_object(Session)
    if value and not session.quiet:
        session.quiet = True
        session.held_back = sys.stderr = io.StringIO()


def shared_options(command: F) -> F:
    """--config, --db, --now, -v and -q."""
    path = click.Path(path_type=Path)
    for option in (
        click.option(
            "--config",
            type=path,
            expose_value=False,
            callback=_remember("config_path"),
            help="Configuration file (default veille.toml).",
        ),
        click.option(
            "--db",
            type=path,
            expose_value=False,
            callback=_remember("db_path"),
            help="Database file (default: the configuration's).",
        ),
        click.option(
            "--now",
            type=MOMENT,
            expose_value=False,
            callback=_remember("fixed_now"),
            help="Take this time for now (tests, replays).",
        ),
        click.option(
            "-v",
            "--verbose",
            count=True,
            expose_value=False,
            callback=_remember("verbose"),
            help="Say more on standard error.",
        ),
        click.option(
            "-q",
            "--quiet",
            is_flag=True,
            expose_value=False,
            callback=_hush,
            help="Say nothing unless something must be done (for cron).",
        ),
    ):
        command = option(command)
    return command


def the_session(ctx: click.Context) -> Session:
    return ctx.ensure_object(Session)


def on_terminal() -> bool:
    return sys.stdout.isatty()
