"""Whether what was fetched is only the part of an article that is free to read."""

from __future__ import annotations

from typing import Any, Final

from pipelines.article.linked import Declared

_TIERS: Final = {"locked": True, "paid": True, "premium": True, "free": False}


def paywalled(said: Declared) -> bool | None:
    """Whether the page says that it is not free; None when it does not say."""
    free = _truth(said.article.get("isAccessibleForFree"))
    if free is not None:
        return not free
    return _TIERS.get(said.first("article:content_tier", "content_tier").lower())


def _truth(value: Any) -> bool | None:
    if isinstance(value, bool):
        return value
    return {"true": True, "false": False}.get(str(value).strip().lower())
