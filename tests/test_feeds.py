"""What feeds, sitemaps and listings show. Golden pairs: a file beside what it must give.

One file a trap; all of them were written for these tests. A line of an `.expected` file is
`published updated url | title | summary`, times in UTC, `-` for none.
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from crawler.dates import read_date
from crawler.feeds import SUMMARY_LIMIT, plain, read_feed, shorten
from crawler.found import Found
from crawler.links import clean, key, registrable_domain, same_publisher
from crawler.relevance import concerns
from crawler.sitemaps import read_listing, read_sitemap
from pipelines.records import Company, Entry, Watch

CORPUS = Path(__file__).parent / "corpus" / "feeds"
FETCHED = datetime(2026, 3, 3, tzinfo=UTC)


def read(path: Path) -> Found:
    body, url = path.read_bytes(), f"https://fictif.example/flux/{path.name}"
    if path.suffix == ".html":
        return read_listing(body, url, "fictif")
    if path.name.startswith("sitemap"):
        return read_sitemap(body, url, "fictif", fetched=FETCHED)
    return read_feed(body, url, "fictif", fetched=FETCHED)


def written(found: Found) -> list[str]:
    def time(at: datetime | None) -> str:
        return at.strftime("%Y-%m-%dT%H:%M") if at else "-"

    lines = [f"kind {found.kind or '-'}"]
    lines += [f"problem {found.problem}"] if found.problem else []
    lines += [f"dropped {count} {reason}" for reason, count in found.dropped]
    lines += [f"further {url}" for url in found.further]
    lines += [
        f"{time(one.published)} {time(one.updated)} {one.url} | {one.title} | {one.summary}"
        for one in found.entries
    ]
    return lines


FILES = sorted(path for path in CORPUS.iterdir() if path.suffix != ".expected")


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_file_of_the_corpus_gives_what_stands_beside_it(path: Path) -> None:
    expected = path.with_name(f"{path.name}.expected").read_text("utf-8").splitlines()
    assert written(read(path)) == expected


@pytest.mark.parametrize(
    ("told", "minutes"),
    [
        ("", None),
        ("<ttl>30</ttl>", 30),
        ("<ttl>soon</ttl>", None),
        ("<ttl>99999999999</ttl>", None),
        ("<sy:updatePeriod>hourly</sy:updatePeriod>", 60),
        (
            "<sy:updatePeriod> hourly </sy:updatePeriod><sy:updateFrequency>4</sy:updateFrequency>",
            15,
        ),
        ("<ttl>5</ttl><sy:updatePeriod>daily</sy:updatePeriod>", 1440),
        ("<sy:updatePeriod>often</sy:updatePeriod>", None),
    ],
)
def test_a_feed_may_ask_for_a_gap_between_two_looks(told: str, minutes: int | None) -> None:
    feed = (
        '<rss version="2.0" xmlns:sy="http://purl.org/rss/1.0/modules/syndication/"><channel>'
        f"<title>t</title>{told}<item><title>a</title><link>https://fictif.example/a</link></item>"
        "</channel></rss>"
    )
    url = "https://fictif.example/feed"
    assert read_feed(feed.encode(), url, "fictif", fetched=FETCHED).hint_minutes == minutes


def test_an_encoding_named_by_the_server_goes_before_the_one_the_file_declares() -> None:
    body = (CORPUS / "utf8-declared-latin1.xml").read_bytes()
    said = "application/rss+xml; charset=utf-8"
    found = read_feed(body, "https://fictif.example/", "fictif", content_type=said, fetched=FETCHED)
    assert found.entries[0].title == "Déjà 3 milliards d’euros levés"


def test_a_summary_is_cut_between_words_and_never_longer_than_a_short_extract() -> None:
    cut = shorten("milliard " * 100)
    assert len(cut) <= SUMMARY_LIMIT
    assert cut.endswith("milliard…")
    assert shorten("court") == "court"


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<p>Un <b>milliard</b></p>", "Un milliard"),
        ("Bient&ocirc;t", "Bientôt"),
        ("5 < 6 et 7 > 3", "5 < 6 et 7 > 3"),
        ("<script>alert('1 Md€')</script>Rien", "Rien"),
        ("a\x00b\x1b[0m", "ab[0m"),
    ],
)
def test_text_of_an_entry_is_plain(markup: str, text: str) -> None:
    assert plain(markup) == text


@pytest.mark.parametrize(
    ("link", "cleaned"),
    [
        ("https://a.example/x?utm_source=rss", "https://a.example/x"),
        ("https://a.example/x#xtor=RSS-1", "https://a.example/x"),
        ("https://a.example/x#Echobox=17", "https://a.example/x"),
        ("https://a.example/x/amp/", "https://a.example/x/"),
        ("https://a.example/x/amp", "https://a.example/x"),
        ("https://a.example/x.amp.html", "https://a.example/x.html"),
        ("https://a.example/x?amp=1", "https://a.example/x"),
        ("https://a.example/x?outputType=amp&id=2", "https://a.example/x?id=2"),
        ("https://a.example/x;jsessionid=0A?b=1", "https://a.example/x?b=1"),
        ("https://a.example/art.php?12345", "https://a.example/art.php?12345"),
        ("https://A.example:443/X", "https://a.example/X"),
        ("HTTPS://a.example", "https://a.example/"),
        ("/deux mots", "https://base.example/deux%20mots"),
        ("//b.example/y", "https://b.example/y"),
        ("", None),
        ("#haut", None),
        ("javascript:alert(1)", None),
        ("mailto:a@b.example", None),
        ("file:///etc/passwd", None),
        ("https://user:secret@a.example/", None),
        ("https://a.example\\@b.example/", None),
        ("https://a.example/" + "x" * 5000, None),
    ],
)
def test_a_link_is_cleaned_to_the_address_of_its_article(link: str, cleaned: str | None) -> None:
    assert clean(link, "https://base.example/rubrique/") == cleaned


def test_spellings_of_one_address_share_a_key() -> None:
    assert key("http://www.a.example/x?b=1") == key("https://a.example/x?b=1")
    assert key("https://a.example/x") != key("https://a.example/y")


def test_a_publisher_is_a_registrable_domain() -> None:
    assert registrable_domain("https://abo.journal.co.uk/x") == "journal.co.uk"
    assert same_publisher("https://www.a.example/x", "https://abo.a.example/")
    assert not same_publisher("https://a.example/", "https://a.example.org/")


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2026-03-02T08:30:00+01:00", "2026-03-02T07:30:00+00:00"),
        ("2026-03-02 08:30:00+0100", "2026-03-02T07:30:00+00:00"),
        ("2026-03-02T07:30:00Z", "2026-03-02T07:30:00+00:00"),
        ("2026-07-02 08:30", "2026-07-02T06:30:00+00:00"),  # Paris, summer
        ("lundi 2 mars 2026 à 8h30", "2026-03-02T07:30:00+00:00"),
        ("1er août 2026", "2026-07-31T22:00:00+00:00"),
        ("02/03/2026 08:30", "2026-03-02T07:30:00+00:00"),
        ("Mon, 02 Mar 2026 08:30:00 GMT", "2026-03-02T08:30:00+00:00"),
        ("31/02/2026", None),
        ("hier", None),
        ("", None),
        ("9" * 10_000, None),
    ],
)
def test_a_date_is_read_as_an_instant(text: str, instant: str | None) -> None:
    found = read_date(text)
    assert (found.isoformat() if found else None) == instant


WATCH = Watch(
    "essai",
    (Company("OpenAI", "subject", aliases=("Open AI",), periphrases=("créateur de ChatGPT",)),),
    words=("Stargate",),
)


@pytest.mark.parametrize(
    ("title", "url", "wanted"),
    [
        ("OpenAI change de logo", "https://a.example/1", True),
        ("Le Créateur de ChatGPT se lance", "https://a.example/1", True),
        ("Une start-up lève 12 M€", "https://a.example/1", True),
        ("Levée de fonds record", "https://a.example/1", True),
        ("Trois milliards pour le cuivre", "https://a.example/1", True),
        ("Stargate : un chantier", "https://a.example/1", True),
        ("Notre dossier", "https://a.example/openai-en-bref", True),
        ("", "https://a.example/12345", True),  # nothing to judge by
        ("", "https://a.example/le-meilleur-aspirateur", False),
        ("Test du meilleur aspirateur", "https://a.example/1", False),
        ("OpenAIR, un festival", "https://a.example/1", False),
        ("La mise à jour est là", "https://a.example/1", False),
    ],
)
def test_a_page_is_wanted_when_its_entry_may_concern_the_watch(
    title: str, url: str, wanted: bool
) -> None:
    entry = Entry("a", url, title, "", None, None, "https://a.example/feed")
    assert concerns(entry, (WATCH,)) is wanted
