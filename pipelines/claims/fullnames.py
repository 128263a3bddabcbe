"""One name for one party over a whole text: the longest that the text itself gives it.

"Harrow Point" after or before "Harrow Point Capital" is that fund, "Novo" the "fondation Novo",
"Musk" the person "Elon Musk"; and what one sentence says of a name ("la start-up Luxtrane") holds
in all. Only names that no list knows need this: the watch says how the others are called.
"""

from __future__ import annotations

from collections.abc import Sequence

from pipelines.claims.mentions import Mention, names
from pipelines.claims.record import replace
from pipelines.records import Role

Key = tuple[str, ...]


def settled(found: Sequence[Sequence[Mention]]) -> list[list[Mention]]:
    """Mentions of all sentences with unknown names and persons called by one name each."""
    given: dict[Key, Mention] = {}
    roles: dict[str, Role] = {}
    for mentions in found:
        for mention in mentions:
            if _open(mention):
                key = _key(mention)
                if key not in given or given[key].name == (given[key].name or "").upper():
                    given[key] = mention  # "LUXTRANE" of a heading is Luxtrane
    if not given:
        return [list(mentions) for mentions in found]
    full = {key: _full(key, given) for key in given}
    for mentions in found:
        for mention in mentions:
            if mention.kind == "unknown" and mention.role != "other":
                roles.setdefault(full[_key(mention)].name or "", mention.role)
    return [[_called(m, full, roles) for m in mentions] for mentions in found]


def _called(mention: Mention, full: dict[Key, Mention], roles: dict[str, Role]) -> Mention:
    if not _open(mention):
        return mention
    one = full[_key(mention)]
    return replace(mention, name=one.name, kind=one.kind, role=roles.get(one.name or "", "other"))


def _open(mention: Mention) -> bool:
    """Whether only the text says what a mention is called."""
    return bool(mention.name) and mention.kind in ("unknown", "person") and not mention.sort


def _key(mention: Mention) -> Key:
    return tuple((mention.name or "").casefold().split())


def _full(key: Key, given: dict[Key, Mention]) -> Mention:
    """The longest name of the text that `key` shortens; itself where two of them differ."""
    longer = [other for other in given if len(other) > len(key) and _shortens(key, other, given)]
    if not longer:
        return given[key]
    longest = max(longer, key=len)
    if any(other != longest[: len(other)] for other in longer):
        return given[key]
    return given[longest]


def _shortens(key: Key, other: Key, given: dict[Key, Mention]) -> bool:
    if given[other].kind == "person":
        return other[-len(key) :] == key
    if given[key].kind == "person":
        return False
    return other[: len(key)] == key or (other[0] in names().families and other[1:] == key)
