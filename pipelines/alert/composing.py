"""One article = one short message."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from pipelines.alert import telling
from pipelines.alert.plain import clean, cut, link, link_to
from pipelines.alert.rendering import html_of, text_of
from pipelines.alert.sheet import Section, Sheet, sheet_to_json
from pipelines.alert.telling import Line
from pipelines.alert.words import LABELS, TONES, phrase
from pipelines.records import QUOTE_LIMIT, Alert
from pipelines.shapes import Json

#: Most quotes of one article in one message, and their length (outlets/etiquette: short extracts).
QUOTES = 3
#: Longest title shown; mail programs show some 80 characters of a subject, phones 40.
TITLE_LIMIT = 200
SUBJECT_LIMIT = 150


@dataclass(frozen=True, slots=True)
class Context:
    """For whom a message is made."""

    channel: str
    language: str
    zone: ZoneInfo
    outlets: Mapping[str, str] = field(default_factory=dict)  # id → name
    reading_room: str | None = None  # address of the reading room; None: no links to it

    def outlet(self, identity: str | None) -> str:
        return clean(self.outlets.get(identity or "", identity or ""))

    def room(self, deal: str) -> str:
        """Address of a deal's page."""
        base = link(self.reading_room or "")
        return f"{base.rstrip('/')}/deal/{deal}" if base else ""


def compose(
    key: str, lines: Sequence[Line], context: Context, *, thread: Sequence[str] = ()
) -> Alert:
    """The message about the changes `lines` that one article made (at least one)."""
    lines = sorted(lines, key=telling.weight)
    first, language = lines[0], context.language
    budget = Quotes()
    credits = dict.fromkeys(telling.said_by(line, language) for line in lines)
    # what all changes of the article share is said once
    shared = next(iter(credits)) if len(credits) == 1 else ""
    where = (context.outlet(first["outlet"]), shared, telling.times(first, context.zone, language))
    sheet = Sheet(
        language=language,
        subject=subject_of(lines, language),
        intro=(
            cut(clean(first["title"] or ""), TITLE_LIMIT),
            ", ".join(part for part in where if part),
        ),
        link=link_to(first["url"] or "", _first_quote(lines)),
        sections=tuple(_section(line, context, budget, shared) for line in lines),
        notes=notes(lines, language),
    )
    return alert_of(key, context, sheet, "alert", lines, thread)


def alert_of(
    key: str,
    context: Context,
    sheet: Sheet,
    kind: str,
    lines: Sequence[Line],
    thread: Sequence[str],
) -> Alert:
    payload: Json = {
        "type": kind,
        "key": key,
        "channel": context.channel,
        "subject": sheet.subject,
        "changes": [dict(line) for line in lines],
        "sheet": sheet_to_json(sheet),
    }
    return Alert(
        key=key,
        channel=context.channel,
        subject=sheet.subject,
        text=text_of(sheet),
        html=html_of(sheet),
        # escaped, because a lone surrogate of a page has no UTF-8
        payload=json.dumps(payload),
        thread=tuple(thread),
    )


def sample(context: Context, key: str) -> Alert:
    """What `veille alerts test` sends."""
    language = context.language
    sheet = Sheet(
        language=language,
        subject=phrase(language, "sample"),
        intro=(phrase(language, "sample_note"),),
        link="",
        sections=(
            Section(
                tag=LABELS[language]["confirmed"],
                tone="good",
                heading="Exemple SA → Modèle, " + phrase(language, "sample_kind"),
                figure=phrase(language, "sample_figure"),
                quote=phrase(language, "sample_quote"),
            ),
        ),
        notes=(phrase(language, "sample_end"),),
    )
    return alert_of(key, context, sheet, "test", (), ())


class Quotes:
    """Hands out the quotes of a message: each sentence once, three an article at most."""

    def __init__(self) -> None:
        self._shown: dict[int | None, list[str]] = {}

    def take(self, line: Line) -> str:
        shown = self._shown.setdefault(line["article"], [])
        quote = cut(clean(line["quote"] or ""), QUOTE_LIMIT)
        if not quote or quote in shown or len(shown) >= QUOTES:
            return ""
        shown.append(quote)
        return quote


def notes(lines: Sequence[Line], language: str) -> tuple[str, ...]:
    entry = any(line["basis"] == "entry" for line in lines)
    return (
        *((phrase(language, "entry"),) if entry else ()),
        phrase(language, "unverified"),
    )


def fragment(line: Line) -> str | None:
    """The sentence at which the page opens: nothing of a page that was not read."""
    if line["basis"] != "page" or line["quote"] == line["title"]:
        return None
    quote: str | None = line["quote"]
    return quote


def _first_quote(lines: Sequence[Line]) -> str | None:
    return next((quote for line in lines if (quote := fragment(line))), None)


def subject_of(lines: Sequence[Line], language: str) -> str:
    """The weightiest change of an article, and how many more there are."""
    first = min(lines, key=telling.weight)
    told = f"{telling.heading(first, language)}, {telling.move(first, language)}"
    more = f" (+{len(lines) - 1})" if len(lines) > 1 else ""
    subject = phrase(language, "colon", telling.tag(first, language), told)
    return cut(subject, SUBJECT_LIMIT - len(more)) + more


def _section(line: Line, context: Context, budget: Quotes, shared: str) -> Section:
    language = context.language
    quote = budget.take(line)
    said = telling.said_by(line, language)
    detail = [telling.sure(line, language), "" if said == shared else said]
    if line["also"]:
        detail.insert(0, ", ".join(LABELS[language][label].lower() for label in line["also"]))
    return Section(
        tag=telling.tag(line, language),
        tone=TONES.get(line["change"], "plain"),
        heading=telling.heading(line, language),
        figure=telling.move(line, language),
        detail=tuple(part for part in detail if part),
        quote=quote,
        link=link_to(line["url"] or "", fragment(line)) if quote else "",
        reading=context.room(line["deal"]),
    )
