"""The cleaning rules: each needs its example, and leaves alone what an author writes."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

import pipelines.article
from pipelines.article import read_html
from pipelines.article.lines import clean, outcome_of
from pipelines.article.rules import LineRule, rules

TABLE = tomllib.loads((Path(pipelines.article.__file__).parent / "rules.toml").read_text("utf-8"))
PROSE = (
    "Le groupe discute avec la start-up d’un investissement de 25 milliards de dollars, selon "
    "plusieurs personnes au fait des échanges, et la décision pourrait tomber bientôt."
)


@pytest.mark.parametrize("rule", rules().lines, ids=lambda rule: rule.example)
def test_the_first_rule_for_a_line_is_the_one_whose_example_it_is(rule: LineRule) -> None:
    first = next(r for r in rules().lines if r.pattern.fullmatch(rule.example))
    assert first is rule
    assert len(rule.example) <= rule.limit


@pytest.mark.parametrize("entry", TABLE["line"], ids=lambda entry: entry["why"])
def test_every_rule_says_why(entry: dict[str, str]) -> None:
    assert entry["why"]
    assert outcome_of(entry["example"]) == entry.get("then", "drop")


@pytest.mark.parametrize(
    "line",
    [
        "Mis à jour le 31 décembre après la confirmation du groupe.",
        "À lire le rapport, la société perd 5 milliards par an.",
        "À voir : la demande américaine reste la grande inconnue, dit-il, et 30 milliards de "
        "dollars de commandes en dépendent, qu’il faudra bien financer d’une façon ou d’une autre,"
        " par la dette ou par le capital, avant que les clients ne se lassent d’attendre leurs "
        "machines.",
        "Pour continuer à grandir, la société compte lever 100 milliards.",
        "Pour accéder au marché européen, elle a identifié trois partenaires.",
        "Soutenir la start-up coûte cher à Microsoft : 13 milliards.",
        "Offrir des actions aux salariés.",
        "Publier ses comptes deviendra obligatoire.",
        "Lettre de Sam Altman aux actionnaires : « nous avons levé 40 milliards »",
        "L’abonnement permet à la société d’encaisser 5 milliards par an.",
        "ChatGPT Plus coûte 23 € par mois, un abonnement qu’ont pris 15 millions de personnes.",
        "Se connecter au réseau électrique prendra trois ans.",
        "Voir plus loin que 2030 : c’est le pari de SoftBank.",
        "Créée en 2015 par onze personnes, la société en emploie 4 000 »",
        "« Nous et nos partenaires investirons 30 milliards », a dit le patron.",
        "Publication de résultats records",
        "Chargement des batteries",
        "Les réactions",
        "Chaque jour, il envoie un mail à ses investisseurs, qui ont mis 3 milliards.",
        "Par ailleurs, Amazon met 50 milliards.",
        "Google",
        "Amazon : 50 milliards",
        "Qui | Montant",
        "Partager le marché avec Nvidia ne va pas de soi.",
        "La suite dépendra de la Californie.",
        "Photo de famille : Masayoshi Son, Larry Ellison et Sam Altman ont posé à la Maison-Blanche"
        " en janvier 2025 autour du président, avant d’annoncer leurs 500 milliards.",
        "Découvrir ce que valent vraiment ces 300 milliards prendra du temps.",
        "Ajoutez à cela 30 milliards de SoftBank, et le compte y est.",
        "Cela pourrait vous coûter 3 milliards, a dit le juge.",
        "L’application de ChatGPT a été téléchargée 500 millions de fois.",
        "Suivez l’argent : il revient toujours chez Nvidia.",
    ],
)
def test_a_line_of_the_author_stays(line: str) -> None:
    assert outcome_of(line) == "keep"


@pytest.mark.parametrize("word", TABLE["boxes"]["consent"] + TABLE["boxes"]["site"])
def test_a_box_with_such_a_name_is_dropped(word: str) -> None:
    name = word.replace("+", "-")
    page = (
        f"<html><body><article><h1>Un titre pour essayer</h1><p>{PROSE}</p>"
        f'<div class="x-{name}"><p>Amazon mettrait 50 milliards de dollars, dit la boîte.</p></div>'
        "<p>Le montant n’a pas été confirmé par le groupe, qui publie ses comptes mardi.</p>"
        "</article></body></html>"
    )
    assert "50 milliards" not in read_html(page).text


@pytest.mark.parametrize("word", TABLE["boxes"]["site"])
def test_a_frame_with_such_a_name_stays(word: str) -> None:
    name = word.replace("+", "-")
    page = (
        f'<html><body class="{name}"><div class="{name}"><h1>Un titre pour essayer</h1>'
        f"<p>{PROSE}</p></div></body></html>"
    )
    assert read_html(page).text == PROSE


@pytest.mark.parametrize(
    ("given", "left"),
    [
        ("Nvidia NVDA.O a pris 3 %.", "Nvidia a pris 3 %."),
        ("SoftBank (9984.T) et LVMH (LVMH.PA), eux, reculent.", "SoftBank et LVMH, eux, reculent."),
        ("Il en a parlé au J.O. de Paris.", "Il en a parlé au J.O. de Paris."),
        ("C’est dit.La suite viendra.", "C’est dit. La suite viendra."),
        ("Elle vaut 1.5 milliard aux U.S.A. selon OpenAI.", None),
        ("Le site Booking.com et l’adresse a.b@c.fr restent.", None),
    ],
)
def test_a_line_is_mended(given: str, left: str | None) -> None:
    assert clean([given], "").blocks == (left or given,)


def test_a_date_heads_a_part_of_a_chronology_and_goes_only_above_the_text() -> None:
    day = "30 janvier 2025"
    assert clean([day, PROSE, PROSE[5:], day, PROSE[10:]], "").blocks == (
        PROSE,
        PROSE[5:],
        day,
        PROSE[10:],
    )


def test_the_title_in_front_of_the_text_goes_and_stays_inside_it() -> None:
    blocks = ["Un chèque géant", PROSE, PROSE.replace("25", "30"), "Un chèque géant"]
    assert clean(blocks, "Un chèque géant").blocks == tuple(blocks[1:])


def test_comments_end_the_text_and_a_link_to_them_above_it_does_not() -> None:
    assert clean(["3 commentaires", PROSE, PROSE[:60]], "").blocks == (PROSE, PROSE[:60])
    assert clean([PROSE, PROSE[5:], "3 commentaires", "Moi je."], "").blocks == (PROSE, PROSE[5:])
