"""What the model "elsewhere" learns of: sentences of the corpus that tell money, with a claim and
without, and paragraphs on money that goes to something else, of somebody followed
(tests/corpus/elsewhere.jsonl) or of others (asides.jsonl)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from pipelines.claims import asides, digressions, elsewhere, parties
from pipelines.claims.mentions import Known
from pipelines.claims.scene import Scene
from pipelines.records import Watch
from tests import claims_asides
from tests.claims_deals import same_figure
from tests.claims_learners import Example
from tests.corpus import silver
from tests.corpus.silver import Passage

#: Files of tests/corpus with paragraphs of something else.
STRANGE = ("elsewhere", "asides")


def examples(passages: Iterable[Passage], watched: Watch) -> list[Example]:
    """Sentences with their features, and whether their money is no claim's."""
    known = parties.compiled(watched)
    rows = [("True", found) for found in strange(known)]
    for passage in passages:
        rows += told(passage, known)
    return rows


def strange(known: Known) -> Iterator[set[str]]:
    """Features of the sentences with money of paragraphs on something else."""
    for name in STRANGE:
        lines = (silver.HERE / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
        for line in lines:
            found = claims_asides.whole(json.loads(line)["text"], known)
            yield from (signs for _, signs in elsewhere.features(found))


def told(passage: Passage, known: Known) -> Iterator[Example]:
    """Features of the sentences of a passage with money; a figure that a claim of the passage has
    is that claim's wherever it stands."""
    found = claims_asides.whole(passage.head + passage.text, known)
    for line in digressions.by_line(found).values():
        for scene, signs in elsewhere.features(line):
            yield str(not _claimed(scene, passage)), signs


def _claimed(scene: Scene, passage: Passage) -> bool:
    sums = asides.money(scene)
    return any(same_figure(one, g["amount"]) for one in sums for g in passage.claims)
