"""The claims of one family in one article: pairs, sums, rivals, total and parts (RULES 3.4)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations

from pipelines.change.account import ADDITIVE, Family, Instance, Standing
from pipelines.change.desk import Desk, Finding, Line
from pipelines.change.figures import adds_up, alike, apart_in_text, compatible, shifted
from pipelines.change.judge import Judgement, judge, judged, seek
from pipelines.change.moves import confirmed, corroborated, finding, supersede
from pipelines.change.search import newest, round_sizes
from pipelines.change.tables import COLD, LATE
from pipelines.money import Amount


def post_family(desk: Desk, lines: Sequence[Line]) -> list[Finding]:
    """Findings of one family, the total first."""
    if not lines:
        return []
    known_names = _names(desk, lines[0])
    group = pairs(desk, lines)
    found, group = sums(desk, group)
    rivals = [x for x in group if any(_compete(desk, x, y) for y in group)]
    judgements = [judge(desk, x) for x in rivals]
    if rivals and not all(j.known for j in judgements):
        found.append(contest(desk, rivals, judgements))
        parts = [x for x in group if x not in rivals]
    elif rivals:
        found += [judged(desk, x) for x in rivals]
        parts = [x for x in group if x not in rivals]
    elif group:
        total = max(group, key=lambda x: _weight(desk, x, group))
        found.append(judged(desk, total))
        parts = [x for x in group if x is not total]
    else:
        parts = []
    found += [part(desk, x) for x in parts]
    return [newcomers(desk, f, known_names) for f in found]


def _weight(desk: Desk, line: Line, group: Sequence[Line]) -> tuple[bool, int]:
    """The total is the largest among the highest certainty: a rumoured ceiling is a part (A6)."""
    same = alike(line.claim.amount, group[0].claim.amount, desk.at) or line.claim.amount
    return line.claim.certainty == "confirmed", same.top


def pairs(desk: Desk, lines: Sequence[Line]) -> list[Line]:
    """Two valuations that differ by the round's size are one, before and after the money."""
    group = list(lines)
    if group[0].claim.kind != "valuation":
        return group
    sizes = round_sizes(desk.account, desk.claims, group[0].claim.payee)
    for one, other in combinations(group, 2):
        if one.claim.certainty != other.claim.certainty:
            continue  # the one that is sure is the news, not half of a pair
        low, high = sorted((one, other), key=lambda x: x.claim.amount.top)
        moved = (shifted(low.claim.amount, size, 1) for size in sizes)
        apart = not compatible(low.claim.amount, high.claim.amount, desk.at)
        if apart and any(m and compatible(m, high.claim.amount, desk.at) for m in moved):
            both = Line(tuple(sorted(low.positions + high.positions)), high.claim, low.claim.amount)
            return [both, *(x for x in group if x not in (one, other))]
    return group


# Sums -------------------------------------------------------------------------------------------


def sums(desk: Desk, group: list[Line]) -> tuple[list[Finding], list[Line]]:
    """Take out what only adds up other lines or known deals."""
    found, rest = [], []
    for line in group:
        told = _sum_of_lines(desk, line) or _running_total(desk, line, group)
        told = told or _joint_sum(desk, line, group)
        if told:
            found.append(told)
        else:
            rest.append(line)
    return found, rest


def _sum_of_lines(desk: Desk, line: Line) -> Finding | None:
    """A joint amount that is the sum of the article's single lines, for all its payers."""
    claim = line.claim
    if claim.kind != "investment" or len(claim.payers) < 2:
        return None
    singles = [
        x.claim
        for x in desk.lines
        if x.claim.kind == "investment"
        and not x.claim.background
        and len(x.claim.payers) == 1
        and x.claim.payers[0] in claim.payers
    ]
    if {c.payers[0] for c in singles} != set(claim.payers):
        return None
    if not adds_up(claim.amount, [c.amount for c in singles], desk.at):
        return None
    hit = seek(desk, line)
    if hit is not None and hit.place == "superseded":
        return None  # an outdated figure is no news, whatever it adds up to
    if hit is None:
        deal = desk.open(line, live=False)
        return finding(line, "sum_line", "2 joint sum of its lines", deal)
    # its lines tell what is new about it
    if claim.certainty == "confirmed" and hit.standing.certainty == "rumoured":
        return confirmed(desk, line, "2 joint sum, its lines tell it", hit, "corroborated")
    return corroborated(desk, line, "2 joint sum known", hit)


def _running_total(desk: Desk, line: Line, group: Sequence[Line]) -> Finding | None:
    """Known contracts, with or without a new line of the article: no further contract (A5)."""
    if line.claim.kind not in ADDITIVE or line.claim.additional or seek(desk, line):
        return None
    family = desk.families.get(Family.of(line.claim), ())
    contracts = [i for i in family if i.denied is None]
    if not contracts:
        return None
    told = [x.claim.amount for x in group if x is not line]
    met = [i for i in contracts if any(_holds(desk, i, amount) for amount in told)]
    fresh = [x.claim.amount for x in group if x is not line and not seek(desk, x)]
    for known in (contracts, [i for i in contracts if i.live], met):
        amounts = [i.standing.amount for i in known]
        added = [[*amounts, other] for other in fresh]
        for parts in (amounts, *added) if amounts else ():
            if len(parts) > 1 and adds_up(line.claim.amount, parts, desk.at):
                return _summed(line, contracts[-1])
    return None


def _holds(desk: Desk, instance: Instance, amount: Amount) -> bool:
    return compatible(amount, instance.standing.amount, desk.at)


def _summed(line: Line, deal: Instance) -> Finding:
    return finding(line, "sum_line", "A5 running total", deal)


def _joint_sum(desk: Desk, line: Line, group: Sequence[Line]) -> Finding | None:
    """ "Le tour" of 60 that is what three of its payers give together (A2)."""
    claim = line.claim
    if claim.kind != "round" or seek(desk, line):
        return None
    deal = newest(desk.account, claim, desk.at)
    if deal is None or deal.denied or (deal.completed and desk.at - deal.completed > LATE):
        return None
    for family, instances in desk.families.items():
        joint = family.kind == "investment" and len(family.payers) > 1
        if not joint or not set(family.payers) <= set(deal.payers) | set(claim.payers):
            continue
        for instance in instances:
            if compatible(claim.amount, instance.standing.amount, desk.at):
                larger = any(x.claim.amount.top > claim.amount.top for x in group)
                return finding(line, "part" if larger else "stale", "A2 joint sum", deal)
    return None


# Rivals -----------------------------------------------------------------------------------------


def _compete(desk: Desk, one: Line, other: Line) -> bool:
    """Same certainty, both with sources, sources disjoint, figures apart (RULES 3.4b)."""
    a, b = one.claim, other.claim
    if a.certainty != b.certainty or not a.sources or not b.sources:
        return False
    if set(a.sources) & set(b.sources) or a.additional or b.additional:
        return False
    if a.kind == "commitment" and a.years and b.years and a.years != b.years:
        return False
    return apart_in_text(a.amount, b.amount, desk.at)


def contest(desk: Desk, rivals: Sequence[Line], judgements: Sequence[Judgement]) -> Finding:
    """Rivals of one text: the deal is contested with all their figures, opened if need be."""
    met = [
        j.deal for j in judgements if j.deal and j.row.verdict not in ("new", "related", "stale")
    ]
    denied = next((j.deal for j in judgements if j.row.verdict == "after_denial"), None)
    deal = None if denied or not met else met[0]
    known = deal or denied
    before = known.figure if known else None
    sides = tuple(Standing.of(x.claim, desk.posting, x.pre) for x in rivals)
    if deal is None:
        opened = desk.open(rivals[0])
        after = replace(opened, current=sides, contested=desk.at)
    else:
        kept = tuple(
            s
            for s in deal.current
            if not any(compatible(s.amount, x.amount, desk.at) for x in sides)
        )
        after = replace(
            deal,
            current=tuple(_merged(deal, s, desk) for s in sides),
            superseded=supersede(desk, deal.superseded, kept),
            stood=deal.standing if len(deal.current) == 1 else deal.stood,
            contested=desk.at,
            heard=desk.at,
        )
    names = tuple(dict.fromkeys(n for x in rivals for n in x.claim.payers))
    if after.family.kind in ("round", "debt"):
        after = replace(after, payers=tuple(dict.fromkeys((*after.payers, *names))))
    desk.put(after)
    positions = tuple(sorted(n for x in rivals for n in x.positions))
    claim = rivals[0].claim
    if after.family.kind in ("round", "debt"):
        claim = replace(claim, payers=names)
    told = finding(Line(positions, claim), "contradiction", "5 rivals in one text", after)
    return replace(told, before=before, after=after.figure, also=() if deal else ("new",))


def _merged(deal: Instance, side: Standing, desk: Desk) -> Standing:
    """A side that stood before keeps who said it and since when."""
    for known in deal.current:
        if compatible(side.amount, known.amount, desk.at):
            credits = {c.source: c for c in (*known.credits, *side.credits)}
            return replace(
                known,
                credits=tuple(credits.values()),
                voices=tuple(dict.fromkeys((*known.voices, *side.voices))),
                outlets=tuple(dict.fromkeys((*known.outlets, *side.outlets))),
                last=side.last,
            )
    return side


# Parts and names --------------------------------------------------------------------------------


def part(desk: Desk, line: Line) -> Finding:
    """An instalment, share, ceiling or fallback beside its total: never a decrease."""
    verdict = judge(desk, line)
    repeats = verdict.hit is not None and verdict.hit.place != "superseded"
    if verdict.corrects or (repeats and verdict.row.verdict not in ("new", "related")):
        return judged(desk, line, verdict)
    deal = newest(desk.account, line.claim, desk.at)
    if deal is None or (verdict.hit is not None and verdict.row.verdict == "stale"):
        # a contract of another length, lender or form is no part of the one beside it
        return judged(desk, line, verdict)
    standing = Standing.of(line.claim, desk.posting)
    deal = desk.put(replace(deal, parts=(*deal.parts, standing)))
    return finding(line, "part", "3.4c part of its total", deal, standing)


def _names(desk: Desk, line: Line) -> dict[str, frozenset[str]]:
    """Names of each round as they were before the article; deals it opens have no newcomers."""
    known = desk.families.get(Family.of(line.claim), ())
    return {i.id: frozenset(i.payers) for i in known if line.claim.kind == "round"}


def newcomers(desk: Desk, found: Finding, before: dict[str, frozenset[str]]) -> Finding:
    """Names that the round did not have (RULES 7, A7); a stale figure brings none."""
    claim = found.line.claim
    if claim.kind not in ("round", "debt") or found.label in ("stale", "held", "denied"):
        return found
    deal = desk.get(Family.of(claim), found.deal)
    if deal is None or deal.denied is not None:
        return found
    desk.put(replace(deal, payers=tuple(dict.fromkeys((*deal.payers, *claim.payers)))))
    if claim.kind != "round" or found.deal not in before:
        return found
    missing = tuple(n for n in claim.payers if n not in before[found.deal])
    names = tuple(n for n in missing if not _has_ticket(desk, n))
    if not names:
        return found
    if found.alert:
        return replace(found, also=(*found.also, "new_investor"))
    rule = f"7 new names ({found.rule})"
    after = replace(found.after, certainty=deal.standing.certainty, stage=deal.standing.stage)
    return replace(
        found,
        label="new_investor",
        names=names,
        rule=rule,
        before=found.before or deal.figure,
        after=after,
    )


def _has_ticket(desk: Desk, name: str) -> bool:
    """Whether an investment of that name, told here or open in the ledger, told it already."""
    if any(
        x.claim.kind == "investment" and name in x.claim.payers and not x.claim.background
        for x in desk.lines
    ):
        return True
    return any(
        family.kind == "investment"
        and name in family.payers
        and any(i.live and i.denied is None and desk.at - i.heard <= COLD for i in instances)
        for family, instances in desk.families.items()
    )
