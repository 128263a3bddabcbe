"""Slack, through an incoming webhook, as Block Kit within its documented limits."""

from __future__ import annotations

import json
from typing import Any

from pipelines.alert.plain import cut
from pipelines.alert.sheet import Section, Sheet, sheet_from_json
from pipelines.alert.words import phrase
from pipelines.channels import TransportError
from pipelines.channels.posting import post, reach
from pipelines.config import Channel, Slack
from pipelines.records import Alert

#: Limits of Block Kit: blocks a message, characters of a header, of a text, of the fallback.
MOST_BLOCKS = 50
HEADER_LIMIT = 150
TEXT_LIMIT = 3_000
FALLBACK_LIMIT = 3_000
#: A longer address would take the room of the text around it.
LINK_LIMIT = 2_000
#: Answers that mean that the webhook itself is gone or shut (its message would be taken otherwise).
GONE = (
    "no_service",
    "no_team",
    "invalid_token",
    "channel_is_archived",
    "channel_not_found",
    "action_prohibited",
    "posting_to_general_channel_denied",
    "team_disabled",
)

Block = dict[str, Any]


class Notifier:
    #: Slack takes one message a second.
    pace = 1.0

    def __init__(self, channel: Channel) -> None:
        assert isinstance(channel.options, Slack)
        self._url = channel.options.url.reveal()

    def notify(self, alert: Alert) -> str:
        body = json.dumps(body_of(alert)).encode()
        try:
            return post(self._url, body, {"Content-Type": "application/json"})
        except TransportError as error:
            if any(word in str(error) for word in GONE):
                message = f"{error}; make a new incoming webhook and put its address in url"
                raise TransportError(message, permanent=True, whole_channel=True) from error
            raise

    def probe(self) -> str:
        return reach(self._url)


def escaped(text: str) -> str:
    """As Slack asks: then `<!channel>`, `<@U1>` and `<url|text>` are text."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def body_of(alert: Alert) -> dict[str, Any]:
    sheet = sheet_from_json(json.loads(alert.payload)["sheet"])
    intro = [escaped(line) for line in sheet.intro if line]
    if intro and sheet.link:
        intro[0] = linked(intro[0], sheet.link)
    blocks: list[Block] = [_header(sheet.subject)]
    if intro:
        blocks.append(_section("\n".join(intro)))
    blocks += [_section(_mrkdwn(section, sheet)) for section in sheet.sections]
    last = _context(" ".join(escaped(note) for note in sheet.notes))
    return {
        "text": whole(escaped(sheet.subject), FALLBACK_LIMIT),
        "blocks": [*blocks[: MOST_BLOCKS - 1], last],
        "unfurl_links": False,
        "unfurl_media": False,
    }


def _header(text: str) -> Block:
    # plain_text is shown as it is, no markup, no mentions
    shown = {"type": "plain_text", "text": cut(text, HEADER_LIMIT), "emoji": False}
    return {"type": "header", "text": shown}


def _section(text: str) -> Block:
    return {"type": "section", "text": _text(text)}


def _context(text: str) -> Block:
    return {"type": "context", "elements": [_text(text)]}


def _text(text: str) -> Block:
    # verbatim: Slack looks for no links, channels or names of its own accord
    return {"type": "mrkdwn", "text": whole(text, TEXT_LIMIT), "verbatim": True}


def _mrkdwn(section: Section, sheet: Sheet) -> str:
    lines = [f"*{starless(section.tag)}*  {escaped(section.heading)}"]
    if section.figure:
        lines.append(f"*{starless(section.figure)}*")
    if section.detail:
        lines.append(escaped(" · ".join(section.detail)))
    if section.quote:
        lines.append("> " + escaped(phrase(sheet.language, "quote", section.quote)))
    for step in section.steps:
        told = linked(escaped(step.text), step.url) if step.url else escaped(step.text)
        outlet = f" ({escaped(step.outlet)})" if step.outlet else ""
        lines.append(f"• {escaped(step.date)} {told}{outlet}")
    if section.link and not sheet.link:
        lines.append(linked(phrase(sheet.language, "read"), section.link))
    if section.reading:
        lines.append(linked(phrase(sheet.language, "room"), section.reading))
    return "\n".join(lines)


def starless(text: str) -> str:
    """For a bold line: a star of its own would end it."""
    return escaped(text.replace("*", "∗"))


def linked(text: str, url: str) -> str:
    """`text` is escaped already; a bar in it would end the address."""
    if len(url) > LINK_LIMIT:
        return text
    address = url.replace("&", "&amp;").replace("|", "%7C").replace("<", "%3C").replace(">", "%3E")
    return f"<{address}|{text.replace('|', '¦')}>"


def whole(text: str, limit: int) -> str:
    """At most `limit` characters, dropping whole lines, so that no link or entity is cut in two."""
    if len(text) <= limit:
        return text
    kept: list[str] = []
    for line in text.split("\n"):
        if sum(map(len, kept)) + len(kept) + len(line) > limit - 2:
            break
        kept.append(line)
    if not kept:
        return text[: limit - 8].rsplit("&", 1)[0].rsplit("<", 1)[0] + "…"
    return "\n".join([*kept, "…"])
