"""Order of work inside one article (RULES 3): one posting met by one account.

`step(account, posting, previous)` is the whole state machine. The fold of all postings in order of
(at, url) is the state; each step's changes are what that article told, had it come in order.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from pipelines.change.account import Account, Family, Instance, Recalled, Standing, deal_id
from pipelines.change.desk import Desk, Finding, Key, Line
from pipelines.change.groups import post_family
from pipelines.change.judge import judge, seek
from pipelines.change.moves import before_money, corroborated, finding, remembered, with_standing
from pipelines.change.search import Hit, newest
from pipelines.change.tables import TABLE_C, Meeting, decide
from pipelines.records import Change, Posting

#: Weaker evidence from this tier on: never an immediate message alone (A14).
WEAK_TIER = 3
#: Independent voices whose background raises a status (A11).
RAISING_VOICES = 2
#: Rounds first: joint investments and valuations are compared with their sizes.
ORDER = ("round", "investment", "valuation", "commitment", "debt")


def step(
    account: Account,
    posting: Posting,
    previous: Posting | None = None,
    dropped: frozenset[int] = frozenset(),
) -> tuple[Account, tuple[Change, ...]]:
    """The account after one article, and one change for each of its claims on that payee.

    `previous` is the version of the same URL before this one, None for a page's first version;
    `dropped` are the positions of claims that a later version takes back.
    """
    desk = Desk(account, posting, previous)
    for line in desk.lines:
        if line.positions[0] in dropped:
            desk.record(_silent(desk, line, "A15 taken back on its page"), "stale")
    desk.lines = [x for x in desk.lines if x.positions[0] not in dropped]
    fresh = _unchanged(desk)
    if weak(posting):
        for line in fresh:
            _weigh(desk, line)
        return replace(account, through=(posting.at, posting.url)), tuple(desk.changes)
    for line in fresh:
        if line.claim.background:
            _recall(desk, line)
    denials = [x for x in fresh if x.claim.certainty == "denied" and not x.claim.background]
    told = {x.positions for x in denials}
    rest = [x for x in fresh if not x.claim.background and x.positions not in told]
    for family in _families(fresh):
        findings = [_deny(desk, x) for x in denials if Family.of(x.claim) == family]
        findings += post_family(desk, [x for x in rest if Family.of(x.claim) == family])
        desk.tie(findings)
        desk.date(findings)
        desk.publish(findings)
    after = Account(account.payee, desk.families, (posting.at, posting.url))
    return after, tuple(sorted(desk.changes, key=lambda c: c.claims))


def weak(posting: Posting) -> bool:
    """Whether the outlet's word alone moves nothing (A14)."""
    return posting.tier >= WEAK_TIER or posting.satire


def _families(lines: Sequence[Line]) -> list[Family]:
    live = dict.fromkeys(Family.of(x.claim) for x in lines if not x.claim.background)
    return sorted(live, key=lambda f: ORDER.index(f.kind))


def _unchanged(desk: Desk) -> list[Line]:
    """Claims of the page's last version are `unchanged`; claims that disappeared say nothing."""
    if desk.previous is None:
        return desk.lines
    known = {Key.of(c) for c in desk.previous.claims}
    for line in desk.lines:
        if Key.of(line.claim) in known:
            again = _silent(desk, line, "8 unchanged")
            desk.record(again, "unchanged")
            desk.date([again])
    return [x for x in desk.lines if Key.of(x.claim) not in known]


def _silent(desk: Desk, line: Line, rule: str) -> Finding:
    """A finding about the deal that the line is nearest to, whatever it says."""
    hit = seek(desk, line)
    deal = hit.instance if hit else newest(desk.account, line.claim, desk.at)
    if deal is None:
        claim = line.claim
        unknown = deal_id(Family.of(claim), desk.posting.url, claim.amount_text)
        return Finding(line, "unchanged", rule, unknown, line.figure)
    return finding(line, "unchanged", rule, deal, hit.standing if hit else None)


def _weigh(desk: Desk, line: Line) -> None:
    """A tier-3 outlet or a satire moves nothing; what it says alone is held (A14)."""
    hit = seek(desk, line)
    agrees = False
    if hit is not None and line.claim.background:
        agrees = True
    elif hit is not None and line.claim.certainty == "denied":
        agrees = hit.instance.denied is not None
    elif hit is not None:
        agrees = judge(desk, line).row.verdict in ("corroborated", "upgrade")
    desk.record(_silent(desk, line, "A14 weak outlet"), "corroborated" if agrees else "held")


def _recall(desk: Desk, line: Line) -> None:
    """Background never changes a state, never opens a live deal, never adds an investor."""
    hit, bonded = seek(desk, line), desk.bonded(line.claim)
    if hit is None and bonded:
        desk.record(remembered(desk, line, "review: one deal, says a person", bonded))
        return
    if hit is None:
        instance = desk.open(line, live=False)
        desk.record(finding(line, "backfilled", "3.2 unknown background", instance))
        return
    found = corroborated(desk, line, "3.2 background", hit)
    if hit.place == "current" and hit.instance.live:
        deal = desk.get(hit.instance.family, hit.instance.id)
        assert deal is not None  # it was just heard
        _raise(desk, line, replace(hit, instance=deal))
    desk.record(found)
    desk.tie([found])


def _raise(desk: Desk, line: Line, hit: Hit) -> None:
    """Two independent voices that recall more than the ledger knows raise a status (A11)."""
    claim, deal, known = line.claim, hit.instance, hit.standing
    if claim.certainty == "denied":
        more = deal.denied is None
    elif deal.denied is not None or claim.certainty != "confirmed":
        more = False
    else:
        paid = claim.stage == "completed" and claim.kind != "valuation"
        more = known.certainty == "rumoured" or (paid and known.completed is None)
    if not more:
        return
    said = Recalled(desk.posting.voice, desk.posting.outlet, claim.certainty, claim.stage)
    known = replace(known, recalled=(*known.recalled, said))
    deal = with_standing(deal, hit, known)
    if _voices(known, "denied") >= RAISING_VOICES:
        deal = replace(deal, denied=desk.at)
    elif _voices(known, "confirmed") >= RAISING_VOICES:
        paid = _voices(known, "confirmed", "completed") >= RAISING_VOICES
        stage = replace(claim, stage="completed" if paid else "announced")
        if known.certainty == "rumoured" or paid:
            raised = known.raised(stage, desk.at)
            half = before_money(desk, line, known)
            deal = with_standing(deal, hit, replace(raised, pre_only=half))
    desk.put(deal)


def _voices(standing: Standing, certainty: str, stage: str | None = None) -> int:
    said = [
        r
        for r in standing.recalled
        if r.certainty == certainty and (stage is None or r.stage == stage)
    ]
    return min(len({r.voice for r in said}), len({r.outlet for r in said}))


def _deny(desk: Desk, line: Line) -> Finding:
    """Dropped, refused, frozen: table C."""
    hit = seek(desk, line)
    if hit is not None and (hit.place == "superseded" or not hit.instance.live):
        hit = None
    deal = hit.instance if hit else _open_deal(desk, line)
    met = Meeting(line.claim, desk.at, deal, hit.standing if hit else None)
    row = decide(TABLE_C, met)
    rule = f"C: {row.case}"
    if deal is None:
        return finding(line, "denied", rule, desk.open(line))
    if row.verdict == "corroborated":
        return finding(line, "corroborated", rule, deal)
    after = desk.put(replace(deal, denied=desk.at, heard=desk.at))
    said = finding(line, "denied", rule, after, Standing.of(line.claim, desk.posting))
    part = hit is not None and hit.place == "part"
    return replace(said, before=hit.standing.figure if hit and part else deal.figure)


def _open_deal(desk: Desk, line: Line) -> Instance | None:
    """The open deal of the family; else the newest, if that was denied already."""
    if bonded := desk.bonded(line.claim):
        return bonded
    family = desk.families.get(Family.of(line.claim), ())
    open_ = next((i for i in reversed(family) if i.open), None)
    last = newest(desk.account, line.claim, desk.at)
    return open_ or (last if last and last.denied else None)
