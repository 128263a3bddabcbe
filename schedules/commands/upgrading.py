"""`veille migrate`: bring the ledger to the schema of this veille, after a backup."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

import click

from schedules import locks
from schedules.cli import DONE
from schedules.session import Refused, Session, shared_options, the_session


@click.command("migrate")
@click.option("--held", is_flag=True, hidden=True, help="The parent process holds the lock.")
@shared_options
@click.pass_context
def migrate_command(ctx: click.Context, held: bool) -> int:
    """Bring the ledger to the schema of this veille; its backup stays beside it."""
    session = the_session(ctx)
    with _lock(session, held):
        before = migrate(session.database)
    told = f"its backup: {before}" if before else "it has the newest schema already"
    session.log(f"{session.database}: {told}")
    return DONE


def migrate(database: Path) -> Path | None:
    """The backup of what it was; None when there was nothing to do. The lock is taken."""
    from pipelines.schema import VERSION
    from pipelines.store import Store, StoreError
    from pipelines.store.copies import backup, is_sound
    from pipelines.store.opening import before_upgrade

    try:
        with Store.open(database, older="leave") as store:
            (version,) = store.db.execute("PRAGMA user_version").fetchone()
        if version >= VERSION:
            Store.open(database).close()  # says so when it is of a newer veille
            return None
        before = before_upgrade(database, version)
        backup(database, before)
        Store.open(database, older="migrate").close()
    except StoreError as error:
        raise Refused(str(error)) from None
    if not is_sound(database):
        raise Refused(f"{database}: the migration left it damaged; veille restore {before}")
    return before


def _lock(session: Session, held: bool) -> AbstractContextManager[None]:
    """`make upgrade` holds the lock for longer than this command lives."""
    from pipelines.store.locks import is_held_by_parent, write_lock

    if not held:
        return locks.alone(session.database, "migrate")
    if not is_held_by_parent(write_lock(session.database)):
        raise Refused("--held is for `make upgrade`: the parent process holds no lock")
    return nullcontext()
