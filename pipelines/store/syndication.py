"""Which stored text repeats which: kept so that the order of arrival leaves no trace.

A text repeats the earliest of those alike that were published before it (`articles.copy_of`); the
one where such steps end (`articles.copies`) lends its voice to all of them. A text that is found
late moves those that it comes before, and what repeats them: nothing else is touched. Pairs are
never taken back, so of each text the earliest is kept, and in `repeats` also which was the
earliest before, for questions about the past.
"""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from itertools import repeat

from sqlite_utils import Database

from pipelines.duplicate import COARSE, FINE, POPULAR, Signature
from pipelines.records import Verdict
from pipelines.shapes import when

#: A page may be folded in at the time of its feed entry, so much earlier than its own.
ENTRY_BEFORE = timedelta(days=1)

#: Voice of a row of `articles`: that of the text which its group repeats.
VOICE = "(SELECT v.voice FROM articles v WHERE v.id = coalesce(articles.copies, articles.id))"
#: The same as it was known at :as_of.
VOICE_AS_OF = """(
    WITH RECURSIVE steps (id, step) AS (
      SELECT articles.id, 0
      UNION ALL
      SELECT (
        SELECT r.original FROM repeats r JOIN articles o ON o.id = r.original
        WHERE r.article = steps.id AND r.recorded <= :as_of
        ORDER BY o.at, o.url, o.exact, o.id LIMIT 1
      ), step + 1 FROM steps WHERE steps.id IS NOT NULL
    )
    SELECT v.voice FROM steps JOIN articles v ON v.id = steps.id ORDER BY step DESC LIMIT 1
)"""


class Syndication:
    def __init__(self, db: Database) -> None:
        self.db = db

    def join(
        self, article: int, signature: Signature, verdict: Verdict, recorded: datetime | str
    ) -> None:
        """Put a text that was just stored into the index and into its group."""
        moment = recorded if isinstance(recorded, str) else when(recorded)
        held = self._index(article, signature)
        fine = [value for value in held if value % FINE == 0]
        coarse = [value for value in fine if value % COARSE == 0]  # a multiple of FINE
        self.db.execute(
            "UPDATE articles SET copy_of = ?2, share = ?3, "
            "copies = coalesce((SELECT copies FROM articles WHERE id = ?2), id), "
            "sampled = ?4, sampled_fine = ?5, sampled_coarse = ?6 WHERE id = ?1",
            (article, verdict.copy_of, verdict.share, len(held), len(fine), len(coarse)),
        )
        if verdict.copy_of is not None:
            self._note(article, verdict.copy_of, verdict.share or 0.0, moment)
        taken = [
            repeat
            for repeat, share in verdict.repeated_by
            if self._take(repeat, article, share, moment)
        ]
        if taken:
            self._lead(article)

    def _index(self, article: int, signature: Signature) -> list[int]:
        """The hashes that the index took."""
        # a hash that many texts have keeps its first ones: the ones that a copy is a copy of
        full = self.db.conn.execute(
            "SELECT value FROM json_each(?1) "
            "WHERE EXISTS (SELECT 1 FROM shingles WHERE hash = value LIMIT 1 OFFSET ?2 - 1)",
            (json.dumps(signature.sample), POPULAR),
        )
        held = sorted(set(signature.sample).difference(value for (value,) in full))
        # row by row: for a statement of many rows SQLite first copies every page that it changes
        self.db.conn.executemany(
            "INSERT OR IGNORE INTO shingles (hash, article) VALUES (?, ?)",
            zip(held, repeat(article)),
        )
        return held

    def _note(self, article: int, original: int, share: float, recorded: str) -> None:
        self.db.execute(
            "INSERT OR IGNORE INTO repeats (article, original, share, recorded) "
            "VALUES (?, ?, ?, ?)",
            (article, original, share, recorded),
        )

    def _take(self, repeat: int, original: int, share: float, recorded: str) -> bool:
        """Make `original` what `repeat` repeats, unless that repeats an earlier one already."""
        taken = self.db.execute(
            "UPDATE articles SET copy_of = ?2, share = ?3, "
            "sameness = iif(sameness = 'new', 'copy', sameness) "
            "WHERE id = ?1 AND (copy_of IS NULL OR "
            "(SELECT at, url, exact FROM articles WHERE id = ?2) < "
            "(SELECT at, url, exact FROM articles o WHERE o.id = articles.copy_of))",
            (repeat, original, share),
        ).rowcount
        if taken:
            self._note(repeat, original, share, recorded)
        return bool(taken)

    def _lead(self, original: int) -> None:
        """All that repeats `original`, over however many steps, is of its group now."""
        moved = self.db.execute(
            "UPDATE articles SET copies = (SELECT copies FROM articles WHERE id = ?1) "
            "WHERE id != ?1 AND id IN (WITH RECURSIVE down (id) AS "
            "(SELECT ?1 UNION SELECT a.id FROM down JOIN articles a ON a.copy_of = down.id) "
            "SELECT id FROM down) RETURNING id, at",
            (original,),
        ).fetchall()
        since = datetime.fromisoformat(min(at for _, at in moved)) - ENTRY_BEFORE
        # the voice of texts that were folded already is another one now
        self.db.execute(
            "DELETE FROM accounts WHERE at >= ? AND payee IN "
            "(SELECT payee FROM claims WHERE article IN (SELECT value FROM json_each(?)))",
            (when(since), json.dumps([identity for identity, _ in moved])),
        )
