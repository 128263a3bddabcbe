"""A first page, read where the workers are forked from: imported there, and nowhere else.

Rules and words are compiled by the first page that is read: a sixth of a second of processor time,
as much as ten pages. Read here it is spent once, while nobody has answered yet, and each worker
starts with what it left.
"""

from __future__ import annotations

import gc
from contextlib import suppress
from datetime import UTC, datetime

from crawler.handoff import prepare
from crawler.workers import WorkerError
from pipelines.records import Company, Entry, Page, Watch

#: Any moment does; the text names a date beside it.
_SEEN = datetime(2026, 3, 3, 12, tzinfo=UTC)

_URL = "https://example.org/article"
_WATCH = Watch("rehearsal", (Company("Exemplia", "subject"), Company("Fonds Modèle", "investor")))
_TEXT = (
    "Exemplia a levé 40 millions d'euros auprès de Fonds Modèle, selon une source proche du "
    "dossier citée mardi 3 mars 2026. La société, valorisée 300 millions de dollars, pourrait "
    "lever davantage l'an prochain, a déclaré son directeur général."
)
_BODY = (
    '<!DOCTYPE html><html lang="fr"><head><meta charset="utf-8"><title>Exemplia lève</title>'
    '<meta property="article:published_time" content="2026-03-03T08:30:00+01:00"></head><body>'
    f"<nav><a href='/'>Accueil</a></nav><article><h1>Exemplia lève</h1>{f'<p>{_TEXT}</p>' * 6}"
    "</article><footer>Mentions</footer></body></html>"
)


def rehearse() -> int:
    """Read the page; how many claims were found in it."""
    entry = Entry(
        outlet="rehearsal",
        url=_URL,
        title="Exemplia lève 40 millions d'euros",
        summary="",
        published=_SEEN,
        updated=None,
        found_in="https://example.org/feed.xml",
    )
    page = Page(
        outlet=entry.outlet,
        url=_URL,
        final_url=_URL,
        status=200,
        headers=(("content-type", "text/html; charset=utf-8"),),
        body=_BODY.encode(),
        fetched=_SEEN,
        entry=entry,
    )
    return len(prepare(page, (_WATCH,), _SEEN).claims)


# what stops the rehearsal must not stop the server that imports it: it costs time, no more
with suppress(WorkerError):
    rehearse()
# what is loaded stays: no worker looks through it for garbage, nor copies it by doing so
gc.freeze()
