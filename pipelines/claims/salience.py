"""What a text has named so far: who is in the foreground, what was said of whom, what it listed.

A company is the more present if the title or first sentence names it, if it was named in the same
paragraph, lately, most, and high in its sentence (subject, object, complement). Words that stood
beside a name ("le fonds émirati MGX", "Lambda, loueur de puces") are kept: later they point at it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from pipelines.claims.mentions import DETERMINERS, Group, Mention
from pipelines.claims.record import record
from pipelines.claims.tokens import Reading
from pipelines.records import Role

YOUNG: frozenset[Role] = frozenset(("subject", "rival"))
LARGE: frozenset[Role] = frozenset(("investor", "partner", "lender", "other"))
#: How many namings back a start-up may be that nothing refers to; how many are kept at all.
REACH, KEPT = 14, 60
#: How many sentences back a reference may reach, and how many enumerations are kept.
SENTENCES, KEPT_LISTS = 8, 8

# Weights, in one unit. They were fitted as a ranking over the annotated texts (the right answer is
# a party of a claim that its sentence does not name) and rounded: halves make no difference.
TITLED, SAME_PARAGRAPH, MOST_NAMED = 2.0, 2.0, 0.5
#: Place in the sentence: subject, opening phrase ("Chez Anthropic, ..."), object, behind another
#: preposition, complement of a noun ("le rival d'OpenAI") or one of several coordinated names.
SUBJECT, OPENING, OBJECT, OBLIQUE, COMPLEMENT = 2.0, 1.0, 0.6, 0.3, 0.0
#: What each sentence in between takes away, and what being named in the reference's own sentence
#: does, where a writer would rather use the name's own pronoun.
FADE, HERE = 0.5, 1.0
#: How many tokens before and after a name may say what it is, and their least length.
_BESIDE, _WORD = 6, 4


@record
class Naming:
    """A company named: in which sentence and paragraph, how high."""

    mention: Mention
    sentence: int
    paragraph: int
    rank: float


@dataclass(slots=True)
class Past:
    """Companies named so far, the last one last."""

    namings: list[Naming] = field(default_factory=list)
    subjects: list[str] = field(default_factory=list)  # first unprefixed name of each sentence
    listed: list[tuple[int, tuple[str, ...]]] = field(default_factory=list)  # sentence, names
    counted: tuple[int, tuple[str, ...]] = (0, ())  # what the last "le premier" counted in
    heard: list[tuple[int, Sequence[Group]]] = field(default_factory=list)  # may hold some more
    roles: dict[str, Role] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)
    most: int = 0  # namings of whoever is named most
    titled: set[str] = field(default_factory=set)  # named by the title or first sentence
    unread: dict[str, list[Mention]] = field(default_factory=dict)  # names, until somebody asks
    told: dict[str, set[str]] = field(default_factory=dict)  # words that stood beside a name
    state: str | None = None  # country or ministry named last
    sentence: int = 0  # index of the sentence being read

    @property
    def named(self) -> list[Mention]:
        """Mentions, the last one last."""
        return [n.mention for n in self.namings]

    def take(self, reading: Reading, groups: Sequence[Group]) -> None:
        """Remember a sentence's resolved mentions."""
        subject = None
        for naming in self.ranked(reading, groups):
            mention, name = naming.mention, naming.mention.name
            assert name is not None  # only named mentions are ranked
            self.namings.append(naming)
            count = self.counts[name] = self.counts.get(name, 0) + 1
            self.most = max(self.most, count)
            self.roles.setdefault(name, mention.role)
            if subject is None and not mention.prep:
                subject = name
            if self.sentence == 0:
                self.titled.add(name)
            if mention.kind in ("known", "unknown"):
                self.unread.setdefault(name, []).append(mention)
        if subject:
            self.subjects.append(subject)
        for group in groups:
            if group.mentions[0].kind == "state" and group.names:
                self.state = group.names[-1]
        if len(groups) > 1 or (groups and len(groups[0].names) > 1):
            self.heard.append((self.sentence, groups))
        self.sentence += 1
        del self.namings[:-KEPT]

    @property
    def lists(self) -> list[tuple[int, tuple[str, ...]]]:
        """The last enumerations; few texts refer to any."""
        for sentence, groups in self.heard:
            self.listed.extend((sentence, names) for names in enumerations(groups))
        self.heard.clear()
        del self.listed[:-KEPT_LISTS]
        return self.listed

    def words(self, reading: Reading, name: str) -> set[str]:
        """Words that stood beside a name so far; few are ever asked for."""
        told = self.told.setdefault(name, set())
        for mention in self.unread.pop(name, ()):
            told.update(_beside(reading, mention))
        return told

    def young(self, name: str) -> bool:
        """Whether `name` is a company that raises money rather than one that gives it."""
        return self.roles.get(name) in YOUNG

    def last_young(self, but: Sequence[str] = ()) -> str | None:
        """The start-up named last."""
        return self._last(YOUNG, but)

    def last_big(self, but: Sequence[str] = ()) -> str | None:
        """The investor or supplier named last."""
        return self._last(LARGE, but)

    def _last(self, roles: frozenset[Role], but: Sequence[str]) -> str | None:
        named = (n.mention for n in reversed(self.namings[-REACH:]))
        return next((m.name for m in named if m.role in roles and m.name not in but), None)

    def ranked(self, reading: Reading, groups: Sequence[Group]) -> Iterator[Naming]:
        """Companies of the sentence being read with their rank."""
        paragraph = reading.sentences[self.sentence].paragraph
        for mention, rank in _ranks(groups):
            yield Naming(mention, self.sentence, paragraph, rank)

    def presence(self, reading: Reading, here: Sequence[Naming]) -> dict[str, float]:
        """How present each company is by its last naming; `here`: those of this sentence so far."""
        paragraph = reading.sentences[self.sentence].paragraph
        out: dict[str, float] = {}
        for naming in (*self.namings, *here):
            name, age = naming.mention.name, self.sentence - naming.sentence
            if name is None or age > SENTENCES:
                continue
            weight = naming.rank - (FADE * age or HERE)
            weight += SAME_PARAGRAPH * (naming.paragraph == paragraph)
            weight += MOST_NAMED * (self.counts.get(name, 0) == self.most)
            out[name] = weight + TITLED * (name in self.titled)
        return out


def _ranks(groups: Sequence[Group]) -> Iterator[tuple[Mention, float]]:
    """Companies of a sentence, each with its place in it."""
    subject = False
    for k, group in enumerate(groups):
        for mention in group.mentions:
            if not mention.name or mention.kind in ("media", "person", "state"):
                continue
            if len(group.names) > 1 or group.prep == "de":
                rank = COMPLEMENT
            elif group.prep:
                rank = OBLIQUE if k else OPENING
            else:
                rank, subject = (OBJECT if subject else SUBJECT), True
            yield mention, rank


def enumerations(groups: Sequence[Group]) -> Iterator[tuple[str, ...]]:
    """What "le premier" may count in: coordinations; without one, a sentence's only two names."""
    found = [g.names for g in groups if len(g.names) > 1 and g.mentions[0].kind != "media"]
    if found or len(groups) < 2:
        yield from found
        return
    names = tuple(dict.fromkeys(m.name for m, _ in _ranks(groups) if m.name))
    if len(names) == 2:
        yield names


def _beside(reading: Reading, mention: Mention) -> Iterator[str]:
    """Words in small letters beside a name: the head of its phrase, and an apposition."""
    low, words = reading.low, reading.words
    for k in range(mention.first, mention.last):
        if words[k].islower() and len(words[k]) >= _WORD:
            yield low[k]
    for k in range(mention.first - 1, max(mention.first - _BESIDE, -1), -1):
        if not words[k].islower() or low[k] in DETERMINERS:
            break
        yield low[k]
    if mention.last < len(low) and low[mention.last] == ",":
        first = mention.last + 1
        for k in range(first, min(first + _BESIDE, len(low))):
            if words[k].islower():
                yield low[k]
            elif k > first or low[k] not in DETERMINERS:
                break
