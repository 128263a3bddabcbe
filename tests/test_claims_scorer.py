"""The linear scorer: weights packed into one number, and the same sum in any order."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice

import pytest

from pipelines.claims import scorer


@pytest.mark.parametrize("weights", [(0, 0), (1, -1), (-1, 1), (-300, 250, 7, -1), (99_999, -9)])
def test_packed_weights_come_back_as_they_were(weights: Sequence[int]) -> None:
    assert tuple(islice(scorer.unpacked(scorer.packed(weights)), len(weights))) == weights


def test_models_come_back_from_what_was_written_in_their_order() -> None:
    rows = {"w=\n": 3, "w=l'été": -(2**70), "bias": 0}  # a line break may be a token
    models = {"kind": {"classes": ["a", "b"], "rows": rows}, "payee": {"": {"near": 4}}}
    back = scorer.parsed(scorer.written(models))
    assert back == models
    assert list(back["kind"]["rows"]) == list(rows)


def test_packed_weights_add_up_class_by_class() -> None:
    rows = {"to": scorer.packed((150, -20, 3)), "by": scorer.packed((-250, 10, -5))}
    model = {"classes": ["a", "b", "c"], "rows": rows}
    assert scorer.classify(model, ["by", "to", "new"]) == {"a": -1.0, "b": -0.1, "c": -0.02}


def test_a_candidate_is_ranked_by_the_tables_that_know_its_features() -> None:
    model = scorer.Tables({"": {"near": 10}, "round": {"near": 100, "far": -100}})
    parts = {
        "A": ((("round", ""), {"near"}),),
        "B": ((("round",), {"far"}), (("debt", ""), {"further"})),
    }
    odds = scorer.rank(model, parts)
    assert odds["A"] == pytest.approx(1 / (1 + 2.718281828**-2.1))
    assert sum(odds.values()) == pytest.approx(1)
