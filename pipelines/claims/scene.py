"""One sentence with everything found in it: what the readers of flow, stage and credit look at."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import field
from typing import TYPE_CHECKING, Any

from pipelines.claims.amounts import Sum
from pipelines.claims.cues import Cue
from pipelines.claims.mentions import Group
from pipelines.claims.record import record
from pipelines.claims.tokens import Reading, Sentence

if TYPE_CHECKING:
    from pipelines.claims.clauses import Clause


@record
class Scene:
    """A sentence and its mentions. `index` counts sentences of the text."""

    reading: Reading
    sentence: Sentence
    index: int
    sums: tuple[Sum, ...]
    groups: tuple[Group, ...]
    cues: tuple[Cue, ...]
    #: Groups that may pay or be paid: no media, something resolved.
    payable: tuple[Group, ...] = field(init=False)
    #: Tokens of the whole text in lower case; indices of mentions count in it.
    low: Sequence[str] = field(init=False, repr=False, compare=False)
    #: First token of a sum → the sum before it and the one behind, conversions aside.
    beside: Mapping[int, tuple[Sum | None, Sum | None]] = field(
        init=False, repr=False, compare=False
    )
    #: First token of a sum → its clause, once it was asked for, see `clauses.find`.
    clauses: dict[int, Clause] = field(init=False, repr=False, compare=False)
    #: First token of a sum → whether it is an older one, once asked, see `status.contrasted`.
    older: dict[int, bool] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        own: Any = self  # frozen to mypy alone, see record.py
        found = [g for g in self.groups if g.names and g.mentions[0].kind != "media"]
        own.payable, own.low = tuple(found), self.reading.low
        own.beside = _neighbours(self.sums) if self.sums else {}
        own.clauses, own.older = {}, {}

    def parties(self) -> tuple[Group, ...]:
        """Groups that may pay or be paid."""
        return self.payable

    def names_company(self) -> bool:
        """Whether somebody else than a state or town is named."""
        for group in self.payable:
            for mention in group.mentions:
                if mention.kind != "state":
                    return True
        return False

    def edges(self, one: Sum) -> tuple[int, int]:
        """What belongs to a sum alone: the tokens from the sum before it to the one behind."""
        before, after = self.beside[one.first]
        left = before.right if before is not None else self.sentence.first
        return left, after.left if after is not None else self.sentence.last

    def segment(self, i: int) -> tuple[int, int]:
        """Part of the sentence around token `i` between semicolons and spaced dashes."""
        low, first, last = self.reading.low, self.sentence.first, self.sentence.last
        if ";" not in low[first:last]:
            return first, last
        left = next((k + 1 for k in range(i - 1, first - 1, -1) if low[k] == ";"), first)
        right = next((k for k in range(i, last) if low[k] == ";"), last)
        return left, right


def _neighbours(sums: Sequence[Sum]) -> dict[int, tuple[Sum | None, Sum | None]]:
    if len(sums) == 1:  # as most
        return {sums[0].first: (None, None)}
    places = [one.first for one in sums]
    before: list[Sum | None] = [None]
    after: list[Sum | None] = [None]
    for one in sums[:-1]:
        before.append(one if one.conversion_of is None else before[-1])
    for one in sums[:0:-1]:
        after.append(one if one.conversion_of is None else after[-1])
    return dict(zip(places, zip(before, reversed(after), strict=True), strict=True))
