"""The words of a message in French and English, and what weighs more than what."""

from __future__ import annotations

from typing import Literal

from pipelines.records import Certainty, Kind, Label, Stage

Tone = Literal["good", "bad", "warn", "plain"]

#: The weightiest first: the rules of the ledger have this order within a family.
WEIGHT: tuple[Label, ...] = (
    "corrected",
    "denied",
    "confirmed",
    "contradiction",
    "amount_up",
    "amount_down",
    "new",
    "new_investor",
    "held",
    "quiet",
    "corroborated",
    "stale",
    "backfilled",
    "part",
    "sum_line",
    "unchanged",
    "reread",
)
#: Of two changes with one label: a round is the news, its valuation follows from it.
KIND_WEIGHT: tuple[Kind, ...] = ("round", "investment", "debt", "commitment", "valuation")

#: Nothing has happened that anybody confirms: stands apart in a digest.
UNCONFIRMED: tuple[Label, ...] = ("held", "quiet")
#: Told by digests only, whatever a channel says; `backfilled` is the new deal that was found late.
DIGEST_ONLY: tuple[Label, ...] = (*UNCONFIRMED, "backfilled")

TONES: dict[Label, Tone] = {
    "corrected": "warn",
    "denied": "bad",
    "confirmed": "good",
    "contradiction": "warn",
    "held": "warn",
    "quiet": "warn",
}

LABELS: dict[str, dict[Label, str]] = {
    "fr": {
        "new": "Nouveau",
        "amount_up": "En hausse",
        "amount_down": "En baisse",
        "confirmed": "Confirmé",
        "denied": "Démenti",
        "contradiction": "Chiffres contradictoires",
        "new_investor": "Nouvel investisseur",
        "corrected": "Rectificatif",
        "quiet": "Sans nouvelles",
        "held": "Chiffre isolé",
        "corroborated": "Repris",
        "stale": "Ancien chiffre",
        "backfilled": "Vu tard",
        "part": "Partie d’un total",
        "sum_line": "Total",
        "unchanged": "Inchangé",
        "reread": "Relu",
    },
    "en": {
        "new": "New",
        "amount_up": "Up",
        "amount_down": "Down",
        "confirmed": "Confirmed",
        "denied": "Denied",
        "contradiction": "Conflicting figures",
        "new_investor": "New investor",
        "corrected": "Correction",
        "quiet": "Gone quiet",
        "held": "Isolated figure",
        "corroborated": "Repeated",
        "stale": "Outdated figure",
        "backfilled": "Found late",
        "part": "Part of a total",
        "sum_line": "Total",
        "unchanged": "Unchanged",
        "reread": "Read again",
    },
}

KINDS: dict[str, dict[Kind, str]] = {
    "fr": {
        "investment": "investissement",
        "round": "tour de table",
        "valuation": "valorisation",
        "commitment": "engagement",
        "debt": "dette",
    },
    "en": {
        "investment": "investment",
        "round": "funding round",
        "valuation": "valuation",
        "commitment": "commitment",
        "debt": "debt",
    },
}

CERTAINTIES: dict[str, dict[Certainty, str]] = {
    "fr": {"rumoured": "non confirmé", "confirmed": "confirmé", "denied": "démenti"},
    "en": {"rumoured": "unconfirmed", "confirmed": "confirmed", "denied": "denied"},
}

STAGES: dict[str, dict[Stage, str]] = {
    "fr": {
        "considered": "envisagé",
        "talks": "en discussion",
        "announced": "annoncé",
        "completed": "conclu",
        "denied": "abandonné",
    },
    "en": {
        "considered": "under consideration",
        "talks": "in talks",
        "announced": "announced",
        "completed": "closed",
        "denied": "called off",
    },
}

PHRASES: dict[str, dict[str, str]] = {
    "fr": {
        "colon": "{0}\u00a0: {1}",
        "or": " ou ",
        "pre_money": "{0} avant l’opération",
        "post_money": "{0} après l’opération",
        "and_more": "et {0} de plus",
        "contested": "contesté",
        "quote": "«\u00a0{0}\u00a0»",
        "others": "et {0} autres médias",
        "other": "et un autre média",
        "independent": "{0} sources indépendantes",
        "outlet": "{0} média",
        "outlets": "{0} médias",
        "origin": "{0} origine",
        "origins": "{0} origines",
        "times": "publié {0}, vu {1}",
        "published": "publié {0}",
        "entry": "D’après le titre et le chapô\u00a0: l’article lui-même n’a pas été lu.",
        "unverified": "Information de presse, non vérifiée.",
        "read": "Lire l’article",
        "room": "Voir l’affaire",
        "daily": "Récapitulatif du jour",
        "weekly": "Récapitulatif de la semaine",
        "first-run": "Premier passage",
        "quiet-hours": "Pendant les heures calmes",
        "cap": "Beaucoup de messages en une heure",
        "cooldown": "Suite de la même affaire",
        "change": "{0} changement",
        "changes": "{0} changements",
        "deal": "{0} affaire",
        "deals": "{0} affaires",
        "chronology": "Chronologie",
        "earlier": "… et {0} plus anciens",
        "more_deals": "{0} affaires de plus\u00a0: `veille changes` les montre.",
        "from_to": "{0} ({1}) → {2} ({3})",
        "picture": "Montant au fil du temps\u00a0: {0}",
        "echo": "Repris depuis",
        "against": "face à {0} ({1})",
        "not": "{0}, et non {1}",
        "withdrawn": "{0}, information retirée",
        "sample": "Message d’essai de veille",
        "sample_note": "Ceci est un essai\u00a0: le canal fonctionne.",
        "sample_kind": "investissement",
        "sample_figure": "jusqu’à 50 Md$ → 50 Md$",
        "sample_quote": "Ici se trouve la phrase de l’article.",
        "sample_end": "Rien de tout cela n’est vrai.",
    },
    "en": {
        "colon": "{0}: {1}",
        "or": " or ",
        "pre_money": "{0} pre-money",
        "post_money": "{0} post-money",
        "and_more": "and {0} more",
        "contested": "contested",
        "quote": "“{0}”",
        "others": "and {0} other outlets",
        "other": "and one other outlet",
        "independent": "{0} independent sources",
        "outlet": "{0} outlet",
        "outlets": "{0} outlets",
        "origin": "{0} origin",
        "origins": "{0} origins",
        "times": "published {0}, seen {1}",
        "published": "published {0}",
        "entry": "From title and standfirst: the article itself was not read.",
        "unverified": "Press report, not verified.",
        "read": "Read the article",
        "room": "See the deal",
        "daily": "Digest of the day",
        "weekly": "Digest of the week",
        "first-run": "First run",
        "quiet-hours": "During quiet hours",
        "cap": "Many messages within the hour",
        "cooldown": "More about the same deal",
        "change": "{0} change",
        "changes": "{0} changes",
        "deal": "{0} deal",
        "deals": "{0} deals",
        "chronology": "Chronology",
        "earlier": "… and {0} earlier",
        "more_deals": "{0} more deals: `veille changes` shows them.",
        "from_to": "{0} ({1}) → {2} ({3})",
        "picture": "Amount over time: {0}",
        "echo": "Repeated since",
        "against": "against {0} ({1})",
        "not": "{0}, not {1}",
        "withdrawn": "{0}, withdrawn",
        "sample": "Test message from veille",
        "sample_note": "This is a test: the channel works.",
        "sample_kind": "investment",
        "sample_figure": "up to $50bn → $50bn",
        "sample_quote": "The sentence of the article stands here.",
        "sample_end": "None of this is true.",
    },
}


def phrase(language: str, key: str, *values: object) -> str:
    return PHRASES[language][key].format(*values)
