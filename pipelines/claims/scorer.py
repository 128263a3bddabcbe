"""Linear scorers over string features; weights are data, trained by tests/claims_training.py."""

from __future__ import annotations

import json
import math
from collections.abc import Hashable, Iterable, Mapping
from functools import cache
from importlib import resources
from typing import Any, TypeVar

K = TypeVar("K", bound=Hashable)

#: Models in words/weights.json; of a ranker the weights are one table, of a classifier one a class.
MODELS = ("kind", "payee", "payers", "status", "background")


@cache
def weights() -> dict[str, Any]:
    """All weights, loaded once; empty where none were trained yet."""
    path = resources.files("pipelines.claims") / "words" / "weights.json"
    if not path.is_file():
        return {}
    loaded: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return loaded


def softmax(scores: Mapping[K, float]) -> dict[K, float]:
    """Probabilities."""
    if not scores:
        return {}
    top = max(scores.values())
    powers = {k: math.exp(v - top) for k, v in scores.items()}
    total = sum(powers.values())
    return {k: v / total for k, v in powers.items()}


def classify(model: Mapping[str, Any], features: Iterable[str]) -> dict[str, float]:
    """Score of each class; `model` has its classes and a row of weights for each feature."""
    get = model["rows"].get
    rows = [row for f in dict.fromkeys(features) if (row := get(f)) is not None]
    if not rows:
        return dict.fromkeys(model["classes"], 0.0)
    return dict(zip(model["classes"], map(sum, zip(*rows, strict=True)), strict=True))


def rank(model: Mapping[str, float], candidates: Mapping[K, Iterable[str]]) -> dict[K, float]:
    """Probability of each candidate."""
    get = model.get
    return softmax({k: sum(get(f, 0.0) for f in set(fs)) for k, fs in candidates.items()})
