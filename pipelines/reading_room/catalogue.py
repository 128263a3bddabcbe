"""What the tables, columns and ready queries are called, in both languages, for Datasette."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from pipelines.money import Amount, show
from pipelines.reading_room.queries import QUERIES
from pipelines.reading_room.settings import DATABASE

#: Tables and views that a public room shows: facts, no words of the press but titles.
PUBLIC_TABLES = frozenset(("changes", "latest_changes", "outlet_state", "runs"))
#: Tables of the machinery: they stay out of sight until asked for.
HIDDEN = (
    "accounts deliveries decisions forgotten links observations outbox policies prepared repeats "
    "reread resources retired_claims second_readings shingles sightings sqlite_sequence "
    "sqlite_stat1 sqlite_stat4 validators"
).split()

#: Our page for the value of a column; "" stands for any table.
PAGE_OF_COLUMN: dict[tuple[str, str], str] = {
    ("", "deal"): "deal",
    ("", "outlet"): "outlet",
    ("", "payee"): "company",
    ("", "investor"): "company",
    ("", "company"): "company",
    ("", "article"): "article",
    ("articles", "id"): "article",
}

#: Table → (title fr, title en, what it is fr, what it is en).
TABLES: dict[str, tuple[str, str, str, str]] = {
    "articles": (
        "Articles",
        "Articles",
        "Une version d’une page, ou une entrée de flux dont la page n’a pas été lue.",
        "One version of one page, or a feed entry whose page was not read.",
    ),
    "claims": (
        "Affirmations",
        "Claims",
        "Ce qu’un article affirme\u00a0: qui paie qui, combien, à quel stade, selon qui.",
        "What one article asserts: who pays whom, how much, at which stage, who says so.",
    ),
    "changes": (
        "Changements",
        "Changes",
        "L’effet de chaque affirmation sur le compte d’une affaire, annoncé ou non.",
        "The outcome of posting each claim to the account of a deal, told or silent.",
    ),
    "latest_changes": (
        "Changements en clair",
        "Changes as a sheet",
        "Un effet par ligne, montants en chiffres.",
        "One outcome a line, amounts as numbers.",
    ),
    "claims_in_context": (
        "Affirmations en contexte",
        "Claims in context",
        "Chaque affirmation à côté de qui l’a publiée, et quand.",
        "Every claim beside who published it, and when.",
    ),
    "outlet_state": (
        "État des médias",
        "State of the outlets",
        "Quand chaque média est revu, et comment il va.",
        "When each outlet is looked at next, and how it is.",
    ),
    "issues": (
        "Incidents",
        "Issues",
        "Ce qui s’est passé autrement que prévu.",
        "What went otherwise than it should.",
    ),
    "troubles": (
        "Pannes",
        "Troubles",
        "Ce qui demande qu’on s’en occupe.",
        "What somebody has to see to.",
    ),
    "verdicts": (
        "Verdicts",
        "Verdicts",
        "Ce que des personnes, ou un second lecteur, ont jugé à la vérification.",
        "What people, or a second reader, judged in review.",
    ),
    "runs": ("Exécutions", "Runs", "Ce qui a tourné, et comment.", "What ran, and how it ended."),
}

_SHARED: dict[str, tuple[str, str]] = {
    "id": ("Numéro", "Number of the row"),
    "at": (
        "Quand le média l’a dit, temps universel",
        "When the outlet said it, universal time",
    ),
    "outlet": ("Le média qui publie", "Who publishes"),
    "kind": (
        "investment, round, valuation, commitment ou debt",
        "investment, round, valuation, commitment or debt",
    ),
    "payers": ("Qui paie, liste JSON", "Who pays, a JSON list"),
    "payee": ("Qui reçoit", "Who gets the money"),
    "low": (
        "Borne basse, en unités de la monnaie; vide\u00a0: ouverte",
        "Lower bound in units of currency; empty: open",
    ),
    "high": (
        "Borne haute, en unités de la monnaie; vide\u00a0: ouverte",
        "Upper bound in units of currency; empty: open",
    ),
    "currency": ("Monnaie, ISO 4217", "Currency, ISO 4217"),
    "qualifier": (
        "exact, about, up_to, less_than, more_than ou between",
        "exact, about, up_to, less_than, more_than or between",
    ),
    "certainty": ("rumoured, confirmed ou denied", "rumoured, confirmed or denied"),
    "stage": (
        "considered, talks, announced, completed ou denied",
        "considered, talks, announced, completed or denied",
    ),
    "sources": ("À qui le texte l’attribue, liste JSON", "Whom the text credits, a JSON list"),
    "background": ("1\u00a0: rappel d’un fait ancien", "1: recalls an old fact"),
    "held": ("1\u00a0: trop incertain, à vérifier", "1: too uncertain, waits for review"),
    "quote": ("La phrase, 280 signes au plus", "The sentence, at most 280 characters"),
    "confidence": ("De 0 à 1", "From 0 to 1"),
    "article": ("L’article enregistré", "The stored article"),
    "deal": ("L’affaire", "The deal"),
    "title": ("Titre de l’article", "Title of the article"),
    "url": ("Adresse", "Address"),
    "recorded": ("Porté au registre", "Posted to the ledger"),
    "seen": ("Lu par nous", "Fetched by us"),
    "label": ("L’effet", "The outcome"),
    "change": ("L’effet", "The outcome"),
    "alert": ("1\u00a0: annoncé", "1: of the kind that is told"),
    "rule": ("La règle qui l’a donné", "The rule that gave it"),
    "text": ("Texte nettoyé; vide une fois effacé", "Cleaned text; empty once removed"),
    "voice": ("Voix indépendante", "Independent voice"),
    "copy_of": ("Le texte que celui-ci répète", "The text that this one repeats"),
    "verdict": ("Santé", "Health"),
}

#: Columns that the way from the list of tables leaves out, so that what people read is in sight.
LEFT_OUT: dict[str, tuple[str, ...]] = {
    "articles": tuple(
        "canonical_url authors text posts modified dated_by first_run extractor tier satire "
        "previous share copies voice exact scheme shingles sampled sampled_fine "
        "sampled_coarse sentences silent".split()
    ),
}
FACETS: dict[str, list[str]] = {
    "articles": ["outlet", "sameness"],
    "claims": ["kind", "certainty"],
    "changes": ["label", "kind"],
    "latest_changes": ["change", "kind"],
    "claims_in_context": ["kind", "certainty"],
    "issues": ["code", "outlet"],
}
SORTED: dict[str, str] = {
    "articles": "at",
    "changes": "id",
    "latest_changes": "at",
    "claims_in_context": "at",
    "issues": "at",
    "runs": "id",
}
#: The column by which rows that point to a table show it.
LABELS = {"articles": "title"}


def title_of(name: str, language: str) -> str:
    """Of a table, view or ready query; its own name for what has none."""
    if name in QUERIES:
        return QUERIES[name].title[language == "en"]
    found = TABLES.get(name)
    return found[language == "en"] if found else name


def in_sight(name: str) -> str:
    """The query by which a table shows first what people read."""
    left_out = [("_nocol", column) for column in LEFT_OUT.get(name, ())]
    return f"?{urlencode(left_out)}" if left_out else ""


def told_of(name: str, language: str) -> str:
    if name in QUERIES:
        return QUERIES[name].told[language == "en"]
    found = TABLES.get(name)
    return found[2 + (language == "en")] if found else ""


def column_told(name: str, language: str) -> str:
    found = _SHARED.get(name)
    return found[language == "en"] if found else ""


def metadata() -> dict[str, Any]:
    """Datasette's metadata; in English, as its own interface and its JSON are."""
    tables: dict[str, Any] = {
        name: {
            "title": words[1],
            "description": words[3],
            "columns": {column: told[1] for column, told in _SHARED.items()},
        }
        for name, words in TABLES.items()
    }
    for name, columns in FACETS.items():
        tables[name]["facets"] = columns
    for name, column in SORTED.items():
        tables[name]["sort_desc"] = column
    for name, column in LABELS.items():
        tables[name]["label_column"] = column
    for name in HIDDEN:
        tables[name] = {"hidden": True}
    queries = {
        name: {"title": query.title[1], "description": query.told[1], "sql": query.sql}
        for name, query in QUERIES.items()
    }
    return {
        "title": "veille",
        "description": "A watch on the French press for funding claims, change by change.",
        "databases": {
            DATABASE: {"title": "veille", "tables": tables, "queries": queries},
        },
    }


def said(low: int | None, high: int | None, currency: str | None) -> str | None:
    """SQL function: bounds as a reader writes them."""
    if low is None and high is None:
        return None
    qualifier = "up_to" if low is None else "more_than" if high is None else "between"
    if low == high:
        qualifier = "exact"
    return show(Amount(low, high, currency or "", qualifier))  # type: ignore[arg-type]
