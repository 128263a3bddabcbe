"""The tables of veille.toml as pydantic checks them, and the Config made from them."""

from __future__ import annotations

import math
import os
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from pydantic import AfterValidator, Field

from pipelines.channel_schema import channel
from pipelines.checking import (
    Addresses,
    Clock,
    Contact,
    Host,
    HostAndPort,
    Hours,
    Report,
    Table,
    Text,
    TickMinutes,
    Url,
    below,
    twice,
    wrong,
)
from pipelines.config import (
    CONSOLE,
    SHIPPED_WATCH,
    WATCHES,
    Backup,
    Channel,
    Config,
    CrawlLimits,
    Health,
    Language,
    Network,
    Schedule,
)
from pipelines.problems import ConfigError, Problem, suggest
from pipelines.records import Watch
from pipelines.second_reader_schema import SecondReaderTable, check_reader, second_reader
from pipelines.secret_schema import check_secret, secret
from pipelines.toml_places import Loc, TomlFile, read
from pipelines.watch_schema import WATCH_KEYS, build_watch

#: Upper bounds against slips of a unit (milliseconds for seconds); no machine needs more.
DAY_SECONDS = 86_400
TEN_YEARS_DAYS = 3_650
YEAR_HOURS = 8_760
DAY_MINUTES = 1_440
#: A backup a day for ten years.
MAX_BACKUPS = 3_650
MAX_BYTES = 256 * 1024 * 1024
#: Name of the operator's channel, where it has none.
OPERATOR = "health"
#: Bounds of what other programs would do too; browsers stop after 20 redirects.
MAX_REDIRECTS = 20
MAX_REVISIONS = 1_000


def _timezone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        near = suggest(value, available_timezones())
        hint = near if near.startswith("did") else 'as in "Europe/Paris"'
        raise wrong("unknown-timezone", f"there is no time zone {value!r}", hint) from error
    return value


#: Seconds that a crawl needs besides the pace: to start its workers and to wait for two answers.
LEAST_DEADLINE = 5
#: Gaps between robots.txt and the feed of a host: one, which is varied by up to half.
PACES_OF_A_FEED = 1.5


class NetworkTable(Table):
    allow: list[Addresses] = Field(default_factory=list)
    hosts: dict[Host, HostAndPort] = Field(default_factory=dict)
    pace_seconds: Annotated[float, Field(ge=0, le=DAY_SECONDS)] = 5
    use_environment_proxy: bool = False


Seconds = Annotated[int, Field(ge=1, le=DAY_SECONDS)]


class CrawlTable(Table):
    deadline_seconds: Seconds = 480
    page_timeout_seconds: Seconds = 30
    parse_timeout_seconds: Seconds = 10
    max_bytes: Annotated[int, Field(ge=1024, le=MAX_BYTES)] = CrawlLimits().max_bytes
    max_redirects: Annotated[int, Field(ge=0, le=MAX_REDIRECTS)] = 5
    revisit_hours: list[Annotated[int, Field(ge=1, le=YEAR_HOURS)]] = [1, 24, 168]  # noqa: RUF012
    max_revisions: Annotated[int, Field(ge=1, le=MAX_REVISIONS)] = 24


Minutes = Annotated[int, Field(ge=1, le=DAY_MINUTES)]


class HealthTable(Table):
    ping_url: Text | None = None
    ping_url_file: Text | None = None
    ping_url_env: Text | None = None
    channel: dict[str, Any] | None = None
    repeat_hours: Annotated[int, Field(ge=1, le=YEAR_HOURS)] = Health().repeat_hours
    crawl_minutes: Minutes = Health().crawl_minutes
    outbox_minutes: Minutes = Health().outbox_minutes
    no_article_hours: Annotated[int, Field(ge=1, le=YEAR_HOURS)] = Health().no_article_hours


class ScheduleTable(Table):
    crawl_minutes: TickMinutes = Schedule().crawl_minutes
    deliver_minutes: TickMinutes = Schedule().deliver_minutes
    health_minutes: TickMinutes = Schedule().health_minutes
    prune_at: Clock = Schedule().prune_at
    backup_at: Clock = Schedule().backup_at
    night_hours: Hours = Schedule().night_hours
    hot_minutes: Minutes = Schedule().hot_minutes
    hot_hours: Annotated[int, Field(ge=0, le=YEAR_HOURS)] = Schedule().hot_hours


class BackupTable(Table):
    directory: Text = str(Backup().directory)
    keep: Annotated[int, Field(ge=1, le=MAX_BACKUPS)] = Backup().keep


class Root(Table):
    contact: Contact | None = None
    database: Text = "veille.db"
    catalogue: Text | None = None
    timezone: Annotated[str, AfterValidator(_timezone)] = "Europe/Paris"
    retain_text_days: Annotated[int, Field(ge=0, le=TEN_YEARS_DAYS)] = 8
    store_authors: bool = False
    language: Language = "fr"
    reading_room: Url | None = None
    network: NetworkTable = NetworkTable()
    crawl: CrawlTable = CrawlTable()
    health: HealthTable = HealthTable()
    schedule: ScheduleTable = ScheduleTable()
    backup: BackupTable = BackupTable()
    second_reader: SecondReaderTable | None = None
    watch: list[dict[str, Any]] = Field(default_factory=list)
    channel: list[dict[str, Any]] = Field(default_factory=list)


def build_default(directory: Path) -> Config:
    """What holds without a file."""
    return _config(None, directory, Root(), (_shipped_watch(),), (CONSOLE,), None)


def build(file: TomlFile) -> Config:
    """The configuration of the file and of the watches that it names."""
    directory = file.path.absolute().parent
    report = Report(file)
    root = report.table(Root, file.table)
    elsewhere: list[Problem] = []
    watches = _watches(report, _tables(file, "watch"), directory, elsewhere)
    health = file.table.get("health")
    if isinstance(health, dict):
        check_secret(report, health, ("health",), "ping_url", address=True)
    companies = frozenset(company.name for watch in watches or () for company in watch.companies)
    language = root.language if root else "fr"
    channels = tuple(
        channel(report, table, ("channel", index), directory, language, companies)
        for index, table in enumerate(_tables(file, "channel"))
    )
    _check_names(report, file)
    check_reader(report, file.table)
    if root is not None:
        _check_deadline(report, root)
    operator = _operator(report, health, directory, language)
    problems = report.problems() + tuple(elsewhere)
    if problems or root is None or watches is None:
        raise ConfigError(problems)
    sound = tuple(found for found in channels if found)
    console = replace(CONSOLE, language=root.language)
    return _config(file.path, directory, root, watches, sound or (console,), operator)


def _operator(report: Report, health: Any, directory: Path, language: Language) -> Channel | None:
    """[health.channel]: a channel like the others, that no change of a deal is told on."""
    table = health.get("channel") if isinstance(health, dict) else None
    if not isinstance(table, dict):
        return None
    named = {"name": OPERATOR, **table}
    return channel(report, named, ("health", "channel"), directory, language, frozenset())


def _tables(file: TomlFile, key: str) -> list[dict[str, Any]]:
    """The [[key]] tables; a value of another shape is Root's to complain about."""
    tables = file.table.get(key)
    is_list = isinstance(tables, list) and all(isinstance(table, dict) for table in tables)
    return tables if is_list and isinstance(tables, list) else []


def _shipped_watch() -> Watch:
    file = read(SHIPPED_WATCH)
    report = Report(file)
    watch = build_watch(report, file.table, ())
    report.stop_if_wrong()
    if watch is None:
        raise AssertionError("a watch without problems is a watch")
    return watch


def _watches(
    report: Report, tables: list[dict[str, Any]], directory: Path, elsewhere: list[Problem]
) -> tuple[Watch, ...] | None:
    """None when one of them is wrong; problems of watch files go to `elsewhere`."""
    if not tables:
        return (_shipped_watch(),)
    watches: list[Watch | None] = []
    for index, table in enumerate(tables):
        loc = ("watch", index)
        if "file" in table:
            watches.append(_watch_file(report, table, index, directory, elsewhere))
        else:
            watches.append(build_watch(report, table, loc))
    sound = [watch for watch in watches if watch]
    names: list[tuple[str, Loc]] = [
        # a watch of a file has its name there: the line of the table says which one
        (watch.name, ("watch", at, "file" if "file" in tables[at] else "name"))
        for at, watch in enumerate(watches)
        if watch
    ]
    for loc_again in twice(names):
        report.add("duplicate", loc_again, "another watch has this name")
    return tuple(sound) if len(sound) == len(watches) else None


def _watch_file(
    report: Report,
    table: dict[str, Any],
    index: int,
    directory: Path,
    elsewhere: list[Problem],
) -> Watch | None:
    loc = ("watch", index, "file")
    name = table["file"]
    for key in (key for key in table if key != "file"):
        known = key in WATCH_KEYS
        hint = "write it into that file" if known else suggest(key, ("file", *WATCH_KEYS))
        message = f"`{key}` beside `file`" if known else f"unknown key `{key}`"
        report.add("unknown-key", ("watch", index, key), message, hint)
    if not isinstance(name, str) or not name.isprintable() or not name:
        report.add("wrong-type", loc, "must be a text in quotes: the path of a watch")
        return None
    path = below(directory, name)
    if not os.path.exists(path) and os.path.exists(WATCHES.parent / name):
        path = WATCHES.parent / name  # the one that ships, by its name
    try:
        file = read(path)
    except ConfigError as error:
        for problem in error.problems:
            if problem.code == "file-missing":
                hint = f"looked for {path}; the one that ships is watches/{SHIPPED_WATCH.name}"
                report.add("file-missing", loc, "there is no such watch", hint)
            else:
                elsewhere.append(problem)
        return None
    inner = Report(file)
    watch = build_watch(inner, file.table, ())
    elsewhere.extend(inner.problems())
    return watch


def _check_deadline(report: Report, root: Root) -> None:
    """A crawl that has no time to ask anybody would end well, again and again."""
    pace = root.network.pace_seconds
    least = math.ceil(LEAST_DEADLINE + PACES_OF_A_FEED * pace)
    if root.crawl.deadline_seconds < least:
        report.add(
            "out-of-range",
            ("crawl", "deadline_seconds"),
            f"must be at least {least} with pace_seconds = {pace:g}",
            "robots.txt and one feed of a host take so long",
        )


def _check_names(report: Report, file: TomlFile) -> None:
    names = [
        (table["name"], ("channel", index, "name"))
        for index, table in enumerate(_tables(file, "channel"))
        if isinstance(table.get("name"), str)
    ]
    for loc in twice(names):
        report.add("duplicate", loc, "another channel has this name")


def _config(
    path: Path | None,
    directory: Path,
    root: Root,
    watches: tuple[Watch, ...],
    channels: tuple[Channel, ...],
    operator: Channel | None,
) -> Config:
    network, crawl = root.network, root.crawl
    health, schedule = root.health, root.schedule
    return Config(
        path=path,
        directory=directory,
        contact=root.contact,
        database=below(directory, root.database),
        catalogue=below(directory, root.catalogue) if root.catalogue else None,
        timezone=root.timezone,
        retain_text_days=root.retain_text_days,
        store_authors=root.store_authors,
        language=root.language,
        reading_room=root.reading_room,
        network=Network(
            allow=tuple(network.allow),
            hosts=dict(network.hosts),
            pace_seconds=network.pace_seconds,
            use_environment_proxy=network.use_environment_proxy,
        ),
        crawl=CrawlLimits(
            deadline_seconds=crawl.deadline_seconds,
            page_timeout_seconds=crawl.page_timeout_seconds,
            parse_timeout_seconds=crawl.parse_timeout_seconds,
            max_bytes=crawl.max_bytes,
            max_redirects=crawl.max_redirects,
            revisit_hours=tuple(crawl.revisit_hours),
            max_revisions=crawl.max_revisions,
        ),
        health=Health(
            ping_url=secret(health, "ping_url", directory),
            channel=operator,
            repeat_hours=health.repeat_hours,
            crawl_minutes=health.crawl_minutes,
            outbox_minutes=health.outbox_minutes,
            no_article_hours=health.no_article_hours,
        ),
        schedule=Schedule(
            crawl_minutes=schedule.crawl_minutes,
            deliver_minutes=schedule.deliver_minutes,
            health_minutes=schedule.health_minutes,
            prune_at=schedule.prune_at,
            backup_at=schedule.backup_at,
            night_hours=schedule.night_hours,
            hot_minutes=schedule.hot_minutes,
            hot_hours=schedule.hot_hours,
        ),
        backup=Backup(below(directory, root.backup.directory), root.backup.keep),
        second_reader=second_reader(root.second_reader, directory),
        watches=watches,
        channels=channels,
    )
