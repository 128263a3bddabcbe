"""What a text supposes, asks or corrects: no claim, a rumour, the figure that holds."""

from __future__ import annotations

import pytest

from pipelines import claims
from tests.claims_training import watch

SUPPOSED = [
    "Si Amazon investissait 50 milliards dans OpenAI, la valorisation grimperait.",
    "Si Nvidia mettait 30 milliards de dollars dans OpenAI, elle y pèserait plus que Microsoft.",
    "Amazon serait le premier actionnaire d'OpenAI s'il y investissait 50 milliards.",
    "OpenAI aurait de quoi voir venir si SoftBank lui versait 30 milliards de dollars.",
    "Même si Microsoft investissait 10 milliards de plus dans OpenAI, sa part reculerait.",
    "Si OpenAI empruntait 20 milliards de dollars à JPMorgan, sa note en souffrirait.",
    "Si OpenAI levait 100 milliards de dollars, il battrait tous les records.",
    "En cas d'investissement de 50 milliards de dollars, Amazon détiendrait 6 % d'OpenAI.",
    "À supposer qu'Oracle prête 10 milliards de dollars à OpenAI, la dette resterait soutenable.",
]


@pytest.mark.parametrize("text", SUPPOSED)
def test_what_si_supposes_is_no_claim(text: str) -> None:
    assert claims.find(text, watch()) == ()


TOLD = [
    # the condition is another one: the sum is a rumour
    ("Amazon investirait 50 milliards dans OpenAI si le conseil donnait son accord.", 50),
    # what was, beside a rumour
    ("Si OpenAI valait 500 milliards en octobre, elle en vaudrait désormais 830.", 500),
    ("Si SoftBank injectait 30 milliards dans OpenAI en octobre, il en mettrait 40 ici.", 30),
    ("Si SoftBank injectait 30 milliards dans OpenAI l'an dernier, il en mettrait 40 ici.", 30),
    # what is due if something else comes about
    ("Amazon versera 15 milliards à OpenAI, et 35 milliards en cas d'entrée en Bourse.", 35),
    # no conditional: one company beside another
    ("Si Microsoft investissait 1 milliard dans OpenAI, Amazon misait sur Anthropic.", 1),
    ("Si Amazon a investi 8 milliards dans Anthropic, le groupe n'y siège pas.", 8),
    # reported speech, where the imperfect is a present
    ("Sans dire si Amazon investissait 50 milliards dans OpenAI, Jassy y croirait.", 50),
    ("Pressé de préciser si Amazon investissait 50 milliards dans OpenAI, il se tairait.", 50),
]


@pytest.mark.parametrize(("text", "billions"), TOLD, ids=[t[0] for t in TOLD])
def test_what_was_or_hangs_on_something_else_is_one(text: str, billions: int) -> None:
    assert billions in [claim.amount.top / 1e9 for claim in claims.find(text, watch())]


SAID = [
    ("Un lecteur demande si Nvidia a investi 30 milliards dans OpenAI.", 30, "rumoured"),
    ("Reste à savoir si SoftBank apportera 30 milliards de dollars à OpenAI.", 30, "rumoured"),
    ("Amazon refuse de dire s'il investira 50 milliards de dollars dans OpenAI.", 50, "rumoured"),
    ("Il est peu probable qu'Amazon investisse 50 milliards dans OpenAI.", 50, "rumoured"),
    ("Faut-il qu'Amazon investisse 50 milliards de dollars dans OpenAI ?", 50, "rumoured"),
    ("Rien ne dit que Nvidia versera les 100 milliards promis à OpenAI.", 100, "rumoured"),
    ("Bien qu'Amazon ait mis 8 milliards dans Anthropic, il vise OpenAI.", 8, "confirmed"),
    ("Nvidia dément avoir renoncé à mettre 100 milliards dans OpenAI.", 100, "rumoured"),
    ("Nvidia dément vouloir mettre 100 milliards dans OpenAI.", 100, "denied"),
    # what is open is what follows, not the sum before
    ("Nvidia a mis 30 milliards dans OpenAI ; on ignore si Amazon y mettra 50.", 30, "confirmed"),
    ("Nvidia a mis 3 milliards dans xAI, mais doute qu'Amazon y mette 5.", 3, "confirmed"),
    # the question is about something else than whether it was paid
    ("L'UE veut savoir si les 13 milliards de Microsoft à OpenAI comptent.", 13, "confirmed"),
    # it is talked of, a contract or a round
    ("OpenAI négocie avec Amazon un contrat de cloud de 38 milliards de dollars.", 38, "rumoured"),
    ("Un investissement de 10 milliards d'Amazon dans OpenAI est sur la table.", 10, "rumoured"),
    ("SoftBank négocie un crédit de 40 milliards pour ses 30 mis dans OpenAI.", 30, "confirmed"),
    (
        "OpenAI est en discussion sur le contrat de 300 milliards signé avec Oracle.",
        300,
        "confirmed",
    ),
    # what becomes of a sum is told behind it
    ("Les 50 milliards qu'Amazon pourrait investir dans OpenAI inquiètent.", 50, "rumoured"),
    ("Les 50 milliards qu'Amazon compte investir dans OpenAI inquiètent.", 50, "rumoured"),
    ("Les 50 milliards qu'Amazon a promis d'investir dans OpenAI inquiètent.", 50, "confirmed"),
    ("Les 13 milliards que Microsoft a mis dans OpenAI pourraient fondre.", 13, "confirmed"),
    # titles without a verb
    ("OpenAI : vers une levée de 100 milliards de dollars", 100, "rumoured"),
    ("Anthropic : cap sur une levée de 30 milliards de dollars", 30, "rumoured"),
    ("OpenAI proche d'une levée de 100 milliards de dollars", 100, "rumoured"),
    ("Amazon-OpenAI : 50 milliards de dollars en discussion", 50, "rumoured"),
    ("Nvidia met 30 milliards dans OpenAI et 10 dans xAI sont en préparation.", 30, "confirmed"),
    # nobody speaks
    ("Mistral AI n'a ni confirmé ni démenti une levée de 2 milliards d'euros.", 2, "rumoured"),
    ("Nvidia a refusé de commenter un apport de 30 milliards à OpenAI.", 30, "rumoured"),
    (
        "Interrogé sur un apport de 20 milliards à OpenAI, Amazon s'est refusé à tout commentaire.",
        20,
        "rumoured",
    ),
    # what is denied is something else, or that it ends
    (
        "OpenAI dément toute remise en cause de son contrat de 300 milliards avec Oracle.",
        300,
        "confirmed",
    ),
    ("Oracle dément que le contrat de 300 milliards avec OpenAI soit menacé.", 300, "confirmed"),
    ("SoftBank nie avoir réduit sa mise de 30 milliards dans OpenAI.", 30, "confirmed"),
    (
        "Jensen Huang dément tout différend et assure que Nvidia mettra 30 milliards dans OpenAI.",
        30,
        "confirmed",
    ),
    ("OpenAI n'a pas eu de mal à lever 40 milliards de dollars.", 40, "confirmed"),
    ("Nvidia dément tout accord de 100 milliards avec OpenAI.", 100, "denied"),
    # the next sentence says that it is wrong
    ("Microsoft a investi 10 milliards dans Mistral AI ? Faux.", 10, "denied"),
    ("Amazon va-t-il mettre 50 milliards dans Anthropic ? Non, assure le groupe.", 50, "denied"),
    (
        "On dit que Nvidia mettrait 100 milliards dans OpenAI. « C'est faux », dit-il.",
        100,
        "denied",
    ),
    ("Nvidia met 30 milliards dans OpenAI. Faux départ pour Amazon.", 30, "confirmed"),
    # put on hold, ended, never meant
    ("Anthropic met en pause sa levée de 10 milliards de dollars.", 10, "denied"),
    ("L'abandon par Nvidia de son apport de 100 milliards à OpenAI inquiète.", 100, "denied"),
    (
        "Aucun investissement de 5 milliards dans Mistral AI n'est prévu, dit Microsoft.",
        5,
        "denied",
    ),
    (
        "« Nous n'avons aucun projet d'investir 5 milliards dans Mistral AI », dit Apple.",
        5,
        "denied",
    ),
    # nothing of it is made yet
    (
        "Aucun accord n'a été signé pour un apport de 50 milliards d'Amazon à OpenAI.",
        50,
        "rumoured",
    ),
    ("Rien n'est fait, mais Amazon investit 50 milliards dans OpenAI.", 50, "rumoured"),
    ("OpenAI n'a pas confirmé la levée de 40 milliards de dollars.", 40, "rumoured"),
    ("OpenAI a levé 122 milliards ; rien n'est signé avec Microsoft.", 122, "confirmed"),
    ("Apple assure n'avoir jamais envisagé de mettre 5 milliards dans Mistral AI.", 5, "denied"),
    ("Nvidia a mis 2 milliards dans xAI et n'en a pas mis dans OpenAI.", 2, "confirmed"),
    ("Microsoft a failli investir 20 milliards de dollars dans Anthropic.", 20, "denied"),
    ("SoftBank avait failli mettre 10 milliards de dollars dans Mistral AI.", 10, "denied"),
    ("Nvidia a investi 30 milliards dans OpenAI ; WeWork avait failli couler.", 30, "confirmed"),
    ("Nvidia aurait pu investir 100 milliards de dollars dans OpenAI.", 100, "denied"),
    ("Nvidia aurait dû mettre 100 milliards dans OpenAI, il en met 30.", 100, "denied"),
    ("Nvidia aurait pu mettre jusqu'à 10 milliards dans OpenAI.", 10, "rumoured"),
    ("Nvidia aurait investi 30 milliards de dollars dans OpenAI.", 30, "rumoured"),
    ("Amazon n'investira pas 50 mais 15 milliards de dollars dans OpenAI.", 15, "confirmed"),
    ("Nvidia n'apportera pas 100 milliards mais seulement 30 à OpenAI.", 30, "confirmed"),
    ("Nvidia n'apportera pas 100 milliards de dollars mais 30 milliards à OpenAI.", 100, "denied"),
]


@pytest.mark.parametrize(("text", "billions", "certainty"), SAID, ids=[s[0] for s in SAID])
def test_how_sure_what_is_asked_or_nearly_was_is(text: str, billions: int, certainty: str) -> None:
    found = {c.amount.top / 1e9: c.certainty for c in claims.find(text, watch())}
    assert found[billions] == certainty
