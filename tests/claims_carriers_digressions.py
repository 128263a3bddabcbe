"""Carriers of the lists that tell what a paragraph takes up from what was said before it."""

from __future__ import annotations

from typing import Any

from pipelines.claims import digressions
from tests.claims_carriers import NOISE, Carriers, before, scenes

DIGRESSIONS = Carriers()
STORY = "OpenAI va lever 40 milliards de dollars auprès de SoftBank."


def left_out(paragraph: str) -> bool:
    """Whether the reader leaves a paragraph out of a story."""
    return len(scenes(f"{STORY}\n\n{paragraph}")) == 1


def takes_up(sort: str, sentence: str) -> bool:
    """Whether a sentence that opens a paragraph takes up something of that sort."""
    return f"up={sort}" in digressions.features(scenes(sentence), lambda line: [])


def tells(sort: str, line: str, sentence: str) -> bool:
    """Whether a line in its place in a sentence makes the difference."""
    return takes_up(sort, sentence.format(line)) and not takes_up(sort, sentence.format(NOISE))


@DIGRESSIONS.of("digressions/openers/words")
def opener(line: str, _: Any) -> bool:
    return tells("opener", line.capitalize(), "{}, la ville de Rennes dort encore.")


@DIGRESSIONS.of("digressions/pointing/words")
def pointing(line: str, _: Any) -> bool:
    return tells("pointing", before(line, "ateliers"), "La ville de Rennes rouvre {} demain.")


@DIGRESSIONS.of("digressions/moments/words")
def moment(line: str, _: Any) -> bool:
    sentence = "La ville de Rennes rouvre cette {} ses ateliers."
    dated, other = (takes_up("pointing", sentence.format(word)) for word in (line, NOISE))
    return other and not dated


@DIGRESSIONS.of("digressions/pronouns/words")
def pronoun(line: str, _: Any) -> bool:
    return tells("pronoun", line, "Demain {} partiront pour la Bretagne.")


@DIGRESSIONS.of("digressions/impersonal/words")
def impersonal(line: str, _: Any) -> bool:
    sentence = "Demain il {} rouvrir les ateliers de Rennes."
    weather, other = (takes_up("pronoun", sentence.format(word)) for word in (line, NOISE))
    return other and not weather


@DIGRESSIONS.of("digressions/possessives/words")
def possessive(line: str, _: Any) -> bool:
    return tells("possessive", line.capitalize(), "{} ateliers rouvriront demain à Rennes.")


@DIGRESSIONS.of("digressions/definite/words")
def definite(line: str, _: Any) -> bool:
    sentence = "On attend à Rennes {} ici."
    known, new = sentence.format(before(line, "apport")), sentence.format("un apport")
    return takes_up("spoken of", known) and not takes_up("spoken of", new)


@DIGRESSIONS.of("digressions/spoken_of/words")
def spoken_of(line: str, _: Any) -> bool:
    return tells("spoken of", line, "Rennes attend le {} pour demain.")


@DIGRESSIONS.of("digressions/spoken_of/compound")
def compound(line: str, _: Any) -> bool:
    sentence = "Rennes attend la levée de {} pour demain."
    of_money, of_what = (takes_up("spoken of", sentence.format(w)) for w in (line, "digues"))
    return of_money and not of_what
