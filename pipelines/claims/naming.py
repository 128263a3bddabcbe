"""Names that no list knows: a run of capitalised words in the place of a party."""

from __future__ import annotations

from pipelines.claims import cues, lexicon
from pipelines.claims.mentions import DETERMINERS, NATIONS, PREPOSITIONS, Known, Mention, names
from pipelines.claims.nobody import nobody
from pipelines.claims.record import replace
from pipelines.claims.tokens import Reading, Sentence
from pipelines.records import Role

#: After these a capital says nothing.
_OPENERS = frozenset(("«", ":", "•", "–", "-", "|", "(", ".", "?", "!", "…", "—"))
#: A number is read with the name it is glued to ("Prosperity7") if this many letters stand before
#: it; with fewer it is a model or a rating ("H100", "Baa2").
_LETTERS_BEFORE_DIGITS = 4
#: How many tokens before a name, or behind the article that follows it, the noun that says what it
#: is may stand.
_NOUN_REACH = 3
_APPOSED = frozenset(("un", "une", "le", "la", "l'"))


def unknown(reading: Reading, sentence: Sentence, known: Known, i: int) -> Mention | None:
    """A run of capitalised words that no list knows, not even as nobody's; None where no party
    begins."""
    words = reading.words
    if not words[i][0].isupper():
        if not words[i][0].isdigit():
            return _family(reading, sentence, i)
        numbered = _numbered(reading, sentence, i)
        return _named(reading, sentence, i, numbered) if numbered else None
    with_article = _after_article(reading, sentence, known, i)
    if with_article is not None:
        return with_article
    if len(words[i]) == 1 and i == sentence.first and words[i + 1 : i + 2] == ["."]:
        return None  # "B. Thinking Machines": the letter of a list
    institution = _institution(reading, sentence, i)
    if institution is not None:
        return institution
    if _no_beginning(reading, sentence, i):
        return None
    first, last = i, _untailed(reading, i, _run(reading, sentence, known, i))
    if not _names_somebody(reading, first, last):
        return None
    if opening(reading, sentence, first) and not _opens_as_name(reading, sentence, first, last):
        return None
    return _named(reading, sentence, first, last)


def _named(reading: Reading, sentence: Sentence, first: int, last: int) -> Mention | None:
    """The mention of a run: of a person, of a wire in a dateline, else of an unknown name."""
    words, low, table = reading.words, reading.low, names()
    dotted = first > sentence.first and words[first - 1] == "." and reading.near(first)
    if dotted and low[first - 2] not in _CIVIL:
        return None  # a ticker: "NVDA.O"
    if (
        last + 1 < sentence.last
        and words[last] == "."
        and reading.near(last + 1)
        and words[last + 1].isupper()
    ):
        return None
    if last - first == 1 and words[first].isupper() and words[last : last + 1] == ["+"]:
        return None  # a rating: "BB+"
    if _dateline(reading, sentence, first, last):
        return Mention(first, last, "media", reading.slice(first, last))
    inner = low[first:last]
    organised = any(w in table.marks for w in inner)
    if not organised and (
        _civil(reading, sentence, first)
        or _titled(reading, sentence, first)
        or inner[0] in table.firsts
    ):
        if last - first == 1 and inner[0] in table.firsts:
            return None  # "Martine", who writes to the paper
        return Mention(first, last, "person", _tidy(reading.slice(first, last)))
    trade = _trade(reading, sentence, first, last)
    return Mention(first, last, "unknown", _tidy(reading.slice(first, last)), trade)


def _trade(reading: Reading, sentence: Sentence, first: int, last: int) -> Role:
    """What a name does, by the noun before it ("la start-up lyonnaise X"), a word in it, or the
    noun behind it ("X, un fonds singapourien")."""
    low, trades = reading.low, names().trades
    for word in reversed(low[first:last]):
        if word in trades:
            return trades[word]
    for k in range(first - 1, max(sentence.first, first - _NOUN_REACH) - 1, -1):
        if low[k] in trades:
            return trades[low[k]]
        if not low[k].isalpha() or low[k] in PREPOSITIONS or reading.words[k][0].isupper():
            break
    if last + 1 >= sentence.last or low[last] != "," or low[last + 1] not in _APPOSED:
        return "other"
    for k in range(last + 2, min(sentence.last, last + 2 + _NOUN_REACH)):
        if low[k] in trades and reading.words[k][0].islower():
            return trades[low[k]]
        if not (low[k].isalpha() or low[k] == "-") or low[k] in PREPOSITIONS:
            break
        if low[k] in names().persons:
            break  # "Rao, le directeur financier"
    return "other"


def _after_article(reading: Reading, sentence: Sentence, known: Known, i: int) -> Mention | None:
    """ "La Banque Postale" inside a sentence: the article belongs to the name."""
    words = reading.words
    if reading.low[i] not in ("la", "le") or opening(reading, sentence, i):
        return None
    if i + 1 >= sentence.last or not words[i + 1][0].isupper():
        return None
    if reading.low[i + 1] in ("la", "le") or reading.low[i + 1] in _INSTITUTIONS:
        return None  # "Le Fonds de croissance": found from its head on
    listed = nobody(reading, sentence, i + 1) is not None
    rest = None if listed else unknown(reading, sentence, known, i + 1)
    if rest is None or rest.kind != "unknown" or rest.first != i + 1:
        return None
    return replace(rest, first=i, name=_tidy(reading.slice(i, rest.last)))


def opening(reading: Reading, sentence: Sentence, i: int) -> bool:
    """Whether a capital at `i` says nothing: a sentence, a quotation, a cell begins here."""
    return i == sentence.first or (reading.words[i - 1] in _OPENERS and not _initial(reading, i))


def _initial(reading: Reading, i: int) -> bool:
    """Whether a full stop before `i` is that of "M." or of an initial, or a hyphen joins."""
    if reading.words[i - 1] == "-":
        return reading.near(i)
    return reading.words[i - 1] == "." and i > 1 and len(reading.words[i - 2]) <= len("Mme")


def _run(reading: Reading, sentence: Sentence, known: Known, i: int) -> int:
    """End of the run of words that make one name from `i` on."""
    words, low, stop = reading.words, reading.low, sentence.last
    j = i
    while j < stop:
        word = words[j]
        if j > i and known.named(words, j, stop) is not None and low[j] not in names().common:
            break
        if j > i and word.isupper() and finite(low[j]):
            break  # "LUXTRANE LÈVE", a title in capitals
        following = words[j + 1] if j + 1 < stop else ""
        if word[0].isupper() and word.isalpha():
            j += 1
            if j < stop and words[j] == "." and len(word) == 1:
                j += 1
        elif j == i or not following:
            break
        elif word == "-" and known.named(words, j + 1, stop) is not None:
            break  # "Musk-OpenAI" are two
        elif word in ("-", "&", "'") and reading.near(j + 1):
            if not (following[0].isupper() or following[0].isdigit() or following == "h"):
                break  # "Kerloc'h" goes on
            if word == "-" and known.named(words, j + 1, stop) is not None:
                break  # "le procès Musk-OpenAI"
            j += 2
        elif word == "&" and following[0].isupper():
            j += 2
        elif word[0].isdigit() and reading.near(j):
            j += 1
        elif low[j] in names().joins and following[0].isupper() and _joins(low[i], low[j]):
            j += 2
        else:
            break
    return j


def _no_beginning(reading: Reading, sentence: Sentence, i: int) -> bool:
    """Whether the word at `i` is one that only opens a sentence ("Selon", "Mardi"), calls somebody
    ("Mme") or is a code ("PDG"); inside a sentence a capital makes it a name ("Point Nine")."""
    low, words, table = reading.low, reading.words, names()
    if low[i] in _CIVIL or (words[i].isupper() and len(words[i]) > 1 and finite(low[i])):
        return True
    if low[i] not in table.never:
        return low[i] in table.nations  # "le Lyonnais Edgar Vial": the name follows
    if i + 1 >= sentence.last or not words[i + 1][0].isupper() or low[i + 1] in table.never:
        return True
    if low[i] in PREPOSITIONS or low[i] in DETERMINERS:
        return True
    if low[i] in table.marks:
        return False
    return opening(reading, sentence, i) or _code(words[i])


def _untailed(reading: Reading, first: int, last: int) -> int:
    """End of a run without the codes behind it ("Nvidia GPU")."""
    words, low, table = reading.words, reading.low, names()
    while last > first and low[last - 1] in table.never and _code(words[last - 1]):
        if words[last - 1] == "AI":
            break
        last -= 1
    return last


def _code(word: str) -> bool:
    return word.isupper() and len(word) <= len("GPUS")


def _names_somebody(reading: Reading, first: int, last: int) -> bool:
    """Whether a run can be a name: more than words that name nobody, no rating, no model."""
    words, low, never = reading.words, reading.low, names().never
    letters = [w for w in low[first:last] if w[0].isalpha()]
    if (
        not letters
        or letters == [*_INSTITUTIONS.intersection(letters)]
        or all(w in never or len(w) == 1 for w in letters)
    ):
        return False
    if len(letters) == 1 and letters[0].removesuffix("s") in names().demonyms:
        return False
    digits = words[last - 1][0].isdigit()
    return not (digits and last - first <= 3 and len(words[first]) < _LETTERS_BEFORE_DIGITS)


def _opens_as_name(reading: Reading, sentence: Sentence, first: int, last: int) -> bool:
    """Whether a run that opens a sentence is a name although its capital says nothing."""
    words, low = reading.words, reading.low
    if subjectlike(reading, sentence, last):
        return True
    inner = words[first:last]
    shouted = all(w.isupper() or not w.isalpha() for w in inner)
    if shouted and _all_capitals(reading, sentence, first):
        return all(w in reading.seen() for w in low[first:last] if w.isalpha())
    if len(inner) == 1:
        return low[first] in reading.seen() or shouted or not words[first][1:].islower()
    return True


def _all_capitals(reading: Reading, sentence: Sentence, first: int) -> bool:
    """Whether what opens the sentence is a label in capitals: "LE PETIT MOT.", "FACTURES."."""
    words = reading.words[sentence.first : first + 1]
    return all(w.isupper() for w in words if w.isalpha()) and len(reading.words[first]) > 3


def _numbered(reading: Reading, sentence: Sentence, i: int) -> int:
    """End of a name that begins with a number ("1789 Capital"); 0 where none does."""
    words, low = reading.words, reading.low
    j = i + 1
    if not words[i].isdigit() or j >= sentence.last or low[j] not in names().marks:
        return 0
    while j < sentence.last and words[j][0].isupper() and words[j].isalpha():
        j += 1
    return j if j > i + 1 else 0


def _family(reading: Reading, sentence: Sentence, i: int) -> Mention | None:
    """ "la famille Mulliez", "la famille émiratie Al-Sowaidi"."""
    low, words, stop = reading.low, reading.words, sentence.last
    if low[i] != "famille":
        return None
    first = i + 1
    if first < stop and low[first] in names().nations:
        first += 1
    j = first
    while j < stop and words[j][0].isupper():
        j += 1
        if j + 1 < stop and words[j] == "-" and words[j + 1][0].isupper():
            j += 1
    if j == first or low[first] in names().never:
        return None
    return Mention(i, j, "unknown", _tidy(reading.slice(first, j)), "investor")


#: Heads of an institution's name, which goes on in small letters.
_INSTITUTIONS = frozenset(
    "caisse banque fonds fondation autorité office régime mutuelle société compagnie".split()
)
#: Of those, who is one by its capital alone: "le Fonds innovation défense".
_FUNDS = frozenset("caisse fonds régime".split())
#: Ends of the adjectives that only institutions have.
_OFFICIAL = (*NATIONS, "nationale", "régionale")
#: Small words that end such a name.
_STOPS = ("et", "un", "une")
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
        if word in ("de", "du", "des", "d'", "la", "l'", "et", "un", "une"):
            joined = word == "et" and j + 2 < sentence.last and low[j + 1] in ("de", "d'")
            if joined and words[j + 2].islower():
                j += 1  # "la Société nationale de crédit et d'investissement"
            elif word in _STOPS or j + 1 >= sentence.last or not low[j + 1][0].isalpha():
                break
        elif words[j][0].isupper():
            end = j + 1
        elif word.isalpha() and not _verbal(word) and word not in PREPOSITIONS and end == j:
            if words[j - 1][0].isupper() and j - 1 > i:
                break
            end = j + 1
        elif word.isalpha() and low[j - 1] in ("de", "du", "d'", "la", "l'"):
            end = j + 1
        else:
            break
        j += 1
    told = any(w[0].isupper() or w.endswith(_OFFICIAL) for w in words[i + 1 : end])
    capital = low[i] in _FUNDS and not opening(reading, sentence, i)
    if end == i + 1 or not (told or capital):
        return None
    return Mention(i, end, "unknown", _tidy(reading.slice(i, end)), "investor")


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


#: Before a surname: "M. Smith".
_CIVIL = frozenset(("m", "mme", "mm", "mr", "mlle", "me", "dr"))


def _civil(reading: Reading, sentence: Sentence, first: int) -> bool:
    """ "M. Smith", "Mme Friar"."""
    low = reading.low
    at = first - 2 if low[first - 1] == "." else first - 1
    return at >= sentence.first and low[at] in _CIVIL


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


_VERBS = lexicon.words("grammar")["auxiliaries"]
_AUXILIARIES = frozenset((*_VERBS["words"], *_VERBS["others"]))


def subjectlike(reading: Reading, sentence: Sentence, after: int) -> bool:
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


def _verbal(word: str) -> bool:
    """Whether a word is a finite verb or an infinitive of the lists."""
    found = cues.verbs().get(word)
    return finite(word) or (found is not None and found[2] == "inf")


def _tidy(name: str) -> str:
    return " ".join(name.replace("\u00a0", " ").replace("\u202f", " ").split())
