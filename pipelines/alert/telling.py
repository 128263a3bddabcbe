"""Sentences about one change: its figures, how sure it is, who says it, when."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from pipelines.alert.plain import clean, cut
from pipelines.alert.words import (
    CERTAINTIES,
    KIND_WEIGHT,
    KINDS,
    LABELS,
    STAGES,
    WEIGHT,
    phrase,
)
from pipelines.money import Amount, show
from pipelines.shapes import amount_from_json

Line = Mapping[str, Any]

#: Longest name and longest list of names in a heading: a closing has a dozen investors.
NAME_LIMIT = 60
NAMES = 4


def weight(line: Line) -> tuple[int, int, int]:
    """Sort key: the weightiest change first."""
    figure = line["after"] or line["before"]
    return (
        WEIGHT.index(line["change"]),
        KIND_WEIGHT.index(line["kind"]),
        -top(figure),
    )


def top(figure: Mapping[str, Any] | None) -> int:
    """Upper bound of a figure in units of its currency, of the highest side where contested."""
    if figure is None:
        return 0
    sides = [side["amount"] for side in figure.get("contested", ())] or [figure["amount"]]
    bounds: list[int] = [bound for side in sides for bound in side if bound is not None]
    return max(bounds, default=0)


def tag(line: Line, language: str) -> str:
    return LABELS[language][line["change"]]


def names(given: Sequence[str], language: str) -> str:
    shown = [cut(clean(name), NAME_LIMIT) for name in given[:NAMES]]
    if len(given) > NAMES:
        return f"{', '.join(shown)} {phrase(language, 'and_more', len(given) - NAMES)}"
    return ", ".join(shown)


def heading(line: Line, language: str) -> str:
    """Whose money and what for: "Amazon → OpenAI, investissement"."""
    payee, payers = names([line["payee"]], language), names(line["payers"], language)
    kind = KINDS[language][line["kind"]]
    if line["kind"] in ("round", "valuation"):
        added = f" ({payers})" if payers and line["change"] == "new_investor" else ""
        return f"{payee}, {kind}{added}"
    return f"{payers} → {payee}, {kind}" if payers else f"{payee}, {kind}"


def amount(figure: Mapping[str, Any], language: str) -> str:
    """ "50 Md$", or both sides of a contest with who says which; a valuation with its basis."""
    if not figure.get("contested"):
        shown = show(amount_from_json(figure), language)
        if not figure.get("pre_money"):
            return shown
        before = figure["pre_money"] == figure["amount"]
        return phrase(language, "pre_money" if before else "post_money", shown)
    sides = []
    for side in figure["contested"]:
        shown = show(_side(side["amount"], figure["currency"]), language)
        said = names(side.get("sources", ()), language)
        sides.append(f"{shown} ({said})" if said else shown)
    return phrase(language, "or").join(sides)


def _side(bounds: Sequence[int | None], currency: str) -> Amount:
    low, high = bounds
    if low is None:
        return Amount(None, high, currency, "up_to")
    if high is None:
        return Amount(low, None, currency, "more_than")
    return Amount(low, high, currency, "exact" if low == high else "between")


def move(line: Line, language: str) -> str:
    """Before → after, or the one figure where the amount did not move."""
    if line["change"] == "corrected" and line["before"]:
        return _correction(line, language)
    shown = [amount(figure, language) for figure in _figures(line)]
    return " → ".join(dict.fromkeys(shown))


def _correction(line: Line, language: str) -> str:
    """What stands, and what was told wrongly: no arrow, for nothing has moved."""
    wrong = amount(line["before"], language)
    right = amount(line["after"], language) if line["after"] else wrong
    if right != wrong:
        return phrase(language, "not", right, wrong)
    before, after = (status(line[key] or line["before"], language) for key in ("before", "after"))
    if before != after:
        return f"{right}, {phrase(language, 'not', after, before)}"
    return phrase(language, "withdrawn", wrong)


def _figures(line: Line) -> list[Mapping[str, Any]]:
    """What stood and what stands; a figure that is held has moved nothing."""
    after = [line["after"]] if line["after"] else []
    before = [line["before"]] if line["before"] else []
    return after if line["change"] == "held" else [*before, *after]


def status(figure: Mapping[str, Any], language: str) -> str:
    """How sure and how far: "non confirmé, en discussion"."""
    certainty = CERTAINTIES[language][figure["certainty"]]
    if figure["certainty"] == "denied":
        return certainty
    contested = [phrase(language, "contested")] if figure.get("contested") else []
    return ", ".join((certainty, STAGES[language][figure["stage"]], *contested))


def sure(line: Line, language: str) -> str:
    shown = [status(figure, language) for figure in _figures(line)]
    return " → ".join(dict.fromkeys(shown))


def said_by(line: Line, language: str) -> str:
    """Whom the text credits and who else says it; "" when there is nothing to add."""
    said = line["corroborations"]
    origins = line["sources"] or said["origins"]
    parts = [credit(names(origins, language), language)] if origins else []
    others = said["outlets"] - 1
    if others == 1:
        parts.append(phrase(language, "other"))
    elif others > 1:
        parts.append(phrase(language, "others", others))
    if said["independent"] > 1:
        parts.append(phrase(language, "independent", said["independent"]))
    return ", ".join(parts)


def credit(origins: str, language: str) -> str:
    return f"d’après {origins}" if language == "fr" else f"citing {origins}"


def counted(said: Mapping[str, Any], language: str) -> str:
    """ "30 médias, 2 origines"."""
    outlets = phrase(language, "outlet" if said["outlets"] == 1 else "outlets", said["outlets"])
    origins = len(said["origins"])
    if not origins:
        return outlets
    return f"{outlets}, {phrase(language, 'origin' if origins == 1 else 'origins', origins)}"


def moment(text: str, zone: ZoneInfo) -> datetime:
    return datetime.fromisoformat(text).astimezone(zone)


def day(at: datetime, language: str) -> str:
    """ "27 févr. 2026"."""
    from babel.dates import format_date

    return str(format_date(at, "d MMM y", locale=language))


def times(line: Line, zone: ZoneInfo, language: str) -> str:
    """How late we are: "27 févr. 2026, publié 14:00, vu 14:06"."""
    published = moment(line["published"], zone)
    if not line["seen"]:
        return f"{day(published, language)}, {phrase(language, 'published', _clock(published))}"
    seen = moment(line["seen"], zone)
    if seen.date() == published.date():
        both = phrase(language, "times", _clock(published), _clock(seen))
        return f"{day(published, language)}, {both}"
    return phrase(
        language,
        "times",
        f"{day(published, language)} {_clock(published)}",
        f"{day(seen, language)} {_clock(seen)}",
    )


def _clock(at: datetime) -> str:
    return at.strftime("%H:%M")
