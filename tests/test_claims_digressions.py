"""Paragraphs of something else are left out of a story; what goes on with it stays."""

from __future__ import annotations

import json

import pytest

from pipelines import claims
from pipelines.claims import explain, scorer, tokens, walk
from tests import claims_asides, claims_elsewhere
from tests.claims_carriers import KNOWN, OPENAI
from tests.claims_carriers_digressions import STORY, goes, left_out
from tests.claims_training import weighing
from tests.corpus import silver
from tests.corpus.silver import Passage

OTHER_THINGS = [
    # no money
    "Il pleuvra sur toute la Bretagne demain, selon les prévisions. Les marins restent au port.",
    "Le tramway de Nantes ne circulera pas dimanche. Il reprendra lundi à 5 heures.",
    # money of other walks of life
    "La ville de Brest a inauguré une piscine à 38 millions d'euros. Elle ouvrira en mai.",
    "Le Sénat a porté le budget des routes à 1,2 milliard d'euros.",
    "Un vitrail volé en 1914 à Lille a été adjugé 4 millions d'euros.",
    # deals of nobody who is followed, told to the end
    "Le chausseur normand Ravelin a levé 9 millions d'euros auprès du fonds Marivole.",
    "Le groupe Tavernier introduira sa filiale Solignac en Bourse. Elle vaudrait 2 milliards.",
    "Danone a publié mercredi un bénéfice net de 2 milliards d'euros, en hausse de 3 %.",
]
GOES_ON = [
    # names somebody of the watch, or what is theirs
    "Amazon y ajouterait 10 milliards.",
    "Amazon a mis 3 millions de dollars dans l'opération.",
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
    # somebody of the watch, or whom only the story knows, by what they do elsewhere
    "L'armateur CMA CGM a engagé 100 millions d'euros dans la start-up.",
    "Elon Musk dément vouloir lever 15 milliards de dollars, à sa sortie du cinéma.",
    "Un pool de banques emmené par Morgan Stanley prêterait 12,5 milliards de dollars.",
    "La start-up Zorvane de Londres a levé 1,1 milliard de dollars lundi.",
    "Le groupe laitier Tavernier souscrit pour 100 millions d'euros.",
    "La région Bretagne apporte 20 millions d'euros.",
    "La banque espagnole Orquin en prête 300 millions.",
    # denies
    "Le groupe Orquin a finalement renoncé à ses 300 millions de dollars.",
    "Le fabricant de jouets Orquin ne versera pas les 300 millions de dollars promis.",
    # numbers in the billions of the story
    "En février, on l'estimait encore à 380.",
    "Mais les assureurs en prendront 6 pour la saison.",
    # leaves open who gets the money
    "Kingdom Holding, le saoudien, en est pour 3 milliards de dollars.",
    "Famille Walton : 1 milliard de dollars.",
    "Kingdom Holding a mis 800 millions de dollars.",
    "Le fonds Marivole apporte 2 milliards de dollars.",
    # no prose
    "Rennes : 3 milliards",
    "- Marivole Capital : 3 milliards d'euros.",
]


#: Of somebody followed, and of a company that the watch only knows.
MONEY_ELSEWHERE = [
    "La piscine de Microsoft a coûté 3 millions de dollars.",
    "L'armateur CMA CGM a engagé 100 millions d'euros dans un tramway.",
    "SoftBank a mis 45 millions de dollars dans une chaîne d'hôtels de Hiroshima.",
    "Nvidia rachètera pour 60 milliards de dollars de ses actions. Le dividende ne change pas.",
    "Google paiera 425 millions de dollars d'amende pour avoir suivi ses utilisateurs à leur insu.",
    "Le géant de Seattle construira trois entrepôts en Lorraine, pour 600 millions d'euros.",
    "JPMorgan a prêté 90 millions d'euros à une chaîne de boulangeries espagnole.",
    "• Temasek : 1,1 milliard de dollars dans un aéroport et deux hôtels de Bali.",
]
NOT_ELSEWHERE = [
    # what the investors of the story give, and to whom
    "SoftBank mettrait 30 milliards de dollars.",
    "Le géant de Seattle en a promis 50, dont 35 sous conditions.",
    "Microsoft a investi 13 milliards de dollars dans le laboratoire depuis 2019.",
    "Nvidia a pris pour 2 milliards de dollars d'actions de Synopsys.",
    "Pour la payer, SoftBank emprunte 40 milliards de dollars à JPMorgan.",
    # beside what they give elsewhere, and in the billions of the story
    "SoftBank a cédé une usine pour 5,8 milliards de dollars. Il mettra 30 dans l'opération.",
    "Nvidia rachète pour 60 milliards de ses actions. Le fabricant en promet 30 à l'opération.",
    "SoftBank a mis 45 millions de dollars dans un hôtel. Le groupe mène aussi le tour de table.",
    "Amazon, qui vient de payer 300 millions un stade, mettrait 50 milliards dans OpenAI.",
    # shares of the story's company
    "Les salariés ont vendu pour 6,6 milliards de dollars de titres à SoftBank et à Dragoneer.",
    # a company that raises money itself, a project of the story
    "Stargate aura un site de plus au Nouveau-Mexique, pour 20 milliards de dollars.",
    "Mistral AI a payé 30 millions d'euros un immeuble du 8e arrondissement.",
]


@pytest.mark.parametrize("paragraph", MONEY_ELSEWHERE)
def test_money_that_goes_to_something_else_is_left_out_whoever_s_it_is(paragraph: str) -> None:
    assert left_out(paragraph)


@pytest.mark.parametrize("paragraph", NOT_ELSEWHERE)
def test_money_of_the_story_is_kept(paragraph: str) -> None:
    assert not left_out(paragraph)


def test_what_somebody_followed_pays_for_is_kept_where_the_story_speaks_of_it() -> None:
    paragraph = (
        "SoftBank a payé 45 millions de dollars le stade Ravelin de Hiroshima, et ses vestiaires."
    )

    assert left_out(paragraph)
    assert not left_out(f"{paragraph}\n\nRavelin doit 3 millions de dollars à OpenAI.")


def test_whom_a_paragraph_names_that_is_kept_for_another_name_is_spoken_of() -> None:
    town = "La fanfare d'Orquin joue samedi à Rennes, devant deux mille personnes."
    both = "SoftBank a payé 45 millions de dollars une usine de Zorvane et un terrain d'Orquin."
    owes = "Zorvane est le fournisseur d'OpenAI."

    assert len(walk.scenes(tokens.read(f"{STORY}\n\n{both}\n\n{town}"), KNOWN)) == 1
    assert len(walk.scenes(tokens.read(f"{STORY}\n\n{both}\n\n{town}\n\n{owes}"), KNOWN)) == 4


GOES_TO = [
    ("Amazon met 3 milliards de dollars dans des vignes.", ("dans", "indef", "vignes")),
    ("Amazon met 3 milliards (2,6 milliards d'euros) dans ses fusées.", ("dans", "own", "fusées")),
    ("Amazon met 3 milliards sur cinq ans dans le solaire.", ("dans", "def", "solaire")),
    ("Amazon verse 3 milliards aux vétérinaires de Reims.", ("à", "def", "vétérin")),
    ("Amazon met 3 milliards dans deux ports.", ("dans", "number", "ports")),
    ("Amazon met 3 milliards dans la jeune pousse suédoise Wayve.", ("dans", "party", "")),
    ("Amazon met 3 milliards au Brésil.", ("à", "place", "")),
    ("Amazon met 3 milliards au Brésil, selon Nvidia.", ("à", "place", "")),
    ("Amazon met 3 milliards dans une usine avec Nvidia.", ("dans", "indef", "usine")),
    ("Amazon met 3 milliards dans une usine en mars.", ("dans", "indef", "usine")),
    ("Amazon met 3 milliards dans 1500 hôtels.", ("dans", "number", "hôtels")),
    ("Amazon met 3 milliards au total dans ses bureaux.", ("dans", "own", "bureaux")),
    ("Amazon met 3 milliards dans les prochains mois.", None),
    ("Amazon met 3 milliards, puis 5 dans des vignes.", None),
    ("Amazon mettra 3 milliards en 2027.", None),
    ("Amazon met 3 milliards.", None),
]


@pytest.mark.parametrize(("sentence", "where"), GOES_TO)
def test_where_money_goes(sentence: str, where: tuple[str, str, str] | None) -> None:
    assert goes(sentence) == where


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

    assert left_out(OTHER_THINGS[5])
    assert len(walk.scenes(tokens.read(text), KNOWN)) == 2


def test_two_paragraphs_of_the_same_other_thing_both_go() -> None:
    """A digression may have two paragraphs; only what a kept one names is the story's."""
    more = "Le chausseur Ravelin emploie 90 cordonniers à Rennes. Il en cherche douze."

    assert len(walk.scenes(tokens.read(f"{STORY}\n\n{OTHER_THINGS[5]}\n\n{more}"), KNOWN)) == 1


KNOWN_BY_THE_MODEL = [
    "On lui doit des polars et un film de pirates. Le romancier Luc Maréchal est mort à 81 ans.",
    "Horoscope : Balance, la Lune vous souffle de revoir vos comptes. Un ami vous doit 200 euros.",
    "Le PSG a déboursé 63 millions d'euros pour un défenseur, plus 3 millions de bonus.",
    "Le club de rugby de Brive a un repreneur, qui met 4 millions d'euros et garde le stade.",
]


@pytest.mark.parametrize("paragraph", KNOWN_BY_THE_MODEL)
def test_what_no_rule_tells_may_be_told_by_its_words(paragraph: str) -> None:
    with weighing({}):
        assert not left_out(paragraph)
    assert left_out(paragraph)


def test_a_denied_sum_is_left_out_where_there_is_no_doubt_only() -> None:
    """It may be the story's: "Orquin a renoncé à ses 300 millions"."""
    stolen = "Le voleur du collier {} les 8 millions d'euros de bijoux. Son procès s'ouvre à Nice."
    doubtless = "Brive n'a pas gardé son joueur, vendu 8 millions d'euros. Le club finit la saison."

    with weighing({"aside": scorer.weights()["aside"]}):  # the other model has no doubt of either
        assert left_out(stolen.format("a rendu"))
        assert not left_out(stolen.format("n'a jamais rendu"))
        assert left_out(doubtless)


def test_the_model_learned_of_paragraphs_that_name_nobody_followed_and_that_no_test_holds() -> None:
    learned = texts("asides")

    assert len(set(learned)) > 3000
    assert set(learned).isdisjoint([*texts("digressions"), *texts("unrelated")])
    for text in learned:
        groups = [g for scene in walk.whole(tokens.read(text), KNOWN) for g in scene.groups]
        named = {m.name for g in groups for m in g.mentions if m.kind == "known"}
        assert KNOWN.watched.isdisjoint(named), text


def test_the_paragraphs_on_money_elsewhere_are_in_no_test() -> None:
    learned = texts("elsewhere")

    assert len(set(learned)) > 600
    assert set(learned).isdisjoint(texts("followed"))


def test_a_figure_of_a_claim_is_the_claim_s_wherever_it_stands() -> None:
    text = f"{STORY} Rennes met 3 millions d'euros dans une piscine.\n\nLes 40 milliards suivront."
    claim = {"amount": [40_000_000_000, 40_000_000_000]}

    rows = list(claims_elsewhere.told(Passage("", "", text, "", (claim,)), KNOWN))

    assert [label for label, _ in rows] == ["False", "True", "False"]


def test_the_model_learns_of_lines_without_anybody_followed_and_of_their_like() -> None:
    told = f"{STORY} Le tour serait bouclé lundi. Il est le plus grand.\n\nRennes attend."

    lines = [
        [scene.reading.slice(scene.sentence.first, scene.sentence.last) for scene in line]
        for line in claims_asides.own(claims_asides.whole(told, KNOWN), KNOWN)
    ]

    assert lines == [
        ["Rennes attend."],
        ["Le tour serait bouclé lundi."],
        ["Il est le plus grand."],
    ]


def texts(name: str) -> list[str]:
    lines = (silver.HERE / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line)["text"] for line in lines]


def test_a_text_that_is_nothing_but_other_things_is_read_as_it_is() -> None:
    assert len(walk.scenes(tokens.read(OTHER_THINGS[2]), KNOWN)) == 2
