"""Mail: read by a mail server and parsed as a mail program would, both ways of security."""

from __future__ import annotations

import email.policy
import re
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import lxml.html
import pytest

from pipelines.alert import compose_digest
from pipelines.alert.digest import Group
from pipelines.channels import TransportError, open_channel, try_out
from pipelines.channels.email import message_of
from pipelines.config import Channel, Email, Secret
from pipelines.records import Alert
from tests.channel_contract import CONTEXT, CONTROL, Contract, alert, line, unfolded
from tests.servers import (
    PASSWORD,
    USER,
    MailServer,
    PlainMailServer,
    certificate,
)


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


def test_a_sender_without_a_name_and_a_name_with_accents() -> None:
    options = Email("h", 25, "none", "é è <a@b.example>", ("a@b.example",))
    mail = email.message_from_bytes(
        message_of(alert(), options).as_bytes(), policy=email.policy.default
    )
    assert isinstance(mail, EmailMessage)
    assert mail["From"].addresses[0].display_name == "é è"
    assert mail["To"] == "a@b.example"
