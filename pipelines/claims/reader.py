"""The order of the steps: the only module here that knows all the others."""

from __future__ import annotations

import re
from bisect import bisect, bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import get_args

from pipelines.claims import (
    attribution,
    background,
    decide,
    denials,
    participants,
    particulars,
    parties,
    passing,
    questions,
    recipients,
    scorer,
    status,
    supposing,
    surroundings,
    terms,
    traits,
    walk,
)
from pipelines.claims.amounts import Sum
from pipelines.claims.confidence import confidence
from pipelines.claims.consolidate import consolidate
from pipelines.claims.drafts import Draft
from pipelines.claims.lexicon import Hit
from pipelines.claims.mentions import Known
from pipelines.claims.scene import Scene
from pipelines.claims.status import Status
from pipelines.claims.surroundings import Text, Told
from pipelines.claims.tokens import Reading, Sentence
from pipelines.records import QUOTE_LIMIT, Certainty, Claim, Post, Stage, Watch

VERSION = "1"

#: No money, no claim: a cheap test before anything is cut into tokens.
_MONEY = re.compile(
    r"milliard|million|billion|\d[\s\u00a0\u202f\u2009]?(?:mds?|mrds?|mi[ao]s?|mlns?|bn|[mgk])\b|[$€£]",
    re.IGNORECASE,
)
#: Least confidence of a claim worth anybody's look: what is more likely wrong than right is none.
#: In five folds over authors F1 is 0.847 with 0.35, 0.852 with this and 0.853 with 0.55.
LEAST_LIKELY = 0.5
#: How many sentences without money and without the conditional a credit survives; those that name
#: no company do not count.
IDLE = 1
#: Words of certainty with which a report goes on.
_HEARSAY = frozenset(("conditional", "talks", "anonymous", "considered"))
_CERTAINTIES: dict[str, Certainty] = {name: name for name in get_args(Certainty)}
_STAGES: dict[str, Stage] = {name: name for name in get_args(Stage)}


def find(
    text: str,
    watch: Watch,
    *,
    title: str = "",
    posts: tuple[Post, ...] = (),
    published: datetime | None = None,
) -> tuple[Claim, ...]:
    """Claims of `text`, in its order; see the package."""
    if not _MONEY.search(text) and not _MONEY.search(title):
        return ()
    if posts:
        return _of_posts(text, watch, title, posts)
    return tuple(_shift(c, *place) for c, place in _read(text, watch, title, published))


def _of_posts(text: str, watch: Watch, title: str, posts: tuple[Post, ...]) -> tuple[Claim, ...]:
    """Claims of a live blog: each post is a text of its own under the common title."""
    out: dict[Claim, None] = {}
    for post in posts:
        part = text[post.start : post.end]
        for claim, place in _read(part, watch, title, post.published):
            shifted = _shift(claim, *place)
            if shifted.amount_start is not None and shifted.start is not None:
                assert shifted.end is not None  # it comes with the start
                shifted = replace(
                    shifted,
                    amount_start=shifted.amount_start + post.start,
                    start=shifted.start + post.start,
                    end=shifted.end + post.start,
                )
            out.setdefault(shifted)
    return tuple(out)


def _read(
    text: str, watch: Watch, title: str, published: datetime | None
) -> list[tuple[Claim, tuple[int, str]]]:
    """Claims with offsets into title and text together, and what takes them back apart."""
    head = title.rstrip() + "\n\n" if title.strip() else ""
    reading = questions.read(head + text)
    known = parties.compiled(watch)
    if not known.is_named(reading.low):
        return []  # see `in_scope`
    steps, _ = walk.walk(walk.scenes(reading, known), known, decide.choose)
    return [(claim, (len(head), title)) for claim in _claims(steps, known, published)]


@dataclass(slots=True)
class _Memory:
    """What attribution and status carry from sentence to sentence."""

    last: tuple[str, ...] = ()  # source named last
    carried: tuple[str, ...] = ()  # credit that goes on with the conditional
    idle: int = 0  # sentences since the conditional stopped
    status: str = ""
    at: int = -1
    told: Told = field(default_factory=Told)  # what was claimed so far
    context: dict[str, int] = field(default_factory=dict)  # model → what the sentences around say
    draft: Draft | None = None  # the one before, and how likely it is old
    recalled: float = 0.0


def _claims(steps: Sequence[walk.Step], known: Known, published: datetime | None) -> list[Claim]:
    memory = _Memory()
    out: list[Claim] = []
    text = surroundings.read(steps)
    credits, scenes = text.credits, text.scenes
    joined = participants.completed(text)
    funded = _funded(joined, known)
    year = published.year if published else None
    for k, step in enumerate(steps):
        hits = [*text.signs[k], *denials.answered(scenes, k)]
        sources = _sources(credits[k], hits, memory, step.scene)
        following = credits[k + 1] if k + 1 < len(steps) else None
        if not sources and following is not None and following.refers:
            sources = following.names
        if not step.drafts or any(h.value == "hypothesis" for h in hits):
            continue
        memory.context = _context(text, k)
        for draft, whole in zip(step.drafts, joined[k].drafts, strict=True):
            if recipients.elsewhere(draft) or supposing.supposed(draft, text.times[k]):
                continue
            if in_scope(whole, known, funded):
                claim = _claim(draft, whole.payers, hits, sources, memory, text, year)
                out.append(terms.dated(claim, scenes, k, published))
    likely = [claim for claim in out if claim.confidence >= LEAST_LIKELY]
    return consolidate(likely, _title_end(steps))


def _title_end(steps: Sequence[walk.Step]) -> int:
    """Where the first sentence ends, if it stands alone as a title does."""
    if len(steps) < 2 or steps[1].scene.sentence.paragraph == steps[0].scene.sentence.paragraph:
        return 0
    scene = steps[0].scene
    return scene.reading.ends[scene.sentence.last - 1]


def _sources(
    credit: attribution.Credit, hits: Sequence[Hit[str]], memory: _Memory, scene: Scene
) -> tuple[str, ...]:
    """Whom this sentence credits; a credit goes on only with the conditional."""
    sources = credit.names
    if credit.again and not sources:
        sources = memory.last
    if sources:
        memory.last = sources
    said = {h.value for h in hits}
    conditional = "conditional" in said
    if not sources and conditional and memory.carried:
        sources = memory.carried
    if credit.release and not sources:
        sources = ("communiqué",)
    if not _HEARSAY.isdisjoint(said):
        memory.carried, memory.idle = sources, 0
    elif scene.names_company():  # what names nobody does not end a report
        memory.idle += 1
        if scene.sums or memory.idle > IDLE:  # nor, at once, a sentence without money
            memory.carried = ()
    return sources


def _claim(
    draft: Draft,
    payers: tuple[str, ...],
    hits: list[Hit[str]],
    sources: tuple[str, ...],
    memory: _Memory,
    text: Text,
    year: int | None,
) -> Claim:
    """The claim of a draft; `payers`: its own, or those that the whole text tells."""
    state = status.judge(draft, hits)
    certainty, stage, odds = _status(draft, hits, state, memory, text)
    recalled = _background(draft, state, odds, memory, text, year)
    old = recalled > 0.5
    one, reading, index = draft.one, draft.scene.reading, draft.scene.index
    start, end = _quote(reading, draft.scene.sentence, one)
    if certainty == "confirmed" and old:
        sources = ()
    if certainty == "rumoured" and not sources:
        sources = tuple(attribution.lent(text.scenes, text.credits, index, denied=False))
    if certainty == "denied":
        lent = attribution.lent(text.scenes, text.credits, index, denied=True)
        sources = sources or tuple(lent)
        sources = tuple(dict.fromkeys((*sources, *attribution.persons(text.scenes[index]))))
    assert draft.payee is not None  # a decided draft has a payee
    return Claim(
        kind=draft.kind,
        payers=payers,
        payee=draft.payee,
        amount=one.amount("USD"),
        certainty=certainty,
        stage=stage,
        sources=sources,
        background=old,
        additional=particulars.additional(draft),
        valuation_basis=particulars.basis(draft),
        years=particulars.years(draft),
        confidence=confidence(draft, old),
        instrument=draft.instrument,
        amount_text=reading.slice(one.first, one.last),
        amount_start=reading.starts[one.first],
        quote=reading.text[start:end],
        start=start,
        end=end,
        rule=draft.rule,
    )


def _context(text: Text, k: int) -> dict[str, int]:
    """What the sentences around sentence `k` say of certainty, weighed once for all its claims."""
    models = scorer.weights()
    if not models:
        return {}
    around = surroundings.context(text, k)
    return {name: scorer.gathered(models[name], set(found)) for name, found in around.items()}


#: What leaves open whether something came about.
_SOFT = ("conditional", "considered", "denied", "open", "pending", "planned", "talks", "unsettled")


def _status(
    draft: Draft, hits: list[Hit[str]], state: Status, memory: _Memory, text: Text
) -> tuple[Certainty, Stage, dict[str, float]]:
    plain = traits.plain_status(state)
    models = scorer.weights()
    word, odds = plain, {plain: 1.0}
    if models:
        near = memory.status if draft.scene.index - memory.at <= 1 else ""
        scores = scorer.classify(
            models["status"],
            set(traits.status_features(draft, text, hits, near, plain)),
            memory.context["status"],
        )
        word, odds = traits.settled(scores, state)
        if word.startswith("rumoured") and _firm(draft, hits):
            odds = {w: share for w, share in odds.items() if w.startswith("confirmed")} or odds
            word = max(odds, key=odds.__getitem__)
    memory.status = word
    certainty, stage = word.split()
    return _CERTAINTIES[certainty], _STAGES[stage], odds


def _firm(draft: Draft, hits: Sequence[Hit[str]]) -> bool:
    """Whether a sum opens its sentence as something known, which what follows leaves as it is:
    "après un tour de 2 milliards, X chercherait à lever 5 milliards"."""
    soft = any(h.value in _SOFT and h.first < draft.one.right for h in hits)
    return not soft and passing.opens(draft)


def _background(
    draft: Draft,
    state: Status,
    odds: dict[str, float],
    memory: _Memory,
    text: Text,
    year: int | None,
) -> float:
    """How likely the text only recalls it."""
    plain = background.judge(draft, state, year, text.times[draft.scene.index])
    models = scorer.weights()
    recalled = float(plain)
    if models:
        model = models["background"]
        found = set(traits.background_features(draft, text, plain, memory.told))
        base = memory.context["background"] + scorer.gathered(model, found)
        recalled = traits.recalled(
            model, base, odds, lambda word: traits.staged(draft, text, word, plain)
        )
    before = memory.draft
    if before is not None and _priced(before, draft):
        recalled = memory.recalled
    if recalled > 0.5:
        if passing.of_now(draft, text):
            recalled = 0.0
    elif memory.status.startswith("confirmed") and passing.known(draft, text):
        recalled = 1.0
    if status.left_behind(draft):
        recalled = 1.0
    memory.told.take(draft)
    memory.at, memory.draft, memory.recalled = draft.scene.index, draft, recalled
    return recalled


def _priced(before: Draft, draft: Draft) -> bool:
    """Whether a valuation is the price of what its sentence told right before: both are old, or
    neither (459 of 467 times in the corpus for a round)."""
    same = (before.scene.index, before.payee) == (draft.scene.index, draft.payee)
    if same and passing.opens(before) and not passing.opens(draft):
        return False
    return same and draft.kind == "valuation" and before.kind in ("round", "investment")


def in_scope(draft: Draft, known: Known, funded: frozenset[str]) -> bool:
    """At least one side is a company that the watch follows; a valuation also where the text
    tells such a round of the same company."""
    watched = known.watched
    return draft.payee in watched or not watched.isdisjoint(draft.payers) or draft.payee in funded


def _funded(steps: Sequence[walk.Step], known: Known) -> frozenset[str]:
    """Companies that a watched one puts money into, by this text."""
    return frozenset(
        d.payee
        for step in steps
        for d in step.drafts
        if d.payee and not known.watched.isdisjoint(d.payers)
    )


def _quote(reading: Reading, sentence: Sentence, one: Sum) -> tuple[int, int]:
    """Span of the sentence, cut around the sum where it is longer than a quote may be."""
    start, end = reading.starts[sentence.first], reading.ends[sentence.last - 1]
    if end - start <= QUOTE_LIMIT:
        return start, end
    starts, ends, limits = reading.starts, reading.ends, (sentence.first, sentence.last)
    first = max(start, min(starts[one.left] - QUOTE_LIMIT // 2, end - QUOTE_LIMIT))
    opening = bisect_left(starts, first, *limits)
    begin = starts[opening] if opening < sentence.last else start
    closing = bisect(ends, begin + QUOTE_LIMIT, *limits)
    return begin, ends[closing - 1] if closing > sentence.first else begin


def _shift(claim: Claim, offset: int, title: str) -> Claim:
    """Offsets from title-and-text to text alone; what only the title states has none."""
    if not offset:
        return claim
    if claim.start is None or claim.end is None or claim.amount_start is None:
        return claim
    if claim.amount_start < offset:
        return replace(claim, amount_start=None, start=None, end=None, quote=title[:QUOTE_LIMIT])
    return replace(
        claim,
        amount_start=claim.amount_start - offset,
        start=claim.start - offset,
        end=claim.end - offset,
    )
