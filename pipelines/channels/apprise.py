"""Everything that apprise reaches; needs the extra `veille[apprise]`."""

from __future__ import annotations

import logging
from importlib import import_module
from typing import Any

from pipelines.alert.plain import cut
from pipelines.channels import TransportError
from pipelines.config import Apprise, Channel
from pipelines.records import Alert

#: Chat services show the first lines; longer texts are split or refused by many of them.
TEXT_LIMIT = 3_500


class Notifier:
    #: The slowest of the services behind it takes a message a second.
    pace = 1.0

    def __init__(self, channel: Channel) -> None:
        assert isinstance(channel.options, Apprise)
        try:
            self._apprise: Any = import_module("apprise")
        except ImportError as error:
            message = 'apprise is not installed: pip install "veille[apprise]"'
            raise TransportError(message, whole_channel=True) from error
        # its log tells addresses with their tokens
        logging.getLogger("apprise").setLevel(logging.CRITICAL)
        self._service: Any = self._apprise.Apprise()
        if not self._service.add(channel.options.url.reveal()):
            message = "apprise does not know this kind of url; its schemes: `apprise --details`"
            raise TransportError(message, whole_channel=True)

    def notify(self, alert: Alert) -> str:
        taken = self._service.notify(
            title=alert.subject,
            body=cut(alert.text, TEXT_LIMIT),
            body_format=self._apprise.NotifyFormat.TEXT,
            interpret_escapes=False,
        )
        if not taken:
            # it says no more than that
            raise TransportError("the service behind apprise did not take the message; check url")
        return "taken"
