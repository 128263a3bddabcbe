"""`veille changes` and `veille deals`: what changed, and what is believed."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from schedules import chronology, forms, printing
from schedules.cli import DONE
from schedules.session import MOMENT, Refused, Session, shared_options, the_session

if TYPE_CHECKING:
    from pipelines.records import Deal
    from pipelines.shapes import Json
    from pipelines.store import Store

CHANGE_COLUMNS = (
    "id published seen recorded change also corrects alert deal kind payers payee before after "
    "url outlet title quote sources corroborations article claims basis rule"
).split()
DEAL_COLUMNS = (
    "id aliases kind payers payee amount currency qualifier certainty stage first last "
    "superseded parts corroborations"
).split()


LANGUAGE = click.option(
    "--lang", type=click.Choice(("fr", "en")), help="Language of words and amounts."
)


@click.command("changes")
@click.option("--since", type=MOMENT, help="Recorded at this time or later.")
@click.option("--as-of", type=MOMENT, help="What we knew at this time.")
@click.option("--deal", help="One deal, by its id or a former one.")
@click.option("--all", "silent", is_flag=True, help="The silent outcomes too.")
@forms.form("json", "JSON Lines, the shape of the contract.")
@forms.form("csv", "Comma-separated values.")
@forms.form("markdown", "A chronology with footnotes.")
@forms.form("atom", "An Atom feed.")
@LANGUAGE
@shared_options
@click.pass_context
def changes_command(
    ctx: click.Context,
    since: datetime | None,
    as_of: datetime | None,
    deal: str | None,
    silent: bool,
    lang: str | None,
) -> int:
    """What changed, in order of recording, then of publication."""
    session, style = the_session(ctx), forms.chosen(ctx)
    language = lang or session.config.language
    from pipelines.shapes import when

    with session.store() as store:
        deals = _ids(store, deal) if deal else None
        lines = store.ledger.changes(since=since, as_of=as_of, deals=deals, silent=silent)
        if style == "json":
            printing.json_lines(lines)
        elif style == "csv":
            printing.comma_separated(lines, CHANGE_COLUMNS)
        elif style == "atom":
            click.echo(chronology.in_atom(lines, language, when(session.now())))
        elif style == "markdown":
            for text in chronology.in_markdown(lines, language):
                click.echo(text)
        else:
            said = False
            for text in chronology.in_text(lines, language):
                click.echo(text)
                said = True
            if not said:
                all_of_it = store.ledger.changes(since=since, as_of=as_of, deals=deals, silent=True)
                click.echo(_why_none(store, sum(1 for _ in all_of_it)), err=True)
    return DONE


def _why_none(store: Store, silent: int) -> str:
    """Nothing is no answer: what there is instead, and what to type."""
    if store.ledger.newest_recorded() is None:
        return "no article was taken yet: `veille crawl` or `veille import` does that"
    if silent:
        return (
            f"no change that alerts; {silent} silent outcomes (background, repetitions): "
            "`veille changes --all`; what is believed: `veille deals`"
        )
    return "no change there; `veille changes --all` has the silent outcomes of all times"


def _ids(store: Store, deal: str) -> list[str]:
    """All ids that a deal has had: outcomes keep the one of their time."""
    from pipelines import change

    outcomes = [told for *_, told in store.ledger.told()]
    for found in change.fold(store.ledger.postings(), outcomes):
        if deal == found.id or deal in found.aliases:
            return [found.id, *found.aliases]
    raise click.UsageError(f"there is no deal {deal}; `veille deals` lists them")


@click.command("deals")
@click.argument("deal", required=False)
@click.option("--as-of", type=MOMENT, help="What we believed at this time.")
@forms.form("json", "JSON Lines, the shape of the contract.")
@forms.form("csv", "Comma-separated values.")
@click.option(
    "--html",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Write DEAL as one page to send to somebody.",
)
@LANGUAGE
@shared_options
@click.pass_context
def deals_command(
    ctx: click.Context,
    deal: str | None,
    as_of: datetime | None,
    html: Path | None,
    lang: str | None,
) -> int:
    """What is believed now, deal by deal; with DEAL, that one (its id or a former one)."""
    from pipelines import change
    from pipelines.shapes import deal_to_json

    session, style = the_session(ctx), forms.chosen(ctx)
    language = lang or session.config.language
    if html and not deal:
        raise click.UsageError("--html takes one deal: veille deals ID --html FILE")
    with session.store() as store:
        outcomes = [told for *_, told in store.ledger.told(as_of=as_of)]
        found = change.fold(store.ledger.postings(as_of=as_of), outcomes)
    chosen = [d for d in found if deal is None or deal == d.id or deal in d.aliases]
    if deal and not chosen:
        raise click.UsageError(f"there is no deal {deal}; `veille deals` lists them")
    if html:
        _write_page(html, chosen[0], session, language, as_of)
        return DONE
    lines = [deal_to_json(one) for one in chosen]
    if style == "json":
        printing.json_lines(lines)
    elif style == "csv":
        printing.comma_separated(lines, DEAL_COLUMNS)
    else:
        rows = (_deal_row(line, language) for line in lines)
        printing.table(rows, ("id", "who", "kind", "figure", "since", "last"))
    return DONE


def _write_page(
    target: Path, deal: Deal, session: Session, language: str, as_of: datetime | None
) -> None:
    from pipelines.reading_room.settings import settings_from
    from pipelines.reading_room.standalone import page

    room = settings_from(session.config, session.outlets, public=False)
    with session.store() as store:
        written = page(
            store.db.conn, deal, room, language=language, made=session.now(), as_of=as_of
        )
    try:
        target.write_text(written, "utf-8")
    except OSError as error:
        raise Refused(f"{target}: {error.strerror or error}") from None
    session.log(f"{target} written")


def _deal_row(line: Json, language: str) -> tuple[str, ...]:
    return (
        line["id"],
        chronology.flow(line),
        chronology.word(chronology.KINDS, line["kind"], language),
        chronology.figure(line, language),
        line["first"][:10],
        line["last"][:10],
    )
