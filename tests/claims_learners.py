"""The learners of the claims scorer: logistic regression over classes and over candidates, with
AdaGrad, in the standard library."""

from __future__ import annotations

import math
import random
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from pipelines.claims import scorer

#: Passes over the examples, first step of AdaGrad, pull towards zero, least use of a feature.
EPOCHS, RATE, DECAY, LEAST = 8, 0.07, 1e-2, 3
#: The pull on confidence, learned of pairs, with and without the table of deals; and on pairs of
#: words, of which most are seen a few times only.
CALM = 3e-2
#: The weights kept are the mean of those after each of the last passes: order matters less.
AVERAGED = 5
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


def train_classes(rows: list[Example], classes: list[str], decay: float = DECAY) -> dict[str, Any]:
    """Multinomial logistic regression."""
    used = Counter(f for _, found in rows for f in set(found))
    rows = [(label, [f for f in sorted(set(found)) if used[f] >= LEAST]) for label, found in rows]
    weights: dict[str, dict[str, float]] = defaultdict(lambda: dict.fromkeys(classes, 0.0))
    seen: dict[str, dict[str, float]] = defaultdict(lambda: dict.fromkeys(classes, 1e-3))
    order = list(rows)
    chance = random.Random(7)
    total: dict[str, dict[str, float]] = defaultdict(lambda: dict.fromkeys(classes, 0.0))
    for epoch in range(EPOCHS):
        chance.shuffle(order)
        for label, found in order:
            scores = dict.fromkeys(classes, 0.0)
            tables = [(weights[f], seen[f]) for f in found]
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
        if epoch >= EPOCHS - AVERAGED:
            for f, table in weights.items():
                for name in classes:
                    total[f][name] += table[name] / AVERAGED
    rows_of = {
        f: scorer.packed(whole(t[c]) for c in classes)
        for f, t in sorted(total.items(), key=lambda row: (-used[row[0]], row[0]))  # see `nested`
        if max(abs(v) for v in t.values()) > SMALLEST
    }
    return {"classes": list(classes), "rows": rows_of}


def train_rank(rows: Sequence[Example]) -> dict[str, dict[str, int]]:
    """Conditional logit over candidates."""
    used = Counter(f for _, sets in rows for found in sets.values() for f in set(found))
    rows = [
        (gold, {k: [f for f in sorted(set(v)) if used[f] >= LEAST] for k, v in sets.items()})
        for gold, sets in rows
    ]
    weights: dict[str, float] = defaultdict(float)
    seen: dict[str, float] = defaultdict(lambda: 1e-3)
    order = list(rows)
    chance = random.Random(7)
    total: dict[str, float] = defaultdict(float)
    for epoch in range(EPOCHS):
        chance.shuffle(order)
        for gold, sets in order:
            odds = scorer.softmax({k: sum(weights[f] for f in v) for k, v in sets.items()})
            for key, found in sets.items():
                slope = odds[key] - (key == gold)
                if abs(slope) < 1e-3:
                    continue
                for f in found:
                    pull = slope + DECAY * weights[f]
                    seen[f] += pull * pull
                    weights[f] -= RATE * pull / math.sqrt(seen[f])
        if epoch >= EPOCHS - AVERAGED:
            for f, w in weights.items():
                total[f] += w / AVERAGED
    kept = sorted((f for f, w in total.items() if abs(w) > SMALLEST), key=lambda f: (-used[f], f))
    return nested({f: total[f] for f in kept})
