"""`veille init` and `veille check`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import click

from schedules import printing
from schedules.cli import DONE, FAILED_CHECK, PARTLY
from schedules.session import DEFAULT_CONFIG, Refused, Session, shared_options, the_session

if TYPE_CHECKING:
    from crawler.probe import Probe
    from pipelines.records import Outlet
    from pipelines.store.outlet_state import Resource


@click.command("init")
@click.argument("directory", type=click.Path(path_type=Path), default=".")
@click.option(
    "--dossier",
    is_flag=True,
    help="Also the history of OpenAI's money; into the database of a veille.toml that is there.",
)
@shared_options
@click.pass_context
def init_command(ctx: click.Context, directory: Path, dossier: bool) -> int:
    """Write a commented veille.toml into DIRECTORY (default: here); never over an existing one."""
    from pipelines.config import write_default

    target = directory / DEFAULT_CONFIG
    if target.exists() and not dossier:
        raise Refused(f"{target} is there already; nothing was written")
    if not target.exists():
        try:
            directory.mkdir(parents=True, exist_ok=True)
            write_default(target)
        except OSError as error:
            raise Refused(f"{target}: {error.strerror or error}") from None
        click.echo(f"{target} written. Set `contact` in it, then: veille --config {target} check")
    if dossier:
        _lay_down(ctx, target)
    return DONE


def _lay_down(ctx: click.Context, config: Path) -> None:
    """The shipped facts, into the database that `config` names (or --db)."""
    from importlib.resources import files

    from pipelines.dossier import lay_down

    session = the_session(ctx)
    session.config_path = session.config_path or config
    lines = (files("demo") / "dossier.jsonl").read_text("utf-8").splitlines()
    with session.store(create=True, writing=True) as store:
        added = lay_down(lines, store, session.now())
    click.echo(f"{session.database}: {added} articles of the dossier added; `veille browse` shows")


@click.command("check")
@click.option("--live", is_flag=True, help="Also ask every outlet once and open each channel.")
@shared_options
@click.pass_context
def check_command(ctx: click.Context, live: bool) -> int:
    """Validate configuration and catalogue; every problem at once, with its place and a hint.

    --live prints what to change in the catalogue as TOML; exit 1 when an outlet or channel failed,
    3 when nobody at all answered: that is probably this machine's network.
    """
    session = the_session(ctx)
    config = session.config
    outlets = session.outlets
    enabled = tuple(outlet for outlet in outlets if outlet.enabled and outlet.policy != "off")
    click.echo(f"configuration: {config.path or 'shipped defaults'}, ok")
    click.echo(f"catalogue: {len(outlets)} outlets, {len(enabled)} enabled, ok")
    for watch in config.watches:
        click.echo(f"watch {watch.name}: {len(watch.companies)} companies")
    click.echo(f"channels: {', '.join(c.name for c in config.channels) or 'none'}")
    reader = config.second_reader
    told = f"{reader.model} at {urlsplit(reader.url).netloc}" if reader else "none"
    click.echo(f"second reader: {told}")
    unusable = _unusable(session.database)
    click.echo(f"database: {unusable or f'{session.database} ({_sqlite()})'}")
    if not config.contact:
        click.echo("contact: not set; a live crawl needs one (contact = ... in veille.toml)")
    if unusable:
        return FAILED_CHECK
    if not live:
        return DONE
    probed = _try_outlets(session, enabled)
    failed = _try_channels(session)
    if probed.silent:
        return PARTLY
    return FAILED_CHECK if failed or probed.failed else DONE


def _try_outlets(session: Session, outlets: tuple[Outlet, ...]) -> Probe:
    """Ask every outlet once, and say what each answered."""
    from crawler.probe import patch, probe
    from schedules.commands.crawl import check_contact

    check_contact(session)
    probed = probe(session.config, outlets, now=session.now, progress=session.log)
    if probed.silent:
        reason = probed.findings[0].report.reason
        click.echo(
            printing.plain(
                f"none of {len(outlets)} outlets answered ({reason}): that is probably this "
                "machine's network (a resolver, a firewall, a proxy), so nothing is said of them"
            )
        )
        return probed
    for finding in probed.findings:
        newest = f", newest {finding.newest:%Y-%m-%d}" if finding.newest else ""
        decisions = "".join(f"; {d.host}: {d.decision} ({d.rule})" for d in finding.decisions)
        reason = f": {finding.report.reason}" if finding.report.reason else ""
        told = f"{finding.outlet.id}: {finding.report.result}{reason}{newest}{decisions}"
        click.echo(printing.plain(told))
    with _known(session) as before:
        if changes := patch(probed.findings, before):
            click.echo(f"\n# what the catalogue should say\n{changes}")
    return probed


@contextmanager
def _known(session: Session) -> Iterator[Callable[[str], Resource | None]]:
    """How a feed answered the last crawl, if there is a ledger."""
    from crawler.probe import never_asked

    if not session.database.exists():
        yield never_asked
        return
    with session.store() as store:
        yield store.fetching.outlets.resource


def _try_channels(session: Session) -> int:
    """Open every channel without sending; returns how many failed."""
    from pipelines.channels import TransportError, try_out, without_secrets

    failed = 0
    for channel in session.config.channels:
        try:
            told = try_out(channel)
        except TransportError as error:
            failed += 1
            told = f"failed: {without_secrets(str(error), channel)}"
        click.echo(printing.plain(f"channel {channel.name}: {told}"))
    return failed


def _unusable(database: Path) -> str:
    """Why no ledger can stand there, and what to do; "" when one can."""
    from pipelines.store import StoreError
    from pipelines.store.opening import check_folder

    try:
        check_folder(database)
    except StoreError as error:
        return str(error)
    return ""


def _sqlite() -> str:
    from pipelines.store.opening import SAFE_WAL, sqlite3

    journal = "WAL" if sqlite3.sqlite_version_info >= SAFE_WAL else "rollback journal"
    return f"{sqlite3.__name__} with SQLite {sqlite3.sqlite_version}, {journal}"
