"""A question that asks how much, and the figure that answers it: one claim."""

from __future__ import annotations

import pytest

from pipelines import claims
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
