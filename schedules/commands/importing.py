"""`veille import`: saved articles, one JSON object a line."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import click

from schedules import printing
from schedules.cli import DONE, PARTLY
from schedules.session import Session, shared_options, the_session

if TYPE_CHECKING:
    from pipelines.intake import Prepared
    from pipelines.records import Article

#: Endings of web archives.
WARC = (".warc", ".warc.gz")
#: Keys that every line must have; `body` or `html` comes on top.
REQUIRED = ("url", "outlet", "published", "title")


@click.command("import")
@click.argument("paths", nargs=-1, required=True)
@click.option("--claims", "given", is_flag=True, help="Take the claims that a line carries.")
@click.option("--as-live", is_flag=True, help="Queue alerts as a crawl after the first run does.")
@shared_options
@click.pass_context
def import_command(ctx: click.Context, paths: tuple[str, ...], given: bool, as_live: bool) -> int:
    """Take saved articles from PATHS: JSON Lines (- is standard input) or WARC files.

    One object a line: url, outlet, published, updated (optional), title and body or html. Lines of
    one URL with other text are versions. Of a WARC file the pages of the catalogue's hosts are
    read. Everything is posted in order of (updated or published, url); nothing is sent.
    """
    from pipelines.intake import SILENT, Route, take
    from schedules import jobs, locks

    session = the_session(ctx)
    now = session.now()
    bad: list[str] = []
    archives = tuple(path for path in paths if path.endswith(WARC))
    others = tuple(path for path in paths if path not in archives)
    lines = list(_lines(others, bad))
    prepared = [
        _prepare(line, given, session, now, bad) for line in printing.progress(lines, "reading")
    ]
    for archive in archives:
        prepared += _archived(archive, session, now, bad)
    ready = sorted((p for p in prepared if p is not None), key=_order)
    outlets = {outlet.id: outlet for outlet in session.outlets}
    channels = tuple(channel.name for channel in session.config.channels)
    route = Route(channels) if as_live else SILENT
    stored = changed = 0
    with (
        locks.writing(session.database, "import"),
        session.store(create=True, writing=True) as store,
        jobs.recorded(session, store, "import") as run,
    ):
        for found in printing.progress(ready, "posting"):
            outlet = outlets.get(found.article.outlet)
            taken = take(found, store, outlet=outlet, now=now, route=route)
            stored += taken.article is not None
            changed += sum(change.alert for change in taken.changes)
        jobs.keep_no_text(session, store)
        run.code = PARTLY if bad else DONE
        run.counts = {"articles": stored, "changes": changed, "skipped": len(bad)}
    for problem in bad:
        click.echo(problem, err=True)
    session.log(
        f"{stored} articles taken, {len(ready) - stored} known already, {changed} changes, "
        f"{len(bad)} lines skipped"
    )
    return run.code


def _order(prepared: Prepared) -> tuple[datetime, str]:
    assert prepared.article.at is not None  # intake dates what has no date
    return prepared.article.at, prepared.article.url


def _lines(paths: tuple[str, ...], bad: list[str]) -> Iterator[tuple[str, Any]]:
    """(place, JSON value) of every line that is JSON."""
    for path in paths:
        try:
            content = sys.stdin.buffer.read() if path == "-" else Path(path).read_bytes()
        except OSError as error:
            raise click.UsageError(f"{path}: {error.strerror or error}") from None
        for number, line in enumerate(content.split(b"\n"), 1):
            if not line.strip():
                continue
            place = f"{path}:{number}"
            try:
                yield place, json.loads(line)
            except (UnicodeDecodeError, json.JSONDecodeError) as error:
                bad.append(f"{place}: this line is no JSON ({error}); it was skipped")


def _archived(path: str, session: Session, now: datetime, bad: list[str]) -> Iterator[Prepared]:
    """The pages of a WARC file, read in workers that can be killed: its bytes are foreign."""
    from crawler.archive import prepare_warc
    from crawler.warc import Skipped

    if not Path(path).is_file():
        raise click.UsageError(f"{path}: there is no such file")
    for found in prepare_warc(Path(path), session.outlets, session.config, now):
        if isinstance(found, Skipped):
            bad.append(f"{found.place}: {found.reason}; it was skipped")
        else:
            yield found


def _prepare(
    line: tuple[str, Any], given: bool, session: Session, now: datetime, bad: list[str]
) -> Prepared | None:
    from pipelines.intake import prepare_article, prepare_given
    from pipelines.shapes import ShapeError, claim_from_json

    place, shape = line
    try:
        article = _article(shape, now)
        claims = shape.get("claims")
        if not given or claims is None:
            return prepare_article(article, session.config.watches, now)
        if not isinstance(claims, list):
            raise ShapeError("claims is no list")
        found = [claim_from_json(claim, article.text) for claim in claims]
        return prepare_given(article, found, now)
    except ShapeError as error:
        bad.append(f"{place}: {error}; the line was skipped")
        return None


def _article(shape: Any, now: datetime) -> Article:
    from pipelines.records import Article
    from pipelines.shapes import ShapeError, moment

    if not isinstance(shape, Mapping):
        raise ShapeError("a JSON object is expected")
    missing = [key for key in REQUIRED if not isinstance(shape.get(key), str)]
    if missing:
        raise ShapeError(f"{', '.join(missing)} is missing or no text")
    try:
        urlsplit(shape["url"])
    except ValueError as error:
        raise ShapeError(f"url is {shape['url']!r}: {error}") from None
    try:
        json.dumps(shape, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        raise ShapeError("it holds half of a surrogate pair, which is no character") from None
    published = moment(shape["published"])
    modified = moment(shape["updated"]) if shape.get("updated") else None
    if isinstance(shape.get("body"), str):
        return Article(
            url=shape["url"],
            canonical_url=shape["url"],
            outlet=shape["outlet"],
            title=shape["title"],
            text=shape["body"],
            published=published,
            modified=modified,
            paywalled=bool(shape.get("paywalled")),
            dated_by="import",
        )
    if not isinstance(shape.get("html"), str):
        raise ShapeError("body or html is missing")
    return _from_html(shape, published, modified, now)


def _from_html(
    shape: Mapping[str, Any], published: datetime, modified: datetime | None, now: datetime
) -> Article:
    """The body is read from the page; url, outlet, title and dates stay as the line has them."""
    from dataclasses import replace

    from pipelines import article
    from pipelines.records import Page

    url = shape["url"]
    page = Page(
        outlet=shape["outlet"],
        url=url,
        final_url=url,
        status=200,
        headers=(("content-type", "text/html; charset=utf-8"),),
        body=shape["html"].encode("utf-8", "surrogatepass"),
        fetched=now,
    )
    return replace(
        article.read(page),
        url=url,
        canonical_url=url,
        outlet=shape["outlet"],
        title=shape["title"],
        published=published,
        modified=modified,
        dated_by="import",
    )
