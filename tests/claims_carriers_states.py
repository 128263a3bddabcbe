"""Carriers of the lists of states and their bodies."""

from __future__ import annotations

from typing import Any

from pipelines.claims import lexicon
from tests.claims_carriers import ZORBLAX, Carriers, before, named

STATES = Carriers()


def state(text: str) -> list[str | None]:
    """Names of the states of a text."""
    return [m.name for m in named(text) if m.kind == "state"]


@STATES.of("states/seats/words")
def seat(line: str, _: Any) -> bool:
    return state(f"{line} paiera ici.") == [line]


@STATES.of("states/heads/words")
def state_head(line: str, _: Any) -> bool:
    return state(f"On aide la {line} de {ZORBLAX}.") != [] or state_named(line, None)


@STATES.of("states/heads/named")
def state_named(line: str, _: Any) -> bool:
    return state(f"On aide la {line} {ZORBLAX}.") == [ZORBLAX]


@STATES.of("states/heads/offices", "states/heads/powers")
def state_power(line: str, _: Any) -> bool:
    name = f"{line.capitalize()} danoise"
    return state(f"On aide la {name}.") == [name] and state(f"On aide une {line} danoise.") == []


@STATES.of("states/heads/capitals")
def state_capital(line: str, _: Any) -> bool:
    found = [m for m in named(f"On aide la {line.capitalize()}.") if m.kind == "state"]
    return [m.sort for m in found] == ["power"]


@STATES.of("states/heads/again")
def state_again(line: str, _: Any) -> bool:
    written = line.capitalize() if line in lexicon.words("states")["heads"]["powers"] else line
    found = [m for m in named(f"On aide le {written} ici.") if m.kind == "state"]
    return [m.sort for m in found] in (["again"], ["power"])


@STATES.of("states/heads/portfolios")
def state_portfolio(line: str, _: Any) -> bool:
    name = f"ministère {before('de', line)}"
    return state(f"On aide le {name}.") == [name]


@STATES.of("states/heads/adjectives")
def state_adjective(line: str, _: Any) -> bool:
    name = f"ministère sud-{'coréen'}" if line == "sud" else f"ministère {line}"
    return state(f"On aide le {name}.") == [name]


@STATES.of("states/deals/words")
def state_deal(line: str, _: Any) -> bool:
    return state(f"On lit le {line} de l'Estonie ici.") == ["Estonie"]
