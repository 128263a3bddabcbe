"""Linear scorers over string features; weights are data, trained by tests/claims_training.py."""

from __future__ import annotations

import json
import math
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence, Set
from functools import cache
from importlib import resources
from itertools import repeat
from typing import Any, TypeVar

from pydantic_core import from_json

K = TypeVar("K", bound=Hashable)

#: Weights are whole numbers, so many to one: they load faster, and their sum is the same in
#: whatever order they are added.
UNIT = 100
#: A classifier keeps the weights of a feature, one a class, in one number of so many bits for each:
#: one addition a feature instead of one for each class. No sum of weights comes near 2 ** 19.
BITS = 20

#: The weight of what a table does not know, as often as it is asked for.
ABSENT = repeat(0)

#: Features of a candidate, each set with the tables that know it (of a kind, of a kind and a role,
#: "" for any): what they say of a feature counts together.
Found = Sequence[tuple[tuple[str, ...], Set[str]]]


@cache
def weights() -> dict[str, Any]:
    """All models of words/weights.json, loaded once; none where none were trained yet. Of a
    classifier each feature has a weight a class, of a ranker one."""
    path = resources.files("pipelines.claims") / "words" / "weights.json"
    if not path.is_file():
        return {}
    return ready(parsed(path.read_bytes()))


def written(models: Mapping[str, Any]) -> str:
    """Models as JSON. The features of a classifier are one string, tabs between them, beside a list
    of their weights: that is read in half the time of an object with as many keys."""
    out = dict(models)
    for name, model in models.items():
        if "rows" in model:
            rows = model["rows"]
            folded = {"features": "\t".join(rows), "weights": list(rows.values())}
            out[name] = {"classes": model["classes"], **folded}
    return json.dumps(out, ensure_ascii=False, separators=(",", ":"))


def parsed(text: str | bytes) -> dict[str, Any]:
    """Models from what `written` made of them."""
    models: dict[str, Any] = from_json(text)  # in half the time of json.loads
    for name, model in models.items():
        if "features" in model:
            rows = dict(zip(model["features"].split("\t"), model["weights"], strict=True))
            models[name] = {"classes": model["classes"], "rows": rows}
    return models


def ready(models: dict[str, Any]) -> dict[str, Any]:
    """Models as they were learned, as the reader asks them."""
    return models | {name: Tables(models.get(name, {})) for name in ("payee", "payers")}


def softmax(scores: Mapping[K, float]) -> dict[K, float]:
    """Probabilities."""
    if len(scores) < 2:
        return dict.fromkeys(scores, 1.0)
    top, exp = max(scores.values()), math.exp
    powers = {key: exp(score - top) for key, score in scores.items()}
    total = sum(powers.values())
    return {key: power / total for key, power in powers.items()}


def gathered(model: Mapping[str, Any], features: Iterable[str]) -> int:
    """The weights of some features, each given once, in one number, see `packed`."""
    return sum(map(model["rows"].get, features, ABSENT))


def classify(
    model: Mapping[str, Any], features: Iterable[str], before: int = 0
) -> dict[str, float]:
    """Score of each class; `model` has its classes and the packed weights of each feature,
    `features` are given once each, `before` was gathered from others."""
    total = before + gathered(model, features)
    half, mask = 1 << (BITS - 1), (1 << BITS) - 1
    out: dict[str, float] = {}
    for name in model["classes"]:
        weight = ((total + half) & mask) - half
        out[name] = weight / UNIT
        total = (total - weight) >> BITS
    return out


def margin(total: int) -> float:
    """What two classes in one number have for the second one."""
    half, mask = 1 << (BITS - 1), (1 << BITS) - 1
    first = ((total + half) & mask) - half
    return (((total - first) >> BITS) - first) / UNIT


def packed(weights: Iterable[int]) -> int:
    """Weights of a feature as one number; such numbers add up as their weights do."""
    return sum(weight << (BITS * place) for place, weight in enumerate(weights))


def unpacked(total: int) -> Iterator[int]:
    """The weights in a number, and zeros without end behind them."""
    half, mask = 1 << (BITS - 1), (1 << BITS) - 1
    while True:
        weight = ((total + half) & mask) - half
        yield weight
        total = (total - weight) >> BITS


class Tables(dict[tuple[str, ...], dict[str, int]]):
    """Weights of a ranker by the tables that are asked together, added up when they first are:
    one look-up a feature instead of one for each table."""

    def __init__(self, model: Mapping[str, Mapping[str, int]]) -> None:
        self._model = model

    def __missing__(self, names: tuple[str, ...]) -> dict[str, int]:
        added: dict[str, int] = {}
        for name in names:
            for feature, weight in self._model.get(name, {}).items():
                added[feature] = added.get(feature, 0) + weight
        self[names] = added
        return added


def rank(model: Tables, candidates: Mapping[K, Found]) -> dict[K, float]:
    """Probability of each candidate."""
    scores: dict[K, float] = {}
    for candidate, parts in candidates.items():
        total = 0
        for names, features in parts:
            total += sum(map(model[names].get, features, ABSENT))
        scores[candidate] = total / UNIT
    return softmax(scores)
