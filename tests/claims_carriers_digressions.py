"""Carriers of the lists that tell a paragraph of something else from one that goes on."""

from __future__ import annotations

from typing import Any

from pipelines.claims import destination, recipients
from tests.claims_carriers import NOISE, Carriers, before, drafts, scenes
from tests.claims_training import weighing

DIGRESSIONS = Carriers()
STORY = "OpenAI va lever 40 milliards de dollars auprès de SoftBank."


def left_out(paragraph: str) -> bool:
    """Whether the reader leaves a paragraph out of a story."""
    return len(scenes(f"{STORY}\n\n{paragraph}")) == 1


def by_rules(paragraph: str) -> bool:
    """Whether the rules leave it out: those alone read the lists."""
    with weighing({}):
        return left_out(paragraph)


def alone(line: str, sentence: str) -> bool:
    """Whether a line keeps a sentence in the story that would be left out without it."""
    return not by_rules(sentence.format(line)) and by_rules(sentence.format(NOISE))


@DIGRESSIONS.of("digressions/openers/words")
def opener(line: str, _: Any) -> bool:
    sentence = "{}, la ville de Rennes dort encore."
    return not by_rules(sentence.format(line.capitalize())) and by_rules(sentence.format("Hier"))


@DIGRESSIONS.of("digressions/pointing/words")
def pointing(line: str, _: Any) -> bool:
    return alone(before(line, "ateliers"), "La ville de Rennes rouvre {} demain.")


@DIGRESSIONS.of("digressions/moments/words")
def moment(line: str, _: Any) -> bool:
    sentence = "La ville de Rennes rouvre cette {} ses ateliers."
    return by_rules(sentence.format(line)) and not by_rules(sentence.format(NOISE))


@DIGRESSIONS.of("digressions/pronouns/words")
def pronoun(line: str, _: Any) -> bool:
    return alone(line, "Demain {} partiront pour la Bretagne.")


@DIGRESSIONS.of("digressions/impersonal/words")
def impersonal(line: str, _: Any) -> bool:
    sentence = "Demain il {} rouvrir les ateliers de Rennes."
    return by_rules(sentence.format(line)) and not by_rules(sentence.format(NOISE))


@DIGRESSIONS.of("digressions/possessives/words")
def possessive(line: str, _: Any) -> bool:
    sentence = "{} ateliers rouvriront demain à Rennes."
    return not by_rules(sentence.format(line.capitalize())) and by_rules(sentence.format("Vingt"))


@DIGRESSIONS.of("digressions/definite/words")
def definite(line: str, _: Any) -> bool:
    return not by_rules(f"On attend à Rennes {before(line, 'apport')} ici.") and by_rules(
        "On attend à Rennes un apport ici."
    )


@DIGRESSIONS.of("digressions/spoken_of/words")
def spoken_of(line: str, _: Any) -> bool:
    return alone(line, "Rennes attend le {} pour demain.")


@DIGRESSIONS.of("digressions/field/words")
def field(line: str, _: Any) -> bool:
    return alone(line, "Rennes attend une {} pour demain.")


@DIGRESSIONS.of("digressions/spoken_of/compound")
def compound(line: str, _: Any) -> bool:
    sentence = "Rennes attend la levée de {} pour demain."
    return not by_rules(sentence.format(line)) and by_rules(sentence.format("digues"))


@DIGRESSIONS.of("digressions/taking_part/stems")
def taking_part(line: str, _: Any) -> bool:
    return alone(line, "La maison Zorblax sera {} de Rennes.")


@DIGRESSIONS.of("digressions/denying/stems")
def denying(line: str, _: Any) -> bool:
    return alone(line, "La ville de Rennes {} demain encore.")


@DIGRESSIONS.of("digressions/elsewhere/words")
def elsewhere(line: str, _: Any) -> bool:
    sentence = "Demain on attend de {} pour 3 milliards."
    return by_rules(sentence.format(line)) and not by_rules(sentence.format(NOISE))


def goes(text: str) -> tuple[str, str, str] | None:
    """Where the money of a sentence goes: by which preposition, to what sort of thing, its noun."""
    one = scenes(text)[0]
    found = destination.find(one, one.sums[0], one.sentence.last)
    return None if found is None else (found.prep, found.sort, found.noun)


@DIGRESSIONS.of("destinations/prepositions")
def preposition(line: str, way: str) -> bool:
    found = goes(f"Rennes a mis 3 millions d'euros {line} vitraux et chapelles.")
    return found is not None and found[::2] == (way, "vitraux")


@DIGRESSIONS.of("destinations/determiners")
def determiner(line: str, sort: str) -> bool:
    whole = goes(f"Rennes a mis 3 millions d'euros {line} vitraux et chapelles.")
    behind = goes(f"Rennes a mis 3 millions d'euros dans {before(line, 'vitraux')} et chapelles.")
    return (whole or behind or ("", "", ""))[1:] == (sort, "vitraux")


@DIGRESSIONS.of("destinations/times/words")
def time(line: str, _: Any) -> bool:
    sentence = "Rennes a mis 3 millions d'euros à {} dans des vitraux de chapelle."
    return (
        goes(sentence.format(line)) == ("dans", "indef", "vitraux") != goes(sentence.format(NOISE))
    )


@DIGRESSIONS.of("destinations/lands/words")
def land(line: str, _: Any) -> bool:
    return goes(f"Rennes a mis 3 millions d'euros dans le {line} voisin.") == ("dans", "place", "")


@DIGRESSIONS.of("destinations/recipients/words")
def recipient(line: str, _: Any) -> bool:
    def gets(who: str) -> bool:
        (draft,) = drafts(f"Amazon, qui soutient OpenAI, versera 2 milliards à des {who}.")
        return recipients.elsewhere(draft)

    return gets(line) and not gets(NOISE)
