"""The article's own text, out of a tree: boxes dropped, trafilatura's extraction, our lines."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from typing import Any, Final

from trafilatura import bare_extraction
from trafilatura.settings import Document

from pipelines.article import boxes, live, shape, standfirst
from pipelines.article.lines import Cleaned, clean
from pipelines.article.markup import HtmlElement, restored
from pipelines.article.metadata import Head
from pipelines.records import Post

#: Elements of trafilatura's tree that are paragraphs within others.
_PARAGRAPHS: Final = frozenset(("p", "head", "quote", "item"))
#: Shorter than this, precise mode has thrown the article away.
LEAST: Final = 100
#: Paragraphs of this length, in code points, are prose and no labels.
PROSE: Final = 80
#: Share of the prose that the frame of the article holds.
SHARE: Final = 0.75
#: Less than this share of the frame's prose extracted: the wrong element was taken for the article.
COVERED: Final = 0.7


@dataclass(frozen=True, slots=True)
class Body:
    """The text, the posts of a live blog in it, and whether a wall was seen."""

    text: str
    posts: tuple[Post, ...]
    walled: bool


def body_of(tree: HtmlElement, head: Head, address: str) -> Body:
    """The text of the article; "" when there is none. The tree is used up."""
    root = tree.find("body")
    root = tree if root is None else root
    summary = standfirst.shown(root, head.said)
    entries = live.listed(head.said, head.title)
    boxes.drop_silent(root, head.heading)
    shape.repair(root)
    walled = boxes.drop(root, head.heading)
    entries = entries or live.shown(root, address, head.title, head.published)
    cleaned = _extracted_best(tree, root, head)
    text, posts = live.composed(cleaned.blocks, entries)
    if standfirst.needed(summary, text):
        text, posts = live.composed((summary, *cleaned.blocks), entries)
    return Body(text, posts, walled or cleaned.walled)


def _extracted_best(tree: HtmlElement, root: HtmlElement, head: Head) -> Cleaned:
    """Precise extraction; on the frame alone, or with less precision, where it found little."""
    frame, expected = _frame(root)
    cleaned = clean(_blocks(_extracted(tree, precise=True)), head.title, head.authors)
    if frame is not None and _length(cleaned) < COVERED * expected:
        framed = clean(_blocks(_extracted(_page_of(frame), precise=True)), head.title, head.authors)
        cleaned = max(cleaned, framed, key=_length)
    if _length(cleaned) < LEAST:
        cleaned = clean(_blocks(_extracted(tree, precise=False)), head.title, head.authors)
    return cleaned


def _length(cleaned: Cleaned) -> int:
    return sum(map(len, cleaned.blocks))


def _frame(root: HtmlElement) -> tuple[HtmlElement | None, int]:
    """The smallest element that holds most of the page's prose, and how much that is."""
    weights: dict[HtmlElement, int] = {}
    seen: set[str] = set()
    total = 0
    for paragraph in root.iter("p"):
        text = paragraph.text_content()
        length = len(text)
        if (
            length < PROSE
            or text in seen
            or 2 * sum(len(a.text_content()) for a in paragraph.iter("a")) > length
        ):
            continue
        seen.add(text)
        total += length
        for above in paragraph.iterancestors():
            weights[above] = weights.get(above, 0) + length
    # ancestors come after descendants only by chance, the smallest has least weight and depth
    holding = [e for e, weight in weights.items() if weight >= SHARE * total]
    frame = max(holding, key=lambda e: sum(1 for _ in e.iterancestors()), default=None)
    return frame, weights[frame] if frame is not None else 0


def _page_of(frame: HtmlElement) -> HtmlElement:
    """A page that holds a copy of `frame` as its article and nothing else."""
    page = frame.makeelement("html")
    body = page.makeelement("body")
    article = body.makeelement("div")
    article.set("itemprop", "articleBody")
    page.append(body)
    body.append(article)
    article.append(deepcopy(frame))
    return page


def _extracted(tree: HtmlElement, *, precise: bool) -> Any:
    document = bare_extraction(
        tree, fast=True, favor_precision=precise, include_comments=False, with_metadata=False
    )
    return document.body if isinstance(document, Document) else None


def _blocks(body: Any) -> list[str]:
    """Paragraphs, headings, lists and quotations of trafilatura's tree, a string each."""
    blocks: list[str] = []
    for element in body if body is not None else ():
        if element.tag == "list":
            items = [_text(item) for item in element.iter("item")]
            blocks.append("\n".join(f"- {item}" for item in items if item))
        else:
            for paragraph in _text(element).split("\n\n"):
                blocks.append(paragraph)
        tail = " ".join((element.tail or "").split())
        if tail:
            blocks.append(restored(tail))
    return [block for block in blocks if block.strip()]


def _text(element: Any) -> str:
    """Text of an element; line breaks of the source kept."""
    lines = restored("".join(_pieces(element))).split("\n")
    return "\n".join(line.strip() for line in lines).strip()


def _pieces(element: Any) -> Iterator[str]:
    """Texts within an element, in order, with the breaks between them.

    A list inside an item is left out: its items are items of their own.
    """
    yield element.text or ""
    for part in element:
        if part.tag == "lb":
            yield "\n"
        elif part.tag in _PARAGRAPHS:
            yield "\n\n"
        if not (part.tag == "list" and element.tag == "item"):
            yield from _pieces(part)
        if part.tag in _PARAGRAPHS:
            yield "\n\n"
        yield part.tail or ""
