"""Elements of a page that are not the article: dropped before the article is looked for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from pipelines.article.lines import outcome_of
from pipelines.article.markup import HtmlElement, line_of
from pipelines.article.rules import marks, rules

#: Elements without text for readers of an article. Their removal makes all that follows cheaper.
_SILENT: Final = (
    "script", "style", "noscript", "template", "svg", "iframe", "button", "input", "select",
    "option", "textarea", "object", "embed", "video", "audio", "canvas", "map", "dialog", "link",
    "meta", "source",
)  # fmt: skip
_ASIDE: Final = ("aside", "footer", "nav", "menu")
_HEADINGS: Final = ("h2", "h3", "h4", "h5", "h6", "p", "div", "span", "strong", "b", "summary")
_ROLES: Final = frozenset(
    ("dialog", "alertdialog", "navigation", "search", "complementary", "banner", "contentinfo")
)
#: Share of the page's paragraphs that a box of the site never holds: it is the article's frame.
FRAME: Final = 0.4
_WALLED: Final = re.compile(
    r"abonn.{0,200}\b(?:lire|suite|article|contenu|accéder|accès)\b|\b(?:lire|suite|reste|article"
    r"|contenu|accéder|accès)\b.{0,200}abonn",
    re.IGNORECASE | re.DOTALL,
)
#: What is for subscribers may be the comments alone.
_OF_READERS: Final = re.compile(r"contribu(?:er|tions?)|comment(?:er|aires?)", re.IGNORECASE)
_SELLS: Final = re.compile(
    " (?:abo|abonnements?|subscribe|subscription|subscribers?|offers?|offres?|paywall|regwall) "
)
#: Code points of a card that shows another article: headline, summary, section, date.
CARD: Final = 600
#: Headed lists of a page that are looked at: each is compared with all that stands behind it.
LISTS: Final = 60
#: Code points of the shortest headline.
HEADLINE: Final = 25
#: Code points of a notice of a wall; what is longer lists other things.
NOTICE: Final = 1500
#: Code points of a heading of a box.
HEADING: Final = 60


def drop_silent(body: HtmlElement, title: HtmlElement | None) -> None:
    """Drop what never holds an article, so that all that follows has less to look at."""
    above = _around(title)
    for element in list(body.iter(*_SILENT)):
        element.drop_tree()
    for element in list(body.iter(*_ASIDE)):
        if element in above:
            element.tag = "div"  # never closed: it holds the article
        elif element.getparent() is not None:
            element.drop_tree()


def _around(title: HtmlElement | None) -> set[HtmlElement]:
    return set(title.iterancestors()) | {title} if title is not None else set()


def drop(body: HtmlElement, title: HtmlElement | None) -> bool:
    """Drop the boxes from the tree; True when one of them was a wall."""
    kept = _around(title)
    total = sum(len(p.text_content()) for p in body.iter("p")) or len(body.text_content())
    wall = False
    for element, certain in list(_suspects(body)):
        if element in kept or (not certain and _text_in(element) > FRAME * total):
            # the article's own frame: trafilatura goes by names too
            element.attrib.pop("class", None)
            element.attrib.pop("id", None)
            continue
        if element.getparent() is not None:
            wall = wall or _is_wall(element) or _says_wall(element)
            element.drop_tree()
    if title is not None:
        _drop_other_articles(body, title)
    _drop_headed(body, kept, FRAME * total)
    for heading in list(body.iter("h2", "h3", "h4", "h5", "h6")):
        if heading not in kept and heading.getparent() is not None and _is_teaser(heading):
            _card_of(heading, kept).drop_tree()
    return wall


def _suspects(body: HtmlElement) -> Iterator[tuple[HtmlElement, bool]]:
    """Elements that markup says are no article, and whether that is certain."""
    for element in body.xpath(".//*[@class or @id]"):
        kind = _kind_of(f"{element.get('class') or ''} {element.get('id') or ''}")
        if kind:
            yield element, kind == "consent"
    for element in body.xpath(".//*[@role or @hidden]"):
        if element.get("role") in _ROLES or element.get("hidden") is not None:
            yield element, False


@lru_cache(maxsize=8192)
def _kind_of(names: str) -> str:
    """What class and id make of an element: "consent", "site" or ""."""
    words = marks(names)
    if rules().consent.search(words):
        return "consent"
    return "site" if rules().site.search(words) else ""


def _text_in(element: HtmlElement) -> int:
    inside = sum(len(p.text_content()) for p in element.iter("p"))
    return inside or len(element.text_content())


def _is_wall(element: HtmlElement) -> bool:
    words = marks(f"{element.get('class') or ''} {element.get('id') or ''}")
    if not rules().wall.search(words):
        return False
    text = line_of(element)
    return bool(_WALLED.search(text)) and not _OF_READERS.search(text)


def _says_wall(element: HtmlElement) -> bool:
    """Whether a box, by whatever name, says that the rest of this article is for subscribers."""
    words = marks(f"{element.get('class') or ''} {element.get('id') or ''}")
    if not _SELLS.search(words) or len(element.text_content()) > NOTICE:
        return False
    lines = (line_of(part) for part in element.iter("p", "div", "span", "strong", "h2", "h3"))
    return any(outcome_of(line) == "wall" for line in lines if line)


def _drop_headed(body: HtmlElement, kept: set[HtmlElement], most: float) -> None:
    """Drop what stands under headings such as "Sur le même sujet" and "Commentaires"."""
    others, comments = rules().others.fullmatch, rules().comments.fullmatch
    found = 0
    for heading in list(body.iter(*_HEADINGS)):
        if found >= LISTS:
            break
        own = heading.text
        # what reads as a heading is the text of one element; those around it are climbed later
        if not own or len(own) > 4 * HEADING or len(heading) > 1 or own.isspace():
            continue
        text = line_of(heading)
        if not text or len(text) > HEADING or heading in kept:
            continue
        if comments(text) or others(text):
            found += 1
            _drop_after(heading, kept, most, to_the_end=bool(comments(text)))


def _drop_after(
    heading: HtmlElement, kept: set[HtmlElement], most: float, *, to_the_end: bool
) -> None:
    """Drop a heading with the links under it, or everything behind it that is not `most` text."""
    parent = heading.getparent()
    while parent is not None and len(parent) == 1 and parent not in kept:
        heading, parent = parent, parent.getparent()
    if parent is None:
        return
    behind = [e for e in heading.itersiblings() if isinstance(e.tag, str)]
    if to_the_end and sum(map(_text_in, behind)) > most:
        behind = []  # the number of comments, above the article
    for element in behind:
        if element in kept:
            break
        if not to_the_end and (element.tag in ("h1", "h2", "h3") or not _is_linked(element)):
            break
        element.drop_tree()
    if heading not in kept:
        heading.drop_tree()


def _drop_other_articles(body: HtmlElement, title: HtmlElement) -> None:
    """Drop the `article` elements beside the one that holds the title and has a text."""
    own = next(title.iterancestors("article"), None)
    if own is None:
        return
    inside = set(own.iter("article")) | set(own.iterancestors("article"))
    others = [e for e in body.iter("article") if e not in inside]
    if others and _text_in(own) * 2 >= max(map(_text_in, others)):
        for element in others:
            if element.getparent() is not None:
                element.drop_tree()


def _card_of(heading: HtmlElement, kept: set[HtmlElement]) -> HtmlElement:
    """The card that a linked headline heads: itself with the few words beside it."""
    card, above = heading, heading.getparent()
    while (
        above is not None
        and above not in kept
        and above.tag in ("article", "div", "li", "section", "header")
        and len(above.text_content()) <= CARD
        and sum(1 for _ in above.iter("h2", "h3", "h4", "h5", "h6")) == 1
    ):
        card, above = above, above.getparent()
    return card


def _is_teaser(heading: HtmlElement) -> bool:
    """Whether a heading is a link to another page: the headline of another article."""
    link = heading.find(".//a[@href]")
    if link is None or "#" in link.get("href"):
        return False  # to a part of this page
    return len(line_of(link)) > HEADLINE and 10 * len(line_of(link)) >= 9 * len(line_of(heading))


def _is_linked(element: HtmlElement) -> bool:
    """Whether an element is mostly links."""
    text = len("".join(element.text_content().split()))
    links = sum(len("".join(a.text_content().split())) for a in element.iter("a"))
    return links * 2 > text or text == 0
