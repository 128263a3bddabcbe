"""What a negation denies: the deal, a denial of it, or only that somebody spoke."""

from __future__ import annotations

import pytest

from pipelines.claims import negation, parties, status, tokens, walk
from pipelines.claims.drafts import Draft
from pipelines.claims.scene import Scene
from pipelines.records import Kind
from tests.claims_training import watch

KNOWN = parties.compiled(watch())


def scene(text: str) -> Scene:
    (found,) = walk.scenes(tokens.read(text), KNOWN)
    return found


NEGATED = [
    ("Amazon n'investira pas 2 milliards dans OpenAI.", "investira deed"),
    ("Amazon ne veut plus y investir 2 milliards.", "investir deed"),
    ("Amazon n'a jamais cherché à investir 2 milliards.", "investir deed"),
    ("Ces 2 milliards n'ont pas été versés.", "versés deed"),
    ("Ni Amazon ni Nvidia n'investiront 2 milliards.", "investiront deed"),
    ("Amazon n'a pas renoncé à ses 2 milliards.", "renoncé denial"),
    ("Amazon n'exclut pas d'investir 2 milliards.", "exclut denial"),
    ("Amazon n'a pas annulé son chèque de 2 milliards.", "annulé undoing"),
    ("Amazon n'a pas souhaité commenter ces 2 milliards.", "commenter silence"),
    ("Amazon n'a fait aucun commentaire sur ces 2 milliards.", "fait silence"),
    ("Amazon n'a pas donné de détails sur ces 2 milliards.", "donné silence"),
    ("Amazon n'est pas surpris par ces 2 milliards.", "surpris silence"),
    ("Amazon n'est pas le premier à y mettre 2 milliards.", "premier other"),
]


@pytest.mark.parametrize(("text", "wanted"), NEGATED, ids=[n[0] for n in NEGATED])
def test_the_verb_that_is_negated_says_what_is_denied(text: str, wanted: str) -> None:
    one = scene(text)
    assert [f"{one.low[n.verb]} {n.sort}" for n in negation.find(one)] == [wanted]


@pytest.mark.parametrize(
    "text",
    [
        "Amazon n'investit que 2 milliards dans OpenAI.",
        "Amazon n'a pas encore versé ses 2 milliards.",
        "Amazon n'a toujours pas versé ses 2 milliards.",
        "Amazon n'apporte pas seulement 2 milliards, mais des puces.",
        "Amazon ne mettra pas moins de 2 milliards dans OpenAI.",
    ],
)
def test_what_is_only_bounded_or_late_is_not_negated(text: str) -> None:
    assert negation.find(scene(text)) == ()


GOVERNED = [
    ("Amazon n'a pas versé 2 milliards à OpenAI.", True),
    ("Les 2 milliards qu'Amazon n'a pas versés manquent.", True),
    ("Les 2 milliards promis par Amazon n'ont pas été versés.", True),
    ("Amazon, qui n'avait rien promis, mettra 2 milliards.", False),
    ("Amazon n'entre pas au capital, où Nvidia a placé 2 milliards.", False),
    ("OpenAI dispose de 2 milliards, mais n'y touche pas.", False),
]


@pytest.mark.parametrize(("text", "tied"), GOVERNED, ids=[g[0] for g in GOVERNED])
def test_a_negation_speaks_of_the_sums_of_its_own_clause(text: str, tied: bool) -> None:
    one = scene(text)
    (found,) = negation.find(one)
    assert negation.governs(one, one.sums[0], found) is tied


SIGNS = [
    ("Amazon n'a pas versé 2 milliards à OpenAI.", "denied"),
    ("Amazon n'a pas renoncé à ses 2 milliards.", "considered"),
    ("Amazon n'a pas confirmé ses 2 milliards.", "considered unsettled"),
    ("Amazon n'a pas annulé son chèque de 2 milliards.", ""),
    ("Amazon refuse de commenter ces 2 milliards.", "unsaid"),
    ("Amazon a décliné tout commentaire sur ces 2 milliards.", "unsaid"),
    ("Amazon a refusé d'apporter 2 milliards.", "denied"),
    ("Amazon mettra-t-il 2 milliards dans OpenAI ?", "asked"),
    ("Et si Amazon mettait 2 milliards dans OpenAI ?", "hypothesis"),
    ("« Et si Amazon mettait 2 milliards dans OpenAI ? »", "hypothesis"),
    ("Et si Amazon met 2 milliards, tant mieux.", ""),
    ("Amazon compte apporter 2 milliards.", "planned"),
    ("Amazon se dit prêt à y mettre 2 milliards.", "planned talks"),
    ("Pas de chèque de 2 milliards pour OpenAI.", "denied"),
    ("Pas de 2 milliards d'Amazon.", "denied"),
    ("Pas de pause pour OpenAI, qui lève 2 milliards.", ""),
    ("Pas de dette pour OpenAI, qui lève 2 milliards.", ""),
    ("Pas de financement sans contrepartie : Nvidia apporte 2 milliards à OpenAI.", ""),
    ("Pas de levée sans SoftBank : le japonais met 2 milliards dans OpenAI.", ""),
]


@pytest.mark.parametrize(("text", "wanted"), SIGNS, ids=[s[0] for s in SIGNS])
def test_what_becomes_of_the_words_of_certainty(text: str, wanted: str) -> None:
    one = scene(text)
    found = {h.value for h in status.signs(one, negation.find(one))} - {"announced", "completed"}
    assert " ".join(sorted(found)) == wanted


def drafted(one: Scene, kind: Kind, payers: tuple[str, ...], payee: str, k: int = 0) -> Draft:
    return Draft(one.sums[k], one, kind, payers, payee, "v.invest", 0.0, "left")


OTHERS = [
    ("Nvidia investit 2 milliards dans xAI, mais AMD a renoncé.", "investment", True),
    ("Nvidia investit 2 milliards dans xAI, mais y a renoncé depuis.", "investment", False),
    ("Nvidia met 2 milliards dans xAI, un tour auquel AMD a refusé de venir.", "investment", True),
    ("AMD a renoncé ; Nvidia met 2 milliards dans xAI.", "investment", True),
    ("AMD ne participera pas au tour de 2 milliards de xAI.", "round", True),
    ("xAI ne participera pas à ce tour de 2 milliards.", "round", False),
    ("Nvidia renonce à mettre 2 milliards dans xAI.", "investment", False),
    ("Alors que Meta a renoncé, Nvidia met 2 milliards dans xAI.", "investment", True),
    ("Si Meta a renoncé, Nvidia met 2 milliards dans xAI.", "investment", True),
    ("Bien que Nvidia ait renoncé, ses 2 milliards manquent à xAI.", "investment", False),
    ("Si l'on a renoncé au reste, Nvidia met 2 milliards dans xAI.", "investment", False),
]


@pytest.mark.parametrize(("text", "kind", "others"), OTHERS, ids=[o[0] for o in OTHERS])
def test_a_denial_may_be_another_company_s(text: str, kind: Kind, others: bool) -> None:
    one = scene(text)
    draft = drafted(one, kind, ("Nvidia",), "xAI")
    hits = status.signs(one, negation.find(one))
    assert {status.apart(draft, hit) for hit in hits if hit.value == "denied"} == {others}


@pytest.mark.parametrize(
    ("text", "older"),
    [
        ("Le contrat passe de 12 à 22 milliards de dollars.", True),
        ("SoftBank ramène sa mise de 40 à 30 milliards de dollars.", True),
        ("Au lieu de 40 milliards de dollars, SoftBank en mettra 30.", True),
        ("SoftBank met 2 milliards jusqu'ici dans xAI.", True),
        ("SoftBank promet 2 milliards de dollars au départ, puis davantage.", False),
        ("La mise de SoftBank, initialement fixée à 2 milliards, a doublé.", True),
        ("La mise de SoftBank n'était que de 2 milliards.", True),
        ("SoftBank met 2 milliards de dollars contre 1 milliard jusqu'ici.", False),
        ("SoftBank met 2 milliards, et Nvidia n'a rien mis jusqu'ici.", False),
        ("SoftBank cherche un prêt de 2 milliards, à 5 %.", False),
        ("SoftBank cherche un tour de 2 milliards à 20 milliards.", False),
    ],
)
def test_the_figure_that_another_replaces_is_the_older(text: str, older: bool) -> None:
    one = scene(text)
    assert status.contrasted(drafted(one, "investment", (), "xAI")) is older
