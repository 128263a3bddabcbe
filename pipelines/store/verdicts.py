"""What was decided about claims: append-only, and found again whoever reads the article next."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import cast

from sqlite_utils import Database

from pipelines.records import Claim, Kind
from pipelines.shapes import Json, claim_to_json, when
from pipelines.store.articles import STORED_CLAIM
from pipelines.store.ledger import claim_from_row
from pipelines.store.opening import insert

#: Values of claims.held.
POSTED, WAITING, REJECTED = 0, 1, 2

#: Who decides when nobody else is named.
PERSON = "a person"

#: What makes two readings of one sentence the same claim.
_KEY = ("kind", "payers", "payee", "amount", "currency")


def key(claim: Claim, sentence: str | None) -> str:
    """The claim wherever it stands in its article and whoever read it."""
    shape = claim_to_json(claim)
    return json.dumps([sentence or "", *(shape[name] for name in _KEY)], ensure_ascii=False)


def key_of(row: Json) -> str:
    """The key of a stored claim."""
    return key(claim_from_row(row), row["sentence"])


def _read_as(claim: Claim, reads_as: Json) -> Claim:
    kind = cast(Kind, reads_as["kind"])
    payers, payee = tuple(reads_as["payers"]), reads_as["payee"]
    return replace(claim, kind=kind, payers=payers, payee=payee, bond=reads_as["bond"])


class Verdicts:
    def __init__(self, db: Database) -> None:
        self.db = db

    def waiting(self) -> list[Json]:
        """Claims held back, oldest article first."""
        return list(
            self.db.query(
                "SELECT c.*, a.url, a.title, a.outlet, a.published FROM claims c "
                "JOIN articles a ON a.id = c.article WHERE c.held = ? ORDER BY a.at, a.url, c.id",
                (WAITING,),
            )
        )

    def claim(self, identity: int) -> Json | None:
        """A claim with its article's URL; None when there is none, or it was taken back."""
        rows = self.db.query(
            "SELECT c.*, a.url FROM claims c JOIN articles a ON a.id = c.article WHERE c.id = ?",
            (identity,),
        )
        return next(iter(rows), None)

    def claims_of(self, deals: Sequence[str]) -> list[Json]:
        """The claims that were posted to a deal, by any of its ids."""
        return list(
            self.db.query(
                "SELECT DISTINCT k.*, a.url FROM changes c "
                "JOIN claims k ON k.article = c.article AND k.held = 0 "
                "AND k.position IN (SELECT value FROM json_each(c.claims)) "
                "JOIN articles a ON a.id = k.article "
                "WHERE c.deal IN (SELECT value FROM json_each(?)) ORDER BY k.id",
                (json.dumps(deals),),
            )
        )

    def write(
        self, row: Json, verdict: str, reads_as: Json | None, now: datetime, who: str = PERSON
    ) -> None:
        """Write down what was decided about a claim (a row of `claim`)."""
        insert(
            self.db,
            "verdicts",
            {
                "at": when(now),
                "verdict": verdict,
                "url": row["url"],
                "claim": key_of(row),
                "quote": row["quote"],
                "reads_as": json.dumps(reads_as, ensure_ascii=False) if reads_as else None,
                "who": who,
            },
        )

    def latest(self, url: str) -> dict[str, Json]:
        """The last verdict on each claim of a page."""
        rows = self.db.query("SELECT * FROM verdicts WHERE url = ? ORDER BY id", (url,))
        return {row["claim"]: row for row in rows}

    def settled(
        self,
        url: str,
        claims: Sequence[Claim],
        sentences: Sequence[str | None],
        held: frozenset[int],
    ) -> tuple[tuple[Claim, ...], dict[int, int]]:
        """The claims of a page as was decided about them, and the state of each position."""
        verdicts = self.latest(url)
        found: list[Claim] = []
        states: dict[int, int] = {}
        for position, claim in enumerate(claims):
            verdict = verdicts.get(key(claim, sentences[position]))
            states[position] = WAITING if position in held else POSTED
            if verdict is not None:
                states[position] = REJECTED if verdict["verdict"] == "reject" else POSTED
                if verdict["reads_as"]:
                    claim = _read_as(claim, json.loads(verdict["reads_as"]))
            found.append(claim)
        return tuple(found), states

    def all(self) -> list[Json]:
        return list(self.db.query("SELECT * FROM verdicts ORDER BY id"))

    def change(self, identity: int, held: int, reads_as: Json | None, now: datetime) -> None:
        """Put a claim in its new state, under its id; the old one can still be asked for."""
        columns = ", ".join(STORED_CLAIM)
        self.db.execute(
            f"INSERT INTO retired_claims ({columns}, retired) SELECT {columns}, ? FROM claims "
            "WHERE id = ?",
            (when(now), identity),
        )
        (row,) = self.db.query("SELECT * FROM claims WHERE id = ?", (identity,))
        self.db.execute("DELETE FROM claims WHERE id = ?", (identity,))
        kept = {name: row[name] for name in STORED_CLAIM}
        if reads_as:
            payers = json.dumps(reads_as["payers"], ensure_ascii=False)
            kept |= {name: reads_as[name] for name in ("kind", "payee", "bond")}
            kept["payers"] = payers
        insert(self.db, "claims", kept | {"held": held, "recorded": when(now)})
