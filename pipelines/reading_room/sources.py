"""Credited sources: how often what they let leak came true, how soon, and how exactly."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from statistics import median

from pipelines.money import Amount
from pipelines.reading_room.asking import Ask, Gathered
from pipelines.records import Deal
from pipelines.shapes import Json
from pipelines.store import reporting
from pipelines.store.rooms import Connection

#: Seconds of a day.
DAY = 86400


@dataclass
class Record:
    """What became of the rumours of one source."""

    rumours: int = 0
    confirmed: int = 0
    denied: int = 0
    days: list[float] = field(default_factory=list)
    errors: list[float] = field(default_factory=list)  # shares of the confirmed amount


def gather(db: Connection, ask: Ask) -> Gathered:
    deals = {
        identity: deal for deal in ask.room.beliefs.all(db) for identity in (deal.id, *deal.aliases)
    }
    records = judged(reporting.rumours(db), reporting.confirmations(db), deals)
    lines: list[Json] = [
        {
            "source": source,
            "rumours": record.rumours,
            "confirmed_count": record.confirmed,
            "confirmed": record.confirmed / record.rumours,
            "denied_count": record.denied,
            "denied": record.denied / record.rumours,
            "days": median(record.days) if record.days else None,
            "error": median(record.errors) if record.errors else None,
        }
        for source, record in records.items()
    ]
    lines.sort(key=lambda line: (-line["rumours"], line["source"]))
    return Gathered({"sources": lines}, lines)


def judged(
    rumours: list[Json], confirmations: dict[str, str], deals: dict[str, Deal]
) -> dict[str, Record]:
    """Source → its record. The first rumour of a source about a deal counts, oldest first given."""
    records: dict[str, Record] = {}
    counted: set[tuple[str, str]] = set()
    for rumour in rumours:
        deal = deals.get(rumour["deal"])
        if deal is None:
            continue
        for source in rumour["sources"]:
            if (source, deal.id) in counted:
                continue
            counted.add((source, deal.id))
            record = records.setdefault(source, Record())
            record.rumours += 1
            _weigh(record, rumour, deal, confirmations)
    return records


def _weigh(record: Record, rumour: Json, deal: Deal, confirmations: dict[str, str]) -> None:
    match deal.figure.certainty:
        case "denied":
            record.denied += 1
        case "confirmed":
            record.confirmed += 1
            if rumour["currency"] == deal.figure.currency:
                said = Amount(rumour["low"], rumour["high"], rumour["currency"]).top
                came = Amount(*deal.figure.amount, deal.figure.currency).top
                record.errors.append(abs(said - came) / came)
            at = next(
                (confirmations[i] for i in (deal.id, *deal.aliases) if i in confirmations), None
            )
            if at is not None:
                waited = datetime.fromisoformat(at) - datetime.fromisoformat(rumour["at"])
                record.days.append(max(waited.total_seconds(), 0) / DAY)
        case "rumoured":
            pass
