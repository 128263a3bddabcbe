"""Ways out: each kind of channel is one small file that sends a message or says why it could not.

    notifier = open_channel(channel)
    answer = notifier.notify(alert)        what the server said; raises TransportError

A new kind is a module with a class that has `pace` and `notify`, one line in `KINDS`, its options
in `pipelines.config`, and one contract test class: docs/adding-a-channel.md.
"""

from __future__ import annotations

from importlib import import_module
from typing import Protocol
from urllib.parse import quote, urlsplit

from pipelines.config import Channel, SecretError
from pipelines.records import Alert

#: kind → module with a class `Notifier`; imported when a channel of the kind is opened.
KINDS = {
    "console": "pipelines.channels.console",
    "email": "pipelines.channels.email",
    "slack": "pipelines.channels.slack",
    "webhook": "pipelines.channels.webhook",
    "apprise": "pipelines.channels.apprise",
}

#: How long a server may take to answer, seconds; a message waits no longer than that for another.
TIMEOUT = 15.0
#: Longest answer of a server that is kept, in code points.
ANSWER_LIMIT = 300
#: Shortest secret that is blotted out wherever it stands: shorter ones are parts of words.
LEAST_SECRET = 4


class TransportError(Exception):
    """A message was not taken. The text names the server's answer and what to do.

    `permanent`: another try will not help. `whole_channel`: the next message would fare the same.
    `retry_after`: seconds that the server asked for.
    """

    def __init__(
        self,
        message: str,
        *,
        permanent: bool = False,
        whole_channel: bool = False,
        retry_after: float | None = None,
    ) -> None:
        super().__init__(message)
        self.permanent = permanent
        self.whole_channel = whole_channel
        self.retry_after = retry_after


class Notifying(Protocol):
    """What a kind of channel is. One that can be tried without a message has `probe` as well."""

    pace: float  # least seconds between two messages

    def notify(self, alert: Alert) -> str:
        """Send; returns what the server said. Raises TransportError."""
        ...


def open_channel(channel: Channel) -> Notifying:
    """The sender of a channel. Raises TransportError when a secret or a package is missing."""
    try:
        notifier: Notifying = import_module(KINDS[channel.kind]).Notifier(channel)
    except SecretError as error:
        raise TransportError(str(error), permanent=False, whole_channel=True) from error
    return notifier


def try_out(channel: Channel) -> str:
    """Open a channel without sending anything: what was found. Raises TransportError."""
    notifier = open_channel(channel)
    probe = getattr(notifier, "probe", None)
    return str(probe()) if probe else "ready"


def without_secrets(text: str, channel: Channel) -> str:
    """`text` for a log: no password, no secret address, nothing of one, whoever put it there."""
    for secret in channel.secrets().values():
        try:
            revealed = secret.reveal()
        except SecretError:
            continue
        for form in sorted(_forms(revealed), key=len, reverse=True):
            text = text.replace(form, "***")
    return text


def _forms(secret: str) -> set[str]:
    """A secret as it may turn up: whole, quoted, or the telling parts of an address."""
    forms = {secret, quote(secret, safe=""), secret.encode("unicode_escape").decode("ascii")}
    if "://" in secret:
        try:
            parts = urlsplit(secret)
        except ValueError:
            parts = urlsplit("")
        forms |= {parts.path, parts.query, parts.password or "", parts.username or ""}
        forms |= {piece for piece in parts.path.split("/") if len(piece) > 2 * LEAST_SECRET}
    return {form for form in forms if len(form) >= LEAST_SECRET}
