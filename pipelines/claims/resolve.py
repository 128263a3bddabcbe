"""Pronouns and definite descriptions → the companies they stand for, or none.

What kind of reference it is (its `sort`) says how it resolves, see `_HOW`: by a place in the last
enumeration, by nearness, or to the company most present (`salience.py`) among those it fits.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from pipelines.claims import lexicon
from pipelines.claims.mentions import Group, Mention
from pipelines.claims.pronouns import COUNTS
from pipelines.claims.record import record, replace
from pipelines.claims.salience import LARGE, SUBJECT, YOUNG, Naming, Past, enumerations
from pipelines.claims.tokens import Reading
from pipelines.records import Role

__all__ = ["Past", "resolved"]

_TABLE = lexicon.words("references")
_FINER: dict[str, str] = {w: sort for sort, ws in _TABLE["sorts"].items() for w in ws}
_RELATIONS = frozenset(_TABLE["relations"]["words"])
_NATIONS: dict[str, list[str]] = _TABLE["nations"]

#: Demonyms of the companies that no table gives a home.
_AMERICAN = frozenset(("américain", "californien"))
_HOMES = {name: nation for nation, names in _NATIONS.items() for name in names}

#: How many sentences back an ordinal may count, and "ils" may find its group.
LISTS, GROUPS = 3, 1
#: How many sentences behind "le premier" the next ordinal still counts in the same list.
COUNTING = 3
#: How many tokens "où" may be away from its company: a comma.
ANTECEDENT = 1
# In the unit of salience.py, fitted with its weights.
#: A word that the text said of the name before; "il" goes on about the subject before it; "son
#: groupe" is the subject's own.
TOLD, GOES_ON, OWN = 3.0, 2.5, 2.0


def _fit(young: float, large: float, unknown: float) -> dict[str, float]:
    return {
        **dict.fromkeys(("subject", "rival", "project"), young),
        **dict.fromkeys(("investor", "partner", "lender", "other"), large),
        "unknown": unknown,
    }


#: How well a reference fits a company by its role; "unknown": a name that no list has.
_FITS: dict[str, dict[str, float]] = {
    "startup": _fit(2.5, -2.0, -1.5),
    "group": _fit(0.5, 0.5, -1.5),
    "backer": _fit(-3.0, 1.0, 0.0),
    "neutral": _fit(2.0, -1.0, -1.5),
    "maker": _fit(-1.5, 1.0, 1.5),
    "he": _fit(1.0, 0.7, -4.0),
    "she": _fit(1.0, -1.0, -1.0),
    "him": _fit(2.0, 0.5, 0.0),
    "there": _fit(3.0, 0.0, 0.0),
}


@record
class Context:
    """What a reference can look back on: the sentences before and its own up to it."""

    reading: Reading
    past: Past
    groups: tuple[Group, ...]  # of this sentence, resolved, left of the reference
    here: tuple[Naming, ...]  # the companies in them

    @property
    def recent(self) -> list[Mention]:
        """Namings, the last one last."""
        return [n.mention for n in (*self.past.namings, *self.here)]

    @property
    def subject(self) -> str | None:
        """Who the sentence, left of the reference, speaks of."""
        return next((n.mention.name for n in self.here if n.rank == SUBJECT), None)

    @property
    def subject_before(self) -> str | None:
        """Who the sentences before spoke of last."""
        return self.past.subjects[-1] if self.past.subjects else None

    def said(self, mention: Mention) -> Sequence[str]:
        """Words of a reference."""
        return self.reading.low[mention.first : mention.last]

    def role(self, name: str) -> Role:
        """Role of a company named before."""
        known = self.past.roles.get(name)
        if known is not None:
            return known
        return next((m.role for m in self.recent if m.name == name), "other")


_How = Callable[[Mention, Context], Sequence[str]]


def resolved(reading: Reading, groups: Sequence[Group], past: Past) -> list[Group]:
    """`groups` of one sentence with references resolved, from left to right."""
    out: list[Group] = []
    for group in groups:
        mentions = group.mentions
        if (group.names and len(mentions) == 1) or None not in [m.name for m in mentions]:
            out.append(group)
            continue
        members: list[Mention] = []
        for mention in group.mentions:
            if mention.name is not None:
                members.append(mention)
                continue
            before = (*out, Group(tuple(members))) if members else tuple(out)
            context = Context(reading, past, before, tuple(past.ranked(reading, before)))
            members.extend(_resolve(mention, context))
        out.append(Group(tuple(members)))
    return out


def _resolve(mention: Mention, context: Context) -> list[Mention]:
    """`mention` once for each company it stands for; as it is where it stands for none."""
    how = _among if mention.candidates else _HOW.get(mention.sort)
    names = how(mention, context) if how is not None else ()
    return [replace(mention, name=n, role=context.role(n)) for n in names] or [mention]


def _among(mention: Mention, context: Context) -> Sequence[str]:
    """A periphrase that several companies share: the one of them named last."""
    named = [m.name for m in context.recent if m.name in mention.candidates]
    return [n for n in named[-1:] if n]


def _latest(_: Mention, context: Context) -> Sequence[str]:
    """ "celui-ci", "ce dernier": the company named last."""
    named = [m.name for m in context.recent if m.kind != "pronoun"]
    return [n for n in named[-1:] if n]


def _where(mention: Mention, context: Context) -> Sequence[str]:
    """ "OpenAI, où": the company right before."""
    named = [n.mention for n in context.here[-1:] if n.mention.kind == "known"]
    return [m.name for m in named if m.name and mention.first - m.last <= ANTECEDENT]


def _personal(mention: Mention, context: Context) -> Sequence[str]:
    """ "il", "elle": the subject of the sentence so far, else who is most present."""
    return [context.subject] if context.subject else _present(mention, context)


def _present(mention: Mention, context: Context) -> Sequence[str]:
    """The company that the text has most in view among those that the reference fits."""
    said = context.said(mention)
    sort = next((_FINER[w] for w in said if w in _FINER), mention.sort)
    unknown = {m.name for m in context.recent if m.kind == "unknown"}
    owner, excluded = _owner(mention, context), _agents(mention, context)
    if owner is not None and not _RELATIONS.isdisjoint(said):
        excluded = (*excluded, owner)
    spoken_of = context.subject_before if sort in ("he", "she") else None
    best, chosen = float("-inf"), None
    for name, score in context.past.presence(context.reading, context.here).items():
        if name in excluded:
            continue
        score += _FITS[sort]["unknown" if name in unknown else context.role(name)]
        score += TOLD * (not context.past.words(context.reading, name).isdisjoint(said))
        score += GOES_ON * (name == spoken_of) + OWN * (name == owner)
        if score > best:
            best, chosen = score, name
    return [chosen] if chosen else ()


def _owner(mention: Mention, context: Context) -> str | None:
    """Whose the "son", "sa" or "leur" before a description is."""
    if context.reading.low[mention.first - 1] not in ("son", "sa", "leur"):
        return None
    return context.subject or context.subject_before


def _agents(mention: Mention, context: Context) -> tuple[str, ...]:
    """Who does what is done to "lui" or "y": the nearest names without preposition."""
    if mention.sort not in ("him", "there"):
        return ()
    return next((g.names for g in reversed(context.groups) if g.names and not g.prep), ())


def _rival(_: Mention, context: Context) -> Sequence[str]:
    """ "son rival": the start-up that is not the one spoken of; only if there are just two."""
    young = dict.fromkeys(m.name for m in reversed(context.recent) if m.role in YOUNG and m.name)
    return list(young)[1:] if len(young) == 2 else ()


def _national(mention: Mention, context: Context) -> Sequence[str]:
    """ "le Japonais": the one company that the text called so or that is known to be; else the
    most present one that is not known to be of elsewhere."""
    recent = context.recent
    told = {m.name for m in recent if m.nation == mention.nation and m.kind != "description"}
    known = {m.name for m in recent if m.name in _NATIONS.get(mention.nation, ())}
    found = [n for n in told or known if n]
    if found:
        return found if len(found) == 1 else ()
    others = {n for n, mine in _HOMES.items() if mine != mention.nation}
    others |= {m.name for m in recent if m.name and m.nation not in ("", mention.nation)}
    if mention.nation in _AMERICAN:
        roles = LARGE if mention.nation == "américain" else LARGE | YOUNG
        mine = {m.name for m in recent if m.kind == "known" and m.role in roles}
    else:
        mine = {m.name for m in recent if m.kind == "unknown" or m.role in YOUNG}
    return _foremost(context, lambda name: name in mine and name not in others)


def _foremost(context: Context, fits: Callable[[str], bool]) -> Sequence[str]:
    """The most present company among those that fit."""
    found = context.past.presence(context.reading, context.here)
    names = [n for n in found if fits(n)]
    return [max(names, key=lambda n: found[n])] if names else ()


def _listed(context: Context, reach: int) -> tuple[str, ...]:
    """The last enumeration: of this sentence, or at most `reach` sentences back."""
    here = list(enumerations(context.groups))
    if here:
        return here[-1]
    sentence, names = context.past.lists[-1] if context.past.lists else (-reach, ())
    return names if context.past.sentence - sentence <= reach else ()


def _nth(place: slice, *lengths: int) -> _How:
    """Ordinals: a place in an enumeration, of one of `lengths` names if any are given. Who is
    second counts where "le premier" did, whatever was listed since: "La première a obtenu
    1 milliard de Valor et de Mubadala ; la seconde, 2 milliards"."""

    def find(_: Mention, context: Context) -> Sequence[str]:
        past, names = context.past, _listed(context, LISTS)
        sentence, counted = past.counted
        if place.start and counted and past.sentence - sentence <= COUNTING:
            names = counted
        if lengths and len(names) not in lengths:
            return ()
        if not place.start:
            past.counted = (past.sentence, names)
        return names[place]

    return find


def _plural(mention: Mention, context: Context) -> Sequence[str]:
    """ "ils", "les deux": the last names that the text coordinated, as many as it says."""
    names = _listed(context, GROUPS)
    counts = [COUNTS[w] for w in context.said(mention) if w in COUNTS]
    return names if not counts or len(names) in counts else ()


def _state(mention: Mention, context: Context) -> Sequence[str]:
    """ "l'État", "le gouvernement": the state that the text named last."""
    here = [m.name for g in context.groups for m in g.mentions if m.kind == "state" and m.name]
    found = here[-1] if here else context.past.state
    if found is None and mention.sort == "power":
        found = context.reading.slice(mention.first, mention.last)
    return () if found is None else (found,)


_MANY = range(3, 10)
_HOW: dict[str, _How] = {
    "startup": _present,
    "group": _present,
    "neutral": _present,
    "rival": _rival,
    "nation": _national,
    "he": _personal,
    "she": _personal,
    "him": _present,
    "there": _present,
    "where": _where,
    "latest": _latest,
    "plural": _plural,
    "first": _nth(slice(0, 1)),
    "second": _nth(slice(1, 2), 2),
    "middle": _nth(slice(1, 2)),
    "third": _nth(slice(2, 3)),
    "fourth": _nth(slice(3, 4)),
    "last": _nth(slice(-1, None), *_MANY),
    "first two": _nth(slice(0, 2), *_MANY),
    "power": _state,
    "again": _state,
    "one": _nth(slice(0, 1), 2),
    "other": _nth(slice(1, 2), 2),
}
