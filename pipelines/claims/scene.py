"""One sentence with everything found in it: what the readers of flow, stage and credit look at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import field

from pipelines.claims.amounts import Sum
from pipelines.claims.cues import Cue
from pipelines.claims.mentions import Group
from pipelines.claims.record import record
from pipelines.claims.tokens import Reading, Sentence


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

    def __post_init__(self) -> None:
        found = (g for g in self.groups if g.names and g.mentions[0].kind != "media")
        object.__setattr__(self, "payable", tuple(found))
        object.__setattr__(self, "low", self.reading.low)

    def parties(self) -> tuple[Group, ...]:
        """Groups that may pay or be paid."""
        return self.payable

    def segment(self, i: int) -> tuple[int, int]:
        """Part of the sentence around token `i` between semicolons and spaced dashes."""
        low, first, last = self.reading.low, self.sentence.first, self.sentence.last
        left = next((k + 1 for k in range(i - 1, first - 1, -1) if low[k] == ";"), first)
        right = next((k for k in range(i, last) if low[k] == ";"), last)
        return left, right
