"""By when a rumour says that it will be settled: "d'ici fin février", "avant le 15 mars".

A term is a date that the press gives for the deal itself: its signing, its closing, its
announcement. It is read from the claim's sentence, or from the next one of the paragraph where that
names no sum and speaks of settling. What is no such date is left alone: a bare year ("d'ici 2030")
and a span of years are those of a commitment, "dans les prochaines semaines" names no day, and a
date of spending, repaying, building or selling is another matter. Of several the latest holds.

A date is reckoned from the day of publication, in UTC, so that the same page read again gives the
same one. "D'ici" and "avant" look ahead; "en mars" and "au premier trimestre" may be past: they
count only beside a word of settling, and where that month is nearer ahead than behind.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import cache, lru_cache
from typing import Final, NamedTuple, ParamSpec

from pipelines.claims.scene import Scene
from pipelines.claims.tokens import level
from pipelines.records import Claim

P = ParamSpec("P")

#: A date further ahead is the end of a span of money, not the settling of a rumour.
HORIZON: Final = timedelta(days=366)
#: Kinds of which most dates are those of the money's use: there a word of settling must stand by.
SPENT: Final = ("commitment", "debt")


def _table(lines: str) -> dict[str, int]:
    """The words of each line, with its number, from one on."""
    rows = enumerate(lines.strip().splitlines(), 1)
    return {word: number for number, line in rows for word in line.split()}


MONTHS: Final = _table("""
    janvier janv
    février fevrier févr fév
    mars
    avril avr
    mai
    juin
    juillet juil
    août aout
    septembre sept
    octobre oct
    novembre nov
    décembre decembre déc
""")
ORDINALS: Final = _table("""
    premier 1er
    deuxième second 2e 2ème
    troisième 3e 3ème
    quatrième dernier 4e 4ème
""")
WEEKDAYS: Final = _table("lundi\nmardi\nmercredi\njeudi\nvendredi\nsamedi\ndimanche")
#: As days: "huit jours" are a week, "quinze jours" two.
NUMBERS: Final = _table("un une\ndeux\ntrois\nquatre\ncinq\nsix\nsept huit") | {
    "dix": 10,
    "quinze": 14,
    "quinzaine": 14,
}
#: Feasts and seasons: the day by which they have come, as (month, day).
FEASTS: Final = {"noël": (12, 25), "noel": (12, 25), "l'été": (6, 21), "l'automne": (9, 22)}

#: The deal itself is settled.
SETTLING: Final = re.compile(
    r"\b(?:boucl|conclu|finalis|sign[eéa]|cl[ôo]tur|clore|closing|abouti|accord\b|entérin|scell"
    r"|parach|achev|formalis|pourparlers|négociation|discussion)"
)
#: Somebody decides or announces something; what, the rest of the clause says.
TELLING: Final = re.compile(r"\b(?:annonc|officialis|dévoil|tranch|décision|décid)")
#: What else a date may be of: the money's use, its return, the business of a company, a court.
OTHER: Final = re.compile(
    r"\b(?:rembours|échéance|chiffre d'affaires|revenus?\b|recettes?|ventes?\b|bénéfic|pertes?\b"
    r"|résultats?\b|comptes\b|livr|gigawatt|mégawatt|gw\b|mw\b|puces?\b|modèles?\b|produits?\b"
    r"|constru|dépens|consacr|en service|emploi|capacité|datacenter|centres? de données|trésorerie"
    r"|cotation|bourse|exercice|expire|tribuna|justice|procès|juges?\b|régulat|enquête|conférence)"
)

#: Deadlines: they say "until then".
_LEAD = r"(?P<lead>d'ici(?: à| au)?|avant|au plus tard(?: à| au| en)?|sous|dans)"
_ARTICLE = r" (?:le |la |les |l'(?=an))?"
_YEAR = r"(?: (?:de )?(?P<year>20\d\d))?"
_PART = r"(?P<part>fin|mi|début|milieu)[- ](?:de la |de l'|d[eu] |d')?"
_MONTH = rf"(?:mois d[e'] ?)?(?P<month>{'|'.join(sorted(MONTHS, key=len, reverse=True))})\b\.?"
_ORDINAL = rf"(?P<ordinal>{'|'.join(ORDINALS)}) (?P<run>trimestre|semestre)"
_DAY = rf"(?P<weekday>{'|'.join(WEEKDAYS)})"
_COUNT = rf"(?:prochaine?s )?(?P<count>\d{{1,2}}|{'|'.join(NUMBERS)})(?: prochaine?s)?"

Found = Mapping[str, str | None]


class Point(NamedTuple):
    """A way to name a point in time."""

    alone: str | None  # what stands before it where no deadline does; None: it needs one
    words: str
    last: Callable[[Found, date], date | None]  # its last day, of one published on that day


_Pattern = tuple[re.Pattern[str], re.Pattern[str] | None, Callable[[Found, date], date | None]]


def _in_month(found: Found, day: date) -> date | None:
    month, part = MONTHS[found["month"] or ""], found.get("part")

    def last(year: int) -> date:
        if number := found.get("day"):
            return date(year, month, int(number))
        if found["lead"] == "avant" and not part:
            return date(year, month, 1) - timedelta(days=1)
        middle = {"mi": 15, "milieu": 20, "début": 10}.get(part or "")
        return date(year, month, middle) if middle else _end(year, month)

    return _nearest(last, found, day)


def _in_year(found: Found, day: date) -> date | None:
    """A quarter or a half of a year."""
    months = 3 if found["run"] == "trimestre" else 6
    number = ORDINALS[found["ordinal"] or ""]
    before = found["lead"] == "avant" and not found.get("part")
    if number * months > 12 and found["ordinal"] != "dernier":
        return None
    number = min(number, 12 // months)
    return _nearest(lambda year: _end(year, (number - before) * months), found, day)


def _of_year(found: Found, day: date) -> date | None:
    year = int(found.get("year") or day.year + bool(found.get("next")))
    month = {"mi": 6, "milieu": 6, "début": 3}.get(found.get("part") or "", 12)
    return _end(year, month)


def _of_unit(found: Found, day: date) -> date | None:
    """The end of this or the next week, month or quarter."""
    ahead = bool(found.get("next"))
    match found["unit"]:
        case "semaine":
            return day + timedelta(days=6 - day.weekday() + 7 * ahead)
        case "mois":
            return _end(day.year, day.month + ahead)
        case _:
            return _end(day.year, ((day.month - 1) // 3 + 1 + ahead) * 3)


def _of_count(found: Found, day: date) -> date | None:
    count = found["count"] or ""
    number = NUMBERS.get(count) or int(count)
    match found["span"]:
        case "heures":
            return day + timedelta(days=-(-number // 24))
        case "semaines" | "semaine":
            return day + timedelta(weeks=number)
        case "mois":
            month = _end(day.year, day.month + number)
            return month.replace(day=min(month.day, day.day))
        case _:
            return day + timedelta(days=number)


def _of_week(found: Found, day: date) -> date | None:
    return day + timedelta(days=(WEEKDAYS[found["weekday"] or ""] - day.weekday() - 2) % 7 + 1)


def _of_feast(found: Found, day: date) -> date | None:
    """The nearest one: "juste avant Noël", told in January, is past."""
    return _nearest(lambda year: date(year, *FEASTS[found["feast"] or ""]), {"lead": None}, day)


_POINTS: Final = (
    Point("le ", rf"(?:{_DAY} )?(?P<day>\d{{1,2}})(?:er)? {_MONTH}{_YEAR}", _in_month),
    Point("(?:courant )?", rf"{_PART}{_MONTH}{_YEAR}", _in_month),
    Point("(?:en |courant |dans le courant du )", rf"{_MONTH}{_YEAR}", _in_month),
    Point("(?:à la |en )?", rf"{_PART}{_ORDINAL}{_YEAR}", _in_year),
    Point("(?:au |(?:dans le )?courant du )", rf"{_ORDINAL}{_YEAR}", _in_year),
    Point("(?:à la |en )?", rf"{_PART}(?:année|l'an)\b(?P<next> prochaine?)?", _of_year),
    Point(None, rf"{_PART}(?P<year>20\d\d)", _of_year),
    Point(
        "(?:à la |en )?",
        rf"{_PART}(?P<unit>semaine|mois|trimestre)(?P<next> prochaine?)?",
        _of_unit,
    ),
    Point("(?:la |le |au )", r"(?P<unit>semaine|mois|trimestre)(?P<next> prochaine?)", _of_unit),
    Point("", r"ce(?:tte)? (?P<unit>semaine|mois|trimestre)(?:-ci)?", _of_unit),
    Point(None, rf"{_COUNT} (?P<span>heures|jours|semaines?|mois)(?! d[eu'])", _of_count),
    Point(None, r"(?:une )?(?P<count>quinzaine)(?P<span>)(?: de jours)?", _of_count),
    Point(None, _DAY, _of_week),
    Point("", rf"{_DAY} prochain", _of_week),
    Point(None, rf"(?P<feast>{'|'.join(FEASTS)})", _of_feast),
)


@cache
def _patterns() -> tuple[_Pattern, ...]:
    """Each point with its deadline, alone, and its day; compiled for the first dated rumour."""
    return tuple(
        (
            re.compile(rf"(?<![\w'-]){_LEAD}{_ARTICLE}{point.words}(?![\w-])"),
            None
            if point.alone is None
            else re.compile(rf"(?<![\w'-])(?P<lead>){point.alone}{point.words}(?![\w-])"),
            point.last,
        )
        for point in _POINTS
    )


#: Right before it: a beginning, a past, the contrary, or a deadline that was read already.
_NOT = re.compile(
    r"\b(?:depuis|dès|après|jusqu'(?:à|au|en)|à partir d[eu]|à compter d[eu]|pas|guère|rien|jamais"
    r"|juste|peu|plus|de|du|entre|que|avant|d'ici(?: à| au)?)(?: la| le| l')? ?$"
)
#: What will not be by then may still be later: "ne sera pas bouclé avant mars".
_DENIED = re.compile(r"\b(?:ne |n')(?:[^ ]+ ){1,4}?(?:pas|plus|guère|jamais|rien)\b|\baucune? ")
#: Characters looked at before a date: more than any of these has.
LEAD_IN: Final = 30
#: Right after it: it was the last one.
_PAST = re.compile(r" (?:derni|passé|précédent|écoulé)")
#: Where a clause ends; a comma inside of a number does not end one.
_CLAUSE = re.compile(r"[;:()–«»]|,(?!\d)")


def dated(claim: Claim, scenes: Sequence[Scene], k: int, at: datetime | None) -> Claim:
    """The claim of sentence `k` with its term, if it is a rumour that names one."""
    if at is None or claim.certainty != "rumoured" or claim.background:
        return claim
    day = at.astimezone(UTC).date()
    last = due(_words(scenes[k]), day, spent=claim.kind in SPENT)
    if last is None and k + 1 < len(scenes) and _goes_on(scenes[k], scenes[k + 1]):
        last = due(_words(scenes[k + 1]), day, spent=True)
    return claim if last is None else replace(claim, due=last)


def _words(scene: Scene) -> str:
    return scene.reading.slice(scene.sentence.first, scene.sentence.last)


def _goes_on(scene: Scene, following: Scene) -> bool:
    return not following.sums and following.sentence.paragraph == scene.sentence.paragraph


@lru_cache(maxsize=16)  # the claims of one sentence ask one after another
def due(text: str, day: date, *, spent: bool = False) -> date | None:
    """The last day of the term that a sentence published on `day` names; None without one.

    `spent`: most of its dates are those of the money's use.
    """
    levelled = re.sub(r"\s+", " ", level(text)).lower()
    found = (last for clause in _CLAUSE.split(levelled) for last in _terms(clause, day, spent))
    return max((last for last in found if timedelta(0) <= last - day <= HORIZON), default=None)


def _terms(clause: str, day: date, spent: bool) -> Iterator[date]:
    settles = bool(SETTLING.search(clause))
    if not settles and OTHER.search(clause):
        return
    settles = settles or bool(TELLING.search(clause))
    if spent and not settles:
        return
    denied = _denied(clause)
    for deadline, alone, last in _patterns():
        for pattern in (deadline, alone) if alone and settles else (deadline,):
            for match in pattern.finditer(clause):
                before = clause[max(0, match.start() - LEAD_IN) : match.start()]
                if _NOT.search(before) or _PAST.match(clause, match.end()):
                    continue
                if match.start() in denied:
                    continue
                if match["lead"] == "dans" and not settles:
                    continue
                with_date = _safely(last, match.groupdict(), day)
                if with_date is not None:
                    yield with_date


def _denied(clause: str) -> range:
    """Where what a clause says is negated: behind the negation, up to a "mais"."""
    found = _DENIED.search(clause)
    if found is None:
        return range(0)
    but = clause.find(" mais ", found.end())
    return range(found.end(), len(clause) if but < 0 else but)


def _safely(last: Callable[P, date | None], *given: P.args, **named: P.kwargs) -> date | None:
    try:
        return last(*given, **named)
    except (ValueError, OverflowError):  # the 31st of February
        return None


def _nearest(last: Callable[[int], date], found: Found, day: date) -> date | None:
    """That day of the year named; else the next one ahead, or without a deadline the nearest."""
    if year := found.get("year"):
        return last(int(year))
    every = (_safely(last, day.year + n) for n in (-1, 0, 1))  # the 29th of February is one of four
    years = [one for one in every if one is not None]
    if found["lead"]:
        return next((one for one in years if one >= day), None)
    return min(years, key=lambda one: abs(one - day), default=None)


def _end(year: int, month: int) -> date:
    """Last day of a month; counted on beyond December, back before January."""
    year, month = year + (month - 1) // 12, (month - 1) % 12 + 1
    return date(year, month, calendar.monthrange(year, month)[1])
