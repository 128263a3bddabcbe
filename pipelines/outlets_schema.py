"""The tables of a catalogue as pydantic checks them, and the records made from them."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from pipelines.checking import LanguageCode, Name, Report, Table, Url, twice, wrong
from pipelines.records import Feed, Outlet, Policy
from pipelines.toml_places import Loc, TomlFile

#: Longest `pace_seconds`: a day. More is a slip (milliseconds), not politeness.
PACE_MAX = 86_400
#: Longest `every_minutes`: a week. Whoever wants less switches the outlet off.
EVERY_MAX = 10_080


def _identifier(value: str) -> str:
    plain = value.replace("-", "").replace("_", "").replace(".", "")
    if not (plain.isascii() and plain.isalnum() and plain == plain.lower() and value[0].isalnum()):
        hint = 'lower-case letters, digits, "-", "_" and ".", as in "le-monde"'
        raise wrong("bad-value", "is no identifier", hint)
    return value


def _country(value: str) -> str:
    country, _, region = value.partition("-")
    if not (len(country) == 2 and country.isalpha() and value.isupper() and len(region) <= 3):
        raise wrong("bad-value", "is no country", 'two capitals as in "FR", or "CA-QC"')
    return value


class FeedTable(Table):
    url: Url
    section: str = "all"
    status: str = "unverified"


class OutletTable(Table):
    id: Annotated[str, AfterValidator(_identifier)]
    name: Name
    home: Url
    policy: Policy
    enabled: bool = True
    feeds: list[FeedTable] = Field(default_factory=list)
    sitemaps: list[Url] = Field(default_factory=list)
    listing: Url | None = None
    language: LanguageCode = "fr"
    country: Annotated[str, AfterValidator(_country)] = "FR"
    tier: Annotated[int, Field(ge=1, le=3)] = 2
    group: str = ""
    licence: bool = False
    ai_reserved: bool = False
    satire: bool = False
    take: Literal["relevant", "all"] = "relevant"
    pace_seconds: Annotated[float, Field(ge=0, le=PACE_MAX)] | None = None
    every_minutes: Annotated[int, Field(ge=1, le=EVERY_MAX)] | None = None
    # what the entry rests on: for the people who keep the catalogue, not read by the program
    kind: str = ""
    paywall: str = ""
    tdm: str = ""
    robots: str = ""
    crawl_delay: str = ""
    cadence: str = ""
    group_confidence: str = ""
    confirmations: Annotated[int, Field(ge=0)] = 0
    last_live_check: str = ""
    feed_items: Annotated[int, Field(ge=0)] | None = None
    feed_notes: str = ""
    dead_feeds: list[str] = Field(default_factory=list)
    story_proof: str = ""
    notes: str = ""


class Catalogue(Table):
    outlet: Annotated[list[dict[str, object]], Field(min_length=1)]


def build(file: TomlFile) -> tuple[Outlet, ...]:
    """The outlets of the file in its order. Raises ConfigError with every problem of it."""
    report = Report(file)
    catalogue = report.table(Catalogue, file.table)
    tables = catalogue.outlet if catalogue else []
    outlets: list[Outlet] = []
    for index, table in enumerate(tables):
        checked = report.table(OutletTable, table, ("outlet", index))
        if checked:
            outlets.append(_outlet(checked))
        _check_ways_in(report, table, index)
    _check_doubles(report, tables)
    report.stop_if_wrong()
    return tuple(outlets)


def _check_ways_in(report: Report, table: dict[str, object], index: int) -> None:
    silent = table.get("enabled") is False or table.get("policy") == "off"
    if not silent and not any(table.get(key) for key in ("feeds", "sitemaps", "listing")):
        hint = (
            'feeds = [{url = "https://..."}], sitemaps = ["https://..."] or listing = "https://..."'
        )
        report.add(
            "no-way-in", ("outlet", index), "nothing says where its articles are found", hint
        )


def _check_doubles(report: Report, tables: list[dict[str, object]]) -> None:
    ids = [(table.get("id"), index) for index, table in enumerate(tables)]
    for loc in twice((key, ("outlet", at, "id")) for key, at in ids if isinstance(key, str)):
        report.add("duplicate", loc, f"another outlet has the id {tables[int(loc[1])]['id']!r}")
    feeds: list[tuple[str, Loc]] = []
    for index, table in enumerate(tables):
        entries = table.get("feeds")
        for position, feed in enumerate(entries if isinstance(entries, list) else ()):
            url = feed.get("url") if isinstance(feed, dict) else None
            if isinstance(url, str):
                feeds.append((url, ("outlet", index, "feeds", position, "url")))
    for loc in twice(feeds):
        report.add("duplicate", loc, "this feed stands in the catalogue already")


def _outlet(table: OutletTable) -> Outlet:
    return Outlet(
        id=table.id,
        name=table.name,
        home=table.home,
        policy=table.policy,
        enabled=table.enabled,
        feeds=tuple(Feed(feed.url, feed.section, feed.status) for feed in table.feeds),
        sitemaps=tuple(table.sitemaps),
        listing=table.listing,
        language=table.language,
        country=table.country,
        tier=table.tier,
        group=table.group,
        licence=table.licence,
        ai_reserved=table.ai_reserved,
        satire=table.satire,
        take=table.take,
        pace_seconds=table.pace_seconds,
        every_minutes=table.every_minutes,
    )
