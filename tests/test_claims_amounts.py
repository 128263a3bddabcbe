"""Every way in which French writes money, as two columns: what stands there, what it is worth."""

from __future__ import annotations

import pytest

from pipelines.claims import amounts, lending, parties, tokens, walk
from pipelines.claims.amounts import Sum
from tests.claims_training import watch

Bounds = tuple[float | None, float | None, str | None, str]


def sums(text: str) -> list[Sum]:
    """Sums of a one-sentence text that are no conversions."""
    reading = tokens.read(text)
    found = [one for s in reading.sentences for one in amounts.find(reading, s)]
    return [one for one in found if one.conversion_of is None]


WRITTEN = [
    ("60 milliards de dollars", 60e9, "USD"),
    ("6,6 Mds", 6.6e9, None),
    ("10 Md$", 10e9, "USD"),
    ("10\u00a0Md$", 10e9, "USD"),
    ("6,6\u202fmilliards de dollars", 6.6e9, "USD"),
    ("20 Md€", 20e9, "EUR"),
    ("11,7 Mds €", 11.7e9, "EUR"),
    ("830 M$", 830e6, "USD"),
    ("500 G$", 500e9, "USD"),
    ("100 G$ US", 100e9, "USD"),
    ("2 G$ CA", 2e9, "CAD"),
    ("400 M£", 400e6, "GBP"),
    ("500 k€", 5e5, "EUR"),
    ("$1.000 mds", 1000e9, "USD"),
    ("US$ 40 milliards", 40e9, "USD"),
    ("$40B", 40e9, "USD"),
    ("$6.6bn", 6.6e9, "USD"),
    ("40 milliards $", 40e9, "USD"),
    ("40 mrd €", 40e9, "EUR"),
    ("1 200 millions", 1.2e9, None),
    ("1\u202f200 millions", 1.2e9, None),
    ("1.200 millions", 1.2e9, None),
    ("4.800 milliards de yens", 4800e9, "JPY"),
    ("4'500 milliards de dollars", 4500e9, "USD"),
    ("2.5 milliards", 2.5e9, None),
    ("un demi-milliard", 0.5e9, None),
    ("un demi-milliard d'euros", 0.5e9, "EUR"),
    ("cent milliards de dollars", 100e9, "USD"),
    ("mille milliards", 1000e9, None),
    ("deux milliards et demi", 2.5e9, None),
    ("un milliard et demi de dollars", 1.5e9, "USD"),
    ("trois quarts de milliard", 0.75e9, None),
    ("un quart de milliard", 0.25e9, None),
    ("six virgule six milliards", 6.6e9, None),
    ("un milliard deux cents millions de dollars", 1.2e9, "USD"),
    ("vingt-deux milliards", 22e9, None),
    ("quatre-vingt-dix-sept milliards", 97e9, None),
    ("septante millions", 70e6, None),
    ("trois bons milliards", 3e9, None),
    ("un petit milliard", 1e9, None),
    ("le milliard", 1e9, None),
    ("son premier milliard", 1e9, None),
    ("un autre milliard de dollars", 1e9, "USD"),
    ("le deuxième million d'euros", 1e6, "EUR"),
    ("deux cent cinquante millions de livres", 250e6, "GBP"),
    ("6,5 milliards de billets verts", 6.5e9, "USD"),
    ("500 milliards de wons", 500e9, "KRW"),
    ("45 millions de francs", 45e6, "CHF"),
    ("10 mia de francs", 10e9, "CHF"),
    ("600 millions de dollars singapouriens", 600e6, "SGD"),
    ("30 billions de dollars", 30e9, "USD"),
    ("30 Milliards de dollars", 30e9, "USD"),
    ("quatre nouveaux milliards de dollars", 4e9, "USD"),
    ("4 nouveaux milliards de dollars", 4e9, "USD"),
    ("trente autres milliards", 30e9, None),
    ("2,5 milliards de fonds propres", 2.5e9, None),
    ("$1 trillion", 1e12, "USD"),
    ("38 millions de dirhams marocains", 38e6, "MAD"),
    ("8,5 milliards de francs CFA", 8.5e9, "XOF"),
    ("1,5 milliard de couronnes danoises", 1.5e9, "DKK"),
]


@pytest.mark.parametrize(("written", "worth", "currency"), WRITTEN, ids=[w[0] for w in WRITTEN])
def test_a_sum_is_worth_what_it_says(written: str, worth: float, currency: str | None) -> None:
    text = f"SoftBank apporterait {written} à OpenAI."
    (one,) = sums(text)

    assert one.top == pytest.approx(worth)
    assert one.currency == currency


QUALIFIED: list[tuple[str, Bounds]] = [
    ("30 milliards", (30e9, 30e9, None, "exact")),
    ("pas moins de 38 milliards", (38e9, 38e9, None, "exact")),
    ("jusqu'à 50 milliards", (None, 50e9, None, "up_to")),
    ("jusqu’à 50 milliards", (None, 50e9, None, "up_to")),
    ("25 milliards au plus", (None, 25e9, None, "up_to")),
    ("40 milliards au maximum", (None, 40e9, None, "up_to")),
    ("une somme qui pourrait atteindre 60 milliards", (None, 60e9, None, "up_to")),
    ("un plafond de 20 milliards", (None, 20e9, None, "up_to")),
    ("moins de 10 milliards", (None, 10e9, None, "less_than")),
    ("un apport inférieur à 10 milliards", (None, 10e9, None, "less_than")),
    ("un peu moins de 750 millions", (None, 750e6, None, "less_than")),
    ("plus de 100 milliards", (100e9, None, None, "more_than")),
    ("un peu plus de 3 milliards", (3e9, None, None, "more_than")),
    ("au moins 30 milliards", (30e9, None, None, "more_than")),
    ("un montant supérieur à 15 milliards", (15e9, None, None, "more_than")),
    ("50 milliards, voire davantage", (50e9, None, None, "more_than")),
    ("25 Md$ ou plus", (25e9, None, "USD", "more_than")),
    ("une mise qui dépasserait les 800 milliards", (800e9, None, None, "more_than")),
    ("près de 10 milliards", (10e9, 10e9, None, "about")),
    ("quelque 350 milliards", (350e9, 350e9, None, "about")),
    ("environ 1 milliard", (1e9, 1e9, None, "about")),
    ("approximativement 6 milliards", (6e9, 6e9, None, "about")),
    ("pratiquement 6 milliards", (6e9, 6e9, None, "about")),
    ("~6 milliards", (6e9, 6e9, None, "about")),
    ("300 M d'euros", (300e6, 300e6, "EUR", "exact")),
    ("300 millions d'EUR", (300e6, 300e6, "EUR", "exact")),
    ("aux alentours de 14 milliards", (14e9, 14e9, None, "about")),
    ("une dizaine de milliards", (10e9, 10e9, None, "about")),
    ("une quarantaine de milliards", (40e9, 40e9, None, "about")),
    ("entre 15 et 25 milliards", (15e9, 25e9, None, "between")),
    ("de 3 à 5 milliards", (3e9, 5e9, None, "between")),
    ("15 à 25 Md$", (15e9, 25e9, "USD", "between")),
    ("entre 500 millions et un milliard", (500e6, 1e9, None, "between")),
    ("entre dix et quinze milliards", (10e9, 15e9, None, "between")),
    ("30-40 milliards", (30e9, 40e9, None, "between")),
]


@pytest.mark.parametrize(("written", "bounds"), QUALIFIED, ids=[q[0] for q in QUALIFIED])
def test_a_sum_keeps_its_qualifier(written: str, bounds: Bounds) -> None:
    (one,) = sums(f"SoftBank verserait {written} à OpenAI.")

    assert (one.low, one.high, one.currency, one.qualifier) == bounds


@pytest.mark.parametrize(
    "text",
    [
        "ChatGPT compte 700 millions d'utilisateurs.",
        "Le modèle a 400 milliards de paramètres.",
        "Le Vision Fund 2 a été créé en 2019.",
        "Le site consomme 50 mégawatts.",
        "Il en a parlé le 22 septembre.",
        "Des dizaines de milliards sont en jeu.",
        "Il emploie 8 000 personnes.",
        "À 21:05, il a répondu.",
        "La part est de 27 %.",
        "SoftBank a vendu 350 millions d'actions.",
    ],
)
def test_what_counts_something_else_is_no_sum(text: str) -> None:
    assert [one for one in sums(text) if not one.bare] == []


def test_a_conversion_in_parentheses_is_the_same_sum() -> None:
    (one,) = sums("Un emprunt de 830 M$ (722 M€) a été signé.")

    assert (one.top, one.currency) == (830e6, "USD")


@pytest.mark.parametrize(
    "text",
    [
        "Un emprunt de 3 milliards de dollars, soit 2,6 milliards d'euros, a été signé.",
        "Un emprunt de 3 milliards de dollars (2,6 milliards d'euros) a été signé.",
        "Un emprunt de 3 milliards de dollars (environ 2,6 milliards d'euros) a été signé.",
        "Un emprunt de 3 milliards de dollars, ou environ 2,6 milliards d'euros, a été signé.",
        "Elle a vendu pour 3 milliards de dollars d'obligations (2,6 milliards d'euros).",
        "Il apporte 3 milliards de dollars (2,6 milliards d'euros, ou le prix de tout ce que la "
        "ville compte de ponts, si l'on en croit le maire).",
    ],
)
def test_the_same_sum_in_another_currency_is_no_second_one(text: str) -> None:
    assert [(one.top, one.currency) for one in sums(text)] == [(3e9, "USD")]


@pytest.mark.parametrize(
    "text",
    [
        "Elle vend pour 3 milliards de dollars d'obligations (dont 2 milliards d'euros).",
        "Un emprunt de 3 milliards de dollars (contre 2 milliards d'euros en mai) est signé.",
    ],
)
def test_a_parenthesis_may_tell_another_sum(text: str) -> None:
    assert [one.top for one in sums(text)] == [3e9, 2e9]


@pytest.mark.parametrize(
    ("text", "currency"),
    [
        ("Google a emprunté 3 milliards en francs suisses.", "CHF"),
        ("Une tranche en euros, de 500 millions, a suivi.", "EUR"),
        ("Son émission en yens, 418 milliards à sept ans, n'a pas suffi.", "JPY"),
        ("En 2019, Google a emprunté 3 milliards.", None),
        ("Après 2 millions payés en dollars, Google a emprunté 3 milliards.", None),
    ],
)
def test_a_currency_may_stand_apart_from_its_sum(text: str, currency: str | None) -> None:
    assert sums(text)[-1].currency == currency


@pytest.mark.parametrize(
    ("text", "currency"),
    [
        ("Le fonds danois EIFO apporte 2 milliards de couronnes.", "DKK"),
        ("Le fonds norvégien Investinor apporte 2 milliards de couronnes.", "NOK"),
        ("La Norvège hésite. Le suédois Alecta apporte 2 milliards de couronnes.", "SEK"),
        ("Oslo a tranché. Le fonds apporte 2 milliards de couronnes.", "NOK"),
        ("Le fonds apporte 2 milliards de couronnes.", "SEK"),
    ],
)
def test_whose_crowns_they_are_is_told_by_the_nation_named(text: str, currency: str) -> None:
    assert lent(text)[-1][1] == currency


@pytest.mark.parametrize("month", ["mars", "septembre", "décembre"])
def test_billions_of_a_month_are_money(month: str) -> None:
    (one,) = sums(f"La levée de 30 milliards de {month} paraît loin.")

    assert one.top == 30e9


def lent(text: str) -> list[tuple[float, str | None]]:
    """Sums of a text with what they borrow from other sentences."""
    reading = tokens.read(text)
    known = parties.compiled(watch())
    scenes = lending.settled(walk.scenes(reading, known))
    sums = [one for scene in scenes for one in scene.sums]
    return [(one.top, one.currency) for one in sums if one.conversion_of is None]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (
            "Wayve a eu 20 millions de livres. Waymo a levé 16 milliards.",
            [(20e6, "GBP"), (16e9, None)],
        ),
        (
            "OpenAI a levé 40 milliards de dollars. La ville y a mis 3 millions de francs. "
            "SoftBank en a promis 30.",
            [(40e9, "USD"), (3e6, "CHF"), (30e6, "USD")],
        ),
        (
            "Mistral AI a levé 1,7 milliard d'euros. ASML y a mis 1,3 milliard.",
            [(1.7e9, "EUR"), (1.3e9, "EUR")],
        ),
        (
            "OpenAI lève 110 milliards de dollars. Nvidia, actionnaire de Mistral AI, en met 30. "
            "SoftBank promet autant, 30 milliards.",
            [(110e9, "USD"), (30e9, "USD"), (30e9, "USD")],
        ),
        (
            "Mistral AI lève 2 milliards de dollars. Mistral AI vaut 14 milliards.",
            [(2e9, "USD"), (14e9, "USD")],
        ),
        (
            "Mistral AI vaut 11,7 milliards. Microsoft investit 10 milliards dans OpenAI.",
            [(11.7e9, "EUR"), (10e9, None)],
        ),
        (
            "La tranche est de 20 millions de livres, puis de 30 millions.",
            [(20e6, "GBP"), (30e6, "GBP")],
        ),
        (
            "Cursor vaut 10 milliards. Elle avait reçu 900 millions. Elle en valait 2,6 à Noël.",
            [(10e9, "USD"), (900e6, "USD"), (2.6e9, "USD")],
        ),
        (
            "Mistral AI lève 900 millions\n\nLe tour de 900 millions d'euros est clos.",
            [(900e6, "EUR"), (900e6, "EUR")],
        ),
        (
            "Mistral AI emprunte 830 millions\n\nDes banques avancent 830 millions de dollars.",
            [(830e6, "USD"), (830e6, "USD")],
        ),
        (
            "OpenAI a levé 40 milliards de dollars. Mistral AI a levé 2 milliards d'euros. "
            "Son actionnaire en a mis un demi. Cerebras en vaut 23.",
            [(40e9, "USD"), (2e9, "EUR"), (23e9, "USD")],
        ),
        (
            "Dans OpenAI, Nvidia mettrait 30 milliards et SoftBank autant.",
            [(30e9, "USD"), (30e9, "USD")],
        ),
        (
            "La firme a reçu 4 millions de dollars de dette et autant de capital.",
            [(4e6, "USD"), (4e6, "USD")],
        ),
        (
            "Il a payé 4 millions, soit autant de puces ; pour autant, il en veut autant que vous.",
            [(4e6, "USD")],
        ),
        (
            "Tesla a apporté 2 milliards ; SpaceX en avait mis autant l'été précédent.",
            [(2e9, "USD"), (2e9, "USD")],
        ),
        ("xAI : cinq milliards en actions, autant en dette.", [(5e9, "USD"), (5e9, "USD")]),
        ("Elle doit 2 milliards à Lumentum ; à Coherent, autant.", [(2e9, "USD"), (2e9, "USD")]),
        ("Il a mis 5 milliards et en a dit autant.", [(5e9, "USD")]),
        ("41. En milliards de dollars, ce que SoftBank a remis à OpenAI.", [(41e9, "USD")]),
        ("3. En milliards d'euros, sa commande.", [(3e9, "EUR")]),
        (
            "Saorsa a reçu 65 millions de livres d'Amazon. Google en proposait 80. "
            "Le total atteint 90 millions.",
            [(65e6, "GBP"), (80e6, "GBP"), (90e6, "GBP")],
        ),
        (
            "SoftBank a gagné 500 milliards de yens. Il a payé 22 milliards.",
            [(500e9, "JPY"), (22e9, None)],
        ),
        (
            "ASML y a mis 1,3 milliard d'euros. Anthropic a reçu 13 milliards de dollars. "
            "Mistral AI en vaut 11,7.",
            [(1.3e9, "EUR"), (13e9, "USD"), (11.7e9, "EUR")],
        ),
        (
            "Apports en millions de francs suisses :\nNvidia : 30\nAMD : 12",
            [(30e6, "CHF"), (12e6, "CHF")],
        ),
    ],
)
def test_a_sum_borrows_from_the_sentences_before(
    text: str, found: list[tuple[float, str | None]]
) -> None:
    assert lent(text) == found


@pytest.mark.parametrize(
    "end", ["un", "un en", "un et", "un autre", "un d'", "Thrive un", "les un en"]
)
def test_a_text_may_break_off_behind_any_number(end: str) -> None:
    assert [one.top for one in sums(f"OpenAI lève 5 milliards, il restait {end}")][:1] == [5e9]


def test_shares_bought_for_a_sum_are_money() -> None:
    assert [one.top for one in sums("Coatue en a pris pour 700 millions de titres.")] == [700e6]
    assert [one.top for one in sums("MGX a acquis pour 285 millions d'actions.")] == [285e6]


def test_a_move_from_one_figure_to_another_is_two_sums() -> None:
    found = sums("Le crédit passe de 13,5 à 20 milliards.")

    assert [one.top for one in found] == [13.5e9, 20e9]


def test_coordinated_figures_share_their_qualifier() -> None:
    found = sums("Google et Amazon promettent jusqu'à 40 et 25 milliards.")

    assert [(one.low, one.high) for one in found] == [(None, 40e9), (None, 25e9)]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Un tour d'un milliard à 22 milliards est en vue.", [1e9, 22e9]),
        ("Elle a levé 65 milliards à 965 milliards post-money.", [65e9, 965e9]),
        ("Il vaudrait de 2 milliards à 3 milliards.", [3e9]),
        ("Le tour serait de 500 millions à 1 milliard.", [1e9]),
        ("Elle a levé 300 millions à 4 milliards.", [300e6, 4e9]),
        ("Elle a obtenu 180 millions de dollars à 19 milliards.", [180e6, 19e9]),
        ("Il gérerait de 15 à 90 milliards.", [90e9]),
        ("La société a étendu de 4 à 9 milliards sa ligne.", [4e9, 9e9]),
        ("Sa ligne, élargie de 1,5 à 2,5 milliards, dort.", [1.5e9, 2.5e9]),
    ],
)
def test_a_round_and_its_price_and_an_old_and_a_new_figure_are_two_sums(
    text: str, wanted: list[float]
) -> None:
    assert [one.top for one in sums(text)] == wanted
