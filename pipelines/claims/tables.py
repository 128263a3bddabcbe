"""What the heading of a table says of the figures below it: "Société | Valeur | Montant levé"."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from pipelines.claims import cues, lexicon
from pipelines.claims.amounts import Sum
from pipelines.claims.drafts import Draft, Thread
from pipelines.claims.frames import KINDS
from pipelines.claims.record import record
from pipelines.claims.scene import Scene
from pipelines.records import Kind

_BAR = "|"
#: What the first column lists, by its heading: the part of whoever stands there.
_LISTED = lexicon.words("amounts")["listed"]
_PARTS: dict[str, str] = {word: part for part, words in _LISTED.items() for word in words}
#: Kinds of money that flow from one company to another.
_PAID: tuple[Kind, ...] = ("investment", "commitment")


@record
class Heading:
    """The heading of a figure: kind of its column, part of the party that opens its row."""

    kind: Kind
    part: str
    name: str | None = None  # the party that the heading itself names: "Mise de SoftBank"


def headings(scenes: Sequence[Scene]) -> dict[int, Scene]:
    """Number of a row → the row of headings above it."""
    out: dict[int, Scene] = {}
    if not scenes or _BAR not in scenes[0].reading.text:
        return out
    head: Scene | None = None
    before: Scene | None = None
    for scene in scenes:
        if not _is_row(scene):
            head = before = None
            continue
        below = before is not None and scene.sentence.paragraph == before.sentence.paragraph
        if not below:
            head = None if scene.sums else scene
        elif head is not None:
            out[scene.index] = head
        before = scene
    return out


def read(head: Scene, scene: Scene, one: Sum) -> Heading | None:
    """What the headings say of a figure; None where they tell no kind of money."""
    cells, column = _cells(head), _column(scene, one)
    if not 0 < column < len(cells):
        return None
    first, last = cells[0]
    part = next((_PARTS[w] for w in head.low[first:last] if w in _PARTS), "")
    first, last = cells[column]
    found = [c.sort for c in cues.find(head.reading, head.sentence) if first <= c.first < last]
    kinds = [KINDS[sort] for sort in found if sort in KINDS]
    named = [g.names[0] for g in head.parties() if first <= g.first < last]
    if named and (not kinds or kinds[0] in _PAID):
        return Heading("investment", "payer", named[0])
    if part in ("seller", "buyer") and found:
        return Heading("commitment", part)
    if part == "payer" and found and "valuation" not in kinds:
        return Heading("investment", part)
    if kinds:
        return Heading(kinds[0], part)
    priced = any(c.sort == "valuation" for c in cues.find(head.reading, head.sentence))
    return Heading("round", part) if "generic" in found and priced else None


def drafted(
    heading: Heading, scene: Scene, one: Sum, row: str | None, thread: Thread
) -> Draft | None:
    """The draft of a figure in the row of the party `row`."""
    rule, last = f"table.{heading.kind}", thread.last
    name = heading.name or row
    if name is None:
        name = thread.payee() or thread.topic
        paid = heading.kind in _PAID
        return None if paid else Draft(one, scene, heading.kind, (), name, rule, how="inherited")
    if heading.kind not in _PAID or heading.part in ("", "payee"):
        return Draft(one, scene, heading.kind, (), name, rule, how="inherited")
    topic = thread.payee((name,)) or thread.topic
    if heading.part == "seller":
        payer = last.payers[:1] if last is not None and last.kind == "commitment" else ()
        payers = payer or ((thread.topic,) if thread.topic else ())
        return Draft(one, scene, heading.kind, payers, name, rule, how="inherited")
    return Draft(one, scene, heading.kind, (name,), topic, rule, how="inherited")


def _is_row(scene: Scene) -> bool:
    return _BAR in scene.low[scene.sentence.first : scene.sentence.last]


def _bars(scene: Scene) -> list[int]:
    first, last = scene.sentence.first, scene.sentence.last
    return [k for k in range(first + 1, last) if scene.low[k] == _BAR]


def _cells(scene: Scene) -> list[tuple[int, int]]:
    """Spans of the cells of a row; a bar that opens the row opens no cell."""
    edges = [scene.sentence.first - 1, *_bars(scene), scene.sentence.last]
    return [(a + 1, b) for a, b in pairwise(edges)]


def _column(scene: Scene, one: Sum) -> int:
    return sum(1 for k in _bars(scene) if k < one.first)
