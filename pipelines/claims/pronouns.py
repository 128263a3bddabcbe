"""Pronouns and ordinals in the place of a party: which words they are, not whom they stand for."""

from __future__ import annotations

from collections.abc import Sequence

from pipelines.claims import cues, lexicon
from pipelines.claims.mentions import PREPOSITIONS, Mention
from pipelines.claims.naming import finite
from pipelines.claims.tokens import Reading, Sentence

_TABLE = lexicon.words("references")
_PERSONAL: dict[str, str] = _TABLE["personal"]
_ORDINALS: dict[str, str] = _TABLE["ordinals"]
#: What may follow a pronoun that a noun would turn into an adjective.
_ALONE = frozenset(_TABLE["alone"]["words"])
_NOUNS = frozenset(_TABLE["alone"]["nouns"])
_COUNTED = frozenset(_TABLE["plural"]["nouns"])
_IMPERSONAL_VERBS = frozenset(_TABLE["impersonal"]["verbs"])
_AFTER_BEING = frozenset(_TABLE["impersonal"]["after_being"])
_GIVING = frozenset(_TABLE["giving"]["sorts"])
#: How many names each number word counts.
COUNTS: dict[str, int] = _TABLE["plural"]["counts"]

_ARTICLES = frozenset(("le", "la", "du", "au", "les", "des", "aux"))
_LAST = frozenset(("dernier", "dernière", "derniers", "dernières"))
#: What may stand before a clitic with its infinitive: "pour lui avancer", "à y injecter".
_BEFORE_INFINITIVE = frozenset(("à", "de", "d'", "pour"))
#: "l'un d'eux" may be anybody.
_PARTITIVE = frozenset(("de", "d'", "des"))
#: Words with which a pronoun or ordinal begins: most words of a text are none of these.
OPENERS = frozenset(
    "celui celle ceux celles ce cette ces un une autre lui leur y où".split()
).union(_PERSONAL, _ORDINALS, COUNTS)
#: How many tokens a verb of giving may stand behind its clitic: "lui avait déjà confié".
_HELPED = 4


def pronoun(reading: Reading, sentence: Sentence, i: int) -> Mention | None:
    """The pronoun that begins at token `i`; its sort says how it is resolved."""
    low, stop = reading.low, sentence.last
    word, after = low[i], low[i + 1 : min(i + 3, stop)]
    before = low[i - 1] if i > sentence.first else ""
    follower = after[0] if after else ""
    if word in _PERSONAL:
        emphatic = len(after) > 1 and after[0] == "-" and after[1].startswith("même")
        if emphatic or (word == "il" and _impersonal(low[i + 1 : min(i + 5, stop)])):
            return None
        return _standing(i, i + 1, _PERSONAL[word])
    if word in ("celui", "celle", "ceux", "celles") and after == ["-", "ci"]:
        return _standing(i, i + 3, "latest" if word in ("celui", "celle") else "plural")
    if word in ("ce", "cette", "ces") and follower in _LAST and alone(low, i + 2, stop):
        return _standing(i, i + 2, "plural" if word == "ces" else "latest")
    counted = word[-1] == "s" and before in COUNTS  # "les deux premiers"
    if word in _ORDINALS and (before in _ARTICLES or counted) and alone(low, i + 1, stop):
        return _standing(i, i + 1, _ORDINALS[word])
    if (
        word in ("un", "une", "autre")
        and before == "l'"
        and follower not in _PARTITIVE
        and alone(low, i + 1, stop)
    ):
        return _standing(i, i + 1, "other" if word == "autre" else "one")
    if word in COUNTS and before in ("les", "tous", "toutes"):
        if follower in _COUNTED:
            return _standing(i, i + 2, "plural")
        return _standing(i, i + 1, "plural") if alone(low, i + 1, stop) else None
    return _clitic(low, i, before, stop)


def _standing(first: int, last: int, sort: str, prep: str = "") -> Mention:
    return Mention(first, last, "pronoun", None, prep=prep, sort=sort)


def alone(low: Sequence[str], k: int, stop: int) -> bool:
    """Whether no noun follows at token `k`."""
    if k >= stop or not low[k].isalpha():
        return True
    word = low[k]
    return word in _ALONE or word in PREPOSITIONS or (finite(word) and word not in _NOUNS)


def _clitic(low: Sequence[str], i: int, before: str, stop: int) -> Mention | None:
    """Who gets or where it goes: "lui avance 2 milliards", "y consacrera", "OpenAI, où il a"."""
    word = low[i]
    if word not in ("lui", "leur", "y", "où") or i + 1 >= stop or not before:
        return None
    if word == "où":
        return _standing(i, i + 1, "where", "dans") if before == "," else None
    infinitive = low[i + 1].endswith(("er", "ir", "re"))
    if before in PREPOSITIONS and not (infinitive and before in _BEFORE_INFINITIVE):
        return None
    if word == "y":
        here = before not in ("il", "n'", "s'") and _gives(low, i + 1, stop)
        return _standing(i, i + 1, "there", "dans") if here else None
    if before != "," and (infinitive or finite(low[i + 1])):
        return _standing(i, i + 1, "him" if word == "lui" else "plural", "à")
    return None


def _gives(low: Sequence[str], k: int, stop: int) -> bool:
    """Whether the verb at `k`, or the one that it helps, is one of giving."""
    for word in low[k : min(k + _HELPED, stop)]:
        found = cues.verbs().get(word)
        if found is not None and found[0] in _GIVING:
            return True
        if not word.isalpha():
            return False
    return False


def _impersonal(after: Sequence[str]) -> bool:
    """What follows "il faut", "il y a", "il s'agit", "il est question"."""
    words = [w for w in after if w != "ne"]
    if not words or words[0] in _IMPERSONAL_VERBS:
        return True
    second = words[1] if len(words) > 1 else ""
    if words[0] == "y":
        return second in ("a", "avait", "aura", "aurait", "eut")
    if words[0] == "s'":
        return second.startswith("agi")
    return words[0] in ("est", "était", "serait") and second in _AFTER_BEING
