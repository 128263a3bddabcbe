"""`veille init` and `veille check`."""

from __future__ import annotations

from pathlib import Path

import click

from schedules.cli import DONE
from schedules.session import DEFAULT_CONFIG, Refused, shared_options, the_session


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
@shared_options
@click.pass_context
def check_command(ctx: click.Context) -> int:
    """Validate configuration and catalogue; every problem at once, with its place and a hint."""
    session = the_session(ctx)
    config = session.config
    outlets = session.outlets
    enabled = [outlet for outlet in outlets if outlet.enabled and outlet.policy != "off"]
    click.echo(f"configuration: {config.path or 'shipped defaults'}, ok")
    click.echo(f"catalogue: {len(outlets)} outlets, {len(enabled)} enabled, ok")
    for watch in config.watches:
        click.echo(f"watch {watch.name}: {len(watch.companies)} companies")
    click.echo(f"channels: {', '.join(c.name for c in config.channels) or 'none'}")
    click.echo(f"database: {config.database} ({_sqlite()})")
    if not config.contact:
        click.echo("contact: not set; a live crawl needs one (contact = ... in veille.toml)")
    return DONE


def _sqlite() -> str:
    from pipelines.store.opening import SAFE_WAL, sqlite3

    journal = "WAL" if sqlite3.sqlite_version_info >= SAFE_WAL else "rollback journal"
    return f"{sqlite3.__name__} with SQLite {sqlite3.sqlite_version}, {journal}"
