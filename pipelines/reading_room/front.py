"""The front page: what changed, the newest first; contradictions; what waits; how it is."""

from __future__ import annotations

import re
from itertools import groupby

from pipelines.reading_room.asking import Ask, Gathered
from pipelines.shapes import Json, deal_to_json
from pipelines.store import rooms
from pipelines.store.rooms import Connection

#: Changes on one page.
PAGE = 40
FILTERS = ("company", "kind", "change", "outlet", "since", "until")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


def gather(db: Connection, ask: Ask) -> Gathered:
    chosen = {name: ask.choices[name] for name in FILTERS if ask.choices.get(name)}
    for name in ("since", "until"):
        if name in chosen and not _DATE.fullmatch(chosen[name]):
            del chosen[name]
    silent = ask.choices.get("silent") == "1"
    wanted = {**chosen, "silent": silent, "before": ask.number("before")}
    lines = rooms.changes(db, wanted, PAGE + 1)
    older = lines[PAGE - 1]["id"] if len(lines) > PAGE else None
    lines = [line | {"quote": ask.quote(line["quote"])} for line in lines[:PAGE]]
    deals = ask.room.beliefs.all(db)
    contested = [deal for deal in deals if deal.figure.contested]
    facts: Json = {
        "changes": lines,
        "chosen": {**chosen, **({"silent": "1"} if silent else {})},
        "choices": rooms.choices(db),
        "older": older,
        "deals": len(deals),
        "contested": [deal_to_json(deal) for deal in contested],
        "health": rooms.health(db),
    }
    return Gathered(facts, [flat(line) for line in lines])


def by_article(lines: list[Json]) -> list[list[Json]]:
    """Neighbouring changes of one article make one card."""
    return [list(group) for _, group in groupby(lines, key=lambda line: line["article"])]


def flat(line: Json) -> Json:
    """A change as a line of a sheet."""
    before, after = line["before"] or {}, line["after"] or {}
    return {
        "id": line["id"],
        "published": line["published"],
        "change": line["change"],
        "kind": line["kind"],
        "payers": ", ".join(line["payers"]),
        "payee": line["payee"],
        "before_low": before.get("amount", (None, None))[0],
        "before_high": before.get("amount", (None, None))[1],
        "low": after.get("amount", (None, None))[0],
        "high": after.get("amount", (None, None))[1],
        "currency": after.get("currency"),
        "qualifier": after.get("qualifier"),
        "certainty": after.get("certainty"),
        "stage": after.get("stage"),
        "deal": line["deal"],
        "outlet": line["outlet"],
        "title": line["title"],
        "url": line["url"],
        "quote": line["quote"],
        "sources": ", ".join(line["sources"]),
        "recorded": line["recorded"],
    }
