"""The steps of reading a page, in order."""

from __future__ import annotations

from datetime import UTC, datetime

from pipelines.article.body import body_of
from pipelines.article.decoding import decode
from pipelines.article.markup import parse
from pipelines.article.metadata import head_of
from pipelines.article.people import wire
from pipelines.records import Article, Entry, Page


def read(page: Page, *, language: str = "fr") -> Article:
    """The article of `page`; its text is "" where there is none."""
    tree = parse(decode(page.body, page.headers))
    if tree is None:
        return _nothing(page)
    head = head_of(tree, page)
    body = body_of(tree, head, page.final_url)
    return Article(
        url=page.entry.url if page.entry else page.url,
        canonical_url=head.canonical_url,
        outlet=page.outlet,
        title=head.title,
        text=body.text,
        published=head.published,
        modified=head.modified,
        authors=head.authors,
        language=head.language or language,
        wire=wire(head.authors, head.byline, body.text),
        paywalled=head.paywalled if head.paywalled is not None else body.walled,
        posts=body.posts,
        dated_by=head.dated_by,
    )


def read_html(html: str | bytes, url: str | None = None) -> Article:
    """The article of a saved page, for which nothing is known but its text."""
    raw = html.encode("utf-8", "surrogatepass") if isinstance(html, str) else html
    address = url or ""
    return read(Page("", address, address, 200, (), raw, datetime.now(UTC)))


def from_entry(entry: Entry) -> Article:
    """The article as its feed shows it: title and summary."""
    return Article(
        url=entry.url,
        canonical_url=entry.url,
        outlet=entry.outlet,
        title=entry.title,
        text=entry.summary,
        published=entry.published,
        modified=entry.updated,
        basis="entry",
        dated_by="entry" if entry.published else "",
    )


def _nothing(page: Page) -> Article:
    """What is known of a page in which nothing could be read."""
    entry = page.entry
    return Article(
        url=entry.url if entry else page.url,
        canonical_url=page.final_url,
        outlet=page.outlet,
        title=entry.title if entry else "",
        text="",
        published=entry.published if entry else None,
        modified=entry.updated if entry else None,
        dated_by="entry" if entry and entry.published else "",
    )
