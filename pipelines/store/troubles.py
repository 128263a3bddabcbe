"""Troubles of the machinery: the rows behind `veille health`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlite_utils import Database

from pipelines.shapes import moment, when
from pipelines.store.opening import insert


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something that the operator should know. `subject`: an outlet or a channel, or ""."""

    code: str
    subject: str
    detail: str


@dataclass(frozen=True, slots=True)
class Known:
    """A trouble as it was last left. `told`: the last time for this code and subject, ever."""

    trouble: Trouble
    since: datetime
    told: datetime | None
    told_this_time: bool


@dataclass(frozen=True, slots=True)
class Seen:
    """What all outlets together showed since a moment."""

    answers: int
    entries: int
    pages: int
    words: int
    since: datetime | None  # of the first observation ever; None: there is none


class Troubles:
    def __init__(self, db: Database) -> None:
        self.db = db

    def open(self) -> tuple[Known, ...]:
        """Troubles that lasted when last looked at."""
        rows = self.db.execute(
            "SELECT t.code, t.subject, t.detail, t.since, t.told, "
            "(SELECT max(told) FROM troubles e WHERE e.code = t.code AND e.subject = t.subject) "
            "FROM troubles t WHERE t.ended IS NULL ORDER BY t.since, t.code, t.subject"
        ).fetchall()
        return tuple(
            Known(
                Trouble(code, subject, detail),
                moment(since),
                moment(ever) if ever else None,
                told is not None,
            )
            for code, subject, detail, since, told, ever in rows
        )

    def last_told(self, trouble: Trouble) -> datetime | None:
        """When a trouble of this code and subject was last told, also an earlier one."""
        found = self.db.execute(
            "SELECT max(told) FROM troubles WHERE code = ? AND subject = ?",
            (trouble.code, trouble.subject),
        ).fetchone()[0]
        return moment(found) if found else None

    def keep(self, found: Iterable[Trouble], now: datetime) -> None:
        """Begin, go on with and end troubles: those that are not found are over."""
        found = list(found)
        lasting = {(known.trouble.code, known.trouble.subject) for known in self.open()}
        for trouble in found:
            if (trouble.code, trouble.subject) in lasting:
                self.db.execute(
                    "UPDATE troubles SET detail = ? "
                    "WHERE code = ? AND subject = ? AND ended IS NULL",
                    (trouble.detail, trouble.code, trouble.subject),
                )
            else:
                row = {
                    "code": trouble.code,
                    "subject": trouble.subject,
                    "detail": trouble.detail,
                    "since": when(now),
                }
                insert(self.db, "troubles", row)
        there = {(trouble.code, trouble.subject) for trouble in found}
        for code, subject in lasting - there:
            self.db.execute(
                "UPDATE troubles SET ended = ? WHERE code = ? AND subject = ? AND ended IS NULL",
                (when(now), code, subject),
            )

    def mark_told(self, troubles: Sequence[Trouble], now: datetime) -> None:
        self.db.conn.executemany(
            "UPDATE troubles SET told = ? WHERE code = ? AND subject = ? AND ended IS NULL",
            [(when(now), trouble.code, trouble.subject) for trouble in troubles],
        )

    # -- what the checks ask -------------------------------------------------------------------

    def seen_since(self, since: datetime) -> Seen:
        """What the crawls since then saw, over all outlets."""
        row = self.db.execute(
            "SELECT coalesce(sum(max(requests - blocked - failed, 0)), 0), "
            "coalesce(sum(entries), 0), coalesce(sum(pages), 0), coalesce(sum(words), 0), "
            "(SELECT min(at) FROM observations) FROM observations WHERE at > ?",
            (when(since),),
        ).fetchone()
        answers, entries, pages, words, first = row
        return Seen(answers, entries, pages, words, moment(first) if first else None)
