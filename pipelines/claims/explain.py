"""Why a claim was read: its sentence with everything that was found in it marked.

    [payer SoftBank: le groupe] {considered pourrait} <invest injecter> «30 milliards»

Sums stand in «», parties in [], words of money in <>, words of certainty in {}; `|` bounds the part
of the sentence that counts for this sum alone. Paragraphs that were left out come last.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from pipelines.claims import deals, mentions, negation, questions, status, walk
from pipelines.claims.amounts import Sum
from pipelines.claims.drafts import Draft, next_sum, previous_sum
from pipelines.claims.features import Place
from pipelines.claims.scene import Scene
from pipelines.claims.tokens import Reading
from pipelines.records import Claim, Watch


def marked(text: str, claims: Sequence[Claim], watch: Watch, *, title: str = "") -> str:
    """The sentences of `claims`, each followed by its claims; one paragraph a sentence."""
    head = title.rstrip() + "\n\n" if title.strip() else ""
    reading = questions.read(head + text)
    known = mentions.compiled(watch)
    found, _ = walk.walk(walk.scenes(reading, known), known, _nothing)
    placed = sorted(claims, key=lambda c: _start(c, len(head), head + text))
    blocks: list[str] = []
    for scene, own in groupby(placed, lambda c: _scene(found, _start(c, len(head), head + text))):
        if scene is None:
            continue
        for claim in own:
            start = _start(claim, len(head), head + text)
            one = next((s for s in scene.sums if reading.starts[s.first] == start), None)
            blocks.append(f"{_sentence(scene, one, claim)}\n    {_verdict(claim)}")
    return "\n".join([*blocks, *_left_out(reading, found)])


def _left_out(reading: Reading, found: Sequence[walk.Step]) -> Iterator[str]:
    """Paragraphs that were not read, being of something else."""
    kept = {step.scene.sentence.first for step in found}
    aside = (s for s in reading.sentences if s.first not in kept)
    for _, line in groupby(aside, lambda sentence: sentence.line):
        sentences = list(line)
        text = reading.slice(sentences[0].first, sentences[-1].last)
        yield f"- left out, of something else: {' '.join(text.split())}"


def _nothing(place: Place) -> list[Draft]:
    """Decide nothing: only the mentions are wanted here."""
    del place
    return []


def _start(claim: Claim, offset: int, whole: str) -> int:
    """Where the claim's amount stands in title and text together."""
    if claim.amount_start is None:
        return max(whole.find(claim.amount_text), 0)
    return claim.amount_start + offset


def _scene(steps: Sequence[walk.Step], start: int) -> Scene | None:
    for step in steps:
        reading, sentence = step.scene.reading, step.scene.sentence
        if reading.starts[sentence.first] <= start < reading.ends[sentence.last - 1]:
            return step.scene
    return None


def _sentence(scene: Scene, one: Sum | None, claim: Claim) -> str:
    """The sentence with its marks."""
    reading, sentence = scene.reading, scene.sentence
    opens: dict[int, str] = {}
    closes: dict[int, str] = {}

    def mark(first: int, last: int, left: str, right: str) -> None:
        if not any(k in opens for k in range(first, last)):
            opens[first] = left
            closes[last - 1] = right

    if one is not None:
        mark(one.first, one.last, "«", "»")
        before, after = previous_sum(scene, one), next_sum(scene, one)
        if before is not None:
            closes[before.right - 1] = closes.get(before.right - 1, "") + " |"
        if after is not None:
            opens[after.left] = "| " + opens.get(after.left, "")
    for group in scene.groups:
        for mention in group.mentions:
            mark(mention.first, mention.last, f"[{_part(mention.name, claim)}", "]")
    for cue in scene.cues:
        mark(cue.first, cue.last, f"<{cue.sort} ", ">")
    for hit in status.signs(scene, negation.find(scene)):
        mark(hit.first, hit.last, f"{{{hit.value} ", "}")
    out: list[str] = []
    for k in range(sentence.first, sentence.last):
        gap = reading.text[reading.ends[k - 1] : reading.starts[k]] if k > sentence.first else ""
        word = reading.text[reading.starts[k] : reading.ends[k]]
        out.append(gap + opens.get(k, "") + word + closes.get(k, ""))
    return " ".join("".join(out).split())


def _part(name: str | None, claim: Claim) -> str:
    """What a party is to the claim."""
    if name is None:
        return "? "
    if name == claim.payee:
        return f"payee {name}: "
    if name in claim.payers:
        return f"payer {name}: "
    return f"source {name}: " if name in claim.sources else f"{name}: "


def _verdict(claim: Claim) -> str:
    payers = ", ".join(claim.payers) or "?"
    years = f", {claim.years} years" if claim.years else ""
    old = ", background" if claim.background else ""
    sources = f", credits {', '.join(claim.sources)}" if claim.sources else ""
    top = claim.amount.top
    told = top is not None and deals.remembered(claim.kind, claim.payers, claim.payee, top)
    memory = "; the press has told it before (deals.csv)" if told else ""
    return (
        f"= {claim.kind} {payers} → {claim.payee}, {claim.certainty}/{claim.stage}{old}{sources}"
        f"{years}; confidence {claim.confidence:.2f}; rule {claim.rule}{memory}"
    )
