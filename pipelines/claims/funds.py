"""A state gives through its fund: "Le Qatar mise 1,5 milliard", in a text that names QIA."""

from __future__ import annotations

from collections.abc import Sequence

from pipelines.claims import lexicon
from pipelines.claims.mentions import Mention
from pipelines.claims.record import replace

_FUNDS: dict[str, list[str]] = lexicon.words("references")["states"]


def settled(found: Sequence[list[Mention]]) -> Sequence[list[Mention]]:
    """Mentions of all sentences; a state is its fund, if the text names just one."""
    states = {m.name for ms in found for m in ms if m.kind == "state" and m.name in _FUNDS}
    if not states:
        return found
    known = {m.name: m for ms in found for m in ms if m.kind == "known"}
    funds: dict[str | None, Mention] = {}
    for state in states:
        own = [known[name] for name in _FUNDS[state or ""] if name in known]
        if len(own) == 1:
            funds[state] = own[0]
    return [
        [
            replace(m, name=funds[m.name].name, role=funds[m.name].role, kind="known")
            if m.kind == "state" and m.name in funds
            else m
            for m in mentions
        ]
        for mentions in found
    ]
