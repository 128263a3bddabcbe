"""Repairs of a page's structure, so that what follows meets articles and paragraphs.

unclosed `<header>` · layout tables · text in naked nodes · data tables as lines · drop caps that
are said twice for screen readers
"""

from __future__ import annotations

from typing import Final

from pipelines.article.markup import BREAK, HtmlElement, line_of
from pipelines.article.rules import rules

#: Elements that stand in a line of text.
INLINE: Final = frozenset(
    (
        "a", "abbr", "b", "bdi", "big", "br", "cite", "code", "del", "dfn", "em", "i", "ins",
        "kbd", "mark", "q", "s", "samp", "small", "span", "strong", "strike", "sub", "sup", "time",
        "tt", "u", "var", "wbr",
    )
)  # fmt: skip
#: Containers that may hold text without a paragraph around it.
_WITH_TEXT: Final = (
    "descendant-or-self::*[self::article or self::body or self::div or self::main or "
    "self::section][text()[string-length(normalize-space(.)) > 15]]"
)
#: Text of a table cell, in code points: longer, and the table is there for layout.
CELL: Final = 300
#: Rows and cells of a table that is still a table for readers.
CELLS: Final = 2000
#: Naked text in a container, in code points: shorter is a label.
NAKED: Final = 80
#: Paragraphs of this length make a header the article itself: it was never closed.
LONG: Final = 80
_EMPTY: Final = ("a", "abbr", "b", "em", "i", "mark", "small", "span", "strong", "sub", "sup", "u")
_SAID: Final = ("sr-only", "visually-hidden", "visuallyhidden", "screen-reader", "sronly", "a11y")


def repair(body: HtmlElement) -> None:
    """Change the tree of a page in place."""
    for font in list(body.iter("font", "center", "nobr", "big", "tt", "blink")):
        if font.tag == "center":
            font.tag = "div"
        else:
            font.drop_tag()
    for header in list(body.iter("header")):
        if sum(len(p.text_content()) > LONG for p in header.iter("p")) >= 3:
            header.tag = "div"
    _drop_empty(body)
    _drop_caps(body)
    tables = list(body.iter("table"))
    if tables:
        _tables(body, tables)
    for container in body.xpath(_WITH_TEXT):
        _wrap(container)


def _drop_empty(body: HtmlElement) -> None:
    """Drop elements without content: precise extraction would drop the text behind them too."""
    for element in list(body.iter(*_EMPTY)):
        while len(element) == 0 and not (element.text or "").strip():
            parent = element.getparent()
            if parent is None or element is body:
                break
            element.drop_tree()
            if parent.tag not in _EMPTY:
                break
            element = parent


def _tables(body: HtmlElement, tables: list[HtmlElement]) -> None:
    cells: list[HtmlElement] = []
    for table in reversed(tables):  # the inner ones first
        if _is_layout(table):
            for part in list(table.iter("thead", "tbody", "tfoot", "tr", "td", "th", "caption")):
                if part.tag in ("td", "th"):
                    cells.append(part)
                part.tag = "div"
            table.tag = "div"
        else:
            _flatten(table)
    if cells:
        _main_cell(body, cells)


def _is_layout(table: HtmlElement) -> bool:
    if table.get("role") in ("presentation", "none"):
        return True
    if next(table.iter("h1", "article", "form", "ul", "ol"), None) is not None:
        return True
    # inner tables for layout are divs by now, inner data tables paragraphs
    return any(
        cell.find("div") is not None or len(cell.text_content()) > CELL
        for cell in table.iter("td", "th")
    )


def _flatten(table: HtmlElement) -> None:
    """Make a data table one paragraph: a line a row, cells parted by bars."""
    for part in table.iter("br", "p", "div", "li"):
        part.tail = f" {part.tail or ''}"
    rows: list[str] = []
    for count, row in enumerate(table.iter("tr")):
        if count >= CELLS:
            break
        cells = [" ".join(c.text_content().split()) for c in row.iterchildren("td", "th")]
        if any(cells):
            rows.append(" | ".join(cells))
    links = sum(len(a.text_content()) for a in table.iter("a"))
    text = BREAK.join(rows)
    for child in list(table):
        table.remove(child)
    for name in list(table.attrib):
        del table.attrib[name]
    table.tag = "p"
    parent = table.getparent()
    if parent is not None and parent.tag == "figure":
        parent.tag = "div"  # figures go as pictures, this one is text
    # a table of links is a menu, one may hold the comments
    headed = bool(rows) and (
        rules().comments.fullmatch(rows[0]) or rules().others.fullmatch(rows[0])
    )
    table.text = text if links * 2 < len(text) and not headed else ""


def _main_cell(body: HtmlElement, cells: list[HtmlElement]) -> None:
    """In a page laid out by tables, keep the cell with most text of its own."""
    inner = set(cells)

    def own(cell: HtmlElement) -> int:
        text = len(cell.text_content()) - sum(len(a.text_content()) for a in cell.iter("a"))
        nested = (c for c in cell.iterdescendants("div") if c in inner)
        return text - sum(len(c.text_content()) for c in nested if _outermost(c, cell, inner))

    main = max(cells, key=own)
    total = len(body.text_content())
    if own(main) * 4 < total:
        return
    main.set("itemprop", "articleBody")
    for cell in cells:
        if cell is not main and main not in cell.iterdescendants() and cell not in set(main.iter()):
            cell.drop_tree()


def _outermost(cell: HtmlElement, top: HtmlElement, cells: set[HtmlElement]) -> bool:
    for above in cell.iterancestors():
        if above is top:
            return True
        if above in cells:
            return False
    return False


def _drop_caps(body: HtmlElement) -> None:
    """A first letter drawn big and said again for screen readers is one letter."""
    for shown in body.xpath(".//span[@aria-hidden='true']"):
        text = line_of(shown)
        if not text or len(text) > 20:
            continue
        for said in (shown.getnext(), shown.getprevious()):
            if said is None or not isinstance(said.tag, str):
                continue
            if any(mark in (said.get("class") or "") for mark in _SAID) and line_of(said) == text:
                said.drop_tree()
                break
        if len(text) <= 2:
            del shown.attrib["aria-hidden"]


def _wrap(container: HtmlElement) -> None:
    """Put a paragraph around each run of naked text of a container."""
    naked = len((container.text or "").strip())
    naked += sum(len((child.tail or "").strip()) for child in container)
    if naked < NAKED:
        return
    runs: list[HtmlElement] = []
    current = container.makeelement("p")
    current.text, container.text = container.text, None
    for child in list(container):
        tail, child.tail = child.tail, None
        if child.tag == "br" and _ends_paragraph(child, tail):
            container.remove(child)
            runs.append(current)
            current = container.makeelement("p")
            current.text = tail
        elif isinstance(child.tag, str) and child.tag in INLINE:
            current.append(child)  # moves it
            child.tail = tail
        else:
            runs.extend((current, child))
            current = container.makeelement("p")
            current.text = tail
    runs.append(current)
    for child in list(container):
        container.remove(child)
    container.extend(r for r in runs if r.tag != "p" or len(r) or (r.text or "").strip())


def _ends_paragraph(line_break: HtmlElement, tail: str | None) -> bool:
    """Two line breaks part paragraphs."""
    if (tail or "").strip():
        previous = line_break.getprevious()
        return previous is not None and previous.tag == "br" and not (previous.tail or "").strip()
    return True
