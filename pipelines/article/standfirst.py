"""The standfirst (chapô): put back where the extraction lost it and it tells a figure.

A standfirst stands outside the body on most sites, and as a summary it repeats what follows: one
that only repeats is left out (the title and the feed's summary are read anyway). A figure that the
body does not have is news, and is put back in front of it.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from pipelines.article.linked import Declared
from pipelines.article.markup import HtmlElement, line_of
from pipelines.article.rules import marks

_NAMED: Final = re.compile(" (?:chapo|chapeau|standfirst|lede|deck|article desc|accroche) ")
_FIGURE: Final = re.compile(r"\d+(?:[.,\u00a0\u202f ]\d+)*")
_WITH_TEXT: Final = (
    ".//*[self::p or self::h2 or self::div or self::span or self::strong]"
    "[@class or string-length(text()) > 50]"
)
_WORDS: Final = re.compile(r"\w+")
#: Code points that a declared summary and the standfirst shown must have in common.
COMMON: Final = 50
#: Code points of the longest standfirst.
LONGEST: Final = 900


def shown(root: HtmlElement, said: Declared) -> str:
    """The standfirst that readers see; "" when there is none."""
    summary = said.first("og:description", "description") or said.said("description")
    if summary and not _FIGURE.search(summary):
        return ""  # nothing that would be missed
    start = _folded(summary)[:COMMON]
    for element in root.xpath(_WITH_TEXT):
        text = element.text or ""
        named = _is_named(element.get("class") or "")
        if named or (len(start) == COMMON and _folded(text[: 2 * COMMON]).startswith(start[:20])):
            line = line_of(element)
            if len(line) <= LONGEST and (named or _folded(line).startswith(start)):
                return line
    return ""


@lru_cache(maxsize=8192)
def _is_named(names: str) -> bool:
    return bool(_NAMED.search(marks(names)))


def needed(standfirst: str, body: str) -> bool:
    """Whether the standfirst tells a figure that the body does not."""
    if not standfirst or _folded(standfirst)[:COMMON] in _folded(body[: 4 * LONGEST]):
        return False
    known = {_digits(f) for f in _FIGURE.findall(body)}
    return any(_digits(figure) not in known for figure in _FIGURE.findall(standfirst))


def _digits(figure: str) -> str:
    return re.sub(r"\D", "", figure)


def _folded(text: str) -> str:
    return "".join(_WORDS.findall(text.casefold()))
