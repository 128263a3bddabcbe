"""The search page, the review queue and the page about us."""

from __future__ import annotations

import re

from pipelines.alert.plain import clean, cut
from pipelines.reading_room.asking import Ask, Gathered
from pipelines.shapes import Json
from pipelines.store import rooms, searching
from pipelines.store.rooms import Connection

#: Words of an extract around a hit; in a public room as few as say whether to follow the link.
WORDS, PUBLIC_WORDS = 28, 10
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


def search(db: Connection, ask: Ask) -> Gathered:
    asked = ask.choices.get("q", "")
    since, until = (
        ask.choices[name] if _DATE.fullmatch(ask.choices.get(name, "")) else None
        for name in ("since", "until")
    )
    words = PUBLIC_WORDS if ask.room.public else WORDS
    found, capped = searching.articles(db, asked, since=since, until=until, words=words)
    limit = ask.room.quote_limit if ask.room.public else None
    articles = [
        row
        | {"title_marked": pieces(row["title_marked"]), "extract": pieces(row["extract"], limit)}
        for row in found
    ]
    quotes = _by_sentence(searching.quotes(db, asked), limit)
    facts: Json = {
        "asked": asked,
        "since": since,
        "until": until,
        "articles": articles,
        "quotes": quotes,
        "capped": searching.RANKED if capped else None,
    }
    keys = ("id", "at", "outlet", "title", "url")
    return Gathered(facts, [{key: row[key] for key in keys} for row in found])


def _by_sentence(found: list[Json], limit: int | None) -> list[Json]:
    """A sentence of an article once, with all the claims that it states."""
    sentences: dict[tuple[int, str], Json] = {}
    for row in found:
        claim = rooms.opened(row, "payers")
        marked = claim.pop("marked")
        sentence = sentences.setdefault(
            (claim["article"], marked),
            {
                "article": claim["article"],
                "at": claim["at"],
                "outlet": claim["outlet"],
                "marked": pieces(marked, limit),
                "claims": [],
            },
        )
        sentence["claims"].append(claim)
    return list(sentences.values())


def pieces(marked: str | None, limit: int | None = None) -> list[Json]:
    """Text between the signs around hits; a text that holds such signs itself is only marked odd.

    `limit`: code points in all.
    """
    found: list[Json] = []
    left = limit
    for number, part in enumerate(re.split(f"[{searching.OPEN}{searching.CLOSE}]", marked or "")):
        text = _flattened(part)
        if left is not None:
            text, left = cut(text, max(left, 1)), left - len(text)
        if text:
            found.append({"text": text, "hit": number % 2 == 1})
        if left is not None and left <= 0:
            break
    return found


def _flattened(text: str) -> str:
    """Cleaned, with the blanks at its ends: they part it from the next piece."""
    inner = clean(text)
    before = " " if text[:1].isspace() else ""
    after = " " if inner and text[-1:].isspace() else ""
    return f"{before}{inner}{after}"


def review(db: Connection, ask: Ask) -> Gathered:
    lines: list[Json] = [
        {
            "id": row["claim_id"],
            "at": row["at"],
            "outlet": row["outlet"],
            "title": row["title"],
            "kind": row["kind"],
            "payers": row["payers"],
            "payee": row["payee"],
            "low": row["low"],
            "high": row["high"],
            "currency": row["currency"],
            "qualifier": row["qualifier"],
            "certainty": row["certainty"],
            "stage": row["stage"],
            "sources": row["sources"],
            "confidence": row["confidence"],
            "rule": row["rule"],
            "quote": ask.quote(row["quote"]),
            "article": row["article"],
            "position": row["position"],
        }
        for row in rooms.held_claims(db)
    ]
    return Gathered({"claims": lines}, lines)


def about(_: Connection, ask: Ask) -> Gathered:
    return Gathered(
        {
            "watched": list(ask.room.watched),
            "contact": ask.room.contact,
            "retain_text_days": ask.room.retain_text_days,
        }
    )
