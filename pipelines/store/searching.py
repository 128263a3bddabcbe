"""Full-text search over titles, kept texts and quotes, for the reading room.

Ranking every hit of a common word would grow with the ledger: the newest hits are taken first, and
those are ranked.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipelines.shapes import Json
from pipelines.store.rooms import Connection, rows

#: Newest hits that are ranked, and results that are shown.
RANKED, SHOWN = 2000, 25
#: A hit in the title weighs as much as so many in the text.
TITLE_WEIGHT = 5.0
#: Signs around what matched; control characters, which nothing that is shown may hold.
OPEN, CLOSE = "\x02", "\x03"
#: Letters from which on the last word also finds longer ones: fewer are the beginning of too many.
BEGINNING = 3
#: Words asked for at most; more find nothing that fewer do not.
MOST_WORDS = 12

_ASKED = re.compile(r'"([^"]+)"|(\w+)')


def expression(asked: str) -> str:
    """What FTS5 is asked: all words, phrases in quotes whole, the last word also as a beginning.

    Everything is quoted, so that no word of a reader is an operator. "" when there is no word.
    """
    terms = []
    for phrase, word in _ASKED.findall(asked):
        inner = " ".join(re.findall(r"\w+", phrase)) if phrase else word
        if inner:
            terms.append(f'"{inner}"')
    if not terms:
        return ""
    terms = terms[:MOST_WORDS]
    begins = asked.rstrip()[-1:] != '"' and len(terms[-1]) >= BEGINNING + len('""')
    return " ".join(terms) + ("*" if begins else "")


def articles(
    db: Connection, asked: str, *, since: str | None, until: str | None, words: int
) -> tuple[list[Json], bool]:
    """The best of the newest hits, one a page; and whether there were more hits than are ranked.

    `words`: length of the extract.
    """
    match = expression(asked)
    if not match:
        return [], False
    window, values = _window(db, since, until)
    found = rows(
        db,
        f"SELECT rowid AS id, bm25(articles_text, {TITLE_WEIGHT}, 1.0) AS score FROM articles_text "
        f"WHERE articles_text MATCH :match {window} ORDER BY rowid DESC LIMIT :ranked",
        {"match": match, "ranked": RANKED, **values},
    )
    best = _newest_versions(db, found)[:SHOWN]
    if not best:
        return [], False
    ids = [row["id"] for row in best]
    marked = {
        row["id"]: row
        for row in rows(
            db,
            "SELECT rowid AS id, highlight(articles_text, 0, :open, :close) AS title_marked, "
            "snippet(articles_text, 1, :open, :close, '…', :words) AS extract "
            # one pass: asked for each id apart, a beginning of a word is looked up anew each time
            "FROM articles_text WHERE articles_text MATCH :match "
            f"AND rowid BETWEEN {min(ids)} AND {max(ids)} "
            f"AND +rowid IN ({', '.join(map(str, ids))})",
            {"match": match, "words": words, "open": OPEN, "close": CLOSE},
        )
    }
    return [row | marked[row["id"]] for row in best], len(found) == RANKED


def _window(db: Connection, since: str | None, until: str | None) -> tuple[str, Json]:
    """Condition by which only articles of those days are hits, and its values.

    Ids grow with time, but for what was found late: their range spares the index most hits.
    """
    if since is None and until is None:
        return "", {}
    days: Json = {"since": since or "", "until": until or "9999-01-01"}
    inside = "FROM articles WHERE at >= :since AND at < date(:until, '+1 day')"
    ((first, last),) = db.execute(f"SELECT min(id), max(id) {inside}", days).fetchall()
    # the + keeps the index of words from being asked for each of these ids
    condition = f"AND rowid BETWEEN :first AND :last AND +rowid IN (SELECT id {inside})"
    return condition, {**days, "first": first, "last": last}


def _newest_versions(db: Connection, found: Sequence[Json]) -> list[Json]:
    """Hits, best first, each page once, in its newest version that matches."""
    scores = {row["id"]: row["score"] for row in found}
    if not scores:
        return []
    heads = rows(
        db,
        "SELECT id, url, outlet, title, at, basis, text IS NOT NULL AS kept FROM articles "
        f"WHERE id IN ({', '.join(map(str, scores))}) ORDER BY at DESC, id DESC",
    )
    pages: dict[str, Json] = {}
    for head in heads:
        pages.setdefault(head["url"], head)
    return sorted(pages.values(), key=lambda head: float(scores[head["id"]]))


def quotes(db: Connection, asked: str) -> list[Json]:
    """Claims whose quote matches, the best of the newest."""
    match = expression(asked)
    if not match:
        return []
    found = rows(
        db,
        """
        WITH hits AS MATERIALIZED (
          SELECT rowid AS id, bm25(claims_text) AS score,
                 highlight(claims_text, 0, :open, :close) AS marked
          FROM claims_text WHERE claims_text MATCH :match ORDER BY rowid DESC LIMIT :ranked
        )
        SELECT k.id, k.article, k.position, k.kind, k.payers, k.payee, k.low, k.high, k.currency,
               k.qualifier, k.certainty, k.stage, a.outlet, a.at, h.marked
        FROM hits h JOIN claims k ON k.id = h.id JOIN articles a ON a.id = k.article
        ORDER BY h.score LIMIT :shown
        """,
        {"match": match, "ranked": RANKED, "shown": SHOWN, "open": OPEN, "close": CLOSE},
    )
    return found
