"""`veille claims` and `veille read`: files in, one line a file out; no database."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from schedules import printing
from schedules.cli import DONE, PARTLY
from schedules.session import shared_options, the_session

if TYPE_CHECKING:
    from pipelines.records import Article, Claim, Watch
    from pipelines.shapes import Json

#: A name that stands for standard input.
STDIN = "-"
#: How many bytes are looked at to tell HTML from text.
SNIFF = 1024


def opened(names: tuple[str, ...], failed: list[str]) -> Iterator[tuple[str, bytes]]:
    """(stem, bytes) of every file that can be read; the others are named on standard error."""
    for name in names or (STDIN,):
        try:
            yield (
                (STDIN, sys.stdin.buffer.read())
                if name == STDIN
                else (Path(name).stem, Path(name).read_bytes())
            )
        except OSError as error:
            failed.append(name)
            click.echo(f"{name}: {error.strerror or error}", err=True)


def looks_like_html(content: bytes) -> bool:
    start = content[:SNIFF].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    return start.startswith((b"<!doctype", b"<html", b"<?xml", b"<!--", b"<head", b"<body"))


def article_of(content: bytes, url: str) -> Article:
    """The article in the bytes of a saved page."""
    from urllib.parse import urlsplit

    from pipelines import article
    from pipelines.records import Page

    page = Page(
        outlet=urlsplit(url).hostname or "",
        url=url,
        final_url=url,
        status=200,
        headers=(),
        body=content,
        fetched=datetime.now(UTC),
    )
    return article.read(page)


@click.command("claims")
@click.argument("files", nargs=-1)
@click.option("--json", "as_json", is_flag=True, help="JSON Lines, the shape of the contract.")
@click.option("--explain", is_flag=True, help="Show each sentence with what was read in it.")
@shared_options
@click.pass_context
def claims_command(ctx: click.Context, files: tuple[str, ...], as_json: bool, explain: bool) -> int:
    """Print the claims in text or HTML FILES (- is standard input), one line a file.

    A text whose first line is followed by a blank line starts with its title. Offsets are code
    points into the text given; for HTML, into the cleaned text.
    """
    from pipelines.shapes import claim_to_json

    if as_json and explain:
        raise click.UsageError("--json and --explain exclude each other")
    watches = the_session(ctx).config.watches
    failed: list[str] = []
    for stem, content in opened(files, failed):
        text, title = _text_of(content)
        found = _find(text, title, watches)
        if as_json:
            shapes: list[Json] = [claim_to_json(claim) for claim in found]
            printing.json_lines([{"id": stem, "claims": shapes}])
        elif not found:
            click.echo(f"{stem}: no claim found", err=True)
        elif explain:
            _explain(stem, text, found, watches)
        else:
            for claim in found:
                click.echo(printing.plain(f"{stem}: {_line(claim)}"))
    return PARTLY if failed else DONE


def _text_of(content: bytes) -> tuple[str, str]:
    """(text, title); a plain text keeps its title in it."""
    if looks_like_html(content):
        article = article_of(content, "")
        return article.text, article.title
    return content.decode("utf-8", errors="replace"), ""


def _find(text: str, title: str, watches: tuple[Watch, ...]) -> tuple[Claim, ...]:
    from pipelines import claims

    found: dict[Claim, None] = {}
    for watch in watches:
        found.update(dict.fromkeys(claims.find(text, watch, title=title)))
    return tuple(found)


def _line(claim: Claim) -> str:
    from pipelines.money import show

    payers = ", ".join(claim.payers) or "?"
    sources = f", says {', '.join(claim.sources)}" if claim.sources else ""
    background = " (background)" if claim.background else ""
    return (
        f"{payers} → {claim.payee}: {show(claim.amount)}, {claim.kind}, {claim.stage}, "
        f"{claim.certainty}{sources}{background}"
    )


def _explain(stem: str, text: str, found: tuple[Claim, ...], watches: tuple[Watch, ...]) -> None:
    from pipelines.claims.explain import marked

    for claim in found:
        click.echo(f"{stem}: {printing.plain(_line(claim))}")
    for watch in watches:
        click.echo(marked(text, found, watch))


@click.command("read")
@click.argument("files", nargs=-1)
@click.option("--url", default="", help="Address that the page was saved from.")
@click.option("--json", "as_json", is_flag=True, help="JSON Lines, the shape of the contract.")
@shared_options
def read_command(files: tuple[str, ...], url: str, as_json: bool) -> int:
    """Print the cleaned article of saved HTML FILES (- is standard input), one line a file."""
    from pipelines.shapes import article_to_json

    failed: list[str] = []
    for stem, content in opened(files, failed):
        article = article_of(content, url)
        if as_json:
            printing.json_lines([article_to_json(article, stem)])
        else:
            click.echo(f"{printing.plain(article.title)}\n")
            click.echo("\n".join(printing.plain(line) for line in article.text.split("\n")))
    return PARTLY if failed else DONE
