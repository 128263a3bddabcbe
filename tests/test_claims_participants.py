"""Who takes part in a round, and who only stands near it."""

from __future__ import annotations

import pytest

from pipelines import claims
from pipelines.claims import abstaining, negation, parties, tokens, walk
from tests.claims_training import watch

OPENAI = watch()
KNOWN = parties.compiled(OPENAI)

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
        "Anthropic a levé 13 milliards de dollars auprès de Coatue. Ni Google ni Amazon n'ont"
        " souscrit.",
        "Coatue",
    ),
    (
        "OpenAI boucle un tour de table de 40 milliards de dollars, mené par SoftBank. Microsoft,"
        " lui, n'a rien apporté, et Apple, de son côté, n'a pas souscrit.",
        "SoftBank",
    ),
    (
        "Poolside lève 1 milliard de dollars avec Bain Capital et Nvidia. Microsoft passe son"
        " tour.",
        "Bain Capital, Nvidia",
    ),
    (
        "SSI a levé 2 milliards de dollars, menés par Greenoaks. Nvidia y participe ; Sequoia,"
        " pourtant actionnaire, a décliné.",
        "Greenoaks, Nvidia",
    ),
    (
        "Mistral AI lève 1 milliard d'euros avec ASML, mais sans le fonds MGX. À l'exception de"
        " Nvidia, ses actionnaires suivent.",
        "ASML",
    ),
    (
        "Wayve lève 1 milliard de dollars. SoftBank et Nvidia participent, Uber s'y refuse.",
        "Nvidia, SoftBank",
    ),
    (
        "Apple n'a pas souscrit à la levée de fonds de 6,5 milliards de dollars d'OpenAI.",
        "",
    ),
    (
        "OpenAI lève 9 milliards de dollars auprès de SoftBank, sans oublier Nvidia et Microsoft.",
        "Microsoft, Nvidia, SoftBank",
    ),
    (
        "OpenAI lève 9 milliards de dollars. Pas Microsoft, mais SoftBank mène le tour.",
        "SoftBank",
    ),
]


@pytest.mark.parametrize(("text", "payers"), ROUNDS, ids=[r[0][:30] for r in ROUNDS])
def test_a_round_has_those_that_the_text_says_take_part(text: str, payers: str) -> None:
    first = next(c for c in claims.find(text, OPENAI) if c.kind == "round")

    assert ", ".join(sorted(first.payers)) == payers


ABSTAINING = [
    ("Ni Google, ni Amazon n'ont souscrit.", "Google, Amazon"),
    ("Ni Google ni Amazon ne se sont prononcés.", ""),
    ("Microsoft, pourtant premier actionnaire, ne participera pas.", "Microsoft"),
    ("Microsoft, qui n'investit pas ailleurs, participera.", ""),
    ("Nvidia est là, Microsoft passera son tour.", "Microsoft"),
    ("Nvidia suit ; Microsoft et Apple se sont abstenus.", "Microsoft, Apple"),
    ("Nvidia et MGX souscrivent, mais pas Apple.", "Apple"),
    ("Nvidia et MGX souscrivent ; Apple, non.", "Apple"),
    ("SoftBank souscrit sans le concours de MGX.", "MGX"),
    ("SoftBank souscrit sans attendre l'accord de MGX.", ""),
    ("SoftBank et MGX souscrivent, sauf Nvidia.", "Nvidia"),
    ("Aucun fonds ne souscrit, hormis le fonds MGX.", ""),
    ("Nvidia a refusé de commenter.", ""),
    ("Nvidia n'a pas refusé.", ""),
    ("Nvidia renonce à ses droits et souscrit.", ""),
    ("Nvidia retire 2 milliards de la vente.", ""),
    ("SoftBank souscrit, sans compter Nvidia et Microsoft.", ""),
    ("Le tour réunit, sans surprise, SoftBank et Nvidia.", ""),
    ("Y participent SoftBank, Nvidia et, sans surprise, Microsoft.", ""),
    ("Le tour, sans l'accord de Musk, réunit SoftBank et Nvidia.", "Musk"),
    ("Le tour réunit SoftBank et Nvidia, sans Microsoft ni Apple.", "Microsoft, Apple"),
    ("Sans le géant Microsoft, SoftBank et Nvidia souscrivent.", ""),
]


@pytest.mark.parametrize(("text", "names"), ABSTAINING, ids=[a[0] for a in ABSTAINING])
def test_who_is_told_not_to_take_part(text: str, names: str) -> None:
    (one,) = walk.scenes(tokens.read(text), KNOWN)
    negations = negation.find(one)
    out = [g.names for n, g in enumerate(one.parties()) if abstaining.abstains(one, n, negations)]

    assert ", ".join(name for group in out for name in group) == names


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Pas Microsoft, mais SoftBank mène le tour.", "SoftBank"),
        ("Ce n'est pas Microsoft, mais le japonais SoftBank qui mène le tour.", "SoftBank"),
        ("OpenAI lève, non pas auprès de Microsoft, mais de SoftBank.", "OpenAI, SoftBank"),
        ("Amazon ne quitte pas Anthropic, mais Google investit.", "Amazon, Anthropic, Google"),
        ("Nvidia suit, et pas Microsoft, mais refuse un siège.", "Nvidia, Microsoft"),
    ],
)
def test_who_is_only_named_for_another_is_no_party(text: str, names: str) -> None:
    (one,) = walk.scenes(tokens.read(text), KNOWN)

    assert ", ".join(name for group in one.parties() for name in group.names) == names
