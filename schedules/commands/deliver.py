"""`veille deliver`: drain the outbox."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from schedules import printing
from schedules.cli import DONE, PARTLY
from schedules.session import Session, shared_options, the_session

if TYPE_CHECKING:
    from pipelines.store import Store

#: What `--retry` takes in place of a number.
ALL = "all"


@click.command("deliver")
@click.option("--retry", metavar="ID|all", help="Try parked messages again, one or all, first.")
@shared_options
@click.pass_context
def deliver_command(ctx: click.Context, retry: str | None) -> int:
    """Send what the outbox holds, and the digests that are due.

    A channel that fails keeps its messages; what it said is printed, and the exit code is 3.
    """
    from pipelines.delivery import deliver
    from schedules.jobs import recorded

    session = the_session(ctx)
    # by the timetable it may come before the first crawl: nothing is wrong then
    early = session.quiet
    with (
        session.store(create=early, writing=True) as store,
        recorded(session, store, "deliver") as run,
    ):
        if retry is not None:
            _retry(store, retry, session)
        _name_lost_channels(store, session)
        outcomes = deliver(session.store, session.config, session.now, session.outlets)
        run.counts = {
            "sent": sum(outcome.sent for outcome in outcomes),
            "failed": sum(outcome.failed for outcome in outcomes),
        }
        run.code = PARTLY if run.counts["failed"] else DONE
    for outcome in outcomes:
        for problem in dict.fromkeys(outcome.problems):
            click.echo(printing.plain(problem), err=True)
        session.log(
            f"{outcome.channel}: {outcome.sent} sent, {outcome.failed} failed, "
            f"{outcome.dead} parked",
            level=0 if outcome.failed else 1,
        )
    return run.code


def _retry(store: Store, retry: str, session: Session) -> None:
    if retry != ALL and not retry.isdecimal():
        raise click.UsageError(f"--retry takes a message's number or {ALL}, not {retry!r}")
    rows = None if retry == ALL else [int(retry)]
    count = store.outbox.retry(rows, session.now())
    if rows and not count:
        raise click.UsageError(f"message {retry} is not parked; `veille status` lists those")
    session.log(f"{count} messages are tried again")


def _name_lost_channels(store: Store, session: Session) -> None:
    """Messages for a channel that the configuration no longer has would wait in silence."""
    known = {channel.name for channel in session.config.channels}
    for row in store.outbox.depth():
        waiting = row["open"] + row["waiting"]
        if row["channel"] not in known and waiting:
            click.echo(
                f"{waiting} messages wait for the channel {row['channel']!r}, "
                "which the configuration does not have",
                err=True,
            )
