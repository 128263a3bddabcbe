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
    "Six mois après son tour de 2 milliards de dollars, Thinking Machines perd un cofondateur.",
    # the sentence says that it recalls it
    "Pour mémoire, Amazon a investi 8 milliards de dollars dans Anthropic.",
    "On se souvient qu'Amazon a investi 8 milliards de dollars dans Anthropic.",
    "Amazon avait déjà investi 8 milliards de dollars dans Anthropic.",
    "Il y a deux ans, Microsoft investissait 10 milliards de dollars dans OpenAI.",
    "À peine six mois plus tôt, OpenAI était valorisée 300 milliards de dollars.",
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
    # so long ago something else was
    "Sept mois plus tôt que prévu, OpenAI a bouclé sa levée de 40 milliards de dollars.",
    "Il y a un an inconnue, Thinking Machines lève 2 milliards de dollars.",
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


GOES_ON = [
    ("Après une levée de 1,7 milliard en septembre, Mistral AI emprunte 830 millions.", 0.83),
    ("Déjà fort de 8 milliards investis, Amazon remet 5 milliards dans Anthropic.", 5),
    ("Amazon, qui avait investi 8 milliards dans Anthropic l'an dernier, y remet 5 milliards.", 5),
    ("Amazon, qui a mis 8 milliards dans Anthropic en 2024, va y mettre 5 milliards.", 5),
    ("xAI, qui avait levé 6 milliards en mai, négocie une levée de 10 milliards.", 10),
    ("Après un tour de 2 milliards, Thinking Machines chercherait à lever 5 milliards.", 5),
    ("Dans la foulée d'un tour de 13 milliards, Anthropic viserait une valeur de 350.", 350),
    ("Nvidia, qui a mis 2 milliards dans xAI, va injecter 10 milliards dans Anthropic.", 10),
    ("Amazon, qui a mis 8 milliards dans Anthropic, négocie un apport de 50 à OpenAI.", 50),
]


@pytest.mark.parametrize(("text", "billions"), GOES_ON, ids=[text for text, _ in GOES_ON])
def test_what_follows_what_is_known_is_news(text: str, billions: float) -> None:
    found = claims.find(text, watch())
    assert [c.amount.top / 1e9 for c in found if not c.background] == [billions]
    assert len(found) == 2
