"""Configuration: veille.toml as one frozen value, checked whole before anything is done.

Relative paths are relative to the file. Without a file the defaults below hold: they allow
everything but a live crawl, which needs a contact.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import time
from pathlib import Path
from typing import Literal

from pipelines.problems import ConfigError, Problem
from pipelines.records import Kind, Label, Watch
from pipelines.toml_places import read

__all__ = ["Config", "ConfigError", "Problem", "load", "write_default"]

#: What ships: the watch on OpenAI and the commented file that `veille init` writes.
WATCHES = Path(__file__).parent / "watches"
SHIPPED_WATCH = WATCHES / "openai.toml"
TEMPLATE = Path(__file__).parent / "veille.toml.template"

MEBIBYTE = 1024 * 1024

Language = Literal["fr", "en"]
ChannelKind = Literal["console", "email", "slack", "webhook", "apprise"]
When = Literal["default", "immediate", "daily", "weekly"]
Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]


class SecretError(Exception):
    """A secret cannot be read. The text names the file or the variable, never the secret."""


@dataclass(frozen=True, slots=True)
class Secret:
    """A password or a secret address: where it stands, read when it is used and not before.

    Exactly one of the three is set.
    """

    inline: str | None = field(default=None, repr=False)
    file: Path | None = None
    env: str | None = None

    def reveal(self, environ: Mapping[str, str] = os.environ) -> str:
        """The secret without the line end of its file. Raises SecretError."""
        if self.inline is not None:
            return self.inline
        if self.env is not None:
            value, place = environ.get(self.env, ""), f"the variable {self.env}"
        else:
            try:
                value, place = Path(str(self.file)).read_text("utf-8").strip(), str(self.file)
            except UnicodeDecodeError as error:
                raise SecretError(f"{self.file} is not UTF-8") from error
            except OSError as error:
                raise SecretError(f"{self.file} cannot be read: {error.strerror}") from error
        if not value:
            raise SecretError(f"{place} is empty or not set")
        return value


@dataclass(frozen=True, slots=True)
class Network:
    """What the guard lets through, and how fast."""

    allow: tuple[str, ...] = ()  # networks opened besides public addresses, CIDR
    hosts: dict[str, str] = field(default_factory=dict)  # name → "host:port", asked over http
    pace_seconds: float = 5  # least gap between two requests to a host
    use_environment_proxy: bool = False


@dataclass(frozen=True, slots=True)
class CrawlLimits:
    """Where a crawl, a page and a parse stop."""

    # a cron tick every 10 minutes finds the lock free again
    deadline_seconds: int = 480
    page_timeout_seconds: int = 30
    parse_timeout_seconds: int = 10  # of processor time: a busy machine makes no page unreadable
    max_bytes: int = 5 * MEBIBYTE
    max_redirects: int = 5
    revisit_hours: tuple[int, ...] = (1, 24, 168)  # after the first reading of a page with claims
    max_revisions: int = 24  # of one article; then it is read no more


@dataclass(frozen=True, slots=True)
class Health:
    """Who hears that veille itself is well."""

    ping_url: Secret | None = None  # dead man's switch: asked at the start and end of each crawl
    channel: Channel | None = None  # of the operator, beside those of the readers
    repeat_hours: int = 24  # one trouble is not told again sooner
    crawl_minutes: int = 60  # no crawl started for so long: trouble
    outbox_minutes: int = 60  # a message waits for so long: trouble
    no_article_hours: int = 24  # feeds answer, and show nothing new for so long: trouble


@dataclass(frozen=True, slots=True)
class Schedule:
    """The timetable, and how often an outlet is asked."""

    crawl_minutes: int = 1  # between two looks at what is due; costs nothing when nothing is
    deliver_minutes: int = 1
    health_minutes: int = 10
    prune_at: time = time(3, 40)  # local
    backup_at: time = time(4, 10)
    night_hours: tuple[time, time] = (time(23), time(6))  # outlets are asked less often
    hot_minutes: int = 5  # between two checks of an outlet that carries news
    hot_hours: int = 6  # for so long after the news


@dataclass(frozen=True, slots=True)
class Backup:
    """Where `veille backup` writes when no file is named."""

    directory: Path = Path("backups")
    keep: int = 7  # the oldest beyond that are deleted


@dataclass(frozen=True, slots=True)
class SecondReader:
    """A model behind an OpenAI chat API that is asked about claims held back."""

    url: str  # base address; `/chat/completions` is put behind it
    model: str
    api_key: Secret | None = None  # sent as a bearer token; None: none is
    timeout_seconds: int = 60  # of one question, from connecting to the last byte
    max_a_day: int = 50  # questions of a local day
    every_minutes: int = 5  # between two rounds of the timetable


@dataclass(frozen=True, slots=True)
class Rules:
    """Which changes a channel gets, and when. An empty tuple lets everything through."""

    companies: tuple[str, ...] = ()  # canonical names, as payer or payee
    kinds: tuple[Kind, ...] = ()
    changes: tuple[Label, ...] = ()
    languages: tuple[str, ...] = ()  # of the articles, ISO 639-1
    least_amount: int = 0  # in units of the claim's currency
    least_confidence: float = 0.0  # 0 to 1, besides that of the watch
    when: When = "default"
    at_once_amount: int = 1_000_000_000  # when = "default": new and amount changes from here on
    at: time = time(7, 30)  # digests, local time
    weekday: Weekday = "monday"  # weekly digests
    quiet_hours: tuple[time, time] | None = None  # local time, may span midnight
    cap_per_hour: int = 12  # messages; more become one digest. 0: no cap
    cooldown_minutes: int = 0  # least gap between two messages about one deal


@dataclass(frozen=True, slots=True)
class Console:
    """Standard output."""


@dataclass(frozen=True, slots=True)
class Email:
    host: str
    port: int
    security: Literal["starttls", "smtps", "none"]
    sender: str  # the key `from`
    to: tuple[str, ...]
    username: str | None = None  # None: no login
    password: Secret | None = None
    ca_file: Path | None = None  # certificates to trust instead of the system's


@dataclass(frozen=True, slots=True)
class Slack:
    url: Secret  # the address of an incoming webhook is its password


@dataclass(frozen=True, slots=True)
class Webhook:
    url: Secret
    secret: Secret | None = None  # signs the body (HMAC); None: unsigned
    ca_file: Path | None = None


@dataclass(frozen=True, slots=True)
class Apprise:
    url: Secret


Options = Console | Email | Slack | Webhook | Apprise


@dataclass(frozen=True, slots=True)
class Channel:
    """One way out, with its rules."""

    name: str
    kind: ChannelKind
    options: Options = Console()
    rules: Rules = Rules()
    language: Language = "fr"

    def secrets(self) -> dict[str, Secret]:
        """Its secrets by key, e.g. for a check that all of them can be read."""
        names = ("password", "url", "secret")
        found = {name: getattr(self.options, name, None) for name in names}
        return {name: secret for name, secret in found.items() if isinstance(secret, Secret)}


CONSOLE = Channel("console", "console")


@dataclass(frozen=True, slots=True)
class Config:
    """Everything that a user can set."""

    path: Path | None  # None: the defaults
    directory: Path  # what relative paths are relative to
    contact: str | None  # None: no live crawl
    database: Path
    catalogue: Path | None  # None: the one that ships
    timezone: str
    retain_text_days: int
    store_authors: bool
    language: Language
    reading_room: str | None  # address under which others reach it; None: no links to it
    network: Network
    crawl: CrawlLimits
    health: Health
    schedule: Schedule
    backup: Backup
    second_reader: SecondReader | None  # None: off
    watches: tuple[Watch, ...]
    channels: tuple[Channel, ...]


def load(path: Path | None = None) -> Config:
    """The configuration; None: the defaults. Raises ConfigError with every problem of the files."""
    # pydantic takes 50 ms to load: only for those who ask
    from pipelines.config_schema import build, build_default

    return build(read(path)) if path else build_default(Path.cwd())


def write_default(path: Path) -> None:
    """The commented configuration as a new file. Raises FileExistsError rather than overwrite."""
    with path.open("x", encoding="utf-8") as file:
        file.write(TEMPLATE.read_text("utf-8"))
