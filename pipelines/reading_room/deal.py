"""A deal: what is believed, how its amount moved, each sentence that says so, who said it first."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from pipelines.money import Amount
from pipelines.reading_room.asking import Ask, Gathered
from pipelines.reading_room.chart import Point, both
from pipelines.reading_room.display import Display
from pipelines.records import Deal
from pipelines.shapes import Json, amount_from_json, deal_to_json
from pipelines.store import rooms
from pipelines.store.rooms import Connection

#: Quotes of one article that are shown to others at most.
QUOTES = 3

#: Where a reader finds the sentence of a change: its row, its first claim or None.
Where = Callable[[Json, Json | None], str]


def gather(db: Connection, ask: Ask) -> Gathered | None:
    """None when there is no such deal."""
    deal = ask.room.beliefs.find(db, ask.key)
    return None if deal is None else told(db, ask, deal, in_room)


def listing(db: Connection, ask: Ask) -> Gathered:
    """All deals, the one last heard of first."""
    deals = [deal_to_json(deal) for deal in ask.room.beliefs.all(db)]
    return Gathered({"deals": deals}, [flat(deal) for deal in deals])


def told(
    db: Connection, ask: Ask, deal: Deal, where: Where, as_of: datetime | None = None
) -> Gathered:
    """The story of one deal; `where` says to what the marks of its drawing lead."""
    outcomes, omitted = rooms.deal_changes(db, (deal.id, *deal.aliases), as_of)
    rows = [_row(ask, outcome, claim) for outcome in outcomes for claim in outcome["claims"]]
    if where is not in_room or ask.room.public:
        _spare(rows)
    first = next((row for row in rows if not row["background"]), rows[0] if rows else None)
    outlets: dict[str, Json] = {}
    for row in rows:
        outlets.setdefault(row["outlet"], row)
    facts: Json = {
        "deal": deal_to_json(deal),
        "claims": rows,
        "omitted": omitted,
        "first": first,
        "outlets": list(outlets.values()),
        "background": bool(rows) and all(row["background"] for row in rows),
    }
    display = Display(ask.language, ask.room.zone)
    title = f"{display.t('over_time')}: {display.flow(facts['deal'])}"
    points = _points(outcomes, deal, display, where)
    return Gathered(facts, rows, {"chart": both(points, ask.language, title)})


def in_room(outcome: Json, claim: Json | None) -> str:
    """The sentence in its place in the article."""
    place = f"#claim-{claim['position']}" if claim else ""
    return f"/article/{outcome['article']}{place}"


def _row(ask: Ask, outcome: Json, claim: Json) -> Json:
    return {
        "at": outcome["at"],
        "outlet": outcome["outlet"],
        "title": outcome["title"],
        "low": claim["low"],
        "high": claim["high"],
        "currency": claim["currency"],
        "qualifier": claim["qualifier"],
        "certainty": claim["certainty"],
        "stage": claim["stage"],
        "payers": claim["payers"],
        "sources": claim["sources"],
        "background": bool(claim["background"]),
        "change": outcome["label"],
        "told": bool(outcome["alert"]),
        "quote": ask.quote(claim["quote"]),
        "article": outcome["article"],
        "position": claim["position"],
        "url": outcome["canonical_url"],
        "basis": outcome["basis"],
    }


def _spare(rows: list[Json]) -> None:
    """Of one article no more quotes than may be sent or shown to others."""
    shown: dict[int, set[str]] = {}
    for row in rows:
        quotes = shown.setdefault(row["article"], set())
        if row["quote"] is not None and row["quote"] not in quotes and len(quotes) == QUOTES:
            row["quote"] = None
        elif row["quote"] is not None:
            quotes.add(row["quote"])


def _points(outcomes: list[Json], deal: Deal, display: Display, where: Where) -> list[Point]:
    points = []
    for outcome in outcomes:
        after = outcome["after"]
        if after is None or outcome["at"] is None or after["currency"] != deal.figure.currency:
            continue
        words = ", ".join(
            (
                display.day(outcome["at"]),
                display.clean(outcome["outlet"]),
                display.t(f"label:{outcome['label']}"),
                display.amount(after),
                display.status(after),
            )
        )
        claim = outcome["claims"][0] if outcome["claims"] else None
        points.append(
            Point(
                at=datetime.fromisoformat(outcome["at"]),
                amounts=amounts(after),
                certainty=after["certainty"],
                told=bool(outcome["alert"]),
                href=where(outcome, claim),
                words=words,
            )
        )
    return points


def amounts(figure: Json) -> tuple[Amount, ...]:
    """The one amount of a figure, or the sides of a contest."""
    if not figure.get("contested"):
        return (amount_from_json(figure),)
    sides = []
    for side in figure["contested"]:
        low, high = side["amount"]
        if low is None:
            sides.append(Amount(None, high, figure["currency"], "up_to"))
        elif high is None:
            sides.append(Amount(low, None, figure["currency"], "more_than"))
        else:
            qualifier = "exact" if low == high else "between"
            sides.append(Amount(low, high, figure["currency"], qualifier))  # type: ignore[arg-type]
    return tuple(sides)


def flat(deal: Json) -> Json:
    """A deal as a line of a sheet."""
    return {
        "id": deal["id"],
        "kind": deal["kind"],
        "payers": ", ".join(deal["payers"]),
        "payee": deal["payee"],
        "low": deal["amount"][0],
        "high": deal["amount"][1],
        "currency": deal["currency"],
        "qualifier": deal["qualifier"],
        "certainty": deal["certainty"],
        "stage": deal["stage"],
        "first": deal["first"],
        "last": deal["last"],
        "outlets": deal["corroborations"]["outlets"],
        "independent": deal["corroborations"]["independent"],
        "origins": ", ".join(deal["corroborations"]["origins"]),
    }
