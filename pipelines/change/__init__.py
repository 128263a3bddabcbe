"""From claims to changes: the ledger. Pure functions; the rules are ledger/RULES and AMENDMENTS."""

from pipelines.change.account import Account
from pipelines.change.chronology import fold
from pipelines.change.difference import post
from pipelines.change.news import Told
from pipelines.change.saved import advance, fits, load, save
from pipelines.change.step import step
from pipelines.change.withdrawal import faded, withdrawn

__all__ = [
    "Account",
    "Told",
    "advance",
    "faded",
    "fits",
    "fold",
    "load",
    "post",
    "save",
    "step",
    "withdrawn",
]
