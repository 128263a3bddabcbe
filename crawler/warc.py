"""Pages of a web archive (WARC): the answers that stood for an outlet of the catalogue.

Other hosts are skipped unread: archives such as CC-NEWS hold the press of the whole world.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO
from urllib.parse import urlsplit

from warcio.archiveiterator import ArchiveIterator  # type: ignore[import-untyped]
from warcio.exceptions import ArchiveLoadFailed  # type: ignore[import-untyped]

from crawler.links import clean, registrable_domain
from pipelines.records import Outlet, Page

#: Content types of records that articles can be in; an undeclared one may be.
_TYPES = ("html", "xhtml")


@dataclass(frozen=True, slots=True)
class Skipped:
    """A record, or the rest of a file, that could not be read."""

    place: str  # file and number of the record
    reason: str


class Hosts:
    """Which outlet a host belongs to: its own host first, then its registrable domain."""

    def __init__(self, outlets: Iterable[Outlet]) -> None:
        self._hosts: dict[str, str] = {}
        self._domains: dict[str, str] = {}
        for outlet in outlets:
            for url in (outlet.home, *(feed.url for feed in outlet.feeds)):
                self._hosts.setdefault(_bare(urlsplit(url).hostname or ""), outlet.id)
            self._domains.setdefault(registrable_domain(outlet.home), outlet.id)

    def outlet(self, url: str) -> str | None:
        """The outlet of a URL; None: the catalogue has none."""
        host = _bare(urlsplit(url).hostname or "")
        return self._hosts.get(host) or self._domains.get(registrable_domain(url))


def _bare(host: str) -> str:
    return host.lower().removeprefix("www.")


def pages(path: Path, outlets: Iterable[Outlet], max_bytes: int) -> Iterator[Page | Skipped]:
    """The article pages of a WARC file, packed or not, in its order."""
    hosts = Hosts(outlets)
    with path.open("rb") as file:
        number = 0
        try:
            for number, record in enumerate(_records(file), 1):
                found = _page(record, hosts, max_bytes, f"{path}:{number}")
                if found is not None:
                    yield found
        except (ArchiveLoadFailed, EOFError, OSError, ValueError) as error:
            yield Skipped(f"{path}:{number + 1}", f"no readable WARC from here on: {error}")


def _records(file: BinaryIO) -> Iterator[Any]:
    yield from ArchiveIterator(file, arc2warc=True)


def _page(record: Any, hosts: Hosts, max_bytes: int, place: str) -> Page | Skipped | None:
    """A record as a page; None: it is none, or of nobody whom the catalogue knows."""
    target = str(record.rec_headers.get_header("WARC-Target-URI") or "")
    if record.rec_type != "response" or not target.startswith(("http://", "https://")):
        return None
    outlet, url = hosts.outlet(target), clean(target)
    if outlet is None or url is None or record.http_headers is None:
        return None
    kind = str(record.http_headers.get_header("Content-Type") or "").lower()
    if record.http_headers.get_statuscode() != "200" or (kind and not _is_page(kind)):
        return None
    body = record.content_stream().read(max_bytes + 1)
    if len(body) > max_bytes:
        return Skipped(place, f"{target[:200]}: larger than {max_bytes} bytes")
    headers = tuple((str(name).lower(), str(value)) for name, value in record.http_headers.headers)
    return Page(outlet, url, url, 200, headers, body, _date(record), None)


def _is_page(kind: str) -> bool:
    return any(known in kind for known in _TYPES)


def _date(record: Any) -> datetime:
    """When the archive fetched it."""
    try:
        at = datetime.fromisoformat(str(record.rec_headers.get_header("WARC-Date")))
    except ValueError:
        return datetime.now(UTC)
    return at if at.tzinfo else at.replace(tzinfo=UTC)
