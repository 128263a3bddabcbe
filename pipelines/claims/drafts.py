"""A claim in the making, the thread of the text, and where French puts payer and payee."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from pipelines.claims import clauses
from pipelines.claims.amounts import Sum
from pipelines.claims.cues import Cue
from pipelines.claims.mentions import Group
from pipelines.claims.record import record
from pipelines.claims.salience import REACH, Past
from pipelines.claims.scene import Scene
from pipelines.records import Instrument, Kind, Role

#: Prepositions of the one who gets the money, of the one who gives it.
TO = ("dans", "chez", "à", "auprès", "sur", "pour", "vers")


BY = ("par",)


#: Pronouns of the one who gets, and how many tokens before the verb they stand: "lui a déjà versé".
_DATIVE = frozenset(("lui", "leur", "y"))
_CLITIC = 4
YOUNG: tuple[Role, ...] = ("subject", "rival")


@record
class Draft:
    """A claim in the making."""

    one: Sum
    scene: Scene
    kind: Kind
    payers: tuple[str, ...]
    payee: str | None
    rule: str
    cost: float = 0.0
    how: str = ""
    cue: Cue | None = None
    explicit: int = 0  # how many of payer and payee the sentence itself names
    instrument: Instrument | None = None
    odds: float = 1.0  # product of the probabilities of kind, payee and payers
    signals: tuple[str, ...] = ()  # what the confidence is made of
    backers: tuple[str, ...] = ()  # whom the grammar takes for the givers of a round


@dataclass(slots=True)
class Thread:
    """What the text was speaking of: fills what a sentence leaves open."""

    past: Past
    topic: str | None = None  # start-up that the whole text is about
    last: Draft | None = None
    drafts: list[Draft] = field(default_factory=list)

    def payee(self, but: Sequence[str] = ()) -> str | None:
        """Who gets money in this part of the text."""
        for draft in reversed(self.drafts[-4:]):
            if draft.payee and draft.kind != "commitment" and draft.payee not in but:
                return draft.payee
        young = self.past.last_young(but)
        return young or (self.topic if self.topic not in but else None)

    def spoken_of(self, but: Sequence[str] = ()) -> str | None:
        """The company that "lui" and "y" stand for: the last subject, or the one named last."""
        for name in reversed(self.past.subjects[-2:]):
            if name not in but:
                return name
        recent = (n.mention.name for n in reversed(self.past.namings[-REACH:]))
        return next((name for name in recent if name and name not in but), None)

    def payers(self, payee: str | None) -> tuple[str, ...]:
        """Who paid last, to that payee if one is known."""
        for draft in reversed(self.drafts[-4:]):
            if draft.payers and draft.kind == "investment" and payee in (None, draft.payee):
                return draft.payers
        return ()


def previous_sum(scene: Scene, one: Sum) -> Sum | None:
    """The sum before `one` in its sentence, conversions aside."""
    return scene.beside[one.first][0]


def next_sum(scene: Scene, one: Sum) -> Sum | None:
    """The sum after `one` in its sentence, conversions aside."""
    return scene.beside[one.first][1]


def subject(scene: Scene, before: int, but: Sequence[str] = ()) -> Group | None:
    """Nearest party without preposition left of token `before`, in the same segment."""
    left, _ = scene.segment(before)
    for group in reversed(scene.parties()):
        if (left <= group.first and group.last <= before and group.prep == "") and (
            any(name not in but for name in group.names)
        ):
            return group
    return None


def doer(draft: Draft, but: Sequence[str] = ()) -> Group | None:
    """The subject of the governing verb: by its clause, else the nearest party before it."""
    scene, cue = draft.scene, draft.cue
    if cue is None:
        return None
    caused = _caused(scene, cue)
    if caused is not None and any(name not in but for name in caused.names):
        return caused
    clause = clauses.find(scene, draft.one)
    found = clause.subject if clause.cue is cue and not clause.passive else None
    if found is not None and any(name not in but for name in found.names):
        return found
    return subject(scene, cue.first, but)


def _caused(scene: Scene, cue: Cue) -> Group | None:
    """ "il a convaincu Coatue de mettre 4 milliards": who is made to do it."""
    if cue.mood != "inf" or scene.low[cue.first - 1] not in ("de", "d'", "à"):
        return None
    beside = (g for g in scene.parties() if g.last == cue.first - 1 and g.prep in ("", "à"))
    return next((g for g in beside if _causing(scene, g.first)), None)


def _causing(scene: Scene, first: int) -> bool:
    before = scene.low[max(first - _CLITIC, scene.sentence.first) : first]
    return any(word.startswith(_CAUSES) for word in before)


#: Who is object of these gives: "convaincre X de", "amener X à".
_CAUSES = ("convain", "persuad", "pressé", "sommé", "amené", "poussé")


def pronoun(scene: Scene, cue: Cue) -> bool:
    """Whether "lui", "leur" or "y" stands before a verb: the one who gets is not named here."""
    return bool(
        _DATIVE & set(scene.low[max(cue.first - _CLITIC, scene.sentence.first) : cue.first])
    )


def marked(
    scene: Scene, preps: Sequence[str], first: int, last: int, but: Sequence[str] = ()
) -> Group | None:
    """First party with one of the prepositions inside a span."""
    for group in scene.parties():
        if (first <= group.first < last and group.prep in preps) and (
            any(name not in but for name in group.names)
        ):
            return group
    return None


@record
class Reach:
    """Edges of a sum's segment, and of what lies between its neighbours."""

    left: int
    near_left: int
    near_right: int
    right: int


def bounds(draft: Draft) -> Reach:
    """What belongs to a sum: its segment, and the part of it between the sums beside it."""
    scene, one = draft.scene, draft.one
    left, right = scene.segment(one.first)
    before, after = previous_sum(scene, one), next_sum(scene, one)
    near_left = max(before.right, left) if before else left
    return Reach(left, near_left, after.left if after else right, right)


def own_party(draft: Draft) -> Group | None:
    """A party between the previous sum and this one, where a verb is shared by several sums:
    "Amazon apporte 50 milliards, Nvidia 30 milliards"."""
    before = previous_sum(draft.scene, draft.one)
    if before is None or draft.cue is None or draft.cue.first > before.first:
        return None
    for group in reversed(draft.scene.parties()):
        if before.right <= group.first and group.last <= draft.one.left:
            return group
    return None


def bracketed(draft: Draft) -> Group | None:
    """ "Amazon (jusqu'à 50 milliards)": the sum in parentheses belongs to the name before them."""
    low, one = draft.scene.low, draft.one
    if one.left - 1 < draft.scene.sentence.first or low[one.left - 1] != "(":
        return None
    return next((g for g in draft.scene.parties() if g.last == one.left - 1), None)


def young_party(groups: Sequence[Group], but: Sequence[str]) -> str | None:
    for group in groups:
        for mention in group.mentions:
            if mention.name and mention.role in YOUNG and mention.name not in but:
                return mention.name
    return None


def payee_near(
    draft: Draft, but: Sequence[str], preps: Sequence[str] = TO
) -> tuple[str | None, bool]:
    """Payee marked by a preposition: right of the sum, between cue and sum, or left."""
    scene, one = draft.scene, draft.one
    reach = bounds(draft)
    relative = _antecedent(draft, reach, but)
    if relative is not None:
        return relative, True
    left, near_left, near_right, right = reach.left, reach.near_left, reach.near_right, reach.right
    spans = [(one.right, near_right), (near_left, one.left), (one.right, right), (left, one.left)]
    for first, last in spans:
        group = marked(scene, preps, first, last, but)
        if group is not None:
            return next(n for n in group.names if n not in but), True
    return None, False


def _antecedent(draft: Draft, reach: Reach, but: Sequence[str]) -> str | None:
    """ "Nokia, dans lequel Nvidia a mis", "Oracle, à qui elle a promis": before the clause."""
    scene, cue = draft.scene, draft.cue
    if cue is None:
        return None
    low, stop = scene.low, min(cue.first, draft.one.left)
    for k in range(stop - 1, reach.near_left, -1):
        if low[k] in _TO_WHICH or (low[k] == "qui" and low[k - 1] in TO):
            before = (g for g in reversed(scene.parties()) if g.last <= k)
            return next((n for g in before for n in reversed(g.names) if n not in but), None)
    return None


_TO_WHICH = frozenset(("lequel", "laquelle", "auquel", "auxquels", "auxquelles", "lesquels"))
