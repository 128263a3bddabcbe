"""Live blogs: pages whose article is a row of dated posts.

The posts are those that JSON-LD lists (LiveBlogPosting), else the repeated elements with a time
each of a page whose address or title says that it is live. Claims are read post by post, so every
post keeps its time and its span in the text.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from pipelines.article.dates import PARIS
from pipelines.article.dates import parse as moment_of
from pipelines.article.lines import clean
from pipelines.article.linked import Declared, plain, text_of
from pipelines.article.markup import HtmlElement, restored, walk
from pipelines.article.markup import parse as parsed
from pipelines.records import Post

#: Posts read at most: a live of a week has a few hundred.
POSTS: Final = 500
#: Fewer dated elements than this are no row of posts.
LEAST_POSTS: Final = 3
_LIVE: Final = re.compile(r"\b(?:en[ _-]direct|direct|live|minute[ _-]par[ _-]minute)\b", re.I)
_CLOCK: Final = re.compile(r"^\W*(\d{1,2})\s?[h:]\s?(\d{2})\b")
_BLOCK_TAG: Final = re.compile(r"</?(?:p|br|div|li|ul|ol|h\d|blockquote|tr)\b[^>]{0,200}>", re.I)
#: Markup that carries scripts and other people's posts: parsed, the rest is cut at its tags.
_EMBEDS: Final = re.compile(r"<(?:script|style|img|iframe|svg|figure|blockquote)\b", re.I)
_BLOCKS: Final = frozenset(
    ("p", "li", "ul", "ol", "h2", "h3", "h4", "h5", "blockquote", "div", "section", "tr", "br")
)
_WORDS: Final = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Entry:
    """One post: its time and its paragraphs."""

    published: datetime | None
    blocks: tuple[str, ...]


def listed(said: Declared, title: str) -> tuple[Entry, ...]:
    """The posts that JSON-LD lists."""
    entries = []
    for update in said.updates[:POSTS]:
        text = update.get("articleBody")
        body = _paragraphs(text) if isinstance(text, str) else []
        headline = text_of(update.get("headline"))
        blocks = clean([headline, *body] if headline else body, title).blocks
        if blocks:
            entries.append(Entry(moment_of(text_of(update.get("datePublished"))), _once(blocks)))
    return tuple(entries)


def _once(blocks: tuple[str, ...]) -> tuple[str, ...]:
    """Blocks without a headline that the next block begins with."""
    if len(blocks) > 1 and _folded(blocks[1]).startswith(_folded(blocks[0])):
        return blocks[1:]
    return blocks


def _paragraphs(text: str) -> list[str]:
    """Paragraphs of a post's body, which is text or markup."""
    if _EMBEDS.search(text):
        tree = parsed(f"<html><body><div>{text}</div></body></html>")
        if tree is None:
            return []
        for embed in list(tree.iter("script", "style", "iframe", "svg", "figure", "blockquote")):
            embed.drop_tree()
        return blocks_of(tree)
    return [line for part in _BLOCK_TAG.sub("\n", text).split("\n") if (line := plain(part))]


def blocks_of(element: HtmlElement) -> list[str]:
    """Text of an element, a string for each run between the borders of its blocks."""
    found: list[str] = []
    run: list[str] = []

    def end_run() -> None:
        line = restored("".join(run)).replace("\n", " ").replace("\t", " ")
        if line := " ".join(word for word in line.split(" ") if word):
            found.append(line)
        run.clear()

    for event, node in walk(element):
        if node.tag in _BLOCKS:
            end_run()
        if event == "start":
            run.append(node.text or "")
        elif node is not element:
            run.append(node.tail or "")
    end_run()
    return found


def shown(root: HtmlElement, address: str, title: str, day: datetime | None) -> tuple[Entry, ...]:
    """The posts that a live page shows; they are taken out of the tree."""
    if not (_LIVE.search(address) or _LIVE.search(title)):
        return ()
    rows = _rows(root)
    entries = []
    for row in rows[:POSTS]:
        moment = _time_of(row, day)
        for stamp in list(row.iter("time")):
            stamp.drop_tree()
        blocks = clean([_CLOCK.sub("", block) for block in blocks_of(row)], title).blocks
        if blocks:
            entries.append(Entry(moment, blocks))
        row.drop_tree()
    return tuple(entries)


def _rows(root: HtmlElement) -> list[HtmlElement]:
    """The longest row of siblings of one kind that carry a time each."""
    best: list[HtmlElement] = []
    for parent in {e.getparent().getparent() for e in root.iter("time") if _has_two(e)} | {
        e.getparent() for e in root.iter("article", "li", "section", "div") if _timed(e)
    }:
        if parent is None:
            continue
        timed = [c for c in parent if isinstance(c.tag, str) and _timed(c)]
        kinds = Counter((c.tag, (c.get("class") or "").split(" ")[0]) for c in timed)
        if not kinds:
            continue
        kind, count = kinds.most_common(1)[0]
        row = [c for c in timed if (c.tag, (c.get("class") or "").split(" ")[0]) == kind]
        if count >= LEAST_POSTS and _prose(row) > _prose(best):
            best = row
    return best


def _has_two(element: HtmlElement) -> bool:
    parent = element.getparent()
    return parent is not None and parent.getparent() is not None


def _timed(element: HtmlElement) -> bool:
    stamps = sum(1 for _ in element.iter("time"))
    return stamps == 1 or (stamps == 0 and bool(_CLOCK.match(element.text_content()[:40])))


def _prose(row: Sequence[HtmlElement]) -> int:
    return sum(len(e.text_content()) for e in row)


def _time_of(row: HtmlElement, day: datetime | None) -> datetime | None:
    for stamp in row.iter("time"):
        if moment := moment_of(stamp.get("datetime") or ""):
            return moment
    clock = _CLOCK.match(restored(row.text_content()).strip()[:40])
    if clock is None or day is None or int(clock[1]) > 23 or int(clock[2]) > 59:
        return None
    local = day.astimezone(PARIS)
    return local.replace(hour=int(clock[1]), minute=int(clock[2]), second=0, microsecond=0)


def composed(intro: Sequence[str], entries: Sequence[Entry]) -> tuple[str, tuple[Post, ...]]:
    """The whole text of a live blog, and where its posts stand in it."""
    told = " ".join(_folded(block) for entry in entries for block in entry.blocks)
    pieces = [block for block in intro if _folded(block) not in told]
    length = sum(len(piece) + 2 for piece in pieces)
    posts = []
    for entry in entries:
        text = "\n\n".join(entry.blocks)
        posts.append(Post(entry.published, length, length + len(text)))
        pieces.append(text)
        length += len(text) + 2
    return "\n\n".join(pieces), tuple(posts)


def _folded(text: str) -> str:
    return "".join(_WORDS.findall(text.casefold()))
