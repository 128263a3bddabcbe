"""What `veille verify` and `veille explain` ask of the file."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass

from sqlite_utils import Database

from pipelines.duplicate import SCHEME, sign
from pipelines.shapes import Json


@dataclass(frozen=True, slots=True)
class Fault:
    """Something in the file that cannot be right."""

    code: str  # quote-mismatch, text-changed, change-without-claim ...
    place: str  # claim 12, article 3 ...
    message: str


@dataclass(slots=True)
class Quotes:
    """How the quotes stand; filled while `faults` runs."""

    ok: int = 0
    gone: int = 0  # their text was removed: kept, cannot be compared
    none: int = 0  # claims without offsets


class Checking:
    def __init__(self, db: Database) -> None:
        self.db = db

    def faults(self, quotes: Quotes) -> Iterator[Fault]:
        """Everything that is wrong, one after another."""
        yield from self._file()
        yield from self._quotes(quotes)
        yield from self._texts()
        yield from self._links()

    def _file(self) -> Iterator[Fault]:
        for (told,) in self.db.execute("PRAGMA integrity_check"):
            if told != "ok":
                yield Fault("file-damaged", "the file", str(told))
        for table, row, parent, _ in self.db.execute("PRAGMA foreign_key_check"):
            yield Fault("row-without-parent", f"{table} {row}", f"its row of {parent} is missing")

    def _quotes(self, quotes: Quotes) -> Iterator[Fault]:
        rows = self.db.execute(
            "SELECT c.id, c.quote, c.start, c.end, c.amount_text, c.amount_start, a.text "
            "FROM claims c JOIN articles a ON a.id = c.article"
        )
        for claim, quote, start, end, amount, amount_start, text in rows:
            if start is None:
                quotes.none += 1
            elif text is None:
                quotes.gone += 1
            elif text[start:end] != quote:
                message = f"text[{start}:{end}] is not the quote"
                yield Fault("quote-mismatch", f"claim {claim}", message)
            elif text[amount_start : amount_start + len(amount)] != amount:
                message = f"text at {amount_start} is not {amount!r}"
                yield Fault("quote-mismatch", f"claim {claim}", message)
            else:
                quotes.ok += 1

    def _texts(self) -> Iterator[Fault]:
        rows = self.db.execute(
            "SELECT id, text, exact FROM articles WHERE text IS NOT NULL AND scheme = ?", (SCHEME,)
        )
        for article, text, exact in rows:
            if sign(text).exact != exact:
                yield Fault("text-changed", f"article {article}", "its text has not its hash")

    def _links(self) -> Iterator[Fault]:
        rows = self.db.execute(
            "SELECT c.id, p.value FROM changes c JOIN json_each(c.claims) p WHERE NOT EXISTS "
            "(SELECT 1 FROM claims k WHERE k.article = c.article AND k.position = p.value)"
        )
        for change, position in rows:
            message = f"claim {position} of its article is missing"
            yield Fault("change-without-claim", f"change {change}", message)
        rows = self.db.execute(
            "SELECT o.id, c.value FROM outbox o JOIN json_each(o.changes) c "
            "WHERE NOT EXISTS (SELECT 1 FROM changes k WHERE k.id = c.value)"
        )
        for alert, change in rows:
            message = f"its change {change} is missing"
            yield Fault("alert-without-change", f"alert {alert}", message)

    # -- explain ---------------------------------------------------------------------------

    def change_of_claim(self, claim: int) -> int | None:
        """The newest change that a claim led to."""
        row = self.db.execute(
            "SELECT c.id FROM changes c JOIN claims k ON k.article = c.article "
            "WHERE k.id = ? AND k.position IN (SELECT value FROM json_each(c.claims)) "
            "ORDER BY c.id DESC LIMIT 1",
            (claim,),
        ).fetchone()
        return row[0] if row else None

    def changes_of_alert(self, alert: int) -> list[int]:
        row = self.db.execute("SELECT changes FROM outbox WHERE id = ?", (alert,)).fetchone()
        return list(json.loads(row[0])) if row else []

    def article(self, article: int) -> Json:
        """The stored version, without its text."""
        (row,) = self.db.query(
            "SELECT id, url, outlet, title, published, modified, at, seen, recorded, basis, "
            "sameness, previous, copy_of, share, voice, dated_by, extractor, wire, paywalled, "
            "text IS NULL AS gone FROM articles WHERE id = ?",
            (article,),
        )
        return row

    def claims(self, article: int) -> list[Json]:
        return list(
            self.db.query("SELECT * FROM claims WHERE article = ? ORDER BY position", (article,))
        )

    def alerts(self, change: int) -> list[Json]:
        """Messages that tell a change, with what became of them."""
        return list(
            self.db.query(
                "SELECT o.id, o.channel, o.mode, o.reason, o.state, o.attempts, o.created, o.due, "
                "(SELECT json_group_array(json_object('attempted', d.attempted, 'state', d.state, "
                "'answer', d.answer)) FROM deliveries d WHERE d.alert = o.id) AS deliveries "
                "FROM outbox o WHERE ? IN (SELECT value FROM json_each(o.changes)) ORDER BY o.id",
                (change,),
            )
        )
