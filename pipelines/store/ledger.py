"""Postings, outcomes and what they say: the rows behind `changes`, `deals` and `explain`."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import date, datetime

from sqlite_utils import Database

from pipelines.money import Amount
from pipelines.records import Change, Claim, Posting
from pipelines.shapes import (
    Json,
    corroboration_from_json,
    corroboration_to_json,
    figure_from_json,
    figure_to_json,
    when,
)
from pipelines.store.articles import STORED_CLAIM
from pipelines.store.opening import insert
from pipelines.store.syndication import VOICE, VOICE_AS_OF

#: Later than any time that is written down.
EVER = "9999"
_POSTING = (
    "id, url, outlet, published, at, seen, recorded, title, basis, sentences, shingles, "
    "tier, satire, "
)

_READ_NOW = """
    SELECT * FROM claims
    WHERE held = 0 AND article IN (SELECT value FROM json_each(:articles))
    ORDER BY article, position
"""
#: A replay retires claims; what was read before it can still be asked for.
_READ_AS_OF = f"""
    SELECT {", ".join(STORED_CLAIM)} FROM claims
    WHERE held = 0 AND article IN (SELECT value FROM json_each(:articles)) AND recorded <= :as_of
    UNION ALL
    SELECT {", ".join(STORED_CLAIM)} FROM retired_claims
    WHERE held = 0 AND article IN (SELECT value FROM json_each(:articles))
      AND recorded <= :as_of AND retired > :as_of
    ORDER BY article, position
"""

#: Columns of one line of `veille changes --json`, before their JSON is opened.
_CHANGES = """
    SELECT c.id, a.published, a.modified, a.seen, c.recorded, c.label AS change, c.also,
           c.corrects, c.alert, c.deal, c.kind, c.payers, c.payee, c.before, c.after,
           a.canonical_url AS url, a.outlet, a.title, c.corroboration AS corroborations,
           c.article, c.claims, a.basis, c.rule
    FROM changes c LEFT JOIN articles a ON a.id = c.article
"""


class Ledger:
    def __init__(self, db: Database) -> None:
        self.db = db

    # -- what the rules need ---------------------------------------------------------------

    def postings(
        self,
        payees: Sequence[str] | None = None,
        *,
        url: str | None = None,
        after: datetime | None = None,
        as_of: datetime | None = None,
    ) -> list[Posting]:
        """Every version of each page that ever spoke of money for one of `payees` (None: any).

        Versions without such a claim are among them: what a page no longer says is news too. In
        order of (at, url). `url`: its versions too, whatever they claim. `after`: only pages with
        a version that is not older, and `url`. `as_of`: as they were known and read then. Claims
        that wait for review are left out.
        """
        payee = "c.held = 0"
        if payees is not None:
            payee += " AND c.payee IN (SELECT value FROM json_each(:payees))"
        pages = f"SELECT a.url FROM claims c JOIN articles a ON a.id = c.article WHERE {payee}"
        if after is not None:
            # few articles, many claims: look from the article
            pages = (
                "SELECT w.url FROM "
                "(SELECT DISTINCT +url AS url FROM articles WHERE at >= :after) w "
                "WHERE EXISTS (SELECT 1 FROM articles a CROSS JOIN claims c ON c.article = a.id "
                f"WHERE a.url = w.url AND {payee})"
            )
        if as_of is not None:
            pages += (
                " UNION SELECT a.url FROM retired_claims c JOIN articles a ON a.id = c.article "
                "WHERE c.held = 0"
            )
        # the + hides indexes that would be read whole for the sake of a bound or the order
        voice = VOICE_AS_OF if as_of else VOICE
        rows = self.db.query(
            f"SELECT {_POSTING}{voice} AS voice FROM articles "
            f"WHERE url IN ({pages} UNION SELECT :url) "
            "AND +recorded <= :as_of ORDER BY +at, url, id",
            {
                "payees": json.dumps(payees),
                "url": url,
                "after": when(after) if after else None,
                "as_of": when(as_of) if as_of else EVER,
            },
        )
        return self._postings(list(rows), as_of)

    def posting(self, article: int) -> Posting:
        """One stored version, without the claims that wait for review."""
        rows = self.db.query(
            f"SELECT {_POSTING}{VOICE} AS voice FROM articles WHERE id = :article",
            {"article": article},
        )
        (posting,) = self._postings(list(rows))
        return posting

    def _postings(self, rows: Sequence[Json], as_of: datetime | None = None) -> list[Posting]:
        claims: dict[int, list[tuple[Claim, str | None]]] = {row["id"]: [] for row in rows}
        for row in self.db.query(
            _READ_AS_OF if as_of else _READ_NOW,
            {"articles": json.dumps(list(claims)), "as_of": when(as_of) if as_of else None},
        ):
            claims[row["article"]].append((claim_from_row(row), row["sentence"]))
        return [_posting(row, claims[row["id"]]) for row in rows]

    def payees(self, article: int) -> list[str]:
        """For whom the money is that any version of an article's page claims."""
        return [
            row[0]
            for row in self.db.execute(
                "SELECT DISTINCT payee FROM claims WHERE held = 0 AND article IN "
                "(SELECT id FROM articles WHERE url = (SELECT url FROM articles WHERE id = ?)) "
                "ORDER BY payee",
                (article,),
            )
        ]

    def claims(self, article: int) -> list[Claim]:
        """All claims of a version, those that wait for review too, in order."""
        rows = self.db.query("SELECT * FROM claims WHERE article = ? ORDER BY position", (article,))
        return [claim_from_row(row) for row in rows]

    def positions(self, article: int) -> list[int]:
        """Position in the article's own list of each claim that is posted."""
        return [
            int(row[0])
            for row in self.db.execute(
                "SELECT position FROM claims WHERE article = ? AND held = 0 ORDER BY position",
                (article,),
            )
        ]

    def told(
        self,
        payees: Sequence[str] | None = None,
        *,
        url: str | None = None,
        since: datetime | None = None,
        as_of: datetime | None = None,
    ) -> list[tuple[int, str, datetime, Change]]:
        """(id, url, at, change) of what was recorded about `payees`, in order of recording.

        `since`: only what was told for articles not older than that, and all that `url` made.
        """
        # a condition that does not hold is left out: with "OR :x IS NULL" no index is used
        wanted = "c.recorded <= :as_of"
        if payees is not None:
            wanted += " AND c.payee IN (SELECT value FROM json_each(:payees))"
        chosen = f"SELECT c.id FROM changes c WHERE {wanted}"
        if since is not None:
            chosen = (
                "SELECT c.id FROM changes c JOIN articles a ON a.id = c.article "
                f"WHERE {wanted} AND c.alert = 1 AND a.at >= :since "
                "UNION SELECT c.id FROM articles a JOIN changes c ON c.article = a.id "
                "WHERE a.url = :url AND c.recorded <= :as_of"
            )
        rows = self.db.query(
            "SELECT c.*, a.url AS url, a.at AS at FROM changes c "
            f"JOIN articles a ON a.id = c.article WHERE c.id IN ({chosen}) ORDER BY +c.id",
            {
                "payees": json.dumps(payees),
                "url": url,
                "since": when(since) if since else None,
                "as_of": when(as_of) if as_of else EVER,
            },
        )
        found = []
        for row in rows:
            at = datetime.fromisoformat(row["at"])
            found.append((row["id"], row["url"], at, self._change(row)))
        return found

    def _change(self, row: Json) -> Change:
        place = {position: index for index, position in enumerate(self.positions(row["article"]))}
        return Change(
            label=row["label"],
            also=tuple(json.loads(row["also"])),
            alert=bool(row["alert"]),
            deal=row["deal"],
            kind=row["kind"],
            payers=tuple(json.loads(row["payers"])),
            payee=row["payee"],
            before=figure_from_json(json.loads(row["before"] or "null")),
            after=figure_from_json(json.loads(row["after"] or "null")),
            article=row["article"],
            # a verdict may have taken a claim back since: then it has no place any more
            claims=tuple(place[p] for p in json.loads(row["claims"]) if p in place),
            rule=row["rule"],
            corroboration=corroboration_from_json(json.loads(row["corroboration"])),
            corrects=row["corrects"],
        )

    def noticed_quiet(self, payees: Sequence[str]) -> list[tuple[datetime, Change]]:
        """(recorded, change) of every `quiet` about `payees`: it has no article."""
        rows = self.db.query(
            "SELECT * FROM changes WHERE label = 'quiet' "
            "AND payee IN (SELECT value FROM json_each(?)) ORDER BY id",
            (json.dumps(payees),),
        )
        return [(datetime.fromisoformat(row["recorded"]), self._change(row)) for row in rows]

    def record(self, changes: Sequence[Change], recorded: datetime) -> list[int]:
        """Append outcomes; returns their ids, in order."""
        ids = []
        for change in changes:
            places = self.positions(change.article) if change.article is not None else []
            row = {
                "recorded": when(recorded),
                "label": change.label,
                "also": json.dumps(change.also),
                "alert": int(change.alert),
                "deal": change.deal,
                "kind": change.kind,
                "payers": json.dumps(change.payers, ensure_ascii=False),
                "payee": change.payee,
                "before": _figure(figure_to_json(change.before)),
                "after": _figure(figure_to_json(change.after)),
                "article": change.article,
                "claims": json.dumps([places[index] for index in change.claims]),
                "corroboration": json.dumps(
                    corroboration_to_json(change.corroboration), ensure_ascii=False
                ),
                "corrects": change.corrects,
                "rule": change.rule,
            }
            ids.append(insert(self.db, "changes", row))
        return ids

    def newest_recorded(self) -> str | None:
        found: str | None = self.db.execute("SELECT max(recorded) FROM articles").fetchone()[0]
        return found

    # -- what people ask -------------------------------------------------------------------

    def changes(
        self,
        *,
        since: datetime | None = None,
        as_of: datetime | None = None,
        deals: Sequence[str] | None = None,
        silent: bool = False,
        ids: Sequence[int] | None = None,
    ) -> Iterator[Json]:
        """Lines of `veille changes --json`, in order of recorded, then published."""
        rows = self.db.query(
            _CHANGES
            + """
            WHERE c.recorded >= :since AND c.recorded <= :as_of
              AND (:silent OR c.alert)
              AND (:deals IS NULL OR c.deal IN (SELECT value FROM json_each(:deals)))
              AND (:ids IS NULL OR c.id IN (SELECT value FROM json_each(:ids)))
            ORDER BY c.recorded, coalesce(a.at, c.recorded), a.url, c.id
            """,
            {
                "since": when(since) if since else "",
                "as_of": when(as_of) if as_of else EVER,
                "silent": int(silent),
                "deals": json.dumps(deals) if deals is not None else None,
                "ids": json.dumps(ids) if ids is not None else None,
            },
        )
        for row in rows:
            yield self._line(row)

    def _line(self, row: Json) -> Json:
        line = dict(row)
        modified = line.pop("modified")
        line["published"] = modified or line["published"]
        line["alert"] = bool(line["alert"])
        for key in ("also", "payers", "claims", "corroborations"):
            line[key] = json.loads(line[key])
        for key in ("before", "after"):
            line[key] = json.loads(line[key] or "null")
        line["also"] = sorted(line["also"])
        line["quote"], line["sources"] = self._quote(
            line["article"], line["claims"], line["recorded"], line["after"]
        )
        return line

    def _quote(
        self, article: int | None, positions: list[int], recorded: str, after: Json | None
    ) -> tuple[str | None, list[str]]:
        """The quote of the claim that gives the figure told, and everybody the claims credit.

        A replay may have retired those claims since: the change keeps the words that made it.
        """
        if article is None or not positions:
            return None, []
        found = self.db.query(
            """
            SELECT quote, sources, low, high, position FROM retired_claims
            WHERE article = :article AND recorded <= :recorded AND retired > :recorded
              AND position IN (SELECT value FROM json_each(:positions))
            UNION ALL
            SELECT quote, sources, low, high, position FROM claims
            WHERE article = :article AND recorded <= :recorded
              AND position IN (SELECT value FROM json_each(:positions))
            ORDER BY position
            """,
            {"article": article, "positions": json.dumps(positions), "recorded": recorded},
        )
        rows = list(found)
        sources: dict[str, None] = {}
        for row in rows:
            sources.update(dict.fromkeys(json.loads(row["sources"])))
        told = after["amount"] if after else None
        # an instalment may stand before the total of its family; without a figure, the first one
        quoted = sorted(rows, key=lambda row: [row["low"], row["high"]] != told)
        return next((row["quote"] for row in quoted if row["quote"]), None), list(sources)


def _posting(row: Json, claims: Sequence[tuple[Claim, str | None]]) -> Posting:
    return Posting(
        article=row["id"],
        url=row["url"],
        outlet=row["outlet"],
        voice=row["voice"],
        published=datetime.fromisoformat(row["published"]),
        at=datetime.fromisoformat(row["at"]),
        seen=datetime.fromisoformat(row["seen"]),
        recorded=datetime.fromisoformat(row["recorded"]),
        title=row["title"],
        basis=row["basis"],
        claims=tuple(claim for claim, _ in claims),
        claim_sentences=tuple(sentence for _, sentence in claims),
        sentences=frozenset(json.loads(row["sentences"])),
        shingles=row["shingles"],
        tier=row["tier"],
        satire=bool(row["satire"]),
    )


def claim_from_row(row: Json) -> Claim:
    """A row of the table `claims` as the record."""
    return Claim(
        kind=row["kind"],
        payers=tuple(json.loads(row["payers"])),
        payee=row["payee"],
        amount=Amount(row["low"], row["high"], row["currency"], row["qualifier"]),
        certainty=row["certainty"],
        stage=row["stage"],
        sources=tuple(json.loads(row["sources"])),
        background=bool(row["background"]),
        additional=bool(row["additional"]),
        valuation_basis=row["valuation_basis"],
        instrument=row["instrument"],
        years=row["years"],
        confidence=row["confidence"],
        amount_text=row["amount_text"],
        amount_start=row["amount_start"],
        quote=row["quote"],
        start=row["start"],
        end=row["end"],
        rule=row["rule"],
        due=date.fromisoformat(row["due"]) if row["due"] else None,
        bond=row["bond"],
    )


def _figure(shape: Json | None) -> str | None:
    return None if shape is None else json.dumps(shape, ensure_ascii=False)
