"""Lines of an extracted article that are the site's and not the author's."""

from __future__ import annotations

from collections.abc import Iterable


def cleaned(lines: Iterable[str], title: str) -> str:
    """The lines that belong to the article, parted by blank lines."""
    kept = [line.strip() for line in lines if line.strip()]
    if kept and kept[0].casefold() == title.casefold():
        kept = kept[1:]
    return "\n\n".join(kept)
