"""Word lists of this reader: loaded once from words/*.toml, matched in one pass over the tokens.

Phrases are kept in a trie of tokens, so that matching costs the same however many phrases there
are; at each token the longest phrase wins.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from importlib import resources
from itertools import compress
from typing import Any, Generic, NamedTuple, TypeVar

import tomli

from pipelines.claims import tokens

T = TypeVar("T")


@cache
def words(name: str) -> dict[str, Any]:
    """The word list `name`, as written."""
    path = resources.files("pipelines.claims") / "words" / f"{name}.toml"
    return tomli.loads(path.read_text(encoding="utf-8"))


def cut(phrase: str) -> tuple[str, ...]:
    """Tokens of a phrase, as the reader cuts them, in lower case; what is elided leans on the word
    that follows in a text ("plus d'un"), and without one would be cut in two."""
    elided = phrase.endswith("'")
    found = tuple(map(str.lower, tokens.words(f"{phrase}un" if elided else phrase)))
    return found[:-1] if elided else found


class Hit(NamedTuple, Generic[T]):
    """A phrase found: token span, half open, and what the list says of it."""

    first: int
    last: int
    value: T


class Phrases(Generic[T]):
    """Phrases by their tokens, with a value each."""

    __slots__ = ("_root",)

    def __init__(self, entries: Iterable[tuple[Sequence[str], T]] = ()) -> None:
        self._root: dict[str, Any] = {}
        for key, value in entries:
            self.add(key, value)

    def add(self, key: Sequence[str], value: T) -> None:
        """Add one phrase; a phrase that is there already keeps its first value."""
        node = self._root
        for token in key:
            node = node.setdefault(token, {})
        node.setdefault("", value)

    @property
    def openers(self) -> frozenset[str]:
        """Tokens with which a phrase may begin."""
        return frozenset(self._root)

    def at(self, low: Sequence[str], i: int, stop: int) -> Hit[T] | None:
        """Longest phrase that begins at token `i`."""
        node: Any = self._root.get(low[i])
        whole: Any = None  # where the longest one so far ends, with its value
        last = j = i + 1
        while node is not None:
            if "" in node:
                whole, last = node, j
            if j >= stop:
                break
            node = node.get(low[j])
            j += 1
        return None if whole is None else Hit(i, last, whole[""])

    def before(self, low: Sequence[str], end: int, first: int, longest: int = 8) -> Hit[T] | None:
        """Longest phrase that ends right before token `end`."""
        first = max(first, end - longest)
        opens = map(self._root.__contains__, low[first:end])
        for start in compress(range(first, end), opens):
            hit = self._exact(low, start, end)
            if hit is not None:
                return hit
        return None

    def _exact(self, low: Sequence[str], start: int, end: int) -> Hit[T] | None:
        node: Any = self._root
        for j in range(start, end):
            node = node.get(low[j])
            if node is None:
                return None
        return Hit(start, end, node[""]) if "" in node else None

    def any(self, low: Sequence[str], first: int, last: int) -> bool:
        """Whether a phrase stands in a span."""
        return not self._root.keys().isdisjoint(low[first:last]) and bool(
            self.all(low, first, last)
        )

    def all(self, low: Sequence[str], first: int, last: int) -> list[Hit[T]]:
        """Phrases of a span, longest at each place, none inside another."""
        hits: list[Hit[T]] = []
        root, free = self._root, first
        opens = map(root.__contains__, low[first:last])  # few do
        for i in compress(range(first, last), opens):
            node = root[low[i]]
            if i >= free and ("" in node or (i + 1 < last and low[i + 1] in node)):
                hit = self.at(low, i, last)
                if hit is not None:
                    hits.append(hit)
                    free = hit.last
        return hits


def phrases(table: Mapping[str, Iterable[str]]) -> Phrases[str]:
    """A trie of {value: [phrase, ...]}."""
    return Phrases((cut(line), value) for value, lines in table.items() for line in lines)
