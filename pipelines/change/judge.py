"""Judging one line: find the deal, ask the table, do what the row says."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from pipelines.change.account import Account, Family, Instance, Standing
from pipelines.change.desk import Desk, Finding, Key, Line
from pipelines.change.figures import compatible, ratio
from pipelines.change.moves import act
from pipelines.change.rates import note
from pipelines.change.search import Hit, find, newest, round_sizes, search
from pipelines.change.tables import TABLE_A, TABLE_B, Meeting, Row, Verdict, decide
from pipelines.records import Claim


@dataclass(frozen=True, slots=True)
class Judgement:
    """A row of a table, and what it is about."""

    row: Row
    rule: str
    hit: Hit | None
    deal: Instance | None
    corrects: bool = False  # takes the place of a claim that vanished from its page (A4)

    @property
    def known(self) -> bool:
        """The claim says what the ledger says already, or what it knows to be over."""
        silent = self.row.verdict not in ("new", "related", "contest", "move")
        return self.row.verdict == "stale" or (self.hit is not None and silent)


def seek(desk: Desk, line: Line) -> Hit | None:
    """The figure that the line repeats; a joint investment may be the payee's round (RULES 2)."""
    claim = line.claim
    valued = claim.kind == "valuation"
    sizes = round_sizes(desk.account, desk.claims, claim.payee) if valued else ()
    if bonded := desk.bonded(claim):
        return find((bonded,), claim, desk.at, pre=line.pre, sizes=sizes)
    hit = search(desk.account, claim, desk.at, pre=line.pre, sizes=sizes)
    if hit is None and claim.kind == "investment" and len(claim.payers) > 1:
        rounds = desk.families.get(Family("round", (), claim.payee), ())
        joint = [
            i for i in rounds if (i.open or claim.background) and set(claim.payers) <= set(i.payers)
        ]
        hit = find(joint, claim, desk.at)
    return hit


def judge(desk: Desk, line: Line) -> Judgement:
    """Which row decides about a line that is neither background nor a denial."""
    claim, hit = line.claim, seek(desk, line)
    if hit is not None and hit.place != "superseded":
        meeting = Meeting(claim, desk.at, hit.instance, hit.standing, revision=desk.revision)
        row = _joining(decide(TABLE_A, meeting), desk, line, hit)
        rule = f"A: {row.case}{note(claim.amount, hit.standing.amount, desk.at)}"
        return Judgement(row, rule, hit, hit.instance)
    deal = desk.bonded(claim) or newest(desk.account, claim, desk.at)
    if hit is not None and hit.instance.id != (deal.id if deal else None) and _past(hit, claim):
        hit = None
    if hit is not None:
        deal = hit.instance
    corrected = correction(desk, line) if hit is None else None
    met = corrected or deal
    meeting = Meeting(
        claim,
        desk.at,
        met,
        met.standing if met else None,
        revision=desk.revision,
        superseded=hit.standing if hit else None,
        outdated=deal is not None and desk.recalls(deal.standing.amount, Family.of(claim)),
        corrects=corrected is not None,
        seconded=deal is not None and _seconded(desk, line, deal),
        backers=_backers(desk, line, deal),
    )
    row = _joining(decide(TABLE_B, meeting), desk, line, hit)
    compared = note(claim.amount, met.standing.amount, desk.at) if met else ""
    return Judgement(row, f"B: {row.case}{compared}", hit, met, corrected is not None)


def _joining(row: Row, desk: Desk, line: Line, hit: Hit | None) -> Row:
    """What the rules would part is one deal where a person has said so."""
    if row.verdict not in ("new", "related", "after_denial") or not desk.bonded(line.claim):
        return row
    joined: Verdict = "join"
    if hit is not None:
        joined = "stale" if hit.place == "superseded" else "corroborated"
    return replace(row, case=f"{row.case}; one deal, says a person", verdict=joined)


def _past(hit: Hit, claim: Claim) -> bool:
    """A rumour of a figure that an older, closed deal once had is about the deal of today."""
    return claim.certainty == "rumoured" and not hit.instance.open


def _seconded(desk: Desk, line: Line, deal: Instance) -> bool:
    """Whether another independent voice or another source gave the isolated figure (A14)."""
    known = _aside(desk, line, deal)
    if known is None:
        return False
    return _another(desk, known) or bool(set(line.claim.sources) - known.sources)


def _backers(desk: Desk, line: Line, deal: Instance | None) -> int:
    """Independent voices that gave the isolated figure, with this one (A14)."""
    known = _aside(desk, line, deal) if deal else None
    return 1 if known is None else len(known.voices) + _another(desk, known)


def _aside(desk: Desk, line: Line, deal: Instance) -> Standing | None:
    """The figure of the line, if it was put aside before."""
    same = (s for s in deal.held if compatible(line.claim.amount, s.amount, desk.at))
    return next(same, None)


def _another(desk: Desk, known: Standing) -> bool:
    posting = desk.posting
    return posting.voice not in known.voices and posting.outlet not in known.outlets


def correction(desk: Desk, line: Line) -> Instance | None:
    """The deal whose claim vanished from the page where this one appeared (A4)."""
    gone = _vanished(desk, Family.of(line.claim)).get(line.positions)
    if gone is None:
        return None
    hit = find(desk.families.get(Family.of(gone), ()), gone, desk.at)
    return hit.instance if hit and hit.place == "current" and hit.instance.live else None


def _vanished(desk: Desk, family: Family) -> dict[tuple[int, ...], Claim]:
    """Claims gone from the page by the claims that appeared there, nearest in amount first."""
    if desk.previous is None:
        return {}
    before = [c for c in desk.previous.claims if _news_of(c, family)]
    present = [x for x in desk.lines if _news_of(x.claim, family)]
    known = {Key.of(c) for c in before}
    gone = [
        c for c in before if not any(compatible(x.claim.amount, c.amount, desk.at) for x in present)
    ]
    appeared = [
        x
        for x in present
        if Key.of(x.claim) not in known and not _known(desk.before, x.claim, desk.at)
    ]
    nearest = sorted(
        (
            (_distance(x.claim, c, desk), x.positions, n)
            for x in appeared
            for n, c in enumerate(gone)
        )
    )
    paired: dict[tuple[int, ...], Claim] = {}
    used: set[int] = set()
    for _, positions, n in nearest:
        if positions not in paired and n not in used:
            paired[positions] = gone[n]
            used.add(n)
    return paired


def _news_of(claim: Claim, family: Family) -> bool:
    return not claim.background and claim.certainty != "denied" and Family.of(claim) == family


def _known(account: Account, claim: Claim, when: datetime) -> bool:
    """Whether a deal of the family had that figure before the article."""
    hit = find(account.families.get(Family.of(claim), ()), claim, when)
    return hit is not None and hit.place != "superseded"


def _distance(claim: Claim, other: Claim, desk: Desk) -> float:
    times = ratio(claim.amount, other.amount, desk.at)
    return max(times, 1 / times) if times else float("inf")


def judged(desk: Desk, line: Line, judgement: Judgement | None = None) -> Finding:
    """Judge a line and do what the row says."""
    verdict = judgement or judge(desk, line)
    return act(desk, line, verdict.row.verdict, verdict.rule, hit=verdict.hit, deal=verdict.deal)
