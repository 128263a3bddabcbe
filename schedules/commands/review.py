"""`veille review`: claims that wait for a person, and what the person decides."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click

from schedules import printing
from schedules.cli import DONE, PARTLY
from schedules.session import Refused, shared_options, the_session

if TYPE_CHECKING:
    from pipelines.shapes import Json
    from pipelines.store import Store


@click.group("review", invoke_without_command=True)
@click.option("--json", "as_json", is_flag=True, help="JSON Lines: claim, article, quote.")
@shared_options
@click.pass_context
def review_command(ctx: click.Context, as_json: bool) -> int:
    """Claims held back because the reader was not sure enough.

    Verdicts are kept beside the claims and hold for every later version and reader.
    """
    if ctx.invoked_subcommand:
        return DONE
    with the_session(ctx).store() as store:
        claims = [_shape(row, store) for row in store.verdicts.waiting()]
    if as_json:
        printing.json_lines(claims)
        return DONE
    for claim in claims:
        click.echo(
            printing.plain(
                f"{claim['id']}  {', '.join(claim['payers']) or '?'} → {claim['payee']}, "
                f"{claim['kind']}, {claim['stage']}: {claim['amount_text']} "
                f"(confidence {claim['confidence']:.2f}, {claim['rule']})"
            )
        )
        click.echo(printing.plain(f"    « {claim['quote'] or 'quote gone'} »  {claim['url']}"))
        if claim["second_reader"]:
            click.echo(printing.plain(f"    second reader: {claim['second_reader']}"))
    if not claims:
        click.echo("nothing waits for review", err=True)
    return DONE


def _shape(row: Json, store: Store) -> Json:
    from pipelines.store.verdicts import key_of

    names = ("id", "kind", "payee", "stage", "certainty", "confidence", "rule", "amount_text")
    return {
        **{name: row[name] for name in names},
        "payers": json.loads(row["payers"]),
        "amount": [row["low"], row["high"]],
        "currency": row["currency"],
        "quote": row["quote"],
        "url": row["url"],
        "title": row["title"],
        "second_reader": store.second_readings.said(row["url"], key_of(row)),
    }


@review_command.command("accept")
@click.argument("claims", nargs=-1, required=True, type=int)
@shared_options
@click.pass_context
def accept_command(ctx: click.Context, claims: tuple[int, ...]) -> int:
    """Post CLAIMS; what they change is told as any other news."""
    from pipelines import review

    session = the_session(ctx)
    channels = [channel.name for channel in session.config.channels]
    with session.store(writing=True) as store:
        try:
            told = review.accept(store, claims, channels, session.now())
        except review.UnknownError as error:
            raise Refused(str(error)) from None
    click.echo(f"{len(claims)} accepted, {sum(made.alert for made in told)} changes to tell")
    return DONE


@review_command.command("reject")
@click.argument("claims", nargs=-1, required=True, type=int)
@shared_options
@click.pass_context
def reject_command(ctx: click.Context, claims: tuple[int, ...]) -> int:
    """Take CLAIMS out of the ledger; those who were told get a correction."""
    from pipelines import review

    session = the_session(ctx)
    channels = [channel.name for channel in session.config.channels]
    with session.store(writing=True) as store:
        try:
            corrected = review.reject(store, claims, channels, session.now())
        except review.UnknownError as error:
            raise Refused(str(error)) from None
    click.echo(f"{len(claims)} rejected, {len(corrected)} corrections to tell")
    return DONE


@review_command.command("merge")
@click.argument("into")
@click.argument("other")
@shared_options
@click.pass_context
def merge_command(ctx: click.Context, into: str, other: str) -> int:
    """Post the claims of the deal OTHER to the deal INTO; the old id stays an alias.

    For one payee's money of one kind: under other payers, or apart by amount and time, where the
    rules of the ledger see two deals. What was told stays told.
    """
    from pipelines import review

    session = the_session(ctx)
    with session.store(writing=True) as store:
        try:
            moved = review.merge(store, into, other, session.now())
        except (review.UnknownError, review.RefusedError) as error:
            raise Refused(str(error)) from None
    click.echo(f"{moved} claims moved")
    return DONE


@review_command.command("second")
@click.option("--limit", type=click.IntRange(min=1), help="At most this many questions.")
@shared_options
@click.pass_context
def second_command(ctx: click.Context, limit: int | None) -> int:
    """Ask the second reader about claims that wait (this is what the timetable runs).

    A model of your own choice, [second_reader] in veille.toml. What it agrees with is posted and
    told as any other news; everything else goes on waiting for a person.
    """
    from pipelines import second_reader
    from pipelines.config import SecretError
    from schedules import jobs, locks

    session = the_session(ctx)
    if session.config.second_reader is None:
        raise Refused("there is no second reader: [second_reader] in veille.toml names one")
    with (
        locks.asking(session.database),
        # by the timetable it may come before the first crawl: nothing is wrong then
        session.store(create=session.quiet, writing=True) as store,
        jobs.recorded(session, store, "second-reader") as run,
    ):
        try:
            done = second_reader.ask_about_waiting(
                store, session.config, session.outlets, session.now, limit
            )
        except SecretError as error:
            raise Refused(f"second_reader.api_key: {error}") from None
        run.counts = {"asked": done.asked, "released": done.released}
        run.code = PARTLY if done.failed else DONE
    told = f"{done.asked} asked, {done.released} released, {done.told} changes to tell"
    session.log(f"{told}; {done.stopped}" if done.stopped else told, level=0 if done.failed else 1)
    return run.code


@review_command.command("export")
@shared_options
@click.pass_context
def export_command(ctx: click.Context) -> int:
    """Print all verdicts as JSON Lines: quote, claim, verdict. Made to be test fixtures."""
    with the_session(ctx).store() as store:
        rows = store.verdicts.all()
    for row in rows:
        sentence, kind, payers, payee, amount, currency = json.loads(row["claim"])
        claim = {"kind": kind, "payers": payers, "payee": payee, "amount": amount}
        printing.json_lines(
            [
                {
                    "verdict": row["verdict"],
                    "who": row["who"],
                    "at": row["at"],
                    "url": row["url"],
                    "quote": row["quote"],
                    "sentence": sentence,
                    "claim": claim | {"currency": currency},
                    "reads_as": json.loads(row["reads_as"] or "null"),
                }
            ]
        )
    return DONE
