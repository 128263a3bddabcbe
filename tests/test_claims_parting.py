"""Who takes part in a round, and who is only named in its sentence."""

from __future__ import annotations

import pytest

from pipelines import claims
from tests.claims_training import watch

BYSTANDERS = [
    # the sentence goes on with something else
    "Mistral AI a levé 1,7 milliard d'euros et noue un partenariat avec Airbus.",
    "xAI vient de lever 20 milliards de dollars et poursuit Apple et OpenAI en justice.",
    "Anthropic a levé 30 milliards de dollars et prévoit de louer des puces à Google.",
    "Anthropic lève 30 milliards de dollars et talonne OpenAI.",
    # a relative clause or an opening held the round
    "OpenAI, qui a levé 122 milliards de dollars en mars, affronte Google et Anthropic.",
    "xAI, qui a levé 20 milliards de dollars, a débauché plusieurs cadres de Meta.",
    "Après avoir levé 2 milliards de dollars, Reflection AI veut rivaliser avec DeepSeek et xAI.",
    # what the money is for
    "Anthropic a levé 30 milliards de dollars pour rattraper OpenAI.",
    "Mistral AI a levé 1,7 milliard d'euros afin d'acheter des puces à Nvidia.",
    "OpenAI prépare une levée de 100 milliards pour payer Oracle, Microsoft et CoreWeave.",
    # whom the company is held against
    "Face à OpenAI et Google, Mistral AI lève 1,7 milliard d'euros.",
    "Anthropic lève 30 milliards de dollars, soit deux fois moins qu'OpenAI.",
    # meanwhile
    "OpenAI a levé 110 milliards de dollars, alors que Google gagne du terrain.",
    "Alors que Google et Meta multiplient les annonces, Anthropic lève 30 milliards.",
    "Anthropic a levé 30 milliards de dollars, une semaine après que Nvidia a publié.",
]


@pytest.mark.parametrize("text", BYSTANDERS)
def test_who_stands_by_pays_nothing(text: str) -> None:
    (claim,) = [c for c in claims.find(text, watch()) if c.kind == "round"]
    assert claim.payers == ()


PARTICIPANTS = [
    ("Mistral AI a levé 1,7 milliard et accueille ASML et Nvidia à son capital.", "ASML Nvidia"),
    ("Anthropic, qui a levé 30 milliards, est soutenue par Google et Amazon.", "Google Amazon"),
    ("Alors que SoftBank mène le tour, OpenAI lève 40 milliards de dollars.", "SoftBank"),
    (
        "xAI lève 20 milliards avec l'appui de Nvidia et de Cisco pour battre OpenAI.",
        "Nvidia Cisco",
    ),
    (
        "OpenAI lève 110 milliards auprès d'Amazon et Nvidia, mais pas de Microsoft.",
        "Amazon Nvidia",
    ),
    ("OpenAI lève 110 milliards auprès de GIC, alors que Google gagne du terrain.", "GIC"),
    ("OpenAI lève 110 milliards pour bâtir avec Oracle, auprès de SoftBank.", "SoftBank"),
    (
        "SoftBank, qui a mené le tour de 40 milliards d'OpenAI, a vendu ses titres Nvidia.",
        "SoftBank",
    ),
]


@pytest.mark.parametrize(("text", "wanted"), PARTICIPANTS, ids=[text for text, _ in PARTICIPANTS])
def test_who_takes_part_does(text: str, wanted: str) -> None:
    (claim,) = [c for c in claims.find(text, watch()) if c.kind == "round"]
    assert " ".join(claim.payers) == wanted


BESIDE = [
    (
        "Microsoft, actionnaire d'OpenAI, investit 5 milliards de dollars dans Anthropic.",
        "Microsoft",
        "Anthropic",
    ),
    (
        "Amazon, actionnaire d'Anthropic, va investir 50 milliards dans son rival OpenAI.",
        "Amazon",
        "OpenAI",
    ),
    (
        "SoftBank a cédé ses actions Nvidia pour mettre 30 milliards dans OpenAI.",
        "SoftBank",
        "OpenAI",
    ),
]


@pytest.mark.parametrize(("text", "payer", "payee"), BESIDE, ids=[text for text, *_ in BESIDE])
def test_who_says_who_somebody_is_does_not_pay(text: str, payer: str, payee: str) -> None:
    (claim,) = claims.find(text, watch())
    assert (claim.payers, claim.payee) == ((payer,), payee)
