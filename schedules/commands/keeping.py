"""`veille forget`, `prune`, `optimise`, `backup` and `restore`: what is kept, and for how long."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from schedules import locks
from schedules.cli import DONE, PARTLY
from schedules.session import Refused, Session, shared_options, the_session

if TYPE_CHECKING:
    from pipelines.store import Store
    from pipelines.store.keeping import Forgotten

#: Up to this size of the file, in bytes, `prune` rewrites it each night; a larger one on Sundays: a
#: rewrite writes the file twice. The emptied cells are zeroed all the same.
REWRITE_LIMIT = 256 * 1024 * 1024
SUNDAY = 6
#: Free disk that a rewrite needs, in sizes of the file: the new file beside, and the WAL.
ROOM = 2
FILE = click.Path(path_type=Path)


@click.command("forget")
@click.argument("address", metavar="URL|HOST")
@shared_options
@click.pass_context
def forget_command(ctx: click.Context, address: str) -> int:
    """Remove the text, title and quotes of URL, or of all pages of HOST, and block the address.

    Amounts, parties, dates and links stay in the ledger. Backups in the folder of
    `[backup] directory` and beside the ledger are treated alike; copies elsewhere are yours to
    delete.
    """
    session = the_session(ctx)
    _check_address(address)
    with locks.alone(session.database, "forget"):
        emptied, clean = _forget(session, address)
        everywhere = _forget_in_copies(session, address)
    told = ", ".join(f"{count} {name}" for name, count in emptied.counts().items())
    session.log(f"{address}: {told} emptied; it is blocked from now on")
    return max(_scrubbed(session, clean), DONE if everywhere else PARTLY)


def _forget_in_copies(session: Session, address: str) -> bool:
    """Empty it in the copies that commands made by themselves; whether it is out of all of them."""
    from pipelines.schema import VERSION
    from pipelines.store import Store, StoreError
    from pipelines.store.copies import leftovers, made_by_us

    folder, everywhere = session.config.backup.directory, True
    for part in leftovers(session.database, folder):
        part.unlink(missing_ok=True)
    for copy in made_by_us(session.database, folder):
        try:
            with Store.open(copy, older="leave") as store:
                same = store.db.execute("PRAGMA user_version").fetchone() == (VERSION,)
                clean = same and _forget_in(store, address, session)[1]
        except StoreError as error:
            raise Refused(str(error)) from None
        if clean:
            session.log(f"{copy}: forgotten there too")
        else:
            why = "a reader holds it" if same else "of another schema"
            click.echo(f"{copy}: {why}, it still has the text; delete the file", err=True)
        everywhere &= clean
    return everywhere


def _check_address(address: str) -> None:
    from urllib.parse import urlsplit

    try:
        host = urlsplit(address).hostname if "://" in address else address
    except ValueError:
        host = None
    if not host or not host.strip() or any(sign in host for sign in "/ @?#"):
        raise click.UsageError(f"{address!r} is no URL (https://...) and no host (www.example.org)")


def _forget(session: Session, address: str) -> tuple[Forgotten, bool]:
    from schedules.jobs import recorded

    with session.store(writing=True) as store, recorded(session, store, "forget") as run:
        emptied, clean = _forget_in(store, address, session)
        run.counts = emptied.counts()
        run.code = DONE if clean else PARTLY
        return emptied, clean


def _forget_in(store: Store, address: str, session: Session) -> tuple[Forgotten, bool]:
    from pipelines.store.keeping import Keeping

    keeping = Keeping(store.db)
    emptied = keeping.forget(address, session.now())
    return emptied, keeping.scrub()


def _scrubbed(session: Session, clean: bool) -> int:
    if clean:
        return DONE
    click.echo(
        f"{session.database}: a reader holds the file as it was; the text is out of the ledger "
        f"but stays in {session.database}-wal until the reader ends: then run this again",
        err=True,
    )
    return PARTLY


@click.command("prune")
@shared_options
@click.pass_context
def prune_command(ctx: click.Context) -> int:
    """Remove the texts that are older than `retain_text_days`; facts and quotes stay."""
    from pipelines.store.keeping import Keeping
    from schedules.jobs import recorded

    session = the_session(ctx)
    with (
        locks.alone(session.database, "prune"),
        session.store(writing=True) as store,
        recorded(session, store, "prune") as run,
    ):
        keeping, now = Keeping(store.db), session.now()
        texts = keeping.purge_texts(now - timedelta(days=session.config.retain_text_days))
        run.counts = {"texts": texts, **keeping.purge_rows(now)}
        clean = True
        rewrites = keeping.size() <= REWRITE_LIMIT or now.weekday() == SUNDAY
        if rewrites and keeping.has_free_pages() and _has_room(session, keeping.size()):
            clean = keeping.scrub()
        elif texts:
            clean = keeping.checkpoint()
        run.code = DONE if clean else PARTLY
    session.log(", ".join(f"{count} {name}" for name, count in run.counts.items()) + " removed")
    return _scrubbed(session, clean)


def _has_room(session: Session, size: int) -> bool:
    """Whether there is disk for a rewrite; a nightly job that has none leaves the file as it is."""
    from shutil import disk_usage

    if disk_usage(session.database.absolute().parent).free >= ROOM * size:
        return True
    wanted = ROOM * size // 1024 // 1024
    session.log(f"{session.database}: not rewritten, for that {wanted} MiB of disk must be free")
    return False


@click.command("optimise")
@shared_options
@click.pass_context
def optimise_command(ctx: click.Context) -> int:
    """Let SQLite look at the statistics by which it chooses its ways."""
    from pipelines.store.keeping import Keeping
    from schedules.jobs import recorded

    session = the_session(ctx)
    with session.store(writing=True) as store, recorded(session, store, "optimise"):
        keeping = Keeping(store.db)
        keeping.optimise()
        keeping.checkpoint()
    return DONE


@click.command("backup")
@click.argument("file", required=False, type=FILE)
@shared_options
@click.pass_context
def backup_command(ctx: click.Context, file: Path | None) -> int:
    """Write a checked copy of the ledger to FILE, while others read and write it.

    Without FILE: a dated one in the folder of `[backup] directory`, of which `keep` stay.
    """
    from pipelines.store import StoreError
    from pipelines.store.copies import backup, cap, leftovers, stamped

    session = the_session(ctx)
    settings = session.config.backup
    target = file or stamped(session.database, settings.directory, session.now())
    session.store(writing=True).close()  # it must be a ledger, of this schema
    try:
        if file is None:
            settings.directory.mkdir(parents=True, exist_ok=True)
            for part in leftovers(session.database, settings.directory):
                part.unlink(missing_ok=True)
        backup(session.database, target)
        dropped = cap(session.database, settings.directory, settings.keep) if file is None else 0
    except StoreError as error:
        raise Refused(str(error)) from None
    except OSError as error:
        raise Refused(f"{target}: {error.strerror or error}") from None
    if not session.quiet:
        click.echo(str(target))
    session.log(f"{dropped} older backups deleted", level=0 if dropped else 1)
    return DONE


@click.command("restore")
@click.argument("file", type=FILE)
@shared_options
@click.pass_context
def restore_command(ctx: click.Context, file: Path) -> int:
    """Make the ledger what the backup FILE is. What it was is backed up first."""
    from pipelines.store import Store, StoreError
    from pipelines.store.copies import backup, is_sound, restore, stamped

    session = the_session(ctx)
    database = session.database
    try:
        with locks.alone(database, "restore"):
            before = stamped(database, database.parent, session.now())
            kept = is_sound(database)
            if kept:
                backup(database, before)
            aside = restore(file, database)
            with Store.open(database, older="migrate") as store:
                waiting = store.outbox.oldest()
    except StoreError as error:
        raise Refused(str(error)) from None
    if kept:
        session.log(f"what it was: {before}")
    if aside:
        session.log(f"the damaged file was moved to {aside}")
    if waiting:
        session.log(
            "messages wait in the restored outbox, which may have been sent since the backup; "
            "`veille deliver` sends them"
        )
    session.log(f"{database}: restored from {file}")
    return DONE
