"""Whether the money of a paragraph goes to something else than a company of the watch, though it
names somebody followed: "Temasek a mis 780 millions dans une brasserie".

A model weighs each sentence with money by its words and those of its neighbours, what governs each
sum and where it goes. It has learned of all such sentences of the corpus, with a claim or without,
and of paragraphs that strangers wrote (tests/corpus/elsewhere.jsonl and asides.jsonl).
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from itertools import chain

from pipelines.claims import asides, destination, governor, scorer
from pipelines.claims.amounts import Sum
from pipelines.claims.drafts import YOUNG
from pipelines.claims.features import abstract
from pipelines.claims.scene import Scene
from pipelines.records import Role

#: Margins (in nats) above which a paragraph tells of something else: of one that stands by itself,
#: and of one that may lean on the story.
SURE, CERTAIN = 1.0, 3.0
#: How many sentences before and behind tell what a sentence speaks of.
_NEAR = 2
#: More companies than this in a sentence count as so many.
_PARTIES = 3
#: Who is paid in the stories of a watch.
_TAKERS: tuple[Role, ...] = (*YOUNG, "project")
#: Sorts of descriptions that may mean one that raises money.
_RAISING = frozenset(("startup", "rival"))
#: Classes of words that stand for no name.
_NAMELESS = frozenset(("#sum", "#bare", "#day", "#month", "#"))


def margin(line: Sequence[Scene]) -> float:
    """By how many nats all money of a paragraph rather goes elsewhere: the least of its sentences;
    minus infinity where it tells none, or may tell some of the story's."""
    model = scorer.weights().get("elsewhere")
    sums = [one for scene in line for one in scene.sums]
    # a bare figure may be in the story's billions: "Il en mettrait 30 au tour de table"
    if model is None or not sums or any(one.bare for one in sums) or any(map(_may_raise, line)):
        return -math.inf
    found = (scorer.margin(scorer.gathered(model, signs)) for _, signs in features(line))
    return min(found, default=-math.inf)


def _may_raise(scene: Scene) -> bool:
    """Whether a sentence speaks of a company that raises money, or of one that may."""
    mentions = [m for group in scene.groups for m in group.mentions]
    return any(m.role in _TAKERS or m.sort in _RAISING for m in mentions)


def features(line: Sequence[Scene]) -> Iterator[tuple[Scene, set[str]]]:
    """Of each sentence with money of a paragraph its words and those near it, but for the parties'
    names; how many it names; how large each sum is, what governs it and where it goes."""
    words = [_words(scene) for scene in line]
    for k, scene in enumerate(line):
        sums = asides.money(scene)
        if sums:
            near = chain(*words[max(k - _NEAR, 0) : k], *words[k + 1 : k + 1 + _NEAR])
            out = {"bias", *_parties(scene)}
            out.update([f"w={word}" for word in words[k]])
            out.update([f"c={word}" for word in near])
            for one in sums:
                out.update(_money(scene, one))
            yield scene, out


def _words(scene: Scene) -> list[str]:
    told = abstract(scene)
    return [w[: asides.STEM] for w in told if w and (w[0] != "#" or w in _NAMELESS)]


def _parties(scene: Scene) -> Iterator[str]:
    mentions = [m for group in scene.groups for m in group.mentions]
    named = {m.name for m in mentions if m.name and m.kind != "media"}
    referred = any(m.kind in ("description", "pronoun") for m in mentions)
    yield f"named={min(len(named), _PARTIES)}"
    yield f"referred={referred!s}"


def _money(scene: Scene, one: Sum) -> Iterator[str]:
    ruler = governor.find(scene, one)
    sort = ruler.cue.sort if ruler is not None else ""
    yield f"size={len(str(int(one.top)))}"
    yield f"currency={one.currency}"
    yield f"gov={sort}"
    if ruler is not None:
        yield f"lem={ruler.cue.lemma}|{ruler.how}"
    to = destination.find(scene, one, scene.edges(one)[1])
    if to is not None:
        yield f"to={to.prep}|{to.sort}"
        yield f"to={to.sort}|{sort}"
        yield f"ton={to.noun}"
