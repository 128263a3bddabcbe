"""The desk on which one article's claims about one payee are posted, and what comes off it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import NamedTuple

from pipelines.change.account import (
    Account,
    Family,
    Instance,
    Standing,
    deal_id,
    figure_of,
)
from pipelines.change.figures import compatible
from pipelines.money import Amount
from pipelines.records import (
    ALERTING,
    Certainty,
    Change,
    Claim,
    Corroboration,
    Figure,
    Label,
    Posting,
    Stage,
)

#: Labels of one family and article: the strongest names the alert (RULES 3.5).
STRENGTH: tuple[Label, ...] = (
    "denied",
    "confirmed",
    "contradiction",
    "amount_up",
    "amount_down",
    "new",
    "new_investor",
)


#: Said by nobody yet.
NOBODY = Corroboration(0, 0, ())


class Key(NamedTuple):
    """What makes a claim of a revised page the one that was there before (RULES 3.1, A8)."""

    kind: str
    payers: tuple[str, ...]
    payee: str
    amount: tuple[int | None, int | None]
    currency: str
    certainty: Certainty
    stage: Stage
    background: bool

    @classmethod
    def of(cls, claim: Claim) -> Key:
        return cls(
            claim.kind,
            tuple(sorted(claim.payers)),
            claim.payee,
            (claim.amount.low, claim.amount.high),
            claim.amount.currency,
            claim.certainty,
            claim.stage,
            claim.background,
        )


@dataclass(frozen=True, slots=True)
class Line:
    """A claim and its position in the article; a pre/post pair of valuations is one line."""

    positions: tuple[int, ...]
    claim: Claim
    pre: Amount | None = None
    pair: Claim | None = None  # the pre-money claim of a pair

    @property
    def figure(self) -> Figure:
        c = self.claim
        return figure_of(c.amount, c.certainty, c.stage, self.pre)


@dataclass(frozen=True, slots=True)
class Finding:
    """What one line turned out to be."""

    line: Line
    label: Label
    rule: str
    deal: str
    after: Figure
    before: Figure | None = None
    also: tuple[Label, ...] = ()
    corroboration: Corroboration = NOBODY
    names: tuple[str, ...] = ()  # of new investors

    @property
    def alert(self) -> bool:
        return self.label in ALERTING


class Desk:
    """Account before, claims of one article, account after. Lives for one posting."""

    def __init__(self, account: Account, posting: Posting, previous: Posting | None) -> None:
        self.before = account
        self.posting = posting
        self.previous = previous
        self.families = dict(account.families)
        self.changes: list[Change] = []
        self.lines = [
            Line((n,), c) for n, c in enumerate(posting.claims) if c.payee == account.payee
        ]

    @property
    def at(self) -> datetime:
        return self.posting.at

    @property
    def account(self) -> Account:
        """The account as it stands now, in the middle of the article."""
        return Account(self.before.payee, self.families, self.before.through)

    @property
    def revision(self) -> bool:
        return self.previous is not None

    @property
    def claims(self) -> list[Claim]:
        return [line.claim for line in self.lines]

    def put(self, instance: Instance) -> Instance:
        """Store an instance in the place of its former self, or as the newest."""
        known = self.families.get(instance.family, ())
        if any(i.id == instance.id for i in known):
            known = tuple(instance if i.id == instance.id else i for i in known)
        else:
            known = (*known, instance)
        self.families[instance.family] = known
        return instance

    def get(self, family: Family, id_: str) -> Instance | None:
        return next((i for i in self.families.get(family, ()) if i.id == id_), None)

    def bonded(self, claim: Claim) -> Instance | None:
        """The deal of which a person has said that the claim is."""
        if claim.bond is None:
            return None
        known = self.families.get(Family.of(claim), ())
        return next((i for i in known if i.bond == claim.bond), None)

    def tie(self, findings: Iterable[Finding]) -> None:
        """Bind the deals that bonded claims were posted to: the later ones go there too."""
        for found in findings:
            bond, family = found.line.claim.bond, Family.of(found.line.claim)
            deal = self.get(family, found.deal)
            if bond is not None and deal is not None:
                self.put(replace(deal, bond=bond))

    def date(self, findings: Iterable[Finding]) -> None:
        """Note by when rumours say that their deals will be settled: the latest day holds (A17)."""
        for found in findings:
            due = found.line.claim.due
            if due is None or found.label in ("held", "stale"):
                continue
            for family in self.families:
                deal = self.get(family, found.deal)
                if deal is not None and (deal.due is None or deal.due < due):
                    self.put(replace(deal, due=due))

    def open(self, line: Line, *, live: bool = True) -> Instance:
        """A deal never seen before."""
        claim, family = line.claim, Family.of(line.claim)
        text = claim.amount_text or f"{claim.amount.low} {claim.amount.high}"
        taken = {i.id for i in self.families.get(family, ())}
        number, id_ = 0, deal_id(family, self.posting.url, text)
        while id_ in taken:
            number += 1
            id_ = deal_id(family, self.posting.url, text, number=number)
        denied = self.at if claim.certainty == "denied" else None
        return self.put(
            Instance(
                id_,
                family,
                opened=self.at,
                heard=self.at,
                current=(Standing.of(claim, self.posting, line.pre),),
                live=live,
                payers=tuple(dict.fromkeys(claim.payers)),
                denied=denied,
                years=claim.years,
                instrument=claim.instrument,
                additional=claim.additional,
                bond=claim.bond,
            )
        )

    # what the article says besides
    def listed(self, amount: Amount, family: Family, besides: Line) -> bool:
        """Whether the article tells that figure too, as news."""
        return any(
            compatible(line.claim.amount, amount, self.at)
            for line in self.lines
            if not line.claim.background
            and line.positions != besides.positions
            and Family.of(line.claim) == family
        )

    def recalls(self, amount: Amount, family: Family) -> bool:
        """Whether the article recalls that figure as past (A1)."""
        return any(
            line.claim.background
            and Family.of(line.claim) == family
            and compatible(line.claim.amount, amount, self.at)
            for line in self.lines
        )

    def sentence_known(self, position: int) -> bool:
        """Whether the page's last version had the sentence of that claim (A16)."""
        if self.previous is None or self.previous.sentences is None:
            return False
        hashes = self.posting.claim_sentences
        sentence = hashes[position] if position < len(hashes) else None
        return sentence is not None and sentence in self.previous.sentences

    # what comes off the desk
    def record(self, finding: Finding, label: Label | None = None) -> None:
        """One silent outcome for each claim of the line."""
        for n in finding.line.positions:
            claim = self.posting.claims[n]
            after = figure_of(claim.amount, claim.certainty, claim.stage)
            one = replace(finding, line=Line((n,), claim), after=after)
            self.changes.append(self._change(one, label or finding.label, (n,), alert=False))

    def _change(
        self, finding: Finding, label: Label, positions: Iterable[int], *, alert: bool
    ) -> Change:
        claim = finding.line.claim
        names = finding.names if label == "new_investor" else claim.payers
        return Change(
            label=label,
            also=tuple(sorted(set(finding.also) - {label})) if alert else (),
            alert=alert,
            deal=finding.deal,
            kind=claim.kind,
            payers=() if claim.kind == "valuation" else tuple(sorted(set(names))),
            payee=claim.payee,
            before=finding.before,
            after=finding.after,
            article=self.posting.article,
            claims=tuple(sorted(positions)),
            rule=finding.rule,
            corroboration=finding.corroboration,
        )

    def publish(self, findings: list[Finding]) -> None:
        """Findings of one family, the total first: one alert at most, each silent one by itself."""
        loud = [f for f in findings if f.alert]
        if loud and all(self.sentence_known(n) for f in loud for n in f.line.positions):
            for finding in loud:
                self.record(replace(finding, rule=f"A16 reread ({finding.rule})"), "reread")
            loud = []
        for finding in findings:
            if not finding.alert:
                self.record(finding)
        if not loud:
            return
        first = min(loud, key=lambda f: STRENGTH.index(f.label))
        also = {x for f in loud for x in (f.label, *f.also)} - {first.label}
        names = {n for f in loud for n in (f.names or f.line.claim.payers)}
        if first.line.claim.kind in ("round", "debt") and first.label != "new_investor":
            claim = replace(first.line.claim, payers=tuple(sorted(names)))
            first = replace(first, line=replace(first.line, claim=claim))
        first = replace(first, also=tuple(sorted(also)), names=tuple(sorted(names)))
        positions = [n for f in loud for n in f.line.positions]
        self.changes.append(self._change(first, first.label, positions, alert=True))
        for finding in loud:
            self.mark(finding)

    def mark(self, finding: Finding) -> None:
        """Remember what was news: the difference of two folds is taken on it (A0)."""
        for family in self.families:
            instance = self.get(family, finding.deal)
            if instance is not None:
                self.put(replace(instance, news=instance.figure))
                return
