"""Names that no list knows: a run of capitalised words in the place of a party."""

from __future__ import annotations

from dataclasses import replace

from pipelines.claims import cues, lexicon
from pipelines.claims.mentions import NATIONS, PREPOSITIONS, Known, Mention, names
from pipelines.claims.tokens import Reading, Sentence


def unknown(
    reading: Reading, sentence: Sentence, known: Known, seen: frozenset[str], i: int
) -> Mention | None:
    """A run of capitalised words that no list knows."""
    table, words, low = names(), reading.words, reading.low
    if (low[i] in ("la", "le") and i > sentence.first and words[i - 1] not in _OPENERS) and (
        i + 1 < sentence.last and words[i + 1][0].isupper()
    ):
        rest = unknown(reading, sentence, known, seen, i + 1)
        named = rest is not None and rest.kind == "unknown" and rest.first == i + 1
        if rest is not None and named:  # "La Banque Postale" inside a sentence
            return replace(rest, first=i, name=_tidy(reading.slice(i, rest.last)))
    if low[i] in table.never and not (
        low[i] in table.marks and i + 1 < sentence.last and words[i + 1][0].isupper()
    ):
        return None
    if len(words[i]) == 1 and i == sentence.first and words[i + 1 : i + 2] == ["."]:
        return None  # "B. Thinking Machines": the letter of a list
    institution = _institution(reading, sentence, i)
    if institution is not None:
        return institution
    j = i
    while j < sentence.last:
        word = words[j]
        if j > i and known.aliases.at(words, j, sentence.last) is not None:
            break
        if word[0].isupper() and word.isalpha():
            j += 1
            if j < sentence.last and words[j] == "." and len(word) == 1:
                j += 1
        elif (
            word in ("-", "&", "'")
            and j > i
            and j + 1 < sentence.last
            and reading.near(j + 1)
            and (words[j + 1][0].isupper() or words[j + 1][0].isdigit())
        ) or (
            j > i
            and low[j] in table.joins
            and j + 1 < sentence.last
            and words[j + 1][0].isupper()
            and _joins(low[i], low[j])
        ):
            j += 2
        else:
            break
    if j == i:
        return None
    first = i
    while first < j and (low[first] in table.never) and not _compound_name(reading, first, j):
        first += 1
    last = j
    while last > first and low[last - 1] in table.never and low[last - 1] not in table.marks:
        last -= 1
    if first >= last or not words[first][0].isupper():
        return None
    inner = low[first:last]
    if not any(len(w) > 1 and w not in table.never for w in inner):
        return None
    if first == sentence.first or (
        first and words[first - 1] in ("«", ":", "•", "–", "-", "|", "—", "(")
    ):
        alone = last - first == 1 and not _trusted(words[first], low[first], seen)
        if alone and not _subjectlike(reading, sentence, last):
            return None
    if (
        first >= 2
        and words[first - 1] == "."
        and low[first - 2] in ("m", "mme", "mm", "mr")
        and first - 2 >= sentence.first
    ):
        return Mention(first, last, "person", reading.slice(first, last))
    if first > sentence.first and words[first - 1] == "." and reading.near(first):
        return None  # a ticker: "NVDA.O"
    if (
        last + 1 < sentence.last
        and words[last] == "."
        and reading.near(last + 1)
        and words[last + 1].isupper()
    ):
        return None
    if _dateline(reading, sentence, first, last):
        return Mention(first, last, "media", reading.slice(first, last))
    if len(inner) == 1 and len(inner[0]) == 1:
        return None
    if _titled(reading, sentence, first) and not any(w in table.marks for w in inner):
        return Mention(first, last, "person", reading.slice(first, last))
    if inner[0] in table.firsts and not any(w in table.marks for w in inner):
        return Mention(first, last, "person", reading.slice(first, last))
    return Mention(first, last, "unknown", _tidy(reading.slice(first, last)))


#: Heads of an institution's name, which goes on in small letters.
_INSTITUTIONS = frozenset("caisse banque fonds fondation autorité office régime".split())
#: Longest name of an institution, in tokens.
_LONGEST_NAME = 9


def _institution(reading: Reading, sentence: Sentence, i: int) -> Mention | None:
    """ "la Caisse de pension de l'Etat de Vaud", "la Banque cantonale vaudoise"."""
    low, words = reading.low, reading.words
    if low[i] not in _INSTITUTIONS:
        return None
    end = j = i + 1
    while j < min(sentence.last, i + _LONGEST_NAME):
        word = low[j]
        if word in ("de", "du", "des", "d'", "la", "l'", "et"):
            if word == "et" or j + 1 >= sentence.last or not low[j + 1][0].isalpha():
                break
        elif words[j][0].isupper():
            end = j + 1
        elif word.isalpha() and not finite(word) and word not in PREPOSITIONS and end == j:
            if words[j - 1][0].isupper() and j - 1 > i:
                break
            end = j + 1
        elif word.isalpha() and low[j - 1] in ("de", "du", "d'", "la", "l'"):
            end = j + 1
        else:
            break
        j += 1
    if end == i + 1 or not any(w[0].isupper() or w.endswith(NATIONS) for w in words[i + 1 : end]):
        return None
    return Mention(i, end, "unknown", _tidy(reading.slice(i, end)))


def _titled(reading: Reading, sentence: Sentence, first: int) -> bool:
    """ "le directeur financier, Hugh Johnston": a title of a person stands right before."""
    back = reading.low[max(sentence.first, first - 5) : first]
    while back and back[-1] in (",", "général", "générale", "financier", "financière", "exécutif"):
        back = back[:-1]
    return (
        bool(back)
        and back[-1] in names().persons
        and back[-1] not in ("investisseurs", "actionnaires", "équipes")
    )


def _dateline(reading: Reading, sentence: Sentence, first: int, last: int) -> bool:
    """ "PARIS (Agence) - ...": the name in parentheses is the wire's."""
    words = reading.words
    if first - 1 < sentence.first or words[first - 1] != "(" or last + 1 >= sentence.last:
        return False
    return words[last] == ")" and words[last + 1] in ("-", "–") and first - sentence.first <= 6


def _joins(first: str, joint: str) -> bool:
    if joint in ("of", "&", "and", "ben", "bin", "al", "el", "von", "van", "the"):
        return True
    return first in (
        "crédit",
        "banque",
        "caisse",
        "société",
        "bank",
        "autorité",
        "fonds",
        "compagnie",
    )


def _compound_name(reading: Reading, first: int, last: int) -> bool:
    """Names that begin with an everyday word: "Crédit Agricole", "Banque Postale"."""
    return reading.low[first] in names().marks and last - first > 1


#: After these a capital says nothing.
_OPENERS = frozenset(("«", ":", "•", "–", "-", "|", "(", ".", "?", "!", "…"))


_AUXILIARIES = frozenset(lexicon.words("grammar")["auxiliaries"]["words"])


def _subjectlike(reading: Reading, sentence: Sentence, after: int) -> bool:
    """Whether what follows a first word makes it a name: a verb, an apposition, a cell's edge."""
    low = reading.low
    if after >= sentence.last:
        return False
    word = low[after]
    if word == "|" or finite(word):
        return True
    if word == "," and after + 1 < sentence.last:
        return low[after + 1] in ("qui", "le", "la", "l'", "son", "sa", "dont", "un", "une")
    if word == "et" and after + 1 < sentence.last:
        return reading.words[after + 1][0].isupper()
    return False


def finite(word: str) -> bool:
    """Whether a word is a finite verb: an auxiliary, a future, a verb of the lists."""
    if word in _AUXILIARIES or word.endswith(("rait", "raient", "era", "eront")):
        return True
    found = cues.verbs().get(word)
    return found is not None and found[2] in ("pres", "past", "impf", "fut")


def _trusted(word: str, lowered: str, seen: frozenset[str]) -> bool:
    return lowered in seen or word.isupper() or not word[1:].islower()


def _tidy(name: str) -> str:
    return " ".join(name.replace("\u00a0", " ").replace("\u202f", " ").split())
