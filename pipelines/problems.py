"""What is wrong with a file of the user's: a stable code, a place, a sentence and a hint each.

All problems of a file come at once in one ConfigError; nobody likes to mend a file line by line.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches

#: How alike (0 to 1) a word must be to be offered as "did you mean"; difflib's own default offers
#: too little for short keys ("nom" for "name").
ALIKE = 0.5


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to mend."""

    code: str  # "unknown-key": stable, for scripts and for docs/configuration.md
    place: str  # "veille.toml:12 (channel[1].kind)", as exactly as it is known
    message: str  # without secrets
    hint: str = ""  # what to do; "" when the message says it all

    def __str__(self) -> str:
        hint = f"\n    {self.hint}" if self.hint else ""
        return f"{self.place}: {self.message} [{self.code}]{hint}"


class ConfigError(Exception):
    """The configuration or the catalogue cannot be used; nothing was done."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = problems


def suggest(word: str, known: Iterable[str]) -> str:
    """ "did you mean `contact`?", or all that is known where nothing comes near."""
    by_lower_case = {name.lower(): name for name in known}
    near = get_close_matches(word.lower(), by_lower_case, n=1, cutoff=ALIKE)
    if near:
        return f"did you mean `{by_lower_case[near[0]]}`?"
    return "known: " + ", ".join(sorted(by_lower_case.values()))
