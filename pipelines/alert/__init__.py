"""From changes to a message that a person reads: pure, no clock, no network, no database.

    policy.decide(rules, ...)      which changes of an article go out, and when
    compose(lines, context)        one article = one short message, the weightiest change first
    compose_digest(groups, ...)    several, by deal, with chronology and a picture of the amount

A change is given as the JSON line of the contract (`veille changes --json`). A message is built
once as a `Sheet`, and the sheet is rendered as text, as HTML, and by channels in their own forms.
"""

from __future__ import annotations

from pipelines.alert.composing import Context, compose, sample, subject_of
from pipelines.alert.digest import Group, compose_digest
from pipelines.alert.sheet import Sheet, sheet_from_json

__all__ = [
    "Context",
    "Group",
    "Sheet",
    "compose",
    "compose_digest",
    "sample",
    "sheet_from_json",
    "subject_of",
]
