"""Addresses that `veille forget` was given, and which URLs they mean."""

from __future__ import annotations

from urllib.parse import urlsplit


def is_url(address: str) -> bool:
    return "://" in address


def plain_host(host: str) -> str:
    return host.strip().rstrip(".").lower().removeprefix("www.")


def _spelled(url: str) -> tuple[str, str, str]:
    """What the spellings of one address share: scheme, www, fragment and last slash do not count"""
    parts = urlsplit(url)
    return plain_host(parts.hostname or ""), parts.path.rstrip("/"), parts.query


def is_of(url: str, address: str) -> bool:
    """Whether `url` is the address, or one of its host and the hosts below it."""
    try:
        if is_url(address):
            return url == address or _spelled(url) == _spelled(address)
        host = plain_host(urlsplit(url).hostname or "")
    except ValueError:  # an address that nobody can split is nobody's
        return url == address
    asked = plain_host(address)
    return host == asked or host.endswith(f".{asked}")
