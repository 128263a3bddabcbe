"""Who is paid where the clause says so: nobody who is only named in passing."""

from __future__ import annotations

import pytest

from pipelines import claims
from tests.claims_training import watch

PAID_OUT = [
    "Amazon, actionnaire d'OpenAI, a versé 2,5 milliards de dollars à la FTC.",
    "Amazon, actionnaire d'OpenAI, versera 2,5 milliards de dollars d'amende à l'UE.",
    "Amazon, qui soutient OpenAI, a payé 2,5 milliards de dollars à l'autorité de la concurrence.",
    "Microsoft, partenaire d'OpenAI, a versé 33 milliards de dollars à ses actionnaires.",
    "Microsoft, partenaire d'OpenAI, a réglé 29 milliards de dollars au fisc américain.",
    "Nvidia, qui a misé sur OpenAI, versera 2 milliards (1,7 milliard d'euros) à des plaignants.",
    "SoftBank, premier bailleur d'OpenAI, versera 1 milliard de dollars à l'université de Tokyo.",
]


@pytest.mark.parametrize("text", PAID_OUT)
def test_what_goes_to_no_company_is_no_claim(text: str) -> None:
    assert claims.find(text, watch()) == ()


PAID = [
    ("Amazon a versé 15 milliards de dollars à OpenAI.", "Amazon", "OpenAI"),
    (
        "Amazon lui a versé 15 milliards à la satisfaction des salariés d'OpenAI.",
        "Amazon",
        "OpenAI",
    ),
    ("Nvidia, premier fournisseur d'OpenAI, a versé 5 milliards à Intel.", "Nvidia", "Intel"),
    ("Amazon a versé à OpenAI 15 milliards, à l'avance.", "Amazon", "OpenAI"),
]


@pytest.mark.parametrize(("text", "payer", "payee"), PAID, ids=[text for text, *_ in PAID])
def test_what_goes_to_a_company_is_one(text: str, payer: str, payee: str) -> None:
    (claim,) = claims.find(text, watch())
    assert (claim.payers, claim.payee) == ((payer,), payee)
