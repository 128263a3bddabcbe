"""Who is named in a sentence: companies, unknown names whole, persons, and what names nobody."""

from __future__ import annotations

import pytest

from pipelines.claims import mentions, tokens, walk
from pipelines.claims.mentions import Mention
from tests.claims_training import watch

KNOWN = mentions.compiled(watch())


def found(text: str) -> list[Mention]:
    scenes = walk.scenes(tokens.read(text), KNOWN)
    return [m for scene in scenes for group in scene.groups for m in group.mentions]


def named(text: str, *kinds: str) -> list[str]:
    """Names of the mentions of these kinds, each once, in order."""
    return list(dict.fromkeys(m.name for m in found(text) if m.kind in kinds and m.name))


WHOLE = [
    ("Le tour est mené par Harrow Point et Sequoia.", ["Harrow Point"]),
    ("Selon nos informations, 1789 Capital et 8090 Industries investissent.", ["8090 Industries"]),
    ("Les fonds K2 Global et Prosperity9 suivent.", ["K2 Global", "Prosperity9"]),
    ("La famille Delmotte apporte 200 millions.", ["Delmotte"]),
    ("Elle compte sur la famille émiratie Al-Serkal.", ["Al-Serkal"]),
    ("Le prêt vient de la Banque de Kigali.", ["Banque de Kigali"]),
    ("Deux consœurs, Ohio Workers et New York Retirement Fund, maintiennent.",
     ["Ohio Workers", "New York Retirement Fund"]),
    ("C'est l'australien Pelican Rock qui mène le tour.", ["Pelican Rock"]),
    ("C'est le Lyonnais Rivoire Gestion qui mène le tour.", ["Rivoire Gestion"]),
    ("Il apporte 3 millions, comme Berthelot & Associés.", ["Berthelot & Associés"]),
    ("Luxtrane a levé 30 millions.", ["Luxtrane"]),
    ("Kerloc'h met 8 millions dans Mistral AI.", ["Kerloc'h"]),
    ("Un prêt vient de la Mutuelle de la Drôme.", ["Mutuelle de la Drôme"]),
    ("On a vu le Fonds innovation santé mettre 3 millions.", ["Fonds innovation santé"]),
    ("Il l'emprunte à la Société nationale de crédit et d'équipement.",
     ["Société nationale de crédit et d'équipement"]),
    ("• Luxtrane | 30 millions", ["Luxtrane"]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "wanted"), WHOLE, ids=[w[0] for w in WHOLE])
def test_a_name_that_no_list_knows_is_found_whole(text: str, wanted: list[str]) -> None:
    assert named(text, "unknown") == wanted


ONE_NAME = [
    ("Harrow Point Capital arrive. OpenAI attend 2 milliards de Harrow Point.",
     ["Harrow Point Capital"]),
    ("OpenAI attend 2 milliards de Harrow Point. Harrow Point Capital confirme.",
     ["Harrow Point Capital"]),
    ("La start-up lève avec la fondation Delmotte. Delmotte met 3 millions.", ["Delmotte"]),
    ("LUXTRANE LÈVE 3 MILLIONS\n\nLa start-up Luxtrane réunit un tour.", ["Luxtrane"]),
    ("Un fonds, Pelican Rock, et un autre, Pelican Hill, suivent. Pelican hésite.",
     ["Pelican Rock", "Pelican Hill", "Pelican"]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "wanted"), ONE_NAME, ids=[o[0] for o in ONE_NAME])
def test_a_short_form_is_the_longest_name_of_its_text(text: str, wanted: list[str]) -> None:
    assert named(text, "unknown") == wanted


COORDINATED = [
    ("Les 15 milliards promis par Microsoft et Nvidia y sont compris.", ("Microsoft", "Nvidia")),
    ("Un groupe conduit par Apollo et Blackstone a accepté.", ("Apollo", "Blackstone")),
    ("Elle emprunte auprès de JPMorgan et de MUFG.", ("JPMorgan", "MUFG")),
    ("Elle lève 3 milliards auprès de Coatue et du singapourien GIC.", ("Coatue", "GIC")),
    ("Elle emprunte auprès de JPMorgan, Barclays et du japonais SMBC.",
     ("JPMorgan", "Barclays", "SMBC")),
    ("Apollo APO.N et Diameter lui prêtent 3 milliards.", ("Apollo", "Diameter")),
    ("Il vient d'AMD AMD.O et de MGX.L'argent servira.", ("AMD", "MGX")),
    ("Nvidia NVDA.O, SoftBank Group 9984.T et Nokia NOKIA.HE misent sur Anthropic.",
     ("Nvidia", "SoftBank", "Nokia")),
    ("Un prêt consenti par JPMorgan, Citi et par Barclays.", ("JPMorgan", "Citi", "Barclays")),
    ("Elle emprunte auprès de JPMorgan pour l'achat du fonds MGX.", ("JPMorgan",)),
    ("Nvidia met 30 milliards dans OpenAI, et Amazon mettra le reste.", ("OpenAI",)),
    ("Nvidia croit en OpenAI et Amazon mettra 3 milliards.", ("OpenAI",)),
]  # fmt: skip


@pytest.mark.parametrize(("text", "wanted"), COORDINATED, ids=[c[0] for c in COORDINATED])
def test_agents_stay_together_before_a_verb_and_a_new_subject_does_not_join(
    text: str, wanted: tuple[str, ...]
) -> None:
    scenes = walk.scenes(tokens.read(text), KNOWN)
    assert wanted in [group.names for scene in scenes for group in scene.groups]


WITNESSES = [
    ("L'analyste de Citi parle de 60 milliards pour AMD.", ["AMD"]),
    ("Selon une note de Morgan Stanley, OpenAI versera 10 milliards.", ["OpenAI"]),
    ("Nebius, l'ex-Yandex, attend 2 milliards.", ["Nebius"]),
    ("Nebius, l'ancien Yandex, attend 2 milliards.", ["Nebius"]),
    ("Selon un rapport de Mistral AI, ASML a mis 1,3 milliard.", ["Mistral AI", "ASML"]),
]


@pytest.mark.parametrize(("text", "wanted"), WITNESSES, ids=[w[0] for w in WITNESSES])
def test_who_only_comments_or_what_somebody_was_called_is_no_party(
    text: str, wanted: list[str]
) -> None:
    assert named(text, "known", "unknown") == wanted


NOBODY = [
    "À Hanau, près de Francfort, le chantier coûte 3 milliards.",
    "Le campus de Bruyères-le-Châtel et celui de Loon-Plage attendent.",
    "« Et moi ? », demande un lecteur (Martine, Vannes).",
    "La FTC, la Maison-Blanche et le Parlement européen examinent l'accord.",
    "Un analyste de Wedbush parie sur Grok et sur Trainium.",
    "Moody's abaisse la note à Baa2, S&P à BB+.",
    "Surprenant. Séparément, le prix monte.",
    "Personne n'a commenté. Interrogée, la société se tait.",
    "FACTURES. La société versera 3 millions.",
    "Les Émiriens et les Saoudiens hésitent au XVIIIe sommet.",
    "Le chantier coûte 46 milliards de francs CFA pour 750 MW.",
    "M. Dupuis, de Rodez, écrit au journal.",
]


@pytest.mark.parametrize("text", NOBODY)
def test_places_institutions_products_and_first_words_are_no_party(text: str) -> None:
    assert named(text, "unknown", "known") == []


EVERYDAY = [
    ("Figure de proue du secteur, Luxtrane lève 3 millions.", []),
    ("Figure lève 1 milliard de dollars.", ["Figure"]),
    ("Ils ont misé sur Figure dès 2024.", ["Figure"]),
    ("Harvey Milkov, lui, n'investit pas.", []),
    ("La start-up Harvey lève 160 millions.", ["Harvey"]),
    ("Menlo Park attend.", []),
    ("La start-up Zorvane, cofondée par Demis Hassabis, lève 2 milliards.", []),
    ("L'ancien patron Bob Iger investit 10 millions.", []),
    ("Les rivaux de Microsoft investissent.", []),
    ("Menlo Ventures investit.", ["Menlo Ventures"]),
    ("Le fonds émirati Mubadala investit.", ["Mubadala"]),
    ("Le fonds émirati investit avec Mubadala.", ["MGX", "Mubadala"]),
    ("Le conglomérat coréen investit, le conglomérat japonais aussi.", ["SoftBank"]),
    ("Le conglomérat investit.", ["SoftBank"]),
    ("Le procès Musk-OpenAI a repris.", ["OpenAI"]),
    ("Arthur Mensch lève 2 milliards.", ["Mistral AI"]),
    ("Le Pentagone signe avec xAI.", ["Pentagone", "xAI"]),
    ("MISTRAL AI LÈVE 3 MILLIONS AUPRÈS DE KHOSLA VENTURES", ["Mistral AI", "Khosla Ventures"]),
]


@pytest.mark.parametrize(("text", "wanted"), EVERYDAY, ids=[e[0] for e in EVERYDAY])
def test_a_known_name_is_found_in_its_place_only(text: str, wanted: list[str]) -> None:
    assert named(text, "known") == wanted


APPOSED = [
    ("La banque prête 850 millions au sidérurgiste GravitHy.", "à"),
    ("La banque prête 60 millions au chantier naval Piriou.", "à"),
    ("La banque prête 500 millions à l'électricien espagnol Iberdrola.", "à"),
    ("La banque prête 500 millions à la régie Iberdrola.", "à"),
    ("La banque loue les usines du cimentier Vicarol.", "de"),
    ("Au printemps dernier Vicarol a investi 3 milliards.", ""),
    ("Mais au final Vicarol a loué des puces pour 3 milliards.", ""),
    ("C'est au moment où Vicarol prête 3 milliards.", ""),
    ("Fin mars, à la demande générale Vicarol prête 3 milliards.", ""),
    ("Il loue à la fois Vicarol pour 3 milliards.", ""),
    ("La banque prête 60 millions à qui veut Vicarol.", ""),
]


@pytest.mark.parametrize(("text", "prep"), APPOSED, ids=[w[0] for w in APPOSED])
def test_a_trade_between_preposition_and_name_is_said_of_the_name(text: str, prep: str) -> None:
    (name,) = [m for m in found(text) if m.kind in ("known", "unknown")]
    assert name.prep == prep


PERIPHRASES = [
    ("Le japonais investit 3 milliards.", ["SoftBank"]),
    ("C'est le Japonais qui paie.", ["SoftBank"]),
    ("Le japonais avance 3 milliards.", ["SoftBank"]),
    ("Le japonais place 3 milliards.", ["SoftBank"]),
    ("Il obtient du japonais près de 3 milliards.", ["SoftBank"]),
    ("LE JAPONAIS MET 3 MILLIARDS DE DOLLARS.", ["SoftBank"]),
    ("Amazon et le japonais apportent 3 milliards.", ["Amazon", "SoftBank"]),
    ("Selon le conglomérat, OpenAI attend 3 milliards.", ["SoftBank", "OpenAI"]),
    ("Le conglomérat japonais investit 3 milliards.", ["SoftBank"]),
    ("Le puissant conglomérat de Son investit 3 milliards.", ["SoftBank"]),
    ("Le cybermarchand de Seattle investit 3 milliards.", ["Amazon"]),
    ("Le nippon investit 3 milliards.", ["SoftBank"]),
    ("La marque passe sous pavillon nippon pour 3 milliards.", []),
    ("Le marché japonais pèse 3 milliards.", []),
    ("Le brasseur japonais espère 3 milliards.", []),
    ("Les plans sont écrits en japonais, pour 3 milliards.", []),
    ("Nippon Paint investit 3 milliards.", []),
    ("Le conglomérat de presse Orquin investit 3 milliards.", []),
]


@pytest.mark.parametrize(("text", "wanted"), PERIPHRASES, ids=[w[0] for w in PERIPHRASES])
def test_a_periphrase_of_one_word_is_a_noun_with_its_article(text: str, wanted: list[str]) -> None:
    assert named(text, "known") == wanted


STANDS_FOR = [
    ("Le directeur financier de Disney, Hugh Johnston, confirme.", ["Disney"], "officer"),
    ("Hugh Johnston, directeur financier de Disney, confirme.", ["Disney"], "officer"),
    ("Il précise, par la voix de son patron, Matt Dupont, un prix.", [], "single"),
    ("Disney se tait. Matt Dupont, son directeur général, aussi.", ["Disney"], "single"),
    ("L'analyste Dina Vasquez parle de 3 milliards.", [], "voice"),
    ("Dina Vasquez, économiste, parle de 3 milliards.", [], "voice"),
    ("La directrice financière, Amy Dupont, parle de 3 milliards.", [], "voice"),
    ("Gabe Newell, fondateur de Valve, met 3 millions.", ["Gabe Newell"], ""),
    ("Reid Hoffman investit 3 millions.", ["Reid Hoffman"], ""),
]


@pytest.mark.parametrize(("text", "wanted", "sort"), STANDS_FOR, ids=[s[0] for s in STANDS_FOR])
def test_a_titled_person_stands_for_the_organisation(
    text: str, wanted: list[str], sort: str
) -> None:
    persons = [m for m in found(text) if m.kind == "person"]

    assert [m.sort for m in persons] == [sort]
    assert named(text, "person", "known") == wanted


def test_a_state_gives_through_its_fund_if_the_text_names_just_one() -> None:
    kinds = ("known", "state")
    assert named("Le Koweït promet 2 milliards. La KIA hésite.", *kinds) == ["KIA"]
    two = "Les Émirats promettent 2 milliards. MGX et Mubadala hésitent."
    assert named(two, *kinds) == ["Émirats", "MGX", "Mubadala"]


def test_a_fund_of_a_town_is_not_the_company_that_is_no_fund() -> None:
    (mention,) = found("Le fonds de Menlo Park investit.")
    assert (mention.name, mention.sort) == (None, "group")
    assert named("Le groupe de Menlo Park investit.", "known") == ["Meta"]


def test_the_fund_of_a_person_is_not_the_company_that_person_left() -> None:
    assert named("Le fonds de Jeff Bezos investit.", "known") == ["Bezos Expeditions"]
    assert named("Le groupe de Jeff Bezos investit.", "known") == ["Amazon"]


def test_a_nation_alone_is_a_description_of_a_company_called_so() -> None:
    company, description = found("Le groupe néerlandais ASML hésite. Le Néerlandais investit.")

    assert (company.name, company.nation) == ("ASML", "néerlandais")
    assert (description.kind, description.sort) == ("description", "nation")
    assert (description.name, description.nation) == (None, "néerlandais")


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("Luxtrane, un fonds singapourien, hésite.", "investor"),
        ("Luxtrane, la jeune pousse de Lille, hésite.", "rival"),
        ("Luxtrane, une vieille maison, hésite.", "other"),
        ("Pour Luxtrane, le directeur financier hésite.", "other"),
        ("Luxtrane, la filiale d'un fonds, hésite.", "other"),
    ],
)
def test_the_noun_behind_a_name_tells_what_it_does(text: str, role: str) -> None:
    assert [m.role for m in found(text) if m.name == "Luxtrane"] == [role]


def test_what_a_name_does_is_told_once_for_the_whole_text() -> None:
    text = "Luxtrane attire Pelican Rock. La start-up Luxtrane et le fonds Pelican Rock signent."

    assert {m.name: m.role for m in found(text) if m.kind == "unknown"} == {
        "Luxtrane": "rival",
        "Pelican Rock": "investor",
    }


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Fondée par des transfuges d'OpenAI, Reflection AI cherche 2 milliards.",
         ["Reflection AI"]),
        ("L'ancienne directrice technique de Meta dirige Mistral AI.", ["Mistral AI"]),
        ("Un ancien de Meta et d'OpenAI dirige Mistral AI.", ["Mistral AI"]),
        ("Amazon finance un rival d'OpenAI et de Meta.", ["Amazon"]),
        ("D'anciens salariés d'OpenAI ont vendu leurs actions.", ["OpenAI"]),
        ("Amazon place 3 milliards chez une rivale d'OpenAI.", ["Amazon"]),
        ("Amazon place 3 milliards chez l'émule américaine d'OpenAI.", ["Amazon", "OpenAI"]),
        ("Amazon est un concurrent sérieux, OpenAI le sait.", ["Amazon", "OpenAI"]),
    ],
)  # fmt: skip
def test_who_somebody_competes_with_or_left_is_no_party_unless_shares_are_sold(
    text: str, wanted: list[str]
) -> None:
    assert named(text, "known") == wanted


STATES = [
    ("Ottawa versera 3 millions à Cohere.", ["Ottawa"]),
    ("La Norvège loue des serveurs à Microsoft.", ["Norvège"]),
    ("Tokyo choisit Anthropic.", ["Tokyo"]),
    ("Le contrat que l'Autriche devait passer avec OpenAI attend.", ["Autriche"]),
    ("Un marché a été conclu par le Luxembourg avec Mistral AI.", ["Luxembourg"]),
    ("Le ministère grec du Numérique paiera.", ["ministère grec du Numérique"]),
    ("Le ministère de l'Économie et des Finances a signé.",
     ["ministère de l'Économie et des Finances"]),
    ("C'est une commande du ministère de la défense.", ["ministère de la défense"]),
    ("Le département américain de l'Énergie consent un prêt.",
     ["département américain de l'Énergie"]),
    ("Le gouvernement sud-coréen achète des puces.", ["gouvernement sud-coréen"]),
    ("La Défense belge a notifié une commande à Helsing.", ["Défense belge"]),
    ("L'Agence numérique danoise a préféré Claude.", ["Agence numérique danoise"]),
    ("La région Grand Est verse 3 millions à Mistral AI.", ["Grand Est"]),
    ("La région Auvergne-Rhône-Alpes lui prête 3 millions.", ["Auvergne-Rhône-Alpes"]),
    ("L'État français entre chez Poolside.", ["État français"]),
    ("Le contrat de l'Estonie avec OpenAI est signé.", ["Estonie"]),
    ("« Rien n'est signé », assure Bercy.", ["Bercy"]),
    ("La Finlande, qui héberge OpenAI, a mis 3 millions.", ["Finlande"]),
    ("Nvidia, AMD et la Finlande l'accompagnent.", ["Finlande"]),
    ("Nvidia en est, de même que l'Albanie.", ["Albanie"]),
    ("L'Albanie, pays de ses parents, la nuit.", []),
    ("OpenAI a visité Paris et la Finlande.", []),
    ("Suisse : pas de contrat avec OpenAI.", ["Suisse"]),
    ("Portugal Telecom paie OpenAI.", []),
    ("À Ottawa, où OpenAI s'installe, rien ne bouge.", []),
    ("OpenAI ouvrira des bureaux à Londres et en Norvège.", []),
    ("La start-up, fondée à Berlin, lève 3 millions.", []),
    ("Une visite d'État dans l'État de New York.", []),
    ("L'administration fiscale et une agence américaine de notation.", []),
    ("La région va du Texas à la Virginie.", []),
    ("Il vit près de la ville, dans un gouvernement de province.", []),
]  # fmt: skip


@pytest.mark.parametrize(("text", "wanted"), STATES, ids=[s[0] for s in STATES])
def test_a_state_is_a_party_where_it_acts_and_a_ministry_by_its_name(
    text: str, wanted: list[str]
) -> None:
    assert named(text, "state") == wanted


@pytest.mark.parametrize(
    ("between", "payer"),
    [("", "QIA"), ("La salle est pleine. Le débat dure. ", "Qatar")],
)
def test_a_state_gives_through_a_fund_that_is_named_close_by(between: str, payer: str) -> None:
    text = f"Le Qatar investit 2 milliards de dollars dans Anthropic. {between}QIA était là."
    found = walk.scenes(tokens.read(text), KNOWN)
    assert found[0].groups[0].names == (payer,)
