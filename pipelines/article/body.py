"""The article's own text, out of a tree: trafilatura's extraction, then our lines."""

from __future__ import annotations

from typing import Final

from trafilatura import bare_extraction
from trafilatura.settings import Document

from pipelines.article.lines import cleaned
from pipelines.article.markup import HtmlElement, restored
from pipelines.article.metadata import Head

#: Shorter than this, precise mode has thrown the article away.
LEAST: Final = 100


def extract(tree: HtmlElement, head: Head) -> str:
    """The text of the article; "" when there is none."""
    text = ""
    for precise in (True, False):
        found = _extracted(tree, precise=precise)
        text = cleaned(restored(found).split("\n"), head.title)
        if len(text) >= LEAST:
            break
    return text


def _extracted(tree: HtmlElement, *, precise: bool) -> str:
    document = bare_extraction(
        tree, fast=True, favor_precision=precise, include_comments=False, with_metadata=False
    )
    return (document.text or "") if isinstance(document, Document) else ""
