"""Who is named: companies of the watch, media, persons, unknown names, descriptions, pronouns.

Each mention keeps the preposition that stands before it, because in French that is what tells a
payer ("par X") from a payee ("dans X"). Mentions that the text coordinates form one `Group`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from typing import Literal

from pipelines.claims import cues, lexicon
from pipelines.claims.lexicon import Phrases
from pipelines.claims.tokens import Reading, Sentence
from pipelines.records import Role, Watch

MentionKind = Literal["known", "unknown", "person", "media", "description", "pronoun"]

#: Words that may stand between a preposition and the name it governs.
_DETERMINERS = frozenset(
    "le la les l' un une des son sa ses leur leurs ce cet cette ces « \" notre".split()
)
_PREPOSITIONS: dict[str, str] = {
    "de": "de", "d'": "de", "du": "de", "des": "de", "à": "à", "au": "à", "aux": "à", "dans": "dans", "chez": "chez",
    "par": "par", "avec": "avec", "pour": "pour", "sur": "sur", "vers": "vers", "entre": "entre", "contre": "contre",
    "selon": "selon", "via": "par", "dont": "dont", "comme": "comme", "notamment": "comme", "hors": "hors", "sans": "hors",
    "sauf": "hors", "après": "hors", "avant": "hors", "devant": "hors", "derrière": "hors", "depuis": "hors", "envers": "à",
    "malgré": "hors", "outre": "avec", "face": "hors", "contrairement": "hors", "en": "en",
    "concernant": "sur", "dixit": "selon", "visant": "dans",
}  # fmt: skip
#: Two-word prepositions: "auprès de X" is not "de X".
_COMPOUND = {
    "auprès": "auprès", "capital": "dans", "profit": "pour", "faveur": "pour", "part": "par", "bénéfice": "pour",
    "côtés": "avec", "lieu": "hors", "près": "hors", "égard": "hors", "contrairement": "hors", "intention": "à",
    "quant": "", "côté": "", "compte": "pour", "houlette": "par", "destination": "à", "tête": "de", "compris": "comme",
    "direction": "par", "caisses": "par", "attention": "à", "charge": "par", "rapport": "hors", "propos": "hors", "actionnariat": "dans",
}  # fmt: skip
_JOINTS = frozenset((",", "et", "ainsi", "que", "puis", "/", "&", "ou", "encore", "le", "la", "les", "l'", "un", "une", "du", "de", "d'",
                     "des", "à", "au", "fonds", "groupe", "même", "comme", "dans", "chez", "par", "auprès", "avec", "mais", "aussi", "surtout", "notamment", "souverain", "enfin", "plus", "récemment", "son", "sa", "banque", "banques", "néerlandais", "américain", "britannique", "japonais", "émirati", "saoudien", "français", "singapourien", "norvégien", "canadien", "allemand", "suédois", "coréen", "géant", "fondation", "société", "assureur"))  # fmt: skip


@dataclass(frozen=True, slots=True)
class Mention:
    """One naming of a party. `first` includes the head ("le patron de X"), `last` is half open."""

    first: int
    last: int
    kind: MentionKind
    name: str | None  # None: not resolved yet, or ambiguous
    role: Role = "other"
    prep: str = ""
    sort: str = ""  # of a description: startup, group, neutral, rival
    candidates: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Group:
    """Mentions that the text coordinates."""

    mentions: tuple[Mention, ...]

    @property
    def first(self) -> int:
        """First token."""
        return self.mentions[0].first

    @property
    def last(self) -> int:
        """Token after the last one."""
        return self.mentions[-1].last

    @property
    def prep(self) -> str:
        """Preposition of the first member, which governs all."""
        return self.mentions[0].prep

    @property
    def names(self) -> tuple[str, ...]:
        """Resolved names, each once, in order."""
        return tuple(dict.fromkeys(m.name for m in self.mentions if m.name))


class _Names:
    """The tables of words/names.toml and words/outlets.toml."""

    def __init__(self) -> None:
        table, outlets = lexicon.words("names"), lexicon.words("outlets")
        self.heads = Phrases((lexicon.cut(w), "company") for w in table["heads"]["company"])
        self.persons = frozenset(table["heads"]["person"])
        self.descriptions = lexicon.phrases(table["descriptions"])
        self.joins = frozenset(table["joins"]["words"])
        self.marks = frozenset(table["marks"]["words"])
        self.never = frozenset(table["never"]["words"])
        self.firsts = frozenset(table["firsts"]["words"])
        self.media: Phrases[str] = Phrases(
            (lexicon.cut(line), name) for name, lines in outlets["media"].items() for line in lines
        )


@cache
def names() -> _Names:
    """The tables, loaded once."""
    return _Names()


@dataclass(frozen=True, slots=True)
class Known:
    """A watch, compiled for matching."""

    aliases: Phrases[str]
    whole: Phrases[tuple[str, ...]]  # periphrases as they stand; several names: ambiguous
    tails: Phrases[tuple[str, ...]]  # what follows a head noun
    roles: dict[str, Role]


@lru_cache(maxsize=16)
def compiled(watch: Watch) -> Known:
    """The tries of a watch."""
    aliases: Phrases[str] = Phrases()
    roles: dict[str, Role] = {}
    shared: dict[tuple[bool, tuple[str, ...]], list[str]] = {}
    for company in watch.companies:
        roles[company.name] = company.role
        for alias in (company.name, *company.aliases):
            aliases.add(_cased(alias), company.name)
        for line in (*company.periphrases, *company.ambiguous):
            star = line.startswith("*")
            key = (star, _without_article(lexicon.cut(line.lstrip("* "))))
            shared.setdefault(key, [])
            if company.name not in shared[key]:
                shared[key].append(company.name)
    whole: Phrases[tuple[str, ...]] = Phrases()
    tails: Phrases[tuple[str, ...]] = Phrases()
    for (star, key), owners in shared.items():
        (tails if star else whole).add(key, tuple(owners))
    return Known(aliases, whole, tails, roles)


def _cased(alias: str) -> tuple[str, ...]:
    from pipelines.claims import tokens

    return tuple(tokens.read(alias).words)


def _without_article(key: tuple[str, ...]) -> tuple[str, ...]:
    return key[1:] if len(key) > 1 and key[0] in ("le", "la", "les", "l'") else key


def find(reading: Reading, sentence: Sentence, known: Known, seen: frozenset[str]) -> list[Mention]:
    """Mentions of one sentence in order; `seen`: words that the text writes with a capital inside
    sentences, so that a first word may be trusted as a name."""
    out: list[Mention] = []
    i = sentence.first
    while i < sentence.last:
        mention = _at(reading, sentence, known, seen, i)
        if mention is None:
            i += 1
            continue
        out.append(_governed(reading, sentence, mention))
        i = mention.last
    return out


def _at(
    reading: Reading, sentence: Sentence, known: Known, seen: frozenset[str], i: int
) -> Mention | None:
    low, words, stop = reading.low, reading.words, sentence.last
    upper = words[i][0].isupper()
    if upper or words[i][0].isalpha():
        hit = known.aliases.at(words, i, stop)
        if hit is None and upper and words[i].isupper() and len(words[i]) > 3:
            hit = _shouted(known, words, i, stop)
        if hit is not None and not _inside_name(reading, sentence, hit.first, hit.last):
            return Mention(i, hit.last, "known", hit.value, known.roles[hit.value])
    if upper or (low[i] in ("l'", "le", "la")):
        media = names().media.at(low, i, stop)
        if (
            media is not None
            and words[media.last - 1][0].isupper()
            and _is_media(reading, media.first, media.last)
        ):
            return Mention(i, media.last, "media", media.value)
    periphrase = _periphrase(reading, known, i, stop)
    if periphrase is not None:
        return periphrase
    unknown = _unknown(reading, sentence, known, seen, i) if upper else None
    return unknown or _described(reading, sentence, i)


def _shouted(known: Known, words: Sequence[str], i: int, stop: int) -> lexicon.Hit[str] | None:
    return (
        known.aliases.at([*words[:i], words[i].capitalize(), *words[i + 1 : stop]], i, stop)
        if i < 60
        else None
    )


def _inside_name(reading: Reading, sentence: Sentence, first: int, last: int) -> bool:
    """Whether the alias is a part of a longer name ("Figure" in "Figure de proue" is not tested;
    "Capital One" for "Capital" is)."""
    words = reading.words
    if last < sentence.last and words[last][0].isupper() and not reading.near(last):
        follower = reading.low[last]
        return follower in names().marks and follower not in ("ai", "group", "cloud", "holdings")
    return False


def _is_media(reading: Reading, first: int, last: int) -> bool:
    return all(
        reading.words[k][0].isupper() or not reading.words[k].isalpha() or k == first
        for k in (first, last - 1)
    )


def _periphrase(reading: Reading, known: Known, i: int, stop: int) -> Mention | None:
    low = reading.low
    whole = known.whole.at(low, i, stop)
    head = names().heads.at(low, i, stop)
    tail = None
    if head is not None:
        for skip in range(3):
            j = head.last + skip
            if j >= stop or (skip and not low[j - 1].isalpha()):
                break
            tail = known.tails.at(low, j, stop)
            if tail is not None or (low[j] in _PREPOSITIONS):
                break
    hit = tail if tail is not None and (whole is None or tail.last >= whole.last) else whole
    if hit is None:
        return None
    if len(hit.value) == 1:
        name = hit.value[0]
        return Mention(i, hit.last, "known", name, known.roles[name])
    return Mention(i, hit.last, "description", None, sort="group", candidates=hit.value)


def _unknown(
    reading: Reading, sentence: Sentence, known: Known, seen: frozenset[str], i: int
) -> Mention | None:
    """A run of capitalised words that no list knows."""
    table, words, low = names(), reading.words, reading.low
    if low[i] in ("la", "le") and i > sentence.first and words[i - 1] not in _OPENERS:
        if i + 1 < sentence.last and words[i + 1][0].isupper():
            rest = _unknown(reading, sentence, known, seen, i + 1)
            named = rest is not None and rest.kind == "unknown" and rest.first == i + 1
            if rest is not None and named:  # "La Banque Postale" inside a sentence
                return replace(rest, first=i, name=_tidy(reading.slice(i, rest.last)))
    if low[i] in table.never and not (
        low[i] in table.marks and i + 1 < sentence.last and words[i + 1][0].isupper()
    ):
        return None
    if len(words[i]) == 1 and i == sentence.first:
        return None  # "B. Thinking Machines": the letter of a list
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
        ):
            j += 2
        elif (
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
_AUXILIARIES = frozenset(
    "a ont est sont va vont avait avaient aura auront aurait auraient doit doivent devrait pourrait peut vient s' n' ne se y".split()
)


def _subjectlike(reading: Reading, sentence: Sentence, after: int) -> bool:
    """Whether what follows a first word makes it a name: a verb, an apposition, a cell's edge."""
    low = reading.low
    if after >= sentence.last:
        return False
    word = low[after]
    if word in _AUXILIARIES or word == "|" or word.endswith(("rait", "raient", "era", "eront")):
        return True
    if word == "," and after + 1 < sentence.last:
        return low[after + 1] in ("qui", "le", "la", "l'", "son", "sa", "dont", "un", "une")
    if word == "et" and after + 1 < sentence.last:
        return reading.words[after + 1][0].isupper()
    return word in cues.verbs() and cues.verbs()[word][2] in ("pres", "past", "impf", "fut")


def _trusted(word: str, lowered: str, seen: frozenset[str]) -> bool:
    return lowered in seen or word.isupper() or not word[1:].islower()


def _tidy(name: str) -> str:
    return " ".join(name.replace("\u00a0", " ").replace("\u202f", " ").split())


def _described(reading: Reading, sentence: Sentence, i: int) -> Mention | None:
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
_IMPERSONAL = frozenset(
    "faut fallait faudra faudrait s'agit agit y reste est restait convient semble semblerait suffit suffira s' n' était sera serait".split()
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


def _governed(reading: Reading, sentence: Sentence, mention: Mention) -> Mention:
    """`mention` with its preposition; the head of "le patron de X" becomes part of it."""
    low = reading.low
    i = mention.first - 1
    steps = 0
    while i >= sentence.first and steps < 6:
        word = low[i]
        if word in _PREPOSITIONS:
            prep = _PREPOSITIONS[word]
            before = low[i - 1] if i > sentence.first else ""
            if prep == "de" and before in _COMPOUND:
                prep = _COMPOUND[before]
                if (
                    before == "capital"
                    and i - 2 >= sentence.first
                    and low[i - 2] in ("augmentation",)
                ):
                    prep = "de"
                if before == "part" and i - 2 >= sentence.first and low[i - 2] not in ("la",):
                    prep = "de"
            elif prep == "à" and before in ("grâce", "face", "contrairement", "quant"):
                prep = "" if before == "quant" else "hors"
            elif word in ("d'", "de") and before == "après" or word == "de" and before == "lieu":
                prep = "selon" if before == "après" and i - 2 >= sentence.first - 1 else prep
            elif prep == "de" and before in names().persons and word in ("de", "d'", "du"):
                first = _person_head(low, i - 1, sentence.first)
                return _governed(reading, sentence, replace(mention, first=first))
            return replace(mention, prep=prep)
        if word == "après" and i > sentence.first and low[i - 1] == "d'":
            return replace(mention, prep="selon")
        if word in _DETERMINERS or word in _HEADWORDS or (steps < 3 and _adjective(reading, i)):
            i -= 1
            steps += 1
            continue
        break
    return mention


def _person_head(low: Sequence[str], i: int, first: int) -> int:
    while i - 1 >= first and low[i - 1] in (
        "le",
        "la",
        "l'",
        "son",
        "grand",
        "directeur",
        "directrice",
    ):
        i -= 1
    return i


_HEADWORDS = frozenset(
    "fonds groupe géant société banque fabricant conglomérat assureur start up - souverain américain britannique japonais français émirati saoudien éditeur concurrent rival rivale spécialiste fournisseur allié partenaire investisseur milliardaire chinois allemand lyonnais londonien cabinet assistant constructeur industriel entreprise firme compagnie jeune pousse laboratoire capital-risqueur hébergeur producteur opérateur loueur norvégien suédois néerlandais coréen singapourien qatari koweïtien canadien suisse belge australien indien israélien".split()
)
_NATIONS = (
    "ais",
    "aise",
    "ien",
    "ienne",
    "ois",
    "oise",
    "ain",
    "aine",
    "and",
    "ande",
    "ique",
    "rati",
    "ratie",
)


def _adjective(reading: Reading, i: int) -> bool:
    return reading.low[i].endswith(_NATIONS) and reading.words[i].islower()


def group(reading: Reading, mentions: Sequence[Mention]) -> list[Group]:
    """Coordinations: mentions parted by nothing but commas, "et" and articles."""
    groups: list[list[Mention]] = []
    for mention in mentions:
        if groups and _coordinated(reading, groups[-1][-1], mention):
            groups[-1].append(mention)
        else:
            groups.append([mention])
    return [Group(tuple(members)) for members in groups]


def _introduced(gap: Sequence[str]) -> bool:
    """ "Temasek et son compatriote GIC": a joint, a determiner, a noun or two."""
    k = 0
    while k < len(gap) and gap[k] in (",", "et", "ou", "puis", "ainsi", "que", "de", "d'"):
        k += 1
    if k == 0 or k >= len(gap) or gap[k] not in _DETERMINERS:
        return False
    rest = gap[k + 1 :]
    return len(rest) <= 4 and all(w.isalpha() and w not in _PREPOSITIONS for w in rest)


def _coordinated(reading: Reading, one: Mention, two: Mention) -> bool:
    if "media" in (one.kind, two.kind) and one.kind != two.kind:
        return False
    if "pronoun" in (one.kind, two.kind):
        return False
    gap = reading.low[one.last : two.first]
    if not gap or len(gap) > 8 or not (all(w in _JOINTS for w in gap) or _introduced(gap)):
        return False
    if not any(w in (",", "et", "/", "&", "que", "puis", "ou", "comme") for w in gap):
        return False
    if two.prep and two.prep != one.prep and not (two.prep == "comme"):
        return bool(gap[-1] in ("de", "du", "d'", "des") and one.prep in ("auprès", "par"))
    return True
