"""Money as the press gives it: an interval, a qualifier and a currency.

`Amount` keeps what the text says ("jusqu'à 50 milliards" is [None, 50e9], up_to); `span` says which
values it stands for when two texts are compared. Units are whole units of currency.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

Qualifier = Literal["exact", "about", "up_to", "less_than", "more_than", "between"]
QUALIFIERS: tuple[Qualifier, ...] = get_args(Qualifier)

#: Slack in which two plain figures are the same one: the press rounds to two or three digits.
SAME_FIGURE = 0.011
#: Slack of "environ", "près de".
ABOUT = 0.05
#: How far below the stated bound "jusqu'à" and "moins de" still reach: the bound is the news.
BELOW_BOUND = 0.10
#: How far above the stated bound "plus de" still reaches ("plus de 100" is 110, never 200).
ABOVE_BOUND = 0.10


@dataclass(frozen=True, slots=True)
class Amount:
    """A sum as stated. `low` or `high` is None for an open end, never both."""

    low: int | None
    high: int | None
    currency: str = "USD"  # ISO 4217
    qualifier: Qualifier = "exact"

    def __post_init__(self) -> None:
        if self.low is None and self.high is None:
            raise ValueError("an amount needs a lower or an upper bound")
        if self.low is not None and self.high is not None and self.low > self.high:
            raise ValueError(f"bounds in wrong order: {self.low} > {self.high}")

    @property
    def top(self) -> int:
        """Upper bound, or the lower one when there is no upper one."""
        return self.high if self.high is not None else self.bottom

    @property
    def bottom(self) -> int:
        """Lower bound, or the upper one when there is no lower one."""
        if self.low is not None:
            return self.low
        assert self.high is not None  # one of the two is there, see __post_init__
        return self.high

    @property
    def span(self) -> tuple[float, float]:
        """Values that the statement stands for (ledger rules, section 1)."""
        low, high = self.bottom, self.top
        match self.qualifier:
            case "exact" | "between":
                return low * (1 - SAME_FIGURE), high * (1 + SAME_FIGURE)
            case "about":
                return low * (1 - ABOUT), high * (1 + ABOUT)
            case "up_to" | "less_than":
                return high * (1 - BELOW_BOUND), high * (1 + SAME_FIGURE)
            case "more_than":
                return low * (1 - SAME_FIGURE), low * (1 + ABOVE_BOUND)


#: How a currency is written in French short style after "Md", and its name in full.
SIGNS = {"USD": "$", "EUR": "€", "GBP": "£", "JPY": "¥", "CHF": "CHF", "CAD": "$ CA", "CNY": "CN¥"}
_UNITS = ((10**9, "Md", "bn"), (10**6, "M", "m"), (10**3, "k", "k"))


def _short(value: int, currency: str, language: str) -> str:
    # babel is not imported here: `veille --help` and every claim come through this module
    scale, french, english = next((u for u in _UNITS if value >= u[0]), (1, "", ""))
    number = f"{value / scale:.2f}".rstrip("0").rstrip(".")
    sign = SIGNS.get(currency, currency)
    if language == "en":
        return f"{sign}{number}{english}" if len(sign) == 1 else f"{number}{english} {sign}"
    return f"{number.replace('.', ',')}\u00a0{french}{sign}"


#: Qualifier in words, by language; `{0}` is the lower or only figure, `{1}` the upper one.
WORDS: dict[str, dict[Qualifier, str]] = {
    "fr": {
        "exact": "{0}",
        "about": "environ {0}",
        "up_to": "jusqu’à {0}",
        "less_than": "moins de {0}",
        "more_than": "plus de {0}",
        "between": "de {0} à {1}",
    },
    "en": {
        "exact": "{0}",
        "about": "about {0}",
        "up_to": "up to {0}",
        "less_than": "less than {0}",
        "more_than": "more than {0}",
        "between": "{0} to {1}",
    },
}


def show(amount: Amount, language: str = "fr") -> str:
    """`amount` as a reader would write it: "jusqu’à 50 Md$" or "up to $50bn"."""
    low = _short(amount.bottom, amount.currency, language)
    high = _short(amount.top, amount.currency, language)
    return WORDS[language][amount.qualifier].format(low, high)
