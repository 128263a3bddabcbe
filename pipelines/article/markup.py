"""From text to a tree: the one place where a page is parsed, once."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from lxml.etree import (  # type: ignore[import-untyped]
    ElementDefaultClassLookup,
    iterwalk,
)
from lxml.html import (  # type: ignore[import-untyped]
    HtmlComment,
    HtmlEntity,
    HtmlProcessingInstruction,
)
from lxml.html import HtmlElement as HtmlElement
from trafilatura.utils import HTML_PARSER, load_html

#: lxml's and trafilatura's helpers split and trim at every Unicode space. Spaces that keep a
#: figure together go through them as printable signs that no article uses, and come back.
SHIELD: Final = {
    "\u00a0": "\u2420",
    "\u202f": "\u2421",
    "\u2009": "\u2422",
    "\u2007": "\u2425",
    "\u2002": "\u2426",
}
#: Signs that stand for a line break inside a paragraph, on the same way.
BREAK: Final = "\u2427"
_NAMES: Final = {"&nbsp;": "\u2420", "&thinsp;": "\u2422", "&numsp;": "\u2425", "&ensp;": "\u2426"}
_NUMBERED: Final = re.compile(
    "&#(?:160|[xX]0*[aA]0|8239|[xX]202[fF]|8201|[xX]2009|8199|8194|173|[xX]0*[aA][dD]|8203);?"
)
_CODES: Final = {"160": "\u2420", "a0": "\u2420", "8239": "\u2421", "202f": "\u2421"} | {
    "8201": "\u2422",
    "2009": "\u2422",
    "8199": "\u2425",
    "8194": "\u2426",
    "173": "",
    "ad": "",
    "8203": "",
}
_INVISIBLE: Final = ("\u00ad", "\u200b", "\u2060", "\ufeff")
_HYPHEN: Final = "&shy;"
#: References of which some are put otherwise: one look tells which a page has.
_REFERENCES: Final = re.compile("&(?:shy;|nbsp;|thinsp;|numsp;|ensp;|#)")
_SIGNS: Final = re.compile("[\u2420-\u2427]")
_RESTORE: Final = (*((sign, space) for space, sign in SHIELD.items()), (BREAK, "\n"))

# One class for all elements, which lxml finds by itself: its own look-up is a call of Python for
# each element that is touched, and tells nothing apart but the parts of forms.
HTML_PARSER.set_element_class_lookup(
    ElementDefaultClassLookup(
        element=HtmlElement,
        comment=HtmlComment,
        pi=HtmlProcessingInstruction,
        entity=HtmlEntity,
    )
)


def parse(source: str) -> HtmlElement | None:
    """The tree of a page; None where there is nothing to read."""
    if not source.strip():
        return None
    return load_html(_shielded(source))


def _shielded(source: str) -> str:
    # one literal after the other: str.replace is ten times faster here than one expression, and
    # `in` ten times faster than str.replace by nothing, where there is nothing to replace
    for sign in _INVISIBLE:
        if sign in source:
            source = source.replace(sign, "")
    for space, sign in SHIELD.items():
        source = source.replace(space, sign)
    there = _references(source)
    if _HYPHEN in there:
        source = source.replace(_HYPHEN, "")
        there = _references(source)  # what it stood in is whole now
    for name in there & _NAMES.keys():
        source = source.replace(name, _NAMES[name])
    if "&#" in there:
        source = _NUMBERED.sub(_space_of, source)
    return source


def _references(source: str) -> set[str]:
    return {found[0] for found in _REFERENCES.finditer(source)}


def _space_of(match: re.Match[str]) -> str:
    number = match.group()[2:].rstrip(";").lower()
    return _CODES.get(number.lstrip("x").lstrip("0"), " ")


def restored(text: str) -> str:
    """`text` with the spaces of the source put back."""
    if _SIGNS.search(text):
        for sign, space in _RESTORE:  # ten times as fast as `str.translate` beyond ASCII
            text = text.replace(sign, space)
    return text


def line_of(element: HtmlElement) -> str:
    """All text of `element` as one line, its spaces plain."""
    return " ".join(restored(element.text_content()).split())


def walk(element: HtmlElement) -> Iterator[tuple[str, HtmlElement]]:
    """Every element within `element` as it begins ("start") and ends ("end")."""
    return iterwalk(element, events=("start", "end"))  # type: ignore[no-any-return]
