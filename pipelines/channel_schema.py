"""The `[[channel]]` tables of veille.toml: keys of every kind, their checks, and the Channel."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal, get_args

from pydantic import Field

from pipelines.checking import (
    PORT_MAX,
    Clock,
    HostOrAddress,
    Hours,
    LanguageCode,
    Mail,
    Name,
    Report,
    Table,
    Text,
    below,
)
from pipelines.config import (
    Apprise,
    Channel,
    ChannelKind,
    Console,
    Email,
    Language,
    Options,
    Rules,
    Secret,
    Slack,
    Webhook,
    Weekday,
    When,
)
from pipelines.problems import suggest
from pipelines.records import Kind, Label
from pipelines.secret_schema import check_secret, secret
from pipelines.toml_places import Loc

#: Ports that mail servers listen on, by kind of security (RFC 6409, RFC 8314, RFC 5321).
MAIL_PORTS = {"starttls": 587, "smtps": 465, "none": 25}
#: Longest cool-down, in minutes: a week. Whoever wants less takes the weekly digest.
COOLDOWN_MAX = 10_080
#: Highest cap: one message every three seconds, which no reader wants and Slack refuses.
CAP_MAX = 1_200

_DEFAULT = Rules()


class ChannelTable(Table):
    """Keys of every kind of channel."""

    name: Name
    kind: ChannelKind
    language: Language | None = None
    companies: list[Name] = Field(default_factory=list)
    kinds: list[Kind] = Field(default_factory=list)
    changes: list[Label] = Field(default_factory=list)
    languages: list[LanguageCode] = Field(default_factory=list)
    least_amount: Annotated[int, Field(ge=0)] = 0
    least_confidence: Annotated[float, Field(ge=0, le=1)] = 0.0
    when: When = "default"
    at_once_amount: Annotated[int, Field(ge=0)] = _DEFAULT.at_once_amount
    at: Clock = _DEFAULT.at
    weekday: Weekday = "monday"
    quiet_hours: Hours | None = None
    cap_per_hour: Annotated[int, Field(ge=0, le=CAP_MAX)] = _DEFAULT.cap_per_hour
    cooldown_minutes: Annotated[int, Field(ge=0, le=COOLDOWN_MAX)] = 0


class ConsoleTable(ChannelTable):
    pass


class EmailTable(ChannelTable):
    host: HostOrAddress
    port: Annotated[int, Field(ge=1, le=PORT_MAX)] | None = None
    security: Literal["starttls", "smtps", "none"] = "starttls"
    username: Text | None = None
    password: Text | None = None
    password_file: Text | None = None
    password_env: Text | None = None
    sender: Annotated[Mail, Field(alias="from")]
    to: Annotated[list[Mail], Field(min_length=1)]
    ca_file: Text | None = None


class SlackTable(ChannelTable):
    url: Text | None = None
    url_file: Text | None = None
    url_env: Text | None = None


class WebhookTable(SlackTable):
    secret: Text | None = None
    secret_file: Text | None = None
    secret_env: Text | None = None
    ca_file: Text | None = None


class AppriseTable(SlackTable):
    pass


TABLES: dict[str, type[ChannelTable]] = {
    "console": ConsoleTable,
    "email": EmailTable,
    "slack": SlackTable,
    "webhook": WebhookTable,
    "apprise": AppriseTable,
}


def channel(
    report: Report,
    table: dict[str, Any],
    loc: Loc,
    directory: Path,
    language: Language,
    companies: frozenset[str],
) -> Channel | None:
    """The channel; None, and its problems in the report, when it is wrong."""
    kind = table.get("kind")
    model = TABLES.get(kind) if isinstance(kind, str) else None
    if model is None:
        _no_kind(report, table, loc)
        return None
    _check_secrets(report, table, loc, str(kind))
    _check_companies(report, table, loc, companies)
    checked = report.table(model, table, loc)
    if checked is None:
        return None
    return Channel(
        name=checked.name,
        kind=checked.kind,
        options=_options(checked, directory),
        rules=_rules(checked),
        language=checked.language or language,
    )


def _no_kind(report: Report, table: dict[str, Any], loc: Loc) -> None:
    """Without its kind nothing is known of a channel's other keys: one problem is enough."""
    kinds = get_args(ChannelKind)
    if "kind" not in table:
        report.add("missing-key", loc, "`kind` is missing", f"one of {', '.join(kinds)}")
        return
    given = table["kind"]
    near = suggest(given, kinds) if isinstance(given, str) else ""
    hint = near if near.startswith("did") else ""
    report.add("not-in-list", (*loc, "kind"), f"must be one of {', '.join(kinds)}", hint)


def _check_secrets(report: Report, table: dict[str, Any], loc: Loc, kind: str) -> None:
    if kind == "email":
        check_secret(report, table, loc, "password", needed="username" in table)
        password = any(key in table for key in ("password", "password_file", "password_env"))
        if password and "username" not in table:
            report.add("missing-key", loc, "`username` is missing beside the password")
        if "username" in table and table.get("security") == "none":
            hint = 'security = "starttls" or "smtps"'
            report.add(
                "insecure", (*loc, "security"), "the password would travel in the clear", hint
            )
    elif kind in ("slack", "webhook", "apprise"):
        check_secret(report, table, loc, "url", needed=True, address=kind != "apprise")
        if kind == "webhook":
            check_secret(report, table, loc, "secret")


def _check_companies(
    report: Report, table: dict[str, Any], loc: Loc, companies: frozenset[str]
) -> None:
    """A rule for a company that no watch has would never let anything through."""
    named = table.get("companies")
    if not companies or not isinstance(named, list):
        return
    for index, name in enumerate(named):
        if isinstance(name, str) and name not in companies:
            near = suggest(name, companies)
            hint = near if near.startswith("did") else "names stand in the watch, `company.name`"
            place = (*loc, "companies", index)
            report.add("unknown-company", place, f"no watch has a company {name!r}", hint)


def _rules(table: ChannelTable) -> Rules:
    return Rules(
        companies=tuple(table.companies),
        kinds=tuple(table.kinds),
        changes=tuple(table.changes),
        languages=tuple(table.languages),
        least_amount=table.least_amount,
        least_confidence=table.least_confidence,
        when=table.when,
        at_once_amount=table.at_once_amount,
        at=table.at,
        weekday=table.weekday,
        quiet_hours=table.quiet_hours,
        cap_per_hour=table.cap_per_hour,
        cooldown_minutes=table.cooldown_minutes,
    )


def _options(table: ChannelTable, directory: Path) -> Options:
    if isinstance(table, EmailTable):
        return Email(
            host=table.host,
            port=table.port or MAIL_PORTS[table.security],
            security=table.security,
            sender=table.sender,
            to=tuple(table.to),
            username=table.username,
            password=secret(table, "password", directory),
            ca_file=below(directory, table.ca_file) if table.ca_file else None,
        )
    if isinstance(table, WebhookTable):
        return Webhook(
            url=_url(table, directory),
            secret=secret(table, "secret", directory),
            ca_file=below(directory, table.ca_file) if table.ca_file else None,
        )
    if isinstance(table, AppriseTable):
        return Apprise(_url(table, directory))
    if isinstance(table, SlackTable):
        return Slack(_url(table, directory))
    return Console()


def _url(table: SlackTable, directory: Path) -> Secret:
    # `_check_secrets` has noted a missing one already; the channel is then not used
    return secret(table, "url", directory) or Secret()
