"""Standard output."""

from __future__ import annotations

import sys

from pipelines.channels import TransportError
from pipelines.config import Channel
from pipelines.records import Alert

#: Between two messages: a line that none of them contains.
STROKE = "─"
RULE = STROKE * 80


class Notifier:
    pace = 0.0

    def __init__(self, channel: Channel) -> None:
        pass

    def notify(self, alert: Alert) -> str:
        message = f"{RULE}\n{alert.text.replace(STROKE, '-')}\n"
        try:
            # a terminal of another encoding shows "?" rather than nothing
            encoding = sys.stdout.encoding or "utf-8"
            sys.stdout.write(message.encode(encoding, "replace").decode(encoding))
            sys.stdout.flush()
        except OSError as error:
            raise TransportError(
                f"standard output: {error.strerror}", whole_channel=True
            ) from error
        return "printed"
