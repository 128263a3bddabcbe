"""JSON over HTTP for every channel that needs it: one request, one clear answer."""

from __future__ import annotations

import ssl
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path

import httpx

from pipelines.channels import ANSWER_LIMIT, TIMEOUT, TransportError

#: Most bytes of an answer that are read; servers answer with a word or a page of HTML.
ANSWER_BYTES = 2048
#: Longest wait that a server may ask for, seconds. Beyond a day it is a mistake.
LONGEST_WAIT = 86_400.0
#: Answers that say "not now": too early, too many, timeouts, a gateway that is down.
TEMPORARY = frozenset((408, 409, 421, 423, 425, 429))
#: Answers that concern the address and not the message: the next message would fare the same.
ABOUT_ADDRESS = frozenset((401, 402, 403, 404, 405, 407, 410, 451))
HINTS = {
    401: "the server wants other credentials; check the address and the secret",
    403: "the server refuses; check whether the webhook was revoked",
    404: "nobody is at this address; check whether the webhook was revoked, and its url",
    410: "the webhook was removed; make a new one and put its address into the configuration",
}


def post(url: str, body: bytes, headers: Mapping[str, str], ca_file: Path | None = None) -> str:
    """Send `body`; returns the server's answer. Raises TransportError."""
    with (
        _told(url),
        _client(url, ca_file) as client,
        client.stream("POST", url, content=body, headers=dict(headers)) as response,
    ):
        return _judged(response, httpx.URL(url).host, _read(response))


def reach(url: str, ca_file: Path | None = None) -> str:
    """Whether somebody answers there, without telling them anything. Raises TransportError."""
    with _told(url), _client(url, ca_file) as client:
        # what it says to HEAD means nothing: webhooks are made for POST
        client.head(url)
    return f"{httpx.URL(url).host} answers"


def _client(url: str, ca_file: Path | None) -> httpx.Client:
    # proxies and .netrc of the environment are not asked
    return httpx.Client(timeout=TIMEOUT, trust_env=False, verify=_context(url, ca_file))


@contextmanager
def _told(url: str) -> Iterator[None]:
    """What goes wrong on the way, as a TransportError that says what to do, without the address."""
    try:
        host = httpx.URL(url).host
    except (httpx.InvalidURL, UnicodeError) as error:
        raise TransportError("the url is no address", permanent=True, whole_channel=True) from error
    try:
        yield
    except httpx.TimeoutException as error:
        raise TransportError(f"{host} did not answer within {TIMEOUT:.0f} s") from error
    except httpx.ConnectError as error:
        raise _unreachable(host, error) from error
    except httpx.HTTPError as error:
        # the text of these errors may hold the address: only the kind of error is told
        kind = type(error).__name__
        raise TransportError(f"{host} broke the connection off ({kind})") from error
    except OSError as error:
        raise TransportError(f"ca_file: {error.strerror or error}", whole_channel=True) from error


def _context(url: str, ca_file: Path | None) -> ssl.SSLContext:
    if not url.startswith("https:"):
        # trusts nobody, and takes 20 ms less than reading all the authorities
        return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    return ssl.create_default_context(cafile=str(ca_file) if ca_file else None)


def _read(response: httpx.Response) -> str:
    """The beginning of the answer; a server that sends it drop by drop is not waited for."""
    content, stop = b"", time.monotonic() + TIMEOUT
    for chunk in response.iter_bytes():
        content += chunk
        if len(content) >= ANSWER_BYTES or time.monotonic() > stop:
            break
    text = content[:ANSWER_BYTES].decode("utf-8", "replace")
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())[:ANSWER_LIMIT]


def _judged(response: httpx.Response, host: str, answer: str) -> str:
    status = response.status_code
    said = f"{host} answered {status}{f': {answer}' if answer else ''}"
    if response.is_success:
        return f"{status} {answer}".strip()
    if status >= 500 or status in TEMPORARY:
        raise TransportError(
            said, retry_after=_retry_after(response), whole_channel=status in (429, 503)
        )
    if response.is_redirect:
        hint = "it moved; put the new address into the configuration"
        raise TransportError(f"{said}; {hint}", permanent=True, whole_channel=True)
    hint = HINTS.get(status, "")
    raise TransportError(
        f"{said}; {hint}" if hint else said, permanent=True, whole_channel=status in ABOUT_ADDRESS
    )


def _retry_after(response: httpx.Response) -> float | None:
    """Seconds, from seconds or a date; None when the server does not say or says nonsense."""
    given = response.headers.get("retry-after", "").strip()
    try:
        seconds = float(given)
    except ValueError:
        try:
            at = parsedate_to_datetime(given)
        except ValueError:
            return None
        seconds = (at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp() - (
            datetime.now(UTC).timestamp()
        )
    return min(max(seconds, 0.0), LONGEST_WAIT) if seconds == seconds else None


def _unreachable(host: str, error: httpx.ConnectError) -> TransportError:
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return TransportError(
                f"the certificate of {host} is not accepted: {cause.verify_message}; "
                "renew it, or name its authority as ca_file",
                whole_channel=True,
            )
        cause = cause.__cause__ or cause.__context__
    return TransportError(f"{host} cannot be reached: {error}; check the url", whole_channel=True)
