"""One pass over a text: sentences with their mentions, then sum after sum in order.

Who decides what a sum is comes from outside (`Decide`): the reader's own judgement, or the gold
annotation while the scorer is trained.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from pipelines.claims import (
    amounts,
    continuing,
    cues,
    digressions,
    features,
    figures,
    frames,
    fullnames,
    funds,
    governor,
    lending,
    likening,
    parties,
    resolve,
    tables,
    tokens,
)
from pipelines.claims import shares as distribution
from pipelines.claims.amounts import Sum
from pipelines.claims.cues import Cue
from pipelines.claims.drafts import Draft, Thread
from pipelines.claims.features import Place
from pipelines.claims.figures import LEAST, MOST_SUMS, Figures
from pipelines.claims.governor import Governor
from pipelines.claims.mentions import Known, Mention
from pipelines.claims.record import record, replace
from pipelines.claims.salience import Past
from pipelines.claims.scene import Scene
from pipelines.claims.tokens import Reading, Sentence

Decide = Callable[[Place], list[Draft]]


@record
class Step:
    """A sentence and what was drafted from it."""

    scene: Scene
    drafts: tuple[Draft, ...]


@record
class _Heard:
    """What one sentence says, whatever the others do."""

    mentions: list[Mention]
    sums: tuple[Sum, ...]
    cues: tuple[Cue, ...]


def scenes(reading: Reading, known: Known) -> list[Scene]:
    """Every sentence of the story with its sums, parties and cues; references are not resolved
    yet, and paragraphs of something else are left out."""
    heard = [_heard(reading, sentence, known) for sentence in reading.sentences]
    found = _scenes(reading, heard)
    aside = digressions.lines(found, known, partial(_alone, known))
    if not aside:
        return found
    kept = [k for k, sentence in enumerate(reading.sentences) if sentence.line not in aside]
    rest = tokens.only(reading, [reading.sentences[k] for k in kept])
    if reading.sees_as(rest):
        return _scenes(rest, [heard[k] for k in kept])
    return _scenes(rest, [_heard(rest, sentence, known) for sentence in rest.sentences])


def _alone(known: Known, line: Sequence[Scene]) -> list[Draft]:
    """What the grammar draws from some sentences when it reads nothing else."""
    reading = tokens.only(line[0].reading, [scene.sentence for scene in line])
    steps, _ = walk(whole(reading, known), known, lambda p: [p.draft] if p.draft else [])
    return [draft for step in steps for draft in step.drafts]


def whole(reading: Reading, known: Known) -> list[Scene]:
    """Every sentence of a text, with those of something else."""
    return _scenes(reading, [_heard(reading, sentence, known) for sentence in reading.sentences])


def _heard(reading: Reading, sentence: Sentence, known: Known) -> _Heard:
    mentions = parties.find(reading, sentence, known)
    sums = amounts.find(reading, sentence)
    short = sentence.last - sentence.first <= _HEADING_TOKENS
    found = cues.find(reading, sentence) if sums or short else []
    if sums:  # the "CA" of "600 M$ CA" is no turnover
        taken = {k for s in sums if not s.bare for k in range(s.first, s.last)}
        mentions = [m for m in mentions if m.first not in taken]
        found = [c for c in found if c.first not in taken]
    return _Heard(mentions, tuple(sums), tuple(found))


def _scenes(reading: Reading, heard: Sequence[_Heard]) -> list[Scene]:
    named = fullnames.settled(funds.settled([one.mentions for one in heard]))
    return [
        Scene(reading, sentence, k, one.sums, tuple(parties.group(reading, mentions)), one.cues)
        for k, (sentence, one, mentions) in enumerate(
            zip(reading.sentences, heard, named, strict=True)
        )
    ]


def topic(found: Sequence[Scene]) -> str | None:
    """The start-up that a text is about: named most, title and opening counting more."""
    weights: dict[str, float] = {}
    for scene in found:
        for group in scene.groups:
            for mention in group.mentions:
                if mention.name and mention.role in ("subject", "rival"):
                    weight = 3 if scene.index < 2 else 1
                    weights[mention.name] = weights.get(mention.name, 0) + weight
    return max(weights, key=weights.__getitem__) if weights else None


def walk(found: list[Scene], known: Known, decide: Decide) -> tuple[list[Step], Thread]:
    """Decide sum after sum."""
    found = lending.settled(found)
    thread = Thread(Past(roles=dict(known.roles)), topic=topic(found))
    steps: list[Step] = []
    rows = tables.headings(found)
    told = figures.find(found)
    latest: dict[float, Draft] = {}
    title_names: frozenset[str] = frozenset()
    title_tops: frozenset[float] = frozenset()
    for scene in found:
        groups = tuple(resolve.resolved(scene.reading, scene.groups, thread.past))
        if groups != scene.groups:
            scene = replace(scene, groups=groups)
        for group in groups:
            for mention in group.mentions:
                if mention.name:
                    thread.past.roles.setdefault(mention.name, mention.role)
        drafts: list[Draft] = []
        shared = distribution.shares(scene, [s.scene for s in steps[-2:]]) if scene.sums else {}
        cued = steps[-1].scene.cues if scene.sums and steps else ()
        earlier = tuple(dict.fromkeys([cue.sort for cue in cued]))
        words = features.abstract(scene) if scene.sums else []
        likened = likening.likened(scene) if scene.sums else frozenset[str]()
        for one in scene.sums[:MOST_SUMS]:
            if one.conversion_of is not None or one.top < LEAST:
                continue
            at = (scene.index, one.first)
            figure = told.at(at)
            ruler = governor.find(scene, one) if figure is None else figure.governor
            share, row = shared.get(one.first), rows.get(scene.index)
            place = _place(scene, one, ruler, thread, share, row, words, told)
            place.others = likened
            if place.share is not None:
                place.others = place.others.union(shared.values()) - {place.share}
            place.title_names, place.title_tops = title_names, title_tops
            place.earlier = earlier
            place.elsewhere = told.elsewhere(figure, one.top)
            place.again = latest.get(one.top)
            for draft in decide(place):
                drafts.append(draft)
                thread.drafts.append(draft)
                thread.last = latest[draft.one.top] = draft
        thread.past.take(scene.reading, groups)
        steps.append(Step(scene, tuple(drafts)))
        if scene.index == 0:
            title_names = frozenset(n for g in scene.parties() for n in g.names)
            title_tops = frozenset(s.top for s in scene.sums)
    return steps, thread


#: How many lines a table may be away from the sentence that says what it lists.
LIST_REACH = 16
#: A heading, a question or a label has at most this many tokens.
_HEADING_TOKENS = 12


def _place(
    scene: Scene,
    one: Sum,
    found: Governor | None,
    thread: Thread,
    share: str | None,
    head: Scene | None,
    words: list[str],
    told: Figures,
) -> Place:
    draft = _draft(scene, one, found, thread, LIST_REACH if share is not None else _REACH)
    if share is not None and draft is not None:
        draft = continuing.given_to(draft, share, thread)
    heading = tables.read(head, scene, one) if head is not None else None
    listed = tables.drafted(heading, scene, one, share, thread) if heading is not None else None
    if heading is not None and listed is not None:
        draft, share = listed, heading.name or share
    table = listed is not None
    return Place(scene, one, found, draft, thread, words, told, share=share, table=table)


#: How many sentences a sum without a cue may be away from what it continues.
_REACH = 3


def _draft(
    scene: Scene, one: Sum, found: Governor | None, thread: Thread, reach: int
) -> Draft | None:
    """The grammar's answer: a price, what the cue says, or what the sum before was."""
    price = continuing.priced(scene, one, thread)
    if price is not None:
        return price
    if found is None:
        return continuing.inherit(scene, one, thread, 10.0, "list", reach)
    return frames.draw(scene, one, found, thread)
