"""What the reading room asks of the ledger's file, page by page.

Datasette runs these in threads of its own, on read-only connections of its own: each function takes
a connection and returns plain dictionaries.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

from sqlite_utils import Database

from pipelines.records import Claim, Posting
from pipelines.schema import VERSION
from pipelines.shapes import Json, when
from pipelines.store.articles import DOSSIER
from pipelines.store.ledger import Ledger, claim_from_row
from pipelines.store.opening import sqlite3
from pipelines.store.verdicts import WAITING

#: Rows that a list of a page holds at most: what nobody reads to the end is asked as a table.
LIST_LIMIT = 200
#: Outcomes of one deal that its page shows, told ones and others each.
DEAL_LIMIT = 300
#: Columns of an article that lists show; never its text.
_HEAD = (
    "a.id, a.url, a.canonical_url, a.outlet, a.title, a.at, a.published, a.seen, a.basis, a.wire, "
    "a.paywalled, a.sameness, a.copy_of, a.voice, a.satire"
)


class Connection(Protocol):
    """What is used of a sqlite3 connection."""

    def execute(self, sql: str, parameters: Any = ..., /) -> Any: ...


def rows(db: Connection, sql: str, values: Mapping[str, Any] | Sequence[Any] = ()) -> list[Json]:
    """All rows as dictionaries, whatever the connection's row factory."""
    cursor = db.execute(sql, values)
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, tuple(row), strict=True)) for row in cursor.fetchall()]


def opened(row: Json, *columns: str) -> Json:
    """`row` with the JSON text of those columns read."""
    return row | {column: json.loads(row[column] or "null") for column in columns}


def _ledger(db: Connection) -> Ledger:
    return Ledger(Database(db))  # type: ignore[arg-type]  # any sqlite3-like connection will do


def is_current(db: Connection) -> bool | None:
    """The file has the schema of this veille; None when it cannot be read at all."""
    try:
        (version,) = db.execute("PRAGMA user_version").fetchone()
        db.execute("SELECT 1 FROM articles LIMIT 1").fetchone()
    except sqlite3.OperationalError:
        return None
    return bool(version == VERSION)


# -- the state ------------------------------------------------------------------------------------


def payees(db: Connection) -> dict[str, str]:
    """Each payee with posted claims → a mark that changes whenever its claims do."""
    found = db.execute(
        """
        WITH told AS (SELECT payee, max(id) AS newest FROM changes GROUP BY payee)
        SELECT k.payee, count(*) || '-' || max(k.id) || '-' || sum(k.held) || '-'
               || coalesce(told.newest, 0)
        FROM claims k LEFT JOIN told ON told.payee = k.payee GROUP BY k.payee
        """
    ).fetchall()
    return {payee: mark for payee, mark in map(tuple, found)}


def version(db: Connection) -> tuple[int, int]:
    """Another one as soon as another connection or this one has written."""
    found = db.execute("SELECT data_version, total_changes() FROM pragma_data_version").fetchone()
    return found[0], found[1]


def postings(db: Connection, payee: str, after: datetime | None = None) -> list[Posting]:
    """What the state of the deals of one payee is folded from, or a state of `after` moved on."""
    return _ledger(db).postings([payee], after=after)


def newest_state(db: Connection, payee: str) -> tuple[datetime, str] | None:
    """The account of a payee as it was last kept, all but its newest articles folded in."""
    row = db.execute(
        "SELECT at, body FROM accounts WHERE payee = ? ORDER BY at DESC LIMIT 1", (payee,)
    ).fetchone()
    return (datetime.fromisoformat(row[0]), row[1]) if row else None


def kept_state(db: Connection, payee: str, at: datetime) -> str | None:
    """The account of a payee as kept for that moment; None once a late article overtook it."""
    row = db.execute(
        "SELECT body FROM accounts WHERE payee = ? AND at = ?", (payee, when(at))
    ).fetchone()
    return row[0] if row else None


def told_under(
    db: Connection, payee: str, since: datetime | None
) -> dict[tuple[int | None, int], set[str]]:
    """Claim, as article and number → ids of the deals under which it was told.

    Of a change with several claims the first that is still there. `since`: of articles no older.
    """
    found = db.execute(
        """
        SELECT c.article, c.deal, min(place.key),
               (SELECT count(*) FROM claims k
                WHERE k.article = c.article AND NOT k.held AND k.position < place.value)
        FROM changes c, json_each(c.claims) place
        WHERE c.payee = :payee AND c.deal != ''
          AND (:since IS NULL OR c.article IN (SELECT id FROM articles WHERE at >= :since))
          AND EXISTS (SELECT 1 FROM claims k
                      WHERE k.article = c.article AND NOT k.held AND k.position = place.value)
        GROUP BY c.id
        """,
        {"payee": payee, "since": when(since) if since else None},
    ).fetchall()
    told: dict[tuple[int | None, int], set[str]] = {}
    for article, deal, _, number in found:
        told.setdefault((article, number), set()).add(deal)
    return told


# -- changes --------------------------------------------------------------------------------------


def changes(db: Connection, chosen: Mapping[str, Any], limit: int) -> list[Json]:
    """Lines of `veille changes --json`, the newest record first.

    `chosen`: company, kind, change, outlet, since, until (dates), before (id), silent; each may be
    missing.
    """
    wanted = ("company", "kind", "change", "outlet", "since", "until", "before")
    found = rows(
        db,
        """
        SELECT c.id FROM changes c LEFT JOIN articles a ON a.id = c.article
        WHERE (:silent OR c.alert)
          AND (:before IS NULL OR c.id < :before)
          AND (:company IS NULL OR c.payee = :company
               OR EXISTS (SELECT 1 FROM json_each(c.payers) WHERE value = :company))
          AND (:kind IS NULL OR c.kind = :kind)
          AND (:change IS NULL OR c.label = :change)
          AND (:outlet IS NULL OR a.outlet = :outlet)
          AND (:since IS NULL OR coalesce(a.at, c.recorded) >= :since)
          AND (:until IS NULL OR coalesce(a.at, c.recorded) < date(:until, '+1 day'))
        ORDER BY c.id DESC LIMIT :limit
        """,
        {
            **{name: chosen.get(name) for name in wanted},
            "silent": int(bool(chosen.get("silent"))),
            "limit": limit,
        },
    )
    return lines(db, [row["id"] for row in found])


def lines(db: Connection, ids: Sequence[int]) -> list[Json]:
    """The lines of these changes, in the order given."""
    by_id = {line["id"]: line for line in _ledger(db).changes(silent=True, ids=ids)}
    return [by_id[one] for one in ids]


def choices(db: Connection) -> dict[str, list[str]]:
    """What the filters of the front page offer."""

    def column(sql: str) -> list[str]:
        return [row[0] for row in db.execute(sql).fetchall()]

    return {
        "company": column(
            "SELECT payee FROM changes UNION SELECT value FROM changes, json_each(payers) "
            "ORDER BY 1"
        ),
        "kind": column("SELECT DISTINCT kind FROM changes ORDER BY 1"),
        "change": column("SELECT DISTINCT label FROM changes WHERE alert ORDER BY 1"),
        "outlet": column(
            "SELECT DISTINCT a.outlet FROM changes c JOIN articles a ON a.id = c.article "
            "WHERE c.alert ORDER BY 1"
        ),
    }


def health(db: Connection) -> Json:
    """The line at the foot of the front page."""
    (line,) = rows(
        db,
        """
        SELECT (SELECT max(ended) FROM runs WHERE command = 'crawl') AS crawled,
               (SELECT count(*) FROM outlet_state) AS outlets,
               (SELECT count(*) FROM outlet_state WHERE verdict = 'ok') AS well,
               (SELECT count(*) FROM outbox
                WHERE state IN ('queued', 'leased', 'retry')) AS waiting,
               (SELECT count(*) FROM claims WHERE held = :waiting) AS review,
               (SELECT seen FROM articles WHERE dated_by != :dossier
                ORDER BY id DESC LIMIT 1) AS newest
        """,
        {"waiting": WAITING, "dossier": DOSSIER},
    )
    return line


# -- a deal --------------------------------------------------------------------------------------


def deal_changes(
    db: Connection, ids: Sequence[str], as_of: datetime | None = None
) -> tuple[list[Json], int]:
    """Outcomes of a deal in order of publication, each with its claims; and how many were left out.

    All that were told, and of the silent ones the first and the newest. `ids`: its id and former
    ones. `as_of`: only what was recorded by then.
    """
    values = {
        "ids": json.dumps(list(ids)),
        "as_of": when(as_of) if as_of else "9999",
        "limit": DEAL_LIMIT,
    }
    among = "deal IN (SELECT value FROM json_each(:ids)) AND recorded <= :as_of"
    chosen = rows(
        db,
        f"""
        SELECT id FROM (SELECT id FROM changes WHERE {among} AND alert ORDER BY id DESC
                        LIMIT :limit)
        UNION SELECT id FROM (SELECT id FROM changes WHERE {among} ORDER BY id LIMIT 1)
        UNION SELECT id FROM (SELECT id FROM changes WHERE {among} ORDER BY id DESC LIMIT :limit)
        """,
        values,
    )
    (total,) = db.execute(f"SELECT count(*) FROM changes WHERE {among}", values).fetchone()
    wanted = [row["id"] for row in chosen]
    found = rows(
        db,
        """
        SELECT c.id AS change_id, c.label, c.alert, c.also, c.before, c.after, c.claims,
               c.recorded, c.rule, c.corroboration, c.deal, c.article, """
        + _HEAD
        + """
        FROM changes c LEFT JOIN articles a ON a.id = c.article
        WHERE c.id IN (SELECT value FROM json_each(?))
        ORDER BY coalesce(a.at, c.recorded), c.id
        """,
        (json.dumps(wanted),),
    )
    claims = _claims_of(db, wanted)
    told = [
        opened(row, "also", "before", "after", "corroboration")
        | {"claims": claims.get(row["change_id"], [])}
        for row in found
    ]
    return told, total - len(wanted)


def _claims_of(db: Connection, ids: Sequence[int]) -> dict[int, list[Json]]:
    found = rows(
        db,
        """
        SELECT c.id AS change_id, k.* FROM changes c, json_each(c.claims) place
        JOIN claims k ON k.article = c.article AND k.position = place.value
        WHERE c.id IN (SELECT value FROM json_each(?)) ORDER BY c.id, k.position
        """,
        (json.dumps(list(ids)),),
    )
    grouped: dict[int, list[Json]] = {}
    for row in found:
        grouped.setdefault(row["change_id"], []).append(opened(row, "payers", "sources"))
    return grouped


def payee_of(db: Connection, deal: str) -> str | None:
    """Who gets the money of a deal, by its id or a former one."""
    row = db.execute("SELECT payee FROM changes WHERE deal = ? LIMIT 1", (deal,)).fetchone()
    return row[0] if row else None


def dated_deals(db: Connection, deals: Sequence[str]) -> set[str]:
    """Those of `deals` of which somebody said when it was: as news, or in the dossier."""
    found = db.execute(
        "SELECT DISTINCT c.deal FROM changes c JOIN articles a ON a.id = c.article "
        "WHERE c.deal IN (SELECT value FROM json_each(?)) AND (c.alert OR a.dated_by = ?)",
        (json.dumps(list(deals)), DOSSIER),
    ).fetchall()
    return {row[0] for row in found}


# -- an article ----------------------------------------------------------------------------------


def article(db: Connection, identity: int) -> Json | None:
    found = rows(
        db,
        f"SELECT {_HEAD}, a.text, a.posts, a.modified, a.language, a.previous, a.share, "
        "a.authors, a.tier, a.extractor, a.recorded FROM articles a WHERE a.id = ?",
        (identity,),
    )
    return opened(found[0], "posts", "authors") if found else None


def article_claims(db: Connection, identity: int) -> list[tuple[Json, Claim]]:
    """Every claim of a version: its row with deal and label of what it caused, and the record."""
    found = rows(
        db,
        """
        SELECT k.*, c.deal, c.label, c.id AS change_id FROM claims k
        LEFT JOIN changes c ON c.article = k.article
          AND EXISTS (SELECT 1 FROM json_each(c.claims) WHERE value = k.position)
        WHERE k.article = ? GROUP BY k.id ORDER BY k.position
        """,
        (identity,),
    )
    return [(opened(row, "payers", "sources"), claim_from_row(row)) for row in found]


def versions(db: Connection, url: str) -> list[Json]:
    """All stored versions of one page, oldest first."""
    return rows(db, f"SELECT {_HEAD} FROM articles a WHERE a.url = ? ORDER BY a.at, a.id", (url,))


def text_of(db: Connection, identity: int) -> str | None:
    row = db.execute("SELECT text FROM articles WHERE id = ?", (identity,)).fetchone()
    return row[0] if row else None


def copies(db: Connection, identity: int) -> list[Json]:
    """The text that this one repeats, and all others that repeat it."""
    return rows(
        db,
        f"SELECT {_HEAD}, a.share FROM articles a WHERE a.id != :own "
        "AND a.copies = (SELECT copies FROM articles WHERE id = :own) ORDER BY a.at LIMIT :limit",
        {"own": identity, "limit": LIST_LIMIT},
    )


def held_claims(db: Connection, limit: int = LIST_LIMIT) -> list[Json]:
    """Claims too uncertain to post, the newest first."""
    found = rows(
        db,
        f"SELECT k.*, k.id AS claim_id, {_HEAD} FROM claims k JOIN articles a ON a.id = k.article "
        "WHERE k.held = ? ORDER BY k.id DESC LIMIT ?",
        (WAITING, limit),
    )
    return [opened(row, "payers", "sources") for row in found]
