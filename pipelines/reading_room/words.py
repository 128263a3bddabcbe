"""The words of the room in French and English. Words of the ledger are the alerts' own."""

from __future__ import annotations

from pipelines.alert.words import CERTAINTIES, KINDS, LABELS, STAGES

#: key → (French, English). `{0}` and so on are filled in by `phrase`.
WORDS: dict[str, tuple[str, str]] = {
    # frame
    "room": ("Salle de lecture", "Reading room"),
    "skip": ("Aller au contenu", "Skip to content"),
    "nav": ("Pages", "Pages"),
    "language": ("Langue", "Language"),
    "front": ("Nouvelles", "News"),
    "deals": ("Affaires", "Deals"),
    "outlets": ("Médias", "Outlets"),
    "sources": ("Sources", "Sources"),
    "search": ("Recherche", "Search"),
    "review": ("À vérifier", "To review"),
    "tables": ("Tables", "Tables"),
    "about": ("À propos", "About"),
    "feed": ("Fil Atom", "Atom feed"),
    "data_as": ("Ces données\u00a0:", "This data:"),
    "powered": ("Servi par Datasette", "Served by Datasette"),
    "unverified": (
        "Informations de presse relevées automatiquement, non vérifiées.",
        "Press reports, read automatically, not verified.",
    ),
    "colon": ("\u00a0:", ":"),
    # front page
    "what_changed": ("Ce qui a changé", "What changed"),
    "nothing": ("Rien ne correspond à ces critères.", "Nothing matches."),
    "empty": (
        "Rien encore. `veille crawl` lit la presse, `veille import` prend des articles.",
        "Nothing yet. `veille crawl` reads the press, `veille import` takes articles.",
    ),
    "n_known": ("{0} affaires déjà connues", "{0} deals known already"),
    "one_known": ("1 affaire déjà connue", "1 deal known already"),
    "filter": ("Filtrer", "Filter"),
    "apply": ("Appliquer", "Apply"),
    "reset": ("Tout montrer", "Show all"),
    "company": ("Société", "Company"),
    "kind": ("Nature", "Kind"),
    "change": ("Changement", "Change"),
    "outlet": ("Média", "Outlet"),
    "since": ("Depuis", "Since"),
    "until": ("Jusqu’au", "Until"),
    "any": ("indifférent", "any"),
    "silent": ("Aussi ce qui n’est pas annoncé", "Also what is not announced"),
    "older": ("Plus anciens", "Older"),
    "contested": ("Chiffres contradictoires", "Open contradictions"),
    "no_contest": ("Aucune contradiction ouverte.", "No open contradiction."),
    "review_count": ("{0} affirmations à vérifier", "{0} claims to review"),
    "review_one": ("1 affirmation à vérifier", "1 claim to review"),
    "review_none": ("Rien à vérifier.", "Nothing to review."),
    "health": ("État", "Health"),
    "crawled": ("Dernière collecte {0}", "Last crawl {0}"),
    "never_crawled": ("Aucune collecte", "Never crawled"),
    "outlets_well": ("{0} médias sur {1} en ordre", "{0} of {1} outlets well"),
    "waiting": ("{0} messages en attente", "{0} messages waiting"),
    "newest_seen": ("Dernier article vu {0}", "Newest article seen {0}"),
    "article": ("Article", "Article"),
    "citing": ("d’après {0}", "citing {0}"),
    "entry": ("d’après le titre et le chapô", "from title and standfirst"),
    # deal
    "believed": ("Ce que l’on croit", "Current belief"),
    "over_time": ("Le montant au fil du temps", "The amount over time"),
    "first_heard": ("Premier écho", "First heard"),
    "last_heard": ("Dernier écho", "Last heard"),
    "who_first": ("Qui l’a dit en premier", "Who was first"),
    "voices": ("Combien le disent", "Who says so"),
    "n_outlets": ("{0} médias", "{0} outlets"),
    "one_outlet": ("1 média", "1 outlet"),
    "n_independent": ("{0} voix indépendantes", "{0} independent voices"),
    "one_independent": ("1 voix indépendante", "1 independent voice"),
    "n_origins": ("{0} origines", "{0} origins"),
    "one_origin": ("1 origine", "1 origin"),
    "origins": ("Origines", "Origins"),
    "superseded": ("Chiffres dépassés", "Superseded figures"),
    "parts": ("Dont", "Of which"),
    "claims": ("Affirmations", "Claims"),
    "date": ("Date", "Date"),
    "amount": ("Montant", "Amount"),
    "status": ("Statut", "Status"),
    "outcome": ("Effet", "Outcome"),
    "quote": ("Citation", "Quote"),
    "who": ("Qui", "Who"),
    "in_text": ("Dans le texte", "In the text"),
    "no_text": ("Citation effacée", "Quote removed"),
    "omitted": ("… et {0} autres qui ne changent rien", "… and {0} more that change nothing"),
    "legend": ("Légende", "Key"),
    "echo": ("repris, sans changement", "repeated, no change"),
    "interval": ("étendue de ce qui est dit", "range of what is said"),
    "background_deal": ("Rappel d’une affaire passée", "Background on a past deal"),
    # company
    "companies": ("Sociétés", "Companies"),
    "deals_in": ("Affaires où elle reçoit ou est évaluée", "Deals that pay or value it"),
    "deals_out": ("Affaires où elle verse ou promet", "Deals in which it pays"),
    "money_in": ("Argent reçu", "Money in"),
    "money_out": ("Argent versé ou promis", "Money out"),
    "own_rounds": ("Tours, valorisations, dettes", "Rounds, valuations, debts"),
    "flows": ("Flux", "Flows"),
    "valuations": ("La valorisation au fil du temps", "The valuation over time"),
    "loops": ("Argent qui tourne en rond", "Circular flows"),
    "no_loop": ("Aucun flux circulaire connu.", "No circular flow known."),
    "jointly": ("(à {0})", "({0} jointly)"),
    "n_more": ("et {0} autres", "and {0} more"),
    "one_more": ("et 1 autre", "and 1 more"),
    "graph_of": ("Flux d’argent autour de {0}", "Money flows around {0}"),
    "none": ("Aucun.", "None."),
    # article
    "read_at": ("Lire sur le site", "Read on the site"),
    "published": ("publié {0}", "published {0}"),
    "modified": ("modifié {0}", "modified {0}"),
    "seen": ("vu {0}", "seen {0}"),
    "text": ("Texte", "Text"),
    "text_gone": (
        "Le texte n’est plus conservé\u00a0; restent les citations.",
        "The text is no longer kept; the quotes remain.",
    ),
    "text_private": (
        "Le texte n’est pas montré ici\u00a0; de courts extraits seulement.",
        "The text is not shown here; short extracts only.",
    ),
    "text_entry": (
        "Seuls le titre et le chapô ont été lus.",
        "Only title and standfirst were read.",
    ),
    "no_claims": ("Aucune affirmation dans cet article.", "No claim in this article."),
    "versions": ("Versions", "Versions"),
    "this_version": ("cette version", "this version"),
    "difference": ("Ce que cette version a changé", "What this version changed"),
    "same_words": ("Les mots sont les mêmes.", "The words are the same."),
    "difference_gone": (
        "L’un des deux textes n’est plus conservé.",
        "One of the two texts is no longer kept.",
    ),
    "copies": ("Mêmes mots ailleurs", "Same words elsewhere"),
    "first_text": ("texte le plus ancien", "earliest text"),
    "background": ("rappel", "background"),
    "held": ("en attente de vérification", "waits for review"),
    "rejected": ("rejeté à la vérification", "rejected in review"),
    "removed": ("supprimé", "removed"),
    "added": ("ajouté", "added"),
    # outlets
    "verdict": ("Santé", "Health"),
    "last_success": ("Dernier succès", "Last success"),
    "next_check": ("Prochaine visite", "Next check"),
    "articles": ("Articles", "Articles"),
    "announced": ("Changements", "Changes"),
    "firsts": ("En premier", "First"),
    "lag": ("Retard médian", "Median lag"),
    "lag_note": (
        "Retard sur le premier média à rapporter la même affaire.",
        "Lag behind the first outlet that reported the same deal.",
    ),
    "hours": ("{0} h", "{0} h"),
    "days": ("{0} j", "{0} d"),
    "baseline": ("Par rapport à son habitude", "Against its baseline"),
    "last_week": ("7 derniers jours", "Last 7 days"),
    "before_that": ("3 semaines d’avant", "3 weeks before"),
    "per_crawl": ("par visite", "per crawl"),
    "entries": ("nouvelles entrées", "new entries"),
    "pages_read": ("pages lues", "pages read"),
    "failed": ("échecs", "failures"),
    "blocked": ("refus", "blocked"),
    "issues": ("Incidents", "Issues"),
    "resources": ("Flux, plans et pages suivis", "Feeds, sitemaps and listings"),
    "problem": ("Problème", "Problem"),
    "its_news": ("Ce que ce média a changé", "What this outlet changed"),
    "never": ("jamais", "never"),
    # search
    "search_for": ("Chercher dans les titres, citations et textes", "Search titles, quotes, texts"),
    "go": ("Chercher", "Search"),
    "found": ("{0} articles", "{0} articles"),
    "found_cap": ("parmi les {0} plus récents", "among the newest {0}"),
    "in_quotes": ("Citations", "Quotes"),
    "in_articles": ("Articles", "Articles"),
    # review
    "why_held": ("Confiance", "Confidence"),
    "rule": ("Règle", "Rule"),
    "review_note": (
        "Affirmations trop incertaines pour être annoncées. Elles ne changent rien tant que "
        "personne ne les a jugées.",
        "Claims too uncertain to be told. They change nothing until somebody has judged them.",
    ),
    # sources
    "source": ("Source", "Source"),
    "rumours": ("Rumeurs", "Rumours"),
    "confirmed_share": ("Confirmées", "Confirmed"),
    "denied_share": ("Démenties", "Denied"),
    "median_days": ("Jours avant confirmation (médiane)", "Days until confirmed (median)"),
    "median_error": ("Écart du montant (médiane)", "Error of the amount (median)"),
    "sources_note": (
        "Une rumeur par source et par affaire, la première. L’écart compare son chiffre à celui "
        "qui fut confirmé.",
        "One rumour a source and deal, the first. The error compares its figure with the one "
        "that was confirmed.",
    ),
    # about
    "about_what": (
        "veille suit la presse francophone et relève qui verse combien à qui autour de ces "
        "sociétés\u00a0: {0}.",
        "veille watches the French-language press for who pays whom how much around these "
        "companies: {0}.",
    ),
    "method": ("Méthode", "Method"),
    "method_text": (
        "Chaque article est lu par des règles\u00a0; un calcul appris sur des exemples dit combien "
        "elles sont sûres. Une affirmation dit qui paie qui, combien, à quel stade, et qui "
        "l’affirme. Elle est portée au compte d’une affaire\u00a0; seul ce qui change est annoncé. "
        "Une rumeur reprise trente fois reste une seule rumeur\u00a0: reprises et copies sont "
        "comptées comme des échos, non comme des preuves.",
        "Each article is read by rules; a score learned from examples says how sure they are. A "
        "claim says who pays whom, how much, at which stage, and who says so. It is posted to the "
        "account of a deal; only what changes is told. A rumour repeated thirty times stays one "
        "rumour: repetitions and copies count as echoes, not as evidence.",
    ),
    "etiquette": ("Usages", "Etiquette"),
    "etiquette_text": (
        "Les pages sont demandées lentement, sous notre nom, selon robots.txt et les réserves de "
        "fouille de textes. Les textes sont effacés au bout de {0} jours\u00a0; restent les faits, "
        "les liens et des citations de 280 signes au plus. `veille forget` efface une adresse ou "
        "un site et n’y revient pas.",
        "Pages are asked for slowly, under our name, as robots.txt and reservations of text mining "
        "allow. Texts are removed after {0} days; facts, links and quotes of at most 280 "
        "characters stay. `veille forget` removes an address or a site and does not come back.",
    ),
    "contact": ("Contact", "Contact"),
    "no_contact": (
        "Aucun contact n’est configuré (`contact` dans veille.toml).",
        "No contact is configured (`contact` in veille.toml).",
    ),
    "forms": ("Les signes", "The signs"),
    # Datasette's pages
    "rows": ("{0} lignes", "{0} rows"),
    "one_row": ("1 ligne", "1 row"),
    "sorted_up": ("dans l’ordre de {0}", "sorted by {0}"),
    "sorted_down": ("{0} décroissant", "sorted by {0} descending"),
    "column": ("colonne", "column"),
    "comparison": ("comparaison", "comparison"),
    "value": ("valeur", "value"),
    "facets": ("Facettes proposées", "Suggested facets"),
    "facets_slow": ("Trop lent pour des facettes\u00a0: {0}", "Facets that timed out: {0}"),
    "next_page": ("Page suivante", "Next page"),
    "edit_sql": ("Voir et modifier le SQL", "View and edit SQL"),
    "sql": ("Requête SQL", "SQL query"),
    "run_sql": ("Exécuter", "Run SQL"),
    "parameters": ("Paramètres", "Parameters"),
    "columns": ("Colonnes", "Columns"),
    "definition": ("Définition", "Definition"),
    "queries": ("Requêtes prêtes", "Canned queries"),
    "views": ("Vues", "Views"),
    "hidden_tables": ("{0} tables internes", "{0} hidden tables"),
    "no_rows": ("Aucune ligne.", "No rows."),
    "links_here": ("Lignes liées", "Links from other tables"),
    "remove": ("enlever", "remove"),
    "error": ("Erreur", "Error"),
    "not_found": ("Il n’y a rien à cette adresse.", "There is nothing at this address."),
    "forbidden": (
        "Ceci n’est pas montré dans cette salle de lecture.",
        "This is not shown in this reading room.",
    ),
}

#: What is wrong with an outlet, in words.
VERDICTS: dict[str, tuple[str, str]] = {
    "ok": ("en ordre", "well"),
    "late": ("en retard", "late"),
    "blocked": ("refusé", "blocked"),
    "moved": ("déménagé", "moved"),
    "malformed": ("illisible", "malformed"),
    "dead": ("muet", "dead"),
    "drifting": ("inhabituel", "drifting"),
}

#: What an outlet is read by.
RESOURCES: dict[str, tuple[str, str]] = {
    "feed": ("flux", "feed"),
    "sitemap": ("plan du site", "sitemap"),
    "listing": ("page de liste", "listing"),
}


def phrase(language: str, key: str, *values: object) -> str:
    """A phrase of the room; a word of the ledger for `label:new`, `kind:round` and so on."""
    table, _, word = key.partition(":")
    if word:
        lists = {
            "label": LABELS,
            "kind": KINDS,
            "stage": STAGES,
            "certainty": CERTAINTIES,
        }
        if table in ("verdict", "resource"):
            own = VERDICTS if table == "verdict" else RESOURCES
            return own[word][language == "en"]
        found: str = lists[table][language][word]  # type: ignore[index]
        return found
    return WORDS[key][language == "en"].format(*values)
