"""What the scorer looks at: words around a sum, who stands where, what the grammar says.

Every feature is a short string that a reader can understand; `weights.json` gives each one a
weight, learned on our own corpus. The grammar's answer is itself a feature, so that the scorer
corrects the grammar rather than replaces it.

What may be true, false or None is written with `!s`: without it Python takes thrice as long to
format it, and four hundred are in the features of a text.
"""

from __future__ import annotations

from bisect import bisect
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from pipelines.claims import clauses, deals, destination, figures
from pipelines.claims.amounts import Sum
from pipelines.claims.clauses import Clause
from pipelines.claims.drafts import Draft, Thread
from pipelines.claims.figures import Figures
from pipelines.claims.governor import Governor
from pipelines.claims.scene import Scene
from pipelines.claims.tokens import PLAIN

#: How many words left and right of a sum are looked at in pairs, on the right one by one, too.
WINDOW_LEFT, WINDOW_RIGHT = 9, 7
#: How many to each side are looked at at all: a sentence may be a table that lost its lines.
LONGEST = 18
#: Buckets of a distance in tokens.
_BOUNDS = (1, 2, 4, 7, 12, 20)
_STEPS = ("0", "1", "3", "6", "11", "19", "far")
#: How many mentions back a company is still near.
RECENT = 12


def step(distance: int) -> str:
    """Bucket of a distance."""
    return _STEPS[bisect(_BOUNDS, distance)]


#: A sum beside one of these goes to, or comes from, every one of a group.
_EACH = frozenset(("chacun", "chacune"))
#: So many tokens behind the sum before still belong to that one.
_CLOSE = 2


@dataclass(slots=True)
class Place:
    """A sum in its sentence: neighbours, cues, the grammar's answer."""

    scene: Scene
    one: Sum
    governor: Governor | None
    draft: Draft | None  # the grammar's answer
    thread: Thread
    words: Sequence[str]  # of the sentence, see `abstract`
    figures: Figures
    left: int = 0  # edges of what belongs to this sum alone
    right: int = 0
    before: Sum | None = None
    after: Sum | None = None
    title_names: frozenset[str] = frozenset()
    title_tops: frozenset[float] = frozenset()
    share: str | None = None  # party that the sum belongs to by its place alone
    others: frozenset[str] = frozenset()  # parties that have other sums of the same sentence
    table: bool = False  # the headings of a table say what it is
    earlier: tuple[str, ...] = ()  # sorts of the cues in the sentence before
    elsewhere: frozenset[str] = frozenset()  # classes of the cues that govern the same figure
    again: Draft | None = None  # what the same figure was taken for before
    each: bool = False  # "chacun" stands beside the sum
    ways: dict[str, set[str]] = field(default_factory=dict)  # party → where it stands
    clause: Clause = field(init=False)

    def __post_init__(self) -> None:
        scene, one = self.scene, self.one
        self.before, self.after = scene.beside[one.first]
        self.left, self.right = scene.edges(one)
        # "19 milliards chacun, MGX et Oracle 7": what stands right behind a sum is said of it
        first = self.left + _CLOSE if self.before is not None else self.left
        self.each = not _EACH.isdisjoint(scene.low[first : self.right])
        self.clause = clauses.find(scene, one)


_DATES = {
    **dict.fromkeys("lundi mardi mercredi jeudi vendredi samedi dimanche".split(), "#day"),
    **dict.fromkeys("janvier février mars avril mai juin juillet août".split(), "#month"),
    **dict.fromkeys("septembre octobre novembre décembre".split(), "#month"),
}
#: Letters of a word that are kept where single words count: endings say little here.
STEM = 6


def abstract(scene: Scene) -> list[str]:
    """The sentence with parties, sums, numbers and dates as classes and verbs as lemmas."""
    first, last = scene.sentence.first, scene.sentence.last
    out = [
        _DATES.get(w, w) if w[0] in PLAIN else "#" if w[0].isdigit() and not w.isalpha() else w
        for w in scene.low[first:last]
    ]
    for cue in scene.cues:
        if cue.part == "v":
            out[cue.first - first] = cue.lemma
    for group in scene.groups:
        for m in group.mentions:
            label = "#" + (
                m.role if m.kind in ("known", "description", "pronoun") and m.name else m.kind
            )
            out[m.first - first] = label
            for k in range(m.first + 1, m.last):
                out[k - first] = ""
    for one in scene.sums:
        out[one.first - first] = "#sum" if not one.bare else "#bare"
        for k in range(one.first + 1, one.last):
            out[k - first] = ""
    return out


def around(place: Place, left: int, right: int) -> tuple[list[str], list[str]]:
    """Abstract words before and after a sum, nearest last on the left, up to the edges."""
    words, first, one = place.words, place.scene.sentence.first, place.one
    back = filter(None, words[max(left - first, 0) : one.left - first])
    ahead = filter(None, words[one.right - first : right - first])
    return list(back), list(ahead)


def kind_features(place: Place) -> list[str]:
    """Features of what sort of money a sum is, each once."""
    scene, one, draft = place.scene, place.one, place.draft
    out = ["bias", f"rk={draft.kind if draft else 'none'}", *_words(place)]
    if place.governor is not None:
        out.append(f"lem={place.governor.cue.lemma}")
    out += _cues_around(place)
    out += _parties_around(place)
    last_draft = place.thread.last
    lately = last_draft is not None and scene.index - last_draft.scene.index <= 1
    out += [f"pc={c}" for c in place.earlier]
    said = scene.low[one.last - 1] if one.last > one.first else ""
    out.append(f"size={len(str(int(one.top)))}|{one.qualifier}")
    out.append(f"unit={(said in ('milliards', 'milliard', 'millions', 'million', 'mds', 'md'))!s}")
    out.append(f"link={link(place)}|{last_draft.kind if last_draft and lately else ''}")
    out += _spent_in(place)
    out += _same_figure(place)
    out += figures.neighbours(place.figures, scene.index, one)
    out += figures.drafted(place.thread.drafts, one)
    out.append(f"cur={one.currency}")
    out += deals.of_sum(one.top, *_near(place))
    return out


def _words(place: Place) -> list[str]:
    """Words of the sentence before and behind a sum, and pairs of those nearest to it."""
    scene = place.scene
    back, ahead = around(place, scene.sentence.first, scene.sentence.last)
    near = back[-2:][::-1]
    out = [f"p0={w}" for w in near[:1]]
    out += ["pp=" + " ".join(near), f"pn={' '.join(near[:1])}_{' '.join(ahead[:1])}"]
    if place.one.bare:
        out += _bare(place, near[:1])
    out += [f"sl={w}" for w in {w[:STEM] for w in back[-LONGEST:]}]
    out += [f"sr={w}" for w in {w[:STEM] for w in ahead[:LONGEST]}]
    back, ahead = around(place, place.left, place.right)
    left = [w[:STEM] for w in back[-WINDOW_LEFT:]]
    right = [w[:STEM] for w in ahead[:WINDOW_RIGHT]]
    out += [f"wr={w}" for w in set(right)]
    out += [f"wl={a} {b}" for a, b in set(pairwise(left))]
    out += [f"wr={a} {b}" for a, b in set(pairwise(right))]
    return out


def _near(place: Place) -> tuple[frozenset[str], frozenset[str]]:
    """Companies of the sentence, and those that title, topic or the sentences before name."""
    past = place.thread.past.namings[-RECENT:]
    near = {n.mention.name for n in past if n.mention.name} | place.title_names
    if place.thread.topic:
        near.add(place.thread.topic)
    return frozenset([n for g in place.scene.parties() for n in g.names]), frozenset(near)


def _bare(place: Place, near: list[str]) -> Iterator[str]:
    """What tells a sum without its unit ("puis 20 en mars") from a number that counts things."""
    one, last = place.one, place.thread.last
    said = place.scene.low[one.first]
    yield f"bp={' '.join(near)}"
    yield f"bw={said.isalpha()!s}|{said}"
    yield f"bk={link(place)}|{last.kind if last is not None else ''}"


def _same_figure(place: Place) -> Iterator[str]:
    """What the text says of this figure in other places: a title is often clear only from them."""
    again, governed = place.again, place.governor is not None
    yield f"again={again.kind if again else ''}|{governed!s}"
    for sort in place.elsewhere:
        yield f"else={sort}"
        yield f"else={sort}|{governed!s}"


#: Before a place, and what may stand between.
_IN = frozenset("à en au aux dans sur pour".split())
_ARTICLES = frozenset("le la l' les ce cet cette son sa leur".split())
#: How far behind a sum the place stands where it is spent.
_SPENT = 8


def _spent_in(place: Place) -> Iterator[str]:
    """Whether a sum goes to a place instead of a company: "15 milliards à San Francisco". Rougher
    than `destination.find`, which differs on 74 sums of the corpus; the weights learned this."""
    one, low = place.one, place.scene.low
    stop = min(place.right, one.right + _SPENT)
    for k in range(one.right, stop - 1):
        if low[k] in _IN:
            at = k + 2 if low[k + 1] in _ARTICLES else k + 1
            if at >= stop:
                return
            if destination.is_place(place.scene, at, stop):
                sort = place.governor.cue.sort if place.governor is not None else ""
                near = place.draft is not None and place.draft.explicit > 1
                yield f"spentin={near}"
                yield f"spentin={sort}"
                return


def _cues_around(place: Place) -> Iterator[str]:
    one = place.one
    left = [c for c in place.scene.cues if c.last <= one.left][-2:]
    right = next((c for c in place.scene.cues if c.first >= one.right), None)
    for rank, cue in enumerate(reversed(left)):
        cut = cue.first < place.left
        yield f"L{rank}={cue.sort}|{cut!s}"
    if right is not None:
        yield f"R0={right.sort}|{(right.first >= place.right)!s}"


def _parties_around(place: Place) -> Iterator[str]:
    one = place.one
    left = right = None
    for group in place.scene.parties():
        if group.last <= one.left:
            left = group
        elif group.first >= one.right and right is None:
            right = group
    if left is not None:
        yield f"pl={left.mentions[0].role}|{left.prep}|{(left.first < place.left)!s}"
    if right is not None:
        yield f"pr={right.mentions[0].role}|{right.prep}|{(right.first >= place.right)!s}"


def link(place: Place) -> str:
    """What joins a sum to the one before it in the sentence: "dont", "puis", "contre", a comma."""
    if place.before is None:
        return "new"
    gap = place.scene.low[place.before.right : place.one.left]
    for word in ("dont", "contre", "puis", "tandis", "soit", "ou", "avant", "après", "mais"):
        if word in gap:
            return word
    return f"gap{min(len(gap), 6)}"
