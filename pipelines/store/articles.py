"""Articles, their claims, and the index that finds copies."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlite_utils import Database

from pipelines.duplicate import LEAST_SHARED, POPULAR, Candidate, Signature
from pipelines.records import Article, Claim, Verdict
from pipelines.shapes import Json, claim_to_json, when
from pipelines.store.addresses import is_of
from pipelines.store.opening import insert
from pipelines.store.syndication import Syndication

#: How far back copies are looked for. The index keeps what is younger.
COPY_WINDOW = timedelta(days=45)

#: What dates the facts of the shipped dossier: history, which is neither first run nor news.
DOSSIER = "dossier"

CLAIM_COLUMNS = tuple(
    "kind payers payee low high currency qualifier certainty stage sources background additional "
    "valuation_basis instrument years confidence amount_text amount_start quote start end rule"
    "".split()
)
#: All columns of a claim; a retired one has the moment besides.
STORED_CLAIM = (
    *("id", "article", "position", "sentence", "held", "recorded", "bond", "due"),
    *CLAIM_COLUMNS,
)


@dataclass(frozen=True, slots=True)
class Kept:
    """What is asked of a stored version: is a new one of the same URL the same?"""

    id: int
    basis: str
    exact: str
    title: str
    at: str


class Articles:
    def __init__(self, db: Database) -> None:
        self.db = db
        self.syndication = Syndication(db)

    def empty(self) -> bool:
        """No article yet: the next crawl is the first run."""
        sql = "SELECT 1 FROM articles WHERE dated_by != ? LIMIT 1"
        return self.db.execute(sql, (DOSSIER,)).fetchone() is None

    def newest(self) -> str | None:
        """Publication time of the newest article, None when there is none."""
        row = self.db.execute(
            "SELECT published FROM articles WHERE dated_by != ? ORDER BY published DESC LIMIT 1",
            (DOSSIER,),
        ).fetchone()
        return row[0] if row else None

    def before(self, url: str, at: datetime) -> Kept | None:
        """The version of `url` that stood at `at`."""
        row = self.db.execute(
            "SELECT id, basis, exact, title, at FROM articles WHERE url = ? AND at <= ? "
            "ORDER BY at DESC, id DESC LIMIT 1",
            (url, when(at)),
        ).fetchone()
        return Kept(*row) if row else None

    def has_page(self, url: str) -> bool:
        """The page of `url` was read: its entry has nothing to add."""
        row = self.db.execute(
            "SELECT 1 FROM articles WHERE url = ? AND basis = 'page' LIMIT 1", (url,)
        ).fetchone()
        return row is not None

    def versions(self, url: str) -> int:
        found: int = self.db.execute(
            "SELECT count(*) FROM articles WHERE url = ? AND basis = 'page'", (url,)
        ).fetchone()[0]
        return found

    def forgotten(self, url: str, host: str) -> bool:
        """The address was given to `veille forget`: nothing of it is kept again."""
        rows = self.db.execute("SELECT address FROM forgotten").fetchall()
        return any(is_of(url, address) or address == host for (address,) in rows)

    def add(
        self,
        article: Article,
        verdict: Verdict,
        signature: Signature,
        *,
        voice: str,
        sentences: Iterable[str],
        row: dict[str, Any],
    ) -> int:
        """Store one version; `row` holds the columns "from us" (seen, recorded, extractor ...)."""
        assert article.published is not None  # intake dates what has no date
        assert article.at is not None
        new = {
            "url": article.url,
            "canonical_url": article.canonical_url,
            "outlet": article.outlet,
            "title": article.title,
            "authors": json.dumps(article.authors, ensure_ascii=False),
            "text": article.text,
            "language": article.language,
            "wire": article.wire,
            "paywalled": int(article.paywalled),
            "basis": article.basis,
            "posts": json.dumps(
                [(p.published and when(p.published), p.start, p.end) for p in article.posts]
            ),
            "published": when(article.published),
            "modified": when(article.modified) if article.modified else None,
            "dated_by": article.dated_by,
            "at": when(article.at),
            "sameness": verdict.sameness,
            "previous": verdict.previous,
            "voice": voice,
            "exact": signature.exact,
            "scheme": signature.scheme,
            "shingles": signature.shingles,
            "sampled": 0,  # known once they are in the index
            "sentences": json.dumps(sorted(sentences)),
            **row,
        }
        identity = insert(self.db, "articles", new)
        self.syndication.join(identity, signature, verdict, new["recorded"])
        return identity

    def add_claims(
        self,
        article: int,
        claims: Sequence[Claim],
        sentences: Sequence[str | None],
        held: Mapping[int, int],
        recorded: str,
    ) -> None:
        """The claims of a version, in order; `held` is the state of each position."""
        rows = []
        for position, claim in enumerate(claims):
            shape = claim_to_json(claim)
            shape["low"], shape["high"] = shape.pop("amount")
            for names in ("payers", "sources"):
                shape[names] = json.dumps(shape[names], ensure_ascii=False)
            rows.append(
                (
                    article,
                    position,
                    sentences[position],
                    held[position],
                    recorded,
                    claim.bond,
                    claim.due and claim.due.isoformat(),
                    *(shape[column] for column in CLAIM_COLUMNS),
                )
            )
        columns = STORED_CLAIM[1:]  # the id is given by the file
        self.db.conn.executemany(
            f"INSERT INTO claims ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})",
            rows,
        )

    def candidates(self, signature: Signature, url: str, at: datetime) -> list[Candidate]:
        """Stored texts of other URLs, of the window, that share enough shingles or all words."""
        since, until = when(at - COPY_WINDOW), when(at + COPY_WINDOW)
        rows = self.db.execute(
            """
            WITH shared AS MATERIALIZED (
              SELECT article, count(*) AS common
              FROM json_each(:sample) CROSS JOIN shingles ON hash = value
              GROUP BY article HAVING common >= :least
            ), brim AS MATERIALIZED (  -- hashes that are full, and between which articles
              SELECT value AS hash,
                (SELECT min(article) FROM shingles WHERE hash = value) AS first,
                (SELECT max(article) FROM shingles WHERE hash = value) AS last
              FROM json_each(:sample)
              WHERE EXISTS (SELECT 1 FROM shingles WHERE hash = value LIMIT 1 OFFSET :popular - 1)
            )
            SELECT a.id, a.exact, a.shingles, a.sampled, coalesce(s.common, 0),
              (SELECT json_group_array(hash) FROM brim WHERE a.id NOT BETWEEN first AND last),
              a.sampled_fine, a.sampled_coarse, (a.at, a.url) > (:at, :url)
            FROM articles a LEFT JOIN shared s ON s.article = a.id
            WHERE (a.id IN (SELECT article FROM shared) OR a.exact = :exact)
              AND a.url != :url AND a.scheme = :scheme AND a.at BETWEEN :since AND :until
            ORDER BY a.at, a.url, a.exact, a.id
            """,
            {
                "sample": json.dumps(signature.sample),
                "least": LEAST_SHARED,
                "popular": POPULAR,
                "exact": signature.exact,
                "scheme": signature.scheme,
                "url": url,
                "at": when(at),
                "since": since,
                "until": until,
            },
        ).fetchall()
        return [
            Candidate(
                article,
                exact,
                shingles,
                sampled,
                common,
                untold=tuple(json.loads(untold)),
                fine=fine,
                coarse=coarse,
                later=bool(later),
            )
            for article, exact, shingles, sampled, common, untold, fine, coarse, later in rows
        ]

    def text(self, article: int) -> str | None:
        """The text of a stored version; None once it is gone."""
        (text,) = self.db.execute("SELECT text FROM articles WHERE id = ?", (article,)).fetchone()
        return None if text is None else str(text)

    # -- prepared and not yet posted --------------------------------------------------------

    def keep(self, url: str, outlet: str, basis: str, body: str, seen: str) -> None:
        """Keep a prepared article; a later state of the same page takes its place."""
        self.db.execute("DELETE FROM prepared WHERE url = ? AND basis = ?", (url, basis))
        self.db.execute(
            "INSERT INTO prepared (url, outlet, basis, body, seen) VALUES (?, ?, ?, ?, ?)",
            (url, outlet, basis, body, seen),
        )

    def kept(self) -> list[Json]:
        return list(self.db.query("SELECT * FROM prepared ORDER BY id"))

    def drop_kept(self, row: int) -> None:
        self.db.execute("DELETE FROM prepared WHERE id = ?", (row,))
