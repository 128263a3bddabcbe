"""One deal as one file that can be sent to somebody: drawing, claims, quotes, who was first.

It loads nothing and runs nothing, and its links lead to the articles on the sites of the press.
"""

from __future__ import annotations

import base64
import hashlib
from datetime import datetime
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from pipelines.alert.plain import link_to
from pipelines.reading_room.asking import Ask
from pipelines.reading_room.deal import told
from pipelines.reading_room.display import Display
from pipelines.reading_room.settings import RoomSettings
from pipelines.records import Deal
from pipelines.shapes import Json
from pipelines.store.rooms import Connection

HERE = Path(__file__).parent


def page(
    db: Connection,
    deal: Deal,
    room: RoomSettings,
    *,
    language: str,
    made: datetime,
    as_of: datetime | None = None,
) -> str:
    """The page of `deal` as it stood `as_of`; `made` is printed at its foot."""
    environment = Environment(
        loader=FileSystemLoader(HERE / "templates"), autoescape=True, undefined=StrictUndefined
    )
    display = Display(language, room.zone)
    story = told(db, Ask(room, language), deal, _on_the_site, as_of)
    styles = (HERE / "static" / "room.css").read_text("utf-8")
    return environment.get_template("standalone.html").render(
        **story.facts,
        chart=Markup(story.drawings["chart"]),  # noqa: S704 - drawn here, every text escaped
        d=display,
        t=display.t,
        language=language,
        room=room,
        standalone=True,
        styles=Markup(styles),  # noqa: S704 - our own file
        digest=_digest(styles),
        made=made.isoformat(),
    )


def _on_the_site(outcome: Json, claim: Json | None) -> str:
    """The sentence on the page of the press, where the browser can find it."""
    sentence = claim["quote"] if claim else None
    return link_to(outcome["canonical_url"] or "", sentence) or "#claims"


def _digest(text: str) -> str:
    """By which the page's own policy knows its one style sheet."""
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
