"""How the likeliest claim of a sum is chosen, with weights made for the purpose."""

from __future__ import annotations

import pytest

from pipelines.claims import confidence, decide, parties, scorer, tokens, walk
from pipelines.claims.drafts import Draft
from pipelines.claims.features import Place
from tests.claims_training import watch

KNOWN = parties.compiled(watch())
#: Whoever gives is a little likelier to be paid than OpenAI, and two companies give together.
WEIGHTS = scorer.ready(
    {
        "payee": {"investment": {"role=investor|in": 20, "role=partner|in": 20}},
        "payers": {"investment": {"group|2": 300}},
    }
)


def places(text: str) -> list[Place]:
    """The sums of a text."""
    out: list[Place] = []

    def keep(place: Place) -> list[Draft]:
        out.append(place)
        return []

    walk.walk(walk.scenes(tokens.read(text), KNOWN), KNOWN, keep)
    return out


def test_a_payee_is_weighed_together_with_who_would_pay_it() -> None:
    (place,) = places("Nvidia et AMD versent 5 milliards à OpenAI.")

    found = decide.filled(place, "investment", 1.0, WEIGHTS)

    assert found is not None
    assert (found[0].payers, found[0].payee) == (("Nvidia", "AMD"), "OpenAI")


def test_who_gets_a_sum_each_does_not_pay_it_to_one_another() -> None:
    (place,) = places("Nvidia soutient xAI et Wayve, 2 milliards chacun.")
    rivals = {"investment": {"role=rival|in": 300}}

    models = scorer.ready({"payee": rivals, "payers": rivals})
    found = decide.filled(place, "investment", 1.0, models)

    assert found is not None
    assert found[0].payers == ("Nvidia",)


EACH = [
    ("Nvidia et AMD mettent 5 milliards chacun dans xAI, MGX et Arm 2 milliards.", [True, False]),
    ("Nvidia met 5 milliards dans xAI ; MGX et Arm, 2 milliards chacun.", [False, True]),
    ("Nvidia et AMD mettent chacun 5 milliards dans xAI.", [True]),
]


@pytest.mark.parametrize(("text", "apiece"), EACH, ids=[e[0] for e in EACH])
def test_chacun_right_behind_a_sum_says_nothing_of_the_next_one(
    text: str, apiece: list[bool]
) -> None:
    assert [place.each for place in places(text)] == apiece


def test_what_each_pays_is_a_claim_for_each() -> None:
    both, joint = places(
        "Nvidia et AMD mettent 5 milliards chacun dans xAI, MGX et Arm 2 milliards."
    )

    one = decide.drafted(both, "investment", "xAI", ("Nvidia", "AMD"), 0.9)
    two = decide.drafted(joint, "investment", "xAI", ("MGX", "Arm"), 0.9)

    assert [draft.payers for draft in decide.each(one, both)] == [("Nvidia",), ("AMD",)]
    assert [draft.payers for draft in decide.each(two, joint)] == [("MGX", "Arm")]


def test_confidence_knows_how_many_others_might_be_meant() -> None:
    (place,) = places("OpenAI et xAI se disputent AMD, qui leur offre 5 milliards.")
    draft = decide.drafted(place, "investment", "OpenAI", ("AMD",), 0.9)

    found = confidence.signals(place, draft, (0.9, 1.0, 1.0))

    assert "near=2|True|investment" in found
