"""`veille alerts`: try a channel, and see what would go where and why."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import click

from schedules import printing
from schedules.cli import DONE, PARTLY
from schedules.session import MOMENT, shared_options, the_session

if TYPE_CHECKING:
    from pipelines.config import Channel
    from pipelines.delivery.previewing import Foreseen
    from pipelines.shapes import Json

#: How far back a preview goes by default, in days.
PREVIEW_DAYS = 7


@click.group("alerts")
@shared_options
def alerts_command() -> None:
    """Try a channel; see what would go where, and why."""


@alerts_command.command("test")
@click.argument("name", metavar="CHANNEL")
@shared_options
@click.pass_context
def test_command(ctx: click.Context, name: str) -> int:
    """Send a sample to CHANNEL, past all rules; exit code 3 when it was not taken."""
    from hashlib import blake2b

    from pipelines.alert import sample
    from pipelines.channels import TransportError, open_channel, without_secrets
    from pipelines.delivery import context_of

    session = the_session(ctx)
    channel = _channel(session.config.channels, name)
    key = blake2b(f"{name} {session.now().isoformat()}".encode(), digest_size=16).hexdigest()
    message = sample(context_of(channel, session.config, ()), key)
    try:
        answer = open_channel(channel).notify(message)
    except TransportError as error:
        said = without_secrets(str(error), channel)
        click.echo(printing.plain(f"{channel.name}: {said}"), err=True)
        return PARTLY
    answer = without_secrets(answer, channel)
    click.echo(printing.plain(f"{channel.name}: sent; the server said: {answer}"), err=True)
    return DONE


def _channel(channels: tuple[Channel, ...], name: str) -> Channel:
    for channel in channels:
        if channel.name == name:
            return channel
    known = ", ".join(channel.name for channel in channels)
    raise click.UsageError(f"no channel {name!r} in the configuration; there are: {known}")


@alerts_command.command("preview")
@click.option("--since", type=MOMENT, help="Changes recorded since then (default: a week ago).")
@click.option("--channel", "name", help="Only this channel.")
@click.option("--json", "as_json", is_flag=True, help="JSON Lines.")
@shared_options
@click.pass_context
def preview_command(
    ctx: click.Context, since: datetime | None, name: str | None, as_json: bool
) -> int:
    """What would go where, and why, by the rules as they stand; sends nothing.

    The rules are played over the changes recorded since then, imported ones included.
    """
    from pipelines.delivery import context_of
    from pipelines.delivery.previewing import preview

    session = the_session(ctx)
    config = session.config
    channels = (_channel(config.channels, name),) if name else config.channels
    until = session.now()
    since = since or until - timedelta(days=PREVIEW_DAYS)
    with session.store() as store:
        found = [
            foreseen
            for channel in channels
            for foreseen in preview(
                store, channel, context_of(channel, config, session.outlets), since, until
            )
        ]
    found.sort(key=lambda one: (one.at, one.channel))
    if as_json:
        printing.json_lines(map(_json, found))
    else:
        zone = ZoneInfo(config.timezone)
        rows = [_row(one, zone) for one in found]
        printing.table(rows, ("recorded", "channel", "goes out", "message", "why"))
    return DONE


def _json(one: Foreseen) -> Json:
    return {
        "recorded": one.at.isoformat(),
        "channel": one.channel,
        "mode": one.decision.mode,
        "due": one.decision.due.isoformat(),
        "subject": one.subject,
        "changes": list(one.decision.told),
        "reason": one.decision.reason,
    }


def _row(one: Foreseen, zone: ZoneInfo) -> tuple[str, ...]:
    due = one.decision.due.astimezone(zone)
    goes = {"immediate": "at once", "muted": "not"}.get(one.decision.mode)
    return (
        f"{one.at.astimezone(zone):%Y-%m-%d %H:%M}",
        one.channel,
        goes or f"{one.decision.mode}, {due:%d %b %H:%M}",
        one.subject,
        one.decision.reason,
    )
