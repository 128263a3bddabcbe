"""What the grammar alone makes of a sum: kind, payers and payee of its draft, without weights."""

from __future__ import annotations

import pytest

from pipelines.claims import clauses, parties, tokens, walk
from pipelines.claims.drafts import Draft
from pipelines.claims.features import Place
from tests.claims_training import watch

OPENAI = parties.compiled(watch())


def drafted(text: str) -> list[str]:
    """The draft of each sum, "none" where the grammar sees no claim."""
    out: list[str] = []

    def keep(place: Place) -> list[Draft]:
        draft = place.draft
        if draft is None or draft.payee is None:
            out.append("none")
            return []
        out.append(f"{draft.kind} {'+'.join(draft.payers)}→{draft.payee}")
        return [draft]

    walk.walk(walk.scenes(tokens.read(text), OPENAI), OPENAI, keep)
    return out


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("OpenAI a promis 300 milliards de dollars à Oracle.", "OpenAI→Oracle"),
        ("OpenAI s'est engagé avec Oracle pour 300 milliards de dollars.", "OpenAI→Oracle"),
        ("OpenAI signe avec Amazon pour 38 milliards de dollars.", "OpenAI→Amazon"),
        ("Les 250 milliards de dollars dus à Microsoft par OpenAI inquiètent.", "OpenAI→Microsoft"),
        ("OpenAI débourserait 10 milliards chez Broadcom.", "OpenAI→Broadcom"),
        ("Anthropic dépensera 100 milliards de dollars de services chez AWS.", "Anthropic→Amazon"),
        ("Oracle vend à OpenAI pour 300 milliards de dollars de calcul.", "OpenAI→Oracle"),
    ],
)
def test_a_laboratory_pays_its_supplier_whatever_the_verb(text: str, wanted: str) -> None:
    assert drafted(text) == [f"commitment {wanted}"]


@pytest.mark.parametrize(
    ("before", "text", "wanted"),
    [
        ("OpenAI loue des puces à CoreWeave.", "Leur contrat de 22,4 milliards court.",
         "commitment OpenAI→CoreWeave"),
        ("Nebius ouvre un centre de données.", "Meta lui achètera pour 12 milliards de calcul.",
         "commitment Meta→Nebius"),
        ("Cerebras a trouvé un client.", "OpenAI lui versera 20 milliards de dollars.",
         "commitment OpenAI→Cerebras"),
        ("Nvidia soutient OpenAI.", "Le montant promis est de 30 milliards, déjà versés.",
         "investment Nvidia→OpenAI"),
    ],
)  # fmt: skip
def test_the_text_before_fills_what_a_sentence_leaves_open(
    before: str, text: str, wanted: str
) -> None:
    assert drafted(f"{before} {text}") == [wanted]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Oracle lève 25 milliards de dollars sur le marché obligataire.", "debt →Oracle"),
        ("Amazon avance à Anthropic 2 milliards de dollars, remboursables en 2031.",
         "debt Amazon→Anthropic"),
        ("Un prêt de 3 milliards de dollars consenti à SoftBank en mars.", "debt →SoftBank"),
        ("SoftBank dispose d'une ligne de 5 milliards de dollars signée en mars.",
         "debt →SoftBank"),
    ],
)  # fmt: skip
def test_what_must_be_paid_back_is_debt(text: str, wanted: str) -> None:
    assert drafted(text) == [wanted]


@pytest.mark.parametrize(
    "text",
    [
        "Selon Citi, il manque 207 milliards de dollars à OpenAI.",
        "Il lui manquerait 40 milliards de dollars, dit-on chez OpenAI.",
        "OpenAI creuse un trou de 207 milliards de dollars.",
    ],
)
def test_what_is_missing_nobody_pays(text: str) -> None:
    assert drafted(text) == ["none"]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Des salariés d'OpenAI ont cédé pour 6,6 milliards de dollars d'actions.",
         "round →OpenAI"),
        ("Des salariés d'OpenAI vendent 6 milliards de dollars de titres à SoftBank.",
         "round SoftBank→OpenAI"),
        ("Les salariés d'Anthropic revendent pour 6 milliards de titres.", "round →Anthropic"),
        ("SoftBank a vendu pour 5,8 milliards de dollars de titres Nvidia.", "none"),
        ("SoftBank a cédé ses bureaux pour 5 milliards de dollars.", "none"),
        ("MGX s'est engagé à acheter pour 5 milliards de dollars d'actions OpenAI.",
         "investment MGX→OpenAI"),
    ],
)  # fmt: skip
def test_shares_that_change_hands_are_told_by_who_sells(text: str, wanted: str) -> None:
    assert drafted(text) == [wanted]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Anthropic a reçu d'Amazon 8 milliards de dollars.", "Amazon→Anthropic"),
        ("SSI obtient 5 milliards de dollars de Lightspeed et d'Alphabet.",
         "Lightspeed+Google→SSI"),
    ],
)  # fmt: skip
def test_who_receives_from_a_named_giver_is_invested_in(text: str, wanted: str) -> None:
    assert drafted(text) == [f"investment {wanted}"]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Poolside lève 500 millions de dollars, à 3 milliards.",
         ["round →Poolside", "valuation →Poolside"]),
        ("Poolside se négocie à 3 milliards de dollars.", ["valuation →Poolside"]),
        ("Poolside, estimée à 3 milliards de dollars, recrute.", ["valuation →Poolside"]),
        ("L'opération porte Poolside de 3 à 12 milliards de dollars.", ["none", "none"]),
        ("Nvidia vaut 4 000 milliards de dollars, plus qu'OpenAI.", ["none"]),
        ("Dans OpenAI, sa participation vaut 230 milliards de dollars.", ["none"]),
    ],
)  # fmt: skip
def test_a_price_is_a_valuation_of_a_company_not_of_a_stake(text: str, wanted: list[str]) -> None:
    assert drafted(text) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Oracle, à qui OpenAI a promis 300 milliards de dollars, chute.",
         "commitment OpenAI→Oracle"),
        ("Poolside, dans lequel Nvidia a mis un milliard de dollars, recrute.",
         "investment Nvidia→Poolside"),
        ("Amazon, qui détient déjà 15 % d'Anthropic, a investi 8 milliards de dollars dans xAI.",
         "investment Amazon→xAI"),
    ],
)  # fmt: skip
def test_relative_clauses_keep_giver_and_taker_apart(text: str, wanted: str) -> None:
    assert drafted(text) == [wanted]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Anthropic cherche 60 milliards de dollars.", "round →Anthropic"),
        ("OpenAI sollicite 50 milliards de dollars dans le Golfe.", "round →OpenAI"),
        ("xAI quête 20 milliards de dollars.", "round →xAI"),
        ("Poolside convoite 2 milliards de dollars.", "round →Poolside"),
        ("Elon Musk a donné 38 millions de dollars à OpenAI.", "investment Elon Musk→OpenAI"),
        ("Microsoft a englouti 13 milliards de dollars dans OpenAI.",
         "investment Microsoft→OpenAI"),
        ("Nvidia a signé une lettre d'intention de 500 millions de dollars avec Wayve.",
         "investment Nvidia→Wayve"),
        ("L'emprunt d'Oracle a reçu 129 milliards de dollars de demandes.", "none"),
        ("Amazon a réclamé 12 millions de dollars à Perplexity.", "none"),
        ("Perplexity cote 20 milliards de dollars.", "valuation →Perplexity"),
        ("Mistral AI a perçu 2 milliards d'ASML.", "investment ASML→Mistral AI"),
        ("Amazon a versé 5 milliards de dollars à Anthropic à crédit.",
         "investment Amazon→Anthropic"),
    ],
)  # fmt: skip
def test_words_of_money_say_what_it_is(text: str, wanted: str) -> None:
    assert drafted(text) == [wanted]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("CoreWeave a tiré 8 milliards de crédits, gagés sur son contrat avec Meta.",
         ["debt →CoreWeave"]),
        ("SoftBank a signé un prêt de 9 milliards, garanti par les actions Arm.",
         ["debt →SoftBank"]),
        ("Le prêt de 6 milliards de JPMorgan à Oracle est signé.", ["debt JPMorgan→Oracle"]),
        ("Prêt de Citi à Anthropic : 2 milliards de dollars.", ["debt Citi→Anthropic"]),
        ("JPMorgan dirige un crédit de 3 milliards à CoreWeave.", ["debt JPMorgan→CoreWeave"]),
        ("Anthropic a obtenu un prêt de 4 milliards de Barclays.", ["debt Barclays→Anthropic"]),
        ("CoreWeave s'est vu accorder une facilité de 5 milliards par Citi.",
         ["debt Citi→CoreWeave"]),
        ("Nscale a puisé 600 millions dans sa facilité.", ["debt →Nscale"]),
        ("Mistral AI a contracté un emprunt de 800 millions auprès de six banques : MUFG, "
         "HSBC et Citi.", ["debt MUFG+HSBC+Citi→Mistral AI"]),
        ("SoftBank garantit un prêt de 5 milliards accordé par Mizuho à OpenAI.",
         ["debt Mizuho→OpenAI"]),
        ("Google se porte garant d'un emprunt de 3 milliards de CoreWeave.",
         ["debt →CoreWeave"]),
        ("Lambda obtient un prêt de 2 milliards dont Nvidia est caution.", ["debt →Lambda"]),
        ("Mizuho prête 3 milliards à OpenAI, avec SoftBank pour garant.",
         ["debt Mizuho→OpenAI"]),
        ("Avec la caution de Meta, Crusoe emprunte 3 milliards à Mizuho.",
         ["debt Mizuho→Crusoe"]),
        ("SoftBank garantit 5 milliards à OpenAI.", ["investment SoftBank→OpenAI"]),
        ("JPMorgan garantit la dette et prête 3 milliards de dollars à Oracle.",
         ["debt JPMorgan→Oracle"]),
        ("JPMorgan s'est porté garant du bail et a prêté 3 milliards à Oracle.",
         ["debt JPMorgan→Oracle"]),
        ("Mizuho, caution et prêteur, prête 3 milliards de dollars à SoftBank.",
         ["debt Mizuho→SoftBank"]),
        ("SoftBank, garant du bail, emprunte 3 milliards à Mizuho.", ["debt Mizuho→SoftBank"]),
        ("JPMorgan garantit le bail en prêtant 3 milliards de dollars à Oracle.",
         ["debt JPMorgan→Oracle"]),
        ("Meta garantit le bail de Crusoe, qui emprunte 3 milliards à Mizuho et lève 2 milliards.",
         ["debt Mizuho→Crusoe", "round →Crusoe"]),
        ("Oracle a placé 5 milliards d'obligations en mai et obtenu un prêt de 2 milliards, "
         "consenti par Mizuho.", ["debt →Oracle", "debt Mizuho→Oracle"]),
    ],
)  # fmt: skip
def test_a_pledge_is_no_lender_and_a_lender_lends_its_own_loan(
    text: str, wanted: list[str]
) -> None:
    assert drafted(text) == wanted


def test_who_lets_what_is_its_own_is_paid() -> None:
    assert drafted("Crusoe loue son campus à Oracle pour 7 milliards.") == [
        "commitment Oracle→Crusoe"
    ]
    assert drafted("Oracle loue des puces à Crusoe pour 7 milliards.") == [
        "commitment Oracle→Crusoe"
    ]


def test_a_text_may_end_on_the_verb_that_lets() -> None:
    assert drafted("Pour 7 milliards de dollars, OpenAI loue") == ["none"]


def test_who_is_made_to_give_gives() -> None:
    assert drafted("Microsoft a convaincu Coatue de mettre 4 milliards dans OpenAI.") == [
        "investment Coatue→OpenAI"
    ]


@pytest.mark.parametrize(
    ("text", "subject"),
    [
        ("SSI refuse Meta et lève 2 milliards.", "SSI"),
        ("Nvidia lâche Poolside et y met 2 milliards.", "Nvidia"),
        ("SSI et Meta lèvent 2 milliards.", "SSI+Meta"),
    ],
)
def test_whom_a_verb_before_has_as_object_is_no_subject(text: str, subject: str) -> None:
    (one,) = walk.scenes(tokens.read(text), OPENAI)
    found = clauses.find(one, one.sums[0]).subject

    assert "+".join(found.names if found else ()) == subject


@pytest.mark.parametrize(
    ("text", "passive"),
    [
        ("OpenAI a vu SoftBank investir 30 milliards.", False),
        ("OpenAI s'est vu accorder 30 milliards.", True),
        ("OpenAI a été dotée de 30 milliards.", True),
    ],
)
def test_who_sees_is_given_nothing_but_who_sees_itself_given_is(text: str, passive: bool) -> None:
    (one,) = walk.scenes(tokens.read(text), OPENAI)

    assert clauses.find(one, one.sums[0]).passive is passive
