"""Claims read from French sentences: who pays whom, what kind, how sure, says who, old or new."""

from __future__ import annotations

import pytest

from pipelines import claims
from pipelines.claims import explain, tokens
from pipelines.claims.mentions import compiled
from pipelines.records import Claim, Company, Watch
from tests.claims_training import watch

OPENAI = watch()


def read(text: str, given: Watch = OPENAI, **more: str) -> list[str]:
    """Claims as one line each: kind payers→payee billions."""
    return [line(c) for c in claims.find(text, given, **more)]


def line(claim: Claim) -> str:
    return f"{claim.kind} {'+'.join(claim.payers)}→{claim.payee} {claim.amount.top / 1e9:g}"


FLOWS = [
    ("Amazon investit 10 milliards de dollars dans OpenAI.", "investment Amazon→OpenAI 10"),
    ("Amazon va injecter 5 Md$ dans Anthropic.", "investment Amazon→Anthropic 5"),
    (
        "Le géant du e-commerce négocie un investissement de 10 milliards dans OpenAI.",
        "investment Amazon→OpenAI 10",
    ),
    (
        "La firme de Redmond a promis 13 milliards de dollars au créateur de ChatGPT.",
        "investment Microsoft→OpenAI 13",
    ),
    (
        "Le fonds Harrow Point Capital apporterait 900 millions de dollars à OpenAI.",
        "investment Harrow Point Capital→OpenAI 0.9",
    ),
    (
        "SoftBank et Nvidia investissent ensemble 15 milliards dans Anthropic.",
        "investment SoftBank+Nvidia→Anthropic 15",
    ),
    ("OpenAI dépensera 300 milliards de dollars chez Oracle.", "commitment OpenAI→Oracle 300"),
    (
        "Anthropic achètera pour 30 milliards de dollars de capacités à Microsoft.",
        "commitment Anthropic→Microsoft 30",
    ),
    ("OpenAI a levé 6,6 milliards de dollars.", "round →OpenAI 6.6"),
    ("OpenAI est désormais valorisé 300 milliards de dollars.", "valuation →OpenAI 300"),
    ("La valorisation d'Anthropic atteint 380 milliards de dollars.", "valuation →Anthropic 380"),
    (
        "Mistral AI a contracté un emprunt de 830 millions de dollars.",
        "debt →Mistral AI 0.83",
    ),
    (
        "Nvidia va investir 2 milliards de dollars (environ 1,7 milliard d'euros) dans xAI.",
        "investment Nvidia→xAI 2",
    ),
    (
        "Le propriétaire de YouTube va mettre 6 milliards de dollars dans Anthropic.",
        "investment Google→Anthropic 6",
    ),
    (
        "Le fonds émirati a investi 5 milliards de dollars dans OpenAI.",
        "investment MGX→OpenAI 5",
    ),
]


#: Text, its claims.
GUARANTEED = [
    (
        "Nvidia a garanti le bail de CoreWeave et investit 2 milliards de dollars dans la société.",
        ["investment Nvidia→CoreWeave 2"],
    ),
    (
        "SoftBank garantit un prêt de 5 milliards et en investit 3 dans OpenAI.",
        ["debt →OpenAI 5", "investment SoftBank→OpenAI 3"],
    ),
    (
        "JPMorgan garantit la dette et prête 3 milliards de dollars à Oracle.",
        ["debt JPMorgan→Oracle 3"],
    ),
    (
        "Mizuho, caution et prêteur, prête 3 milliards de dollars à SoftBank.",
        ["debt Mizuho→SoftBank 3"],
    ),
    ("Un prêt de 5 milliards de dollars garanti par SoftBank.", []),
    ("OpenAI obtient un prêt de 5 milliards de dollars garanti par SoftBank.", ["debt →OpenAI 5"]),
    (
        "SoftBank se porte garant d'un prêt de 5 milliards de dollars à OpenAI.",
        ["debt →OpenAI 5"],
    ),
    (
        "SoftBank et Nvidia se portent garants d'un prêt de 5 milliards de dollars à OpenAI.",
        ["debt →OpenAI 5"],
    ),
]


@pytest.mark.parametrize(("text", "wanted"), GUARANTEED, ids=[g[0] for g in GUARANTEED])
def test_a_guarantee_is_no_part_in_its_own_loan_only(text: str, wanted: list[str]) -> None:
    assert read(text) == wanted


@pytest.mark.parametrize(("text", "wanted"), FLOWS, ids=[f[0] for f in FLOWS])
def test_money_flows_from_payer_to_payee(text: str, wanted: str) -> None:
    assert read(text) == [wanted]


@pytest.mark.parametrize(
    "text",
    [
        "OpenAI a réalisé 13 milliards de dollars de chiffre d'affaires.",
        "Nvidia pèse plus de 4 500 milliards de dollars en Bourse.",
        "OpenAI a perdu 5 milliards de dollars l'an passé.",
        "Microsoft consacrera 80 milliards de dollars à ses centres de données cette année.",
        "Imaginons qu'Apple mette 50 milliards dans OpenAI.",
        "Google a écopé d'une amende de 2,95 milliards d'euros.",
        "Le fabricant de vélos Lucio lève 12 millions d'euros auprès d'Eurazeo.",
    ],
)
def test_other_money_is_no_claim(text: str) -> None:
    assert read(text) == []


LENT = "Mistral AI annonce un financement bancaire de 830 millions de dollars. "
LENDERS = [
    ("BNP Paribas et HSBC figurent parmi les prêteurs.", "BNP Paribas+HSBC"),
    ("BNP Paribas, HSBC et MUFG ont arrangé l'opération.", "BNP Paribas+HSBC+MUFG"),
    ("BNP Paribas et HSBC y participent.", "BNP Paribas+HSBC"),
    ("Il a été souscrit auprès de BNP Paribas et de HSBC.", "BNP Paribas+HSBC"),
    ("BNP Paribas et HSBC ne commentent pas.", ""),
    ("BNP Paribas et HSBC ont refusé d'y participer.", ""),
    ("Nvidia y participe en fournissant les puces.", ""),
    ("BNP Paribas et HSBC, les prêteurs, ont touché 3 millions.", ""),
    ("\n\nBNP Paribas et HSBC y participent.", ""),
    ("\n\nWells Fargo, prêteur historique de Microsoft, juge l'opération risquée.", ""),
    ("\n\nOracle et SoftBank inquiètent leurs créanciers.", ""),
    ("\n\nNvidia se dit prêt à fournir les puces.", ""),
    ("BNP Paribas le confirme.\n\nLa banque ne nomme pas les prêteurs.", ""),
]


@pytest.mark.parametrize(("following", "payers"), LENDERS, ids=[n[0] for n in LENDERS])
def test_the_sentence_behind_a_loan_may_name_its_lenders(following: str, payers: str) -> None:
    assert f"debt {payers}→Mistral AI 0.83" in read(LENT + following)


ANYBODY = [
    "Un fonds émirati a investi 5 milliards de dollars dans OpenAI.",
    "OpenAI a reçu 2 milliards de dollars d'un fonds saoudien.",
    "Un géant japonais mettra 3 milliards de dollars dans Anthropic.",
]


@pytest.mark.parametrize("text", ANYBODY)
def test_an_indefinite_periphrase_names_nobody(text: str) -> None:
    assert not [c for c in claims.find(text, OPENAI) if c.payers]


def test_what_is_added_comes_on_top() -> None:
    claim = claims.find("Amazon ajoute 6 milliards de dollars à sa mise dans OpenAI.", OPENAI)[0]

    assert claim.additional


def test_chacun_gives_each_payer_its_claim() -> None:
    found = read("SoftBank et Nvidia contribuent chacun à hauteur de 30 milliards à OpenAI.")

    assert found == ["investment SoftBank→OpenAI 30", "investment Nvidia→OpenAI 30"]


def test_respectivement_deals_the_figures_out_in_order() -> None:
    text = "Microsoft et Nvidia investiront respectivement 5 et 10 milliards dans Anthropic."

    assert read(text) == ["investment Microsoft→Anthropic 5", "investment Nvidia→Anthropic 10"]


def test_as_many_payers_as_sums_pay_one_each() -> None:
    found = read("Microsoft et Nvidia investissent 5 et 10 milliards de dollars dans Anthropic.")

    assert found == ["investment Microsoft→Anthropic 5", "investment Nvidia→Anthropic 10"]


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("Trente milliards. C'est ce qu'OpenAI vient d'obtenir.", 1),
        ("Le chiffre : 3 millions. C'est le montant que Nvidia a mis.", 1),
        ("Trois millions. Telle est la somme que Nvidia a mise.", 1),
        ("OpenAI vaut 3 milliards. C'est plus que Nvidia.", 2),
        ("Un tour s'ouvre. C'est le prix qui étonne.", 2),
    ],
)
def test_a_bare_figure_is_one_sentence_with_what_explains_it(text: str, sentences: int) -> None:
    assert len(tokens.read(text).sentences) == sentences


def test_a_list_continues_its_sentence() -> None:
    text = "Amazon apporte 50 milliards à OpenAI, Nvidia 30 milliards et SoftBank 20 milliards."

    assert read(text) == [
        "investment Amazon→OpenAI 50",
        "investment Nvidia→OpenAI 30",
        "investment SoftBank→OpenAI 20",
    ]


SURE = [
    ("Amazon pourrait investir 10 milliards de dollars dans OpenAI.", "rumoured"),
    ("Amazon investirait 10 milliards de dollars dans OpenAI.", "rumoured"),
    ("Amazon négocie un investissement de 10 milliards de dollars dans OpenAI.", "rumoured"),
    ("Amazon a investi 10 milliards de dollars dans OpenAI.", "confirmed"),
    ("Amazon a annoncé lundi un investissement de 10 milliards dans OpenAI.", "confirmed"),
    ("Amazon a renoncé à investir 10 milliards de dollars dans OpenAI.", "denied"),
]


@pytest.mark.parametrize(("text", "certainty"), SURE, ids=[s[0] for s in SURE])
def test_mood_and_verbs_tell_how_sure_it_is(text: str, certainty: str) -> None:
    (claim,) = claims.find(text, OPENAI)

    assert claim.certainty == certainty


SAID = [
    ("Selon Reuters, Amazon investirait 10 milliards dans OpenAI.", ("Reuters",)),
    (
        "Selon The Information, repris par Reuters, Amazon investirait 10 milliards dans OpenAI.",
        ("The Information", "Reuters"),
    ),
    ("Amazon investirait 10 milliards dans OpenAI, croit savoir Bloomberg.", ("Bloomberg",)),
    ("Selon plusieurs sources, Amazon investirait 10 milliards dans OpenAI.", ()),
    ("Amazon a annoncé investir 10 milliards dans OpenAI.", ()),
]


@pytest.mark.parametrize(("text", "sources"), SAID, ids=[s[0] for s in SAID])
def test_credit_goes_to_whom_the_text_names(text: str, sources: tuple[str, ...]) -> None:
    (claim,) = claims.find(text, OPENAI)

    assert claim.sources == sources


def test_a_credit_goes_on_with_the_conditional() -> None:
    text = (
        "Selon The Information, Nvidia investirait 30 milliards dans OpenAI. "
        "Amazon y mettrait 20 milliards."
    )

    assert [c.sources for c in claims.find(text, OPENAI)] == [("The Information",)] * 2


def test_an_old_figure_for_contrast_is_background() -> None:
    text = "OpenAI est valorisé 300 milliards de dollars, contre 157 milliards en octobre dernier."

    assert [(c.amount.top, c.background) for c in claims.find(text, OPENAI)] == [
        (300 * 10**9, False),
        (157 * 10**9, True),
    ]


def test_a_commitment_keeps_its_years() -> None:
    (claim,) = claims.find("OpenAI versera 38 milliards de dollars à AWS sur sept ans.", OPENAI)

    assert claim.years == 7


def test_a_second_watch_works_from_its_file_alone() -> None:
    mistral = Watch(
        "mistral",
        (
            Company("Mistral AI", "subject", ("Mistral",), ("* d'Arthur Mensch",)),
            Company("ASML", "investor", (), ("fabricant de machines à graver",)),
        ),
    )
    text = "Le fabricant de machines à graver a injecté 1,3 milliard d'euros dans Mistral."

    assert read(text, mistral) == ["investment ASML→Mistral AI 1.3"]
    assert claims.find("Amazon investit 10 milliards de dollars dans Anthropic.", mistral) == ()


def test_what_only_the_title_states_has_no_place_in_the_text() -> None:
    (claim,) = claims.find(
        "Les deux groupes n'ont pas commenté.",
        OPENAI,
        title="Amazon investit 10 milliards de dollars dans OpenAI",
    )

    assert (claim.amount_start, claim.start, claim.end) == (None, None, None)
    assert claim.quote == "Amazon investit 10 milliards de dollars dans OpenAI"


def test_an_explanation_marks_sum_parties_and_cues() -> None:
    text = "Selon Reuters, Amazon investirait 10 milliards de dollars dans OpenAI."
    shown = explain.marked(text, claims.find(text, OPENAI), OPENAI)

    assert "«10 milliards de dollars»" in shown
    assert "[payer Amazon: Amazon]" in shown
    assert "[payee OpenAI: OpenAI]" in shown
    assert "<invest investirait>" in shown


def test_a_text_is_read_when_it_may_mean_a_followed_company_by_any_of_its_names() -> None:
    known = compiled(OPENAI)
    followed = [c for c in OPENAI.companies if c.name in known.watched]
    for company in followed:
        names = (company.name, *company.aliases)
        descriptions = (*company.periphrases, *company.ambiguous)
        for said in (*names, *(name.upper() for name in names), *descriptions):
            text = f"Hier, {said.lstrip('* ')} a parlé."
            assert known.is_named(tokens.read(text).low), said
    assert followed
    assert not known.is_named(tokens.read("Le maire a ouvert une piscine à 3 millions.").low)
