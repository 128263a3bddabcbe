"""Changes as people paste and subscribe to them: sentences, a Markdown chronology, an Atom feed."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

from schedules.printing import plain

if TYPE_CHECKING:
    from pipelines.shapes import Json

#: What a label says, by language.
LABELS = {
    "fr": {
        "new": "nouveau",
        "amount_up": "montant relevé",
        "amount_down": "montant abaissé",
        "confirmed": "confirmé",
        "denied": "démenti",
        "contradiction": "chiffres contradictoires",
        "new_investor": "nouvel investisseur",
        "corrected": "rectificatif",
        "quiet": "plus de nouvelles",
        "held": "chiffre isolé",
        "corroborated": "corroboré",
        "stale": "ancien chiffre",
        "backfilled": "rappel",
        "part": "partie",
        "sum_line": "somme",
        "unchanged": "inchangé",
        "reread": "relu",
    },
    "en": {
        "amount_up": "amount raised",
        "amount_down": "amount lowered",
        "new_investor": "new investor",
        "sum_line": "sum",
    },
}
KINDS = {
    "fr": {
        "investment": "investissement",
        "round": "tour de table",
        "valuation": "valorisation",
        "commitment": "engagement",
        "debt": "dette",
    },
    "en": {},
}
STAGES = {
    "fr": {
        "considered": "envisagé",
        "talks": "en discussion",
        "announced": "annoncé",
        "completed": "conclu",
        "denied": "démenti",
    },
    "en": {},
}
WORDS = {
    "fr": {
        "or": " ou ",
        "contested": "contesté",
        "says": "d’après",
        ":": "\u00a0: ",
        "pre_money": "avant l’opération",
        "post_money": "après l’opération",
        "not": "{0}, et non {1}",
        "withdrawn": "{0}, information retirée",
    },
    "en": {
        "or": " or ",
        "contested": "contested",
        "says": "says",
        ":": ": ",
        "pre_money": "pre-money",
        "post_money": "post-money",
        "not": "{0}, not {1}",
        "withdrawn": "{0}, withdrawn",
    },
}
ATOM = "http://www.w3.org/2005/Atom"


def word(table: dict[str, dict[str, str]], key: str, language: str) -> str:
    return table[language].get(key, key)


def figure(shape: Json | None, language: str) -> str:
    """A figure of a change or a deal: "jusqu’à 50 Md$ (en discussion)".

    Of a valuation known before and after the money, which of the two it is.
    """
    from pipelines.money import show
    from pipelines.shapes import amount_from_json

    if shape is None:
        return ""
    stage = word(STAGES, shape["stage"], language)
    if shape.get("contested"):
        sides = [_side(s["amount"], shape["currency"], language) for s in shape["contested"]]
        words = WORDS[language]
        return f"{words['or'].join(sides)} ({stage}, {words['contested']})"
    amount = show(amount_from_json(shape), language)
    if shape.get("pre_money"):
        basis = "pre_money" if shape["pre_money"] == shape["amount"] else "post_money"
        amount = f"{amount} {WORDS[language][basis]}"
    return f"{amount} ({stage})"


def _side(bounds: list[int | None], currency: str, language: str) -> str:
    """One figure of a contest, which keeps its bounds alone."""
    from pipelines.money import Amount, Qualifier, show

    low, high = bounds
    qualifier: Qualifier = "between" if low != high else "exact"
    if low is None or high is None:
        qualifier = "up_to" if low is None else "more_than"
    return show(Amount(low, high, currency, qualifier), language)


def flow(line: Json) -> str:
    """Who pays whom; the company alone where the payers are not the point."""
    if line["kind"] in ("round", "valuation") and line.get("change") != "new_investor":
        return str(line["payee"])
    return f"{', '.join(line['payers']) or '?'} → {line['payee']}"


def sentence(line: Json, language: str) -> str:
    """One change on one line."""
    labels = [word(LABELS, label, language) for label in (line["change"], *line["also"])]
    kind = word(KINDS, line["kind"], language)
    colon = WORDS[language][":"]
    return plain(f"{flow(line)}, {kind}{colon}{_move(line, language)} [{', '.join(labels)}]")


def _move(line: Json, language: str) -> str:
    """Before → after; of a correction what stands, and what was told wrongly."""
    before, after = (figure(line[key], language) for key in ("before", "after"))
    if line["change"] != "corrected":
        return f"{before} → {after}" if before else after
    words = WORDS[language]["not" if after != before else "withdrawn"]
    return words.format(after, before)


def credit(line: Json, language: str) -> str:
    """Outlet, and whom it credits."""
    if not line["sources"]:
        return plain(line["outlet"])
    return plain(f"{line['outlet']}, {WORDS[language]['says']} {', '.join(line['sources'])}")


def in_text(lines: Iterable[Json], language: str) -> Iterable[str]:
    """Three lines a change: what, whose words, where."""
    for line in lines:
        yield f"{line['published'][:10]}  {sentence(line, language)}  #{line['id']}"
        if line["quote"]:
            yield plain(f"            « {line['quote']} »")
        yield plain(f"            {credit(line, language)}  {line['url']}")


_MARKDOWN = re.compile(r"([\\`*_{}\[\]()<>#+\-!|~])")


def _escaped(text: str) -> str:
    """What Markdown would take for markup, and HTML, stays text."""
    return _MARKDOWN.sub(r"\\\1", plain(text)).replace("&", "&amp;")


def in_markdown(lines: Iterable[Json], language: str) -> Iterable[str]:
    """A chronology with footnotes, ready to be pasted into an article."""
    notes = []
    for number, line in enumerate(lines, 1):
        yield f"- **{line['published'][:10]}** {_escaped(sentence(line, language))}[^{number}]"
        quote = f"« {_escaped(line['quote'])} » " if line["quote"] else ""
        source = _escaped(credit(line, language))
        notes.append(f"[^{number}]: {quote}{source}, <{_link(line['url'])}>")
    yield ""
    yield from notes


def _link(url: str) -> str:
    """An address that cannot leave its angle brackets or its attribute; http(s) only."""
    safe = url if url.startswith(("https://", "http://")) else ""
    return re.sub(r"[\s<>\"']", lambda m: f"%{ord(m.group()):02X}", plain(safe))


def in_atom(lines: Iterable[Json], language: str, updated: str) -> str:
    """An Atom feed of the changes, newest first."""
    ET.register_namespace("", ATOM)
    feed = ET.Element(f"{{{ATOM}}}feed")
    _add(feed, "id", "urn:veille:changes")
    _add(feed, "title", "veille")
    _add(feed, "updated", updated)
    for line in reversed(list(lines)):
        entry = ET.SubElement(feed, f"{{{ATOM}}}entry")
        _add(entry, "id", f"urn:veille:change:{line['id']}")
        _add(entry, "title", sentence(line, language))
        _add(entry, "updated", line["recorded"])
        _add(entry, "published", line["published"])
        _add(entry, "link", "", href=_link(line["url"] or ""))
        author = ET.SubElement(entry, f"{{{ATOM}}}author")
        _add(author, "name", plain(line["outlet"] or "veille"))
        _add(entry, "summary", plain(f"« {line['quote']} »" if line["quote"] else ""))
    ET.indent(feed)
    return ET.tostring(feed, encoding="unicode", xml_declaration=True)


def _add(parent: ET.Element, name: str, text: str, **attributes: Any) -> None:
    ET.SubElement(parent, f"{{{ATOM}}}{name}", attributes).text = _xml(text)


def _xml(text: str) -> str:
    """XML 1.0 has no place for lone surrogates and two non-characters."""
    return "".join(c for c in text if not 0xD800 <= ord(c) <= 0xDFFF and c not in "\ufffe\uffff")
