"""Forms of French verbs with their mood, for the verb lists in words/verbs.toml.

Regular verbs of the three groups are conjugated here in the third person (the press has no other);
irregular ones are listed with all their forms. A form knows its mood, because the conditional
is how French marks what is not certain.
"""

from __future__ import annotations

from typing import Literal

Mood = Literal["inf", "pres", "fut", "cond", "impf", "past", "part", "ger"]

_ER: tuple[tuple[str, Mood], ...] = (
    ("er", "inf"),
    ("e", "pres"),
    ("ent", "pres"),
    ("ons", "pres"),
    ("ez", "pres"),
    ("era", "fut"),
    ("eront", "fut"),
    ("erait", "cond"),
    ("eraient", "cond"),
    ("ait", "impf"),
    ("aient", "impf"),
    ("a", "past"),
    ("èrent", "past"),
    ("ât", "impf"),
    ("ant", "ger"),
    ("é", "part"),
    ("ée", "part"),
    ("és", "part"),
    ("ées", "part"),
)
_IR: tuple[tuple[str, Mood], ...] = (
    ("ir", "inf"),
    ("it", "pres"),
    ("issent", "pres"),
    ("issons", "pres"),
    ("ira", "fut"),
    ("iront", "fut"),
    ("irait", "cond"),
    ("iraient", "cond"),
    ("issait", "impf"),
    ("issaient", "impf"),
    ("irent", "past"),
    ("issant", "ger"),
    ("isse", "pres"),
    ("i", "part"),
    ("ie", "part"),
    ("is", "part"),
    ("ies", "part"),
)
_RE: tuple[tuple[str, Mood], ...] = (
    ("re", "inf"),
    ("", "pres"),
    ("ent", "pres"),
    ("e", "pres"),
    ("ra", "fut"),
    ("ront", "fut"),
    ("rait", "cond"),
    ("raient", "cond"),
    ("ait", "impf"),
    ("aient", "impf"),
    ("it", "past"),
    ("irent", "past"),
    ("ant", "ger"),
    ("u", "part"),
    ("ue", "part"),
    ("us", "part"),
    ("ues", "part"),
)
#: Endings of -er verbs before which a stem in e or é takes è.
_OPEN = frozenset(("e", "ent", "era", "eront", "erait", "eraient"))
_HARD_VOWELS = ("a", "o", "â")


def forms(lemma: str) -> dict[str, Mood]:
    """Every form of a regular verb."""
    if lemma.endswith("er"):
        return {_join(lemma[:-2], ending): mood for ending, mood in _ER}
    if lemma.endswith("ir"):
        return {lemma[:-2] + ending: mood for ending, mood in _IR}
    if lemma.endswith("re"):
        return {lemma[:-2] + ending: mood for ending, mood in _RE}
    raise ValueError(f"not a French infinitive: {lemma}")


def listed(line: str) -> dict[str, Mood]:
    """Forms of an irregular verb from "inf: ...; pres: ...; part: ..."."""
    out: dict[str, Mood] = {}
    for part in line.split(";"):
        mood, _, words = part.strip().partition(":")
        for word in words.split():
            out.setdefault(word, _mood(mood.strip()))
    return out


def _mood(name: str) -> Mood:
    match name:
        case "inf" | "pres" | "fut" | "cond" | "impf" | "past" | "part" | "ger":
            return name
    raise ValueError(f"not a mood: {name}")


def _join(stem: str, ending: str) -> str:
    if ending in _OPEN and len(stem) > 1 and not stem.endswith(("ll", "tt", "ss")):
        if stem[-2] == "e" and stem[-1] in "vtsnmlcr":
            return stem[:-2] + "è" + stem[-1] + ending  # lever, acheter, peser
        if stem[-2] == "é" and ending in ("e", "ent"):
            return stem[:-2] + "è" + stem[-1] + ending  # céder
        if stem[-3:] in ("égl", "égr") and ending in ("e", "ent"):
            return stem[:-3] + "è" + stem[-2:] + ending  # régler
    if ending.startswith(_HARD_VOWELS):
        if stem.endswith("g"):
            return stem + "e" + ending
        if stem.endswith("c"):
            return stem[:-1] + "ç" + ending
    return stem + ending
