"""What may be fetched: which URLs are asked for at all, and which addresses are ever dialled.

The check of a URL reads its spelling only; the check of an address stands in the resolver, where
every request passes whatever led to it (link, redirect, meta refresh, sitemap, robots). A name that
answers with a private address, or answers differently the second time, is thereby refused too.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from twisted.internet.address import IPv4Address, IPv6Address
from twisted.internet.interfaces import (
    IHostnameResolver,
    IHostResolution,
    IResolutionReceiver,
)
from zope.interface import implementer  # type: ignore[import-untyped]

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

#: Longest URL that is asked for, in characters: what servers and proxies are sure to take.
URL_LIMIT = 2000

#: Addresses that Python's `is_global` lets pass although no publisher answers there, or that hide
#: an IPv4 address which the machine or its network may translate back.
NEVER: tuple[ipaddress.IPv4Network | ipaddress.IPv6Network, ...] = tuple(
    ipaddress.ip_network(network)
    for network in (
        "0.0.0.0/8",  # this network: Linux dials itself
        "10.0.0.0/8",  # private
        "100.64.0.0/10",  # shared by a carrier, cloud metadata among it
        "127.0.0.0/8",  # loopback
        "169.254.0.0/16",  # link-local, cloud metadata
        "172.16.0.0/12",  # private
        "192.0.0.0/24",  # protocol assignments, 192.0.0.9 and .10 too
        "192.0.2.0/24",  # documentation
        "192.31.196.0/24",  # AS112
        "192.52.193.0/24",  # AMT
        "192.88.99.0/24",  # 6to4 relays
        "192.168.0.0/16",  # private
        "192.175.48.0/24",  # AS112
        "198.18.0.0/15",  # benchmarks
        "198.51.100.0/24",  # documentation
        "203.0.113.0/24",  # documentation
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",  # reserved, broadcast
        "::/96",  # unspecified, loopback, IPv4-compatible
        "::ffff:0:0/96",  # IPv4-mapped
        "::ffff:0:0:0/96",  # IPv4-translated
        "64:ff9b::/96",  # NAT64
        "64:ff9b:1::/48",  # NAT64 of a local network
        "100::/64",  # discard
        "100:0:0:1::/64",  # dummy prefix
        "2001::/23",  # protocol assignments: Teredo, ORCHID, benchmarks
        "2001:db8::/32",  # documentation
        "2002::/16",  # 6to4
        "2620:4f:8000::/48",  # AS112
        "3fff::/20",  # documentation
        "5f00::/16",  # segment routing
        "fc00::/7",  # unique local
        "fe80::/10",  # link-local
        "fec0::/10",  # site-local
        "ff00::/8",  # multicast
    )
)

#: The one part of IPv6 from which public addresses are given out.
GLOBAL_UNICAST = ipaddress.ip_network("2000::/3")

_CONTROL = re.compile(r"[\x00-\x20\x7f-\xa0\u2028\u2029]")


class RefusedAddressError(OSError):
    """A name that resolves to no address that may be dialled."""


def why_refused(url: str) -> str | None:
    """Why a URL is not asked for, by its spelling alone; None: it may be."""
    if len(url) > URL_LIMIT:
        return "URL too long"
    if _CONTROL.search(url):
        return "control character in the URL"
    if "\\" in url:
        return "backslash in the URL"
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return "malformed URL"
    if parts.scheme not in ("http", "https"):
        return f"scheme {parts.scheme or 'missing'}"
    if "@" in parts.netloc:
        return "user name in the URL"
    if not parts.hostname or port == 0:
        return "no host in the URL"
    return None


def is_public(address: str) -> bool:
    """Whether an address may be dialled without having been allowed by the configuration."""
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if ip.version == 6 and ip not in GLOBAL_UNICAST:
        return False
    return ip.is_global and not any(
        ip in network for network in NEVER if network.version == ip.version
    )


class Guard:
    """The rule of one crawl: public addresses, and those that the configuration opens."""

    def __init__(self, allow: Iterable[str] = (), hosts: Mapping[str, str] | None = None) -> None:
        self._allow = tuple(ipaddress.ip_network(network, strict=False) for network in allow)
        self._hosts = {
            name.lower(): _address_and_port(place) for name, place in (hosts or {}).items()
        }

    def opens(self, address: str) -> bool:
        """Whether an address may be dialled."""
        if is_public(address):
            return True
        try:
            ip = ipaddress.ip_address(address.partition("%")[0])
        except ValueError:
            return False
        return any(ip in network for network in self._allow if network.version == ip.version)

    def place(self, host: str) -> tuple[str, int] | None:
        """Address and port at which the configuration says that a host answers; None: by DNS."""
        return self._hosts.get(host.lower())


def _address_and_port(place: str) -> tuple[str, int]:
    parts = urlsplit(f"//{place}")
    if not parts.hostname:
        raise ValueError(f"no address in {place!r}")
    return parts.hostname, parts.port or 80


@implementer(IResolutionReceiver)
class _Sieve:
    """Passes on the addresses that may be dialled, and none of the others."""

    def __init__(self, receiver: Any, guard: Guard, name: str, refused: dict[str, str]) -> None:
        self._receiver = receiver
        self._guard = guard
        self._name = name
        self._refused = refused

    def resolutionBegan(self, resolution: Any) -> None:  # noqa: N802 Twisted's name
        self._receiver.resolutionBegan(resolution)

    def addressResolved(self, address: Any) -> None:  # noqa: N802
        if isinstance(address, IPv4Address | IPv6Address) and self._guard.opens(address.host):
            self._receiver.addressResolved(address)
        else:
            self._refused[self._name] = str(getattr(address, "host", address))

    def resolutionComplete(self) -> None:  # noqa: N802
        self._receiver.resolutionComplete()


@implementer(IHostResolution)
class _Placed:
    """A resolution that was over before it began: the configuration knew the address."""

    def __init__(self, name: str) -> None:
        self.name = name

    def cancel(self) -> None:
        """Nothing runs that could be cancelled."""


@implementer(IHostnameResolver)
class GuardedResolver:
    """The reactor's resolver, behind the guard. Scrapy installs it (TWISTED_DNS_RESOLVER)."""

    def __init__(self, reactor: Any, guard: Guard) -> None:
        self._reactor = reactor
        self._resolver: Any = reactor.nameResolver
        self._guard = guard
        self.refused: dict[str, str] = {}  # name → the address that was refused last

    @classmethod
    def from_crawler(cls, crawler: Crawler, reactor: Any) -> GuardedResolver:
        """As Scrapy calls it, with the settings of the whole run."""
        return cls(
            reactor,
            Guard(
                crawler.settings.getlist("VEILLE_ALLOW"), crawler.settings.getdict("VEILLE_HOSTS")
            ),
        )

    def install_on_reactor(self) -> None:
        """Take the place of the reactor's resolver, for this process."""
        self._reactor.installNameResolver(self)

    def resolveHostName(  # noqa: N802
        self,
        resolutionReceiver: Any,  # noqa: N803
        hostName: str,  # noqa: N803
        portNumber: int = 0,  # noqa: N803
        addressTypes: Sequence[type[Any]] | None = None,  # noqa: N803
        transportSemantics: str = "TCP",  # noqa: N803
    ) -> Any:
        """Resolve a name to those of its addresses that may be dialled."""
        place = self._guard.place(hostName)
        if place is not None:
            resolution = _Placed(hostName)
            resolutionReceiver.resolutionBegan(resolution)
            kind = IPv6Address if ":" in place[0] else IPv4Address
            resolutionReceiver.addressResolved(kind("TCP", place[0], portNumber))
            resolutionReceiver.resolutionComplete()
            return resolution
        return self._resolver.resolveHostName(
            _Sieve(resolutionReceiver, self._guard, hostName, self.refused),
            hostName,
            portNumber,
            addressTypes,
            transportSemantics,
        )
