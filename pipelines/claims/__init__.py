"""Funding claims in French press prose: who pays whom, how much, how sure, says who.

    text → tokens → sentences → mentions with spans → resolution → drafts → claims

`find` is pure: a text and a watch in, claims out. Words of the language are data in words/, names
of companies come with the watch.
"""

from __future__ import annotations

from pipelines.claims.reader import VERSION, find

__all__ = ["VERSION", "find"]
