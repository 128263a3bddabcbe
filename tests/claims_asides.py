"""What the model "aside" learns of: paragraphs of something else (tests/corpus/asides.jsonl) beside
those of the corpus that name nobody who is followed."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence

from pipelines.claims import asides, digressions, parties, tokens, walk
from pipelines.claims.mentions import Known
from pipelines.claims.scene import Scene
from pipelines.records import Watch
from tests.claims_learners import Example
from tests.corpus import silver
from tests.corpus.silver import Passage


def examples(passages: Iterable[Passage], watched: Watch) -> list[Example]:
    """Paragraphs with their features, and whether they stand by themselves."""
    known = parties.compiled(watched)
    rows = [("True", found) for found in strange(known)]
    for passage in passages:
        rows += [("False", found) for found in told(passage, known)]
    return rows


def strange(known: Known) -> list[set[str]]:
    """Features of paragraphs of something else, and of their first sentences, which are one where
    each sentence is a line of its own; the paragraphs of the tests are by others."""
    lines = (silver.HERE / "asides.jsonl").read_text(encoding="utf-8").splitlines()
    found = [whole(json.loads(line)["text"], known) for line in lines]
    first = [asides.features(line[:1]) for line in found if len(line) > 1]
    return [asides.features(line) for line in found] + first


def told(passage: Passage, known: Known) -> list[set[str]]:
    """Features of the paragraphs of a story that name nobody who is followed."""
    return [asides.features(line) for line in own(whole(passage.head + passage.text, known), known)]


def own(found: Sequence[Scene], known: Known) -> Iterator[Sequence[Scene]]:
    """Lines of a text that name nobody who is followed, and single sentences of longer lines, as
    they stand where each is a line of its own."""
    lines = digressions.by_line(found)
    strange = [
        k for k, line in lines.items() if not any(digressions.followed(known, s) for s in line)
    ]
    if len(strange) < len(lines):
        yield from (lines[k] for k in strange)
    for line in lines.values():
        if len(line) > 1:
            yield from ([scene] for scene in line if not digressions.followed(known, scene))


def whole(text: str, known: Known) -> list[Scene]:
    """All sentences of a text."""
    return walk.whole(tokens.read(text), known)
