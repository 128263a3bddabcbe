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


def classify(model: Mapping[str, Mapping[str, float]], features: Iterable[str]) -> dict[str, float]:
    """Probability of each class; `model` is feature → class → weight."""
    scores: dict[str, float] = {}
    for feature in features:
        for name, weight in model.get(feature, {}).items():
            scores[name] = scores.get(name, 0.0) + weight
    return scores


def rank(model: Mapping[str, float], candidates: Mapping[K, Iterable[str]]) -> dict[K, float]:
    """Probability of each candidate."""
    get = model.get
    return softmax({k: sum(get(f, 0.0) for f in set(fs)) for k, fs in candidates.items()})
