"""An account as lines of JSON and back: a store keeps it, a post need not fold from the start.

    base = load(text)                       the account as it stood some days ago
    fits(posting, history, base)            whether the posting comes after all that it holds
    post(posting, history, told, base=...)  folds only what came after it
    advance(base, history, until)           moves it on; save(account) gives the text to keep

A base is a convenience: thrown away, the next post folds everything and gives the same.

The first line says how far the account goes, each other one is a deal. Most deals of a payee are
the same from one post to the next: a line that was read before is not read again.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any

from pipelines.change.account import Account, Credit, Family, Instance, Recalled, Standing
from pipelines.change.chronology import last, turns
from pipelines.money import Amount
from pipelines.records import Figure, Posting

#: Form of the text; one that bears another number is not read but folded anew.
FORM = 5
#: Deals kept as they were read; all of a watch's companies have some hundreds. 10 kB each at most.
DEALS_READ = 2_048

Json = dict[str, Any]


def fits(posting: Posting, history: Sequence[Posting], base: Account) -> bool:
    """Whether `post` may start from `base`; `history` holds the other versions of the URL."""
    through = base.through
    if through is None:
        return True
    same = [p for p in history if p.url == posting.url and p.article != posting.article]
    before, after = ([t for t in turns(v) if t.place <= through] for v in (same, [*same, posting]))
    return before == after


def advance(base: Account, history: Sequence[Posting], until: datetime) -> Account:
    """The account with all postings up to `until` folded in.

    `history` holds those of the payee after the base, and earlier versions of their URLs.
    """
    start = base.through
    ordered = [t for t in turns(history) if t.posting.at <= until]
    return last(base, [t for t in ordered if start is None or t.place > start])


def save(account: Account) -> str:
    through = account.through and [_time(account.through[0]), account.through[1]]
    head = {"form": FORM, "payee": account.payee, "through": through}
    deals = (_instance(i) for family in account.families.values() for i in family)
    lines = (json.dumps(x, ensure_ascii=False, separators=(",", ":")) for x in (head, *deals))
    return "\n".join(lines)


def load(text: str) -> Account | None:
    """The account; None for a text of another form: it has to be folded anew."""
    first, *deals = text.split("\n")
    head = json.loads(first)
    if head.get("form") != FORM:
        return None
    families: dict[Family, tuple[Instance, ...]] = {}
    for deal in deals:
        instance = _to_instance(deal)
        families[instance.family] = (*families.get(instance.family, ()), instance)
    through = head["through"] and (_moment(head["through"][0]), head["through"][1])
    return Account(head["payee"], families, through)


def _time(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat()


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _maybe_time(moment: datetime | None) -> str | None:
    return None if moment is None else _time(moment)


def _maybe_moment(text: str | None) -> datetime | None:
    return None if text is None else _moment(text)


def _amount(amount: Amount | None) -> list[Any] | None:
    if amount is None:
        return None
    return [amount.low, amount.high, amount.currency, amount.qualifier]


def _to_amount(row: list[Any]) -> Amount:
    return Amount(*row)


def _standing(s: Standing) -> Json:
    row: Json = {
        "amount": _amount(s.amount),
        "status": [s.certainty, s.stage],
        "times": [_time(s.first), _time(s.last), *map(_maybe_time, (s.confirmed, s.completed))],
        "voices": s.voices,
        "outlets": s.outlets,
    }
    if s.credits:
        row["credits"] = [[c.source, _time(c.last)] for c in s.credits]
    if s.pre:
        row["pre"] = _amount(s.pre)
    if s.pre_only:
        row["pre_only"] = True
    if s.recalled:
        row["recalled"] = s.recalled
    return row


def _to_standing(row: Json) -> Standing:
    first, heard, confirmed, completed = row["times"]
    certainty, stage = row["status"]
    return Standing(
        _to_amount(row["amount"]),
        certainty,
        stage,
        _moment(first),
        _moment(heard),
        credits=tuple(Credit(s, _moment(t)) for s, t in row.get("credits", ())),
        voices=tuple(row["voices"]),
        outlets=tuple(row["outlets"]),
        confirmed=_maybe_moment(confirmed),
        completed=_maybe_moment(completed),
        pre=_to_amount(row["pre"]) if "pre" in row else None,
        pre_only=row.get("pre_only", False),
        recalled=tuple(Recalled(*r) for r in row.get("recalled", ())),
    )


def _figure(f: Figure | None) -> list[Any] | None:
    if f is None:
        return None
    return [f.amount, f.currency, f.qualifier, f.certainty, f.stage, f.contested, f.pre_money]


def _to_figure(row: list[Any] | None) -> Figure | None:
    if row is None:
        return None
    amount, currency, qualifier, certainty, stage, contested, pre = row
    sides = tuple((_bounds(a), tuple(sources)) for a, sources in contested)
    before = None if pre is None else _bounds(pre)
    return Figure(_bounds(amount), currency, qualifier, certainty, stage, sides, before)


def _bounds(row: list[int | None]) -> tuple[int | None, int | None]:
    low, high = row
    return low, high


#: Shelves of figures that an instance has; most are empty.
SHELVES = ("current", "parts", "superseded", "held")


def _instance(i: Instance) -> Json:
    row: Json = {
        "id": i.id,
        "family": i.family,
        "times": [_time(i.opened), _time(i.heard), *map(_maybe_time, (i.denied, i.contested))],
        "live": i.live,
        "payers": i.payers,
        "news": _figure(i.news),
    }
    for shelf in SHELVES:
        if getattr(i, shelf):
            row[shelf] = [_standing(s) for s in getattr(i, shelf)]
    if i.stood:
        row["stood"] = _standing(i.stood)
    for name in ("years", "instrument", "additional", "bond"):
        if getattr(i, name):
            row[name] = getattr(i, name)
    if i.due:
        row["due"] = i.due.isoformat()
    return row


@lru_cache(maxsize=DEALS_READ)
def _to_instance(line: str) -> Instance:
    row = json.loads(line)
    kind, payers, payee, track = row["family"]
    opened, heard, denied, contested = row["times"]
    shelves = {s: tuple(_to_standing(x) for x in row.get(s, ())) for s in SHELVES}
    return Instance(
        row["id"],
        Family(kind, tuple(payers), payee, track),
        _moment(opened),
        _moment(heard),
        **shelves,
        live=row["live"],
        payers=tuple(row["payers"]),
        denied=_maybe_moment(denied),
        stood=_to_standing(row["stood"]) if "stood" in row else None,
        contested=_maybe_moment(contested),
        years=row.get("years"),
        instrument=row.get("instrument"),
        additional=row.get("additional", False),
        bond=row.get("bond"),
        due=date.fromisoformat(row["due"]) if "due" in row else None,
        news=_to_figure(row["news"]),
    )
