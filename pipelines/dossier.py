"""The shipped history of a company's money: facts with two addresses each, no words of the press.

A fact is stored as two articles, one an address, whose claims recall a closed deal. Background is
never told, and rows dated by the dossier are no news: the first crawl is still a first run.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, time
from urllib.parse import urlsplit

from pipelines.intake import SILENT, Prepared, prepare_given, take
from pipelines.records import Article
from pipelines.shapes import claim_from_json
from pipelines.store import Store
from pipelines.store.articles import DOSSIER

#: Hour of a fact of which only the day is known: noon, so that every time zone has the same day.
NOON = time(12, tzinfo=UTC)


def lay_down(lines: Iterable[str], store: Store, now: datetime) -> int:
    """Store the facts that the ledger has not yet; returns how many articles were added."""
    added = 0
    for prepared in facts(lines, now):
        taken = take(prepared, store, outlet=None, now=now, route=SILENT)
        added += taken.article is not None
    return added


def facts(lines: Iterable[str], now: datetime) -> Iterator[Prepared]:
    """The articles of a dossier, one JSON object a line, oldest first."""
    shapes = [json.loads(line) for line in lines if line.strip()]
    for shape in sorted(shapes, key=lambda one: str(one["date"])):
        at = datetime.combine(datetime.fromisoformat(shape["date"]).date(), NOON)
        claims = [claim_from_json(claim) for claim in shape["claims"]]
        for url in shape["urls"]:
            host = (urlsplit(url).hostname or "").removeprefix("www.")
            article = Article(
                # one page may speak of several facts
                url=f"{url}#{shape['date']}",
                canonical_url=url,
                outlet=host,
                title=shape["fact"],
                text="",
                published=at,
                language="fr",
                dated_by=DOSSIER,
            )
            yield prepare_given(article, claims, now)
