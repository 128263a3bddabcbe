"""Pronouns and definite descriptions: mentions that only the text around can resolve."""

from __future__ import annotations

from pipelines.claims.mentions import Mention, names
from pipelines.claims.tokens import Reading, Sentence


def described(reading: Reading, sentence: Sentence, i: int) -> Mention | None:
    """Definite descriptions and pronouns; they are resolved later."""
    low = reading.low
    word = low[i]
    if word in ("il", "elle", "ils", "elles"):
        if word == "il" and _impersonal(reading, sentence, i):
            return None
        return Mention(i, i + 1, "pronoun", None, sort="plural" if word[-1] == "s" else "single")
    if word in ("celui", "celle") and low[i + 1 : i + 3] == ["-", "ci"]:
        return Mention(i, i + 3, "pronoun", None, sort="latest")
    if word in ("ce", "cette") and i + 1 < sentence.last and low[i + 1] in ("dernier", "dernière"):
        return Mention(i, i + 2, "pronoun", None, sort="latest")
    if word in ("ceux",) and low[i + 1 : i + 3] == ["-", "ci"]:
        return Mention(i, i + 3, "pronoun", None, sort="plural")
    if word in ("premier", "première", "second", "seconde") and i > sentence.first:
        if low[i - 1] in ("le", "la", "du", "au") and (
            i + 1 >= sentence.last
            or not low[i + 1].isalpha()
            or low[i + 1] in _AFTER_ORDINAL
            or low[i + 1][-2:] in ("ra", "it", "nt")
        ):
            return Mention(i, i + 1, "pronoun", None, sort="first" if word[0] == "p" else "second")
        return None
    if reading.words[i][0].isupper() and word in names().nations:
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


_AFTER_ORDINAL = frozenset(
    (
        "jusqu'",
        "pour",
        "à",
        "a",
        "et",
        "en",
        "pourra",
        "pourrait",
        "mettra",
        "doit",
        "va",
        "de",
        ".",
    )
)


def _impersonal(reading: Reading, sentence: Sentence, i: int) -> bool:
    """ "il faut", "il y a", "il s'agit", "il est question"."""
    low = reading.low
    after = [w for w in low[i + 1 : min(i + 5, sentence.last)] if w != "ne"]
    if not after:
        return True
    if after[0] in (
        "faut",
        "fallait",
        "faudra",
        "faudrait",
        "convient",
        "suffit",
        "suffira",
        "semble",
        "reste",
    ):
        return True
    if after[0] == "y" and len(after) > 1 and after[1] in ("a", "avait", "aura", "aurait", "eut"):
        return True
    if after[0] == "s'" and len(after) > 1 and after[1].startswith("agi"):
        return True
    return (
        after[0] in ("est", "était", "serait")
        and len(after) > 1
        and after[1]
        in ("question", "vrai", "possible", "à", "difficile", "temps", "prévu", "probable")
    )
