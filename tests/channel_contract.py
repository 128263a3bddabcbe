"""What every channel keeps to: each kind is tested by a class on top of `Contract`.

It says how a message is sent through it and what arrives; all the rest is here.
"""

from __future__ import annotations

import re
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from pipelines.alert import Context, compose, compose_digest, sample
from pipelines.alert.digest import Group
from pipelines.channels import TransportError, without_secrets
from pipelines.config import Channel
from pipelines.records import Alert
from tests.hostile import ADDRESSES, HOSTILE

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


def unfolded(text: str) -> str:
    """Without the breaks of lines that the text has for narrow screens."""
    return re.sub(r"\n +", " ", text)
