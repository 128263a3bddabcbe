"""What posts JSON: the webhook with its signature, Slack within its limits."""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from pipelines.channels import TransportError, open_channel, try_out
from pipelines.channels.slack import HEADER_LIMIT, MOST_BLOCKS, TEXT_LIMIT, body_of
from pipelines.config import Channel, Secret, Slack, Webhook
from pipelines.records import Alert
from tests.channel_contract import Contract, alert, line, unfolded
from tests.servers import (
    Answer,
    Hook,
    certificate,
    refusing,
)


class HookContract(Contract):
    """Kept by what posts JSON."""

    @pytest.fixture(autouse=True)
    def _server(self) -> Iterator[None]:
        with Hook(lambda _: self.answer) as self.hook:
            self.channel = self.to(f"{self.hook.url}/services/T0123/B0123/s3cr3t-token-9")
            yield

    answer = Answer()
    secrets = ("s3cr3t-token-9", "T0123/B0123")
    to: Callable[..., Channel]

    def refused(self) -> TransportError:
        self.answer = Answer(404, "no hook at /services/T0123/B0123/s3cr3t-token-9")
        return self.failed()

    def failed(self, channel: Channel | None = None) -> TransportError:
        with pytest.raises(TransportError) as failed:
            open_channel(channel or self.channel).notify(alert())
        return failed.value

    @pytest.mark.parametrize(
        ("answer", "permanent", "whole", "after", "said"),
        [
            (Answer(500, "oops"), False, False, None, "answered 500: oops"),
            (Answer(429, headers={"Retry-After": "7"}), False, True, 7, "answered 429"),
            (Answer(429, headers={"Retry-After": "nonsense"}), False, True, None, "429"),
            (Answer(503, headers={"Retry-After": "9e9"}), False, True, 86_400, "503"),
            (Answer(404), True, True, None, "check whether the webhook was revoked"),
            (Answer(410), True, True, None, "make a new one"),
            (Answer(403), True, True, None, "revoked"),
            (Answer(400, "bad"), True, False, None, "answered 400: bad"),
            (Answer(drop=True), False, False, None, "broke the connection off"),
            (Answer(301, headers={"Location": "/x"}), True, True, None, "put the new address"),
            (Answer(400, "a\r\nb\x1b[2J\x00" + "x" * 9_000), True, False, None, "400: a b [2J"),
        ],
    )
    def test_an_answer_is_told_apart(
        self, answer: Answer, permanent: bool, whole: bool, after: float | None, said: str
    ) -> None:
        self.answer = answer
        error = self.failed()
        assert said in str(error)
        assert (error.permanent, error.whole_channel, error.retry_after) == (
            permanent,
            whole,
            after,
        )
        assert len(str(error)) < 600

    def test_it_is_tried_out_without_a_message(self) -> None:
        assert try_out(self.channel) == "127.0.0.1 answers"
        assert not self.hook.requests
        with refusing() as port, pytest.raises(TransportError, match="cannot be reached"):
            try_out(self.to(f"http://127.0.0.1:{port}/"))

    def test_an_unknown_host_is_named(self) -> None:
        error = self.failed(self.to("https://hooks.invalid/s3cr3t-token-9"))
        assert "hooks.invalid cannot be reached" in str(error)
        assert "s3cr3t" not in str(error)

    def test_a_refused_connection_is_named(self) -> None:
        with refusing() as port:
            error = self.failed(self.to(f"http://127.0.0.1:{port}/"))
        assert (error.permanent, error.whole_channel) == (False, True)

    @pytest.mark.parametrize("expired", [True, False])
    def test_a_certificate_that_nobody_vouches_for_is_named(
        self, tmp_path: Path, expired: bool
    ) -> None:
        with Hook(pem=certificate(tmp_path, expired=expired)) as hook:
            error = self.failed(self.to(hook.url))
        assert "the certificate of 127.0.0.1 is not accepted" in str(error)
        assert not hook.requests


class TestWebhook(HookContract):
    def to(self, url: str, **other: Any) -> Channel:
        options = Webhook(Secret(inline=url), Secret(inline="shared-secret-1"), **other)
        return Channel("hook", "webhook", options)

    def sent(self, message: Alert) -> str:
        open_channel(self.channel).notify(message)
        request = self.hook.taken[-1]
        given = json.loads(message.payload)
        assert request.json["changes"] == json.loads(
            json.dumps(given["changes"]), object_hook=_without_surrogates
        )
        assert request.headers["Idempotency-Key"] == message.key
        signed = hmac.new(b"shared-secret-1", request.body, hashlib.sha256).hexdigest()
        assert request.headers["X-Veille-Signature"] == f"sha256={signed}"
        assert sorted(request.json) == sorted(
            ["type", "key", "channel", "subject", "text", "changes"]
        )
        return unfolded(request.json["text"])

    def test_an_own_authority_is_trusted_where_it_is_named(self, tmp_path: Path) -> None:
        pem = certificate(tmp_path)
        with Hook(pem=pem) as hook:
            open_channel(self.to(hook.url, ca_file=pem)).notify(alert())
        assert len(hook.taken) == 1


def _without_surrogates(given: dict[str, Any]) -> dict[str, Any]:
    def mended(value: Any) -> Any:
        if isinstance(value, str):
            return re.sub("[\ud800-\udfff]", "\ufffd", value)
        return [mended(one) for one in value] if isinstance(value, list) else value

    return {key: mended(value) for key, value in given.items()}


class TestSlack(HookContract):
    def to(self, url: str) -> Channel:
        return Channel("slack", "slack", Slack(Secret(inline=url)))

    def sent(self, message: Alert) -> str:
        open_channel(self.channel).notify(message)
        return slack_text(self.hook.taken[-1].json)

    def test_a_revoked_webhook_says_what_to_do(self) -> None:
        self.answer = Answer(404, "no_service")
        assert "make a new incoming webhook" in str(self.failed())

    @pytest.mark.parametrize("number", [1, 12, 49, 50, 51, 200])
    def test_no_number_of_changes_breaks_the_limits(self, number: int) -> None:
        lines = [line(n, quote="&" * 280, payers=["<" * 90] * 9) for n in range(number)]
        slack_text(body_of(alert(*lines)))

    def test_it_waits_a_second_between_messages(self) -> None:
        assert open_channel(self.channel).pace >= 1


def slack_text(body: dict[str, Any]) -> str:
    """What Slack shows; fails where it would refuse the message or obey the page."""
    assert len(body["blocks"]) <= MOST_BLOCKS
    assert body["text"]
    texts = []
    for block in body["blocks"]:
        assert block["type"] in ("header", "section", "context")
        for text in [block["text"]] if "text" in block else block["elements"]:
            limit = HEADER_LIMIT if block["type"] == "header" else TEXT_LIMIT
            assert 1 <= len(text["text"]) <= limit
            assert text["type"] == ("plain_text" if block["type"] == "header" else "mrkdwn")
            texts.append(text["text"] if block["type"] == "header" else _mrkdwn(text["text"]))
    _mrkdwn(body["text"])
    return "\n".join(texts)


def _mrkdwn(text: str) -> str:
    """What is between < and > is obeyed by Slack: only links to the web may be."""
    rest = re.sub(r"<(https?://[^<>|]+)\|[^<>|]+>", lambda found: found[0][1:-1], text)
    assert "<" not in rest
    assert ">" not in re.sub(r"^> ", "", rest, flags=re.M)
    assert not re.search(r"&(?!amp;|lt;|gt;)", rest)
    return rest.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
