"""Channels that need no server of ours, and what holds for the choice of a channel."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from typing import get_args

import pytest

from pipelines.channel_schema import TABLES
from pipelines.channels import KINDS, TransportError, open_channel, without_secrets
from pipelines.config import (
    Apprise,
    Channel,
    ChannelKind,
    Console,
    Email,
    Options,
    Secret,
    Slack,
    Webhook,
)
from pipelines.records import Alert
from tests.channel_contract import Contract, alert, spiked, unfolded
from tests.servers import (
    Hook,
    refusing,
)


class TestConsole(Contract):
    channel = Channel("out", "console", Console())

    @pytest.fixture(autouse=True)
    def _captured(self, capsys: pytest.CaptureFixture[str]) -> None:
        self.capsys = capsys

    def sent(self, message: Alert) -> str:
        open_channel(self.channel).notify(message)
        return unfolded(self.capsys.readouterr().out)

    def refused(self) -> TransportError:
        return TransportError("standard output: Broken pipe", whole_channel=True)

    def test_messages_are_parted_by_a_line_that_none_contains(self) -> None:
        open_channel(self.channel).notify(spiked("─" * 80))
        out = self.capsys.readouterr().out
        assert [text for text in out.split("\n") if text == "─" * 80] == ["─" * 80]


class TestWithoutApprise:
    def test_without_the_extra_it_says_how_to_get_it(self) -> None:
        channel = Channel("phone", "apprise", Apprise(Secret(inline="json://127.0.0.1:1/")))
        if importlib.util.find_spec("apprise") is None:
            with pytest.raises(TransportError, match=r"pip install \"veille\[apprise\]\""):
                open_channel(channel)


if importlib.util.find_spec("apprise") is not None:

    class TestApprise(Contract):
        secrets = ("s3cr3t-token-9",)

        @pytest.fixture(autouse=True)
        def _server(self) -> Iterator[None]:
            with Hook() as self.hook:
                self.channel = self.to(self.hook.url)
                yield

        def to(self, url: str) -> Channel:
            address = url.replace("http://", "json://") + "/s3cr3t-token-9"
            return Channel("phone", "apprise", Apprise(Secret(inline=address)))

        def sent(self, message: Alert) -> str:
            assert open_channel(self.channel).notify(message) == "taken"
            return unfolded(self.hook.taken[-1].json["message"])

        def refused(self) -> TransportError:
            with refusing() as port, pytest.raises(TransportError) as failed:
                open_channel(self.to(f"http://127.0.0.1:{port}")).notify(alert())
            return failed.value


def test_every_kind_that_can_be_configured_can_be_opened() -> None:
    assert sorted(get_args(ChannelKind)) == sorted(KINDS) == sorted(TABLES)


@pytest.mark.parametrize(
    ("kind", "options"),
    [
        ("console", Console()),
        ("email", Email("h", 25, "none", "a@b.example", ("a@b.example",))),
        ("slack", Slack(Secret(inline="https://a.example/"))),
        ("webhook", Webhook(Secret(inline="https://a.example/"))),
    ],
)
def test_a_channel_is_opened_without_its_server(kind: ChannelKind, options: Options) -> None:
    assert open_channel(Channel("out", kind, options)).pace >= 0


@pytest.mark.parametrize(
    "told",
    [
        "POST https://hooks.example/services/T01/B02/tok3n9abcdef failed",
        "POST https://user:pa55w0rd@hooks.example failed",
        "no route /services/T01/B02/tok3n9abcdef",
        "tok3n9abcdef is unknown",
        "https%3A%2F%2Fuser%3Apa55w0rd%40hooks.example%2Fservices%2FT01%2FB02%2Ftok3n9abcdef",
    ],
)
def test_no_part_of_a_secret_address_is_told(told: str) -> None:
    url = "https://user:pa55w0rd@hooks.example/services/T01/B02/tok3n9abcdef"
    said = without_secrets(told, Channel("out", "slack", Slack(Secret(inline=url))))
    assert "tok3n9abcdef" not in said
    assert "pa55w0rd" not in said
