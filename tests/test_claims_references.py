"""Whom pronouns, ordinals and descriptions stand for."""

from __future__ import annotations

import pytest

from pipelines.claims import resolve, tokens, walk
from pipelines.claims.mentions import compiled
from pipelines.claims.resolve import Past
from tests.claims_training import watch

KNOWN = compiled(watch())


def referents(text: str) -> dict[str, tuple[str, ...]]:
    """Each reference of the last sentence with the companies that it stands for."""
    reading = tokens.read(text)
    past = Past(roles=dict(KNOWN.roles))
    found: dict[str, tuple[str, ...]] = {}
    for scene in walk.scenes(reading, KNOWN):
        groups = resolve.resolved(reading, scene.groups, past)
        past.take(reading, groups)
        found = {}
        for mention in (m for g in groups for m in g.mentions):
            if mention.kind in ("pronoun", "description"):
                words = reading.slice(mention.first, mention.last)
                names = (mention.name,) if mention.name else ()
                found[words] = found.get(words, ()) + names
    return found


LEADERS = "Dragoneer, Altimeter et GIC mènent l'opération chez Anthropic. "
PAIR = "Bpifrance et ASML soutiendraient Mistral AI. "


@pytest.mark.parametrize(
    ("text", "reference", "names"),
    [
        (LEADERS + "Le premier aurait souscrit pour 6 milliards.", "premier", ["Dragoneer"]),
        (LEADERS + "Le deuxième apporte 4 milliards.", "deuxième", ["Altimeter"]),
        (LEADERS + "Pour le troisième, 3 milliards.", "troisième", ["GIC"]),
        (LEADERS + "Le dernier mettra 3 milliards.", "dernier", ["GIC"]),
        (
            LEADERS + "Les deux premiers ont mis 4 milliards.",
            "premiers",
            ["Dragoneer", "Altimeter"],
        ),
        (LEADERS + "Le second mettra 3 milliards.", "second", []),
        (LEADERS + "Le premier versement sera de 3 milliards.", "premier", None),
        (LEADERS + "Le dernier tour date de mai.", "dernier", None),
        (PAIR + "Le premier mettrait 300 millions.", "premier", ["Bpifrance"]),
        (PAIR + "Le second trente millions.", "second", ["ASML"]),
        (PAIR + "L'un donnerait 20 millions, l'autre 30.", "un", ["Bpifrance"]),
        (PAIR + "L'un donnerait 20 millions, l'autre 30.", "autre", ["ASML"]),
        (PAIR + "L'un d'eux donnerait 20 millions.", "un", None),
        ("Nvidia paie OpenAI. Le premier mettra 3 milliards.", "premier", ["Nvidia"]),
        (
            "Nvidia et OpenAI ont signé pour un apport du premier dans la seconde.",
            "seconde",
            ["OpenAI"],
        ),
        (
            "Crusoe et Lambda lèvent. La première a reçu 2 milliards de Valor et de Mubadala, "
            "la seconde 1 milliard.",
            "seconde",
            ["Lambda"],
        ),
        (
            "Crusoe et Lambda lèvent. La première a reçu 2 milliards de Valor et de Mubadala. "
            "Dans la seconde, TWG met 1 milliard.",
            "seconde",
            ["Lambda"],
        ),
        (
            "Crusoe et Lambda lèvent. La première a signé. Valor et Mubadala hésitent. L'un et "
            "l'autre attendent. OpenAI aussi. Le second mettra 3 milliards.",
            "second",
            ["Mubadala"],
        ),
    ],
)
def test_an_ordinal_counts_in_the_last_enumeration(
    text: str, reference: str, names: list[str] | None
) -> None:
    found = referents(text)
    assert found.get(reference) == (None if names is None else tuple(names))


@pytest.mark.parametrize(
    ("text", "reference", "names"),
    [
        (PAIR + "Ils mettraient 300 millions.", "Ils", ["Bpifrance", "ASML"]),
        (PAIR + "Les deux groupes mettraient 300 millions.", "deux groupes", ["Bpifrance", "ASML"]),
        (
            LEADERS + "Les trois fonds ont mis 9 milliards.",
            "trois fonds",
            ["Dragoneer", "Altimeter", "GIC"],
        ),
        (LEADERS + "Les deux fonds ont mis 9 milliards.", "deux fonds", []),
        (PAIR + "Les deux tours se suivent.", "deux", None),
        ("OpenAI se tait. Ils mettraient 300 millions.", "Ils", []),
    ],
)
def test_a_plural_stands_for_as_many_names_as_it_says(
    text: str, reference: str, names: list[str] | None
) -> None:
    found = referents(text)
    assert found.get(reference) == (None if names is None else tuple(names))


@pytest.mark.parametrize(
    ("text", "reference", "name"),
    [
        (
            "Anthropic, le grand rival d'OpenAI, s'invite chez Microsoft. "
            "La start-up s'est engagée à acheter pour 30 milliards.",
            "start-up",
            "Anthropic",
        ),
        (
            "Mistral AI choisit Nvidia\n\nMistral AI construit. AMD et Intel sont fournisseurs "
            "de OpenAI. Le siège est à Paris.\n\nLa société a levé 2 milliards.",
            "société",
            "Mistral AI",
        ),
        (
            "Le marché attend. xAI parle à Nvidia. Le fabricant a mis 2 milliards.",
            "fabricant",
            "Nvidia",
        ),
        (
            "Le fonds émirati MGX et le distributeur Amazon hésitent. OpenAI cherche. "
            "Le fonds mettrait 2 milliards.",
            "fonds",
            "MGX",
        ),
        (
            "Nvidia et Lambda, loueur de puces, ont signé. OpenAI suit. Le loueur a 2 milliards.",
            "loueur",
            "Lambda",
        ),
        ("SoftBank s'endette pour OpenAI. Son groupe paiera 2 milliards.", "groupe", "SoftBank"),
        (
            "Anthropic dépend d'Amazon. La société a reçu de son fournisseur 8 milliards.",
            "fournisseur",
            "Amazon",
        ),
        (
            "Le néerlandais ASML parle à Mistral AI. Le Néerlandais mettrait 90 millions.",
            "Néerlandais",
            "ASML",
        ),
        ("ASML parle à Mistral AI. Le Néerlandais paiera en trois fois.", "Néerlandais", "ASML"),
        ("ASML parle à Mistral AI. Le néerlandais a versé un milliard.", "néerlandais", "ASML"),
        ("Nvidia parle à Hexaline. La Grenobloise vaut 8 millions.", "Grenobloise", "Hexaline"),
        (
            "Hexaline a convaincu Nvidia. L'américain lui achète pour 3 millions de puces.",
            "américain",
            "Nvidia",
        ),
        (
            "Nvidia et Lambda, loueur de puces, ont signé. OpenAI suit. "
            "Le loueur de serveurs a 2 milliards.",
            "loueur de serveurs",
            "Lambda",
        ),
        (
            "GIC et Temasek parlent à OpenAI. Le Singapourien mettra un milliard.",
            "Singapourien",
            None,
        ),
    ],
)
def test_a_description_stands_for_the_company_in_view_that_it_fits(
    text: str, reference: str, name: str | None
) -> None:
    assert referents(text)[reference] == ((name,) if name else ())


@pytest.mark.parametrize(
    ("text", "reference", "name"),
    [
        ("SoftBank discute avec OpenAI. Il apporterait 20 milliards.", "Il", "SoftBank"),
        ("OpenAI discute avec SoftBank. Elle obtiendrait 20 milliards.", "Elle", "OpenAI"),
        (
            "Mubadala et Valor financent Crusoe.\n\nxAI cherche. Elle voudrait 3 milliards.",
            "Elle",
            "xAI",
        ),
        (
            "OpenAI discute avec SoftBank. Celui-ci apporterait 20 milliards.",
            "Celui-ci",
            "SoftBank",
        ),
        ("OpenAI discute avec SoftBank. Ce dernier paierait.", "Ce dernier", "SoftBank"),
        ("Microsoft finance OpenAI, où il a investi 13 milliards.", "où", "OpenAI"),
    ],
)
def test_a_pronoun_goes_on_about_the_subject_and_a_demonstrative_about_the_last(
    text: str, reference: str, name: str
) -> None:
    assert referents(text)[reference] == (name,)


@pytest.mark.parametrize(
    ("text", "reference", "name"),
    [
        ("xAI achète des turbines. Microsoft lui avance 2 milliards.", "lui", "xAI"),
        ("OpenAI grandit. SoftBank vient de lui apporter 400 millions.", "lui", "OpenAI"),
        ("OpenAI ouvre un tour. SoftBank y consacrera un milliard.", "y", "OpenAI"),
        ("OpenAI ouvre un tour. SoftBank s'apprête à y mettre un milliard.", "y", "OpenAI"),
        ("OpenAI ouvre un tour. SoftBank, toujours lui, en sera.", "lui", None),
        ("OpenAI ouvre un tour. Il y a 3 milliards.", "y", None),
        ("OpenAI ouvre un tour. Elle espère y récolter un milliard.", "y", None),
        ("OpenAI ouvre un tour. SoftBank s'y intéresse.", "y", None),
    ],
)
def test_a_dative_or_a_place_is_somebody_other_than_who_gives(
    text: str, reference: str, name: str | None
) -> None:
    assert referents(text).get(reference) == ((name,) if name else None)


@pytest.mark.parametrize(
    "text",
    [
        "Il faut 3 milliards.",
        "Il y a un an.",
        "Il s'agit de 3 milliards.",
        "Il est question de 3 milliards.",
    ],
)
def test_an_impersonal_il_is_nobody(text: str) -> None:
    assert "Il" not in referents("OpenAI cherche. " + text)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Le Luxembourg choisit Mistral AI.\n\nL'État signe pour 3 millions.", ["Luxembourg"]),
        ("Oslo a hésité. Le gouvernement paiera 3 millions à OpenAI.", ["Oslo"]),
        ("OpenAI attend. L'État paiera 3 millions.", ["État"]),
        ("OpenAI attend. Le gouvernement paiera 3 millions.", []),
        ("Oslo a hésité. Le gouvernement de la France paiera.", ["gouvernement de la France"]),
    ],
)
def test_the_state_alone_is_the_one_that_the_text_named(text: str, names: list[str]) -> None:
    reading, past = tokens.read(text), Past(roles=dict(KNOWN.roles))
    found: list[str] = []
    for scene in walk.scenes(reading, KNOWN):
        groups = resolve.resolved(reading, scene.groups, past)
        past.take(reading, groups)
        found = [n for g in groups if g.mentions[0].kind == "state" for n in g.names]
    assert found == names
