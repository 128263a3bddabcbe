"""Money that is turned down, and refusals that deny another deal or none."""

from __future__ import annotations

import pytest

from pipelines import claims
from tests.claims_training import watch

OPENAI = watch()

REFUSED = [
    "SoftBank a mis 5 milliards d'euros sur la table, mais Mistral AI les a refusés.",
    "Amazon a promis 4 milliards de dollars à Anthropic, qui les a aussitôt refusés.",
    "SoftBank a mis 5 milliards d'euros sur la table. Mistral AI les a refusés.",
    "Google a proposé 3 milliards de dollars à Anthropic. L'offre a été déclinée.",
    "Google a proposé 3 milliards de dollars à Anthropic. Proposition rejetée.",
    "Amazon a proposé 4 milliards à Anthropic. L'offre a été repoussée par le conseil.",
    "Amazon a proposé 4 milliards de dollars à Anthropic. La start-up a dit non.",
    "Microsoft a offert 3 milliards de dollars à Anthropic, en vain.",
    "L'offre de Microsoft, 3 milliards de dollars pour Anthropic, est restée sans suite.",
]
KEPT = [
    "Amazon a promis 4 milliards de dollars à Anthropic, qui les a aussitôt acceptés.",
    "Amazon a promis 4 milliards de dollars à Anthropic, qui ne les a pas refusés.",
    "Amazon a investi 4 milliards de dollars dans Anthropic. Meta a vu son offre rejetée.",
    "Amazon a proposé 4 milliards de dollars à Anthropic. La start-up a refusé de commenter.",
    "Nvidia investit 5 milliards de dollars dans OpenAI, qui a refusé Meta.",
    "SSI, qui avait refusé l'offre de Meta, lève 2 milliards de dollars auprès de Nvidia.",
    "Microsoft a décliné une offre d'OpenAI et investira 3 milliards dans Anthropic.",
]


@pytest.mark.parametrize(
    ("text", "denied"), [*((r, True) for r in REFUSED), *((k, False) for k in KEPT)]
)
def test_a_sum_is_denied_where_it_is_the_one_turned_down(text: str, denied: bool) -> None:
    (one,) = claims.find(text, OPENAI)

    assert (one.certainty == "denied") is denied


def test_who_refuses_somebody_and_his_money_refuses_the_money() -> None:
    (one,) = claims.find("Anthropic a refusé Microsoft et ses 5 milliards de dollars.", OPENAI)

    assert one.certainty == "denied"
