"""What the rest of a text tells of a claim, and how certainty and age are settled from it."""

from __future__ import annotations

import pytest

from pipelines.claims import (
    attribution,
    negation,
    parties,
    scorer,
    status,
    surroundings,
    tokens,
    traits,
    walk,
)
from pipelines.claims.drafts import Draft
from pipelines.claims.scene import Scene
from pipelines.claims.status import Status
from pipelines.claims.walk import Step
from tests.claims_training import watch

KNOWN = parties.compiled(watch())
FACT = Status("confirmed", "announced", conditional=False, anonymous=False)


def scenes(text: str) -> list[Scene]:
    """The sentences of a text."""
    return walk.scenes(tokens.read(text), KNOWN)


def draft(scene: Scene, payee: str = "OpenAI", payers: tuple[str, ...] = ()) -> Draft:
    """A claim of the first sum of a sentence."""
    return Draft(scene.sums[0], scene, "investment", payers, payee, "rule")


@pytest.mark.parametrize(
    ("text", "tenses"),
    [
        ("Nvidia mettrait 5 milliards dans Wayve.", [("mettrait", "cond", False)]),
        (
            "Nvidia a annoncé qu'il mettrait 5 milliards dans Wayve.",
            [("mettrait", "cond", True)],
        ),
        (
            "Nvidia a fait savoir que le groupe verserait 5 milliards.",
            [("verserait", "cond", True)],
        ),
        ("Le prix que Nvidia paierait est connu.", [("paierait", "cond", False)]),
        (
            "Nvidia l'a annoncé ; le tour atteindrait 5 milliards.",
            [("atteindrait", "cond", False)],
        ),
        (
            "La start-up cherchait 5 milliards et lèvera le double.",
            [("cherchait", "impf", False), ("lèvera", "fut", False)],
        ),
    ],
)
def test_a_conditional_after_a_verb_of_announcing_is_the_future_of_what_was_said(
    text: str, tenses: list[tuple[str, str, bool]]
) -> None:
    (scene,) = scenes(text)
    found = [(scene.low[k], tense, said) for k, tense, said in surroundings.verbs(scene)]
    assert found == tenses


def test_a_figure_is_looked_up_wherever_the_text_names_it() -> None:
    text = surroundings.read(
        [Step(s, ()) for s in scenes("Un tour de 5 milliards ?\n\nxAI dément lever 5 milliards.")]
    )
    assert [(k, sorted(near)) for k, _, near in text.figures[5e9]] == [(0, []), (1, ["denied"])]


def test_a_figure_of_every_line_is_looked_up_in_some_of_them_only() -> None:
    lines = "\n\n".join(["Nvidia apporte 5 milliards à xAI."] * 40)
    text = surroundings.read([Step(s, ()) for s in scenes(lines)])
    assert len(text.figures[5e9]) < 10


def test_words_of_names_do_not_tell_how_sure_a_sentence_is() -> None:
    (scene,) = scenes("SoftBank discute avec Thrive Capital.")
    words = surroundings.plain(scene, scene.sentence.first, scene.sentence.last)
    assert words == {"discute", "avec", "."}


@pytest.mark.parametrize(
    ("text", "older"),
    [
        ("Nvidia placera 5 milliards.", False),
        ("Nvidia est loin des 5 milliards.", True),
        ("Nvidia avait placé 5 milliards jusqu'ici.", True),
    ],
)
def test_a_sum_that_a_newer_one_is_held_against_is_known_to_be_older(
    text: str, older: bool
) -> None:
    (scene,) = scenes(text)
    one = draft(scene)
    read = surroundings.read([Step(scene, (one,))])
    assert f"contre={older}" in traits.background_features(one, read, False, surroundings.Told())


@pytest.mark.parametrize(
    ("sums", "place"),
    [("", "only"), ("2", "most"), ("8", "least"), ("2 8", "between")],
)
def test_a_sum_stands_among_those_of_its_company_and_kind(sums: str, place: str) -> None:
    text = "Nvidia a placé 5 milliards."
    found = scenes(" ".join([text, *(f"Nvidia place {n} milliards." for n in sums.split())]))
    drafts = [draft(scene) for scene in found]
    read = surroundings.read([Step(s, (d,)) for s, d in zip(found, drafts, strict=True)])
    features = traits.background_features(drafts[0], read, False, surroundings.Told())
    assert f"among={place}|investment" in features


@pytest.mark.parametrize(
    ("earlier", "change"),
    [(None, "first"), (5e9, "same"), (8e9, "less"), (1e9, "more")],
)
def test_a_deal_told_before_with_another_figure_is_known(
    earlier: float | None, change: str
) -> None:
    told = surroundings.Told()
    now = draft(scenes("Nvidia met 5 milliards dans OpenAI.")[0], payers=("Nvidia",))
    if earlier is not None:
        told.deals["investment", "OpenAI"] = earlier
    text = surroundings.read([Step(now.scene, (now,))])
    assert f"deal={change}|investment" in traits.background_features(now, text, False, told)


def test_what_was_told_is_remembered_by_its_parties() -> None:
    told = surroundings.Told()
    told.take(draft(scenes("Nvidia met 5 milliards dans OpenAI.")[0], payers=("Nvidia",)))
    assert told.deals == {("investment", "OpenAI"): 5e9}
    assert told.parties == {(("Nvidia",), "OpenAI")}
    assert (told.takers, told.givers) == ({"OpenAI"}, {"Nvidia"})


def test_certainty_is_chosen_before_its_stage() -> None:
    scores = {"confirmed announced": 1.0, "rumoured talks": 0.8, "rumoured considered": 0.8}
    word, odds = traits.settled(scores, FACT)
    assert word.startswith("rumoured")
    assert sum(odds.values()) == pytest.approx(1.0)


def test_a_denial_needs_its_word() -> None:
    scores = {"confirmed announced": 1.0, "denied denied": 9.0}
    denial = Status("denied", "denied", conditional=False, anonymous=False)
    assert traits.settled(scores, FACT)[0] == "confirmed announced"
    assert traits.settled(scores, denial)[0] == "denied denied"


def test_what_hangs_on_a_deal_that_may_still_come_about_is_no_fact() -> None:
    scores = {"confirmed announced": 9.0, "rumoured considered": 1.0}
    hanging = Status("rumoured", "considered", conditional=False, anonymous=False, pending=True)
    assert traits.settled(scores, hanging)[0] == "rumoured considered"


@pytest.mark.parametrize(
    ("text", "clause"),
    [
        ("OpenAI vaudra 5 milliards si le tour aboutit.", "si le tour aboutit"),
        ("S'il va jusqu'au bout, OpenAI vaudra 5 milliards.", "S'il va jusqu'au bout"),
        ("Il manque 5 milliards si ces discussions aboutissent.", "si ces discussions aboutissent"),
        ("Si l'opération se concrétise, ce seront 5 milliards.", "Si l'opération se concrétise"),
        ("OpenAI vaut 5 milliards, même si l'accord a été signé.", ""),
        ("Si elle a bouclé un tour en mars, OpenAI cherche 5 milliards.", ""),
        ("On ignore si le tour est bouclé, mais voici 5 milliards.", ""),
        ("Si le projet fait rêver, les 5 milliards sont réels.", ""),
        ("Le projet est si vaste qu'il a fait l'objet de 5 milliards.", ""),
        ("OpenAI vaut 5 milliards, si l'on en croit l'accord signé.", ""),
        ("OpenAI vaut 5 milliards si l'usine tourne, et le tour aboutit.", ""),
        ("Le groupe s'accorde sur 5 milliards et signe.", ""),
    ],
)  # fmt: skip
def test_a_clause_makes_a_sum_hang_on_a_deal(text: str, clause: str) -> None:
    (scene,) = scenes(text)
    hits = [hit for hit in status.signs(scene, negation.find(scene)) if hit.value == "pending"]
    assert [scene.reading.slice(hit.first, hit.last) for hit in hits] == (
        [clause] if clause else []
    )


def test_what_is_old_is_asked_of_every_status_that_a_claim_may_have() -> None:
    rows = {"talks": scorer.packed((400, 0)), "done": scorer.packed((0, 400))}
    model = {"classes": ["False", "True"], "rows": rows}
    old = traits.recalled(model, 0, {"talks": 0.25, "done": 0.75, "no": 0.0}, lambda w: [w])
    assert old == pytest.approx(0.25 * 0.018 + 0.75 * 0.982, abs=0.001)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("Elle en cherchait 25 à la mi-avril.", "talks"),
        ("Ses dirigeants espéraient 5 milliards.", "talks"),
        ("Ses dirigeants imaginaient un tour de 2 milliards.", "considered"),
        ("Oracle entend lever 50 milliards cette année.", "considered"),
        ("L'éditeur s'est donné pour but de réunir 45 milliards.", "considered"),
        ("Le laboratoire a laissé expirer une option de 4 milliards.", "denied"),
        ("SSI, en refusant ces 5 milliards, garde sa liberté.", "denied"),
        ("Le tour de 2 milliards n'a rien donné.", "denied"),
        ("Faute d'avoir pu réunir 2 milliards, elle se tourne vers Nvidia.", "denied"),
        ("CoreWeave ajourne une émission de 3 milliards.", "denied"),
        ("Elle conteste vouloir 3 milliards.", "denied"),
        ("Après l'échec d'un tour de 2 milliards, elle repart.", "denied"),
        ("xAI a mis fin au contrat de 10 milliards.", "denied"),
        ("Elle n'empruntera pas 5 milliards.", "denied"),
        ("Ce sera 1 250 milliards, et non de 1 500 comme prévu.", "denied"),
        ("Le patron exclut de remettre un milliard.", "denied"),
        ("Nous ne sommes en discussion avec aucun fonds pour 2 milliards.", "denied"),
        ("Elle a réuni 3 milliards, plus que les 2 milliards visés.", "considered"),
    ],
)
def test_hopes_and_refusals_are_known_in_the_tenses_of_a_tale(text: str, value: str) -> None:
    (scene,) = scenes(text)
    assert value in {hit.value for hit in status.signs(scene, negation.find(scene))}


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Mistral AI chercherait 3 milliards. Bloomberg parle d'un prix fixé.", ["Bloomberg"]),
        ("Mistral AI chercherait 3 milliards.\n\nBloomberg parle d'un prix fixé.", []),
        ("Mistral AI chercherait 3 milliards. Elle ne commente pas.", []),
    ],
)
def test_hearsay_is_credited_to_whom_the_next_sentence_names(text: str, names: list[str]) -> None:
    found = scenes(f"Voici la semaine. {text}")
    credits = [attribution.credit(scene) for scene in found]
    assert attribution.lent(found, credits, 1, denied=False) == names


def test_a_pointing_word_goes_back_to_the_medium_named_before() -> None:
    (scene,) = scenes("Le fonds devait, selon ce média, y placer 7 milliards.")
    assert attribution.credit(scene).again


def test_a_watch_is_compiled_once_and_another_of_the_same_companies_too() -> None:
    first, again = watch(), watch()
    assert first is not again
    assert parties.compiled(first) is parties.compiled(first)
    assert parties.compiled(again) is parties.compiled(first)
