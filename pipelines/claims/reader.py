"""The order of the steps: the only module here that knows all the others."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from pipelines.claims import (
    amounts,
    attribution,
    background,
    cues,
    frames,
    governor,
    parties,
    resolve,
    status,
    tokens,
)
from pipelines.claims.amounts import Sum
from pipelines.claims.frames import Draft, Thread
from pipelines.claims.parties import Group, Known
from pipelines.claims.resolve import Past
from pipelines.claims.scene import Scene
from pipelines.claims.tokens import Reading, Sentence
from pipelines.records import QUOTE_LIMIT, Claim, Post, Watch

VERSION = "1"

#: No money, no claim: a cheap test before anything is cut into tokens.
_MONEY = re.compile(
    r"milliard|million|billion|\d[\s\u00a0\u202f\u2009]?(?:mds?|mrds?|[mgk])[\s\u00a0\u202f\u2009]?(?:\b|[$€£])|[$€£]",
    re.IGNORECASE,
)


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
    del posts
    head = title.rstrip() + "\n\n" if title.strip() else ""
    reading = tokens.read(head + text)
    known = parties.compiled(watch)
    scenes, past = _scenes(reading, known)
    thread = Thread(past, topic=_topic(scenes, known))
    results = _drafts(scenes, thread)
    claims = _claims(results, scenes, thread, known, published.year if published else None)
    return tuple(_shift(c, len(head), title, text) for c in claims)


@dataclass(slots=True)
class _Step:
    scene: Scene
    drafts: list[Draft]


def _scenes(reading: Reading, known: Known) -> tuple[list[Scene], Past]:
    seen = _seen(reading)
    past = Past(roles=dict(known.roles))
    scenes: list[Scene] = []
    for index, sentence in enumerate(reading.sentences):
        sums = amounts.find(reading, sentence)
        mentions = parties.find(reading, sentence, known, seen)
        spans = [(s.first, s.last) for s in sums if not s.bare]
        mentions = [m for m in mentions if not any(a <= m.first < b for a, b in spans)]
        groups = parties.group(reading, mentions)
        found = cues.find(reading, sentence) if sums else []
        scenes.append(Scene(reading, sentence, index, tuple(sums), tuple(groups), tuple(found)))
    return scenes, past


def _seen(reading: Reading) -> frozenset[str]:
    starts = {s.first for s in reading.sentences}
    return frozenset(
        low
        for i, (word, low) in enumerate(zip(reading.words, reading.low, strict=True))
        if word[0].isupper() and i not in starts and i - 1 not in starts
    )


def _topic(scenes: Sequence[Scene], known: Known) -> str | None:
    """Start-up named most, the title and opening counting more."""
    weights: dict[str, float] = {}
    for scene in scenes:
        for group in scene.groups:
            for mention in group.mentions:
                if mention.name and mention.role in ("subject", "rival"):
                    weights[mention.name] = weights.get(mention.name, 0) + (
                        3 if scene.index < 2 else 1
                    )
    return max(weights, key=lambda n: weights[n]) if weights else None


def _drafts(scenes: list[Scene], thread: Thread) -> list[_Step]:
    steps: list[_Step] = []
    lender: Sum | None = None
    for k, scene in enumerate(scenes):
        groups = resolve.resolved(scene.groups, thread.past)
        sums, lender = _lent(scene.sums, lender)
        scene = replace(scene, groups=tuple(groups), sums=sums)
        scenes[k] = scene
        drafts: list[Draft] = []
        for group in groups:
            for m in group.mentions:
                if m.name:
                    thread.past.roles.setdefault(m.name, m.role)
        for one in sums:
            if one.conversion_of is not None:
                continue
            made = _draft(scene, one, thread)
            for draft in made:
                drafts.append(draft)
                thread.drafts.append(draft)
                thread.last = draft
        thread.past.take(groups)
        steps.append(_Step(scene, drafts))
    return steps


def _lent(sums: tuple[Sum, ...], lender: Sum | None) -> tuple[tuple[Sum, ...], Sum | None]:
    """Bare numbers without a lender in their sentence borrow from the sentence before; a sum
    without currency takes the one said last."""
    out: list[Sum] = []
    for one in sums:
        if one.bare and one.top < 1e4 and lender is not None:
            one = amounts.scaled(one, amounts._scale_of(lender), lender.currency)
        if not one.bare and one.currency is None and lender is not None and lender.currency:
            one = replace(one, currency=lender.currency)
        if not one.bare and one.conversion_of is None:
            lender = one
        out.append(one)
    return tuple(out), lender


def _draft(scene: Scene, one: Sum, thread: Thread) -> list[Draft]:
    if one.bare and one.top < 1e4:
        return []
    found = governor.find(scene, one)
    draft: Draft | None
    if found is None:
        draft = frames.inherit(scene, one, thread, 10.0, "list")
    else:
        draft = frames.draw(scene, one, found, thread)
    if draft is None or draft.payee is None:
        return []
    return _shared(draft)


def _shared(draft: Draft) -> list[Draft]:
    """ "chacun" gives each payer its own claim."""
    sentence = draft.scene.sentence
    words = draft.scene.low[sentence.first : sentence.last]
    if len(draft.payers) > 1 and draft.kind in ("investment", "commitment"):
        if "chacun" in words or "chacune" in words:
            return [
                replace(draft, payers=(name,), rule=draft.rule + ".each") for name in draft.payers
            ]
    return [draft]


def _claims(
    steps: list[_Step], scenes: list[Scene], thread: Thread, known: Known, year: int | None
) -> list[Claim]:
    out: list[Claim] = []
    last_sources: tuple[str, ...] = ()
    carried: tuple[str, ...] = ()
    for step in steps:
        credit = attribution.credit(step.scene)
        sources = credit.names
        if credit.again and not sources:
            sources = last_sources
        if sources:
            last_sources = sources
        hits = status.signs(step.scene)
        conditional = any(h.value == "conditional" for h in hits)
        if not sources and conditional and carried:
            sources = carried
        if credit.release and not sources:
            sources = ("communiqué",)
        carried = (
            sources if (conditional or any(h.value in ("talks", "anonymous") for h in hits)) else ()
        )
        if any(h.value == "hypothesis" for h in hits):
            continue
        for draft in step.drafts:
            claim = _claim(draft, hits, sources, known, year)
            if claim is not None:
                out.append(claim)
    return _once(out)


def _claim(
    draft: Draft, hits: list[object], sources: tuple[str, ...], known: Known, year: int | None
) -> Claim | None:
    if not in_scope(draft, known):
        return None
    state = status.judge(draft, hits, False)  # type: ignore[arg-type]
    old = background.judge(draft, state, year)
    one, reading = draft.one, draft.scene.reading
    start, end = _quote(reading, draft.scene.sentence, one)
    assert draft.payee is not None
    return Claim(
        kind=draft.kind, payers=draft.payers, payee=draft.payee, amount=one.amount("USD"),
        certainty=state.certainty, stage=state.stage, sources=sources if not old or state.certainty != "confirmed" else (),
        background=old, years=_years(draft), confidence=0.8, instrument=draft.instrument,
        amount_text=reading.slice(one.first, one.last), amount_start=reading.starts[one.first],
        quote=reading.text[start:end], start=start, end=end, rule=draft.rule,
    )  # fmt: skip


def in_scope(draft: Draft, known: Known) -> bool:
    """At least one side is a company of the watch that is there for its money."""
    roles = known.roles
    return any(roles.get(n, "other") != "other" for n in (draft.payee, *draft.payers) if n)


def _years(draft: Draft) -> int | None:
    low, sentence = draft.scene.low, draft.scene.sentence
    if draft.kind not in ("commitment",):
        return None
    following = frames.next_sum(draft.scene, draft.one)
    stop = following.left if following else sentence.last
    spelled = amounts._words().numbers
    for k in range(
        draft.one.left - 12 if draft.one.left - 12 > sentence.first else sentence.first, stop - 1
    ):
        if low[k] in ("ans", "années") and k >= 2:
            back = low[max(sentence.first, k - 5) : k]
            if ("sur" in back or "en" in back) and (
                low[k - 1].isdigit() or low[k - 1] in spelled or low[k - 1] == "prochaines"
            ):
                word = low[k - 1] if low[k - 1] != "prochaines" else low[k - 2]
                return int(word) if word.isdigit() else int(spelled.get(word, 0)) or None
    return None


def _quote(reading: Reading, sentence: Sentence, one: Sum) -> tuple[int, int]:
    """Span of the sentence, cut around the sum where it is longer than a quote may be."""
    start, end = reading.starts[sentence.first], reading.ends[sentence.last - 1]
    if end - start <= QUOTE_LIMIT:
        return start, end
    left, right = reading.starts[one.left], reading.ends[one.right - 1]
    first = max(start, min(left - QUOTE_LIMIT // 2, end - QUOTE_LIMIT))
    begin = next((s for s in reading.starts[sentence.first : sentence.last] if s >= first), start)
    finish = begin
    for e in reading.ends[sentence.first : sentence.last]:
        if e - begin <= QUOTE_LIMIT:
            finish = max(finish, e)
    return begin, max(finish, min(right, begin + QUOTE_LIMIT))


def _once(claims: list[Claim]) -> list[Claim]:
    """One claim once: same kind, payers, payee and amount; the most specific one stays."""
    kept: dict[tuple[object, ...], Claim] = {}
    for claim in claims:
        key = (
            claim.kind,
            claim.payers if claim.kind not in ("round", "valuation") else (),
            claim.payee,
            claim.amount.top,
            claim.amount.currency,
        )
        if key not in kept:
            kept[key] = claim
        elif kept[key].amount.qualifier == "exact" and claim.amount.qualifier != "exact":
            kept[key] = replace(kept[key], amount=claim.amount)
    return sorted(kept.values(), key=lambda c: c.amount_start or 0)


def _shift(claim: Claim, offset: int, title: str, text: str) -> Claim:
    """Offsets from title-and-text to text alone; what only the title states has none."""
    if not offset:
        return claim
    assert claim.start is not None and claim.end is not None and claim.amount_start is not None
    if claim.amount_start < offset:
        return replace(claim, amount_start=None, start=None, end=None, quote=title[:QUOTE_LIMIT])
    return replace(
        claim,
        amount_start=claim.amount_start - offset,
        start=claim.start - offset,
        end=claim.end - offset,
    )
