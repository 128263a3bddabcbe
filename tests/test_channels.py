"""What every channel keeps to (`Contract`), and what is special about each.

A new channel is tested by a class that says how a message is sent through it and what arrives.
"""

from __future__ import annotations

import email.policy
import hashlib
import hmac
import importlib.util
import json
import re
from collections.abc import Callable, Iterator
from email.message import EmailMessage
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import lxml.html
import pytest

from pipelines.alert import Context, compose, compose_digest, sample
from pipelines.alert.digest import Group
from pipelines.channels import KINDS, TransportError, open_channel, try_out, without_secrets
from pipelines.channels.email import message_of
from pipelines.channels.slack import HEADER_LIMIT, MOST_BLOCKS, TEXT_LIMIT, body_of
from pipelines.config import Apprise, Channel, Console, Email, Secret, Slack, Webhook
from pipelines.records import Alert
from tests.hostile import ADDRESSES, HOSTILE
from tests.servers import (
    PASSWORD,
    USER,
    Answer,
    Hook,
    MailServer,
    PlainMailServer,
    certificate,
    free_port,
)

CONTEXT = Context("out", "fr", ZoneInfo("Europe/Paris"), {"a": "Média A"})
CONTROL = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


def line(number: int = 1, **other: Any) -> dict[str, Any]:
    """A change as `veille changes --json` has it."""
    amount = {"amount": [None, 50_000_000_000], "currency": "USD", "qualifier": "up_to"}
    return {
        "id": number,
        "published": "2026-02-27T13:00:00+00:00",
        "seen": "2026-02-27T13:06:00+00:00",
        "recorded": "2026-02-27T13:06:00+00:00",
        "change": "confirmed",
        "also": [],
        "corrects": None,
        "alert": True,
        "deal": f"deal{number}",
        "kind": "investment",
        "payers": ["Amazon"],
        "payee": "OpenAI",
        "before": amount | {"certainty": "rumoured", "stage": "talks"},
        "after": amount
        | {"amount": [50_000_000_000] * 2, "qualifier": "exact", "certainty": "confirmed"}
        | {"stage": "completed"},
        "url": "https://a.example/1",
        "outlet": "a",
        "title": "OpenAI boucle son tour",
        "quote": "Amazon versera 50 milliards de dollars à OpenAI.",
        "sources": ["The Information"],
        "corroborations": {"outlets": 1, "independent": 1, "origins": ["The Information"]},
        "article": number,
        "claims": [0],
        "basis": "page",
        "rule": "4A",
    } | other


def alert(*lines: dict[str, Any], key: str = "0123456789abcdef", thread: Any = ()) -> Alert:
    return compose(key, lines or (line(),), CONTEXT, thread=thread)


def spiked(text: str) -> Alert:
    """Everything that comes from a page says `text`."""
    return alert(
        line(
            title=f"AVANT {text} FIN",
            quote=f"CITE {text} FIN",
            payers=[f"Payeur {text}"],
            payee=f"Receveur {text}",
            outlet=f"media {text}",
            sources=[f"Source {text}"],
        )
    )


def large_digest(deals: int = 80) -> Alert:
    history = [line(1, change="new"), line(2, published="2026-02-28T13:00:00+00:00")]
    groups = [
        Group(
            told=(line(number, title="t" * 3_000, quote="q" * 280, payers=["P" * 200] * 30),),
            history=tuple(history * 10),
            said={"outlets": 30, "independent": 2, "origins": ["A", "B"]},
        )
        for number in range(deals)
    ]
    return compose_digest("digestkey", groups, CONTEXT, reason="first-run")


class Contract:
    """Kept by every kind of channel."""

    channel: Channel
    secrets: tuple[str, ...] = ()

    def sent(self, message: Alert) -> str:
        """Send it; what a reader sees of what arrived."""
        raise NotImplementedError

    def refused(self) -> TransportError:
        """How it fails when the other side does not want the message."""
        raise NotImplementedError

    def test_a_message_arrives_whole(self) -> None:
        seen = self.sent(alert())
        assert "50\u00a0Md$" in seen
        assert "Amazon versera 50 milliards de dollars à OpenAI." in seen
        assert "https://a.example/1#:~:text=Amazon%20versera" in seen

    def test_a_sample_arrives(self) -> None:
        assert "le canal fonctionne" in self.sent(sample(CONTEXT, "samplekey"))

    def test_a_large_digest_arrives(self) -> None:
        assert "30 médias, 2 origines" in self.sent(large_digest())

    @pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
    def test_nothing_that_a_page_says_is_obeyed_or_stops_the_message(self, text: str) -> None:
        seen = self.sent(spiked(text))
        assert "AVANT" in seen
        assert "CITE" in seen
        assert not CONTROL.search(seen)

    @pytest.mark.parametrize("url", ADDRESSES)
    def test_an_address_that_is_none_does_not_stop_the_message(self, url: str) -> None:
        seen = self.sent(alert(line(url=url)))
        assert "50 milliards" in seen
        assert "<script>" not in seen
        assert "javascript:" not in seen

    def test_a_failure_says_what_happened_and_no_secret(self) -> None:
        said = without_secrets(str(self.refused()), self.channel)
        assert len(said) > 10
        for secret in self.secrets:
            assert secret not in said


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


def unfolded(text: str) -> str:
    """Without the breaks of lines that the text has for narrow screens."""
    return re.sub(r"\n +", " ", text)


def html_text(html: str) -> str:
    """What a browser shows, links included; fails on anything that would run."""
    page = lxml.html.document_fromstring(html)
    for element in page.iter():
        assert element.tag in (
            "html head meta title style body div h1 h2 p a span blockquote ul li b img".split()
        )
        for name, value in element.attrib.items():
            assert not name.startswith("on")
            if name in ("href", "src"):
                assert re.match(r"(https?://|cid:|data:image/png;)", value)
    links = " ".join(str(href) for href in page.xpath("//a/@href"))
    return f"{page.body.text_content()} {links}"


class Mailing:
    """A mail server, and what mail keeps to in both ways of security."""

    security: Any
    channel: Channel

    @pytest.fixture(autouse=True)
    def _server(self, tmp_path: Path) -> Iterator[None]:
        self.pem = certificate(tmp_path)
        with MailServer(self.pem, smtps=self.security == "smtps") as self.server:
            self.channel = self.to(self.server.port)
            yield

    def to(self, port: int, **other: Any) -> Channel:
        options = {
            "host": "localhost",
            "port": port,
            "security": self.security,
            "sender": "Veille <veille@example.org>",
            "to": ("a@example.org", "Moi <b@example.org>"),
            "username": USER,
            "password": Secret(inline=PASSWORD),
            "ca_file": self.pem,
        }
        return Channel("mail", "email", Email(**options | other))

    def refused(self) -> TransportError:
        wrong = self.to(self.server.port, password=Secret(inline="wrong-" + PASSWORD))
        with pytest.raises(TransportError) as failed:
            open_channel(wrong).notify(alert())
        return failed.value

    def test_the_same_message_has_the_same_id_and_follows_its_deal(self) -> None:
        told = alert(key="two", thread=("deal-x", "one"))
        for _ in range(2):
            open_channel(self.channel).notify(told)
        first, second = self.server.mails
        assert first["Message-ID"] == second["Message-ID"] == "<two@example.org>"
        assert first["References"] == "<deal-x@example.org> <one@example.org>"
        assert first["In-Reply-To"] == "<one@example.org>"
        assert first["Auto-Submitted"] == "auto-generated"

    def test_it_is_tried_out_without_a_mail(self) -> None:
        assert try_out(self.channel) == "connected and logged in"
        with pytest.raises(TransportError, match="refuses the login"):
            try_out(self.to(self.server.port, password=Secret(inline="wrong")))
        assert not self.server.raw

    def test_a_wrong_password_is_named_and_not_shown(self) -> None:
        error = self.refused()
        assert "refuses the login: 535" in str(error)
        assert "check username and password" in str(error)
        assert (error.permanent, error.whole_channel) == (True, True)

    def test_an_unknown_authority_is_not_trusted(self) -> None:
        with pytest.raises(TransportError) as failed:
            open_channel(self.to(self.server.port, ca_file=None)).notify(alert())
        assert "its certificate is not accepted" in str(failed.value)
        assert "name its authority as ca_file" in str(failed.value)
        assert not self.server.raw

    def test_an_expired_certificate_is_named(self, tmp_path: Path) -> None:
        old = certificate(tmp_path, expired=True)
        server = MailServer(old, smtps=self.security == "smtps")
        with server, pytest.raises(TransportError) as failed:
            open_channel(self.to(server.port, ca_file=old)).notify(alert())
        assert "certificate has expired" in str(failed.value)
        assert (failed.value.permanent, failed.value.whole_channel) == (False, True)


class TestMailByStartTls(Mailing, Contract):
    security = "starttls"
    secrets = (PASSWORD,)

    def sent(self, message: Alert) -> str:
        assert open_channel(self.channel).notify(message) == "accepted"
        mail = self.server.mails[-1]
        assert sorted(mail.keys()) == sorted(
            "From To Subject Date Message-ID Auto-Submitted X-Auto-Response-Suppress "
            "MIME-Version Content-Type".split()
        )
        assert not mail.defects
        assert not CONTROL.search(mail["Subject"])
        text = mail.get_body(("plain",)).get_content()  # type: ignore[union-attr]
        html = mail.get_body(("html",)).get_content()  # type: ignore[union-attr]
        assert max(map(len, self.server.raw[-1].split(b"\r\n"))) <= 998
        shown = html_text(html)
        for part in (text, shown):
            assert "AVANT" in part or "AVANT" not in message.text
        return unfolded(text.replace("\r\n", "\n"))

    def test_text_stands_first_and_html_beside_it(self) -> None:
        self.sent(alert())
        mail = self.server.mails[-1]
        assert mail.get_content_type() == "multipart/alternative"
        kinds = [part.get_content_type() for part in mail.iter_parts()]
        assert kinds == ["text/plain", "text/html"]

    @pytest.mark.parametrize(
        ("answer", "permanent"),
        [("451 try later", False), ("554 looks like spam", True), ("552 too large", True)],
    )
    def test_a_mail_that_the_server_does_not_take(
        self, answer: str, permanent: bool, tmp_path: Path
    ) -> None:
        server = MailServer(self.pem, answer=answer)
        with server, pytest.raises(TransportError) as failed:
            open_channel(self.to(server.port)).notify(alert())
        assert f"answered {answer}" in str(failed.value)
        assert failed.value.permanent is permanent

    def test_a_server_without_tls_gets_no_password(self) -> None:
        with PlainMailServer() as server, pytest.raises(TransportError) as failed:
            open_channel(self.to(server.port)).notify(alert())
        assert "STARTTLS" in str(failed.value)
        assert PASSWORD not in "".join(server.heard)

    def test_an_unknown_host_is_named(self) -> None:
        with pytest.raises(TransportError) as failed:
            open_channel(self.to(1, host="mail.invalid")).notify(alert())
        assert "mail.invalid:1: there is no such host" in str(failed.value)
        assert failed.value.whole_channel

    def test_a_picture_is_a_part_of_the_mail(self) -> None:
        rise = [
            line(1, change="new", published="2026-01-27T13:00:00+00:00"),
            line(2, after=line()["after"] | {"amount": [80_000_000_000] * 2}),
        ]
        group = Group(told=(rise[1],), history=tuple(rise), said=line()["corroborations"])
        digest = compose_digest("k" * 32, [group], CONTEXT, reason="daily")
        assert 'src="data:image/png;base64,' in str(digest.html)
        self.sent(digest)
        (_, page) = self.server.mails[-1].iter_parts()
        html, picture = page.iter_parts()
        (source,) = re.findall(r'src="cid:([^"]+)"', html.get_content())
        assert picture["Content-ID"] == f"<{source}>"
        assert picture.get_content().startswith(b"\x89PNG")
        assert 'alt="Montant au fil du temps' in html.get_content()


@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")  # all of it is TLS
class TestMailBySmtps(Mailing):
    security = "smtps"


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
        with pytest.raises(TransportError, match="cannot be reached"):
            try_out(self.to(f"http://127.0.0.1:{free_port()}/"))

    def test_an_unknown_host_is_named(self) -> None:
        error = self.failed(self.to("https://hooks.invalid/s3cr3t-token-9"))
        assert "hooks.invalid cannot be reached" in str(error)
        assert "s3cr3t" not in str(error)

    def test_a_refused_connection_is_named(self) -> None:
        error = self.failed(self.to(f"http://127.0.0.1:{free_port()}/"))
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
            with pytest.raises(TransportError) as failed:
                open_channel(self.to(f"http://127.0.0.1:{free_port()}")).notify(alert())
            return failed.value


def test_every_kind_that_can_be_configured_can_be_opened() -> None:
    options = {
        "console": Console(),
        "email": Email("h", 25, "none", "a@b.example", ("a@b.example",)),
        "slack": Slack(Secret(inline="https://a.example/")),
        "webhook": Webhook(Secret(inline="https://a.example/")),
    }
    assert set(options) | {"apprise"} == set(KINDS)
    for kind, given in options.items():
        assert open_channel(Channel("out", kind, given)).pace >= 0  # type: ignore[arg-type]


def test_a_sender_without_a_name_and_a_name_with_accents() -> None:
    options = Email("h", 25, "none", "é è <a@b.example>", ("a@b.example",))
    mail = email.message_from_bytes(
        message_of(alert(), options).as_bytes(), policy=email.policy.default
    )
    assert isinstance(mail, EmailMessage)
    assert mail["From"].addresses[0].display_name == "é è"
    assert mail["To"] == "a@b.example"


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
