"""Is veille itself well? What is looked at, what the operator is told, and how often.

    crawl-missing   no crawl started for `crawl_minutes`
    outlet          an outlet is not well: the crawler's verdict on it
    no-article      feeds answered for `no_article_hours`, and nothing new was found, or read
    outbox          a message has waited for `outbox_minutes`
    disk            hardly any room is left

A trouble is told once, again after `repeat_hours` while it lasts, and once more when it is over.
One that comes and goes is told no more often than that. That nothing runs at all only the dead
man's switch (`schedules/ping.py`) can tell.
"""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines.shapes import moment
from pipelines.store.troubles import Known, Seen, Trouble

if TYPE_CHECKING:
    from pipelines.config import Config, Health
    from pipelines.records import Alert, Outlet
    from pipelines.store import Store

#: Bytes of room below which the disk is as good as full: a crawl and its WAL need some ten of them.
LEAST_ROOM = 256 * 1024 * 1024
#: Pages without a word before that is no chance.
WORDLESS_PAGES = 10
#: Outlets named in one message; the others are counted.
NAMED = 20


@dataclass(frozen=True, slots=True)
class News:
    """What the operator is to be told now."""

    troubles: tuple[Trouble, ...]  # begun, or due again
    over: tuple[Trouble, ...]

    def __bool__(self) -> bool:
        return bool(self.troubles or self.over)


def look(
    store: Store, config: Config, outlets: Sequence[Outlet], database: Path, now: datetime
) -> tuple[Trouble, ...]:
    """Every trouble there is now."""
    from pipelines.store.troubles import Troubles

    health = config.health
    window = now - timedelta(hours=health.no_article_hours)
    found = [
        crawl_missing(
            store.runs.last_started("crawl"), store.runs.first_started(), health.crawl_minutes, now
        ),
        no_article(Troubles(store.db).seen_since(window), window, health.no_article_hours),
        *(outlet_trouble(store, outlet) for outlet in outlets if outlet.enabled),
        *outbox_troubles(store, health, now),
        little_room(shutil.disk_usage(database.absolute().parent).free),
    ]
    return tuple(trouble for trouble in found if trouble)


def crawl_missing(
    last: datetime | None, first: datetime | None, minutes: int, now: datetime
) -> Trouble | None:
    """`last`: of a crawl; `first`: of anything, for a ledger that was never crawled."""
    since = last or first
    if since is None or now - since <= timedelta(minutes=minutes):
        return None
    return Trouble("crawl-missing", "", f"no crawl started since {since:%Y-%m-%d %H:%M} UTC")


def no_article(seen: Seen, window: datetime, hours: int) -> Trouble | None:
    """Only once the whole window was watched: a new installation is not in trouble."""
    if seen.since is None or seen.since > window or not seen.answers:
        return None
    if not seen.entries:
        told = f"feeds answered {seen.answers} times in {hours} hours, and showed nothing new"
        return Trouble("no-article", "", told)
    if seen.pages >= WORDLESS_PAGES and not seen.words:
        return Trouble("no-article", "", f"{seen.pages} pages were read, and no word was found")
    return None


def outlet_trouble(store: Store, outlet: Outlet) -> Trouble | None:
    state = store.fetching.outlets.state(outlet.id)
    if state.checked is None or state.verdict == "ok":
        return None
    told = f"{state.verdict}: {state.reason}" if state.reason else state.verdict
    return Trouble("outlet", outlet.id, told)


def outbox_troubles(store: Store, health: Health, now: datetime) -> list[Trouble]:
    found = []
    for row in store.outbox.depth():
        late = row["oldest"] and now - moment(row["oldest"]) > timedelta(
            minutes=health.outbox_minutes
        )
        if late:
            told = f"{row['open']} messages wait, the oldest since {row['oldest']}"
            if row["failure"]:
                told += f"; the last failure: {row['failure']}"
            found.append(Trouble("outbox", row["channel"], told))
    return found


def little_room(free: int) -> Trouble | None:
    if free >= LEAST_ROOM:
        return None
    return Trouble("disk", "", f"{free // 1024 // 1024} MiB are left on the ledger's disk")


def news(
    found: Sequence[Trouble],
    known: Sequence[Known],
    told_before: dict[Trouble, datetime | None],
    repeat: timedelta,
    now: datetime,
) -> News:
    """What is told now. `told_before`: when each of the new ones was last told, in other times."""
    lasting = {(one.trouble.code, one.trouble.subject): one for one in known}
    due = []
    for trouble in found:
        before = lasting.get((trouble.code, trouble.subject))
        told = before.told if before else told_before.get(trouble)
        if told is None or now - told >= repeat:
            due.append(trouble)
    there = {(trouble.code, trouble.subject) for trouble in found}
    over = [one.trouble for key, one in lasting.items() if key not in there and one.told_this_time]
    return News(tuple(due), tuple(over))


def message(told: News, config: Config, now: datetime) -> Alert:
    """What the operator gets: troubles first, then what is over."""
    from pipelines.alert.composing import alert_of
    from pipelines.alert.sheet import Section, Sheet
    from pipelines.delivery import context_of

    channel = config.health.channel
    assert channel is not None  # who asks has one
    sections = [
        Section("trouble", "bad", name(trouble), "", (trouble.detail,))
        for trouble in told.troubles[:NAMED]
    ]
    sections += [
        Section("over", "good", name(trouble), "", (f"it was: {trouble.detail}",))
        for trouble in told.over[:NAMED]
    ]
    shown = min(len(told.troubles), NAMED) + min(len(told.over), NAMED)
    others = len(told.troubles) + len(told.over) - shown
    notes = (f"and {others} more: `veille status`",) if others else ("more: `veille status`",)
    sheet = Sheet("en", subject(told), (), "", tuple(sections), notes)
    key = blake2b(f"health {now.isoformat()}".encode(), digest_size=16).hexdigest()
    return alert_of(key, context_of(channel, config, ()), sheet, "health", (), ())


def subject(told: News) -> str:
    """ "veille: outlet lemonde, and 2 more" or "veille: over: outbox mail"."""
    kinds = [name(trouble) for trouble in told.troubles]
    if not kinds:
        kinds = [name(trouble) for trouble in told.over]
    more = f", and {len(kinds) - 1} more" if len(kinds) > 1 else ""
    return f"veille: {'' if told.troubles else 'over: '}{kinds[0]}{more}"


def name(trouble: Trouble) -> str:
    return f"{trouble.code} {trouble.subject}".strip()
