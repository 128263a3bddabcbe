"""The learners of the claims scorer: logistic regression over classes and over candidates, with
AdaGrad, in the standard library."""

from __future__ import annotations

import math
import random
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

from pipelines.claims import scorer

#: First step of AdaGrad, pull towards zero of classes and of rankings, least use of a feature.
RATE, DECAY, RANK_DECAY, LEAST = 0.07, 1e-2, 2e-3, 3
#: The pull on confidence, learned of pairs, with and without the table of deals; and on pairs of
#: words, of which most are seen a few times only.
CALM = 3e-2
#: Passes over the examples. Few generalise best: from the third on they fit the authors.
PASSES = 2
#: Each model is learned so many times, in other orders, and the mean of all is kept; of each time
#: the mean of what stands at each quarter of the second half of its passes. Order matters less.
ORDERS, QUARTERS = 3, 4
SMALLEST = 0.03  #: Weights below this change nothing and are left out.

#: What is right, and the features that it was told by.
Example = tuple[Any, Any]


def nested(weights: Mapping[str, float]) -> dict[str, dict[str, int]]:
    """Weights of `flat` features by their table, as the reader wants them: in their order, so that
    the commonest ones lie close together in memory, which makes reading some 4 % faster."""
    out: dict[str, dict[str, int]] = defaultdict(dict)
    for key, weight in weights.items():
        name, _, feature = key.partition(":")
        out[name][feature] = whole(weight)
    return dict(out)


def whole(weight: float) -> int:
    """A weight in the unit of the reader."""
    return round(weight * scorer.UNIT)


def orders(count: int, passes: int) -> Iterator[Iterator[tuple[list[int], bool]]]:
    """For each time that a model is learned the examples by their numbers, a quarter of a pass at a
    time, and whether its weights are among those whose mean is kept."""
    for seed in range(ORDERS):
        yield _quarters(list(range(count)), passes, random.Random(seed))


def _quarters(
    order: list[int], passes: int, chance: random.Random
) -> Iterator[tuple[list[int], bool]]:
    bounds = [len(order) * k // QUARTERS for k in range(QUARTERS + 1)]
    for turn in range(passes):
        chance.shuffle(order)
        for first, last in pairwise(bounds):
            yield order[first:last], turn >= passes // 2


def kept(passes: int) -> int:
    """How many times weights are added up for their mean."""
    return ORDERS * QUARTERS * (passes - passes // 2)


def train_classes(
    rows: list[Example], classes: list[str], decay: float = DECAY, passes: int = PASSES
) -> dict[str, Any]:
    """Multinomial logistic regression."""
    used = Counter(f for _, found in rows for f in set(found))
    rows = [(label, [f for f in sorted(set(found)) if used[f] >= LEAST]) for label, found in rows]
    total: dict[str, dict[str, float]] = defaultdict(lambda: dict.fromkeys(classes, 0.0))
    for turns in orders(len(rows), passes):
        weights: dict[str, dict[str, float]] = defaultdict(lambda: dict.fromkeys(classes, 0.0))
        seen: dict[str, dict[str, float]] = defaultdict(lambda: dict.fromkeys(classes, 1e-3))
        for numbers, averaged in turns:
            for number in numbers:
                label, found = rows[number]
                tables = [(weights[f], seen[f]) for f in found]
                _step(label, tables, classes, decay)
            if averaged:
                for f, table in weights.items():
                    for name in classes:
                        total[f][name] += table[name] / kept(passes)
    rows_of = {
        f: scorer.packed(whole(t[c]) for c in classes)
        for f, t in sorted(total.items(), key=lambda row: (-used[row[0]], row[0]))  # see `nested`
        if max(abs(v) for v in t.values()) > SMALLEST
    }
    return {"classes": list(classes), "rows": rows_of}


def _step(
    label: str,
    tables: list[tuple[dict[str, float], dict[str, float]]],
    classes: list[str],
    decay: float,
) -> None:
    """Learn from one example: weights and squared slopes of each of its features, by class."""
    scores = dict.fromkeys(classes, 0.0)
    for table, _ in tables:
        for name in classes:
            scores[name] += table[name]
    odds = scorer.softmax(scores)
    for name in classes:
        slope = odds[name] - (name == label)
        if abs(slope) < 1e-3:
            continue
        for table, past in tables:
            pull = slope + decay * table[name]
            past[name] += pull * pull
            table[name] -= RATE * pull / math.sqrt(past[name])


def train_rank(rows: Sequence[Example], passes: int = PASSES) -> dict[str, dict[str, int]]:
    """Conditional logit over candidates."""
    used = Counter(f for _, sets in rows for found in sets.values() for f in set(found))
    rows = [
        (gold, {k: [f for f in sorted(set(v)) if used[f] >= LEAST] for k, v in sets.items()})
        for gold, sets in rows
    ]
    total: dict[str, float] = defaultdict(float)
    for turns in orders(len(rows), passes):
        weights: dict[str, float] = defaultdict(float)
        seen: dict[str, float] = defaultdict(lambda: 1e-3)
        for numbers, averaged in turns:
            for number in numbers:
                gold, sets = rows[number]
                odds = scorer.softmax({k: sum(weights[f] for f in v) for k, v in sets.items()})
                for key, found in sets.items():
                    slope = odds[key] - (key == gold)
                    if abs(slope) < 1e-3:
                        continue
                    for f in found:
                        pull = slope + RANK_DECAY * weights[f]
                        seen[f] += pull * pull
                        weights[f] -= RATE * pull / math.sqrt(seen[f])
            if averaged:
                for f, w in weights.items():
                    total[f] += w / kept(passes)
    told = sorted((f for f, w in total.items() if abs(w) > SMALLEST), key=lambda f: (-used[f], f))
    return nested({f: total[f] for f in told})
