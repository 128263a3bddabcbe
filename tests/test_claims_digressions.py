"""Paragraphs of something else are left out of a story; what goes on with it stays."""

from __future__ import annotations

import json

import pytest

from pipelines import claims
from pipelines.claims import explain, tokens, walk
from tests.claims_carriers import KNOWN, OPENAI
from tests.claims_carriers_digressions import STORY, left_out
from tests.corpus import silver

OTHER_THINGS = [
    # no money
    "Le tramway de Nantes ne circulera pas dimanche. Il reprendra lundi à 5 heures.",
    "Un orage de grêle a ravagé mardi les vergers du Gers. Les pompiers ont secouru dix foyers.",
    # money of other walks of life
    "La ville de Brest a inauguré une piscine à 38 millions d'euros. Elle ouvrira en mai.",
    "Le budget des routes du Cantal passera à 12 millions d'euros, a voté le département.",
    "Un vitrail volé en 1914 à Lille a été adjugé 4 millions d'euros.",
    # deals of nobody who is followed
    "Le chausseur normand Ravelin a levé 9 millions d'euros auprès du fonds Marivole.",
    "Le laitier Tavernier rachète la fromagerie Solignac pour 2 milliards d'euros.",
    "Danone a publié un bénéfice net de 2 milliards d'euros. Les ventes d'eau ont bondi de 3 %.",
]
GOES_ON = [
    # names somebody of the watch, or what is theirs
    "Amazon y ajouterait 10 milliards.",
    "La piscine de Microsoft a coûté 3 millions de dollars.",
    "Rennes a acheté pour 3 millions d'euros de puces.",
    # takes up what was said
    "L'opération valoriserait la start-up 300 milliards de dollars.",
    "La valorisation atteint 300 milliards de dollars, selon une source.",
    "Mais la ville de Brest n'a pas voulu de ce centre à 3 milliards.",
    "Ses actionnaires ont déjà versé 8 milliards de dollars.",
    "Le groupe Tavernier lui a viré mardi 400 millions d'euros.",
    "M. Ravelin a promis 2 milliards de dollars.",
    # tells who gives or lends
    "BNP Paribas et HSBC ont monté le dossier en une semaine à Londres.",
    "Marivole Capital et la famille Tavernier figurent parmi les souscripteurs.",
    "Riyad a démenti mardi tout investissement de ses fonds.",
    "Kingdom Holding et Eurazeo mènent la levée de fonds, selon Reuters.",
    # whom only the story knows, by what they do elsewhere
    "Un pool de banques emmené par Morgan Stanley prêterait 12,5 milliards de dollars.",
    "Le groupe laitier Tavernier souscrit pour 100 millions d'euros.",
    "La région Bretagne apporte 20 millions d'euros.",
    "La banque espagnole Orquin en prête 300 millions.",
    # denies
    "Le groupe Orquin a finalement renoncé à ses 300 millions de dollars.",
    "Le fonds Orquin ne versera pas les 300 millions de dollars promis.",
    # numbers in the billions of the story
    "En février, on l'estimait encore à 380.",
    # leaves open who gets the money
    "Kingdom Holding, le saoudien, en est pour 3 milliards de dollars.",
    "Famille Walton : 1 milliard de dollars.",
    "Kingdom Holding a mis 800 millions de dollars.",
    "Le fonds Marivole apporte 2 milliards de dollars.",
    # no prose
    "Rennes : 3 milliards",
    "- Marivole Capital : 3 milliards d'euros.",
]


@pytest.mark.parametrize("paragraph", OTHER_THINGS)
def test_a_paragraph_of_something_else_is_left_out(paragraph: str) -> None:
    assert left_out(paragraph)


@pytest.mark.parametrize("paragraph", GOES_ON)
def test_a_paragraph_that_goes_on_with_the_story_is_kept(paragraph: str) -> None:
    assert not left_out(paragraph)


def test_what_is_left_comes_in_the_lines_and_paragraphs_of_the_story_alone() -> None:
    rest = "Amazon y ajouterait 10 milliards.\nNvidia en donnerait 5."
    found = walk.scenes(tokens.read(f"{STORY}\n\n{OTHER_THINGS[0]}\n\n{rest}"), KNOWN)
    story = walk.scenes(tokens.read(f"{STORY}\n\n{rest}"), KNOWN)

    assert [(s.sentence.line, s.sentence.paragraph, s.index) for s in found] == [
        (s.sentence.line, s.sentence.paragraph, s.index) for s in story
    ]
    assert found[1].reading.slice(found[1].sentence.first, found[1].sentence.last) == (
        "Amazon y ajouterait 10 milliards."
    )


def test_a_capital_that_only_what_is_left_out_has_makes_no_name_of_a_first_word() -> None:
    aside = "Les patineurs de Saint-Marivole dansent dimanche sur le lac, dit le club de hockey."
    rest = "Marivole aux commandes, OpenAI attend 3 milliards."

    def named(text: str) -> list[str | None]:
        found = walk.scenes(tokens.read(text), KNOWN)
        return [m.name for g in found[-1].groups for m in g.mentions]

    assert named(f"{STORY} Un club de Saint-Marivole.\n\n{rest}") == ["Marivole", "OpenAI"]
    assert named(f"{STORY}\n\n{aside}\n\n{rest}") == ["OpenAI"]


def test_a_paragraph_on_somebody_of_whom_the_story_speaks_is_kept() -> None:
    paragraph = "La marque Ravelin a levé 9 millions d'euros auprès du fonds Marivole."
    assert left_out(paragraph)
    assert not left_out(f"{paragraph}\n\nRavelin doit 3 millions de dollars à OpenAI.")


def test_what_is_left_out_is_shown_where_the_claims_are_explained() -> None:
    text = f"{STORY}\n\n{OTHER_THINGS[2]}"

    shown = explain.marked(text, claims.find(text, OPENAI), OPENAI)

    assert shown.endswith(f"\n- left out, of something else: {OTHER_THINGS[2]}")


def test_the_first_paragraph_says_what_a_text_is_about() -> None:
    text = f"{OTHER_THINGS[5]}\n\nNvidia participe à l'opération."

    assert len(walk.scenes(tokens.read(text), KNOWN)) == 2


def test_it_was_learned_of_paragraphs_without_anybody_followed_that_no_test_asks_for() -> None:
    asides = texts("asides")

    assert len(set(asides)) > 1800
    assert set(asides).isdisjoint(texts("digressions"))
    for text in asides:
        groups = [g for scene in walk.whole(tokens.read(text), KNOWN) for g in scene.groups]
        named = {m.name for g in groups for m in g.mentions if m.kind == "known"}
        assert KNOWN.watched.isdisjoint(named), text


def texts(name: str) -> list[str]:
    lines = (silver.HERE / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line)["text"] for line in lines]


def test_a_text_that_is_nothing_but_other_things_is_read_as_it_is() -> None:
    assert len(walk.scenes(tokens.read(OTHER_THINGS[2]), KNOWN)) == 2
