"""Reader of the annotated corpora: silver batches (NAME.txt + NAME.claims) and JSON Lines."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

from pipelines.records import Certainty, Stage

HERE = Path(__file__).parent
SILVER = HERE / "silver"
HELD_OUT = HERE / "heldout"
_HEAD = re.compile(r"^=== (\S+)(?: \| ([^|]+) \| (\d{4}-\d\d-\d\d))?\s*$")


@dataclass(frozen=True, slots=True)
class Passage:
    """A text with the claims that a careful reader finds in it."""

    id: str
    title: str  # "" where the title is part of the text
    text: str
    date: str
    claims: tuple[dict[str, Any], ...]

    @property
    def head(self) -> str:
        """What stands before the text when it is read with its title."""
        return self.title.rstrip() + "\n\n" if self.title.strip() else ""


def batches() -> list[str]:
    """Names of the silver batches that have both files."""
    return sorted(p.stem for p in SILVER.glob("*.txt") if p.with_suffix(".claims").exists())


def load(batch: str, folder: Path = SILVER) -> list[Passage]:
    """One silver batch, in its order."""
    texts, dates = _texts((folder / f"{batch}.txt").read_text(encoding="utf-8"))
    agreed = folder / f"{batch}.gold"  # where two readers' differences were settled
    path = agreed if agreed.exists() else folder / f"{batch}.claims"
    found = _claims(path.read_text(encoding="utf-8"), texts)
    return [
        Passage(name, "", text, dates[name], tuple(found[name]))
        for name, text in texts.items()
        if name in found
    ]


def load_lines(name: str) -> list[Passage]:
    """tests/corpus/claims/NAME.jsonl: hard texts and bodies of the replay press."""
    rows = (HERE / "claims" / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    return [
        Passage(r["id"], r.get("title", ""), r["text"], r["date"], tuple(r["claims"]))
        for r in map(json.loads, rows)
    ]


def _texts(content: str) -> tuple[dict[str, str], dict[str, str]]:
    lines: dict[str, list[str]] = {}
    dates: dict[str, str] = {}
    name = None
    for line in content.split("\n"):
        head = _HEAD.match(line)
        if head:
            name = head[1]
            lines[name], dates[name] = [], head[3] or ""
        elif name is not None:
            lines[name].append(line)
    return {k: "\n".join(v).rstrip() for k, v in lines.items()}, dates


def _claims(content: str, texts: dict[str, str]) -> dict[str, list[dict[str, Any]]]:
    out: dict[str, list[dict[str, Any]]] = {}
    name = ""
    for number, line in enumerate(content.split("\n"), 1):
        head = _HEAD.match(line)
        if head:
            name = head[1]
            out[name] = []
        elif line.strip():
            try:
                out[name].append(_claim(line, texts[name]))
            except (ValueError, KeyError) as error:
                raise ValueError(f"line {number}: {error}: {line}") from error
    return out


def _claim(line: str, text: str) -> dict[str, Any]:
    fields = [field.strip(" ") for field in re.split(r" ?\| ?", line)]
    kind, flow, amount, state, sources, flags, written = fields
    payers, payee = (side.strip() for side in flow.split("->"))
    number, currency, qualifier = amount.split()
    low, _, high = number.partition("..")
    bounds: list[int | None] = [round(float(low)), round(float(high or low))]
    if qualifier in ("up_to", "less_than"):
        bounds[0] = None
    if qualifier == "more_than":
        bounds[1] = None
    certainty, stage = state.split()
    if certainty not in get_args(Certainty) or stage not in get_args(Stage):
        raise ValueError(f"no certainty and stage: {state!r}")
    marks = flags.split()
    nth = next((int(m[1:]) for m in marks if m.startswith("@")), 1)
    start = -1
    for _ in range(nth):
        start = text.find(written, start + 1)
        if start < 0:
            raise ValueError(f"amount_text not found: {written!r}")
    return {
        "kind": kind,
        "payers": [p.strip() for p in payers.split(",") if p.strip()],
        "payee": payee,
        "amount": bounds,
        "currency": currency,
        "qualifier": qualifier,
        "certainty": certainty,
        "stage": stage,
        "sources": [s.strip() for s in sources.split(",") if s.strip()],
        "background": "bg" in marks,
        "additional": "additional" in marks,
        "optional": "opt" in marks,
        "years": next((int(m[6:]) for m in marks if m.startswith("years=")), None),
        "alt_kinds": [m[4:] for m in marks if m.startswith("alt=")],
        "amount_text": written,
        "amount_start": start,
    }
