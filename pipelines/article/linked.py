"""What a page says of itself to machines: schema.org in JSON-LD, and meta elements.

Both are read once into `Declared`; who wins between them is decided by their readers (metadata,
dates, people), each for its own field.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urlsplit

from pipelines.article.markup import HtmlElement, restored

#: Last word of the schema.org types that an article may have ("ReportageNewsArticle").
_ARTICLE_TYPE: Final = re.compile(r"(?:Article|Posting|Report|BlogPost|Review)$")
#: Nodes followed at most: a hostile page nests for ever.
NODES: Final = 400
_COMMENT: Final = re.compile(r"^\s*(?:<!--|//\s*<!\[CDATA\[|/\*.*?\*/)|(?:-->|//\s*\]\]>)\s*;?\s*$")
_TRAILING_COMMA: Final = re.compile(r",\s*([}\]])")
_THE: Final = re.compile(r"^(?:les?|la|l['’])\s*(?=\w)")
_TAG: Final = re.compile(r"</?[a-zA-Z][^>]{0,200}>")

Node = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Declared:
    """JSON-LD node of the article and every meta element of the page."""

    article: Node  # {} when none
    people: Mapping[str, str]  # @id → name
    meta: Mapping[str, tuple[str, ...]]  # name in lower case → contents in order
    site: str  # name of the publisher, "" when not said
    updates: tuple[Node, ...] = field(default=())  # posts of a live blog

    def first(self, *names: str) -> str:
        """The first content that is not empty among meta elements `names`."""
        return next((v for name in names for v in self.meta.get(name, ()) if v), "")

    def said(self, key: str) -> str:
        """A plain text property of the article node."""
        return text_of(self.article.get(key))


def declared(tree: HtmlElement) -> Declared:
    """Everything that `tree` declares."""
    meta: dict[str, tuple[str, ...]] = {}
    for element in tree.iter("meta"):
        content = element.get("content") or element.get("value")
        name = element.get("property") or element.get("name") or element.get("itemprop")
        if content and name:
            key = name.strip().lower()
            meta[key] = (*meta.get(key, ()), plain(content))
    nodes = list(_nodes(tree))
    article = max((n for n in nodes if _is_article(n)), key=_weight, default={})
    people = {str(n["@id"]): text_of(n.get("name")) for n in nodes if "@id" in n and n.get("name")}
    return Declared(article, people, meta, _site(article, nodes, meta), _updates(nodes))


def _nodes(tree: HtmlElement) -> Iterator[Node]:
    """Every schema.org node at the top, in a graph, or as the main thing of a page node."""
    stack: list[Any] = []
    for script in tree.iter("script"):
        if "ld+json" in (script.get("type") or "") and script.text:
            stack.append(_loaded(script.text))
    stack.reverse()
    seen = 0
    while stack and seen < NODES:
        node = stack.pop()
        if isinstance(node, list):
            stack.extend(reversed(node))
        elif isinstance(node, dict):
            seen += 1
            yield node
            inner = [node[key] for key in ("@graph", "mainEntity", "author") if key in node]
            about = node.get("mainEntityOfPage")
            stack.extend(reversed([*inner, about] if isinstance(about, dict) else inner))


def _loaded(script: str) -> Any:
    """The JSON of a script element, mended where publishers break it; None beyond that."""
    for attempt in (script, _TRAILING_COMMA.sub(r"\1", _COMMENT.sub("", script))):
        try:
            return json.loads(attempt, strict=False)
        except (ValueError, RecursionError):
            continue
    return None


def types_of(node: Node) -> tuple[str, ...]:
    """The schema.org types of a node."""
    kind = node.get("@type")
    kinds = kind if isinstance(kind, list) else [kind]
    return tuple(k.rsplit("/", 1)[-1] for k in kinds if isinstance(k, str))


def _is_article(node: Node) -> bool:
    return any(_ARTICLE_TYPE.search(kind) for kind in types_of(node))


def _weight(node: Node) -> int:
    """How much a node tells: several article nodes on a page are one in full and stubs."""
    keys = ("headline", "datePublished", "author", "articleBody", "description", "dateModified")
    return sum(key in node for key in keys)


def _site(article: Node, nodes: list[Node], meta: Mapping[str, tuple[str, ...]]) -> str:
    publisher = article.get("publisher")
    if isinstance(publisher, list) and publisher:
        publisher = publisher[0]
    if isinstance(publisher, dict):
        if name := text_of(publisher.get("name")):
            return name
        for node in nodes:
            if node.get("@id") and node.get("@id") == publisher.get("@id") and node.get("name"):
                return text_of(node["name"])
    return next(iter(meta.get("og:site_name", ())), "")


def _updates(nodes: list[Node]) -> tuple[Node, ...]:
    for node in nodes:
        posts = node.get("liveBlogUpdate")
        if isinstance(posts, dict):
            posts = [posts]
        if isinstance(posts, list):
            return tuple(post for post in posts if isinstance(post, dict))
    return ()


def text_of(value: Any) -> str:
    """A property as one line of plain text; "" when it is none."""
    if isinstance(value, list):
        value = value[0] if value else ""
    if isinstance(value, dict):
        value = value.get("name") or value.get("@value") or ""
    return plain(value) if isinstance(value, str) else ""


def plain(value: str) -> str:
    """A declared string without markup, entities (publishers escape twice) and line breaks."""
    for _ in range(2):
        if "&" in value:
            value = html.unescape(value)
    if "<" in value:
        value = _TAG.sub("", value)
    return " ".join(restored(value).replace("\u00ad", "").split())


def publishers(said: Declared, address: str) -> frozenset[str]:
    """Names under which the publisher may sign, squeezed."""
    try:
        host = urlsplit(address).hostname or ""
    except ValueError:
        host = ""
    host = host.removeprefix("www.")
    names = (
        said.site,
        said.first("og:site_name", "application-name"),
        host,
        host.partition(".")[0],
    )
    return frozenset(short for name in names if (short := squeezed(name)))


def squeezed(name: str) -> str:
    """A name without case, spaces and article: "Le Journal" and "lejournal" are one."""
    return re.sub(r"\W", "", _THE.sub("", name.lower()))
