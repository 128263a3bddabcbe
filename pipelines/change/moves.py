"""What the verdicts of the tables do to a deal. One function a verdict; each gives a Finding."""

from __future__ import annotations

from dataclasses import replace
from typing import assert_never

from pipelines.change.account import Instance, Standing
from pipelines.change.desk import Desk, Finding, Line
from pipelines.change.figures import compatible, direction
from pipelines.change.search import Hit
from pipelines.change.tables import CONTEST, Verdict
from pipelines.records import Label


def act(
    desk: Desk,
    line: Line,
    verdict: Verdict,
    rule: str,
    *,
    hit: Hit | None,
    deal: Instance | None,
) -> Finding:
    """Do what the row says. `deal` is the one met, `hit` the figure repeated, if one was."""
    match verdict:
        case "new" | "related":
            return opened(desk, line, rule)
        case "after_denial":
            assert deal is not None  # its row asks for a denied deal
            return replace(opened(desk, line, rule), before=deal.figure)
        case "stale":
            return stale(desk, line, rule, hit, deal)
        case _:
            pass
    if hit is not None and hit.place != "superseded":
        return _on_hit(desk, line, verdict, rule, hit)
    assert deal is not None  # every other row of table B asks for a deal
    return _on_deal(desk, line, verdict, rule, deal)


def _on_hit(desk: Desk, line: Line, verdict: Verdict, rule: str, hit: Hit) -> Finding:
    match verdict:
        case "corroborated":
            return corroborated(desk, line, rule, hit)
        case "confirm":
            return confirmed(desk, line, rule, hit, "confirmed")
        case "upgrade":
            return confirmed(desk, line, rule, hit, "corroborated")
        case "reopen":
            return reopened(desk, line, rule, hit)
        case _:
            raise AssertionError(f"table A gives no {verdict}")


def _on_deal(desk: Desk, line: Line, verdict: Verdict, rule: str, deal: Instance) -> Finding:
    match verdict:
        case "contest":
            return contested(desk, line, rule, deal)
        case "move":
            return moved(desk, line, rule, deal)
        case "complete_and_move":
            return replace(moved(desk, line, rule, deal), also=("confirmed",))
        case "confirm_and_move":
            finding = moved(desk, line, rule, deal)
            # what the article still tells as a rumour did not shrink to its sure part (A6)
            goes_on = desk.listed(deal.standing.amount, deal.family, besides=line)
            return replace(finding, label="confirmed", also=() if goes_on else (finding.label,))
        case "join":
            return joined(desk, line, rule, deal)
        case "hold":
            return held(desk, line, rule, deal)
        case _:
            raise AssertionError(f"table B gives no {verdict}")


def finding(
    line: Line, label: Label, rule: str, instance: Instance, standing: Standing | None = None
) -> Finding:
    said = instance.corroboration if standing is None else standing.corroboration
    return Finding(line, label, rule, instance.id, line.figure, corroboration=said)


def opened(desk: Desk, line: Line, rule: str) -> Finding:
    return finding(line, "new", rule, desk.open(line))


def with_standing(instance: Instance, hit: Hit, standing: Standing) -> Instance:
    """The instance with another figure in the place that was hit."""

    def put(shelf: tuple[Standing, ...]) -> tuple[Standing, ...]:
        return (*shelf[: hit.index], standing, *shelf[hit.index + 1 :])

    match hit.place:
        case "current":
            return replace(instance, current=put(instance.current))
        case "part":
            return replace(instance, parts=put(instance.parts))
        case "superseded":
            return replace(instance, superseded=put(instance.superseded))
        case _:
            assert_never(hit.place)


def restated(desk: Desk, line: Line, hit: Hit, standing: Standing) -> Standing:
    """The figure in the words of the claim; a valuation keeps both its bases (RULES 6)."""
    amount, at = line.claim.amount, desk.at
    if line.claim.kind != "valuation":
        return replace(standing, amount=amount)
    if line.pre is not None:
        return replace(standing, amount=amount, pre=line.pre)
    lower = amount.top < standing.amount.top
    if hit.shifted:
        if lower:
            return replace(standing, pre=amount)
        return replace(standing, amount=amount, pre=standing.pre or standing.amount)
    if standing.pre and not compatible(amount, standing.amount, at):
        return replace(standing, pre=amount)
    return replace(standing, amount=amount)


def before_money(desk: Desk, line: Line, standing: Standing) -> bool:
    """Whether the line tells a pair's value before the money and not the one after it."""
    amount, pre = line.claim.amount, standing.pre
    if line.pre is not None or pre is None or compatible(amount, standing.amount, desk.at):
        return False
    return compatible(amount, pre, desk.at)


def moved_post(desk: Desk, line: Line, hit: Hit) -> bool:
    """Whether the value after the money moved with its round: 840 -> 852 (A10)."""
    known = hit.standing
    if not hit.shifted or known.pre is None or known.pre_only or line.claim.background:
        return False
    amount = line.claim.amount
    return amount.top > known.pre.top and not compatible(amount, known.amount, desk.at)


def corroborated(desk: Desk, line: Line, rule: str, hit: Hit) -> Finding:
    """Says what is known; may settle a contest, or move a post-money figure with its round."""
    known, claim = hit.standing, line.claim
    standing = known.heard(claim, desk.posting)
    same_status = claim.certainty == known.certainty
    if same_status and moved_post(desk, line, hit):
        standing = restated(desk, line, hit, standing)
        instance = desk.put(
            replace(with_standing(hit.instance, hit, standing), heard=desk.at, live=True)
        )
        label = direction(claim.amount, known.amount, desk.at)
        moved = finding(line, label, "A10 post-money moved with the round", instance)
        return replace(moved, before=hit.instance.figure)
    if (hit.shifted or line.pre) and known.pre is None and not claim.background:
        standing = restated(desk, line, hit, standing)
    if known.pre_only and same_status and not claim.background:
        standing = restated(desk, line, hit, standing)
        standing = replace(standing, pre_only=before_money(desk, line, standing))
    instance = with_standing(hit.instance, hit, standing)
    if not claim.background:
        live = instance.live or standing.completed is None
        instance = replace(instance, heard=desk.at, live=live)
    desk.put(instance)
    return _settled(desk, line, hit, instance) or finding(
        line, "corroborated", rule, instance, standing
    )


def _settled(desk: Desk, line: Line, hit: Hit, instance: Instance) -> Finding | None:
    """A contest ends when somebody else, later, tells exactly one of its sides (RULES 5)."""
    since, claim = hit.instance.contested, line.claim
    sides = hit.instance.current
    if len(sides) == 1 or since is None or hit.place != "current" or claim.background:
        return None
    parties = {s for side in sides for s in side.sources}
    if not claim.sources or parties & set(claim.sources) or desk.at - since < CONTEST:
        return None
    told = [s for s in sides if compatible(claim.amount, s.amount, desk.at)]
    if len(told) > 1 or claim.certainty != told[0].certainty or _both_sides(desk, line, sides):
        return None
    side, stood = instance.current[hit.index], hit.instance.stood
    others = tuple(s for n, s in enumerate(instance.current) if n != hit.index)
    instance = desk.put(
        replace(
            instance,
            current=(side,),
            superseded=supersede(desk, instance.superseded, others),
            stood=None,
            contested=None,
        )
    )
    back = stood is not None and compatible(side.amount, stood.amount, desk.at)
    if back:
        return finding(line, "corroborated", "5 settled for what stood", instance)
    other = stood or others[-1]
    label = direction(side.amount, other.amount, desk.at)
    return replace(finding(line, label, "5 settled", instance), before=hit.instance.figure)


def _both_sides(desk: Desk, line: Line, sides: tuple[Standing, ...]) -> bool:
    """Whether the article tells the other side of the contest as well."""
    family = [x for x in desk.lines if x.claim.kind == line.claim.kind and not x.claim.background]
    told = {
        n
        for n, side in enumerate(sides)
        for x in family
        if compatible(x.claim.amount, side.amount, desk.at)
    }
    return len(told) > 1


def confirmed(desk: Desk, line: Line, rule: str, hit: Hit, label: Label) -> Finding:
    """Status raised; a contest is settled at once."""
    known = hit.standing
    before = hit.instance.figure if len(hit.instance.current) > 1 else known.figure
    standing = known.heard(line.claim, desk.posting).raised(line.claim, desk.at)
    moved = moved_post(desk, line, hit)
    standing = restated(desk, line, hit, standing)
    standing = replace(standing, pre_only=before_money(desk, line, standing))
    instance = with_standing(hit.instance, hit, standing)
    if hit.place == "current":
        others = tuple(s for n, s in enumerate(instance.current) if n != hit.index)
        instance = replace(
            instance,
            current=(standing,),
            superseded=supersede(desk, instance.superseded, others),
            stood=None,
            contested=None,
        )
    desk.put(replace(instance, heard=desk.at, live=True))
    also: tuple[Label, ...] = ()
    if moved and label == "confirmed":
        also = (direction(line.claim.amount, known.amount, desk.at),)
    told = finding(line, label, rule, instance, standing)
    shown = told.after.amount if standing.pre_only else standing.figure.pre_money
    after = replace(told.after, pre_money=shown)
    return replace(told, before=before, after=after, also=also)


def reopened(desk: Desk, line: Line, rule: str, hit: Hit) -> Finding:
    """A denied deal that is confirmed after all."""
    instance = desk.put(
        replace(
            hit.instance,
            current=(Standing.of(line.claim, desk.posting, line.pre),),
            denied=None,
            stood=None,
            contested=None,
            heard=desk.at,
            live=True,
        )
    )
    return replace(finding(line, "contradiction", rule, instance), before=hit.instance.figure)


def stale(desk: Desk, line: Line, rule: str, hit: Hit | None, deal: Instance | None) -> Finding:
    """An older figure or an older status; it moves nothing."""
    if hit is not None and hit.place == "superseded":
        standing = hit.standing.heard(line.claim, desk.posting)
        deal = desk.put(with_standing(hit.instance, hit, standing))
        return finding(line, "stale", rule, deal, standing)
    known = hit.instance if hit is not None else deal
    assert known is not None  # nothing is stale without a deal
    return finding(line, "stale", rule, known)


def supersede(
    desk: Desk, shelf: tuple[Standing, ...], outdated: tuple[Standing, ...]
) -> tuple[Standing, ...]:
    """Outdated figures, each once: a figure that was outdated before gathers its sources."""
    for old in outdated:
        for n, known in enumerate(shelf):
            if compatible(old.amount, known.amount, desk.at):
                both = {c.source: c for c in (*known.credits, *old.credits)}
                merged = replace(known, credits=tuple(both.values()), last=old.last)
                shelf = (*shelf[:n], merged, *shelf[n + 1 :])
                break
        else:
            shelf = (*shelf, old)
    return shelf


def moved(desk: Desk, line: Line, rule: str, deal: Instance) -> Finding:
    """Another amount: the old one is superseded, or a part when the article still lists it."""
    new = Standing.of(line.claim, desk.posting, line.pre)
    was = deal.standing
    if was.certainty == "confirmed":  # a status never goes down
        completed = new.completed or (desk.at if was.completed else None)
        new = replace(
            new,
            certainty="confirmed",
            stage="completed" if completed else "announced",
            confirmed=new.confirmed or was.confirmed,
            completed=completed,
        )
    listed = tuple(s for s in deal.current if desk.listed(s.amount, deal.family, besides=line))
    gone = tuple(s for s in deal.current if s not in listed)
    instance = desk.put(
        replace(
            deal,
            current=(new,),
            parts=(*deal.parts, *listed),
            superseded=supersede(desk, deal.superseded, gone),
            held=_released(desk, deal, line),
            stood=None,
            contested=None,
            heard=desk.at,
            additional=deal.additional or line.claim.additional,
        )
    )
    label = direction(line.claim.amount, was.amount, desk.at)
    return replace(finding(line, label, rule, instance), before=deal.figure)


def joined(desk: Desk, line: Line, rule: str, deal: Instance) -> Finding:
    """The next figure of a deal that the rules would have closed or dropped before."""
    found = moved(desk, line, rule, deal)
    after = desk.get(deal.family, deal.id)
    assert after is not None  # it was just moved
    desk.put(replace(after, denied=None, live=True))
    return found


def remembered(desk: Desk, line: Line, rule: str, deal: Instance) -> Finding:
    """A past figure of a deal, known from background alone."""
    past = Standing.of(line.claim, desk.posting, line.pre)
    deal = desk.put(replace(deal, superseded=supersede(desk, deal.superseded, (past,))))
    return finding(line, "corroborated", rule, deal)


def contested(desk: Desk, line: Line, rule: str, deal: Instance) -> Finding:
    """Two live figures, neither known to be outdated."""
    instance = desk.put(
        replace(
            deal,
            current=(*deal.current, Standing.of(line.claim, desk.posting, line.pre)),
            stood=deal.standing,
            contested=desk.at,
            held=_released(desk, deal, line),
            heard=desk.at,
        )
    )
    told = finding(line, "contradiction", rule, instance)
    return replace(told, before=deal.figure, after=instance.figure)


def held(desk: Desk, line: Line, rule: str, deal: Instance) -> Finding:
    """An isolated figure: kept aside until somebody else tells it (A14)."""
    for n, known in enumerate(deal.held):
        if compatible(line.claim.amount, known.amount, desk.at):
            again = known.heard(line.claim, desk.posting)
            waiting = (*deal.held[:n], again, *deal.held[n + 1 :])
            break
    else:
        waiting = (*deal.held, Standing.of(line.claim, desk.posting, line.pre))
    instance = desk.put(replace(deal, held=waiting))
    return replace(finding(line, "held", rule, instance), before=deal.figure)


def _released(desk: Desk, deal: Instance, line: Line) -> tuple[Standing, ...]:
    return tuple(s for s in deal.held if not compatible(line.claim.amount, s.amount, desk.at))
