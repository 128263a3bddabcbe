"""What a message says: one article, one short message, the weightiest change first."""

from __future__ import annotations

import base64
import json
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from pipelines.alert import Context, Group, compose, compose_digest
from pipelines.alert.plain import link, link_to
from pipelines.records import Alert, Figure
from pipelines.store import Store
from tests.news import CLOSING, NOW, Move, figure, tell

PARIS = ZoneInfo("Europe/Paris")
NAMES = {"lenumerique": "Le Numérique"}


def composed(store: Store, *moves: Move, language: str = "fr", **article: object) -> Alert:
    ids = tell(store, *moves, **article)  # type: ignore[arg-type]
    lines = list(store.ledger.changes(ids=ids, silent=True))
    return compose("key-1", lines, Context("out", language, PARIS, NAMES))


def test_a_closing_is_one_message_with_the_round_first(store: Store) -> None:
    alert = composed(store, *CLOSING)
    assert (
        alert.subject
        == "Confirmé\u00a0: OpenAI, tour de table, plus de 100\u00a0Md$ → 110\u00a0Md$ (+5)"
    )
    tags = [section["tag"] for section in json.loads(alert.payload)["sheet"]["sections"]]
    assert tags == ["Confirmé"] * 5 + ["Nouveau"]
    assert len(alert.text) < 2_500


def test_a_message_says_what_changed_how_sure_who_says_it_and_when(store: Store) -> None:
    alert = composed(
        store,
        Move(
            "confirmed",
            figure(50, "completed"),
            figure((None, 50), qualifier="up_to"),
            said=(13, 2, ("The Information", "Reuters")),
        ),
    )
    assert alert.text == (
        "Confirmé\u00a0: Amazon → OpenAI, investissement, jusqu’à 50\u00a0Md$ → 50\u00a0Md$\n"
        "\n"
        "CONFIRMÉ  Amazon → OpenAI, investissement\n"
        "  jusqu’à 50\u00a0Md$ → 50\u00a0Md$\n"
        "  non confirmé, en discussion → confirmé, conclu\n"
        "  «\u00a0Amazon versera 50 milliards de dollars à OpenAI, ont annoncé les deux\n"
        "  groupes.\u00a0»\n"
        "\n"
        "OpenAI boucle son tour\n"
        "Le Numérique, d’après The Information, et 12 autres médias, 2 sources\n"
        "indépendantes, 27 févr. 2026, publié 14:00, vu 14:06\n"
        "https://lenumerique.example/openai-1#:~:text=Amazon%20versera%2050%20milliards%20de,"
        "ont%20annonc%C3%A9%20les%20deux%20groupes.\n"
        "\n"
        "Information de presse, non vérifiée.\n"
    )


def test_the_same_in_english(store: Store) -> None:
    alert = composed(
        store,
        Move("confirmed", figure(50, "completed"), figure((None, 50), qualifier="up_to")),
        language="en",
    )
    assert alert.subject == "Confirmed: Amazon → OpenAI, investment, up to $50bn → $50bn"
    assert "unconfirmed, in talks → confirmed, closed" in alert.text
    assert "27 Feb 2026, published 14:00, seen 14:06" in alert.text.replace("\n", " ")
    assert "Press report, not verified." in alert.text


def test_what_was_read_from_title_and_standfirst_alone_is_said_to_be(store: Store) -> None:
    alert = composed(store, Move(), basis="entry")
    assert "D’après le titre et le chapô" in alert.text
    assert ":~:text=" not in alert.text


def test_a_correction_begins_with_the_word(store: Store) -> None:
    (wrong,) = tell(store, Move("new", figure(500)), number=2)
    alert = composed(
        store,
        Move("confirmed", figure(110, "completed"), kind="round"),
        Move("corrected", figure(50), figure(500), corrects=wrong),
    )
    assert alert.subject.startswith("Rectificatif")
    assert alert.text.startswith("Rectificatif")


@pytest.mark.parametrize(
    ("wrong", "right", "said"),
    [
        (figure(500), figure(50), "50\u00a0Md$, et non 500\u00a0Md$"),
        (figure(50, "completed"), figure(50), "50\u00a0Md$, non confirmé, en discussion, et non"),
        (figure(500), figure(500), "500\u00a0Md$, information retirée"),
    ],
)
def test_a_correction_says_what_stands_and_what_was_wrong(
    store: Store, wrong: Figure, right: Figure, said: str
) -> None:
    (told,) = tell(store, Move("new", wrong), number=2)
    alert = composed(store, Move("corrected", right, wrong, corrects=told))
    assert said in alert.subject
    assert "→ 50" not in alert.text


def test_both_sides_of_a_contest_are_told_with_their_sources(store: Store) -> None:
    sides = ((20, "Reuters"), (30, "Bloomberg"))
    alert = composed(store, Move("contradiction", figure(20, contested=sides)))
    assert "20\u00a0Md$ (Reuters) ou 30\u00a0Md$ (Bloomberg)" in alert.text
    assert "contesté" in alert.text


def test_one_article_gives_at_most_three_quotes_and_each_once(store: Store) -> None:
    moves = [Move(payers=(f"P{n}",), quote=f"Phrase numéro {n // 2}.") for n in range(12)]
    text = composed(store, *moves).text
    assert [text.count(f"Phrase numéro {n}.") for n in range(6)] == [1, 1, 1, 0, 0, 0]


def test_a_page_seen_days_later_says_both_days(store: Store) -> None:
    alert = composed(store, Move(), published=NOW - timedelta(days=2))
    assert "publié 25 févr. 2026 14:06, vu 27 févr. 2026 14:06" in alert.text.replace("\n", " ")


def test_a_deal_is_linked_in_the_reading_room_only_where_that_has_an_address(store: Store) -> None:
    lines = list(store.ledger.changes(ids=tell(store, Move())))
    without = compose("k", lines, Context("out", "fr", PARIS))
    there = compose(
        "k", lines, Context("out", "fr", PARIS, reading_room="https://veille.example/room/")
    )
    assert "Voir l’affaire" not in without.text
    assert f"https://veille.example/room/deal/{Move().deal}" in there.text
    assert f'href="https://veille.example/room/deal/{Move().deal}"' in str(there.html)


@pytest.mark.parametrize(
    ("sentence", "directive"),
    [
        ("Courte phrase.", "Courte%20phrase."),
        ("a-b, c & d", "a%2Db%2C%20c%20%26%20d"),
        ("un deux trois quatre cinq six sept huit neuf dix onze",
         "un%20deux%20trois%20quatre%20cinq,sept%20huit%20neuf%20dix%20onze"),
        ("50\u00a0milliards", "50%C2%A0milliards"),
        (f"{'mot ' * 70}coup", "mot%20mot%20mot%20mot%20mot,mot%20mot%20mot%20mot%20mot"),
    ],
)  # fmt: skip
def test_a_link_opens_at_its_sentence(sentence: str, directive: str) -> None:
    assert link_to("https://a.example/1", sentence) == f"https://a.example/1#:~:text={directive}"
    assert link_to("https://a.example/1#haut", sentence).endswith(f"#haut:~:text={directive}")


@pytest.mark.parametrize(
    ("url", "safe"),
    [
        ("https://a.example/x?y=1&z=2", "https://a.example/x?y=1&z=2"),
        ("https://é.example/é", "https://xn--9ca.example/%C3%A9"),
        ('https://a.example/"><script>', "https://a.example/%22%3E%3Cscript%3E"),
        ("https://a.example/a|b c", "https://a.example/a%7Cb%20c"),
        ("javascript:alert(1)", ""),
        ("data:text/html,x", ""),
        ("https://a.example:x/", ""),
        ("https://[::1/", ""),
        ("https://user:word@a.example/", "https://a.example/"),
        ("https://a.exa mple/", ""),
        ("", ""),
    ],
)
def test_only_addresses_that_a_reader_may_open_become_links(url: str, safe: str) -> None:
    assert link(url) == safe


def test_a_digest_tells_each_deal_with_its_chronology_newest_first(store: Store) -> None:
    day = timedelta(days=1)
    tell(store, Move("new", figure(20)), number=2, at=NOW - 29 * day)
    tell(store, Move("amount_up", figure(50), figure(20)), number=3, at=NOW - 9 * day)
    lines = list(store.ledger.changes(ids=tell(store, *CLOSING[:2])))
    old = list(store.ledger.changes(ids=tell(store, Move(payers=("B",)), number=4, at=NOW - day)))
    groups = [
        Group((line,), tuple(store.ledger.changes(deals=[line["deal"]])), line["corroborations"])
        for line in (*old, *lines)
    ]
    digest = compose_digest("k", groups, Context("out", "fr", PARIS, NAMES), reason="daily")
    sections = json.loads(digest.payload)["sheet"]["sections"]
    assert [section["heading"] for section in sections] == [
        "Amazon → OpenAI, investissement",
        "OpenAI → AWS, engagement",
        "B → OpenAI, investissement",
    ]
    steps = [(step["date"], step["text"], step["fresh"]) for step in sections[0]["steps"]]
    assert steps == [
        ("29 janv. 2026", "Nouveau, 20\u00a0Md$", False),
        ("18 févr. 2026", "En hausse, 20\u00a0Md$ → 50\u00a0Md$", False),
        ("27 févr. 2026", "Confirmé, jusqu’à 50\u00a0Md$ → 50\u00a0Md$", True),
    ]
    picture = sections[0]["picture"]
    assert base64.b64decode(picture["png"]).startswith(b"\x89PNG\r\n\x1a\n")
    assert picture["alt"].endswith("20\u00a0Md$ (29 janv. 2026) → 50\u00a0Md$ (27 févr. 2026)")
    assert [section["picture"] for section in sections[1:]] == [None, None]


def test_a_long_digest_shows_twenty_deals_and_counts_the_others(store: Store) -> None:
    ids = [tell(store, Move(payers=(f"P{n}",)), number=n)[0] for n in range(25)]
    groups = [
        Group((line,), (line,), line["corroborations"]) for line in store.ledger.changes(ids=ids)
    ]
    digest = compose_digest("k", groups, Context("out", "fr", PARIS), reason="first-run")
    assert len(json.loads(digest.payload)["sheet"]["sections"]) == 20
    assert "5 affaires de plus" in digest.text
    assert len(json.loads(digest.payload)["changes"]) == 25
