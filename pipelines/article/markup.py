"""From text to a tree: the one place where a page is parsed, once."""

from __future__ import annotations

import re
from typing import Final

from lxml.html import HtmlElement as HtmlElement  # type: ignore[import-untyped]
from trafilatura.utils import load_html

#: lxml and trafilatura split and trim at every Unicode space. Spaces that mean something to a
#: reader of figures go through them as printable signs that no article uses, and come back.
_SHIELD: Final = {
    "\u00a0": "\u2420",
    "\u202f": "\u2421",
    "\u2009": "\u2422",
    "\u2007": "\u2425",
    "\u2002": "\u2426",
}
_ENTITIES: Final = re.compile(
    r"&(?:nbsp|#160|#x0*a0|#8239|#x0*202f|thinsp|#8201|#x0*2009|numsp|#8199|#x0*2007|ensp"
    r"|#8194|#x0*2002);",
    re.IGNORECASE,
)
_INNER: Final = re.compile("(?<=[^\\s<>])[\u00a0\u202f\u2009\u2007\u2002](?=[^\\s<>])")
_RESTORE: Final = str.maketrans({sign: space for space, sign in _SHIELD.items()})
_INVISIBLE: Final = re.compile("[\u00ad\u200b\u2060\ufeff]|&(?:shy|#173|#x0*ad|#8203);")

_ENTITY_SPACE: Final = {
    "nbsp": "\u00a0",
    "160": "\u00a0",
    "a0": "\u00a0",
    "8239": "\u202f",
    "202f": "\u202f",
    "thinsp": "\u2009",
    "8201": "\u2009",
    "2009": "\u2009",
    "numsp": "\u2007",
    "8199": "\u2007",
    "2007": "\u2007",
    "ensp": "\u2002",
    "8194": "\u2002",
    "2002": "\u2002",
}


def parse(source: str) -> HtmlElement | None:
    """The tree of a page; None where there is nothing to read."""
    if not source.strip():
        return None
    return load_html(_shielded(_INVISIBLE.sub("", source)))


def _shielded(source: str) -> str:
    source = _ENTITIES.sub(_space_of, source)
    return _INNER.sub(lambda m: _SHIELD[m.group()], source)


def _space_of(match: re.Match[str]) -> str:
    name = match.group()[1:-1].lower().lstrip("#").lstrip("x").lstrip("0")
    return _ENTITY_SPACE.get(name, " ")


def restored(text: str) -> str:
    """`text` with the spaces of the source put back."""
    return text.translate(_RESTORE)
