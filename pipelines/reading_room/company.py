"""A company: who pays it, whom it pays, and which money comes back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from pipelines.reading_room import chart
from pipelines.reading_room.asking import Ask, Gathered
from pipelines.reading_room.chart import Point
from pipelines.reading_room.deal import amounts, flat
from pipelines.reading_room.display import Display
from pipelines.reading_room.graph import Flow, both
from pipelines.records import Deal
from pipelines.shapes import Json, deal_to_json
from pipelines.store import rooms
from pipelines.store.rooms import Connection

#: Kinds in which money goes from the payers to the payee.
FLOWS = ("investment", "commitment", "debt")
#: Companies that a loop may pass, the asked one included: longer ones say nothing any more.
LONGEST_LOOP = 4
#: Loops that are listed.
LOOPS = 20


def gather(db: Connection, ask: Ask) -> Gathered | None:
    """None when nobody of that name pays or is paid."""
    deals = ask.room.beliefs.all(db)
    own = [deal for deal in deals if ask.key == deal.payee or ask.key in deal.payers]
    if not own:
        return None
    money_in = [d for d in own if d.payee == ask.key and d.kind in FLOWS]
    money_out = [d for d in own if ask.key in d.payers]
    rest = [d for d in own if d.payee == ask.key and d.kind not in FLOWS]
    loops = circles(ask.key, deals)
    facts: Json = {
        "company": ask.key,
        "money_in": [deal_to_json(deal) for deal in money_in],
        "money_out": [deal_to_json(deal) for deal in money_out],
        "own": [deal_to_json(deal) for deal in rest],
        "loops": [
            [
                {"payer": payer, "payee": payee, "deals": [deal_to_json(d) for d in between]}
                for payer, payee, between in loop
            ]
            for loop in loops
        ],
    }
    display = Display(ask.language, ask.room.zone)
    title = display.t("graph_of", ask.key)
    drawings = {
        "graph": both(ask.key, _flows(ask.key, deals, loops, display), title),
        "timeline": _timeline(db, rest, display),
    }
    return Gathered(facts, [flat(deal_to_json(deal)) for deal in own], drawings)


def listing(db: Connection, ask: Ask) -> Gathered:
    """Every company that pays or is paid."""
    counts: dict[str, Json] = {}
    for deal in ask.room.beliefs.all(db):
        for name, column in ((deal.payee, "paid"), *((payer, "pays") for payer in deal.payers)):
            line = counts.setdefault(name, {"company": name, "paid": 0, "pays": 0})
            line[column] += 1
    lines = sorted(counts.values(), key=lambda one: (-one["paid"] - one["pays"], one["company"]))
    return Gathered({"companies": lines}, lines)


Step = tuple[str, str, tuple[Deal, ...]]  # payer, payee, the deals between them


def flows(deals: Iterable[Deal]) -> dict[str, dict[str, tuple[Deal, ...]]]:
    """payer → payee → deals in which money goes from one to the other; denied ones do not."""
    found: dict[str, dict[str, tuple[Deal, ...]]] = defaultdict(dict)
    for deal in deals:
        if deal.kind not in FLOWS or deal.figure.certainty == "denied":
            continue
        for payer in deal.payers:
            found[payer][deal.payee] = (*found[payer].get(deal.payee, ()), deal)
    return found


def circles(company: str, deals: Iterable[Deal]) -> list[tuple[Step, ...]]:
    """Ways on which money that the company gets comes from one to whom its own money goes.

    The shortest first; each begins with the payment to the company.
    """
    graph = flows(deals)
    found: list[tuple[Step, ...]] = []
    ways: list[tuple[str, ...]] = [(company,)]
    while ways and len(found) < LOOPS:
        way = ways.pop(0)
        for payee in sorted(graph.get(way[-1], ())):
            if payee == company and len(way) > 1:
                steps = [(a, b, graph[a][b]) for a, b in zip(way, (*way[1:], company), strict=True)]
                found.append((steps[-1], *steps[:-1]))
            elif payee not in way and len(way) < LONGEST_LOOP:
                ways.append((*way, payee))
    return found


def _timeline(db: Connection, deals: Iterable[Deal], display: Display) -> str:
    """Its valuations from deal to deal; nothing where there are no two in one currency.

    What an article only recalls is a mark beside the line: nobody said when it was.
    """
    valuations = [d for d in deals if d.kind == "valuation" and d.figure.certainty != "denied"]
    valuations.sort(key=lambda deal: deal.first)
    if not valuations:
        return ""
    currency = valuations[-1].figure.currency
    dated = rooms.dated_deals(db, [i for deal in valuations for i in (deal.id, *deal.aliases)])
    points = []
    for deal in valuations:
        if deal.figure.currency != currency:
            continue
        shape = deal_to_json(deal)
        words = (display.day(shape["first"]), display.amount(shape), display.status(shape))
        points.append(
            Point(
                at=deal.first,
                amounts=amounts(shape),
                certainty=deal.figure.certainty,
                told=not dated.isdisjoint((deal.id, *deal.aliases)),
                href=display.address("deal", deal.id),
                words=", ".join(words),
            )
        )
    title = display.t("valuations")
    return chart.both(points, display.language, title) if len(points) > 1 else ""


def _flows(
    company: str, deals: Iterable[Deal], loops: list[tuple[Step, ...]], display: Display
) -> list[Flow]:
    """What the drawing shows: the company's own payments, those in a loop marked."""
    circular = {(payer, payee) for loop in loops for payer, payee, _ in loop}
    drawn = []
    for payer, paid in flows(deals).items():
        for payee, between in paid.items():
            if company not in (payer, payee):
                continue
            largest = max(between, key=lambda deal: max(b or 0 for b in deal.figure.amount))
            amount = display.amount(deal_to_json(largest))
            joint = f" {display.t('jointly', len(largest.payers))}" if largest.payers[1:] else ""
            rest = len(between) - 1
            more = f", {display.counted('one_more', 'n_more', rest)}" if rest else ""
            drawn.append(
                Flow(
                    payer=payer,
                    payee=payee,
                    label=f"{amount}{joint}{more}",
                    # a share of a joint sum: nine banks of one credit must not fill the drawing
                    weight=max(b or 0 for b in largest.figure.amount) // len(largest.payers),
                    href=display.address("deal", largest.id),
                    circular=(payer, payee) in circular,
                )
            )
    return drawn
