"""What givers without a name pay is nobody's whom the text spoke of before."""

from __future__ import annotations

import pytest

from pipelines.claims import decide, governor, parties, scorer, tokens, unnamed, walk
from pipelines.claims.drafts import Draft
from pipelines.claims.features import Place
from tests.claims_training import watch, weighing

KNOWN = parties.compiled(watch())

#: Text whose last sum it is asked of, and whether givers without a name pay it.
GIVE = [
    # behind the sum
    ("Plus de 1 milliard est promis, dont 700 millions par les actionnaires actuels.", True),
    ("Nvidia met 5 milliards ; 2 milliards viennent de la part de ses salariés.", True),
    ("Nvidia met 5 milliards, dont 2 milliards placés chez plusieurs investisseurs.", True),
    ("Nvidia met 5 milliards, dont 2 milliards apportés par des fonds comme Coatue.", False),
    ("Nvidia met 5 milliards, dont 2 milliards par Coatue.", False),
    ("Nvidia rachète 2 milliards de titres auprès des actionnaires d'OpenAI.", False),
    # as the subject
    ("Nvidia met 5 milliards, les autres actionnaires 2 milliards.", True),
    ("Nvidia attend, mais des fonds mettront 2 milliards dans OpenAI.", True),
    ("Les actionnaires existants apportent 2 milliards à OpenAI.", True),
    ("SoftBank et ses actionnaires apportent 2 milliards à OpenAI.", False),
    ("Les actionnaires saluent les 2 milliards que Nvidia apporte à OpenAI.", False),
    ("Les fonds seront versés par tranches de 2 milliards.", False),
    ("Les deux fonds mettront 2 milliards dans OpenAI.", False),
]


@pytest.mark.parametrize(("text", "given"), GIVE, ids=[e[0] for e in GIVE])
def test_it_knows_givers_without_a_name(text: str, given: bool) -> None:
    scene = walk.scenes(tokens.read(text), KNOWN)[-1]
    one = scene.sums[-1]
    assert unnamed.give(scene, one, governor.find(scene, one)) is given


def test_what_they_give_is_no_investment_of_whom_the_text_spoke_of() -> None:
    """By weights that take every sum for an investment."""
    text = "Nvidia met 5 milliards dans OpenAI, les autres actionnaires 2 milliards."
    made: list[Draft] = []

    def choose(place: Place) -> list[Draft]:
        made.extend(decide.choose(place))
        return []

    models = scorer.ready(
        {
            "kind": {
                "classes": ["investment", "none", "round"],
                "rows": {"bias": scorer.packed([900, 0, 0])},
            },
            "payee": {"investment": {"role=subject|in": 20}},
            "payers": {"investment": {}},
        }
    )
    with weighing(models):
        walk.walk(walk.scenes(tokens.read(text), KNOWN), KNOWN, choose)
    assert [(d.kind, d.payers) for d in made if d.one.top == 5e9] == [("investment", ("Nvidia",))]
    assert not [d for d in made if d.one.top == 2e9 and d.kind == "investment"]
