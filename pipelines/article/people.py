"""Who wrote an article, and which agency it is credited to."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import Any, Final

from pipelines.article.linked import Declared, plain, publishers, squeezed
from pipelines.article.markup import HtmlElement, line_of, restored

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
#: Datelines and signatures write them in capitals too: one agency is one voice.
_SPELT: Final = {
    spelling: wire for name, wire in WIRES.items() for spelling in (name, name.upper())
}
_NAMES: Final = "|".join(sorted(map(re.escape, _SPELT), key=len, reverse=True))
_WIRE: Final = re.compile(rf"(?<![\w-])({_NAMES})(?!\w)")
#: A byline's way to name an agency; "selon Bloomberg" is the text's.
_CREDIT: Final = re.compile(
    rf"(?:\b(?:[Aa]vec|[Pp]ar|[Ss]ource)\s*:?|[©(/|•·,–-])\s*(?:l['’])?({_NAMES})(?!\w)"
)
#: "TOKYO (AFP) -", "(Agence) -", "Paris, 3 mai (Reuters) –": how agency texts begin.
_DATELINE: Final = re.compile(
    r"(?:[A-ZÀ-Þ][\w’'. -]{1,40}(?:,[^(\n]{1,25})?\s)?"
    r"\(([A-ZÀ-Þ][\w-]{1,20}(?: [A-ZÀ-Þ][\w-]{1,20})?)\)\s?[-–—]"
)
_SIGNED: Final = re.compile(rf"(?:\(|avec |^)(?:[Aa]gence )?({_NAMES})\)?\.?\s*$")
_CREDITED: Final = re.compile(r"\bavec (?:l['’])?([A-ZÀ-Þ][\w-]{2,20})$")
#: Code points of the end of a text in which an agency signs, and of a byline.
SIGNATURE: Final = 120
BYLINE: Final = 200
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
_MARKED: Final = (
    "//*["
    + " or ".join(
        [f"contains(@class, '{word}')" for word in ("author", "auteur", "signature", "byline")]
        + ["contains(@rel, 'author')", "contains(@itemprop, 'author')"]
    )
    + "]"
)
_PARENTHESIS: Final = re.compile(r"\s*\([^)]*\)\s*$")
#: Elements marked as an author's that are looked at.
MARKED: Final = 40
_PARTICLES: Final = "de|du|des|la|le|van|von"
_BY: Final = re.compile(
    r"(?:(?:^|\n|\s)(?:Par|PAR)|(?:(?<=\d )|[ÉéEe]crit |[Rr]édigé |[Pp]ublié )par)[ \u00a0]+"
    rf"((?:[A-ZÀ-Þ][\w’'.-]+|{_PARTICLES})"
    rf"(?:[ \u00a0]+(?:[A-ZÀ-Þ][\w’'.-]*|{_PARTICLES}|et|avec)){{0,6}})"
)
#: "De notre correspondante à Tokyo, ...", with its first word gone already.
_PLACE: Final = re.compile(
    r"^not?r?e?s? (?:correspondante?|envoyée?)s?\b[^,]{0,40}, ", re.IGNORECASE
)
#: Words that led on from a name ("Jeanne Martin le 3 mars").
_LINK_WORDS: Final = re.compile(rf"(?:\s+(?:{_PARTICLES}|et|avec))+$")
_NOT_NAME: Final = re.compile(
    r"https?:|@|\d{2}|^\W*$|^(?:auteurs?|autrice|signature|biographie|voir|lire|tous|suivre|publié"
    r"|contact|profil|journalistes?|rédact(?:eur|rice))\b(?!\s[A-ZÀ-Þ])",
    re.IGNORECASE,
)
#: Characters of a name, the longest ones being several people in one string.
NAME_LENGTH: Final = 90


def authors(tree: HtmlElement, said: Declared, byline: str, address: str) -> tuple[str, ...]:
    """The people who sign; the publisher only where nobody else does."""
    sites = publishers(said, address)
    fallback: tuple[str, ...] = ()
    for names in _claims(tree, said, byline):
        kept = tuple(dict.fromkeys(n for name in names if (n := tidy(name))))
        folk = tuple(n for n in kept if squeezed(n) not in sites)
        if folk:
            return folk
        fallback = fallback or kept
    return fallback


def _claims(tree: HtmlElement, said: Declared, byline: str) -> Iterator[list[str]]:
    """Who signs, from everything that says so, in order of trust; the tree is searched last."""
    yield list(_linked(said.article.get("author"), said))
    for name in _META:
        yield list(said.meta.get(name, ()))
    if match := _BY.search(byline):
        yield [match[1]]
    yield list(islice((name for name in _marked(tree) if tidy(name)), 1))
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
    """Names in elements that markup calls an author's, those of other articles left out."""
    for element in tree.xpath(_MARKED)[:MARKED]:
        text = line_of(element)
        if not 2 < len(text) <= NAME_LENGTH:
            continue
        link = next(element.iterancestors("a"), None)
        if link is None or len(line_of(link)) <= len(text) + 10:
            yield _PARENTHESIS.sub("", text)


def tidy(name: str) -> str:
    """A name without "Par", addresses and job marks; "" when it is none."""
    name = _PLACE.sub("", _LEAD.sub("", " ".join(restored(name).split())))
    name = _LINK_WORDS.sub("", name)
    if _NOT_NAME.search(name) or len(name) > NAME_LENGTH:
        return ""
    return name.strip(" ,;|•·–-")


def wire(names: tuple[str, ...], byline: str, text: str) -> str | None:
    """The agency that byline, dateline or signature credits; None when they credit none."""
    for name in names:
        if match := _WIRE.search(name):
            return _SPELT[match[1]]
    if match := _CREDIT.search(byline[:BYLINE]):
        return _SPELT[match[1]]
    if dateline := _DATELINE.match(text):
        return _SPELT.get(dateline[1], dateline[1])
    last = text[-SIGNATURE:].rsplit("\n", 1)[-1]
    if signature := _SIGNED.search(last):
        return _SPELT[signature[1]]
    # "La rédaction avec X": X is an agency, even one that is not listed
    for name in names:
        if credited := _CREDITED.search(name):
            return credited[1]
    return None
