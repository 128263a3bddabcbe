"""A state gives through its fund: "Le Qatar mise 1,5 milliard", where QIA is named close by."""

from __future__ import annotations

from collections.abc import Sequence

from pipelines.claims import lexicon
from pipelines.claims.mentions import Mention
from pipelines.claims.record import replace

_FUNDS: dict[str, list[str]] = lexicon.words("references")["states"]


def settled(found: Sequence[list[Mention]]) -> Sequence[list[Mention]]:
    """Mentions of all sentences; a state is its fund, if its sentence or a neighbour names one."""
    return [[_given(m, found, k) for m in mentions] for k, mentions in enumerate(found)]


def _given(state: Mention, found: Sequence[list[Mention]], k: int) -> Mention:
    if state.kind != "state" or state.name not in _FUNDS:
        return state
    near = (m for mentions in found[max(k - 1, 0) : k + 2] for m in mentions)
    own = {m.name: m for m in near if m.kind == "known" and m.name in _FUNDS[state.name]}
    if len(own) != 1:
        return state
    (fund,) = own.values()
    return replace(state, name=fund.name, role=fund.role, kind="known")
