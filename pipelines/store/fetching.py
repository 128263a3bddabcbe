"""What was seen where and what is still to be read: links, validators and what showed them.

A link is settled only in the transaction that stores what was read from it, so that a kill anywhere
leaves it pending and the next crawl takes it up again.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import blake2b
from typing import Any, Literal, Protocol

from pipelines.records import Entry
from pipelines.shapes import moment, when
from pipelines.store.outlet_state import OutletStates, Policies

PageState = Literal["pending", "read", "passed", "failed"]

#: Failed attempts after which a page is given up: a day of back-off lies behind it by then.
ATTEMPTS = 4


class Connection(Protocol):
    """What is used of a sqlite3 connection in autocommit mode."""

    @property
    def in_transaction(self) -> bool: ...

    def execute(self, sql: str, parameters: Any = ...) -> Any: ...


@dataclass(frozen=True, slots=True)
class Validators:
    """What makes the next request of a URL conditional, and tells an unchanged answer."""

    etag: str | None
    last_modified: str | None
    body_hash: str


@dataclass(frozen=True, slots=True)
class Planned:
    """A link with what is to be done about it."""

    entry: Entry
    spelling: str  # what the spellings of one address share
    read_entry: bool  # whether title and summary may hold a claim
    page: PageState  # pending, or passed over at once
    reason: str = ""  # why it was passed over


@dataclass(frozen=True, slots=True)
class Recorded:
    """What of the links shown was new."""

    new: tuple[Entry, ...]
    changed: tuple[Entry, ...]


def mark(entry: Entry) -> str:
    """Hash of what was shown of an article: title, summary and dates."""
    shown = (
        entry.title,
        entry.summary,
        when(entry.published) if entry.published else "",
        when(entry.updated) if entry.updated else "",
    )
    return blake2b("\0".join(shown).encode("utf-8", "replace"), digest_size=12).hexdigest()


class Fetching:
    """The queries of the crawler."""

    def __init__(self, db: Connection) -> None:
        self._db = db
        self.outlets = OutletStates(db)
        self.policies = Policies(db)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing; joins a transaction that is open already."""
        if self._db.in_transaction:
            yield
            return
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
            self._db.execute("COMMIT")
        except BaseException:
            if self._db.in_transaction:  # a full disk has rolled back already
                self._db.execute("ROLLBACK")
            raise

    # -- links --------------------------------------------------------------------------------

    def record(
        self,
        planned: Sequence[Planned],
        now: datetime,
        *,
        source: tuple[str, Validators] | None = None,
        most_visits: int,
    ) -> Recorded:
        """Write the links of one feed and then its validators, in one transaction."""
        new: list[Entry] = []
        changed: list[Entry] = []
        with self.transaction():
            for plan in planned:
                outcome = self._record_one(plan, now, most_visits)
                if outcome == "new":
                    new.append(plan.entry)
                elif outcome == "changed":
                    changed.append(plan.entry)
            if source is not None:
                self.keep_validators(source[0], source[1], now)
        return Recorded(tuple(new), tuple(changed))

    def _record_one(
        self, plan: Planned, now: datetime, most_visits: int
    ) -> Literal["new", "changed", "known"]:
        entry, shown = plan.entry, mark(plan.entry)
        known = self._db.execute(
            "SELECT url, mark, found_in, outlet, visits FROM links WHERE spelling = ?",
            (plan.spelling,),
        ).fetchone()
        told = (
            entry.title,
            entry.summary,
            _when(entry.published),
            _when(entry.updated),
            entry.found_in,
            shown,
        )
        if known is None:
            self._db.execute(
                "INSERT INTO links (url, spelling, outlet, title, summary, published, updated,"
                " found_in, mark, found, entry, page, reason)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    entry.url,
                    plan.spelling,
                    entry.outlet,
                    *told,
                    when(now),
                    "pending" if plan.read_entry else "read",
                    plan.page,
                    plan.reason,
                ),
            )
            return "new"
        url, before, found_in, outlet, visits = known
        # another feed shows the same article in other words: that is no change of the article
        if before == shown or found_in != entry.found_in or outlet != entry.outlet:
            return "known"
        page = plan.page if visits < most_visits else "read"
        self._db.execute(
            "UPDATE links SET title = ?, summary = ?, published = ?, updated = ?, found_in = ?,"
            " mark = ?, entry = ?, page = ?, reason = ?, attempts = 0, not_before = NULL"
            " WHERE url = ?",
            (*told, "pending" if plan.read_entry else "read", page, plan.reason, url),
        )
        return "changed"

    def unread_entries(self, outlet: str) -> tuple[Entry, ...]:
        """Entries written down but not yet read for claims: what a kill left."""
        return self._entries("entry = 'pending' AND outlet = ? ORDER BY found, url", (outlet,))

    def pending_pages(self, outlet: str, now: datetime) -> tuple[Entry, ...]:
        """Articles whose pages are still to be fetched, newest first."""
        return self._entries(
            "page = 'pending' AND outlet = ? AND coalesce(not_before, '') <= ?"
            " ORDER BY coalesce(updated, published, found) DESC, url",
            (outlet, when(now)),
        )

    def due_visits(self, outlet: str, now: datetime) -> tuple[Entry, ...]:
        """Articles with claims that are to be read again, longest due first."""
        return self._entries(
            "next_visit <= ? AND outlet = ? AND page = 'read' ORDER BY next_visit, url",
            (when(now), outlet),
        )

    def outlets_with_work(self, now: datetime) -> frozenset[str]:
        """Outlets of which something is pending or due again."""
        rows = self._db.execute(
            "SELECT DISTINCT outlet FROM links WHERE entry = 'pending'"
            " UNION SELECT DISTINCT outlet FROM links"
            " WHERE page = 'pending' AND coalesce(not_before, '') <= ?"
            " UNION SELECT DISTINCT outlet FROM links WHERE next_visit <= ?",
            (when(now), when(now)),
        )
        return frozenset(outlet for (outlet,) in rows)

    def _entries(self, where: str, parameters: tuple[str, ...]) -> tuple[Entry, ...]:
        rows = self._db.execute(
            "SELECT outlet, url, title, summary, published, updated, found_in FROM links"
            f" WHERE {where}",
            parameters,
        ).fetchall()
        return tuple(
            Entry(outlet, url, title, summary, _moment(published), _moment(updated), found_in)
            for outlet, url, title, summary, published, updated, found_in in rows
        )

    def settle_entry(self, url: str) -> None:
        """Title and summary were read; call it in the transaction that stores what they said."""
        self._db.execute("UPDATE links SET entry = 'read' WHERE url = ?", (url,))

    def settle_page(
        self,
        url: str,
        now: datetime,
        *,
        text_hash: str | None,
        revisit_hours: Sequence[int],
        most_visits: int,
    ) -> None:
        """The page was read; call it in the transaction that stores what it said.

        `text_hash`: of the article's text; None after a 304 or the same bytes. `revisit_hours`:
        when it is read again, counted from when its text last changed; empty without claims.
        """
        row = self._db.execute(
            "SELECT visits, turn, text_hash FROM links WHERE url = ?", (url,)
        ).fetchone()
        if row is None:
            return
        visits, turn, before = row
        visits += 1
        turn = turn + 1 if text_hash in (None, before) else 0
        next_visit = None
        if turn < len(revisit_hours) and visits < most_visits:
            waited = revisit_hours[turn - 1] if turn else 0
            next_visit = when(now + timedelta(hours=revisit_hours[turn] - waited))
        self._db.execute(
            "UPDATE links SET page = 'read', entry = 'read', reason = '', attempts = 0,"
            " not_before = NULL, visits = ?, turn = ?, next_visit = ?,"
            " text_hash = coalesce(?, text_hash) WHERE url = ?",
            (visits, turn, next_visit, text_hash, url),
        )

    def pass_page(self, url: str, reason: str) -> None:
        """The page is not asked for, or not read; the entry stands for it."""
        self._db.execute(
            "UPDATE links SET page = 'passed', reason = ?, next_visit = NULL WHERE url = ?",
            (reason, url),
        )

    def fail_page(self, url: str, reason: str, now: datetime, *, again: datetime | None) -> None:
        """The page could not be had. `again`: when to try next, None for never."""
        attempts = self._db.execute("SELECT attempts FROM links WHERE url = ?", (url,)).fetchone()
        if attempts is None:
            return
        made = attempts[0] + 1
        state = "failed" if again is None or made >= ATTEMPTS else "pending"
        self._db.execute(
            "UPDATE links SET page = CASE WHEN visits > 0 THEN 'read' ELSE ? END, reason = ?,"
            " attempts = ?, not_before = ?,"
            " next_visit = CASE WHEN visits > 0 AND ? = 'pending' THEN ? ELSE NULL END"
            " WHERE url = ?",
            (state, reason, made, _when(again), state, _when(again), url),
        )

    def passed_over(self, outlet: str | None = None) -> dict[str, int]:
        """How many pages were passed over or failed, by reason."""
        rows = self._db.execute(
            "SELECT reason, count(*) FROM links WHERE page IN ('passed', 'failed')"
            " AND (? IS NULL OR outlet = ?) GROUP BY reason ORDER BY 2 DESC, 1",
            (outlet, outlet),
        )
        return dict(rows.fetchall())

    def is_empty(self) -> bool:
        """Whether nothing was ever found."""
        return self._db.execute("SELECT 1 FROM links LIMIT 1").fetchone() is None

    # -- validators ---------------------------------------------------------------------------

    def validators(self, url: str) -> Validators | None:
        """What was kept of the last good answer of a URL."""
        row = self._db.execute(
            "SELECT etag, last_modified, body_hash FROM validators WHERE url = ?", (url,)
        ).fetchone()
        return Validators(*row) if row else None

    def keep_validators(self, url: str, validators: Validators, now: datetime) -> None:
        """Keep what a good answer of this URL carried, in place of what was kept before."""
        self._db.execute(
            "INSERT INTO validators (url, etag, last_modified, body_hash, checked)"
            " VALUES (?, ?, ?, ?, ?) ON CONFLICT (url) DO UPDATE SET etag = excluded.etag,"
            " last_modified = excluded.last_modified, body_hash = excluded.body_hash,"
            " checked = excluded.checked",
            (url, validators.etag, validators.last_modified, validators.body_hash, when(now)),
        )


def _when(at: datetime | None) -> str | None:
    return when(at) if at else None


def _moment(text: str | None) -> datetime | None:
    return moment(text) if text else None
