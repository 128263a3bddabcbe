"""Stories of the ledger in its own language: what arrived | what it claims | what it is worth.

    == a story
    2025-12-18 13:00 ft/a (tier 3) | Amazon -> OpenAI  about 10 Md$  talks  FT  [background] | new
                                   | valuation OpenAI  500 Md$  considered  -              | new

Lines stand in order of arrival; one article may have several claims, each on its line. Columns of
a claim are parted by two blanks: parties, amount, stage, sources, marks. The same page at a later
time is its revision. What is expected names the label, weaker ones after `+`, and may show the
figures (`~10 -> >20`). `-` for a claim stands for a change without one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, get_args

from change_ledger import Ledger, posting

from pipelines.money import QUALIFIERS, Amount
from pipelines.records import Change, Claim, Figure, Kind, Posting

STORIES = Path(__file__).parent / "stories"
HEAD = re.compile(r"(\d{4}-\d\d-\d\d)(?: (\d\d:\d\d))? (\S+)((?: \([^)]*\))*)$")
AMOUNT = re.compile(r"(?:(\w+) )?([\d.]+)(?: to ([\d.]+))? (Md|M)([$€£]|[A-Z]{3})$")
UNITS = {"Md": 10**9, "M": 10**6}
SIGNS = {"$": "USD", "€": "EUR", "£": "GBP"}


@dataclass
class Told:
    """One line of a story: its text, its claim and what is expected of it."""

    text: str
    claim: Claim | None
    expected: str


@dataclass
class Arrival:
    posting: Posting
    lines: list[Told] = field(default_factory=list)


@dataclass
class Story:
    title: str
    arrivals: list[Arrival] = field(default_factory=list)

    @property
    def postings(self) -> list[Posting]:
        return [a.posting for a in self.arrivals]


def amount(text: str) -> Amount:
    match = AMOUNT.match(text)
    assert match, f"no amount: {text!r}"
    word, low, high, unit, sign = match.groups()
    values = [round(float(v) * UNITS[unit]) for v in (low, high or low)]
    qualifier = next(q for q in QUALIFIERS if q == (word or ("between" if high else "exact")))
    bounds: tuple[int | None, int | None] = (values[0], values[1])
    if qualifier in ("up_to", "less_than"):
        bounds = (None, values[0])
    if qualifier == "more_than":
        bounds = (values[0], None)
    return Amount(*bounds, SIGNS.get(sign, sign), qualifier)


def claim(text: str) -> tuple[Claim, str | None]:
    """The claim of a line, and the hash of its sentence if the line gives one."""
    parties, money, stage, sources, *marks = re.split(r"\s{2,}", text.strip())
    words = set(marks[0].strip("[]").split()) if marks else set()
    sentence = next((w[2:] for w in words if w.startswith("s=")), None)
    years = next((int(w[6:]) for w in words if w.startswith("years=")), None)
    due = next((date.fromisoformat(w[4:]) for w in words if w.startswith("due=")), None)
    first = parties.split(" ")[0]
    kind: Kind = next((k for k in get_args(Kind) if k == first), "investment")
    parties = parties.removeprefix(kind).strip()
    payers, _, payee = parties.rpartition("->")
    rumoured = stage.endswith("?") or stage in ("considered", "talks")
    stage = stage.rstrip("?")
    certainty: Any = "denied" if stage == "denied" else "rumoured" if rumoured else "confirmed"
    made: Any = {"stage": stage, "valuation_basis": None, "instrument": None}
    for name, closed in (
        ("valuation_basis", ("private", "secondary", "ipo")),
        ("instrument", ("loan", "bond", "credit_line")),
    ):
        made[name] = next((w for w in words if w in closed), None)
    return (
        Claim(
            kind,
            tuple(p.strip() for p in payers.split(",") if p.strip()),
            payee.strip(),
            amount(money),
            certainty,
            sources=tuple(s.strip() for s in sources.split(",") if s.strip() != "-"),
            background="background" in words,
            additional="additional" in words,
            years=years,
            due=due,
            amount_text=money,
            **made,
        ),
        sentence,
    )


def stories(path: Path) -> Iterator[Story]:
    story: Story | None = None
    block: list[tuple[str, str, str]] = []
    for line in [*path.read_text("utf-8").splitlines(), "== end"]:
        if line.startswith("== "):
            if story and block:
                _arrive(story, block)
            if story:
                yield story
            story, block = Story(line[3:].strip()), []
        elif line.strip() and not line.startswith("#"):
            head, told, expected = (part.strip() for part in line.split("|"))
            if head and block:
                assert story
                _arrive(story, block)
                block = []
            block.append((head, told, expected))


def _arrive(story: Story, block: list[tuple[str, str, str]]) -> None:
    match = HEAD.match(block[0][0])
    assert match, f"no head: {block[0][0]!r}"
    day, clock, page, marks = match.groups()
    at = datetime.fromisoformat(f"{day}T{clock or '12:00'}").replace(tzinfo=UTC)
    options = dict(([*m.split(" ", 1), ""])[:2] for m in re.findall(r"\(([^)]*)\)", marks))
    outlet = page.split("/")[0]
    lines, claims, sentences = [], [], []
    for _, told, expected in block:
        one, sentence = (None, None) if told == "-" else claim(told)
        lines.append(Told(told, one, expected))
        if one is not None:
            claims.append(one)
            sentences.append(sentence)
    url = f"https://{outlet}.example/{page}"
    same = [p.at for p in story.postings if p.url == url]
    known = {s for s in sentences if s} | set(options.get("also", "").split())
    made = posting(
        len(story.arrivals),
        url,
        at,
        claims,
        published=min([at, *same]),
        outlet=outlet,
        voice=options.get("voice", ""),
        basis="entry" if "entry" in options else "page",
        tier=int(options.get("tier", 2)),
        satire="satire" in options,
        claim_sentences=tuple(sentences),
        sentences=frozenset(known) if known else None,
    )
    story.arrivals.append(Arrival(made, lines))


# What came out, in the same words ---------------------------------------------------------------

MARKS = {
    "exact": "",
    "about": "~",
    "up_to": "<=",
    "less_than": "<",
    "more_than": ">",
    "between": "",
}


def figure(shown: Figure | None) -> str:
    if shown is None:
        return "none"
    if shown.contested:
        return "/".join(_bounds(low, high) for (low, high), _ in shown.contested)
    if shown.pre_money == shown.amount:
        return f"{figure(replace(shown, pre_money=None))}pre"
    if shown.qualifier == "between":
        low, high = shown.amount
        return f"{_short(low)}-{_short(high)}"
    sign = "" if shown.currency == "USD" else shown.currency
    return MARKS[shown.qualifier] + _bounds(*shown.amount) + sign


def _bounds(low: int | None, high: int | None) -> str:
    return _short(high if high is not None else low)


def _short(value: int | None) -> str:
    return "" if value is None else f"{value / 10**9:g}"


def outcome(change: Change) -> str:
    label = "+".join((change.label, *change.also))
    if not change.alert:
        return label
    names = f" {', '.join(change.payers)}" if change.label == "new_investor" else ""
    return f"{label}{names} {figure(change.before)} -> {figure(change.after)}"


def told(story: Story) -> list[tuple[str, str, str]]:
    """Each line with what was expected and what came; only what the line asks for is shown."""
    rows = []
    ledger = Ledger()
    for arrival in story.arrivals:
        changes = list(ledger.take(arrival.posting))
        bare = [c for c in changes if not c.claims]
        position = 0
        for line in arrival.lines:
            if line.claim is None:
                got = outcome(bare.pop(0)) if bare else "nothing"
            else:
                mine = [c for c in changes if position in c.claims]
                got = " & ".join(outcome(c) for c in mine) or "nothing"
                position += 1
            if "->" not in line.expected:
                got = got.split(" ")[0]
            rows.append((line.text, line.expected, got))
        rows += [("-", "", outcome(c)) for c in bare]
    return rows
