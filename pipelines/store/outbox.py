"""What has to be told to whom, written in the transaction of the change it tells.

A row is queued, leased by one sender while it sends, and ends as sent, dead (parked with its
reason), digested (told by a digest) or muted (the channel's rules leave it out).
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlite_utils import Database

from pipelines.records import Alert, DeliveryState
from pipelines.shapes import Json, when
from pipelines.store.opening import insert

#: When each deal was last told as news: neither what recalls it counts nor what is out of date.
_HEARD = """
    SELECT c.deal, max(a.at) AS last FROM changes c JOIN articles a ON a.id = c.article
    WHERE c.rule NOT LIKE '3.2 %' AND c.label NOT IN ('stale', 'held', 'unchanged', 'reread')"""
#: Of those the ones told as rumours to the last, and whose silence was not noticed since.
_FADING = """
    WITH heard AS ({})
    SELECT c.deal, c.payee FROM heard
    JOIN changes c ON c.id = (SELECT max(n.id) FROM changes n WHERE n.deal = heard.deal AND n.alert)
    WHERE c.after ->> 'certainty' = 'rumoured'
      AND c.deal NOT IN (SELECT deal FROM changes q WHERE q.label = 'quiet'
                         AND q.recorded > heard.last)
"""


class Outbox:
    def __init__(self, db: Database) -> None:
        self.db = db

    # -- queueing ------------------------------------------------------------------------------

    def queue(
        self,
        key: str,
        channel: str,
        mode: str,
        article: int | None,
        changes: Sequence[int],
        now: datetime,
    ) -> None:
        """One message to send; a key that is queued already is not queued again."""
        self.db.execute(
            "INSERT INTO outbox (key, channel, mode, article, changes, created, due) "
            "VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (key) DO NOTHING",
            (key, channel, mode, article, json.dumps(changes), when(now), when(now)),
        )

    def queue_digest(
        self,
        key: str,
        channel: str,
        told: Sequence[int],
        repeated: Sequence[int],
        members: Sequence[int],
        reason: str,
        now: datetime,
    ) -> int | None:
        """A digest that tells `members`, which end here; None when that digest is there already.

        `repeated`: changes told before, of which it says who repeated them.
        """
        if self.db.execute("SELECT 1 FROM outbox WHERE key = ?", (key,)).fetchone():
            return None
        row = {
            "key": key,
            "channel": channel,
            "mode": "digest",
            "reason": reason,
            "changes": json.dumps([*told, *repeated]),
            "told": json.dumps(told),
            "created": when(now),
            "due": when(now),
        }
        digest = insert(self.db, "outbox", row)
        self.db.execute(
            "UPDATE outbox SET state = 'digested', digest = ?, lease = NULL "
            "WHERE id IN (SELECT value FROM json_each(?))",
            (digest, json.dumps(members)),
        )
        return digest

    # -- draining ------------------------------------------------------------------------------

    def due(self, channel: str, now: datetime) -> list[Json]:
        """Rows of a channel whose time has come, those in somebody's lease too, oldest first."""
        return self._query(
            "WHERE channel = ? AND state IN ('queued', 'leased', 'retry') AND due <= ? "
            "ORDER BY due, id",
            channel,
            when(now),
        )

    def waiting(self, channel: str, modes: Sequence[str], now: datetime) -> list[Json]:
        """Rows of a channel that wait, due by now, for a digest of one of `modes`."""
        return self._query(
            "WHERE channel = ? AND state = 'queued' AND due <= ? "
            "AND mode IN (SELECT value FROM json_each(?)) ORDER BY id",
            channel,
            when(now),
            json.dumps(modes),
        )

    def decide(
        self,
        row: int,
        mode: str,
        reason: str,
        told: Sequence[int],
        due: datetime,
        state: DeliveryState,
    ) -> None:
        """What the rules said about a row that nobody else is sending."""
        self.db.execute(
            "UPDATE outbox SET mode = ?, reason = ?, told = ?, due = ?, state = ?, lease = NULL "
            "WHERE id = ?",
            (mode, reason, json.dumps(told), when(due), state, row),
        )

    def lease(self, row: Json, lease: str, now: datetime) -> int | None:
        """Compare and set: id of the delivery when the row was as seen, None when it was not."""
        taken = self.db.execute(
            "UPDATE outbox SET state = 'leased', lease = ?, attempts = attempts + 1 "
            "WHERE id = ? AND state = ? AND lease IS ?",
            (lease, row["id"], row["state"], row["lease"]),
        )
        if taken.rowcount != 1:
            return None
        attempt = {"alert": row["id"], "attempted": when(now), "state": "leased", "answer": ""}
        return insert(self.db, "deliveries", attempt)

    def compose(self, row: int, alert: Alert) -> None:
        """Keep the message: every retry says the same."""
        self.db.execute(
            "UPDATE outbox SET subject = ?, text = ?, html = ?, payload = ?, thread = ? "
            "WHERE id = ?",
            (alert.subject, alert.text, alert.html, alert.payload, json.dumps(alert.thread), row),
        )

    def close(
        self,
        row: int,
        delivery: int,
        state: DeliveryState,
        answer: str,
        due: datetime,
        lease: str,
    ) -> None:
        """End an attempt; nothing when the lease has passed to somebody else meanwhile."""
        self.db.execute(
            "UPDATE deliveries SET state = ?, answer = ? WHERE id = ?", (state, answer, delivery)
        )
        # whoever has it now, a message that was taken by the server is told
        self.db.execute(
            "UPDATE outbox SET state = ?, lease = NULL, due = ? "
            "WHERE id = ? AND (lease = ? OR (? = 'sent' AND state != 'sent'))",
            (state, when(due), row, lease, state),
        )

    def delay(self, row: int, until: datetime) -> None:
        """Not before `until`; whoever leased it is gone."""
        self.db.execute(
            "UPDATE outbox SET state = iif(attempts, 'retry', 'queued'), lease = NULL, due = ? "
            "WHERE id = ?",
            (when(until), row),
        )

    def postpone(self, channel: str, until: datetime) -> None:
        """Nothing of a channel before `until`: its server asked for it, or does not answer."""
        self.db.execute(
            "UPDATE outbox SET due = ? WHERE channel = ? AND state IN ('queued', 'retry') "
            "AND due < ? AND mode IN ('immediate', 'digest')",
            (when(until), channel, when(until)),
        )

    def retry(self, rows: Sequence[int] | None, now: datetime) -> int:
        """Dead and postponed rows are due again, all or those named; how many there are."""
        found = self.db.execute(
            "UPDATE outbox SET state = 'queued', attempts = 0, due = ? "
            "WHERE (state IN ('dead', 'retry') "
            "       OR (state = 'queued' AND mode IN ('immediate', 'digest'))) "
            "AND (? IS NULL OR id IN (SELECT value FROM json_each(?)))",
            (when(now), None if rows is None else 1, json.dumps(rows or [])),
        )
        return int(found.rowcount)

    # -- what the rules need -------------------------------------------------------------------

    def evidence(self, article: int) -> Json:
        """What the rules ask of an article: tier, satire, language, confidence by position."""
        (row,) = self.db.query(
            "SELECT outlet, tier, satire, language FROM articles WHERE id = ?", (article,)
        )
        found = self.db.execute(
            "SELECT position, confidence FROM claims WHERE article = ?", (article,)
        ).fetchall()
        return row | {"confidence": dict(found)}

    def sent_since(self, channel: str, since: datetime) -> list[str]:
        """When each message of a channel since `since` was sent, or may have been, in order."""
        rows = self.db.execute(
            "SELECT d.attempted FROM deliveries d JOIN outbox o ON o.id = d.alert "
            "WHERE o.channel = ? AND d.state IN ('sent', 'leased') AND d.attempted > ? "
            "ORDER BY d.attempted",
            (channel, when(since)),
        ).fetchall()
        return [row[0] for row in rows]

    def messages_on(self, channel: str, deals: Sequence[str]) -> list[Json]:
        """Messages sent by a channel that told a change of one of `deals`, oldest first."""
        return list(
            self.db.query(
                """
                SELECT DISTINCT o.id, o.key, d.attempted FROM outbox o
                JOIN deliveries d ON d.alert = o.id AND d.state = 'sent'
                JOIN json_each(o.told) t JOIN changes c ON c.id = t.value
                WHERE o.channel = ? AND o.state = 'sent'
                  AND c.deal IN (SELECT value FROM json_each(?))
                ORDER BY d.attempted, o.id
                """,
                (channel, json.dumps(deals)),
            )
        )

    def telling(self, channel: str, changes: Sequence[int]) -> list[str]:
        """Keys of the messages of a channel that told one of these changes, or may have.

        One that is not composed yet leaves out what was taken back, and needs no correction.
        """
        rows = self.db.execute(
            """
            SELECT DISTINCT coalesce(g.key, o.key) FROM outbox o
            LEFT JOIN outbox g ON g.id = o.digest
            JOIN json_each(coalesce(o.told, o.changes)) t
            WHERE o.channel = ?
              AND coalesce(g.state, o.state) IN ('sent', 'leased', 'retry', 'dead')
              AND t.value IN (SELECT value FROM json_each(?)) ORDER BY o.id
            """,
            (channel, json.dumps(changes)),
        ).fetchall()
        return [row[0] for row in rows]

    def taken_back(self, changes: Sequence[int]) -> set[int]:
        """Which of these changes a later one corrects."""
        rows = self.db.execute(
            "SELECT corrects FROM changes WHERE corrects IN (SELECT value FROM json_each(?))",
            (json.dumps(changes),),
        ).fetchall()
        return {row[0] for row in rows}

    def told_between(self, channel: str, since: datetime, until: datetime) -> list[int]:
        """Ids of the changes that messages of their own, queued in (since, until], told.

        Not those of digests: these have said already who repeated what.
        """
        rows = self.db.execute(
            "SELECT DISTINCT t.value FROM outbox o JOIN json_each(o.told) t "
            "WHERE o.channel = ? AND o.state = 'sent' AND o.mode = 'immediate' "
            "AND o.created > ? AND o.created <= ?",
            (channel, when(since), when(until)),
        ).fetchall()
        return [row[0] for row in rows]

    def silent_deals(self, since: datetime, until: datetime) -> dict[str, str]:
        """Deal → payee of what was told as a rumour and last heard of in (since, until], unless
        its silence was noticed already."""
        heard = f"{_HEARD} GROUP BY c.deal HAVING last > ? AND last <= ?"
        return dict(self.db.execute(_FADING.format(heard), (when(since), when(until))).fetchall())

    def lapsed_deals(self, since: datetime, first: date, today: date) -> dict[str, str]:
        """The same of what was heard of since then, and not since the day that it named last, if
        that is one from `first` to yesterday."""
        heard = f"""
            WITH named AS (
              SELECT n.deal, max(k.due) AS due FROM claims k JOIN changes n ON n.article = k.article
              WHERE k.due >= ? AND k.position IN (SELECT value FROM json_each(n.claims))
              GROUP BY n.deal HAVING max(k.due) < ?
            )
            SELECT deal, last FROM named
            JOIN ({_HEARD} AND c.deal IN (SELECT deal FROM named) GROUP BY c.deal) USING (deal)
            WHERE last > ? AND date(last) <= due"""
        days = first.isoformat(), today.isoformat()
        return dict(self.db.execute(_FADING.format(heard), (*days, when(since))).fetchall())

    def has_digest(self, channel: str, reason: str, since: datetime) -> bool:
        """The digest that was due at `since` is there already."""
        row = self.db.execute(
            "SELECT 1 FROM outbox WHERE channel = ? AND mode = 'digest' AND reason = ? "
            "AND created >= ? LIMIT 1",
            (channel, reason, when(since)),
        ).fetchone()
        return row is not None

    def has_prepared(self) -> bool:
        """A first run is under way, or was killed: its digest waits until all is posted."""
        return self.db.execute("SELECT 1 FROM prepared LIMIT 1").fetchone() is not None

    # -- what people ask -----------------------------------------------------------------------

    def counts(self) -> dict[str, int]:
        """Rows by state."""
        return dict(self.db.execute("SELECT state, count(*) FROM outbox GROUP BY state").fetchall())

    def oldest(self) -> str | None:
        """When the oldest message that is still to be sent was queued."""
        found: str | None = self.db.execute(
            "SELECT min(created) FROM outbox WHERE state IN ('queued', 'leased', 'retry')"
        ).fetchone()[0]
        return found

    def depth(self) -> list[Json]:
        """By channel: rows to be sent, waiting for a digest, dead; age and last failure."""
        return list(
            self.db.query(
                """
                SELECT channel,
                       sum(state IN ('queued', 'leased', 'retry')
                           AND mode IN ('immediate', 'digest')) AS open,
                       sum(state = 'queued' AND mode NOT IN ('immediate', 'digest')) AS waiting,
                       sum(state = 'dead') AS dead,
                       min(CASE WHEN state IN ('queued', 'leased', 'retry')
                           AND mode IN ('immediate', 'digest') THEN created END) AS oldest,
                       (SELECT answer FROM deliveries d JOIN outbox p ON p.id = d.alert
                        WHERE p.channel = o.channel AND d.state IN ('retry', 'dead')
                        ORDER BY d.id DESC LIMIT 1) AS failure
                FROM outbox o GROUP BY channel ORDER BY channel
                """
            )
        )

    def parked(self, limit: int) -> list[Json]:
        """Messages that are tried no more, newest first, with what was answered last."""
        return list(
            self.db.query(
                """
                SELECT o.id, o.channel, o.subject,
                       (SELECT answer FROM deliveries WHERE alert = o.id ORDER BY id DESC LIMIT 1)
                       AS answer
                FROM outbox o WHERE o.state = 'dead' ORDER BY o.id DESC LIMIT ?
                """,
                (limit,),
            )
        )

    def rows(self, mode: str | None = None) -> list[Json]:
        return list(
            self.db.query(
                "SELECT * FROM outbox WHERE (:mode IS NULL OR mode = :mode) ORDER BY id",
                {"mode": mode},
            )
        )

    def row(self, identity: int) -> Json:
        (found,) = self._query("WHERE id = ?", identity)
        return found

    def attempts(self, identity: int) -> list[Json]:
        """Deliveries of one row, in order."""
        return list(
            self.db.query("SELECT * FROM deliveries WHERE alert = ? ORDER BY id", (identity,))
        )

    def _query(self, where: str, *values: Any) -> list[Json]:
        rows = list(self.db.query(f"SELECT * FROM outbox {where}", values))
        for row in rows:
            row["changes"] = json.loads(row["changes"])
            row["told"] = None if row["told"] is None else json.loads(row["told"])
            row["thread"] = json.loads(row["thread"])
        return rows
