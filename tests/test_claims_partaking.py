"""Who puts what into a round, and who is only named to say that another does as they did."""

from __future__ import annotations

import pytest

from pipelines import claims
from tests.claims_training import watch

PARTS = [
    "La participation d'Amazon au tour de table d'OpenAI atteint 50 milliards de dollars.",
    "Amazon participe au tour de table d'OpenAI à hauteur de 50 milliards de dollars.",
    "Amazon participera à hauteur de 50 milliards de dollars à la levée de fonds d'OpenAI.",
    "Amazon mène le tour d'OpenAI avec 50 milliards de dollars.",
    "La part d'Amazon dans la levée de fonds d'OpenAI est de 50 milliards de dollars.",
    "Amazon contribue pour 50 milliards de dollars à l'augmentation de capital d'OpenAI.",
]


@pytest.mark.parametrize("text", PARTS)
def test_a_part_of_a_round_is_an_investment(text: str) -> None:
    (claim,) = claims.find(text, watch())
    assert (claim.kind, claim.payers, claim.payee) == ("investment", ("Amazon",), "OpenAI")


ROUNDS = [
    "Amazon mène la levée de fonds d'OpenAI, de 110 milliards de dollars.",
    "Amazon participe à la levée de fonds d'OpenAI, qui atteint 110 milliards de dollars.",
    "Amazon et Nvidia participent au tour de table d'OpenAI, de 110 milliards de dollars.",
    "Amazon mène le tour d'OpenAI avec 110 milliards de dollars levés.",
]


@pytest.mark.parametrize("text", ROUNDS)
def test_the_sum_of_a_round_stays_the_rounds(text: str) -> None:
    (claim,) = claims.find(text, watch())
    assert (claim.kind, claim.payee) == ("round", "OpenAI")


LIKENED = [
    "Après Microsoft, Amazon a signé avec OpenAI un contrat de 38 milliards de dollars.",
    "Après Microsoft, après Oracle, Amazon a signé avec OpenAI un contrat de 38 milliards.",
    "Comme Microsoft en mars, Amazon a signé avec OpenAI un contrat de 38 milliards de dollars.",
    "Après Microsoft, c'est Amazon qui signe avec OpenAI un contrat de 38 milliards de dollars.",
    "À l'instar de Microsoft, Amazon a signé avec OpenAI un contrat de 38 milliards de dollars.",
]


@pytest.mark.parametrize("text", LIKENED)
def test_whom_an_opening_likens_has_no_part_in_it(text: str) -> None:
    (claim,) = claims.find(text, watch())
    assert (claim.kind, claim.payers, claim.payee) == ("commitment", ("OpenAI",), "Amazon")


def test_an_opening_may_tell_a_deal_of_its_own() -> None:
    text = "Après Nvidia, qui y a placé 5 milliards de dollars, Intel courtise Apple."
    (claim,) = claims.find(text, watch())
    assert (claim.payers, claim.payee) == (("Nvidia",), "Intel")
