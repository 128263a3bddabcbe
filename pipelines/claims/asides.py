"""Whether a paragraph stands by itself, by what a model has learned of such paragraphs
(tests/corpus/asides.jsonl) and of those that belong to a story: its words and pairs of words alone,
neither whom it names nor which currency it counts in."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain, pairwise

from pipelines.claims import scorer
from pipelines.claims.amounts import Sum
from pipelines.claims.features import abstract
from pipelines.claims.figures import LEAST
from pipelines.claims.scene import Scene

#: Margins (in nats) of a paragraph that stands by itself: of one with sums, of one without, which
#: has no claim of its own to lose, and of one with which more would be lost.
SURE, LIKELY, CERTAIN = 0.5, -0.5, 3.0
#: How many letters of a word count.
STEM = 7
#: How many sentences are told apart, and in steps of how many tokens up to which length.
_SENTENCES, _STEP, _LENGTH = 4, 15, 8
#: Last token of a whole sentence.
_ENDS = frozenset((".", "!", "?", "…", "...", "»", ")", '"'))


def stands_alone(line: Sequence[Scene], reserved: bool) -> bool:
    """Whether the sentences of a line are prose that needs no text around it; of a reserved line,
    whether that is certain."""
    model = scorer.weights().get("aside")
    if model is None or not is_prose(line[0]):
        return False
    # a bare figure counts: "Le premier portait sur 11,9" may be in the story's billions
    least = CERTAIN if reserved else SURE if any(scene.sums for scene in line) else LIKELY
    return scorer.margin(scorer.gathered(model, features(line))) > least


def features(line: Sequence[Scene]) -> set[str]:
    """Words of a paragraph and pairs of them, with names, sums and dates as classes, what it begins
    with, and its length."""
    words = [[word[:STEM] for word in abstract(scene) if word] for scene in line]
    length = sum(scene.sentence.last - scene.sentence.first for scene in line)
    out = {f"w={word}" for word in chain.from_iterable(words)}
    out.update(f"p={one} {other}" for some in words for one, other in pairwise(some))
    out |= {
        "bias",
        f"opens={words[0][0]}",
        f"opens={' '.join(words[0][:2])}",
        f"sums={any(map(money, line))!s}",
        f"named={bool(names(line))!s}",
        f"sentences={min(len(line), _SENTENCES)}",
        f"length={min(length // _STEP, _LENGTH)}",
    }
    return out


def is_prose(scene: Scene) -> bool:
    """Whether a paragraph opens with a whole sentence; headings, labels and cells have none."""
    sentence = scene.sentence
    low = scene.low[sentence.first : sentence.last]
    return low[-1] in _ENDS and "|" not in low and not sentence.bullet


def money(scene: Scene) -> list[Sum]:
    """Sums of a sentence that are money by themselves and large enough to be anybody's deal."""
    return [one for one in scene.sums if not one.bare and one.top >= LEAST]


def names(line: Iterable[Scene]) -> set[str]:
    """Who is named, media apart, which tell of everything."""
    groups = [group for scene in line for group in scene.groups]
    return {m.name for g in groups for m in g.mentions if m.name and m.kind != "media"}
