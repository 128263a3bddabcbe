"""What a mention of a party is, and the word lists and watches that mentions are found with."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from typing import Any, Literal

from pipelines.claims import lexicon, tokens
from pipelines.claims.lexicon import Hit, Phrases
from pipelines.claims.record import record
from pipelines.records import Role, Watch

MentionKind = Literal["known", "unknown", "person", "media", "description", "pronoun", "state"]


_GRAMMAR = lexicon.words("grammar")
#: Words that may stand between a preposition and the name it governs.
NATIONS = tuple(_GRAMMAR["between"]["nations"])
DETERMINERS = frozenset(_GRAMMAR["between"]["determiners"])
#: What is somebody's own.
POSSESSIVES = frozenset(("son", "sa", "ses", "leur", "leurs"))


PREPOSITIONS: dict[str, str] = _GRAMMAR["prepositions"]


#: What a company does that is in the watch only to be known by its name.
ASIDE: frozenset[Role] = frozenset(("lender", "other"))
#: Two-word prepositions: "auprès de X" is not "de X".
COMPOUND: dict[str, str] = _GRAMMAR["compound"]


@record
class Mention:
    """One naming of a party. `first` includes the head ("le patron de X"), `last` is half open."""

    first: int
    last: int
    kind: MentionKind
    name: str | None  # None: not resolved yet, or ambiguous
    role: Role = "other"
    prep: str = ""
    sort: str = ""  # of a description: startup, group, neutral, rival, nation
    candidates: tuple[str, ...] = ()
    nation: str = ""  # masculine adjective that the text gives the party: "néerlandais"


@record
class Group:
    """Mentions that the text coordinates."""

    mentions: tuple[Mention, ...]
    #: Resolved names, each once, in order.
    names: tuple[str, ...] = field(init=False)
    first: int = field(init=False)  # token
    last: int = field(init=False)  # token after the last one
    prep: str = field(init=False)  # of the first member, which governs all

    def __post_init__(self) -> None:
        own: Any = self  # frozen to mypy alone, see record.py
        opening, closing = self.mentions[0], self.mentions[-1]
        own.first, own.last, own.prep = opening.first, closing.last, opening.prep
        if opening is closing:  # as in most
            own.names = (opening.name,) if opening.name else ()
        else:
            own.names = tuple(dict.fromkeys([m.name for m in self.mentions if m.name]))


class _Names:
    """The tables of words/names.toml, words/nobody.toml and words/outlets.toml."""

    def __init__(self) -> None:
        table, outlets = lexicon.words("names"), lexicon.words("outlets")
        self.heads = Phrases((lexicon.cut(w), "company") for w in table["heads"]["company"])
        self.persons = frozenset(table["heads"]["person"])
        self.descriptions = lexicon.phrases(table["descriptions"])
        self.joins = frozenset(table["joins"]["words"])
        self.marks = frozenset(table["marks"]["words"])
        self.never = frozenset(table["never"]["words"])
        self.firsts = frozenset(table["firsts"]["words"])
        self.families = frozenset(table["heads"]["family"])
        self.trades: dict[str, Role] = {w: r for r, ws in table["trades"].items() for w in ws}
        self.common = frozenset(table["common"]["words"])
        self.nations = {w: m for m, forms in table["nations"].items() for w in (m, *forms)}
        self.demonyms = frozenset(w.removesuffix("s") for w in self.nations)
        nobody = lexicon.words("nobody")
        self.nobody: Phrases[str] = Phrases(
            (lexicon.cut(line), part)
            for part, kinds in nobody.items()
            for lines in kinds.values()
            for line in lines
        )
        self.media: Phrases[str] = Phrases(
            (lexicon.cut(line), name) for name, lines in outlets["media"].items() for line in lines
        )


@cache
def names() -> _Names:
    """The tables, loaded once."""
    return _Names()


#: Letters of a word in capitals that may be a name written small elsewhere; fewer are a code.
_SHOUTED = 4


@dataclass(frozen=True, slots=True)
class Known:
    """A watch, compiled for matching."""

    aliases: Phrases[str]
    shouted: Phrases[str]  # the same in capitals, for headings and labels
    whole: Phrases[tuple[str, ...]]  # periphrases as they stand; several names: ambiguous
    tails: Phrases[tuple[str, ...]]  # what follows a head noun
    roles: dict[str, Role]
    watched: frozenset[str]  # whose deals are followed
    calls: frozenset[str]  # each way to name one of these that is one token
    longer: dict[str, list[frozenset[str]]]  # tokens of each longer one, by one of them
    openers: frozenset[str]  # tokens with which a name or periphrase begins
    small_openers: frozenset[str]  # in small letters, those of them that begin without a capital
    heralds: frozenset[str]  # those of a periphrase or of the noun before a tail

    def is_named(self, low: Collection[str]) -> bool:
        """Whether one that is followed can be meant anywhere among these tokens of a text."""
        if not self.calls.isdisjoint(low):
            return True
        present = frozenset(low)
        begun = self.longer.keys() & present
        return any(call <= present for token in begun for call in self.longer[token])

    def named(self, words: Sequence[str], i: int, stop: int) -> Hit[str] | None:
        """The company whose name begins at token `i`, as it is written or in capitals."""
        hit = self.aliases.at(words, i, stop)
        if hit is None and len(words[i]) >= _SHOUTED and words[i].isupper():
            hit = self.shouted.at(words, i, stop)
        return hit


#: How many watches are kept compiled.
MOST_WATCHES = 16
_KEPT: dict[int, tuple[Watch, Known]] = {}


def compiled(watch: Watch) -> Known:
    """The tries of a watch.

    Asked once a text: the hash of 760 companies took a twentieth of the time that reading one
    takes, so the very same watch is known by its identity.
    """
    kept = _KEPT.get(id(watch))
    if kept is not None and kept[0] is watch:  # it is held here, so that no other has its identity
        return kept[1]
    known = _compiled(watch)
    if len(_KEPT) >= MOST_WATCHES:
        _KEPT.clear()
    _KEPT[id(watch)] = (watch, known)
    return known


@lru_cache(maxsize=MOST_WATCHES)
def _compiled(watch: Watch) -> Known:
    aliases: Phrases[str] = Phrases()
    shouted: Phrases[str] = Phrases()
    roles: dict[str, Role] = {}
    shared: dict[tuple[bool, tuple[str, ...]], list[str]] = {}
    calls: set[frozenset[str]] = set()
    for company in watch.companies:
        followed = company.watched and company.role not in ASIDE
        roles[company.name] = company.role
        for alias in (company.name, *company.aliases):
            aliases.add(_cased(alias), company.name)
            shouted.add(_cased(alias.upper()), company.name)
            if followed:
                calls |= {frozenset(lexicon.cut(alias)), frozenset(lexicon.cut(alias.upper()))}
        for line in (*company.periphrases, *company.ambiguous):
            star = line.startswith("*")
            place = (star, _without_article(lexicon.cut(line.lstrip("* "))))
            if followed:
                calls.add(frozenset(place[1]))
            owners = shared.setdefault(place, [])
            if company.name not in owners:
                owners.append(company.name)
    whole: Phrases[tuple[str, ...]] = Phrases()
    tails: Phrases[tuple[str, ...]] = Phrases()
    for (star, words), owners in shared.items():
        (tails if star else whole).add(words, tuple(owners))
    watched = frozenset(c.name for c in watch.companies if c.watched and c.role not in ASIDE)
    openers = aliases.openers | shouted.openers | whole.openers
    alone = frozenset(token for call in calls if len(call) == 1 for token in call)
    longer: dict[str, list[frozenset[str]]] = {}
    for call in calls:
        if len(call) > 1:
            longer.setdefault(max(call, key=len), []).append(call)  # the rarest, most likely
    heralds = whole.openers | names().heads.openers
    small = frozenset(token.lower() for token in openers if not token[0].isupper())
    return Known(
        aliases, shouted, whole, tails, roles, watched, alone, longer, openers, small, heralds
    )


def _cased(alias: str) -> tuple[str, ...]:
    return tuple(tokens.words(alias))


def _without_article(key: tuple[str, ...]) -> tuple[str, ...]:
    return key[1:] if len(key) > 1 and key[0] in ("le", "la", "les", "l'") else key
