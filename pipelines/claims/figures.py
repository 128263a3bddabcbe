"""The figures of a text and how they compare: "un tour de 40 milliards, à 300", "dont 10".

Which of two sums is the round and which the valuation, the whole and its part, is often told by
their sizes alone, and by what governs the sum behind. All of it is known before anything is
decided.
"""

from __future__ import annotations

from bisect import bisect, bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from pipelines.claims import governor
from pipelines.claims.amounts import Sum
from pipelines.claims.drafts import Draft
from pipelines.claims.governor import Governor
from pipelines.claims.record import record
from pipelines.claims.scene import Scene

#: Nothing below a million is funding: prices, salaries, shares, numbers without a scale.
LEAST = 1e6
#: A sentence with more figures is a table that lost its lines: the rest is not read.
MOST_SUMS = 30
#: Bounds of the ratio of two sums: the same one within rounding, a part, a multiple.
_FINE = (0.02, 0.1, 0.3, 0.7, 0.97, 1.03, 1.5, 3, 10, 50)
_COARSE = (0.2, 0.9, 1.1, 5)
#: Bounds of the share of the largest sum of the text.
_OF_LARGEST = (0.01, 0.05, 0.2, 0.5, 0.99)
#: Cues after which a sum is what a company is worth.
_PRICED = frozenset(("valuation", "value", "worth"))
#: How many of the claims before a sum it is compared with.
_LATELY = 8


@record
class Figure:
    """A sum before anything is decided: where it stands, how much it is, what governs it."""

    at: tuple[int, int]  # sentence and token
    top: float
    governor: Governor | None
    sort: str  # class of the governing cue, "" for none


@dataclass(slots=True)
class Figures:
    """All figures of a text in its order."""

    all: list[Figure]
    places: list[tuple[int, int]] = field(init=False)
    largest: float = field(init=False)
    priced: list[Figure] = field(init=False)  # what is said to be worth, smallest first
    sorts: dict[float, list[str]] = field(init=False)  # figure → what governs it, place by place

    def __post_init__(self) -> None:
        self.places = [f.at for f in self.all]
        self.largest = max((f.top for f in self.all), default=0.0)
        self.priced = sorted((f for f in self.all if f.sort in _PRICED), key=lambda f: f.top)
        self.sorts = {}
        for figure in self.all:
            if figure.sort:
                self.sorts.setdefault(figure.top, []).append(figure.sort)

    def at(self, at: tuple[int, int]) -> Figure | None:
        """The figure of one place; None for a number that had no scale of its own."""
        k = bisect_left(self.places, at)
        return self.all[k] if k < len(self.all) and self.places[k] == at else None

    def elsewhere(self, figure: Figure | None, top: float) -> frozenset[str]:
        """Classes of the cues that govern the same sum in other places than that of `figure`."""
        others = list(self.sorts.get(top, ()))
        if figure is not None and figure.sort in others:
            others.remove(figure.sort)
        return frozenset(others)


def find(scenes: Sequence[Scene]) -> Figures:
    """The figures of a text, conversions aside."""
    out: list[Figure] = []
    for scene in scenes:
        for one in scene.sums[:MOST_SUMS]:
            if one.top >= LEAST and one.conversion_of is None:
                ruler = governor.find(scene, one)
                sort = ruler.cue.sort if ruler is not None else ""
                out.append(Figure((scene.index, one.first), one.top, ruler, sort))
    return Figures(out)


def neighbours(figures: Figures, index: int, one: Sum) -> Iterator[str]:
    """Features of a sum beside others, decided or not: the one behind, the largest of the text,
    the least that is said to be worth something."""
    at, top, all_ = (index, one.first), one.top, figures.all
    k = bisect_left(figures.places, at)
    behind = k + (k < len(all_) and figures.places[k] == at)
    yield f"after={_beside(all_[behind], index, top) if behind < len(all_) else 'none'}"
    yield f"most={bisect(_OF_LARGEST, top / max(figures.largest, top))}"
    least = next((f.top for f in figures.priced[:2] if f.at != at), None)
    yield f"priced={bisect(_FINE, top / least) if least is not None else 'none'}"


def drafted(drafts: Sequence[Draft], one: Sum) -> Iterator[str]:
    """Features of a sum beside the last claims of each kind."""
    if drafts:
        yield f"last={bisect(_FINE, one.top / drafts[-1].one.top)}|{drafts[-1].kind}"
    seen: set[str] = set()
    for draft in reversed(drafts[-_LATELY:]):
        if draft.kind not in seen:
            seen.add(draft.kind)
            yield f"of={draft.kind}|{bisect(_FINE, one.top / draft.one.top)}"


def _beside(other: Figure, index: int, top: float) -> str:
    """A neighbour: how many times as much the sum is, what governs it, if in one sentence."""
    return f"{bisect(_COARSE, top / other.top)}|{other.sort}|{(other.at[0] == index)!s}"
