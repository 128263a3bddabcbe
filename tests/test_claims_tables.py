"""Tables: what their headings make of the figures below."""

from __future__ import annotations

import pytest

from pipelines.claims import parties, tokens, walk
from pipelines.claims.drafts import Draft
from pipelines.claims.features import Place
from tests.claims_training import watch

OPENAI = parties.compiled(watch())


def headed(text: str) -> list[str]:
    """The drafts that headings give."""
    out: list[str] = []

    def keep(place: Place) -> list[Draft]:
        draft = place.draft
        if not place.table or draft is None:
            return []
        billions = place.one.top / 1e9
        out.append(f"{draft.kind} {'+'.join(draft.payers)}→{draft.payee} {billions:g}")
        return [draft]

    walk.walk(walk.scenes(tokens.read(text), OPENAI), OPENAI, keep)
    return out


@pytest.mark.parametrize(
    ("table", "wanted"),
    [
        (
            "Société | Valorisation (Md$) | Montant levé (Md$)\nxAI | 200 | 15\nWayve | 8 | 1,5",
            ["valuation →xAI 200", "round →xAI 15", "valuation →Wayve 8", "round →Wayve 1.5"],
        ),
        (
            "Fournisseur | Contrat (Md$)\nOracle | 300\nCerebras | 10",
            ["commitment OpenAI→Oracle 300", "commitment OpenAI→Cerebras 10"],
        ),
        (
            "| Investisseur | Apport | Date |\n| Nvidia | 30 Md$ | mars |\n| AMD | 1 Md$ | mai |",
            ["investment Nvidia→OpenAI 30", "investment AMD→OpenAI 1"],
        ),
        (
            "Date | Mise de SoftBank\nmars | 10 Md$\njuin | 12 Md$",
            ["investment SoftBank→OpenAI 10", "investment SoftBank→OpenAI 12"],
        ),
        (
            "Source | Montant visé | Valorisation visée\nBloomberg | 10 Md$ | 350 Md$",
            ["round →OpenAI 10", "valuation →OpenAI 350"],
        ),
        ("Activité | Ventes | Évolution\nCentres de données | 51,2 Md$ | +66 %", []),
        ("OpenAI | 852 Md$\nAnthropic | 380 Md$", []),
    ],
)
def test_headings_say_what_a_figure_is(table: str, wanted: list[str]) -> None:
    assert headed(f"OpenAI fait ses comptes.\n\n{table}\n\nLe reste est inconnu.") == wanted


def test_a_row_ends_with_its_line_whatever_letter_begins_the_next() -> None:
    reading = tokens.read("Wayve | 8 | 1,5\nxAI | 200 | 15\nun hébergeur | 3 | 2")

    assert [s.line for s in reading.sentences] == [0, 1, 2]
