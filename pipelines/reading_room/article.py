"""An article: its text while it is kept, claims in their place, versions and copies."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import SequenceMatcher
from itertools import groupby, pairwise
from typing import Literal

from pipelines.reading_room.asking import Ask, Gathered
from pipelines.records import Claim
from pipelines.sentences import spans
from pipelines.shapes import Json
from pipelines.store import rooms
from pipelines.store.rooms import Connection
from pipelines.store.verdicts import REJECTED, WAITING

#: Sentences of a text that are compared with those of another: the cost grows with their product.
COMPARED = 1500

Piece = tuple[Literal["same", "added", "removed"], str]


def gather(db: Connection, ask: Ask) -> Gathered | None:
    """None when there is no such article."""
    identity = int(ask.key)
    found = rooms.article(db, identity)
    if found is None:
        return None
    pairs = rooms.article_claims(db, identity)
    text: str | None = found.pop("text")
    kept = text is not None
    shown = None if ask.room.public else text
    facts: Json = {
        "article": found,
        "claims": [_claim(ask, row) for row, _ in pairs],
        "kept": kept,
        "text": shown,
        "paragraphs": highlighted(shown, [claim for _, claim in pairs]) if shown else [],
        "versions": rooms.versions(db, found["url"]),
        "copies": rooms.copies(db, identity),
        "difference": None,
        "compared": None,
    }
    if found["previous"] is not None:
        before = rooms.text_of(db, found["previous"])
        facts["compared"] = before is not None and kept
        if shown is not None and before is not None:
            facts["difference"] = difference(before, shown)
    return Gathered(facts, facts["claims"])


def _claim(ask: Ask, row: Json) -> Json:
    keys = (
        "position kind payers payee low high currency qualifier certainty stage sources "
        "confidence rule deal label amount_start start end"
    ).split()
    shape = {key: row[key] for key in keys}
    return shape | {
        "quote": ask.quote(row["quote"]),
        "background": bool(row["background"]),
        "held": row["held"] == WAITING,
        "rejected": row["held"] == REJECTED,
        "change_id": row["change_id"],
    }


# -- claims in their place ------------------------------------------------------------------------


def highlighted(text: str, claims: Sequence[Claim]) -> list[list[Json]]:
    """Paragraphs of runs, in a quote or not, of pieces with the claims that they belong to.

    Quotes may overlap (two amounts of one sentence): the text is cut wherever one begins or ends,
    and at the amounts.
    """
    quotes = [(c.start, c.end, n) for n, c in enumerate(claims) if c.start is not None]
    sums = [
        (c.amount_start, c.amount_start + len(c.amount_text))
        for c in claims
        if c.amount_start is not None and c.amount_text
    ]
    ends = {0, len(text)}
    ends |= {place for start, end, _ in quotes for place in (start, end or start)}
    ends |= {place for pair in sums for place in pair}
    paragraphs: list[list[Json]] = []
    for start, end in _paragraphs(text):
        cuts = [start, *sorted(place for place in ends if start < place < end), end]
        pieces: list[Json] = []
        for left, right in pairwise(cuts):
            inside = [n for a, b, n in quotes if a <= left and right <= (b or a)]
            begins = [n for a, _, n in quotes if left == a or (left == start and _cut(a, left))]
            pieces.append(
                {
                    "text": text[left:right],
                    "claims": inside,
                    "begins": [n for n in begins if n in inside],
                    "amount": any(a <= left and right <= b for a, b in sums),
                }
            )
        runs = groupby(pieces, key=lambda piece: bool(piece["claims"]))
        paragraphs.append([{"quoted": quoted, "pieces": list(run)} for quoted, run in runs])
    return paragraphs


def _cut(quote_start: int, left: int) -> bool:
    """A quote that begins in the blank before a paragraph is anchored at the paragraph."""
    return left - 2 <= quote_start < left


def _paragraphs(text: str) -> list[tuple[int, int]]:
    found, start = [], 0
    for line in text.split("\n"):
        if line.strip():
            found.append((start, start + len(line)))
        start += len(line) + 1
    return found


# -- what a revision changed ----------------------------------------------------------------------


def difference(before: str, after: str) -> list[list[Piece]]:
    """The sentences that differ, word by word; [] when the words are the same."""
    old, new = (_sentences(text) for text in (before, after))
    found: list[list[Piece]] = []
    for what, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        match what:
            case "delete":
                found += [[("removed", sentence)] for sentence in old[a:b]]
            case "insert":
                found += [[("added", sentence)] for sentence in new[c:d]]
            case "replace":
                found.append(_words(" ".join(old[a:b]), " ".join(new[c:d])))
            case "equal":
                pass
    return found


def _sentences(text: str) -> list[str]:
    return [" ".join(text[start:end].split()) for start, end in spans(text)][:COMPARED]


def _words(before: str, after: str) -> list[Piece]:
    old, new = before.split(" "), after.split(" ")
    pieces: list[Piece] = []
    for what, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if what == "equal":
            pieces.append(("same", " ".join(new[c:d])))
            continue
        if a < b:
            pieces.append(("removed", " ".join(old[a:b])))
        if c < d:
            pieces.append(("added", " ".join(new[c:d])))
    return pieces
