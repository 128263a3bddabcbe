"""What a publisher takes back on its own page (A15)."""

from __future__ import annotations

from collections.abc import Sequence

from pipelines.change.account import Family
from pipelines.change.desk import Key
from pipelines.change.figures import compatible
from pipelines.records import Claim, Posting

#: Share of a page's sentences that still stand in its next version when that is a correction; a
#: page that was written anew keeps fewer, and says nothing by what it leaves out (RULES 3.1).
KEPT = 0.5


def dropped(versions: Sequence[Posting]) -> list[frozenset[int]]:
    """Positions of the claims of each version that a later version of the page takes back.

    A claim is taken back when its sentence is gone while most others stand, another sentence came,
    and nothing is left that speaks of that money. A page that only became shorter (a wall) or of
    which the sentences are not known takes nothing back.
    """
    gone: list[set[int]] = [set() for _ in versions]
    for n in range(len(versions) - 1, 0, -1):
        old, new = versions[n - 1], versions[n]
        if not _edited(old, new):
            continue
        keys = {Key.of(c) for m, c in enumerate(old.claims) if _taken_back(c, m, old, new)}
        for earlier, positions in zip(reversed(versions[:n]), reversed(gone[:n]), strict=True):
            same = {m for m, c in enumerate(earlier.claims) if Key.of(c) in keys}
            if not same:
                break
            positions |= same
    return [frozenset(positions) for positions in gone]


def _edited(old: Posting, new: Posting) -> bool:
    if not old.sentences or new.sentences is None or old.basis != "page" or new.basis != "page":
        return False
    kept = old.sentences & new.sentences
    return len(kept) >= KEPT * len(old.sentences) and bool(new.sentences - old.sentences)


def _taken_back(claim: Claim, position: int, old: Posting, new: Posting) -> bool:
    sentence = old.claim_sentences[position] if position < len(old.claim_sentences) else None
    if claim.background or sentence is None or sentence in (new.sentences or ()):
        return False
    return not any(_same_money(claim, other, new) for other in new.claims)


def _same_money(claim: Claim, other: Claim, posting: Posting) -> bool:
    """Whether the page still speaks of it, in whatever words."""
    if (claim.kind, claim.payee) != (other.kind, other.payee):
        return False
    one, two = Family.of(claim), Family.of(other)
    return (
        one == two
        or bool(set(one.payers) & set(two.payers))
        or compatible(claim.amount, other.amount, posting.at)
    )
