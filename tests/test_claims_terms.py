"""By when a rumour says that it will be settled, and the many dates that say no such thing."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from pipelines import config
from pipelines.claims import find
from pipelines.claims.terms import due

#: A Wednesday.
DAY = date(2026, 1, 14)

#: What the press writes of the deal itself, and the last day of it.
TERMS = {
    "L'accord n'est pas encore signé mais il serait conclu serait conclu d'ici fin février": (
        2026,
        2,
        28,
    ),
    "Amazon verserait 50 milliards d'ici fin février": (2026, 2, 28),
    "Amazon verserait 50 milliards d’ici à la fin février": (2026, 2, 28),
    "Le tour serait bouclé d'ici la fin du mois de février": (2026, 2, 28),
    "Le tour, d'ici à la fin du mois, atteindrait 40 milliards": (2026, 1, 31),
    "Il pourrait aboutir avant la fin du mois prochain": (2026, 2, 28),
    "La levée serait close d'ici la fin de l'année": (2026, 12, 31),
    "Il mettrait 10 milliards d'ici à la fin de l'année en cours": (2026, 12, 31),
    "SoftBank apporterait 30 milliards avant la fin de l'an": (2026, 12, 31),
    "Il monterait au capital d'ici à fin 2026": (2026, 12, 31),
    "Nvidia investirait 30 milliards d'ici mi-2026": (2026, 6, 30),
    "Un accord serait conclu au premier trimestre": (2026, 3, 31),
    "Le tour serait bouclé avant la fin du premier trimestre": (2026, 3, 31),
    "La signature interviendrait au deuxième trimestre 2026": (2026, 6, 30),
    "Les discussions aboutiraient dans le courant du premier semestre": (2026, 6, 30),
    "L'opération serait finalisée d'ici la fin du trimestre": (2026, 3, 31),
    "L'accord serait signé en mars": (2026, 3, 31),
    "L'accord serait signé courant mars": (2026, 3, 31),
    "L'annonce est attendue fin mars": (2026, 3, 31),
    "L'annonce est attendue à la mi-mars": (2026, 3, 15),
    "Le tour pourrait être clôturé début février": (2026, 2, 10),
    "Amazon mettrait 50 milliards d'ici au 15 mars": (2026, 3, 15),
    "Amazon mettrait 50 milliards avant le 15 mars 2026": (2026, 3, 15),
    "Amazon mettrait 50 milliards au plus tard le 1er mars": (2026, 3, 1),
    "Amazon mettrait 50 milliards au plus tard fin mars": (2026, 3, 31),
    "La décision tomberait le 20 janvier": (2026, 1, 20),
    "Un accord est espéré d'ici mars": (2026, 3, 31),
    "Un accord est espéré avant mars": (2026, 2, 28),
    "Un accord serait annoncé la semaine prochaine": (2026, 1, 25),
    "Un accord serait annoncé cette semaine": (2026, 1, 18),
    "Un accord serait annoncé d'ici la fin de la semaine": (2026, 1, 18),
    "Un accord serait annoncé le mois prochain": (2026, 2, 28),
    "Un accord serait annoncé ce mois-ci": (2026, 1, 31),
    "Un accord est attendu la semaine prochaine": (2026, 1, 25),
    "Amazon trancherait d'ici lundi": (2026, 1, 19),
    "Amazon trancherait lundi prochain": (2026, 1, 19),
    "Amazon trancherait d'ici à mercredi": (2026, 1, 21),
    "Amazon mettrait 50 milliards d'ici deux semaines": (2026, 1, 28),
    "Amazon mettrait 50 milliards d'ici à trois mois": (2026, 4, 14),
    "Amazon mettrait 50 milliards d'ici un mois": (2026, 2, 14),
    "Les pourparlers aboutiraient dans les dix jours": (2026, 1, 24),
    "Les pourparlers aboutiraient dans les dix prochains jours": (2026, 1, 24),
    "L'accord serait signé sous huit jours": (2026, 1, 21),
    "L'accord serait signé sous 48 heures": (2026, 1, 16),
    "L'accord serait signé d'ici une quinzaine de jours": (2026, 1, 28),
    "Le tour serait bouclé d'ici l'été": (2026, 6, 21),
    # of two the later one: the rumour lives until then
    "Un accord d'ici fin janvier, la signature d'ici fin mars": (2026, 3, 31),
}


@pytest.mark.parametrize("text", TERMS)
def test_a_term_is_the_last_day_by_which_the_deal_is_to_be_settled(text: str) -> None:
    assert due(text, DAY) == date(*TERMS[text])


#: Dates of something else, or no dates at all.
NO_TERMS = [
    "Amazon verserait 50 milliards dans les prochaines semaines",
    "Un accord serait annoncé prochainement",
    "Un accord serait trouvé d'ici quelques jours",
    "Un accord serait trouvé d'ici là",
    "Un accord serait trouvé d'ici deux à trois semaines",
    "Il investirait 100 milliards d'ici 2030",
    "Il investirait 100 milliards d'ici à 2028",
    "Il investirait 100 milliards d'ici cinq ans",
    "Il investirait 100 milliards sur cinq ans",
    "Il investirait 100 milliards d'ici fin 2028",
    "Il investirait 50 milliards en 2026",
    "Il investirait 50 milliards en mars",  # nobody says what of it
    "Il rembourserait 10 milliards d'ici fin février",
    "Le chiffre d'affaires atteindrait 30 milliards d'ici la fin de l'année",
    "Il dépenserait 38 milliards d'ici la fin de l'année",
    "Les centres de données consommeraient 10 gigawatts d'ici fin mars",
    "L'accord n'interviendrait pas avant fin mars",
    "Rien ne serait signé, jamais avant mars",
    "Le tour ne sera pas bouclé avant mars",
    "L'accord ne devrait plus être signé d'ici fin février",
    "Aucun accord ne serait conclu avant fin mars",
    "Les discussions ont commencé fin décembre",
    "Les discussions, entamées en novembre, porteraient sur 50 milliards",
    "Les discussions durent depuis fin janvier",
    "L'exclusivité des négociations court jusqu'à fin mars",
    "L'accord annoncé la semaine dernière porterait sur 50 milliards",
    "L'accord conclu avant la fin de l'année dernière vaudrait 50 milliards",
    "L'accord serait signé à partir de mars",
    "Un accord serait annoncé dès cette semaine",
    "L'accord signé avant fin 2025 serait étendu",
    "L'accord serait signé d'ici le 31 février",
    "Amazon et OpenAI négocient avant l'assemblée générale",
    "Un accord à 50 milliards, selon des sources",
    "Amazon doit annoncer ses résultats avant la fin du mois",
    "Le groupe, qui doit annoncer un nouveau modèle en février, mettrait 50 milliards",
    "La décision du tribunal est attendue en février",
]


@pytest.mark.parametrize("text", NO_TERMS)
def test_a_date_of_anything_else_is_no_term(text: str) -> None:
    assert due(text, DAY) is None


#: What is so for a contract or a loan, whose dates are mostly those of the money.
SPENT = {
    "OpenAI verserait 38 milliards d'ici la fin de l'année": None,
    "OpenAI verserait 38 milliards à Amazon d'ici fin février, un accord étant proche": None,
    "Le contrat de 38 milliards serait signé d'ici fin février": date(2026, 2, 28),
    "Un accord d'ici fin février, 38 milliards sur sept ans": date(2026, 2, 28),
}


@pytest.mark.parametrize("text", SPENT)
def test_the_dates_of_a_contract_count_where_it_is_to_be_signed(text: str) -> None:
    assert due(text, DAY, spent=True) == SPENT[text]


@pytest.mark.parametrize(
    ("day", "text", "last"),
    [
        (date(2026, 11, 20), "L'accord serait signé en janvier", date(2027, 1, 31)),
        (date(2026, 2, 10), "L'accord serait signé fin janvier", None),  # it is past
        (date(2026, 11, 20), "Le tour serait bouclé avant Noël", date(2026, 12, 25)),
        (date(2026, 12, 30), "L'argent serait parti avant Noël", None),
        (date(2026, 12, 20), "L'argent serait parti juste avant Noël", None),
        (date(2026, 2, 10), "Un accord d'ici fin janvier", date(2027, 1, 31)),
        (date(2026, 12, 30), "Un accord serait signé le mois prochain", date(2027, 1, 31)),
        (date(2027, 12, 30), "Un accord d'ici la fin du mois prochain", date(2028, 1, 31)),
        (date(2028, 1, 3), "Un accord d'ici fin février", date(2028, 2, 29)),
        (date(2028, 1, 3), "Un accord d'ici le 29 février", date(2028, 2, 29)),
        (date(2026, 1, 3), "Un accord d'ici le 29 février", None),
        (date(9999, 12, 1), "Un accord d'ici fin décembre", date(9999, 12, 31)),
        (date(9999, 12, 1), "Un accord d'ici fin février", None),
        (date(2026, 11, 20), "Un accord avant janvier", date(2026, 12, 31)),
        (date(2026, 11, 20), "Un accord serait signé au premier trimestre", date(2027, 3, 31)),
        (date(2026, 1, 31), "Un accord d'ici un mois", date(2026, 2, 28)),
        (date(2026, 1, 18), "Un accord d'ici la fin de la semaine", date(2026, 1, 18)),
    ],
)
def test_a_term_is_reckoned_from_the_day_of_publication(
    day: date, text: str, last: date | None
) -> None:
    assert due(text, day) == last


def test_a_text_that_names_a_date_ten_thousand_times_is_read_once_through() -> None:
    """Quadratic in the dates of a sentence it would take minutes."""
    assert due("fin mars, d'ici fin mars accord " * 10_000, DAY) == date(2026, 3, 31)


WATCH = config.load(None).watches[0]
AT = datetime(2026, 1, 14, 9, tzinfo=UTC)


def read(text: str, at: datetime = AT) -> list[tuple[str, date | None]]:
    return [(claim.certainty, claim.due) for claim in find(text, WATCH, published=at)]


def test_a_rumour_bears_the_term_of_its_sentence() -> None:
    text = "Amazon négocierait un investissement de 50 milliards de dollars dans OpenAI, {}."
    assert read(text.format("à conclure d'ici fin février")) == [("rumoured", date(2026, 2, 28))]
    assert read(text.format("selon Bloomberg")) == [("rumoured", None)]


def test_a_rumour_bears_the_term_of_the_next_sentence_that_speaks_of_settling() -> None:
    said = "Amazon négocierait un investissement de 50 milliards de dollars dans OpenAI."
    assert read(f"{said} L'accord serait bouclé d'ici fin février.") == [
        ("rumoured", date(2026, 2, 28))
    ]
    assert read(f"{said} Nvidia publie ses résultats avant fin février.") == [("rumoured", None)]
    assert read(f"{said}\n\nL'accord serait bouclé d'ici fin février.") == [("rumoured", None)]


def test_a_fact_bears_no_term() -> None:
    text = "Amazon a investi 50 milliards de dollars dans OpenAI, à verser d'ici fin février."
    assert {term for _, term in read(text)} <= {None}


def test_a_day_is_that_of_greenwich_wherever_the_page_bears_its_date() -> None:
    text = "Amazon négocierait 50 milliards de dollars pour OpenAI et trancherait d'ici dix jours."
    paris = timezone(timedelta(hours=1))
    midnight = datetime(2026, 1, 14, 0, 30, tzinfo=paris)
    assert read(text, midnight) == read(text, midnight.astimezone(UTC))
