"""`veille verify` and `veille explain`: does everything stand, and why was this told."""

from __future__ import annotations

import json
from collections.abc import Sequence
from itertools import takewhile
from typing import TYPE_CHECKING, Any

import click

from schedules import chronology, printing
from schedules.cli import DONE, FAILED_CHECK
from schedules.session import Refused, shared_options, the_session

if TYPE_CHECKING:
    from pipelines.shapes import Json
    from pipelines.store import Store


#: Verdicts of a review as a sentence says them.
DECIDED = {"accept": "accepted", "reject": "rejected", "merge": "merged"}

#: What is shown of each outcome of a deal beside the one that is explained.
DEAL_KEYS = ("id", "published", "change", "alert", "after", "outlet", "rule")


@click.command("verify")
@shared_options
@click.pass_context
def verify_command(ctx: click.Context) -> int:
    """Check that every quote stands at its offsets and that every row has what it rests on."""
    from pipelines.store.checking import Quotes

    quotes, faults = Quotes(), 0
    with the_session(ctx).store() as store:
        for fault in store.checking.faults(quotes):
            faults += 1
            click.echo(printing.plain(f"{fault.place}: {fault.message} [{fault.code}]"))
    click.echo(
        f"quotes: {quotes.ok} stand, {quotes.gone} text gone, {quotes.none} without offsets; "
        f"faults: {faults}"
    )
    return FAILED_CHECK if faults else DONE


@click.command("explain")
@click.argument("identity", metavar="ID")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@shared_options
@click.pass_context
def explain_command(ctx: click.Context, identity: str, as_json: bool) -> int:
    """Why a change was or was not told. ID: a change (12), claim:7 or alert:3."""
    session = the_session(ctx)
    with session.store() as store:
        shapes = [_explained(store, change) for change in _changes(store, identity)]
    if as_json:
        printing.json_lines(shapes)
    else:
        for shape in shapes:
            _print(shape, session.config.language)
    return DONE


def _changes(store: Store, identity: str) -> list[int]:
    """The changes behind an id, and a refusal that says what ids look like."""
    noun, _, number = identity.removeprefix("#").rpartition(":")
    if not number.isdecimal() or noun not in ("", "change", "claim", "alert"):
        raise click.UsageError(f"{identity!r} is no id: write 12 for a change, claim:7 or alert:3")
    if noun == "claim":
        change = store.checking.change_of_claim(int(number))
        found = [] if change is None else [change]
    elif noun == "alert":
        found = store.checking.changes_of_alert(int(number))
    else:
        found = [line["id"] for line in store.ledger.changes(ids=[int(number)], silent=True)]
    if not found:
        raise Refused(f"there is no {noun or 'change'} {number} with a change to explain")
    return found


def _explained(store: Store, change: int) -> Json:
    from pipelines.store.verdicts import key_of

    (line,) = store.ledger.changes(ids=[change], silent=True)
    article = store.checking.article(line["article"]) if line["article"] is not None else None
    claims = store.checking.claims(line["article"]) if article else []
    decided = store.verdicts.latest(article["url"]) if article else {}
    for claim in claims:
        claim["decided"] = decided.get(key_of(claim))
    history = list(store.ledger.changes(deals=[line["deal"]], silent=True))
    alerts = store.checking.alerts(change)
    for alert in alerts:
        alert["deliveries"] = json.loads(alert["deliveries"])
    return {
        "change": line,
        "article": article,
        "claims": [claim for claim in claims if claim["position"] in line["claims"]],
        "prior": _prior(line, history),
        "deal": [{key: other[key] for key in DEAL_KEYS} for other in history],
        "alerts": alerts,
    }


def _prior(line: Json, history: Sequence[Json]) -> Json | None:
    """The outcome that last gave the figure from which this one starts; None: from none."""
    if line["before"] is None:
        return None
    earlier = takewhile(lambda other: other["id"] != line["id"], history)
    gave = [other for other in earlier if _figure(other["after"]) == _figure(line["before"])]
    return gave[-1] if gave else None


def _figure(shape: Json | None) -> tuple[Any, ...] | None:
    """What makes two figures one; a status may have moved between them."""
    if shape is None:
        return None
    return tuple(shape.get(key) for key in ("amount", "currency", "contested"))


def _print(shape: Json, language: str) -> None:
    line, article, prior = shape["change"], shape["article"], shape["prior"]
    told = "told" if line["alert"] else "silent"
    out = [f"change {line['id']}: {line['change']} ({told}), deal {line['deal']}"]
    out.append(f"  {chronology.sentence(line, language)}")
    out.append(f"  rule of the ledger: {line['rule']} (docs/rules.md)")
    if article:
        out.append(f"  article {article['id']}: {article['title']}  {article['url']}")
        out.append(
            f"    {article['outlet']}, {article['basis']}, {article['sameness']}, voice "
            f"{article['voice']}; published {article['published']} (by {article['dated_by']}), "
            f"seen {article['seen']}, recorded {article['recorded']}"
        )
    for claim in shape["claims"]:
        background = ", background" if claim["background"] else ""
        out.append(
            f"  claim {claim['id']}: {claim['kind']}, {claim['stage']}, {claim['certainty']}"
            f"{background}, confidence {claim['confidence']:.2f}, read by {claim['rule']}"
        )
        out.append(f"    « {claim['quote'] or 'quote gone'} »")
        if decided := claim["decided"]:
            out.append(f"    {DECIDED[decided['verdict']]} by {decided['who']}, {decided['at']}")
    if prior:
        out.append(
            f"  the figure before: change {prior['id']} of {prior['published'][:10]}, "
            f"{prior['outlet']}  {prior['url']}"
        )
        out.append(f"    « {prior['quote'] or 'quote gone'} »")
    out.append("  the deal so far:")
    out += [
        f"    {one['published'][:16]}  {one['change']}  "
        f"{chronology.figure(one['after'], language)}  {one['outlet']}  ({one['rule']})"
        for one in shape["deal"]
    ]
    if not shape["alerts"]:
        out.append("  no message: " + ("no channel took it" if line["alert"] else "it is silent"))
    for alert in shape["alerts"]:
        out.append(
            f"  message {alert['id']}: {alert['channel']}, {alert['mode']}, {alert['state']}"
            f"{': ' if alert['reason'] else ''}{alert['reason']}"
        )
        out += [
            f"    {sent['attempted']}  {sent['state']}: {sent['answer']}"
            for sent in alert["deliveries"]
        ]
    for text in out:
        click.echo(printing.plain(text).rstrip())
