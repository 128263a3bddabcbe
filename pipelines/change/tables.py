"""Decision tables A, B and C of RULES 4, as tables. The first row that holds decides.

A claim *meets* a deal. A denial asks table C; another claim asks table A on a hit (it repeats a
figure), otherwise table B. A row names the case as the rules do and says what is to be done;
`moves.py` knows how it is done.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from pipelines.change.account import ADDITIVE, Instance, Standing
from pipelines.change.figures import direction, isolated, misscaled, same_deal
from pipelines.records import Claim

#: Two sources that differ contradict each other only while neither can know of the other: 48 h.
CONTEST = timedelta(hours=48)
#: A payment told within a week of the announcement is the same news in other words.
SAME_NEWS = timedelta(days=7)
#: How long outlets go on telling what is settled already.
LATE = timedelta(days=21)
#: How long an announced amount is still being worked out.
SETTLE = timedelta(days=45)
#: A rumour that nobody repeated for four months is dead.
COLD = timedelta(days=120)
#: A round may be extended for a year.
FINAL = timedelta(days=365)
#: Independent voices that hold a figure against an isolated one (A14).
AGREEING_VOICES = 2

Verdict = Literal[
    "corroborated",
    "stale",
    "new",
    "related",  # new, may be an instalment of the other
    "after_denial",  # new, `before` is the denied figure
    "confirm",
    "upgrade",  # silent: announced -> completed within SAME_NEWS
    "reopen",
    "contest",
    "move",
    "complete_and_move",  # A10: the amount moves and the money is paid
    "confirm_and_move",
    "hold",
    "deny",
    "join",  # another deal by the rules, the same by a person's verdict
]


@dataclass(frozen=True, slots=True)
class Meeting:
    """One claim beside one figure of one deal, at the claim's time."""

    claim: Claim
    at: datetime
    deal: Instance | None  # None: nothing of the family is known, or only backfills
    figure: Standing | None  # A: the figure repeated; B: the one that stands
    revision: bool = False  # fresh information of the same page (RULES 8)
    superseded: Standing | None = None  # the outdated figure of the deal that the claim repeats
    outdated: bool = False  # A1: the article itself calls the standing figure past
    corrects: bool = False  # A4: takes the place of a claim of the page's last version
    seconded: bool = False  # A14: somebody else gave the same isolated figure
    backers: int = 1  # A14: independent voices that gave it, this one among them

    # what the claim says
    @property
    def rumour(self) -> bool:
        return self.claim.certainty == "rumoured"

    @property
    def fact(self) -> bool:
        return self.claim.certainty == "confirmed"

    @property
    def payment(self) -> bool:
        return self.fact and self.claim.stage == "completed"

    @property
    def higher(self) -> bool:
        return direction(self.claim.amount, self._known.amount, self.at) == "amount_up"

    # how the deal stands
    @property
    def _known(self) -> Standing:
        assert self.figure is not None  # rows that ask have a deal: "none" is their first row
        return self.figure

    @property
    def denied(self) -> bool:
        return self.deal is not None and self.deal.denied is not None

    @property
    def revived(self) -> bool:
        """RULES 4 A has no end to "denied, stale"; after COLD an editor would tell it again."""
        return (
            self.deal is not None
            and bool(self.deal.denied)
            and not self.within(self.deal.denied, COLD)
        )

    @property
    def rumoured(self) -> bool:
        return self._known.certainty == "rumoured"

    @property
    def announced(self) -> bool:
        return self._known.certainty == "confirmed" and self._known.completed is None

    @property
    def completed(self) -> bool:
        return self._known.completed is not None

    @property
    def contested(self) -> bool:
        return self.deal is not None and len(self.deal.current) > 1

    @property
    def cold(self) -> bool:
        return self.deal is not None and self.at - self.deal.heard > COLD

    # how old that is; ages lie between articles, never between an article and the clock
    def within(self, since: datetime | None, span: timedelta) -> bool:
        return since is not None and self.at - since <= span

    @property
    def lately_announced(self) -> bool:
        return self.announced and self.within(self._known.confirmed, LATE)

    @property
    def lately_completed(self) -> bool:
        return self.completed and self.within(self._known.completed, LATE)

    @property
    def other_news(self) -> bool:
        """Long enough after the announcement for a payment to be news of its own."""
        return not self.within(self._known.confirmed, SAME_NEWS - timedelta(microseconds=1))

    @property
    def same_deal(self) -> bool:
        near = same_deal(self.claim.amount, self._known.amount, self.at)
        return near and self.within(self._known.confirmed, FINAL)

    @property
    def settling(self) -> bool:
        return self.within(self._known.confirmed, SETTLE) or self.same_deal

    # who says it
    @property
    def other_sources(self) -> bool:
        """Both sides name sources, and none is shared."""
        known = self._known.sources
        return bool(known and self.claim.sources) and not known & set(self.claim.sources)

    @property
    def contests(self) -> bool:
        """Neither can know of the other: RULES 4 B and 5; A1: the article knows the other."""
        if self.revision or self.outdated or self.contested or not self.other_sources:
            return False
        return self.within(self._known.first, CONTEST)

    @property
    def outdated_figure(self) -> bool:
        return self.superseded is not None and not self.revision and not self.claim.additional

    @property
    def turns(self) -> bool:
        """A rumour of the page's last version is a fact in this one."""
        return self.rumoured and self.fact

    @property
    def adds(self) -> bool:
        """A further contract or loan stands beside the confirmed ones, if it is none of them."""
        if self.outdated_figure and (self.fact or (self.lately_settled and self.stale)):
            return False
        return self.claim.kind in ADDITIVE and not self.rumoured

    @property
    def further(self) -> bool:
        return self.claim.additional and not self.rumoured

    @property
    def doubts(self) -> bool:
        return self.lately_announced and self.rumour

    @property
    def lately_settled(self) -> bool:
        """RULES 4 B calls a higher rumour news then; not one that the settling itself outdated."""
        return self.lately_announced or self.lately_completed

    @property
    def unlikely(self) -> bool:
        """A rumour beside what is agreed, or above what was paid (below, or cold: a next deal)."""
        if not self.rumour:
            return False
        return self.announced or (self.completed and self.higher and not self.cold)

    @property
    def stale(self) -> bool:
        return self.rumour and self.outdated_figure and not self.returns

    @property
    def returns(self) -> bool:
        """A3: a named source other than those that gave the outdated figure tells it again.

        A text that credits one of them besides repeats the old report; where nobody was credited
        first, nothing tells whether this source is another.
        """
        assert self.superseded is not None  # asked after `outdated_figure` only
        sources, known = set(self.claim.sources), self.superseded.sources
        return bool(sources and known) and not sources & known

    @property
    def isolated(self) -> bool:
        """A14: one voice, at three times what two independent voices say, and nobody new."""
        if self.revision or self.seconded or not self._agreed or self._somebody_new:
            return False
        return isolated(self.claim.amount, self._known.amount, self.at)

    @property
    def misscaled(self) -> bool:
        """A14: the known figure with the next unit, be it told as a fact.

        Two make that slip independently: it waits until as many say it as say the other. Upwards
        no name makes it likelier: who mistranslates "billion" credits a medium in English.
        """
        if not self._agreed or self.backers >= len(self._known.voices):
            return False
        if self._somebody_new and not self.higher:
            return False
        return misscaled(self.claim.amount, self._known.amount, self.at)

    @property
    def _agreed(self) -> bool:
        """Whether two voices that are independent of each other give the standing figure."""
        return len(self._known.voices) >= AGREEING_VOICES

    @property
    def _somebody_new(self) -> bool:
        """Whether a source is credited that did not give the standing figure lately."""
        lately = {c.source for c in self._known.credits if self.within(c.last, CONTEST)}
        return bool(set(self.claim.sources) - lately)


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a table: the case, in the words of the rules, and what follows."""

    case: str
    holds: Callable[[Meeting], bool]
    verdict: Verdict


def _always(_: Meeting) -> bool:
    return True


#: The claim repeats a figure U (current, contested or part) of deal D.
TABLE_A: tuple[Row, ...] = (
    Row("denied long ago, rumoured", lambda m: m.revived and m.rumour, "after_denial"),
    Row("denied, rumoured", lambda m: m.denied and m.rumour, "stale"),
    Row("denied, confirmed", lambda m: m.denied, "reopen"),
    Row(
        "completed, additional (A7)",
        lambda m: m.completed and m.claim.additional and not (m.deal and m.deal.additional),
        "new",
    ),
    Row("rumoured, rumoured", lambda m: m.rumoured and m.rumour, "corroborated"),
    Row("rumoured->confirmed", lambda m: m.rumoured and m.fact, "confirm"),
    Row("contested, paid", lambda m: m.announced and m.contested and m.payment, "confirm"),
    Row(
        "announced->completed",
        lambda m: m.announced and m.payment and m.other_news and m.claim.kind != "valuation",
        "confirm",
    ),
    Row("announced->completed, same news", lambda m: m.announced and m.payment, "upgrade"),
    Row("announced, rumoured", lambda m: m.announced and m.rumour, "corroborated"),
    Row("completed lately, rumoured", lambda m: m.lately_completed and m.rumour, "corroborated"),
    Row("completed long ago, rumoured", lambda m: m.completed and m.rumour, "new"),
    Row("confirmed, confirmed", _always, "corroborated"),
)

#: It repeats none; D is the newest deal of the family that is not a backfill.
TABLE_B: tuple[Row, ...] = (
    Row("none known", lambda m: m.deal is None, "new"),
    Row("the next unit (A14)", lambda m: m.misscaled, "hold"),
    Row("corrected and confirmed (A4)", lambda m: m.corrects and m.turns, "confirm_and_move"),
    Row("corrected on its page (A4)", lambda m: m.corrects and not m.denied, "move"),
    Row("denied", lambda m: m.denied, "after_denial"),
    Row("contracts add up", lambda m: m.adds, "new"),
    Row("additional to a confirmed deal (A7)", lambda m: m.further, "related"),
    Row("rumoured, outdated figure", lambda m: m.rumoured and m.stale, "stale"),
    Row("rumoured, gone cold", lambda m: m.rumoured and m.cold, "new"),
    Row("isolated figure (A14)", lambda m: m.rumoured and m.rumour and m.isolated, "hold"),
    Row("rumoured, other sources", lambda m: m.rumoured and m.rumour and m.contests, "contest"),
    Row("rumoured, rumoured", lambda m: m.rumoured and m.rumour, "move"),
    Row("rumoured->confirmed, other amount", lambda m: m.rumoured, "confirm_and_move"),
    Row("confirmed, outdated figure", lambda m: m.fact and m.outdated_figure, "stale"),
    Row("settled lately, outdated rumour", lambda m: m.lately_settled and m.stale, "stale"),
    Row("announced lately, lower rumour", lambda m: m.doubts and not m.higher, "stale"),
    Row("isolated figure (A14)", lambda m: m.unlikely and m.isolated, "hold"),
    Row("announced lately, higher rumour", lambda m: m.doubts, "contest"),
    Row("announced, lower rumour", lambda m: m.announced and m.rumour and not m.higher, "related"),
    Row("announced, higher rumour", lambda m: m.announced and m.rumour, "new"),
    Row(
        "announced, instalment paid",
        lambda m: m.announced and m.payment and not m.higher,
        "related",
    ),
    Row(
        "announced->completed, other amount (A10)",
        lambda m: m.announced and m.payment and m.settling,
        "complete_and_move",
    ),
    Row("announced, other amount", lambda m: m.announced and m.settling, "move"),
    Row("announced, another deal", lambda m: m.announced, "new"),
    Row(
        "completed lately, lower rumour",
        lambda m: m.lately_completed and m.rumour and not m.higher,
        "stale",
    ),
    Row("completed, rumoured", lambda m: m.rumour, "new"),
    Row("completed, other amount", lambda m: m.same_deal, "move"),
    Row("completed, another deal", _always, "new"),
)

#: The claim is a denial: of a figure that it repeats, else of the deal that is open.
TABLE_C: tuple[Row, ...] = (
    Row("denied already", lambda m: m.denied, "corroborated"),
    Row("nothing known", lambda m: m.deal is None, "new"),
    Row("denied", lambda m: m.figure is not None, "deny"),
    Row("no hit, open deal denied", _always, "deny"),
)


def decide(table: tuple[Row, ...], meeting: Meeting) -> Row:
    """The first row that holds; the last row of each table always does."""
    return next(row for row in table if row.holds(meeting))
