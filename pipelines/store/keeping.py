"""What is kept and for how long: retention of texts, `veille forget`, and the size of it all.

Facts, figures, links, hashes of sentences and signatures of copies stay; what goes is the press's
own words. Emptied cells are zeroed at once (`secure_delete`); `scrub` then rewrites the file, for
SQLite leaves stale copies of a row in a page whose rows it once moved.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from pipelines.shapes import Json, when
from pipelines.store.addresses import is_of, is_url, plain_host
from pipelines.store.articles import COPY_WINDOW
from pipelines.store.rewriting import Rewriter

#: Rows emptied in one transaction: a few milliseconds, so that no sender waits for the lock.
BATCH = 500
#: How long what only looks after the machinery is kept. Baselines of outlets reach 28 days back.
RUNS_KEPT = timedelta(days=30)
OBSERVATIONS_KEPT = timedelta(days=60)
ISSUES_KEPT = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Forgotten:
    """What `forget` emptied."""

    articles: int
    claims: int  # quotes
    links: int
    prepared: int
    messages: int

    def counts(self) -> dict[str, int]:
        return {
            "articles": self.articles,
            "quotes": self.claims,
            "links": self.links,
            "prepared": self.prepared,
            "messages": self.messages,
        }


class Keeping:
    """The queries of retention, `forget` and the size report."""

    def __init__(self, db: Database) -> None:
        self.db = db

    # -- retention ---------------------------------------------------------------------------

    def purge_texts(self, before: datetime) -> int:
        """Empty the texts fetched before then, and the summaries of settled links; how many."""
        texts = self._in_batches(
            "UPDATE articles SET text = NULL WHERE id IN (SELECT id FROM articles "
            "WHERE text IS NOT NULL AND seen <= ? ORDER BY id LIMIT ?)",
            before,
        )
        self._in_batches(
            "UPDATE links SET summary = '' WHERE url IN (SELECT url FROM links "
            "WHERE summary != '' AND found <= ? AND entry = 'read' AND page != 'pending' "
            "AND next_visit IS NULL LIMIT ?)",
            before,
        )
        return texts

    def purge_rows(self, now: datetime) -> dict[str, int]:
        """Drop what only the machinery needed for a while; counts by table."""
        old = {
            "runs": ("started", RUNS_KEPT),
            "observations": ("at", OBSERVATIONS_KEPT),
            "issues": ("at", ISSUES_KEPT),
        }
        dropped = {
            table: self._in_batches(
                f"DELETE FROM {table} WHERE id IN "
                f"(SELECT id FROM {table} WHERE {column} <= ? ORDER BY id LIMIT ?)",
                now - kept,
            )
            for table, (column, kept) in old.items()
        }
        # the signature's size stays with the article; only the index of recent texts is trimmed
        # one statement, for finding the rows takes a scan of the index each time
        dropped["shingles"] = self.db.execute(
            "DELETE FROM shingles WHERE article IN "
            "(SELECT id FROM articles WHERE at <= :before AND seen <= :before)",
            {"before": when(now - COPY_WINDOW)},
        ).rowcount
        return dropped

    def _in_batches(self, sql: str, before: datetime) -> int:
        total = 0
        while True:
            done = self.db.execute(sql, (when(before), BATCH)).rowcount
            total += done
            if done < BATCH:
                return total

    # -- forget ------------------------------------------------------------------------------

    def forget(self, address: str, now: datetime) -> Forgotten:
        """Empty what is kept of a URL or host, and block it; one transaction.

        Amounts, parties, dates and addresses stay: they are facts, and the ledger rests on them.
        """
        self.db.execute("BEGIN IMMEDIATE")
        try:
            self._choose(address)
            emptied = self._empty()
            self.db.conn.executemany(
                "INSERT OR IGNORE INTO forgotten (address, at) VALUES (?, ?)",
                [(name, when(now)) for name in self._blocked(address)],
            )
            self.db.execute("COMMIT")
        except BaseException:
            if self.db.conn.in_transaction:  # a full disk has rolled back already
                self.db.execute("ROLLBACK")
            raise
        return emptied

    def _choose(self, address: str) -> None:
        """Ids of the articles and URLs of the links of `address`, as temporary tables."""
        self.db.conn.create_function("is_of", 2, is_of, deterministic=True)
        for table in ("chosen", "chosen_links"):
            self.db.execute(f"DROP TABLE IF EXISTS temp.{table}")
        self.db.execute(
            "CREATE TEMP TABLE chosen AS SELECT id FROM articles "
            "WHERE is_of(url, :address) OR is_of(canonical_url, :address)",
            {"address": address},
        )
        self.db.execute(
            "CREATE TEMP TABLE chosen_links AS SELECT url FROM links "
            "WHERE is_of(url, :address) OR url IN "
            "(SELECT url FROM articles WHERE id IN (SELECT id FROM chosen))",
            {"address": address},
        )

    def _empty(self) -> Forgotten:
        def count(sql: str) -> int:
            return int(self.db.execute(sql).rowcount)

        for sql in (
            "UPDATE retired_claims SET quote = NULL WHERE article IN (SELECT id FROM chosen)",
            "UPDATE verdicts SET quote = NULL WHERE url IN "
            "(SELECT url FROM articles WHERE id IN (SELECT id FROM chosen))",
            # a replay reads again what is left
            "DELETE FROM reread WHERE article IN (SELECT id FROM chosen)",
        ):
            self.db.execute(sql)
        return Forgotten(
            articles=count(
                "UPDATE articles SET text = NULL, title = '', authors = '[]' "
                "WHERE id IN (SELECT id FROM chosen)"
            ),
            claims=count(
                "UPDATE claims SET quote = NULL WHERE quote IS NOT NULL "
                "AND article IN (SELECT id FROM chosen)"
            ),
            links=count(
                "UPDATE links SET title = '', summary = '', entry = 'read', page = 'passed', "
                "reason = 'forgotten', next_visit = NULL "
                "WHERE url IN (SELECT url FROM chosen_links)"
            ),
            prepared=count(
                "DELETE FROM prepared WHERE url IN (SELECT url FROM chosen_links) "
                "OR url IN (SELECT url FROM articles WHERE id IN (SELECT id FROM chosen))"
            ),
            # a message is composed anew from what is left when it is still to be sent
            messages=count(
                "UPDATE outbox SET subject = NULL, text = NULL, html = NULL, payload = NULL "
                "WHERE text IS NOT NULL AND (article IN (SELECT id FROM chosen) OR EXISTS "
                "(SELECT 1 FROM json_each(coalesce(told, changes)) t "
                "JOIN changes c ON c.id = t.value WHERE c.article IN (SELECT id FROM chosen)))"
            ),
        )

    def _blocked(self, address: str) -> set[str]:
        """The spellings by which intake asks whether an address is forgotten."""
        if not is_url(address):
            host = plain_host(address)
            return {host, f"www.{host}"}
        found = self.db.execute(
            "SELECT url FROM articles WHERE id IN (SELECT id FROM chosen) "
            "UNION SELECT canonical_url FROM articles WHERE id IN (SELECT id FROM chosen) "
            "UNION SELECT url FROM chosen_links"
        ).fetchall()
        return {address, *(url for (url,) in found)}

    def forgotten(self) -> list[str]:
        """Addresses that are blocked."""
        rows = self.db.execute("SELECT address FROM forgotten ORDER BY address").fetchall()
        return [address for (address,) in rows]

    # -- the file ------------------------------------------------------------------------------

    def scrub(self) -> bool:
        """Rewrite the file without what was emptied; False: a reader still holds the old WAL."""
        for table in self._indexes():
            self.db.execute(f'INSERT INTO "{table}" ("{table}") VALUES (\'rebuild\')')
        Rewriter(self._file()).rewrite()
        return self.checkpoint()

    def _file(self) -> Path:
        names = {name: file for _, name, file in self.db.execute("PRAGMA database_list")}
        return Path(names["main"])

    def checkpoint(self) -> bool:
        """Move the WAL into the file and cut it to nothing; False when a reader holds it."""
        busy, _, _ = self.db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        return not busy

    def settle(self) -> None:
        """Move what the WAL holds into the file, waiting for nobody: the next writer reuses it."""
        self.db.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()

    def _indexes(self) -> list[str]:
        """Full-text indexes, if a reading room has made some: they hold words of the texts."""
        rows = self.db.execute(
            "SELECT name FROM sqlite_master WHERE sql LIKE 'CREATE VIRTUAL TABLE%USING fts_%'"
        ).fetchall()
        return [name for (name,) in rows]

    def has_free_pages(self) -> bool:
        return int(self._pragma("freelist_count")) > 0

    def size(self) -> int:
        """Bytes of the file without its WAL."""
        return int(self._pragma("page_count")) * int(self._pragma("page_size"))

    def optimise(self) -> None:
        """Let SQLite look at its statistics where they have aged."""
        self.db.execute("PRAGMA optimize")

    def sizes(self) -> Json:
        """Bytes and rows, for `status`: what grows, and what retention has yet to take."""
        page = int(self._pragma("page_size"))
        (texts, held) = self.db.execute(
            "SELECT count(text), coalesce(sum(length(CAST(text AS BLOB))), 0) FROM articles"
        ).fetchone()
        tables = ("articles", "claims", "changes", "shingles", "links", "outbox", "runs")
        return {
            "bytes": self.size(),
            "free_bytes": int(self._pragma("freelist_count")) * page,
            "texts": texts,
            "text_bytes": held,
            "rows": {table: self._count(table) for table in tables},
        }

    def _count(self, table: str) -> int:
        found: int = self.db.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
        return found

    def _pragma(self, name: str) -> Any:
        return self.db.execute(f"PRAGMA {name}").fetchone()[0]
