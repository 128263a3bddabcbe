"""Any program that takes JSON over HTTP.

    POST, application/json
    Idempotency-Key: the same for every retry of a message
    X-Veille-Signature: sha256=HMAC of the body with the channel's secret, where it has one

    {"type": "alert|digest|test", "key", "channel", "subject", "text", "changes": [CHANGE, ...]}

A CHANGE is a line of `veille changes --json`.
"""

from __future__ import annotations

import hashlib
import hmac
import json

from pipelines.channels.posting import post, reach
from pipelines.config import Channel, Webhook
from pipelines.records import Alert


class Notifier:
    pace = 0.0

    def __init__(self, channel: Channel) -> None:
        assert isinstance(channel.options, Webhook)
        self._options = channel.options
        self._url = channel.options.url.reveal()
        self._secret = channel.options.secret.reveal() if channel.options.secret else None

    def notify(self, alert: Alert) -> str:
        body = body_of(alert)
        headers = {
            "Content-Type": "application/json",
            "Idempotency-Key": alert.key,
            "User-Agent": "veille",
        }
        if self._secret is not None:
            signed = hmac.new(self._secret.encode(), body, hashlib.sha256).hexdigest()
            headers["X-Veille-Signature"] = f"sha256={signed}"
        return post(self._url, body, headers, self._options.ca_file)

    def probe(self) -> str:
        return reach(self._url, self._options.ca_file)


def body_of(alert: Alert) -> bytes:
    payload = json.loads(alert.payload)
    del payload["sheet"]
    payload["text"] = alert.text
    # a lone surrogate has no UTF-8 and most programs refuse its escape
    whole = json.dumps(payload, ensure_ascii=False).encode("utf-16", "surrogatepass")
    return whole.decode("utf-16", "replace").encode()
