"""What the reading room asks about outlets and credited sources."""

from __future__ import annotations

from pipelines.shapes import Json
from pipelines.store.rooms import LIST_LIMIT, Connection, opened, rows

#: Outcomes that say nothing about when an outlet learned of a deal.
NOT_HEARD = "('backfilled', 'unchanged', 'reread', 'quiet')"


def outlets(db: Connection) -> list[Json]:
    """Every outlet that was crawled or has published something kept, by id."""
    return rows(
        db,
        """
        WITH known AS (
          SELECT outlet FROM outlet_state UNION SELECT DISTINCT outlet FROM articles
        ), told AS (
          SELECT a.outlet, count(*) AS told FROM changes c JOIN articles a ON a.id = c.article
          WHERE c.alert GROUP BY a.outlet
        )
        SELECT known.outlet, s.verdict, s.reason, s.succeeded, s.next_check, s.kind,
               (SELECT count(*) FROM articles a WHERE a.outlet = known.outlet) AS articles,
               coalesce(told.told, 0) AS told
        FROM known LEFT JOIN outlet_state s USING (outlet) LEFT JOIN told USING (outlet)
        ORDER BY known.outlet
        """,
    )


def first_reports(db: Connection) -> list[Json]:
    """When each outlet first reported each deal."""
    return rows(
        db,
        f"""
        SELECT c.deal, a.outlet, min(a.at) AS at FROM changes c JOIN articles a ON a.id = c.article
        WHERE c.label NOT IN {NOT_HEARD} GROUP BY c.deal, a.outlet
        """,
    )


def known_outlet(db: Connection, outlet: str) -> bool:
    row = db.execute(
        "SELECT 1 FROM articles WHERE outlet = :outlet UNION ALL "
        "SELECT 1 FROM outlet_state WHERE outlet = :outlet LIMIT 1",
        {"outlet": outlet},
    ).fetchone()
    return row is not None


def state(db: Connection, outlet: str) -> Json | None:
    found = rows(db, "SELECT * FROM outlet_state WHERE outlet = ?", (outlet,))
    return found[0] if found else None


def baseline(db: Connection, outlet: str, now: str) -> Json:
    """Averages a crawl of the last week, and of the three weeks before it."""
    sums = (
        "count(*) AS crawls, avg(entries) AS entries, avg(pages) AS pages, avg(failed) AS failed, "
        "avg(blocked) AS blocked"
    )
    (recent,) = rows(
        db,
        f"SELECT {sums} FROM observations WHERE outlet = ? AND datetime(at) > "
        "datetime(?, '-7 days')",
        (outlet, now),
    )
    (before,) = rows(
        db,
        f"SELECT {sums} FROM observations WHERE outlet = ? AND datetime(at) <= "
        "datetime(?, '-7 days') AND datetime(at) > datetime(?, '-28 days')",
        (outlet, now, now),
    )
    return {"recent": recent, "before": before}


def resources(db: Connection, outlet: str) -> list[Json]:
    return rows(db, "SELECT * FROM resources WHERE outlet = ? ORDER BY url", (outlet,))


def issues(db: Connection, outlet: str, limit: int = 20) -> list[Json]:
    return rows(
        db, "SELECT * FROM issues WHERE outlet = ? ORDER BY id DESC LIMIT ?", (outlet, limit)
    )


def newest_articles(db: Connection, outlet: str, limit: int = LIST_LIMIT) -> list[Json]:
    return rows(
        db,
        "SELECT id, title, at, basis, url FROM articles WHERE outlet = ? ORDER BY at DESC LIMIT ?",
        (outlet, limit),
    )


def rumours(db: Connection) -> list[Json]:
    """Every rumour that credits somebody, with its deal, oldest first."""
    found = rows(
        db,
        """
        SELECT c.deal, c.payee, a.at, k.low, k.high, k.currency, k.qualifier, k.sources
        FROM changes c JOIN articles a ON a.id = c.article
        JOIN json_each(c.claims) place
        JOIN claims k ON k.article = c.article AND k.position = place.value
        WHERE k.certainty = 'rumoured' AND NOT k.background AND k.sources != '[]'
        ORDER BY a.at, k.id
        """,
    )
    return [opened(row, "sources") for row in found]


def confirmations(db: Connection) -> dict[str, str]:
    """Deal → when it was first told as confirmed."""
    found = db.execute(
        """
        SELECT c.deal, min(a.at) FROM changes c JOIN articles a ON a.id = c.article
        WHERE c.alert AND json_extract(c.after, '$.certainty') = 'confirmed' GROUP BY c.deal
        """
    ).fetchall()
    return {deal: at for deal, at in map(tuple, found)}
