"""What the other figures of a text say of one: their sizes, and what governs them."""

from __future__ import annotations

import pytest

from pipelines.claims import features, parties, tokens, walk
from pipelines.claims.drafts import Draft
from pipelines.claims.features import Place
from tests.claims_training import watch

OPENAI = parties.compiled(watch())

ROUND_AND_PRICE = (
    "OpenAI lève 40 milliards de dollars. L'opération porte sa valorisation à 300 milliards."
)
MILESTONES = "OpenAI a reçu 6 milliards de dollars, puis 20 en mars."


def told(text: str) -> dict[float, list[str]]:
    """Features of the kind of each sum, by its size in milliards."""
    out: dict[float, list[str]] = {}

    def keep(place: Place) -> list[Draft]:
        out[place.one.top / 1e9] = features.kind_features(place)
        return [place.draft] if place.draft is not None else []

    walk.walk(walk.scenes(tokens.read(text), OPENAI), OPENAI, keep)
    return out


@pytest.mark.parametrize(
    ("text", "figure", "wanted"),
    [
        (ROUND_AND_PRICE, 40, "after=0|valuation|False"),
        (ROUND_AND_PRICE, 300, "after=none"),
        (ROUND_AND_PRICE, 300, "priced=none"),
        (ROUND_AND_PRICE, 300, "last=8|round"),
        (ROUND_AND_PRICE, 300, "cur=USD"),
        (MILESTONES, 6, "after=1|receive|True"),
        (MILESTONES, 20, "bw=False|20"),
        (MILESTONES, 20, "bk=puis|round"),
    ],
)
def test_a_sum_is_told_by_the_sums_beside_it(text: str, figure: float, wanted: str) -> None:
    assert wanted in told(text)[figure]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("AMD investira 7 milliards d'ici à 2030 à Lyon.", ["spentin=False", "spentin=invest"]),
        ("Nvidia injectera 7 milliards dans le pays.", ["spentin=False", "spentin=invest"]),
        ("Nvidia versera 7 milliards à OpenAI en France.", ["spentin=True", "spentin=transfer"]),
        ("Nvidia versera 7 milliards à OpenAI en nature.", []),
        ("Le groupe AMD a placé 7 milliards dans les tours d'OpenAI.", []),
    ],
)
def test_a_sum_that_goes_to_a_place_is_told_from_one_that_goes_to_a_company(
    text: str, wanted: list[str]
) -> None:
    assert [f for f in told(text)[7] if f.startswith("spentin")] == wanted


@pytest.mark.parametrize(
    "text",
    [
        "Les investisseurs, qui investissent dans OpenAI, ont versé 6 milliards, puis 20 en mars.",
        "Hier, Nvidia, hier, Nvidia, hier, Nvidia ont mis 5 milliards dans OpenAI.",
    ],
)
def test_what_tells_of_a_kind_is_told_once_and_so_counts_once(text: str) -> None:
    found = told(text)
    assert found
    assert all(len(signs) == len(set(signs)) for signs in found.values())


@pytest.mark.parametrize(
    ("title", "wanted"),
    [
        ("OpenAI : 40 milliards de dollars", ["else=raise", "else=raise|False"]),
        ("OpenAI : 12 milliards de dollars", []),
    ],
)
def test_a_bare_title_is_told_by_the_verb_of_the_same_figure(title: str, wanted: list[str]) -> None:
    text = f"{title}\n\nLa start-up OpenAI a levé 40 milliards de dollars."
    first: list[list[str]] = []

    def keep(place: Place) -> list[Draft]:
        first.append(features.kind_features(place))
        return []

    walk.walk(walk.scenes(tokens.read(text), OPENAI), OPENAI, keep)
    assert [f for f in first[0] if f.startswith("else=")] == wanted


def test_only_a_number_without_its_unit_has_features_of_bare_numbers() -> None:
    found = told(MILESTONES)
    assert not [f for f in found[6] if f.startswith(("bw=", "bk=", "bp="))]
    assert [f for f in found[20] if f.startswith(("bw=", "bk=", "bp="))]


def test_the_letters_of_a_currency_are_no_word_of_money() -> None:
    text = "CDPQ investit 1,4 G$ CA dans xAI, dont 600 M$ CA réglés comptant."
    (scene,) = walk.scenes(tokens.read(text), OPENAI)
    assert [cue.lemma for cue in scene.cues] == ["investir", "régler"]
