"""A watch, inline in veille.toml or in a file: companies and how the press names them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

from pydantic import Field

from pipelines.checking import Name, Report, Table, twice
from pipelines.records import Company, Role, Watch
from pipelines.toml_places import Loc

Names = Annotated[list[Name], Field(default_factory=list)]


class CompanyTable(Table):
    name: Name
    role: Role
    aliases: Names
    periphrases: Names
    ambiguous: Names
    watched: bool = True


class WatchTable(Table):
    name: Name
    least_confidence: Annotated[float, Field(ge=0, le=1)] = 0.85
    words: Names
    company: Annotated[list[CompanyTable], Field(min_length=1)]


WATCH_KEYS = tuple(WatchTable.model_fields)


def build_watch(report: Report, table: dict[str, Any], loc: Loc) -> Watch | None:
    """The watch; None, and its problems in the report, when it is wrong."""
    checked = report.table(WatchTable, table, loc)
    if checked is None:
        return None
    companies = checked.company
    sound = _each_name_once(report, companies, loc)
    return _watch(checked) if sound else None


def _each_name_once(report: Report, companies: list[CompanyTable], loc: Loc) -> bool:
    """A name of two companies resolves to none of them: that is a slip, or `ambiguous`."""
    names: list[tuple[str, Loc]] = []
    periphrases: list[tuple[str, Loc]] = []
    for index, company in enumerate(companies):
        at = (*loc, "company", index)
        names.append((company.name, (*at, "name")))
        names.extend(_placed(company.aliases, (*at, "aliases"), str))
        periphrases.extend(_placed(company.periphrases, (*at, "periphrases"), str.lower))
    hint = "what several companies share stands in `ambiguous` of each of them"
    doubles = [*twice(names), *twice(periphrases)]
    for double in doubles:
        report.add("duplicate", double, "this name stands in the watch already", hint)
    return not doubles


def _placed(names: list[str], loc: Loc, fold: Callable[[str], str]) -> list[tuple[str, Loc]]:
    return [(fold(name), (*loc, index)) for index, name in enumerate(names)]


def _watch(table: WatchTable) -> Watch:
    return Watch(
        name=table.name,
        least_confidence=table.least_confidence,
        words=tuple(table.words),
        companies=tuple(
            Company(
                name=company.name,
                role=company.role,
                aliases=tuple(company.aliases),
                periphrases=tuple(company.periphrases),
                ambiguous=tuple(company.ambiguous),
                watched=company.watched,
            )
            for company in table.company
        ),
    )
