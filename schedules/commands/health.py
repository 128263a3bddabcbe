"""`veille health`: look after the machinery and tell the operator."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import click

from schedules import printing
from schedules.cli import DONE, FAILED_CHECK, PARTLY
from schedules.session import Session, shared_options, the_session

if TYPE_CHECKING:
    from pipelines.store import Store
    from schedules.health import News


@click.command("health")
@click.option(
    "--check",
    "only_check",
    is_flag=True,
    help="Only: did a crawl start lately? Writes and sends nothing; exit code 1 if not.",
)
@shared_options
@click.pass_context
def health_command(ctx: click.Context, only_check: bool) -> int:
    """Look for troubles of the machinery; tell the operator's channel what began and what is over.

    Without `[health.channel]` they are printed.
    """
    session = the_session(ctx)
    if only_check:
        return _check(session)
    from schedules.jobs import recorded

    # by the timetable it may come before the first crawl: nothing is wrong then
    early = session.quiet
    with (
        session.store(create=early, writing=True) as store,
        recorded(session, store, "health") as run,
    ):
        run.code = _look(session, store, run.counts)
    return run.code


def _check(session: Session) -> int:
    """For the health check of a container: one thing, and only reading."""
    from schedules.health import crawl_missing

    now = session.now()
    with session.store() as store:
        last, first = store.runs.last_started("crawl"), store.runs.first_started()
    trouble = crawl_missing(last, first, session.config.health.crawl_minutes, now)
    if trouble is None:
        return DONE
    click.echo(trouble.detail, err=True)
    return FAILED_CHECK


def _look(session: Session, store: Store, counts: dict[str, int]) -> int:
    """Find, tell, then write down: what could not be told is told the next time."""
    from pipelines.store.troubles import Troubles
    from schedules.health import look, news

    config, now, troubles = session.config, session.now(), Troubles(store.db)
    found = look(store, config, session.outlets, session.database, now)
    before = {trouble: troubles.last_told(trouble) for trouble in found}
    repeat = timedelta(hours=config.health.repeat_hours)
    told = news(found, troubles.open(), before, repeat, now)
    counts.update(troubles=len(found), told=len(told.troubles), over=len(told.over))
    code = _tell(session, told) if told else DONE
    with store.transaction():
        troubles.keep((*found, *(told.over if code else ())), now)
        if not code:
            troubles.mark_told(told.troubles, now)
    return code


def _tell(session: Session, told: News) -> int:
    from pipelines.channels import TransportError, open_channel, without_secrets
    from schedules.health import message, name

    channel = session.config.health.channel
    if channel is None:
        for trouble in told.troubles:
            click.echo(printing.plain(f"trouble: {name(trouble)}: {trouble.detail}"))
        for trouble in told.over:
            click.echo(printing.plain(f"over: {name(trouble)}"))
        return DONE
    try:
        open_channel(channel).notify(message(told, session.config, session.now()))
    except TransportError as error:
        said = without_secrets(str(error), channel)
        click.echo(printing.plain(f"{channel.name}: {said}"), err=True)
        return PARTLY
    return DONE
