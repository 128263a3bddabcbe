"""What a room is opened with, and how its hooks find that again."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit
from weakref import WeakKeyDictionary
from zoneinfo import ZoneInfo

from pipelines.config import Config
from pipelines.reading_room.beliefs import Beliefs
from pipelines.records import QUOTE_LIMIT, Outlet

#: Name of the ledger in addresses (/veille/articles), whatever its file is called.
DATABASE = "veille"
#: Languages of the pages.
LANGUAGES = ("fr", "en")
#: Longest quote that a public room shows, in code points: enough to find the sentence.
PUBLIC_QUOTE = 90
#: Names by which a room on this machine may be asked for.
LOOPBACK = frozenset(("127.0.0.1", "localhost", "::1"))


@dataclass(frozen=True, slots=True)
class RoomSettings:
    """One open room."""

    public: bool  # others than the owner read it: no texts, short quotes, no SQL of theirs
    hosts: frozenset[str]  # names that a request may bear, lower case, without port
    zone: ZoneInfo
    language: str  # for readers whose browser asks for none of ours
    contact: str | None
    watched: tuple[str, ...]  # companies of the watches, for the page "about"
    outlets: dict[str, str]  # id → name, of the catalogue
    retain_text_days: int
    beliefs: Beliefs

    @property
    def quote_limit(self) -> int:
        return PUBLIC_QUOTE if self.public else QUOTE_LIMIT


def settings_from(
    config: Config, outlets: Iterable[Outlet], *, public: bool, names: Iterable[str] = ()
) -> RoomSettings:
    """`names`: further host names that the room answers to."""
    known = urlsplit(config.reading_room or "").hostname
    hosts = {name.lower().rstrip(".") for name in (*names, known) if name}
    return RoomSettings(
        public=public,
        hosts=LOOPBACK | hosts,
        zone=ZoneInfo(config.timezone),
        language=config.language,
        contact=config.contact,
        watched=tuple(
            company.name
            for watch in config.watches
            for company in watch.companies
            if company.role == "subject"
        ),
        outlets={outlet.id: outlet.name for outlet in outlets},
        retain_text_days=config.retain_text_days,
        beliefs=Beliefs(),
    )


_ROOMS: WeakKeyDictionary[Any, RoomSettings] = WeakKeyDictionary()


def remember(datasette: Any, settings: RoomSettings) -> None:
    _ROOMS[datasette] = settings


def settings_of(datasette: Any) -> RoomSettings | None:
    """None for an application that is no room of ours: the plugin then leaves it alone."""
    return _ROOMS.get(datasette)
