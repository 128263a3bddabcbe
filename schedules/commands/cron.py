"""`veille cron`: the timetable for cron or systemd."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from schedules.cli import DONE
from schedules.session import Refused, Session, shared_options, the_session

if TYPE_CHECKING:
    from pipelines.config import Config
    from schedules.cron import Place


@click.command("cron")
@click.option("--systemd", is_flag=True, help="Units of systemd instead of crontab lines.")
@click.option(
    "--to",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    help="With --systemd: write them into this folder instead of printing them.",
)
@shared_options
@click.pass_context
def cron_command(ctx: click.Context, systemd: bool, folder: Path | None) -> int:
    """Print crontab lines, or systemd units, for this configuration. Nothing is installed."""
    from schedules.cron import crontab, units
    from schedules.plan import jobs_of

    session = the_session(ctx)
    config = session.config
    if not config.contact:
        raise Refused('a crawl needs a contact: set contact = "..." in veille.toml first')
    if folder and not systemd:
        raise click.UsageError("--to goes with --systemd")
    place = _place(session)
    for name, variable in _secrets_of_environment(config):
        click.echo(
            f"{name} takes its secret from the variable {variable}, which cron and systemd do not "
            "have: put it into a file and name that with _file",
            err=True,
        )
    if not systemd:
        click.echo(crontab(jobs_of(config), place), nl=False)
        return DONE
    found = units(jobs_of(config), place, config)
    if folder is None:
        click.echo("\n".join(f"# {name}\n{text}" for name, text in found.items()), nl=False)
        return DONE
    _write(folder, found)
    timers = " ".join(name for name in found if name.endswith(".timer"))
    session.log(
        f"{len(found)} units written to {folder}; as root: systemctl daemon-reload && "
        f"systemctl enable --now {timers}"
    )
    return DONE


def _place(session: Session) -> Place:
    from schedules.commands.run import command_line
    from schedules.cron import Place, owner

    config = session.config
    database = session.database.absolute()
    return Place(
        command=tuple(command_line(session)),
        config=config.path.absolute() if config.path else None,
        database=database,
        backups=config.backup.directory.absolute(),
        user=owner(database),
    )


def _secrets_of_environment(config: Config) -> list[tuple[str, str]]:
    found = [
        (f"channel {channel.name}", secret.env)
        for channel in (
            *config.channels,
            *([config.health.channel] if config.health.channel else []),
        )
        for secret in channel.secrets().values()
        if secret.env
    ]
    if config.health.ping_url and config.health.ping_url.env:
        found.append(("health.ping_url", config.health.ping_url.env))
    reader = config.second_reader
    if reader and reader.api_key and reader.api_key.env:
        found.append(("second_reader.api_key", reader.api_key.env))
    return found


def _write(folder: Path, found: dict[str, str]) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in found.items():
            (folder / name).write_text(text, "utf-8")
    except OSError as error:
        raise Refused(f"{error.filename}: {error.strerror or error}") from None
