"""What an article is called, who wrote it, when, and whether it stands behind a wall."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from urllib.parse import urljoin, urlsplit

from pipelines.article.dates import dating
from pipelines.article.linked import Declared, declared, publishers, squeezed
from pipelines.article.markup import HtmlElement, line_of, restored
from pipelines.article.people import authors as signed
from pipelines.article.walls import paywalled
from pipelines.records import Page


@dataclass(frozen=True, slots=True)
class Head:
    """Everything known of an article but its text."""

    title: str
    canonical_url: str
    published: datetime | None
    modified: datetime | None
    dated_by: str
    authors: tuple[str, ...]
    language: str | None
    byline: str  # text around the title
    paywalled: bool | None  # None: the page does not say
    heading: HtmlElement | None  # element that shows the title
    said: Declared


#: What stands between a title and the name of its site.
_SEPARATOR: Final = re.compile(r"\s+(?:[|–—·•:»-]|::)\s+")
_WORD: Final = re.compile(r"\w+")
#: Least share of a heading's words that the declared title has too, for it to be the title.
ALIKE: Final = 0.5
#: Elements after a title in which a date or a name is not the article's.
_NO_BYLINE: Final = ("figure", "aside", "nav", "form", "script", "style", "template", "ul")
#: Words of a heading that is more than a site's name or a section's.
WORDS: Final = 3
#: Words of the longest name of a site.
SITE_WORDS: Final = 5
#: Elements after the title in which the byline is looked for.
BYLINE_ELEMENTS: Final = 60
#: Characters of a byline: beyond it the article itself begins.
BYLINE_LENGTH: Final = 600
#: Characters after which the elements around the title's element need not be looked at.
BYLINE_ENOUGH: Final = 60
#: Elements around the title whose siblings are looked at.
BYLINE_LEVELS: Final = 4


def head_of(tree: HtmlElement, page: Page) -> Head:
    """The metadata of a page."""
    said = declared(tree)
    headings = [h for h in tree.iter("h1") if line_of(h)]
    announced = _declared_title(tree, said)
    heading = _title_heading(headings, announced)
    if heading is None and announced:
        heading = _shown_as_text(tree, announced)
    title = line_of(heading) if heading is not None else announced
    if not title and page.entry:
        title = page.entry.title
    byline = _byline(heading) if heading is not None else ""
    dated = dating(tree, said, page, byline)
    canonical = _canonical(tree, said, page)
    address = page.final_url or canonical
    authors = signed(tree, said, byline, address)
    return Head(
        title=_without_site(title, publishers(said, address), tab=heading is None),
        canonical_url=canonical,
        published=dated.published,
        modified=dated.modified,
        dated_by=dated.dated_by,
        authors=authors,
        language=_language(tree, said),
        byline=byline,
        paywalled=paywalled(said),
        heading=heading,
        said=said,
    )


def _declared_title(tree: HtmlElement, said: Declared) -> str:
    title = said.said("headline") or said.first("og:title", "twitter:title", "dc.title", "title")
    if title:
        return title
    element = tree.find(".//title")
    return line_of(element) if element is not None else ""


def _title_heading(headings: list[HtmlElement], declared: str) -> HtmlElement | None:
    """The h1 that is the title: others are the name of the site or of a section."""
    if not declared:
        return headings[0] if headings else None
    wanted = set(_WORD.findall(declared.casefold()))
    best, share = None, ALIKE
    for heading in headings:
        words = set(_WORD.findall(line_of(heading).casefold()))
        # the share of the shorter one, where that is more than the name of a section
        common = len(words & wanted) / (min(len(words), len(wanted)) or 1)
        if common >= share and len(words & wanted) > min(2, len(wanted) - 1):
            best, share = heading, common + 0.01
    if best is None and len(headings) == 1 and len(line_of(headings[0]).split()) > WORDS:
        return headings[0]
    return best


def _shown_as_text(tree: HtmlElement, announced: str) -> HtmlElement | None:
    """The element of a page without headings that shows the declared title."""
    wanted = _WORD.findall(announced.casefold())
    for element in tree.iter("font", "b", "strong", "td", "span", "div", "p"):
        text = element.text
        if text and len(text) >= len(announced) // 2 and _WORD.findall(text.casefold()) == wanted:
            return element
    return None


def _without_site(title: str, sites: frozenset[str], *, tab: bool) -> str:
    """`title` without the name of its site; `tab`: it is the one that browsers show on a tab."""
    cuts = list(_SEPARATOR.finditer(title))
    if not cuts:
        return title
    first, last = cuts[0], cuts[-1]
    behind = title[last.end() :]
    named = squeezed(behind) in sites
    if named or (tab and last.group().strip() not in "-–—:" and len(behind.split()) <= SITE_WORDS):
        return title[: last.start()]
    return title[first.end() :] if squeezed(title[: first.start()]) in sites else title


def _byline(heading: HtmlElement) -> str:
    """Text that follows the title, where author and date stand."""
    pieces: list[str] = []
    length = 0
    above = heading
    for _ in range(BYLINE_LEVELS):
        for count, element in enumerate(above.itersiblings()):
            if count >= BYLINE_ELEMENTS or length > BYLINE_LENGTH:
                break
            if element.tag in _NO_BYLINE:
                continue
            # a space between elements: "Jeanne Martin" and "27 février" stand in one each
            line = " ".join(restored(" ".join(element.itertext())).split())[:BYLINE_LENGTH]
            length += len(line)
            pieces.append(line)
        above = above.getparent()
        if above is None or above.tag == "body" or length > BYLINE_ENOUGH:
            break
    return "\n".join(piece for piece in pieces if piece)[: 2 * BYLINE_LENGTH]


def _canonical(tree: HtmlElement, said: Declared, page: Page) -> str:
    base = page.final_url or page.url
    links = [e.get("href") for e in tree.iter("link") if (e.get("rel") or "") == "canonical"]
    for found in (*links, said.first("og:url")):
        if not found:
            continue
        try:
            address = urljoin(base, restored(found).strip())
            parts = urlsplit(address)
        except ValueError:
            continue
        # a canonical address of "/" is a template's slip: it would make all articles one
        if parts.scheme in ("http", "https") and (parts.path.strip("/") or not base):
            return address
    return base


def _language(tree: HtmlElement, said: Declared) -> str | None:
    root = tree.getroottree().getroot()
    for tag in (said.said("inLanguage"), root.get("lang"), said.first("og:locale", "language")):
        if tag and re.match(r"[A-Za-z]{2}(?:[-_]|$)", tag):
            return str(tag[:2].lower())
    return None
