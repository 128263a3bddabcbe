"""Lines of an extracted article that are the site's and not the author's."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from pipelines.article.rules import rules

#: Text that must stand before a line that ends the article, in code points: a link to the
#: comments stands above an article, the comments below.
BEFORE_CUT: Final = 200
#: Letters of a line that is not said twice by chance.
REPEATED: Final = 60
_APOSTROPHE: Final = (("’", "'"), ("ʼ", "'"), ("\u00a0", " "), ("\u202f", " "))
_WORDS: Final = re.compile(r"\w+")
#: "Nvidia NVDA.O": codes of agencies for shares, behind a company's name.
_TICKER: Final = re.compile(
    r"(?<=\w)[ \u00a0]\(?<?(?:[A-Z][A-Z0-9]{1,5}|\d{4,6})\."
    r"(?:O|N|K|OQ|PA|L|DE|T|SI|HK|AS|MI|SW|S|BR|MC|TO|F|SS|SZ|KS|KQ|TW|CO|ST|HE|OL|VI|LS|IS)>?\)?(?=[\s,;:)]|\.?(?:\s|$))"
)
#: Two sentences glued where markup parted them.
_GLUED: Final = re.compile(r"(?<=[a-zà-ÿ]{2}[.!?…])(?=[A-ZÀ-Þ«][a-zà-ÿ’' \u00a0])")


@dataclass(frozen=True, slots=True)
class Cleaned:
    """What is left of the lines, and what the dropped ones told."""

    blocks: tuple[str, ...]
    walled: bool


def clean(blocks: Iterable[str], title: str, authors: Iterable[str] = ()) -> Cleaned:
    """The lines that belong to the article. A block may have several lines (list, table)."""
    kept: list[str] = []
    walled, length = False, 0
    seen: set[str] = set()
    blocks = tuple(blocks)
    whole = sum(map(len, blocks))
    repeated = {_folded(title), *map(_folded, authors)}
    for block in blocks:
        lines: list[str] = []
        for line in block.split("\n"):
            line = line.strip()
            outcome = outcome_of(line) if line else "drop"
            if outcome == "cut" and (length >= BEFORE_CUT or length * 2 >= whole):
                return Cleaned(_joined(kept, lines), walled)
            walled = walled or outcome == "wall" or (outcome == "badge" and length < BEFORE_CUT)
            if outcome == "keep" or (outcome == "head" and length >= BEFORE_CUT):
                folded = _folded(line)
                # some pages carry their text twice, for two sizes of screen
                if folded in seen or (length < BEFORE_CUT and folded in repeated):
                    continue
                if len(folded) > REPEATED:
                    seen.add(folded)
                lines.append(_mended(line))
                length += len(line)
        if lines:
            kept.append("\n".join(lines))
    return Cleaned(tuple(kept), walled)


def _joined(kept: list[str], lines: list[str]) -> tuple[str, ...]:
    return (*kept, "\n".join(lines)) if lines else tuple(kept)


def outcome_of(line: str) -> str:
    """What becomes of a line: keep, drop, cut or wall."""
    plain = line
    for sign, simple in _APOSTROPHE:  # ten times as fast as `str.translate` beyond ASCII
        plain = plain.replace(sign, simple)
    plain = plain.removeprefix("- ").strip()
    if not _WORDS.search(plain):
        return "drop"
    for rule in rules().lines:
        if len(plain) <= rule.limit and rule.pattern.fullmatch(plain):
            return rule.then
    return "keep"


def _mended(line: str) -> str:
    return _GLUED.sub(" ", _TICKER.sub("", line))


def _folded(text: str) -> str:
    return "".join(_WORDS.findall(text.casefold()))
