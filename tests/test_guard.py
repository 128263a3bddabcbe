"""The guard: every spelling of an address that is no publisher's, and every URL that is none."""

from __future__ import annotations

import socket
from collections.abc import Sequence
from typing import Any

import pytest
from twisted.internet.address import IPv4Address, IPv6Address

from crawler.guard import Guard, GuardedResolver, is_public, why_refused

PRIVATE = """
0.0.0.0 0.1.2.3 10.0.0.1 100.64.0.1 100.100.100.200 127.0.0.1 127.255.255.254 169.254.169.254
172.16.0.1 172.31.255.255 192.0.0.8 192.0.0.9 192.0.0.10 192.0.2.1 192.88.99.1 192.168.1.1
198.18.0.1 198.19.255.255 198.51.100.7 203.0.113.9 224.0.0.1 239.255.255.250 240.0.0.1
255.255.255.255
:: ::1 ::127.0.0.1 ::ffff:127.0.0.1 ::ffff:10.0.0.1 ::ffff:8.8.8.8 ::ffff:0:127.0.0.1
64:ff9b::7f00:1 64:ff9b::808:808 64:ff9b:1::1 100::1 2001::1 2001:0:4136:e378:8000:63bf:3fff:fdd2
2001:10::1 2001:20::1 2001:db8::1 2002:7f00:1:: 2002:808:808::1 3fff::1 5f00::1 fc00::1 fd00::1
fd00:ec2::254 fe80::1 fe80::1%eth0 fec0::1 ff02::1 ff0e::1 4000::1 1::1
""".split()

PUBLIC = "1.1.1.1 8.8.8.8 93.184.215.14 2606:4700:4700::1111 2a00:1450:4007:80e::200e".split()


@pytest.mark.parametrize("address", PRIVATE)
def test_an_address_where_no_publisher_answers_is_refused(address: str) -> None:
    assert not is_public(address)
    assert not Guard().opens(address)


@pytest.mark.parametrize("address", PUBLIC)
def test_a_public_address_is_dialled(address: str) -> None:
    assert Guard().opens(address)


@pytest.mark.parametrize("nonsense", ["", "localhost", "127.1", "0x7f000001", "1.1.1.1.1", "::g"])
def test_what_is_no_address_is_refused(nonsense: str) -> None:
    assert not Guard(["0.0.0.0/0", "::/0"]).opens(nonsense)


def test_a_network_of_the_configuration_is_opened_and_no_other() -> None:
    guard = Guard(["127.0.0.0/8", "::1/128"])
    assert guard.opens("127.0.0.5")
    assert guard.opens("::1")
    assert not guard.opens("10.0.0.1")
    assert not guard.opens("::ffff:127.0.0.1")


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("ftp://a.example/", "scheme ftp"),
        ("file:///etc/passwd", "scheme file"),
        ("gopher://a.example/", "scheme gopher"),
        ("javascript:alert(1)", "scheme javascript"),
        ("data:text/html,x", "scheme data"),
        ("//a.example/", "scheme missing"),
        ("https://user@a.example/", "user name"),
        ("https://a.example:b@127.0.0.1/", "user name"),
        ("https://a.example\\@127.0.0.1/", "backslash"),
        ("https:\\\\a.example", "backslash"),
        ("https://a.example/\r\nHost: b", "control character"),
        ("https://a.example/\x00", "control character"),
        ("https://a. example/", "control character"),
        ("https://a.example/\u2028", "control character"),
        ("https:///x", "no host"),
        ("https://", "no host"),
        ("https://a.example:0/", "no host"),
        ("https://a.example:99999/", "malformed"),
        ("https://[::1/", "malformed"),
        ("https://a.example/" + "x" * 2000, "too long"),
    ],
)
def test_a_url_is_refused_by_its_spelling(url: str, reason: str) -> None:
    assert reason in (why_refused(url) or "")


@pytest.mark.parametrize(
    "url", ["https://a.example/", "http://a.example:8080/x?y=1#z", "https://é.example/à"]
)
def test_an_ordinary_url_is_not_refused(url: str) -> None:
    assert why_refused(url) is None


class Receiver:
    """Collects what a resolution gives."""

    def __init__(self) -> None:
        self.addresses: list[str] = []
        self.complete = False

    def resolutionBegan(self, resolution: Any) -> None: ...  # noqa: N802

    def addressResolved(self, address: Any) -> None:  # noqa: N802
        self.addresses.append(address.host)

    def resolutionComplete(self) -> None:  # noqa: N802
        self.complete = True


class Names:
    """A resolver that answers from a table, as the system's would; numbers as getaddrinfo does."""

    def __init__(self, table: dict[str, Sequence[str]]) -> None:
        self.table = table

    def resolveHostName(self, receiver: Any, name: str, *_: Any) -> Any:  # noqa: N802
        receiver.resolutionBegan(self)
        answers = self.table.get(name)
        if answers is None:
            found = socket.getaddrinfo(name, 80, flags=socket.AI_NUMERICHOST)
            answers = sorted({str(one[4][0]) for one in found})
        for answer in answers:
            kind = IPv6Address if ":" in answer else IPv4Address
            receiver.addressResolved(kind("TCP", answer, 80))
        receiver.resolutionComplete()
        return self


class Reactor:
    def __init__(self, table: dict[str, Sequence[str]]) -> None:
        self.nameResolver = Names(table)


def resolve(name: str, guard: Guard, table: dict[str, Sequence[str]]) -> Receiver:
    receiver = Receiver()
    GuardedResolver(Reactor(table), guard).resolveHostName(receiver, name)
    assert receiver.complete
    return receiver


@pytest.mark.parametrize(
    "name",
    [
        "127.0.0.1",
        "127.1",
        "2130706433",
        "0x7f000001",
        "0x7f.1",
        "0177.0.0.1",
        "017700000001",
        "0",
        "::1",
        "::ffff:127.0.0.1",
        "::ffff:7f00:1",
        "0:0:0:0:0:ffff:169.254.169.254",
        "fe80::1",
    ],
)
def test_every_spelling_of_a_private_address_ends_at_the_resolver(name: str) -> None:
    assert resolve(name, Guard(), {}).addresses == []


def test_a_name_that_answers_with_a_private_address_is_refused() -> None:
    table = {"rebind.example": ["10.0.0.1"], "mixed.example": ["127.0.0.1", "8.8.8.8"]}
    assert resolve("rebind.example", Guard(), table).addresses == []
    assert resolve("mixed.example", Guard(), table).addresses == ["8.8.8.8"]


def test_a_name_that_answers_otherwise_the_second_time_is_refused_then() -> None:
    table = {"twice.example": ["8.8.8.8"]}
    assert resolve("twice.example", Guard(), table).addresses == ["8.8.8.8"]
    table["twice.example"] = ["127.0.0.1"]
    assert resolve("twice.example", Guard(), table).addresses == []


def test_a_host_of_the_configuration_is_dialled_where_it_says() -> None:
    guard = Guard(hosts={"press.example": "127.0.0.1:8099"})
    assert resolve("Press.example", guard, {}).addresses == ["127.0.0.1"]
    assert guard.place("press.example") == ("127.0.0.1", 8099)
    assert resolve("127.0.0.1", guard, {}).addresses == []
