"""Numbers without a unit: "puis 20 en mars" is money beside a sum, "trois fonds" never."""

from __future__ import annotations

import pytest

from tests.test_claims_amounts import sums


def test_bare_numbers_borrow_the_scale_of_a_neighbour() -> None:
    found = sums("Trente milliards pour Nvidia, 20 pour Amazon, 5 et 10 milliards pour d'autres.")

    assert [one.top for one in found] == [30e9, 20e9, 5e9, 10e9]


@pytest.mark.parametrize(
    ("text", "worth"),
    [
        ("Altimeter a mis 4 milliards, GIC trois et demi.", [4e9, 3.5e9]),
        ("Broadcom entre pour 4 milliards et AMD pour un et demi.", [4e9, 1.5e9]),
        ("Nvidia apporte 30 milliards, Amazon et SoftBank 20 chacun.", [30e9, 20e9]),
        ("Des 15 milliards, Amazon en a versé cinq, les dix autres attendront.", [15e9, 5e9, 10e9]),
        (
            "Sur les 25 milliards, dix seulement sont versés et quinze restent dus.",
            [25e9, 10e9, 15e9],
        ),
        ("Google a placé dix milliards et en ajoutera trente.", [10e9, 30e9]),
        ("Valor met 6 milliards, Apollo 3,5, Ares 2 et DST 1,5.", [6e9, 3.5e9, 2e9, 1.5e9]),
        ("AMD a promis 5 milliards, il en a versé un en 2020 et deux depuis.", [5e9, 1e9, 2e9]),
        ("Coatue apporte 3 milliards, DST 2,5 et Ares un.", [3e9, 2.5e9, 1e9]),
        ("Dell en a placé six milliards, AMD en a promis un.", [6e9, 1e9]),
        ("Dix milliards à Intel, un autre à Nokia.", [10e9, 1e9]),
        ("Il a versé 8 milliards et en promet vingt autres si tout va bien.", [8e9, 20e9]),
        ("Quinze des quarante milliards sont versés.", [15e9, 40e9]),
        ("De ces 25 milliards, dont dix sont versés, rien ne reste.", [25e9, 10e9]),
        ("Elle a mis 4 milliards, puis 4 de plus.", [4e9, 4e9]),
        ("Deux milliards sont payés. Les 12 autres attendront.", [2e9, 12]),
        ("Elle avait avancé 800 des 2 milliards.", [800e6, 2e9]),
        ("Ils mettront respectivement jusqu'à dix et jusqu'à cinq milliards.", [10e9, 5e9]),
        ("Ils apportent 200 et de 110 millions.", [200e6, 110e6]),
        ("Ares y a mis 500 millions, Lux 300 chez Cerebras.", [500e6, 300e6]),
        ("Amazon a versé 13 milliards, Google 13 également.", [13e9, 13e9]),
        ("Il mettrait 50 milliards, SoftBank 30 de plus et Ares moins de 10.", [50e9, 30e9, 10e9]),
        ("Il place 15 milliards sur les cinquante annoncés.", [15e9, 50e9]),
        ("Elle a mis 5 milliards dans Colossus 2 chez elle.", [5e9]),
        ("Avec le Nasdaq 100 dans le rouge, 5 milliards partent.", [5e9]),
    ],
)
def test_a_number_alone_may_be_money_where_a_neighbour_is(text: str, worth: list[float]) -> None:
    assert [one.top for one in sums(text)] == worth


@pytest.mark.parametrize(
    "text",
    [
        "SAN FRANCISCO, 27 fév 2026 - OpenAI lève 6 milliards.",
        "Le 3 sept., OpenAI a levé 6 milliards.",
        "L'offre de 6 milliards court du 10 au 30.",
        "Une douzaine de fonds, discrets, ont mis 6 milliards.",
        "Les autres signataires, une douzaine, restent anonymes : 6 milliards en tout.",
        "OpenAI a levé 6 milliards auprès de deux fonds.",
        "Ils sont deux, et mettent 6 milliards.",
        "Deux des huit banques se retirent du prêt de 6 milliards.",
        "Le tour de 6 milliards n'a pas un prix, il en a deux.",
        "Selon deux d'entre eux, le prêt est de 6 milliards.",
        "Nvidia et Microsoft donnent 6 milliards à deux.",
        "Voici 6 milliards, puis les deux derniers, de novembre.",
        "Des obligations de 6 milliards, à trois, cinq et dix ans.",
        "Des obligations de 6 milliards, payées sur douze à vingt-quatre mois.",
        "Le premier a mis 6 milliards, les deux autres hésitent.",
        "Le titre a perdu quarante pour cent après la levée de 6 milliards.",
        "L'un veut 6 milliards, un autre fonds hésite, pas un en Europe n'en veut.",
        "Le CAC 40 et le Nikkei ont pris 1 % après la levée de 6 milliards.",
        "3) OpenAI a levé 6 milliards.",
        "Jeudi 20, OpenAI a levé 6 milliards.",
        "Elle veut 6 milliards, pas un cent de moins.",
        "Elle a levé 6 milliards, soit 2 de plus que prévu.",
        "Elle a levé 6 milliards, deux de mieux que l'objectif.",
        "Elle a levé 6 milliards, soit 2 milliards de dollars de mieux que l'objectif.",
        "Elle lui a vendu pour 6 milliards de plus qu'en mai.",
        "Elle a levé 6 milliards, 2 de moins qu'en mai.",
        "Il a mis 6 milliards par trois de ses fonds.",
        "Il verse 6 milliards par tranches, dont deux sont échues.",
        "Lecture : 3 min, et 6 milliards.",
    ],
)
def test_a_date_or_a_head_count_borrows_no_scale(text: str) -> None:
    assert [one.top for one in sums(text)] == [6e9]
