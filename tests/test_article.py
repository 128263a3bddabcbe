"""Reading a page: bytes, dates, names, and what hostile pages may not do."""

from __future__ import annotations

import pickle
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from pipelines.article import from_entry, read, read_html
from pipelines.article.dates import parse, spoken
from pipelines.article.decoding import decode
from pipelines.records import Article, Entry, Page

FETCHED = datetime(2026, 2, 27, 18, 0, tzinfo=UTC)
ADDRESS = "https://www.journal.example/2026/un-article"
TITLE = "SoftBank met 30 milliards de dollars sur la table"
TEXT = (
    "Le groupe japonais discute avec la start-up d’un investissement de 25 milliards de dollars, "
    "selon plusieurs personnes au fait des échanges, et la décision pourrait tomber bientôt."
)


def _page(body: bytes | str, *, entry: Entry | None = None, **changes: object) -> Page:
    raw = body.encode() if isinstance(body, str) else body
    page = Page("journal", ADDRESS, ADDRESS, 200, (), raw, FETCHED, entry)
    return replace(page, **changes)  # type: ignore[arg-type]


def _article(head: str = "", before: str = "", h1: str = TITLE) -> str:
    return (
        f"<html lang='fr'><head><title>{TITLE} - Journal</title>{head}</head><body><main>"
        f"<h1>{h1}</h1>{before}<p>{TEXT}</p></main></body></html>"
    )


def _linked(**fields: str) -> str:
    pairs = ", ".join(f'"{key}": "{value}"' for key, value in fields.items())
    return f'<script type="application/ld+json">{{"@type": "NewsArticle", {pairs}}}</script>'


def _entry(published: datetime | None, updated: datetime | None = None) -> Entry:
    return Entry("journal", ADDRESS, "Titre du flux", "Résumé.", published, updated, "")


# What the bytes say


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("30&nbsp;milliards", "30\u00a0milliards"),
        ("30\u00a0milliards", "30\u00a0milliards"),
        ("30&#160;milliards", "30\u00a0milliards"),
        ("30&thinsp;milliards", "30\u2009milliards"),
        ("30&#8239;milliards", "30\u202fmilliards"),
        ("30&#x202F;milliards", "30\u202fmilliards"),
        ("mil&shy;liards", "milliards"),
        ("mil&#173;liards", "milliards"),
        ("mil\u00adliards", "milliards"),
        ("mil\u200bliards", "milliards"),
        ("30&nb&shy;sp;milliards", "30\u00a0milliards"),
        ("30&eacute;milliards", "30émilliards"),
    ],
)
def test_spaces_that_keep_a_figure_together_stay_and_what_nobody_sees_goes(
    written: str, meant: str
) -> None:
    before = f"<p>Ce mardi encore, ils parlaient entre eux de {written} pour la seule année.</p>"
    assert f"de {meant} pour" in read(_page(_article(before=before))).text


@pytest.mark.parametrize(
    ("body", "headers", "text"),
    [
        ("é".encode(), (), "é"),
        ("é".encode(), (("content-type", "text/html; charset=ISO-8859-1"),), "é"),
        ("é".encode("latin-1"), (("content-type", "text/html; charset=ISO-8859-1"),), "é"),
        ("€ œ".encode("cp1252"), (("content-type", "text/html; charset=latin1"),), "€ œ"),
        ("€ œ".encode("iso8859-15"), (("content-type", "text/html; charset=iso-8859-15"),), "€ œ"),
        (b"<meta charset=windows-1251>" + "é".encode("cp1252"), (), None),
        ("é".encode("latin-1"), (("content-type", "text/html; charset=hex"),), "é"),
        ("é".encode("latin-1"), (("content-type", "text/html; charset=nonsense"),), "é"),
        (b"\xef\xbb\xbf" + "é".encode(), (), "é"),
        (b"\xff\xfe" + "é".encode("utf-16-le"), (), "é"),
        (b"a" * 5000 + "é".encode() + b"\xff", (("content-type", "a; charset=utf-8"),), None),
        (b"", (), ""),
    ],
)
def test_bytes_become_the_characters_meant(
    body: bytes, headers: tuple[tuple[str, str], ...], text: str | None
) -> None:
    assert decode(body, headers) == (text if text is not None else decode(body, headers))


def test_one_bad_byte_does_not_make_a_page_windows_1252() -> None:
    body = "Un été à Paris. ".encode() * 300 + b"\xff"
    assert decode(body, (("content-type", "text/html; charset=utf-8"),)).startswith("Un été à")


# When


@pytest.mark.parametrize(
    ("stamp", "iso"),
    [
        ("2026-02-27T14:46:00+01:00", "2026-02-27T14:46:00+01:00"),
        ("2026-02-27T13:46:00Z", "2026-02-27T13:46:00+00:00"),
        ("2026-02-27T14:46:00+0100", "2026-02-27T14:46:00+01:00"),
        ("2026-02-27 14:46:00 +01:00", "2026-02-27T14:46:00+01:00"),
        ("2026-02-27CET14:46:00+0100", "2026-02-27T14:46:00+01:00"),
        ("2026-02-27T14:46:00.123", "2026-02-27T14:46:00.123000+01:00"),
        ("2026-02-27", "2026-02-27T00:00:00+01:00"),
        ("2026-07-14T10:00", "2026-07-14T10:00:00+02:00"),
        ("Fri, 27 Feb 2026 13:46:00 GMT", "2026-02-27T13:46:00+00:00"),
        ("1772199960", "2026-02-27T13:46:00+00:00"),
        ("1772199960000", "2026-02-27T13:46:00+00:00"),
        ("27/02/2026 à 14h46", "2026-02-27T14:46:00+01:00"),
        ("2026-02-27Tmidi", "2026-02-27T00:00:00+01:00"),
        ("bientôt", None),
        ("2026-13-45", None),
        ("", None),
        ("9" * 400, None),
    ],
)
def test_a_machines_time_stamp_is_an_aware_time(stamp: str, iso: str | None) -> None:
    moment = parse(stamp)
    assert (moment.isoformat() if moment else None) == iso


@pytest.mark.parametrize(
    ("words", "iso"),
    [
        ("mercredi 28 janvier", "2026-01-28T00:00:00+01:00"),
        ("Publié le 1er février 2026 à 18h30", "2026-02-01T18:30:00+01:00"),
        ("le 3 févr. 2026, 9 h 05", "2026-02-03T09:05:00+01:00"),
        ("31 décembre", "2025-12-31T00:00:00+01:00"),
        ("12/02/2025 à 10h20", "2025-02-12T10:20:00+01:00"),
        ("12.02.25", "2025-02-12T00:00:00+01:00"),
        ("il y a deux jours", "2026-02-25T19:00:00+01:00"),
        ("il y a 3 heures", "2026-02-27T16:00:00+01:00"),
        ("hier à 18h", "2026-02-26T18:00:00+01:00"),
        ("Aujourd’hui à 8:15", "2026-02-27T08:15:00+01:00"),
        ("il y a 99999999999 jours", None),
        ("31/31/2026", None),
        ("45 mars 2026", None),
        ("rien", None),
    ],
)
def test_a_time_told_in_french_is_a_time_in_paris(words: str, iso: str | None) -> None:
    moment = spoken(words, FETCHED)
    assert (moment.isoformat() if moment else None) == iso


def test_the_feeds_date_goes_before_the_pages() -> None:
    html = _article(_linked(headline=TITLE, datePublished="2026-02-27T09:00:00+01:00"))
    fed = datetime(2026, 2, 27, 7, 58, tzinfo=UTC)
    article = read(_page(html, entry=_entry(fed)))
    assert (article.published, article.dated_by) == (fed, "entry")


def test_a_feed_date_that_moved_with_the_revision_does_not() -> None:
    html = _article(
        _linked(datePublished="2026-02-26T09:00:00+01:00", dateModified="2026-02-27T15:00:00+01:00")
    )
    article = read(_page(html, entry=_entry(datetime(2026, 2, 27, 14, 0, tzinfo=UTC))))
    assert article.dated_by == "json-ld"
    assert article.published == datetime(2026, 2, 26, 8, 0, tzinfo=UTC)
    assert article.modified == datetime(2026, 2, 27, 14, 0, tzinfo=UTC)


def test_json_ld_goes_before_meta_and_meta_before_what_is_shown() -> None:
    meta = '<meta property="article:published_time" content="2026-02-25T09:00:00+01:00">'
    shown = "<p>Publié le 24 février 2026</p>"
    linked = _linked(datePublished="2026-02-26T09:00:00+01:00")
    assert read(_page(_article(linked + meta, shown))).dated_by == "json-ld"
    assert read(_page(_article(meta, shown))).dated_by == "meta"
    assert read(_page(_article("", shown))).dated_by == "text"


def test_nothing_is_published_after_it_was_fetched() -> None:
    article = read(_page(_article(_linked(datePublished="2027-01-01T00:00:00Z"))))
    assert article.published is None or article.published <= FETCHED


def test_a_paris_time_labelled_gmt_that_lies_ahead_is_paris_time() -> None:
    ahead = (FETCHED + timedelta(minutes=50)).strftime("%Y-%m-%dT%H:%M:%SZ")
    article = read(_page(_article(_linked(datePublished=ahead))))
    assert article.published == FETCHED - timedelta(minutes=10)


def test_an_article_never_changed_has_no_modification() -> None:
    stamp = "2026-02-26T09:00:00+01:00"
    assert read(_page(_article(_linked(datePublished=stamp, dateModified=stamp)))).modified is None


# Who, and under which title


@pytest.mark.parametrize(
    ("h1", "head", "title"),
    [
        (TITLE, "", TITLE),
        ("Journal", "", TITLE),
        ("Journal", f'<meta property="og:title" content="{TITLE} | Journal">'
         '<meta property="og:site_name" content="Journal">', TITLE),
        (TITLE + "\u00a0!", f'<meta property="og:title" content="{TITLE}">', TITLE + " !"),
        ("OpenAI : <em>le</em> chèque de SoftBank est de 30 milliards",
         f'<meta property="og:title" content="{TITLE}">',
         "OpenAI : le chèque de SoftBank est de 30 milliards"),
    ],
)  # fmt: skip
def test_the_title_is_the_articles_and_not_the_sites(h1: str, head: str, title: str) -> None:
    assert read(_page(_article(head, h1=h1))).title == title


@pytest.mark.parametrize(
    ("head", "before", "authors"),
    [
        (_linked(author="Jeanne Martin"), "", ("Jeanne Martin",)),
        ('<meta name="author" content="Jeanne Martin">', "", ("Jeanne Martin",)),
        ('<meta property="article:author" content="https://reseau.example/j">', "", ()),
        ('<meta name="author" content="Journal"><meta property="og:site_name" content="Journal">',
         "<p>Par Jeanne Martin, à Tokyo</p>", ("Jeanne Martin",)),
        ("", "<p>Par Jeanne Martin et Paul de La Tour, le 3 mars</p>",
         ("Jeanne Martin et Paul de La Tour",)),
        ("", '<a rel="author" href="/j">Jeanne Martin</a>', ("Jeanne Martin",)),
        ("", '<a href="/x">Autre titre d’article <span class="author">Un Autre</span></a>', ()),
        ("", "", ()),
    ],
)  # fmt: skip
def test_people_sign_and_the_publisher_only_when_nobody_does(
    head: str, before: str, authors: tuple[str, ...]
) -> None:
    assert read(_page(_article(head, before))).authors == authors


@pytest.mark.parametrize(
    ("shown", "published", "authors"),
    [
        ("<p><span>Par</span> <a href='/j'>Jeanne Martin</a> <i>le 27/01/2026 - 14:46</i></p>",
         "2026-01-27T14:46", ("Jeanne Martin",)),
        ("<div><b class='author'>Jeanne Martin</b><time>27 janv. 2026, 14:46</time></div>",
         "2026-01-27T14:46", ("Jeanne Martin",)),
        ("<p>Publié le mardi 27 janvier 2026 à 14h46 | Mis à jour le 28/01/2026</p>",
         "2026-01-27T14:46", ()),
        ("<p>Mis à jour le 28 janvier 2026 à 9h</p><p>Publié le 27 janvier 2026</p>",
         "2026-01-27T00:00", ()),
        ("<p>PAR JEANNE MARTIN</p><p>27 JANVIER 2026</p>", "2026-01-27T00:00", ("JEANNE MARTIN",)),
        ("<p>Rédigé par Jeanne Martin le 27 janvier 2026</p>",
         "2026-01-27T00:00", ("Jeanne Martin",)),
        ("<p class='byline'>De notre correspondante à Tokyo, Jeanne Martin</p>",
         None, ("Jeanne Martin",)),
        ("<div class='date'>Mardi 27 janvier 2026</div>", "2026-01-27T00:00", ()),
        ("<figure><figcaption>Tokyo, le 3 janvier, photo Agence</figcaption></figure>", None, ()),
    ],
)  # fmt: skip
def test_what_readers_see_under_the_title_is_read(
    shown: str, published: str | None, authors: tuple[str, ...]
) -> None:
    article = read(_page(_article("", shown)))
    found = article.published.isoformat()[:16] if article.published else None
    assert (found, article.authors, article.text) == (published, authors, TEXT)


@pytest.mark.parametrize(
    ("start", "wire"),
    [
        ("TOKYO (AFP) - ", "AFP"),
        ("SAN FRANCISCO, 3 mars (Reuters) – ", "Reuters"),
        ("(Novapress) - ", "Novapress"),
        ("BRUXELLES (BELGA) - ", "Belga"),
        ("Berne, 3 mars (ATS) - ", "ATS"),
        ("(Bloomberg) -- ", "Bloomberg"),
        ("Selon Bloomberg, ", None),
        ("Le fonds (MGX) mettrait ", None),
    ],
)
def test_a_dateline_credits_its_agency(start: str, wire: str | None) -> None:
    assert read_html(_article().replace(TEXT, start + TEXT)).wire == wire


@pytest.mark.parametrize(
    ("end", "wire"),
    [
        ("(avec AFP)", "AFP"),
        ("Avec Reuters", "Reuters"),
        ("(Belga)", "Belga"),
        ("Agence Belga", "Belga"),
        ("REUTERS", "Reuters"),
        ("Keystone-ATS", "ATS"),
        ("Le patron de la start-up a parlé à l’agence Bloomberg mardi.", None),
    ],
)
def test_a_signature_credits_its_agency(end: str, wire: str | None) -> None:
    assert read_html(_article().replace(f"{TEXT}</p>", f"{TEXT}</p><p>{end}</p>")).wire == wire


@pytest.mark.parametrize(
    ("name", "wire"),
    [
        ("Jeanne Martin avec AFP", "AFP"),
        ("Le Site avec Bloomberg", "Bloomberg"),
        ("BELGA", "Belga"),
        ("Agence France-Presse", "AFP"),
        ("Jeanne Martin", None),
    ],
)
def test_a_byline_credits_its_agency(name: str, wire: str | None) -> None:
    assert read_html(_article(_linked(author=name))).wire == wire


@pytest.mark.parametrize(
    ("link", "canonical"),
    [
        ('<link rel="canonical" href="https://www.journal.example/a">', "https://www.journal.example/a"),
        ('<link rel="canonical" href="/b">', "https://www.journal.example/b"),
        ('<link rel="canonical" href="/">', ADDRESS),
        ('<link rel="canonical" href="javascript:alert(1)">', ADDRESS),
        ('<link rel="canonical" href="http://[">', ADDRESS),
        ('<meta property="og:url" content="https://www.journal.example/c">', "https://www.journal.example/c"),
        ("", ADDRESS),
    ],
)  # fmt: skip
def test_the_canonical_address_is_absolute_and_of_an_article(link: str, canonical: str) -> None:
    assert read(_page(_article(link))).canonical_url == canonical


def test_an_article_keeps_the_address_it_was_found_under() -> None:
    article = read(_page(_article(), final_url=ADDRESS + "?final"))
    assert (article.url, article.canonical_url) == (ADDRESS, ADDRESS + "?final")


# Entries, and pages without an article


def test_an_entry_is_an_article_of_title_and_summary() -> None:
    entry = _entry(FETCHED, FETCHED)
    article = from_entry(entry)
    assert (article.title, article.text, article.basis) == ("Titre du flux", "Résumé.", "entry")
    assert (article.published, article.dated_by) == (FETCHED, "entry")


def test_a_page_without_an_article_keeps_what_its_entry_said() -> None:
    article = read(_page(b"", entry=_entry(FETCHED)))
    assert (article.title, article.text, article.published) == ("Titre du flux", "", FETCHED)


_DEEP = 20_000


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b" \n",
        b"\x00",
        b"\xff\xfe",
        b"%PDF-1.7 \x00\xff\xfe",
        b"\x1f\x8b\x08\x00" + bytes(64),
        b'{"json": true}',
        b"<",
        b"<!DOCTYPE html>",
        b"<html>",
        b"<html></html>",
        b'<?xml version="1.0" encoding="utf-16"?><html><body><p>x</p></body></html>',
        b"<div>" * _DEEP + b"texte",
        b"<p>" * _DEEP,
        b"<table><tr><td>" * 3000,
        b"<a " + b" ".join(b"a%d=1" % n for n in range(2000)) + b">",
        b'<html><head><script type="application/ld+json">' + b"[" * _DEEP + b"</script></html>",
        b"<html><body>" + b"&#0;&#xD800;&#x110000;&#99999999999;" * 9,
        _article(
            '<script type="application/ld+json">{"@type": ["NewsArticle", 3], "author": [null, 3,'
            ' {"name": [1, {"name": 2}]}], "datePublished": {"x": 1}, "publisher": [], "headline":'
            ' {"@value": [1]}, "liveBlogUpdate": [1, {"articleBody": 3}], "@id": {"a": 1}}</script>'
            '<meta name="date" content="9999999999999"><link rel="canonical" href="http://[::1">'
            '<meta property="article:published_time" content="0001-01-01T00:00:00+14:00">'
        ).encode(),
    ],
    ids=lambda body: repr(body[:24]),
)
@pytest.mark.parametrize("address", [ADDRESS, "", "http://["])
def test_no_bytes_make_reading_fail(body: bytes, address: str) -> None:
    article = read(_page(body, url=address, final_url=address))
    assert isinstance(article, Article)


def test_an_article_can_be_sent_to_another_process() -> None:
    article = read(_page(_article()))
    assert pickle.loads(pickle.dumps(article)) == article


def test_reading_is_the_same_each_time() -> None:
    assert read(_page(_article())) == read(_page(_article()))
