"""What the rest of a text tells of a claim: the sentences around, the title, the same figure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import accumulate

from pipelines.claims import attribution, background, negation, status
from pipelines.claims.attribution import Credit
from pipelines.claims.drafts import Draft
from pipelines.claims.lexicon import Hit
from pipelines.claims.negation import Negation
from pipelines.claims.scene import Scene
from pipelines.claims.walk import Step

YEARS = frozenset(map(str, range(1900, 2100)))
MONTHS = frozenset(
    "janvier février mars avril mai juin juillet août septembre octobre novembre décembre".split()
)
#: How far from a figure, in tokens, a word of certainty is said of it.
_NEAR = 15
#: Of how many places of the same figure note is taken; more tell nothing new.
_PLACES = 6
_DOUBTS = frozenset(("denied", "conditional"))
#: A text is about the companies of its first sentences.
_LEAD = 3


#: Beginnings of the verbs that bring news.
SAYING = tuple(
    "annonc indiqu révél rapport affirm expliqu précis confirm déclar assur fait dévoil écrit dit"
    " promis évoqu appris publi".split()
)
_FUTURE = ("era", "eront", "ira", "iront", "dra", "dront")
#: Last letters of all these, of imperfects and of conditionals.
_LAST = frozenset("at")
#: How many tokens before "que" the verb of saying stands.
_THAT = 6


@dataclass(frozen=True, slots=True)
class Text:
    """What is read once and asked for every claim of a text."""

    steps: Sequence[Step]
    scenes: tuple[Scene, ...]
    signs: tuple[list[Hit[str]], ...]  # words of certainty of every sentence
    negations: tuple[tuple[Negation, ...], ...]  # negated verbs of every sentence
    times: tuple[list[Hit[str]], ...]  # words of time of every sentence
    credits: tuple[Credit, ...]
    soft: int  # how much of it is in the conditional, in quarters
    title_tops: frozenset[float]
    lead: frozenset[str]  # companies named in the first sentences
    figures: dict[float, list[tuple[int, int, frozenset[str]]]]  # sentence, token, words near
    ranges: dict[tuple[str, str | None], tuple[float, float]]  # kind, payee → least, largest sum
    verbs: dict[int, list[tuple[int, str, bool]]]  # where, tense, future of what was said?
    doubts: tuple[frozenset[str], ...]  # which sentences deny something or are hearsay
    places: tuple[int, ...]  # how many sentences on companies of the watch stand before each


@dataclass(slots=True)
class Told:
    """What the text has claimed so far."""

    deals: dict[tuple[str, str | None], float] = field(default_factory=dict)  # first sum of each
    parties: set[tuple[tuple[str, ...], str | None]] = field(default_factory=set)
    takers: set[str | None] = field(default_factory=set)
    givers: set[str] = field(default_factory=set)

    def take(self, draft: Draft) -> None:
        """One claim more."""
        self.deals.setdefault((draft.kind, draft.payee), draft.one.top)
        self.parties.add((draft.payers, draft.payee))
        self.takers.add(draft.payee)
        self.givers.update(draft.payers)


def read(steps: Sequence[Step]) -> Text:
    """The surroundings of all claims of a text."""
    scenes = tuple([step.scene for step in steps])
    negations = tuple(map(negation.find, scenes))
    signs = tuple(map(status.signs, scenes, negations))
    said = [frozenset([h.value for h in hits]) for hits in signs]
    top = steps[0].scene if steps else None
    return Text(
        steps,
        scenes,
        signs,
        negations,
        tuple(map(background.signs, scenes)),
        tuple(map(attribution.credit, scenes)),
        round(4 * len([s for s in said if "conditional" in s]) / max(len(said), 1)),
        frozenset(s.top for s in top.sums) if top else frozenset(),
        frozenset(n for step in steps[:_LEAD] for g in step.scene.parties() for n in g.names),
        _figures(steps, signs),
        _ranges(steps),
        {k: verbs(step.scene) for k, step in enumerate(steps) if step.drafts},
        tuple(_DOUBTS & values for values in said),
        tuple(accumulate((_on_known(step.scene) for step in steps), initial=0)),
    )


def _on_known(scene: Scene) -> bool:
    """Whether a sentence names a company of the watch; one of something else hardly does, and so
    what follows it stands no later for it."""
    return any(m.kind == "known" for g in scene.parties() for m in g.mentions)


def _ranges(steps: Sequence[Step]) -> dict[tuple[str, str | None], tuple[float, float]]:
    out: dict[tuple[str, str | None], tuple[float, float]] = {}
    for step in steps:
        for draft in step.drafts:
            top = draft.one.top
            least, most = out.get((draft.kind, draft.payee), (top, top))
            out[draft.kind, draft.payee] = min(least, top), max(most, top)
    return out


def _figures(
    steps: Sequence[Step], signs: Sequence[list[Hit[str]]]
) -> dict[float, list[tuple[int, int, frozenset[str]]]]:
    out: dict[float, list[tuple[int, int, frozenset[str]]]] = {}
    for k, step in enumerate(steps):
        for one in step.scene.sums:
            near = frozenset(h.value for h in signs[k] if abs(h.first - one.first) < _NEAR)
            places = out.setdefault(one.top, [])
            if len(places) < _PLACES:
                places.append((k, one.first, near))
    return out


def plain(scene: Scene, first: int, last: int) -> set[str]:
    """Words between two tokens that belong to no name: who it is does not tell how sure it is."""
    near = [g for g in scene.groups if g.first < last and g.last > first]
    if not near:
        return set(scene.low[first:last])
    names = {k for g in near for m in g.mentions if m.name for k in range(m.first, m.last)}
    return {scene.low[k] for k in range(first, last) if k not in names}


def imperfect(word: str) -> bool:
    """Whether a word ends as the imperfect does and not as the conditional."""
    return word.endswith(("ait", "aient")) and len(word) > 4 and not status.is_conditional(word)


def verbs(scene: Scene) -> list[tuple[int, str, bool]]:
    """Verbs of a sentence whose ending tells their tense."""
    out: list[tuple[int, str, bool]] = []
    first, last = scene.sentence.first, scene.sentence.last
    for k in [k for k, word in enumerate(scene.low[first:last], first) if word[-1] in _LAST]:
        word = scene.low[k]
        if status.is_conditional(word):
            out.append((k, "cond", _reported(scene, k)))
        elif imperfect(word):
            out.append((k, "impf", False))
        elif len(word) > 4 and word.endswith(_FUTURE):
            out.append((k, "fut", False))
    return out


def _reported(scene: Scene, at: int) -> bool:
    """Whether a conditional is the future of what somebody said: "a annoncé qu'il investirait"."""
    low, first = scene.low, scene.sentence.first
    for k in range(at - 1, first, -1):
        if low[k] in (";", ":"):
            return False
        if low[k] in ("que", "qu'", "qu’"):
            return any(w.startswith(SAYING) for w in low[max(first, k - _THAT) : k])
    return False


def context(text: Text, k: int) -> dict[str, list[str]]:
    """Model → what the sentences around sentence `k` say: how sure it is hangs on what follows
    (denials, hearsay that goes on), how old it is on what stands before."""
    credit = text.credits[k]
    cited = f"cr={bool(credit.names)!s}|{credit.again!s}|{credit.release!s}"
    both = [f"soft={text.soft}"]
    if k:
        both += [f"top={h}" for h in {h.value for h in text.signs[0]}]
    return {
        "status": [*both, cited, *_behind(text, k)],
        "background": [*both, *_before(text, k), *_listed(text, k)],
    }


def _behind(text: Text, k: int) -> list[str]:
    """What the sentence right behind says, and whether it credits anybody."""
    if k + 1 == len(text.steps):
        return ["nx=none"]
    same = _paragraph(text, k) == _paragraph(text, k + 1)
    cited = f"nxcr={bool(text.credits[k + 1].names)!s}|{same!s}"
    return [cited, *[f"nx={value}" for value in {h.value for h in text.signs[k + 1]}]]


def _before(text: Text, k: int) -> list[str]:
    """What the sentence right before says, in one paragraph."""
    if not k or _paragraph(text, k) != _paragraph(text, k - 1):
        return []
    said = [f"pv={value}" for value in {h.value for h in text.signs[k - 1]}]
    return said + [f"pvb={h.value}" for h in text.times[k - 1]]


def _paragraph(text: Text, k: int) -> int:
    return text.scenes[k].sentence.paragraph


def _listed(text: Text, k: int) -> Iterator[str]:
    """What announces the list in which sentence `k` stands, and whether it opens with a date."""
    at = attribution.opener(text.scenes, k)
    if at is not None:
        yield from (f"lead={h}" for h in {h.value for h in text.signs[at]})
        yield from (f"leadb={h.value}" for h in text.times[at])
    yield f"dated={_dated(text.scenes[k])!s}"


def _dated(scene: Scene) -> bool:
    """Whether a sentence opens with a date, as the lines of a chronology do."""
    opening = scene.low[scene.sentence.first : scene.sentence.first + 4]
    return not (MONTHS.isdisjoint(opening) and YEARS.isdisjoint(opening))


def negated(negations: Sequence[Negation], first: int = 0, last: int | None = None) -> bool:
    """Whether one of these denies something between two tokens: "n'en fera rien"."""
    return bool(negations) and any(
        one.first >= first and (last is None or one.first < last)
        for one in negations
        if one.sort in ("deed", "other")
    )
