"""Who takes part in a round, and who only stands near it."""

from __future__ import annotations

import pytest

from pipelines import claims
from tests.claims_training import watch

OPENAI = watch()

#: Text, payers of its first round in order of the alphabet.
ROUNDS = [
    (
        "OpenAI chercherait 60 milliards de dollars. Nvidia mettrait 30 milliards de dollars dans"
        " OpenAI. Microsoft y mettrait 10 milliards de dollars, Amazon 20 milliards de dollars.",
        "Amazon, Microsoft, Nvidia",
    ),
    (
        "OpenAI lève 10 milliards. Nvidia investit 5 milliards dans OpenAI. Microsoft a renoncé à"
        " investir 5 milliards dans OpenAI.",
        "Nvidia",
    ),
    (
        "Anthropic a levé 12 milliards de dollars auprès de GIC et de Coatue, a-t-elle annoncé."
        " En novembre, Microsoft et Nvidia avaient promis 15 milliards à la start-up.",
        "Coatue, GIC",
    ),
    (
        "OpenAI a bouclé un tour de table de 9 milliards de dollars. L'opération a été menée par"
        " SoftBank, avec la participation de MGX.",
        "MGX, SoftBank",
    ),
    (
        "xAI a levé 8 milliards de dollars, a annoncé mardi la société. Nvidia et Cisco ont"
        " participé à l'opération.",
        "Cisco, Nvidia",
    ),
    (
        "Mistral AI a levé 2 milliards d'euros, a-t-elle annoncé lundi. Elle a par ailleurs signé"
        " avec Microsoft un contrat de 300 millions d'euros.",
        "",
    ),
    (
        "Wayve a réuni 1,2 milliard de dollars. Nvidia figure parmi les investisseurs."
        "\n\nPar ailleurs, Oracle va emprunter 20 milliards de dollars auprès de JPMorgan.",
        "Nvidia",
    ),
    (
        "Microsoft ne participera pas au tour de table de 40 milliards de dollars d'OpenAI, qui"
        " sera mené par SoftBank.",
        "SoftBank",
    ),
    (
        "Apple n'a pas souscrit à la levée de fonds de 6,5 milliards de dollars d'OpenAI.",
        "",
    ),
]


@pytest.mark.parametrize(("text", "payers"), ROUNDS, ids=[r[0][:30] for r in ROUNDS])
def test_a_round_has_those_that_the_text_says_take_part(text: str, payers: str) -> None:
    first = next(c for c in claims.find(text, OPENAI) if c.kind == "round")

    assert ", ".join(sorted(first.payers)) == payers
