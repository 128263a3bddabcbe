"""Who wrote an article, and which agency it is credited to."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

from pipelines.article.linked import Declared, plain
from pipelines.article.markup import HtmlElement, restored

#: Agencies, as bylines write them → name stored.
WIRES: Final = {
    "AFP": "AFP",
    "Agence France-Presse": "AFP",
    "Reuters": "Reuters",
    "Bloomberg": "Bloomberg",
    "Belga": "Belga",
    "ATS": "ATS",
    "Keystone-ATS": "ATS",
    "AP": "AP",
    "Associated Press": "AP",
    "Agence QMI": "QMI",
    "La Presse canadienne": "PC",
    "AWP": "AWP",
    "Zonebourse": "Zonebourse",
    "Agefi-Dow Jones": "Dow Jones",
    "Dow Jones": "Dow Jones",
    "DPA": "dpa",
    "EFE": "EFE",
    "ANSA": "ANSA",
    "Relaxnews": "Relaxnews",
}
_WIRE: Final = re.compile(
    r"(?<![\w-])(" + "|".join(sorted(map(re.escape, WIRES), key=len, reverse=True)) + r")(?!\w)"
)
_META: Final = (
    "parsely-author",
    "article:author",
    "og:article:author",
    "author",
    "dc.creator",
    "dcterms.creator",
    "citation_author",
    "byl",
    "sailthru.author",
    "twitter:data1",
)
_LEAD: Final = re.compile(
    r"^(?:propos recueillis par|par|by|de|auteur|écrit par|rédigé par|publié par|article de)\b"
    r"\s*:?\s*",
    re.IGNORECASE,
)
_NAMED: Final = re.compile(r"author|auteur|byline|signature|redacteur|journalist", re.IGNORECASE)
_BY: Final = re.compile(
    r"(?:^|\n|\s)Par\s+((?:[A-ZÀ-Þ][\w’'.-]+|de|du|des|la|le|van|von)"
    r"(?:\s+(?:[A-ZÀ-Þ][\w’'.-]*|de|du|des|la|le|van|von|et|avec)){0,6})"
)
_NOT_NAME: Final = re.compile(r"https?:|@|\d{2}|^\W*$")
#: Characters of a name, the longest ones being several people in one string.
NAME_LENGTH: Final = 90


def authors(tree: HtmlElement, said: Declared, byline: str) -> tuple[str, ...]:
    """The people who sign; the publisher only where nobody else does."""
    fallback: tuple[str, ...] = ()
    for names in _claims(tree, said, byline):
        kept = tuple(dict.fromkeys(n for name in names if (n := tidy(name))))
        folk = tuple(n for n in kept if not _is_site(n, said))
        if folk:
            return folk
        fallback = fallback or kept
    return fallback


def _claims(tree: HtmlElement, said: Declared, byline: str) -> Iterator[list[str]]:
    yield list(_linked(said.article.get("author"), said))
    for name in _META:
        yield list(said.meta.get(name, ()))
    yield list(_marked(tree))
    if match := _BY.search(byline):
        yield [match[1]]
    yield list(_linked(said.article.get("creator"), said))


def _linked(value: Any, said: Declared) -> Iterator[str]:
    for author in value if isinstance(value, list) else [value]:
        if isinstance(author, str):
            yield plain(author)
        elif isinstance(author, dict):
            name = author.get("name") or said.people.get(str(author.get("@id")), "")
            for one in name if isinstance(name, list) else [name]:
                if isinstance(one, str):
                    yield plain(one)


def _marked(tree: HtmlElement) -> Iterator[str]:
    """Names in elements that markup calls an author's."""
    for element in tree.iter("a", "span", "p", "div", "address", "strong"):
        marks = f"{element.get('rel') or ''} {element.get('itemprop') or ''}"
        if "author" in marks or _NAMED.search(element.get("class") or ""):
            text = " ".join(restored(element.text_content()).split())
            if 2 < len(text) <= NAME_LENGTH:
                yield text
                return


def tidy(name: str) -> str:
    """A name without "Par", addresses and job marks; "" when it is none."""
    name = _LEAD.sub("", " ".join(restored(name).split()))
    if _NOT_NAME.search(name) or len(name) > NAME_LENGTH:
        return ""
    return name.strip(" ,;|•·–-")


def _is_site(name: str, said: Declared) -> bool:
    squeeze = re.compile(r"\W|^(?:le|la|les|l)\W", re.IGNORECASE)
    return bool(said.site) and squeeze.sub("", name.lower()) == squeeze.sub("", said.site.lower())


def wire(names: tuple[str, ...], byline: str) -> str | None:
    """The agency that the byline credits; None when it credits none."""
    for text in (*names, byline[:200]):
        if match := _WIRE.search(text):
            return WIRES[match[1]]
    return None
