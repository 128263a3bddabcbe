"""From claims to changes: the ledger. Pure functions; the rules are ledger/RULES and AMENDMENTS."""

from pipelines.change.chronology import fold
from pipelines.change.difference import Told, post

__all__ = ["Told", "fold", "post"]
