"""Figures that stand alone, and what says what they are: a question before, or what follows."""

from __future__ import annotations

import pytest

from pipelines import claims
from pipelines.claims import tokens
from tests.claims_training import watch

ANSWERED = [
    (
        "Combien Amazon va-t-il investir dans OpenAI ? 50 milliards de dollars.",
        ("investment", ("Amazon",), "OpenAI", 50, "confirmed"),
    ),
    (
        "— Combien Nvidia a-t-il mis dans OpenAI ?\n— Près de 30 milliards.",
        ("investment", ("Nvidia",), "OpenAI", 30, "confirmed"),
    ),
    (
        "Combien Amazon met-il dans OpenAI ?\n\nJusqu'à 50 milliards, d'après The Information.",
        ("investment", ("Amazon",), "OpenAI", 50, "rumoured"),
    ),
    (
        "Quel montant Microsoft a-t-il injecté dans OpenAI ? Environ 13 milliards de dollars.",
        ("investment", ("Microsoft",), "OpenAI", 13, "confirmed"),
    ),
    (
        "Question : « Quelle est la mise d'Amazon dans OpenAI ? » Réponse : 50 milliards.",
        ("investment", ("Amazon",), "OpenAI", 50, "confirmed"),
    ),
    (
        "Combien la start-up OpenAI cherche-t-elle à lever ? 100 milliards, selon Bloomberg.",
        ("round", (), "OpenAI", 100, "rumoured"),
    ),
    (
        "Combien vaut OpenAI ? 852 milliards de dollars.",
        ("valuation", (), "OpenAI", 852, "confirmed"),
    ),
    (
        "Combien Oracle va-t-il toucher d'OpenAI ? 300 milliards de dollars sur cinq ans.",
        ("commitment", ("OpenAI",), "Oracle", 300, "confirmed"),
    ),
]


@pytest.mark.parametrize(("text", "wanted"), ANSWERED, ids=[text for text, _ in ANSWERED])
def test_a_figure_answers_a_question(text: str, wanted: tuple[object, ...]) -> None:
    (claim,) = claims.find(text, watch())
    told = (claim.kind, claim.payers, claim.payee, claim.amount.top / 1e9, claim.certainty)
    assert told == wanted
    assert claim.quote is not None
    assert claim.quote.endswith(text[-12:])


APART = [
    # the answer is no bare figure, so it stands for itself
    "Combien Nvidia met-il dans OpenAI ? Amazon, lui, a mis 8 milliards dans Anthropic.",
    # something else is asked for
    "Combien de temps OpenAI tiendra-t-elle ? 8 milliards ont été versés à Anthropic par Amazon.",
    # nobody is named by the question
    "Combien vaut un homme ? 8 milliards de dollars, qu'Amazon a mis dans Anthropic.",
    # no question of how much
    "Que fait OpenAI ? 8 milliards de dollars ont été mis par Amazon dans Anthropic.",
]


@pytest.mark.parametrize("text", APART)
def test_what_does_not_answer_stands_for_itself(text: str) -> None:
    (claim,) = claims.find(text, watch())
    assert (claim.payers, claim.payee) == (("Amazon",), "Anthropic")
    assert claim.quote is not None
    assert "?" not in claim.quote


ALONE = [
    (
        "50 milliards de dollars. C'est, selon Bloomberg, le prix que Meta paierait à Oracle.",
        ("commitment", ("Meta",), "Oracle", 50, "rumoured"),
    ),
    (
        "50 milliards de dollars. Voilà ce qu'Amazon veut investir dans OpenAI.",
        ("investment", ("Amazon",), "OpenAI", 50, "rumoured"),
    ),
    (
        "50 milliards de dollars. Telle serait la mise d'Amazon dans OpenAI.",
        ("investment", ("Amazon",), "OpenAI", 50, "rumoured"),
    ),
    (
        "Un milliard de dollars. La mise que Disney avait promise à OpenAI en décembre.",
        ("investment", ("Disney",), "OpenAI", 1, "confirmed"),
    ),
    (
        "Le chiffre du jour\n\n852 milliards de dollars\n\nLa valorisation d'OpenAI, qui a levé.",
        ("valuation", (), "OpenAI", 852, "confirmed"),
    ),
    (
        "Le chiffre : 1,7 Md€\nC'est le montant levé par Mistral AI auprès d'ASML.",
        ("round", ("ASML",), "Mistral AI", 1.7, "confirmed"),
    ),
    (
        "38 milliards de dollars sur sept ans. C'est le contrat qu'OpenAI a signé avec Amazon.",
        ("commitment", ("OpenAI",), "Amazon", 38, "confirmed"),
    ),
    (
        "4,7 milliards de dollars. Le crédit renouvelable que des banques accordent à OpenAI.",
        ("debt", (), "OpenAI", 4.7, "confirmed"),
    ),
]


@pytest.mark.parametrize(("text", "wanted"), ALONE, ids=[text for text, _ in ALONE])
def test_what_follows_says_what_a_figure_is(text: str, wanted: tuple[object, ...]) -> None:
    (claim,) = claims.find(text, watch())
    told = (claim.kind, claim.payers, claim.payee, claim.amount.top / 1e9, claim.certainty)
    assert told == wanted


@pytest.mark.parametrize(
    "text",
    [
        "C'est signé : 122 milliards de dollars. Le tour d'OpenAI est bouclé.",
        "OpenAI lève 122 milliards de dollars. La valorisation atteint 852 milliards.",
        "8 milliards de dollars\n\nLe procès d'OpenAI s'ouvre lundi.",
        "Amazon : 8 milliards\nLa mise de Google : 14 milliards",
        "50 milliards de dollars.",
    ],
)
def test_what_follows_may_be_something_else(text: str) -> None:
    assert len(tokens.read(text).sentences) == 1 + ("." in text[:-1] or "\n" in text)
