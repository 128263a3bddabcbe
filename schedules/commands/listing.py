"""`veille changes` and `veille deals`: what changed, and what is believed."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

import click

from schedules import printing
from schedules.cli import DONE
from schedules.session import MOMENT, shared_options, the_session

if TYPE_CHECKING:
    from pipelines.shapes import Json

CHANGE_COLUMNS = (
    "id published seen recorded change also corrects alert deal kind payers payee before after "
    "url outlet title quote sources corroborations article claims basis rule"
).split()
DEAL_COLUMNS = (
    "id aliases kind payers payee amount currency qualifier certainty stage first last "
    "superseded parts corroborations"
).split()


@click.command("changes")
@click.option("--since", type=MOMENT, help="Recorded at this time or later.")
@click.option("--as-of", type=MOMENT, help="What we knew at this time.")
@click.option("--deal", help="One deal, by its id or a former one.")
@click.option("--all", "silent", is_flag=True, help="The silent outcomes too.")
@click.option("--json", "style", flag_value="json", help="JSON Lines, the shape of the contract.")
@click.option("--csv", "style", flag_value="csv", help="Comma-separated values.")
@shared_options
@click.pass_context
def changes_command(
    ctx: click.Context,
    since: datetime | None,
    as_of: datetime | None,
    deal: str | None,
    silent: bool,
    style: str | None,
) -> int:
    """What changed, in order of recording, then of publication."""
    with the_session(ctx).store() as store:
        deals = [deal] if deal else None
        lines = store.ledger.changes(since=since, as_of=as_of, deals=deals, silent=silent)
        if style == "json":
            printing.json_lines(lines)
        elif style == "csv":
            printing.comma_separated(lines, CHANGE_COLUMNS)
        else:
            for line in lines:
                _print_change(line)
    return DONE


def _print_change(line: Json) -> None:
    """One change on three lines: what, whose words, where."""
    also = f" (+ {', '.join(line['also'])})" if line["also"] else ""
    before = f"{_figure(line['before'])} → " if line["before"] else ""
    flow = f"{', '.join(line['payers']) or '?'} → {line['payee']}"
    if line["kind"] in ("round", "valuation"):
        flow = line["payee"]
    click.echo(
        printing.plain(
            f"{line['published'][:10]}  {line['change']}{also}  {flow}, {line['kind']}: "
            f"{before}{_figure(line['after'])}"
        )
    )
    if line["quote"]:
        click.echo(printing.plain(f"            « {line['quote']} »"))
    sources = f", d’après {', '.join(line['sources'])}" if line["sources"] else ""
    click.echo(printing.plain(f"            {line['outlet']}{sources}  {line['url']}"))


def _figure(shape: Json | None) -> str:
    from pipelines.money import show
    from pipelines.shapes import amount_from_json

    if shape is None:
        return ""
    if shape.get("contested"):
        sides = [_one(side["amount"], shape["currency"]) for side in shape["contested"]]
        return f"{' ou '.join(sides)} ({shape['stage']}, contesté)"
    return f"{show(amount_from_json(shape))} ({shape['stage']})"


def _one(amount: list[int | None], currency: str) -> str:
    from pipelines.money import Amount, show

    low, high = amount
    qualifier = "up_to" if low is None else "more_than" if high is None else "exact"
    if qualifier == "exact" and low != high:
        return show(Amount(low, high, currency, "between"))
    return show(Amount(low, high, currency, qualifier))  # type: ignore[arg-type]


@click.command("deals")
@click.argument("deal", required=False)
@click.option("--as-of", type=MOMENT, help="What we believed at this time.")
@click.option("--json", "style", flag_value="json", help="JSON Lines, the shape of the contract.")
@click.option("--csv", "style", flag_value="csv", help="Comma-separated values.")
@shared_options
@click.pass_context
def deals_command(
    ctx: click.Context, deal: str | None, as_of: datetime | None, style: str | None
) -> int:
    """What is believed now, deal by deal; with DEAL, that one (its id or a former one)."""
    from pipelines import change
    from pipelines.shapes import deal_to_json

    with the_session(ctx).store() as store:
        found = change.fold(store.ledger.postings(as_of=as_of))
    chosen = [d for d in found if deal is None or deal == d.id or deal in d.aliases]
    if deal and not chosen:
        raise click.UsageError(f"there is no deal {deal}; `veille deals` lists them")
    lines = [deal_to_json(one) for one in chosen]
    if style == "json":
        printing.json_lines(lines)
    elif style == "csv":
        printing.comma_separated(lines, DEAL_COLUMNS)
    else:
        printing.table(map(_deal_row, lines), ("id", "who", "kind", "figure", "since", "last"))
    return DONE


def _deal_row(line: dict[str, Any]) -> tuple[str, ...]:
    who = f"{', '.join(line['payers'])} → {line['payee']}" if line["payers"] else line["payee"]
    return (
        line["id"],
        who,
        line["kind"],
        _figure(line),
        line["first"][:10],
        line["last"][:10],
    )
