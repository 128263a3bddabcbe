"""Pronouns and definite descriptions → one company, or none.

A reference resolves only where the text leaves one reading: the company of the right sort named
last. What a description says of a company (a start-up, a group) excludes the others.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from pipelines.claims.mentions import Group, Mention
from pipelines.records import Role

#: How many namings back a reference may reach.
REACH = 14
_YOUNG: frozenset[Role] = frozenset(("subject", "rival"))
_BIG: frozenset[Role] = frozenset(("investor", "partner", "other"))


@dataclass(slots=True)
class Past:
    """Companies named so far, the last one last."""

    named: list[Mention] = field(default_factory=list)
    subjects: list[str] = field(default_factory=list)  # first unprefixed name of each sentence
    pair: tuple[str, ...] = ()  # the last coordination of exactly two
    roles: dict[str, Role] = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)

    def take(self, groups: Sequence[Group]) -> None:
        """Remember a sentence's resolved mentions."""
        subject = None
        for group in groups:
            names = group.names
            if len(names) == 2:
                self.pair = names
            for mention in group.mentions:
                if mention.name and mention.kind != "media":
                    if mention.kind != "person":
                        self.named.append(mention)
                        self.counts[mention.name] += 1
                        self.roles.setdefault(mention.name, mention.role)
                    if subject is None and not mention.prep and mention.kind != "person":
                        subject = mention.name
        if subject:
            self.subjects.append(subject)
        del self.named[:-60]

    def young(self, name: str) -> bool:
        """Whether `name` is a company that raises money rather than one that gives it."""
        return self.roles.get(name) in _YOUNG

    def last_young(self, but: Sequence[str] = ()) -> str | None:
        """The start-up named last."""
        for mention in reversed(self.named[-REACH:]):
            if mention.name and mention.role in _YOUNG and mention.name not in but:
                return mention.name
        return None

    def last_big(self, but: Sequence[str] = ()) -> str | None:
        """The investor or supplier named last."""
        for mention in reversed(self.named[-REACH:]):
            if mention.name and mention.role in _BIG and mention.name not in but:
                return mention.name
        return None


def resolved(groups: Sequence[Group], past: Past) -> list[Group]:
    """`groups` of one sentence with references resolved, from left to right."""
    out: list[Group] = []
    here: list[Mention] = []
    pair: tuple[str, ...] = ()
    for group in groups:
        members = []
        for mention in group.mentions:
            if mention.name is None:
                mention = _resolve(mention, past, here, pair)
            members.append(mention)
            if mention.name and mention.kind not in ("media", "person"):
                here.append(mention)
        out.append(Group(tuple(members)))
        if len(out[-1].names) == 2:
            pair = out[-1].names
    return out


def _resolve(
    mention: Mention, past: Past, here: Sequence[Mention], pair: tuple[str, ...]
) -> Mention:
    name = _referent(mention, past, here, pair)
    if name is None:
        return mention
    return replace(mention, name=name, role=past.roles.get(name, _role(here, name)))


def _role(here: Sequence[Mention], name: str) -> Role:
    return next((m.role for m in here if m.name == name), "other")


def _referent(
    mention: Mention, past: Past, here: Sequence[Mention], pair_here: tuple[str, ...]
) -> str | None:
    recent = [*past.named[-REACH:], *here]
    if mention.candidates:
        return _among(mention.candidates, recent)
    match mention.sort:
        case "startup":
            return _last(recent, _YOUNG) or _last_unknown(recent)
        case "group":
            return _last(recent, _BIG)
        case "neutral":
            subject = _subject(past, here, recent)
            if subject is not None and past.roles.get(subject) in _YOUNG:
                return subject
            return _last(recent, _YOUNG) or subject
        case "rival":
            return _rival(recent)
        case "single":
            return _subject(past, here, recent)
        case "latest":
            return next((m.name for m in reversed(recent) if m.kind != "pronoun"), None)
        case "first" | "second":
            pair = pair_here or past.pair
            if len(pair) != 2:
                return None
            return pair[0] if mention.sort == "first" else pair[1]
        case _:
            return None


def _among(candidates: Sequence[str], recent: Sequence[Mention]) -> str | None:
    named = [m.name for m in recent if m.name in candidates]
    return named[-1] if named else None


def _last(recent: Sequence[Mention], roles: frozenset[Role]) -> str | None:
    return next((m.name for m in reversed(recent) if m.role in roles and m.kind != "unknown"), None)


def _last_unknown(recent: Sequence[Mention]) -> str | None:
    return next((m.name for m in reversed(recent) if m.kind == "unknown"), None)


def _subject(past: Past, here: Sequence[Mention], recent: Sequence[Mention]) -> str | None:
    for mention in here:
        if not mention.prep and mention.kind not in ("media", "person"):
            return mention.name
    if past.subjects:
        return past.subjects[-1]
    return recent[-1].name if recent else None


def _rival(recent: Sequence[Mention]) -> str | None:
    """ "son rival": the start-up that is not the one spoken of; only if there are just two."""
    young = list(dict.fromkeys(m.name for m in reversed(recent) if m.role in _YOUNG))
    return young[1] if len(young) == 2 else None
