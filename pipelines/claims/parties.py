"""Who is named: companies of the watch, media, persons, unknown names, descriptions, pronouns.

Each mention keeps the preposition that stands before it, because in French that is what tells a
payer ("par X") from a payee ("dans X"). Mentions that the text coordinates form one `Group`.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, lru_cache
from itertools import pairwise

from pipelines.claims import describing, lexicon, numerals, persons, standing, states
from pipelines.claims.describing import described
from pipelines.claims.lexicon import Hit
from pipelines.claims.mentions import (
    COMPOUND,
    DETERMINERS,
    MOST_WATCHES,
    NATIONS,
    PREPOSITIONS,
    Group,
    Known,
    Mention,
    compiled,
    names,
)
from pipelines.claims.naming import finite, unknown
from pipelines.claims.nobody import nobody
from pipelines.claims.record import replace
from pipelines.claims.tokens import PLAIN, Reading, Sentence

__all__ = ["Group", "Known", "Mention", "compiled", "find", "group", "names"]

#: Articles that belong to the name of a medium.
_BEFORE_MEDIA = frozenset(("l'", "le", "la"))
#: Nations of most companies, which say nothing against a periphrase; whose homes the others are.
_AT_HOME = frozenset(("américain", "californien"))
_HOMES: dict[str, frozenset[str]] = {
    nation: frozenset(companies)
    for nation, companies in lexicon.words("references")["nations"].items()
}
_JOINTS = frozenset(lexicon.words("grammar")["joints"]["words"])


def find(reading: Reading, sentence: Sentence, known: Known) -> list[Mention]:
    """Mentions of one sentence in order."""
    out: list[Mention] = []
    free = sentence.first
    for i in _beginnings(reading, sentence, known):
        if i < free:
            continue
        mention = _at(reading, sentence, known, i)
        if isinstance(mention, int):
            free = mention
            continue
        free = mention.last
        if _former(reading, sentence, mention):
            continue
        if out and _introduces(reading, out[-1], mention):
            out.pop()  # "la banque publique Bpifrance" names one party
        mention = standing.placed(reading, sentence, _governed(reading, sentence, mention))
        if not standing.left_behind(reading, sentence, mention):
            out.append(_of_nation(reading, sentence, mention))
    return persons.placed(reading, sentence, out)


def _beginnings(reading: Reading, sentence: Sentence, known: Known) -> list[int]:
    """Words that may begin a mention, and few others; most of a text begin none."""
    first, last, small = sentence.first, sentence.last, _small(known.small_openers)
    span = zip(range(first, last), reading.low[first:last], reading.words[first:last], strict=True)
    return [i for i, low, word in span if low in small or word[0] not in PLAIN]


@lru_cache(maxsize=MOST_WATCHES)
def _small(own: frozenset[str]) -> frozenset[str]:
    """Small words with which a mention may begin, those of a watch's names among them."""
    return _openers() | own


@cache
def _openers() -> frozenset[str]:
    """Small words with which a mention may begin, names apart."""
    return describing.openers().union(
        names().heads.openers, states.openers(), _BEFORE_MEDIA, ("famille",)
    )


def _of_nation(reading: Reading, sentence: Sentence, mention: Mention) -> Mention:
    """ "l'australien Pelican Rock", "le groupe néerlandais ASML": what the text says it is from."""
    if mention.first == sentence.first or mention.kind not in ("known", "unknown"):
        return mention
    nation = names().nations.get(reading.low[mention.first - 1])
    return mention if nation is None else replace(mention, nation=nation)


def _former(reading: Reading, sentence: Sentence, mention: Mention) -> bool:
    """Whether a name is what somebody was called or left: "l'ex-Yandex", "l'ancien Twitter"."""
    low, k = reading.low, mention.first - 1
    if mention.kind not in ("known", "unknown") or k < sentence.first:
        return False
    if low[k] == "-" and k > sentence.first and low[k - 1] == "ex":
        return True
    return low[k] in ("ancien", "ancienne") and low[k - 1] in ("l'", "d'", "un", "une", "son")


def _introduces(reading: Reading, one: Mention, two: Mention) -> bool:
    """Whether description `one` only says what `two`, right after it, is."""
    if two.kind not in ("known", "unknown"):
        return False
    if one.kind == "known":  # "le fonds émirati Mubadala" is not the one that is often called so
        return one.last == two.first and reading.words[one.last - 1].islower()
    if one.kind != "description" or one.candidates:
        return False
    gap = reading.low[one.last : two.first]
    return len(gap) <= 2 and all(w.isalpha() and w not in PREPOSITIONS for w in gap)


def _at(reading: Reading, sentence: Sentence, known: Known, i: int) -> Mention | int:
    """The mention that begins at token `i`, or the token from which on to look for the next one."""
    low, words, stop = reading.low, reading.words, sentence.last
    word, opening = words[i], words[i][0]
    upper = opening.isupper()
    if word in known.openers and opening.isalnum():
        hit = known.named(words, i, stop)
        if hit is not None and hit.last == i + 1 and low[i] in names().common:
            hit = hit if _surely(reading, sentence, i) else None
        if hit is not None and not _inside_name(reading, sentence, hit.last):
            return Mention(i, hit.last, "known", hit.value, known.roles[hit.value])
    article = word in _BEFORE_MEDIA
    if upper or article or opening.isdigit():
        media = names().media.at(low, i, stop)
        if media is not None and _is_media(reading, media.first, media.last):
            return Mention(i, media.last, "media", media.value)
    if article:
        return i + 1  # nothing else begins with one
    periphrase = _periphrase(reading, known, i, stop) if low[i] in known.heralds else None
    if periphrase is not None:
        return periphrase
    state = states.state(reading, sentence, i) if upper or low[i] in states.openers() else None
    if state is not None and not (  # "Le gouvernement albanais", as the watch calls somebody
        low[i] in _BEFORE_MEDIA and _periphrase(reading, known, i + 1, stop)
    ):
        return state
    end = nobody(reading, sentence, i) if upper else None
    begins = end is None and state is None and (upper or opening.isdigit() or low[i] == "famille")
    found = unknown(reading, sentence, known, i) if begins else None
    if found is None and state is None and low[i] in _openers():
        found = described(reading, sentence, i)
    return found or end or i + 1


def _surely(reading: Reading, sentence: Sentence, i: int) -> bool:
    """Whether a name that is also an everyday word or a first name ("Figure", "Harvey") names the
    company here: no part of a longer name, and not just a capital that opens a sentence."""
    words, low = reading.words, reading.low
    after = words[i + 1] if i + 1 < sentence.last else ""
    if after[:1].isupper() and after.isalpha() and low[i + 1] not in names().never:
        return False
    if i > sentence.first:
        before = words[i - 1]
        return not (before[0].isupper() and before.isalpha() and low[i - 1] in names().firsts)
    return (
        low[i] in reading.seen() or not after[:1].islower() or finite(low[i + 1]) or after == "et"
    )


def _inside_name(reading: Reading, sentence: Sentence, last: int) -> bool:
    """Whether the alias is a part of a longer name ("Figure" in "Figure de proue" is not tested;
    "Capital One" for "Capital" is)."""
    words = reading.words
    if last < sentence.last and words[last][0].isupper() and not reading.near(last):
        follower = reading.low[last]
        return follower in names().marks and follower not in ("ai", "group", "cloud", "holdings")
    return False


def _is_media(reading: Reading, first: int, last: int) -> bool:
    """Whether the name of a medium is written as one: with a capital at its end, or with a number
    that is glued to it ("TF1", "01net") or counts no money ("France 24")."""
    words, end = reading.words, last - 1
    if words[end][0].isupper():
        return True
    if end == first or not (words[end][0].isdigit() or words[end - 1][0].isdigit()):
        return False
    counts = reading.low[last : last + 1] and reading.low[last] in numerals.tables().scales
    return reading.near(end) or (words[end - 1][0].isupper() and not counts)


_INDEFINITE = ("un", "une")
_OF = frozenset(("de", "d'", "du", "des"))


def _anybody(low: Sequence[str], i: int) -> bool:
    """Whether an article makes a periphrase that of no one company: "un fonds émirati", and the
    last word of "un géant japonais"."""
    if low[i - 1] in _INDEFINITE:
        return i > 0
    return i > 1 and low[i - 2] in _INDEFINITE and names().heads.at(low, i - 1, i) is not None


def _periphrase(reading: Reading, known: Known, i: int, stop: int) -> Mention | None:
    low = reading.low
    if _anybody(low, i):
        return None
    whole = known.whole.at(low, i, stop)
    head = names().heads.at(low, i, stop)
    tail = None
    if head is not None:
        for skip in range(3):
            j = head.last + skip
            if j >= stop or (skip and not low[j - 1].isalpha()):
                break
            tail = known.tails.at(low, j, stop)
            if tail is not None or (low[j] in PREPOSITIONS):
                break
    hit = tail if tail is not None and (whole is None or tail.last > whole.last) else whole
    if hit is None or (hit.last < stop and low[hit.last] in names().nations and _abroad(low, hit)):
        return None
    if hit.last == i + 1 and not _is_noun(reading, i, stop):
        return None
    name = hit.value[0]
    if hit is tail and low[i] == "fonds" and known.roles[name] == "other":
        return Mention(i, hit.last, "description", None, sort="group")  # "le fonds de Menlo Park"
    if len(hit.value) == 1:
        return Mention(i, hit.last, "known", name, known.roles[name])
    return Mention(i, hit.last, "description", None, sort="group", candidates=hit.value)


def _is_noun(reading: Reading, i: int, stop: int) -> bool:
    """Whether a periphrase of one word stands for somebody: not "le marché japonais", "le japonais
    Asahi", "Nippon Paint", "le conglomérat de presse"."""
    low, words = reading.low, reading.words
    after = words[i + 1] if i + 1 < stop else ""
    named = after[:1].isupper() and not after.isupper()
    if low[i] in names().nations:
        return not named and i > 0 and low[i - 1] in describing.DEFINITE
    of_what = after in ("de", "d'") and i + 2 < stop and words[i + 2].islower()
    return not (named and words[i].islower()) and not (of_what and low[i + 2] not in DETERMINERS)


def _abroad(low: Sequence[str], hit: Hit[tuple[str, ...]]) -> bool:
    """Whether the nation behind a periphrase is not that of whom it usually means: "un conglomérat
    coréen", "le moteur de recherche chinois"."""
    nation = names().nations[low[hit.last]]
    return nation not in _AT_HOME and _HOMES.get(nation, frozenset()).isdisjoint(hit.value)


def _governed(reading: Reading, sentence: Sentence, mention: Mention) -> Mention:
    """`mention` with its preposition; the head of "le patron de X" becomes part of it."""
    if mention.prep:
        return mention  # "lui", "y": the preposition is in the word
    low = reading.low
    i = mention.first - 1
    steps = 0
    while i >= sentence.first and steps < 6:
        word = low[i]
        if word in PREPOSITIONS:
            prep = PREPOSITIONS[word]
            before = low[i - 1] if i > sentence.first else ""
            if prep == "de" and before in COMPOUND:
                prep = COMPOUND[before]
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
            elif (word in ("d'", "de") and before == "après") or (
                word == "de" and before == "lieu"
            ):
                prep = "selon" if before == "après" and i - 2 >= sentence.first - 1 else prep
            elif prep == "de" and before in names().persons and word in ("de", "d'", "du"):
                first = _person_head(low, i - 1, sentence.first)
                return _governed(reading, sentence, replace(mention, first=first))
            return replace(mention, prep=prep)
        if word == "après" and i > sentence.first and low[i - 1] == "d'":
            return replace(mention, prep="selon")
        if word in DETERMINERS or word in _HEADWORDS or (steps < 3 and _adjective(reading, i)):
            i -= 1
            steps += 1
            continue
        named = mention.kind in ("known", "unknown") and not _begins(low, mention.last)
        if named and steps < _APPOSED and _described(reading, sentence, i):
            i -= 1
            steps += 1
            continue
        break
    return mention


#: How many words a trade may have before the name: "au chantier naval Piriou".
_APPOSED = 3
_ADVERBIAL = frozenset(lexicon.words("grammar")["between"]["adverbial"])
_CLAUSES = frozenset(("que", "qu'", "où", "dont", "quand"))
_MERGED, _ARTICLES, _BEFORE_ARTICLES = ("au", "du"), ("l'", "la"), ("à", "de")


def _begins(low: Sequence[str], k: int) -> bool:
    """Whether a clause goes on at token `k`, behind its subject: "au total Nvidia apporte"."""
    return k < len(low) and (finite(low[k]) or low[k] == "et")


def _described(reading: Reading, sentence: Sentence, i: int) -> bool:
    """Whether token `i` ends what a name behind a preposition is said to be: "au sidérurgiste X",
    "à l'électricien espagnol X", not "à la fois X et Y"."""
    low = reading.low
    for k in range(i, max(i - _APPOSED, sentence.first), -1):
        word = low[k]
        if not (reading.words[k].islower() and word.isalpha()):
            return False
        if word in PREPOSITIONS or word in _ADVERBIAL or word in _CLAUSES or finite(word):
            return False
        if low[k - 1] in _MERGED:
            return True
        if low[k - 1] in _ARTICLES and low[max(k - 2, sentence.first)] in _BEFORE_ARTICLES:
            return True
    return False


_BEFORE_HEADS = frozenset(("le", "la", "l'", "son", "grand", "directeur", "directrice"))


def _person_head(low: Sequence[str], i: int, first: int) -> int:
    while i - 1 >= first and low[i - 1] in _BEFORE_HEADS:
        i -= 1
    return i


_HEADWORDS = frozenset(lexicon.words("grammar")["between"]["heads"])


def _adjective(reading: Reading, i: int) -> bool:
    word = reading.low[i]
    return word.endswith(NATIONS) and reading.words[i].islower() and word not in _ADVERBIAL


def group(reading: Reading, mentions: Sequence[Mention]) -> list[Group]:
    """Coordinations: mentions parted by nothing but commas, "et" and articles."""
    groups: list[list[Mention]] = []
    for mention in mentions:
        if groups and _coordinated(reading, groups[-1], mention):
            groups[-1].append(mention)
        else:
            groups.append([mention])
    return [Group(tuple(members)) for members in groups]


def _opens_clause(reading: Reading, after: int) -> bool:
    """Whether a name begins a clause: "dans OpenAI, et Amazon 20", "et Amazon mettra"."""
    low = reading.low
    if after >= len(low):
        return False
    word = low[after]
    if word[0].isdigit() or word == "jusqu'" or finite(word):
        return True
    return word == "(" and after + 1 < len(low) and low[after + 1][0].isdigit()


def _introduced(gap: Sequence[str]) -> bool:
    """ "Temasek et son compatriote GIC": a joint, a determiner, a noun or two."""
    k = 0
    while k < len(gap) and gap[k] in (",", "et", "ou", "puis", "ainsi", "que", "de", "d'"):
        k += 1
    if k == 0 or k >= len(gap) or gap[k] not in DETERMINERS:
        return False
    rest = gap[k + 1 :]
    return len(rest) <= 4 and all(w.isalpha() and w not in PREPOSITIONS for w in rest)


#: What rather goes on to a second name than ends before a clause: "par Apollo et Blackstone a".
_AGENTS = frozenset(("par", "auprès", "avec", "entre"))


def _coordinated(reading: Reading, before: Sequence[Mention], two: Mention) -> bool:
    """Whether a mention goes on with the ones coordinated so far."""
    one, prep = before[-1], before[0].prep
    if "media" in (one.kind, two.kind) and one.kind != two.kind:
        return False
    if "pronoun" in (one.kind, two.kind) or standing.apposed(reading, one, two):
        return False
    gap = reading.low[one.last : two.first]
    joined = one.prep in _AGENTS and "," not in gap
    if one.prep and two.prep != one.prep and not joined and _opens_clause(reading, two.last):
        return False
    if not gap or len(gap) > 8 or not (all(w in _JOINTS for w in gap) or _introduced(gap)):
        return False
    if not any(w in (",", "et", "/", "&", "que", "puis", "ou", "comme") for w in gap):
        return False
    if two.prep and two.prep not in (one.prep, prep, "comme"):
        # "auprès de X, Y et du japonais Z"
        return prep in ("auprès", "par") and any(
            word in _OF and joint in (",", "et", "ou") for joint, word in pairwise(gap)
        )
    return True
