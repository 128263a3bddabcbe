"""Carriers of the lists of words that say how money flows, and of those of syntax."""

from __future__ import annotations

from typing import Any

from pipelines.claims import (
    abstaining,
    borrowing,
    clauses,
    conjugation,
    cues,
    governor,
    lexicon,
    mentions,
    naming,
    negation,
    participants,
    pronouns,
    surroundings,
    tokens,
    unnamed,
    walk,
)
from tests.claims_carriers import (
    NOBODY,
    NOISE,
    ZORBLAX,
    Carriers,
    before,
    drafted,
    drafts,
    of,
    scene,
    scenes,
    span,
)

CUES = Carriers()


# --- flow.toml ---


def cue(text: str, at: tuple[int, int]) -> tuple[str, str] | None:
    """Part and class of the cue that takes these tokens."""
    reading = tokens.read(text)
    found = cues.find(reading, reading.sentences[0])
    return next(((c.part, c.sort) for c in found if (c.first, c.last) == at), None)


@CUES.of("flow/verbs")
def verb(line: str, value: Any) -> bool:
    """Every form of a verb that no verb before it has."""
    given = lexicon.words("flow")["irregular"].get(line)
    forms = conjugation.listed(given) if given is not None else conjugation.forms(line)
    mine = [form for form in forms if cues.verbs()[form][:2] == (value, line)]
    return bool(mine) and all(
        cue(f"Le fonds {form} 3 milliards.", (2, 3)) == ("v", value) for form in mine
    )


@CUES.of("flow/irregular")
def irregular(line: str, value: Any) -> bool:
    forms = conjugation.listed(value)
    return bool(forms) and any(
        cues.verbs().get(f, ("", "", ""))[1:] == (line, m) for f, m in forms.items()
    )


@CUES.of("flow/phrases")
def phrase(line: str, value: Any) -> bool:
    text = f"Le fonds {before(line, 'un')} 3 milliards."
    return cue(text, span(text, line)) == ("v", value)


@CUES.of("flow/nouns")
def noun(line: str, value: Any) -> bool:
    text = f"On voit la {before(line, 'un')} de 3 milliards."
    return cue(text, span(text, line)) == ("n", value)


# --- grammar.toml ---


def prep(text: str, name: str = "Nvidia") -> str:
    mention = of(name, text)
    return "-" if mention is None else mention.prep


@CUES.of("grammar/prepositions")
def preposition(line: str, value: Any) -> bool:
    """Governs a name, or at least is no noun: "le premier, face à"."""
    stands = pronouns.alone([line], 0, 1) and not pronouns.alone([NOISE], 0, 1)
    return stands and (
        prep(f"L'apport {before(line, 'Nvidia')}.") == value or line in ("face", "contrairement")
    )


@CUES.of("grammar/compound")
def compound(line: str, value: Any) -> bool:
    text = f"L'apport à la {line} de Nvidia."
    return prep(text) == value


@CUES.of("grammar/between/determiners", "grammar/between/heads")
def between(line: str, _: Any) -> bool:
    joined = scene(f"On aide Nvidia et {before(line, NOISE)} Amazon.").groups  # "et des amis, A"
    governs = prep(f"L'apport chez {before(line, 'Nvidia')}.") == "chez"
    return governs or any(g.names == ("Nvidia", "Amazon") for g in joined)


@CUES.of("grammar/between/adverbial")
def adverbial(line: str, _: Any) -> bool:
    def led(word: str) -> bool:
        (group,) = scene(f"On prête 3 milliards au {word} Nvidia.").groups
        return group.prep == "à"

    return led(NOISE) and not led(line)


@CUES.of("grammar/between/nations")
def nation_ending(line: str, _: Any) -> bool:
    return prep(f"L'apport chez zut{line} Nvidia.") == "chez"


@CUES.of("grammar/joints/words")
def joint(line: str, _: Any) -> bool:
    head = line if line in mentions.PREPOSITIONS else ""
    text = before(head, f"{ZORBLAX}, {before(line, 'Quixel')}")
    groups = scene(f"L'apport {text}.", NOBODY).groups
    return any(g.names == (ZORBLAX, "Quixel") for g in groups)


@CUES.of("grammar/auxiliaries/words", "grammar/auxiliaries/others")
def auxiliary(line: str, _: Any) -> bool:
    return naming.finite(line) and of(ZORBLAX, f"{ZORBLAX} {before(line, 'aide')}.") is not None


@CUES.of("grammar/nominal/words")
def nominal(line: str, _: Any) -> bool:
    text = f"On voit {before(line, 'offre')} de 3 milliards."
    return cue(text, span(text, "offre")) == ("n", "generic")


@CUES.of("grammar/distance")
def distance(line: str, value: Any) -> bool:
    """Costs more or less than an unlisted word, to the right or to the left."""

    def costs(between: str, text: str) -> float:
        one = scene(text.format(before(between, "bien")))
        found = governor.find(one, one.sums[0])
        assert found is not None
        return found.cost

    places = ("On voit 3 milliards bien {} levés.", "On a levé bien {} 3 milliards.")
    return any(costs(line, p) != costs(NOISE, p) for p in places)


@CUES.of("grammar/taking_part/lending")
def takes_part(line: str, _: Any) -> bool:
    return _lends(f"Nvidia {line}") and not _lends(f"Nvidia {NOISE}")


@CUES.of("grammar/taking_part/joining")
def bank_joins(line: str, _: Any) -> bool:
    """Of a bank less is enough to lend than of anybody."""
    return _lends(f"Citi {line}") and not _lends(f"Citi {NOISE}") and not _lends(f"Nvidia {line}")


@CUES.of("grammar/taking_part/declining")
def bank_declines(line: str, _: Any) -> bool:
    return _lends(f"Citi participe, {NOISE}") and not _lends(f"Citi participe, {line}")


@CUES.of("grammar/abstaining/declining")
def declines(line: str, _: Any) -> bool:
    return _abstains(f"Nvidia {line}.") and not _abstains(f"Nvidia {NOISE}.")


@CUES.of("grammar/abstaining/itself")
def declines_by_itself(line: str, _: Any) -> bool:
    return _abstains(f"Nvidia s'est {line}.") and not _abstains(f"Nvidia a {line} {NOISE}.")


@CUES.of("grammar/abstaining/but")
def all_but(line: str, _: Any) -> bool:
    return _abstains(f"Tous suivent, {line} de Nvidia.")


@CUES.of("grammar/abstaining/nobody")
def nobody_but(line: str, _: Any) -> bool:
    return not _abstains(f"Suivre, {line} ne le veut, sauf Nvidia.")


@CUES.of("grammar/abstaining/help")
def without_the_help(line: str, _: Any) -> bool:
    text = f"OpenAI lève 3 milliards sans cette {line} de Nvidia."
    return _abstains(text, 1) and not _abstains(text.replace("sans", "avec"), 1)


def _abstains(text: str, at: int = 0) -> bool:
    """Whether a party of a sentence is told not to take part."""
    one = scene(text)
    return abstaining.abstains(one, at, negation.find(one))


def _lends(following: str) -> bool:
    """Whether the sentence behind a loan tells a lender."""
    told = scenes(f"OpenAI cherche 3 milliards de dollars. {following}.")
    steps = [walk.Step(told[0], (drafted(told[0], "debt"),)), walk.Step(told[1], ())]
    return bool(participants.completed(surroundings.read(steps))[0].drafts[0].payers)


@CUES.of("grammar/clause/auxiliaries")
def finite(line: str, _: Any) -> bool:
    one = scene(f"OpenAI {line} bien 3 milliards de dollars.")
    return clauses.find(one, one.sums[0]).verb == 1


@CUES.of("grammar/clause/openers")
def opener(line: str, _: Any) -> bool:
    one = scene(f"OpenAI a bien {before(line, 'ainsi')} 3 milliards de dollars.")
    return clauses.find(one, one.sums[0]).verb < 0


@CUES.of("grammar/clause/being")
def being(line: str, _: Any) -> bool:
    one = scene(f"Les 3 milliards de dollars {line} versés par Nvidia.")
    return clauses.find(one, one.sums[0]).passive


@CUES.of("grammar/loan/stems")
def loan(line: str, _: Any) -> bool:
    one = scene(f"OpenAI lève 3 milliards de dollars {line}.")
    return borrowing.indebted(one, one.sums[0])


@CUES.of("grammar/staff/stems")
def staff(line: str, _: Any) -> bool:
    def sold(word: str) -> bool:
        text = f"Nvidia et un {word} d'OpenAI vendent pour 3 milliards de dollars d'actions."
        return bool(drafts(text))

    return sold(line) and not sold(NOISE)


def prepositions(text: str) -> dict[str, str]:
    """Each company of a sentence with its preposition."""
    return {m.name: m.prep or g.prep for g in scene(text).parties() for m in g.mentions if m.name}


@CUES.of("grammar/founded/stems")
def founded(line: str, _: Any) -> bool:
    meant = [
        list(prepositions(f"On aide la start-up {word} par Jensen Huang."))
        for word in (line, NOISE)
    ]
    return meant == [[], ["Nvidia"]]


@CUES.of("grammar/peers/stems")
@CUES.of("grammar/former/stems")
def former(line: str, _: Any) -> bool:
    text = "Un {} d'OpenAI a placé 3 milliards de dollars dans Nvidia."
    return "OpenAI" in prepositions(text.format(NOISE)) and (
        "OpenAI" not in prepositions(text.format(line))
    )


@CUES.of("grammar/sellers/stems")
def seller(line: str, _: Any) -> bool:
    text = "Un ancien {} d'OpenAI a placé 3 milliards de dollars dans Nvidia."
    return "OpenAI" in prepositions(text.format(line)) and (
        "OpenAI" not in prepositions(text.format(NOISE))
    )


@CUES.of("grammar/pledges/stems")
def pledge(line: str, _: Any) -> bool:
    text = "Oracle obtient un prêt de 3 milliards de dollars {} sur son contrat avec Meta."
    found, other = (prepositions(text.format(word))["Meta"] for word in (line, NOISE))
    return found == "hors" != other


@CUES.of("grammar/sureties/nouns")
def surety(line: str, _: Any) -> bool:
    return _answers(f"apporte sa {line}") and not _answers(f"apporte sa {NOISE}")


@CUES.of("grammar/sureties/verbs")
def answers_for(line: str, _: Any) -> bool:
    return _answers(f"{line} un emprunt") and not _answers(f"{line} une {NOISE}")


@CUES.of("grammar/sureties/between")
def on_the_way_to_a_surety(line: str, _: Any) -> bool:
    return _answers(before(line, "caution")) and not _answers(f"{NOISE} caution")


@CUES.of("grammar/sureties/lenders")
def lends_as_well(line: str, _: Any) -> bool:
    return not _answers(f", caution et {line}") and _answers(f", caution et {NOISE}")


@CUES.of("grammar/sureties/loans")
def answered_for(line: str, _: Any) -> bool:
    return _answers(f"garantit le {line}") and not _answers(f"garantit le {NOISE}")


def _answers(said: str) -> bool:
    return prepositions(f"Lundi, Meta {said}.")["Meta"] == "garant"


@CUES.of("grammar/collectives/words")
def collective(line: str, _: Any) -> bool:
    text = "Oracle emprunte 3 milliards de dollars auprès de sept {} : Meta et Nvidia."
    found, other = (prepositions(text.format(word))["Meta"] for word in (line, NOISE))
    return found == "auprès" != other


@CUES.of("grammar/promising/words")
def promising(line: str, _: Any) -> bool:
    past = {"promettre": "promet", "signer": "signe", "fournir": "fournit", "débourser": "débourse",
            "devoir": "doit", "ajouter": "ajoute"}  # fmt: skip
    said = past.get(line) or f"tient son {line} de"
    found = drafts(f"OpenAI {said} 3 milliards de dollars à Oracle.")
    return [d.kind for d in found] == ["commitment"]


@CUES.of("grammar/many/words")
def many(line: str, _: Any) -> bool:
    def payers(who: str) -> tuple[str, ...]:
        text = f"Nvidia attend. Des {who} injectent 3 milliards de dollars dans OpenAI."
        return next(d.payers for d in drafts(text))

    return payers(line) == () and payers(NOISE) == ("Nvidia",)


@CUES.of("grammar/several/words")
def several(line: str, _: Any) -> bool:
    def given(whose: str) -> bool:
        one = scene(f"Nvidia met 3 milliards, dont 2 milliards par {whose} actionnaires.")
        return unnamed.give(one, one.sums[-1], None)

    return given(line) and not given(NOISE)


@CUES.of("grammar/holdings/words")
def holding(line: str, _: Any) -> bool:
    def valued(what: str) -> bool:
        return bool(drafts(f"Le {what} dans OpenAI vaut 3 milliards de dollars."))

    return valued(NOISE) and not valued(line)
