"""Deals that a text only says would be so."""

from __future__ import annotations

import pytest

from pipelines import claims
from pipelines.claims import hearsay, negation, parties, status, tokens, walk
from pipelines.claims.drafts import Draft
from tests.claims_training import watch

OPENAI = watch()
KNOWN = parties.compiled(OPENAI)

WOULD = [
    ("Une enveloppe de 5 milliards serait versée par Nvidia à OpenAI.", True),
    ("Un chèque de 30 milliards serait signé par SoftBank.", True),
    ("Un contrat de 300 milliards de dollars serait donc conclu avec Oracle.", True),
    ("Les 10 milliards auraient été versés à OpenAI par Microsoft.", True),
    ("Le solde, 10 Md$, serait repris par Microsoft et Coatue.", True),
    ("SoftBank aurait apporté au tour 10 milliards de dollars.", True),
    ("OpenAI a annoncé que 30 milliards lui seraient versés par SoftBank.", False),
    ("La moitié, 10 milliards, serait versée par SoftBank, a précisé le groupe.", False),
    ("Le prêt de 20 milliards d'OpenAI serait remboursé en un an.", False),
    ("L'apport de 30 milliards serait ramené à 20.", False),
    ("SoftBank a versé 10 milliards, dont la moitié serait investie.", False),
    ("OpenAI, valorisé 300 milliards, aurait signé avec Oracle.", False),
]


@pytest.mark.parametrize(("text", "hearsay_"), WOULD, ids=[w[0] for w in WOULD])
def test_what_would_be_paid_is_told_from_what_would_be_otherwise(text: str, hearsay_: bool) -> None:
    (scene,) = walk.scenes(tokens.read(text), KNOWN)
    draft = Draft(scene.sums[0], scene, "investment", (), "OpenAI", "rule")
    hits = status.signs(scene, negation.find(scene))

    assert hearsay.would(draft, hits) is hearsay_


@pytest.mark.parametrize(
    "text",
    [
        "Une enveloppe de 5 milliards de dollars serait versée par Nvidia à OpenAI.",
        "Les 10 milliards de dollars auraient été versés à OpenAI par Microsoft.",
        "OpenAI a levé 40 milliards. Le solde, 10 Md$, serait repris par Microsoft et Coatue.",
    ],
)
def test_a_deal_in_the_conditional_is_no_fact(text: str) -> None:
    assert claims.find(text, OPENAI)[-1].certainty == "rumoured"
