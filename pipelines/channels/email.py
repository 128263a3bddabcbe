"""Mail: text first and HTML beside it, over STARTTLS or SMTPS with certificates checked."""

from __future__ import annotations

import re
import smtplib
import socket
import ssl
from base64 import b64decode
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from email.headerregistry import Address
from email.message import EmailMessage, MIMEPart
from email.policy import SMTP
from email.utils import format_datetime, parseaddr

from pipelines.channels import ANSWER_LIMIT, TIMEOUT, TransportError
from pipelines.config import Channel, Email
from pipelines.records import Alert

#: A picture in the HTML of a message; mail programs show it only as a part of its own.
PICTURE = re.compile(r'src="data:image/png;base64,([A-Za-z0-9+/=]+)"')
#: Answers of a server that has a bad day though it says 5xx: greylisting, quotas, spam filters.
PERMANENT_FROM = 500
#: What a login that fails answers (RFC 4954), wherever it comes.
AUTH_CODES = (530, 534, 535, 538)


class Notifier:
    pace = 0.0

    def __init__(self, channel: Channel) -> None:
        assert isinstance(channel.options, Email)
        self._name = channel.name
        self._options = channel.options
        self._password = channel.options.password.reveal() if channel.options.password else ""

    def notify(self, alert: Alert) -> str:
        message = message_of(alert, self._options)
        with _told(f"{self._options.host}:{self._options.port}"):
            refused = self._sent(message)
        if refused:
            # taken for some: sending again would tell them twice
            return f"accepted, but not for {', '.join(sorted(refused))}"
        return "accepted"

    def probe(self) -> str:
        """Connect and log in."""
        with _told(f"{self._options.host}:{self._options.port}"):
            server = self._connected()
            with suppress(smtplib.SMTPException, OSError):
                server.quit()
        return "connected" + (" and logged in" if self._options.username else "")

    def _sent(self, message: EmailMessage) -> dict[str, tuple[int, bytes]]:
        server = self._connected()
        try:
            refused: dict[str, tuple[int, bytes]] = server.send_message(message)
        except BaseException:
            server.close()
            raise
        # taken: whatever goes wrong while saying goodbye, sending again would tell it twice
        with suppress(smtplib.SMTPException, OSError):
            server.quit()
        server.close()
        return refused

    def _connected(self) -> smtplib.SMTP:
        options = self._options
        # the machine's name without a look-up, which may hang
        name = socket.gethostname()
        if options.security == "smtps":
            server: smtplib.SMTP = smtplib.SMTP_SSL(
                options.host, options.port, name, timeout=TIMEOUT, context=self._context()
            )
        else:
            server = smtplib.SMTP(options.host, options.port, name, timeout=TIMEOUT)
        try:
            if options.security == "starttls":
                server.starttls(context=self._context())
            if options.username:
                server.login(options.username, self._password)
        except BaseException:
            server.close()
            raise
        return server

    def _context(self) -> ssl.SSLContext:
        ca_file = self._options.ca_file
        return ssl.create_default_context(cafile=str(ca_file) if ca_file else None)


@contextmanager
def _told(where: str) -> Iterator[None]:
    """What goes wrong with a mail server, as a TransportError that says what to do."""
    try:
        yield
    except smtplib.SMTPAuthenticationError as error:
        hint = "check username and password (many providers want a password for programs)"
        raise TransportError(
            f"{where} refuses the login: {_said(error.smtp_code, error.smtp_error)}; {hint}",
            permanent=error.smtp_code >= PERMANENT_FROM,
            whole_channel=True,
        ) from error
    except smtplib.SMTPRecipientsRefused as error:
        raise _recipients(where, error.recipients) from error
    except smtplib.SMTPResponseException as error:
        raise _answered(where, error) from error
    except smtplib.SMTPNotSupportedError as error:
        hint = 'set security to what the server offers: "starttls", "smtps" or "none"'
        raise TransportError(f"{where}: {error}; {hint}", whole_channel=True) from error
    except smtplib.SMTPServerDisconnected as error:
        raise TransportError(f"{where} broke the connection off: {error}") from error
    except TimeoutError as error:
        raise TransportError(f"{where} did not answer within {TIMEOUT:.0f} s") from error
    except (OSError, smtplib.SMTPException) as error:
        raise TransportError(f"{where}{_why(error)}", whole_channel=True) from error


def _why(error: OSError | smtplib.SMTPException) -> str:
    """Why there is no connection, and what to do."""
    if isinstance(error, ssl.SSLCertVerificationError):
        hint = "renew it, or name its authority as ca_file"
        return f": its certificate is not accepted: {error.verify_message}; {hint}"
    if isinstance(error, ssl.SSLError):
        return f': {error.reason}; check port and security ("smtps" speaks TLS from the start)'
    if isinstance(error, socket.gaierror):
        return f": there is no such host ({error.strerror}); check host"
    return f" cannot be reached: {error}; check host and port"


def message_of(alert: Alert, options: Email) -> EmailMessage:
    """The mail; the same key gives the same Message-ID."""
    domain = _domain(options.sender)
    message = EmailMessage(policy=SMTP)
    message["From"] = _address(options.sender)
    message["To"] = [_address(to) for to in options.to]
    # the library would decode an encoded word of the page, line feeds and all, into headers
    message["Subject"] = alert.subject.replace("=?", "= ?")
    message["Date"] = format_datetime(datetime.now(UTC))
    message["Message-ID"] = f"<{alert.key}@{domain}>"
    if alert.thread:
        message["In-Reply-To"] = f"<{alert.thread[-1]}@{domain}>"
        message["References"] = " ".join(f"<{key}@{domain}>" for key in alert.thread)
    # no answering machine answers it (RFC 3834)
    message["Auto-Submitted"] = "auto-generated"
    message["X-Auto-Response-Suppress"] = "All"
    message.set_content(alert.text, cte="quoted-printable")
    if alert.html is not None:
        _add_html(message, alert.html, alert.key, domain)
    return message


def _add_html(message: EmailMessage, html: str, key: str, domain: str) -> None:
    pictures: list[tuple[str, bytes]] = []

    def attached(found: re.Match[str]) -> str:
        name = f"{key}.{len(pictures)}@{domain}"
        pictures.append((name, b64decode(found[1])))
        return f'src="cid:{name}"'

    html = PICTURE.sub(attached, html)
    message.add_alternative(html, subtype="html", cte="quoted-printable")
    parts = message.get_payload()
    assert isinstance(parts, list)  # made an alternative above
    part = parts[-1]
    assert isinstance(part, MIMEPart)
    for name, picture in pictures:
        part.add_related(
            picture, maintype="image", subtype="png", cid=f"<{name}>", disposition="inline"
        )


def _address(text: str) -> Address:
    name, address = parseaddr(text)
    return Address(display_name=name, addr_spec=address)


def _domain(sender: str) -> str:
    domain = parseaddr(sender)[1].rpartition("@")[2]
    return domain.encode("idna").decode("ascii") if domain else "localhost"


def _said(code: int, text: bytes | str) -> str:
    shown = text.decode("utf-8", "replace") if isinstance(text, bytes) else str(text)
    return f"{code} {' '.join(shown.split())}"[:ANSWER_LIMIT]


def _answered(where: str, error: smtplib.SMTPResponseException) -> TransportError:
    code = error.smtp_code
    about_us = isinstance(error, smtplib.SMTPConnectError | smtplib.SMTPHeloError) or (
        code in AUTH_CODES or isinstance(error, smtplib.SMTPSenderRefused)
    )
    return TransportError(
        f"{where} answered {_said(code, error.smtp_error)}",
        permanent=code >= PERMANENT_FROM,
        whole_channel=about_us or code == 421,
    )


def _recipients(where: str, refused: dict[str, tuple[int, bytes]]) -> TransportError:
    answers = "; ".join(f"{to}: {_said(*answer)}" for to, answer in sorted(refused.items()))
    permanent = all(code >= PERMANENT_FROM for code, _ in refused.values())
    hint = "check `to`" if permanent else "it is tried again"
    return TransportError(
        f"{where} takes no recipient: {answers}; {hint}", permanent=permanent, whole_channel=True
    )
