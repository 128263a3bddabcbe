"""What a sentence tells in passing of a company is no news, in the first line of a text neither."""

from __future__ import annotations

import pytest

from pipelines import claims
from tests.claims_training import watch

IN_PASSING = [
    "Microsoft, qui a investi 13 milliards de dollars dans OpenAI, publie ses résultats mercredi.",
    "OpenAI, dans laquelle Microsoft a placé 13 milliards de dollars, change de statut.",
    "Mistral AI, dont ASML a acquis 11 % pour 1,3 milliard d'euros, ouvre un bureau à Londres.",
    "Oracle, qui a signé un contrat de 300 milliards de dollars avec OpenAI, supprime des postes.",
    "Nvidia (qui a investi 30 milliards de dollars dans OpenAI) présente une puce.",
    "Nvidia – qui a investi 30 milliards de dollars dans OpenAI – présente une puce.",
    "Le créateur de ChatGPT, valorisé 852 milliards de dollars, lance un navigateur.",
    "Anthropic, soutenue par Amazon (8 milliards de dollars) et Google (3 milliards), attaque.",
    "Microsoft, premier actionnaire d'OpenAI avec 13 milliards de dollars, lance son modèle.",
    "Après avoir investi 13 milliards de dollars dans OpenAI, Microsoft développe ses modèles.",
    "Fort de ses 13 milliards de dollars investis dans OpenAI, Microsoft lance un agent.",
    "Le New York Times poursuit OpenAI, qui a levé 122 milliards de dollars.",
]


@pytest.mark.parametrize("text", IN_PASSING)
def test_what_says_who_somebody_is_is_background(text: str) -> None:
    found = claims.find(text, watch())
    assert found
    assert all(claim.background for claim in found)


NEWS = [
    # what is to come, what was just done, what is dated now
    "Amazon, qui va investir 50 milliards de dollars dans OpenAI, gagne 3 %.",
    "OpenAI, qui vient de lever 122 milliards de dollars, recrute.",
    "OpenAI, désormais valorisée 852 milliards de dollars, a bouclé son tour de table.",
    "Cerebras, qui a levé 1,1 milliard de dollars mardi, renonce à la Bourse. OpenAI y achète.",
    # hearsay
    "Anthropic, qui aurait levé 30 milliards de dollars, grandit.",
    # the sentence itself tells of money
    "OpenAI, valorisée 852 milliards de dollars, lève 122 milliards.",
    # the main clause tells it
    "OpenAI a levé 122 milliards de dollars, a annoncé la société.",
    # the same figure is told again
    "Nvidia mise 30 milliards sur OpenAI\n\nNvidia, qui a mis 30 milliards dans OpenAI, jubile.",
]


@pytest.mark.parametrize("text", NEWS)
def test_what_a_sentence_is_about_is_news(text: str) -> None:
    found = claims.find(text, watch())
    assert found
    assert not any(claim.background for claim in found)
