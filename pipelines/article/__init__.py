"""From bytes as fetched to an article: `read(page)`; from a feed entry: `from_entry(entry)`.

    bytes → markup (decoded, parsed once) → head (metadata) → body (trafilatura) → lines (cleaned)

Nothing here raises on what a publisher sends: a page without an article gives an Article whose
text is "". docs/adr/0004-reading-pages.md has the figures and what was tried.
"""

from __future__ import annotations

from pipelines.article.reading import from_entry, read, read_html

__all__ = ["from_entry", "read", "read_html"]
