"""Pronouns and definite descriptions: mentions that only the text around can resolve."""

from __future__ import annotations

from pipelines.claims.mentions import Mention, names
from pipelines.claims.pronouns import pronoun
from pipelines.claims.tokens import Reading, Sentence


def described(reading: Reading, sentence: Sentence, i: int) -> Mention | None:
    """Definite descriptions and pronouns; they are resolved later."""
    low = reading.low
    found = pronoun(reading, sentence, i)
    if found is not None:
        return found
    if reading.words[i][0].isupper() and low[i] in names().nations:
        return _of_nation(reading, sentence, i)
    if i > sentence.first and low[i - 1] in (
        "le",
        "la",
        "l'",
        "du",
        "au",
        "cette",
        "ce",
        "cet",
        "son",
        "sa",
        "leur",
        "même",
        "notre",
        "jeune",
        "les",
        "principal",
        "grande",
        "grand",
    ):
        hit = names().descriptions.at(low, i, sentence.last)
        if hit is not None and not (
            hit.last < sentence.last and low[hit.last] in ("de", "d'", "du", "des", "-")
        ):
            return Mention(i, hit.last, "description", None, sort=hit.value)
        if (
            hit is not None
            and hit.last < sentence.last
            and low[hit.last] in ("de", "d'", "du", "des")
            and hit.value == "group"
        ):
            return None
    return None


def _of_nation(reading: Reading, sentence: Sentence, i: int) -> Mention | None:
    """ "le Néerlandais" alone: a company that the text has called "néerlandaise"."""
    if i == sentence.first or reading.low[i - 1] not in ("le", "la", "l'", "du", "au"):
        return None
    if i + 1 < sentence.last and reading.words[i + 1][0].isupper():
        return None  # "l'Américain Salesforce": the name follows
    nation = names().nations[reading.low[i]]
    return Mention(i, i + 1, "description", None, sort="nation", nation=nation)
