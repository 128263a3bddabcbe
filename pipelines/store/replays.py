"""Second readings of stored articles: staged one by one, then put in place together."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime

from sqlite_utils import Database

from pipelines.records import Article, Post
from pipelines.shapes import when
from pipelines.store.articles import STORED_CLAIM

#: Claims of these articles were not read here, and are not read again.
GIVEN = "given"


class Replays:
    def __init__(self, db: Database) -> None:
        self.db = db

    def unread(self, reader: str) -> list[int]:
        """Articles with a text that `reader` has not staged yet, oldest first."""
        rows = self.db.execute(
            "SELECT id FROM articles WHERE text IS NOT NULL AND extractor != ? "
            "AND id NOT IN (SELECT article FROM reread WHERE reader = ?) ORDER BY at, url",
            (GIVEN, reader),
        )
        return [row[0] for row in rows.fetchall()]

    def gone(self) -> int:
        """Articles whose text is gone: their claims stay as they are."""
        found: int = self.db.execute(
            "SELECT count(*) FROM articles WHERE text IS NULL AND extractor != ?", (GIVEN,)
        ).fetchone()[0]
        return found

    def article(self, identity: int) -> tuple[Article, datetime]:
        """The stored version as it was read, and when it was fetched."""
        (row,) = self.db.query("SELECT * FROM articles WHERE id = ?", (identity,))
        modified = row["modified"]
        article = Article(
            url=row["url"],
            canonical_url=row["canonical_url"],
            outlet=row["outlet"],
            title=row["title"],
            text=row["text"],
            published=datetime.fromisoformat(row["published"]),
            modified=datetime.fromisoformat(modified) if modified else None,
            language=row["language"],
            wire=row["wire"],
            paywalled=bool(row["paywalled"]),
            basis=row["basis"],
            posts=tuple(
                Post(datetime.fromisoformat(at) if at else None, start, end)
                for at, start, end in json.loads(row["posts"])
            ),
            dated_by=row["dated_by"],
        )
        return article, datetime.fromisoformat(row["seen"])

    def stage(self, article: int, reader: str, body: str) -> None:
        self.db.execute(
            "INSERT OR REPLACE INTO reread (article, reader, body) VALUES (?, ?, ?)",
            (article, reader, body),
        )

    def staged(self, reader: str) -> Iterator[tuple[int, str]]:
        rows = self.db.execute(
            "SELECT article, body FROM reread WHERE reader = ? ORDER BY article", (reader,)
        )
        yield from rows.fetchall()

    def retire(self, article: int, now: datetime) -> None:
        """Take the claims of an article back; what was believed before can still be asked."""
        columns = ", ".join(STORED_CLAIM)
        self.db.execute(
            f"INSERT INTO retired_claims ({columns}, retired) SELECT {columns}, ? FROM claims "
            "WHERE article = ?",
            (when(now), article),
        )
        self.db.execute("DELETE FROM claims WHERE article = ?", (article,))

    def finish(self, reader: str) -> None:
        """The staged readings of `reader` are in place."""
        self.db.execute(
            "UPDATE articles SET extractor = ?1 "
            "WHERE id IN (SELECT article FROM reread WHERE reader = ?1)",
            (reader,),
        )
        self.db.execute("DELETE FROM reread")
