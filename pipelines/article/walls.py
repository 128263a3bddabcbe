"""Whether what was fetched is only the part of an article that is free to read."""

from __future__ import annotations

from typing import Any

from pipelines.article.linked import Declared
from pipelines.article.markup import HtmlElement


def paywalled(tree: HtmlElement, said: Declared) -> bool:
    """True when the page itself says that the article is not free."""
    del tree
    return _is_false(said.article.get("isAccessibleForFree")) or said.first(
        "article:content_tier", "content_tier"
    ).lower() in ("locked", "metered", "paid", "premium")


def _is_false(value: Any) -> bool:
    return value is False or (isinstance(value, str) and value.strip().lower() == "false")
