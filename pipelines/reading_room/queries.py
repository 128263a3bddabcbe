"""Ready queries of the database page. They are the one place for SQL outside the store.

`extract`, `plain`, `safe_link` and `said` are functions of ours: a quote as the room may show it,
text without what cannot be seen, a link that may be opened, an amount as a reader writes it.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Query:
    """A query with a name."""

    title: tuple[str, str]  # French, English
    told: tuple[str, str]
    sql: str


QUERIES: dict[str, Query] = {
    "recent_changes": Query(
        ("Changements récents", "Recent changes"),
        (
            "Ce qui a été annoncé, le plus récent d’abord. Se lit aussi comme fil Atom.",
            "What was told, the newest first. Also an Atom feed.",
        ),
        """
select headline(h.label, h.kind, h.payers, h.payee, h.before, h.after) as atom_title,
       'tag:veille,2026:change:' || c.id as atom_id,
       c.at as atom_updated,
       safe_link(c.url) as atom_link,
       plain(c.title || ' (' || c.outlet || ')') as atom_content,
       c.deal, c.article
from latest_changes c join changes h on h.id = c.id where c.alert order by c.id desc limit 100
""",
    ),
    "open_contradictions": Query(
        ("Contradictions", "Contradictions"),
        (
            "Les affaires dont le dernier chiffre annoncé oppose plusieurs sources.",
            "Deals whose last told figure sets several sources against each other.",
        ),
        """
select c.deal, c.payee, c.kind, c.recorded,
       json_extract(side.value, '$.sources') as sources,
       said(json_extract(side.value, '$.amount[0]'), json_extract(side.value, '$.amount[1]'),
            json_extract(c.after, '$.currency')) as amount
from changes c, json_each(c.after, '$.contested') side
where c.id in (select max(id) from changes where alert group by deal)
order by c.id desc
""",
    ),
    "claims_by_investor": Query(
        ("Affirmations par investisseur", "Claims by investor"),
        (
            "Ce que la presse dit qu’un investisseur paie.",
            "What the press says that an investor pays.",
        ),
        """
select k.at, k.payee, k.kind, said(k.low, k.high, k.currency) as amount, k.certainty,
       extract(k.quote) as quote, k.outlet, k.qualifier, k.stage, k.article
from claims_in_context k
where exists (select 1 from json_each(k.payers) where value = :investor)
order by k.at desc
""",
    ),
    "amounts_by_month": Query(
        ("Montants par mois", "Amounts by month"),
        (
            "Par mois et nature\u00a0: annonces, et le plus grand chiffre.",
            "By month and kind: changes told, and the largest figure.",
        ),
        """
select substr(at, 1, 7) as month, kind, currency, count(*) as told,
       max(coalesce(high, low)) as largest, said(max(coalesce(high, low)),
       max(coalesce(high, low)), currency) as in_words
from latest_changes where alert and currency is not null
group by month, kind, currency order by month desc, largest desc
""",
    ),
    "confirmed_rumours": Query(
        ("Rumeurs confirmées", "Rumours that were confirmed"),
        (
            "Chaque affaire d’abord rapportée comme rumeur puis confirmée, et combien de jours.",
            "Each deal first reported as a rumour and later confirmed, and how many days it took.",
        ),
        """
select r.deal, r.payee, r.kind, min(r.at) as rumoured, min(c.at) as confirmed,
       round(julianday(min(c.at)) - julianday(min(r.at)), 1) as days
from latest_changes r join latest_changes c on c.deal = r.deal and c.change = 'confirmed'
where r.certainty = 'rumoured' and r.at <= c.at
group by r.deal, r.payee, r.kind order by confirmed desc
""",
    ),
}
