"""Trains the weights of the claims scorer on our own corpus: `python -m tests.claims_training`.

Plain logistic regression with AdaGrad, in the standard library: the corpus has some thousand
examples, and whoever changes a word list retrains in some minutes. Texts of the seeds are not used.
"""

from __future__ import annotations

import random
import sys
import tomllib
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from itertools import islice
from pathlib import Path
from typing import Any
from unittest import mock

from pipelines.claims import (
    background,
    candidates,
    deals,
    decide,
    features,
    participants,
    parties,
    reader,
    scorer,
    status,
    surroundings,
    tokens,
    traits,
    walk,
)
from pipelines.claims.confidence import evidence
from pipelines.claims.drafts import Draft
from pipelines.claims.features import Place
from pipelines.claims.scorer import Found
from pipelines.records import Company, Watch
from tests import claims_asides, claims_deals, claims_elsewhere
from tests.claims_deals import author, close, norm, same_figure
from tests.claims_learners import CALM, PASSES, Example, train_classes, train_rank
from tests.corpus import silver
from tests.corpus.silver import Passage

ROOT = Path(__file__).parent.parent
WEIGHTS = ROOT / "pipelines" / "claims" / "words" / "weights.json"
#: Models that see the deals which the press remembers.
REMEMBERING = ("kind", "payee", "payers", "background")

#: Kinds whose payers may be named by other sentences than their own.
FILLED = ("round", "valuation", "debt")

#: Models that choose one of some classes, and those that rank candidates.
CLASSIFIERS = ("kind", "part", "status", "background")
RANKERS = ("payee", "payers")
#: Passes over the examples, where more than the usual ones are better for texts of other authors.
LONGER = {"status": 6, "payers": 4}
#: What leaves out paragraphs: its thresholds were chosen for so many.
THOROUGH = 8


def watch(name: str = "openai") -> Watch:
    """A shipped watch."""
    table = tomllib.loads((ROOT / "pipelines" / "watches" / f"{name}.toml").read_text("utf-8"))
    companies = tuple(
        Company(c["name"], c["role"], tuple(c.get("aliases", ())), tuple(c.get("periphrases", ())),
                tuple(c.get("ambiguous", ())), c.get("watched", True))
        for c in table["company"]
    )  # fmt: skip
    return Watch(table["name"], companies, table["least_confidence"], tuple(table["words"]))


class Gold:
    """Decides as the annotation says, and notes down what could be learned from it."""

    def __init__(self, passage: Passage, offset: int) -> None:
        self.passage, self.offset = passage, offset
        self.kind: list[Example] = []
        self.payee: list[Example] = []
        self.payers: list[Example] = []
        self.claims: dict[int, dict[str, Any]] = {}
        self.missed: Counter[str] = Counter()
        self.used: set[int] = set()

    def __call__(self, place: Place) -> list[Draft]:
        gold = self._aligned(place)
        if gold is None:
            return []
        kinds = [g["kind"] for g in gold] or ["none"]
        kind = place.draft.kind if place.draft and place.draft.kind in kinds else kinds[0]
        self.kind.append((kind, features.kind_features(place)))
        if not gold:
            return []
        chosen = [g for g in gold if g["kind"] == kind]
        claim = chosen[0]
        likely = candidates.payee_features(place, kind)
        payee = next((n for n in likely if norm(n) == norm(claim["payee"])), None)
        if payee is None:
            self.missed["payee"] += 1
            return []
        self.payee.append((payee, flat(likely)))
        payers: tuple[str, ...] = ()
        if kind in ("investment", "commitment", "debt"):
            wanted = {norm(p) for c in chosen for p in c["payers"]}
            sets = candidates.payer_features(place, kind, payee)
            first = {norm(p) for p in claim["payers"]}  # "30 pour Nvidia et autant pour Ares"
            found = next((s for s in sets if {norm(n) for n in s} == wanted), None)
            found = found or next((s for s in sets if {norm(n) for n in s} == first), None)
            if found is None:
                self.missed["payers"] += 1
                return []
            self.payers.append((found, flat(sets)))
            payers = found
        draft = decide.drafted(place, kind, payee, payers, 1.0)
        self.claims[id(draft)] = claim
        return [draft]

    def _aligned(self, place: Place) -> list[dict[str, Any]] | None:
        """Gold claims of a sum; None where it cannot be told."""
        one, reading = place.one, place.scene.reading
        first, last = (
            reading.starts[one.first] - self.offset,
            reading.ends[one.last - 1] - self.offset,
        )
        same = [
            (k, g)
            for k, g in enumerate(self.passage.claims)
            if same_figure(one, g["amount"]) and (one.currency or "USD") == g["currency"]
        ]
        exact = [
            (k, g) for k, g in same
            if g.get("amount_start") is not None and first - 12 <= g["amount_start"] < last + 1
        ]  # fmt: skip
        if exact:
            self.used.update(k for k, _ in exact)
            return [g for _, g in exact]
        for k, g in same:
            if (g.get("amount_start") is None and k not in self.used and first >= 0) and (
                self._covers(g["amount_text"], first)
            ):
                self.used.add(k)
                return [g]
        likely = place.draft is not None and place.draft.kind in {g["kind"] for _, g in same}
        whole = {(g["kind"], g["payee"], tuple(g["payers"])) for _, g in same}
        if len(whole) == 1 and (likely or place.scene.index == 0):
            return [same[0][1]]
        return None if same else []

    def _covers(self, written: str, first: int) -> bool:
        """Whether the sum at `first` lies in an occurrence of the annotated words."""
        text = self.passage.text
        at = text.find(written)
        while at >= 0:
            if at <= first < at + len(written):
                return True
            at = text.find(written, at + 1)
        return False


def flat(candidates: Mapping[Any, Found]) -> dict[Any, list[str]]:
    """Features of candidates in one list each, behind the name of their table."""
    return {
        key: [f"{name}:{f}" for names, found in parts for name in names for f in found]
        for key, parts in candidates.items()
    }


def examples(passage: Passage, watched: Watch) -> dict[str, list[Example]]:
    """Everything to learn from one passage."""
    reading = tokens.read(passage.head + passage.text)
    known = parties.compiled(watched)
    gold = Gold(passage, len(passage.head))
    steps, _ = walk.walk(walk.scenes(reading, known), known, gold)
    out: dict[str, list[Example]] = {"kind": gold.kind, "payee": gold.payee, "payers": gold.payers,
                                     "part": [], "status": [], "background": []}  # fmt: skip
    before, at = "", -1
    text = surroundings.read(steps)
    told = surroundings.Told()
    for k, step in enumerate(steps):
        hits = text.signs[k]
        around = surroundings.context(text, k)
        for draft in step.drafts:
            claim = gold.claims[id(draft)]
            state = status.judge(draft, hits)
            plain = traits.plain_status(state)
            near = before if step.scene.index - at <= 1 else ""
            word = f"{claim['certainty']} {claim['stage']}"
            sure = traits.status_features(draft, text, hits, near, plain)
            out["status"].append((word, [*around["status"], *sure]))
            guess = background.judge(draft, state, None, text.times[k])
            signs = [*around["background"], *traits.background_features(draft, text, guess, told)]
            signs += traits.staged(draft, text, word, guess)
            out["background"].append((str(bool(claim["background"])), signs))
            before, at = word, step.scene.index
            told.take(draft)
            if draft.kind == "round":
                joined = {norm(name) for name in claim["payers"]}
                found = participants.evidence(draft, text, k)
                for name in found.parties:
                    out["part"].append((str(norm(name) in joined), sorted(found.of(name))))
    return out


def train(passages: Sequence[Passage], watched: Watch) -> dict[str, Any]:
    """All models from these passages."""
    rows: dict[str, list[Example]] = {name: [] for name in (*CLASSIFIERS, *RANKERS)}
    told = claims_deals.told(passages, watched)
    others = {name: claims_deals.of_others(told, name) for name in {author(p) for p in passages}}
    aside = train_classes(
        claims_asides.examples(passages, watched), ["False", "True"], CALM, THOROUGH
    )
    away = train_classes(
        claims_elsewhere.examples(passages, watched), ["False", "True"], passes=THOROUGH
    )
    # What "aside" leaves out teaches nothing. "elsewhere" is not asked: it knows these texts by
    # heart, and would leave hardly any sum that is no claim to learn from.
    with weighing({"aside": aside}):
        for passage in passages:
            with claims_deals.knowing(others[author(passage)]):
                remembered = examples(passage, watched)
            with claims_deals.knowing(deals.table({})):
                unheard = examples(passage, watched)
            for name, found in remembered.items():
                # what nobody has told before must be read as well: each sum is learned both ways
                rows[name] += [*found, *unheard[name]] if name in REMEMBERING else found
    out: dict[str, Any] = {"aside": aside, "elsewhere": away}
    for name in CLASSIFIERS:
        classes = sorted({label for label, _ in rows[name]})
        out[name] = train_classes(rows[name], classes, passes=LONGER.get(name, PASSES))
    for name in RANKERS:
        out[name] = train_rank(rows[name], LONGER.get(name, PASSES))
    return out


def weighing(models: dict[str, Any]) -> AbstractContextManager[object]:
    """The reader weighs with these models: a seam, as `claims_deals.knowing`."""
    # a `return_value` would keep every call, and training makes millions
    return mock.patch.object(scorer, "weights", lambda: models)  # noqa: PT008


def learned(passages: Sequence[Passage], watched: Watch) -> dict[str, Any]:
    """Everything that weights.json holds."""
    return {**train(passages, watched), "right": calibrate(passages, watched)}


def right(passage: Passage, watched: Watch) -> list[Example]:
    """Signals of every claim found in a passage that no model has seen, and whether it is right."""
    rows: list[Example] = []
    spied: dict[tuple[Any, ...], tuple[str, ...]] = {}  # with payers and without
    original = reader.confidence

    def spy(draft: Draft, old: bool) -> float:
        found = tuple(sorted(evidence(draft, old)))
        for payers in (draft.payers, None):
            spied.setdefault((draft.kind, payers, draft.payee, draft.one.top), found)
        return original(draft, old)

    # the reader asks for confidence deep inside `find`; what is unlikely teaches as well
    with mock.patch.multiple(reader, confidence=spy, LEAST_LIKELY=0.0):
        claims = reader.find(passage.text, watched, title=passage.title)
    for claim in claims:
        # payers of rounds and lenders are filled in after the confidence was asked
        same = (claim.payers, None) if claim.kind in FILLED else (claim.payers,)
        keys = [(claim.kind, payers, claim.payee, claim.amount.top) for payers in same]
        found = next((spied[key] for key in keys if key in spied), None)
        if found is not None:
            rows.append((str(any(matches(g, claim) for g in passage.claims)), found))
    return rows


def matches(gold: dict[str, Any], claim: Any) -> bool:
    """Whether a found claim is the annotated one, as the scorer of the corpus counts it."""
    if claim.kind != gold["kind"] and claim.kind not in gold.get("alt_kinds", []):
        return False
    if norm(gold["payee"]) != norm(claim.payee) or gold["currency"] != claim.amount.currency:
        return False
    low, high = gold["amount"]
    if not (close(claim.amount.top, high or low) or close(claim.amount.bottom, low or high)):
        return False
    loose = claim.kind in ("round", "valuation") or gold["kind"] in ("round", "valuation")
    return loose or {norm(p) for p in gold["payers"]} == {norm(p) for p in claim.payers}


def calibrate(passages: Sequence[Passage], watched: Watch, folds: int = 5) -> dict[str, int]:
    """Model of confidence from claims found by models that had not seen their text."""
    order = list(passages)
    random.Random(11).shuffle(order)
    place = {name: k % folds for k, name in enumerate(sorted({author(p) for p in order}))}
    rows: list[Example] = []
    for fold in range(folds):
        rest = [p for p in order if place[author(p)] != fold]
        with weighing(scorer.ready(train(rest, watched))):
            strange = [p for p in order if place[author(p)] == fold]
            known = claims_deals.of_others(claims_deals.told(rest, watched))
            for memory in (known, deals.table({})):  # a new deal has its confidence as well
                with claims_deals.knowing(memory):
                    for passage in strange:
                        rows.extend(right(passage, watched))
    table = train_classes(rows, ["False", "True"], CALM)
    found = {f: islice(scorer.unpacked(number), 2) for f, number in table["rows"].items()}
    return {f: yes - no for f, (no, yes) in found.items()}


def corpus(batches: Sequence[str]) -> list[Passage]:
    """Hard texts, replay press and the silver batches named."""
    out = [*silver.load_lines("hard"), *silver.load_lines("press")]
    for name in batches:
        out.extend(silver.load(name))
    return out


if __name__ == "__main__":
    chosen = sys.argv[1:] or silver.batches()
    claims_deals.write(claims_deals.told(corpus(chosen), watch()))
    models = learned(corpus(chosen), watch())
    WEIGHTS.write_text(scorer.written(models), "utf-8")
    print(f"{WEIGHTS}: {WEIGHTS.stat().st_size // 1024} KiB from {', '.join(chosen)}")
