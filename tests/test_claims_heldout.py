"""Passages of strangers that no weight was learned on and no rule was made from: what the reader
does with texts that it has never seen."""

from __future__ import annotations

from typing import Any

import pytest

from pipelines import claims
from pipelines.records import Claim
from tests.claims_training import matches, watch
from tests.corpus import silver

OPENAI = watch()


def paired(gold: list[dict[str, Any]], found: list[Claim]) -> list[tuple[dict[str, Any], Claim]]:
    """Each found claim with the annotated one that it is, if it is one."""
    left, out = list(gold), []
    for claim in found:
        same = next((g for g in left if matches(g, claim)), None)
        if same is not None:
            left.remove(same)
            out.append((same, claim))
    return out


@pytest.mark.parametrize("batches", [["z"], ["ca", "cb", "cc", "cd", "ce"]], ids=" ".join)
def test_it_reads_texts_of_strangers(batches: list[str]) -> None:
    right = found = wanted = alerts = true = 0
    for passage in (p for name in batches for p in silver.load(name, silver.HELD_OUT)):
        read = list(claims.find(passage.text, OPENAI))
        pairs = paired(list(passage.claims), read)
        needed = [(g, c) for g, c in pairs if not g.get("optional")]
        right += len(needed)
        found += len(read) - (len(pairs) - len(needed))  # an optional claim counts nowhere
        wanted += len([g for g in passage.claims if not g.get("optional")])
        told = [c for c in read if c.confidence >= OPENAI.least_confidence and not c.background]
        alerts += len(told)
        true += len(paired(list(passage.claims), told))
    assert 2 * right / (found + wanted) >= 0.80
    assert true / alerts >= 0.95
