"""`veille replay`: what would a better reader have said."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from schedules import chronology, printing
from schedules.cli import DONE
from schedules.session import shared_options, the_session

if TYPE_CHECKING:
    from pipelines.records import Change, Claim
    from pipelines.replay import Difference

#: Articles between two lines of progress where standard error is no terminal.
STRIDE = 500


@click.command("replay")
@click.option("--apply", "in_earnest", is_flag=True, help="Put the new readings in place.")
@shared_options
@click.pass_context
def replay_command(ctx: click.Context, in_earnest: bool) -> int:
    """Read the stored articles again and print the difference; sends nothing.

    An interrupted replay goes on where it stopped.
    """
    from pipelines import replay
    from schedules import jobs, locks

    session = the_session(ctx)
    watches = session.config.watches
    # in earnest it changes rows all over the ledger; else it writes down readings and no more
    take = locks.alone if in_earnest else locks.writing
    with (
        take(session.database, "replay"),
        session.store(writing=True) as store,
        jobs.recorded(session, store, "replay") as run,
    ):
        replay.read_again(store, watches, _progress)
        if in_earnest:
            channels = [channel.name for channel in session.config.channels]
            difference = replay.apply(store, watches, channels, session.now())
        else:
            difference = replay.compare(store, watches)
        run.counts = {
            "articles": difference.articles,
            "told": len(difference.told),
            "untold": len(difference.untold),
        }
    _print(difference)
    done = "applied" if in_earnest else "nothing was changed; --apply does"
    session.log(
        f"{difference.articles} articles read again, {difference.gone} without text kept as they "
        f"are: {done}"
    )
    return DONE


def _progress(done: int, total: int) -> None:
    if sys.stderr.isatty():
        click.echo(f"\r{done}/{total} articles", err=True, nl=done == total)
    elif done % STRIDE == 0:
        click.echo(f"{done}/{total} articles", err=True)


def _print(difference: Difference) -> None:
    for url, claim in difference.added:
        click.echo(printing.plain(f"+ claim   {_claim(claim)}  {url}"))
    for url, claim in difference.lost:
        click.echo(printing.plain(f"- claim   {_claim(claim)}  {url}"))
    for url, before, after in difference.altered:
        click.echo(printing.plain(f"~ claim   {_claim(before)} ⇒ {_claim(after)}  {url}"))
    for url, made in difference.told:
        click.echo(printing.plain(f"+ change  {_change(made)}  {url}"))
    for url, made in difference.untold:
        click.echo(printing.plain(f"- change  {_change(made)}  {url}"))


def _claim(claim: Claim) -> str:
    from pipelines.money import show

    background = ", background" if claim.background else ""
    payers = ", ".join(claim.payers) or "?"
    return (
        f"{payers} → {claim.payee}, {claim.kind}: {show(claim.amount)} "
        f"({claim.stage}, {claim.certainty}{background})"
    )


def _change(made: Change) -> str:
    from pipelines.shapes import figure_to_json

    shape = {
        "change": made.label,
        "also": list(made.also),
        "kind": made.kind,
        "payers": list(made.payers),
        "payee": made.payee,
        "before": figure_to_json(made.before),
        "after": figure_to_json(made.after),
    }
    return chronology.sentence(shape, "fr")
