"""120 articles of 30 outlets about one closing: what somebody with the default rules gets."""

from __future__ import annotations

import statistics
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest

from pipelines.cadence import Look, hot_check, hot_since, next_look
from pipelines.change import fold
from pipelines.config import Rules, Schedule
from pipelines.store import Store
from tests.days import MORNING, PARIS, SEEN_AFTER, Reader, play
from tests.flood import FIRST, MD, OUTLETS, RELEASE, START, Written, claim, closing, flood

#: What the closing is truly about, in dollars.
TRUE = {110e9, 50e9, 30e9, 730e9}
MOST_MESSAGES = 8


@pytest.fixture(scope="module")
def reader() -> Reader:
    reader = Reader(Rules())
    with Store.open(":memory:") as store:
        play(store, [written.line() for written in flood()], (reader,), OUTLETS)
    return reader


def test_the_flood_is_one_of_120_articles_of_30_outlets_and_two_that_nobody_trusts() -> None:
    written = flood()
    assert len(written) == 120
    assert len({one.outlet for one in written if OUTLETS[one.outlet].tier < 3}) == 31
    assert sum(outlet.satire or outlet.tier == 3 for outlet in OUTLETS.values()) == 2
    assert max(one.updated or one.at for one in written) - START <= timedelta(hours=72)


def test_a_flood_is_a_handful_of_messages(reader: Reader) -> None:
    assert 3 <= len(reader.got) <= MOST_MESSAGES


def test_none_of_them_is_wrong(reader: Reader) -> None:
    told = [change for _, message in reader.got for change in reader.changes(message)]
    figures = {
        (change["after"] or change["before"])["amount"][1]
        for change in told
        if change["change"] != "held"
    }
    assert figures <= TRUE
    # what nobody else says is told as that, and leads no message
    assert not any("isolé" in message.subject for _, message in reader.got)


def test_the_closing_is_told_once_and_at_once(reader: Reader) -> None:
    at = [
        at
        for at, message in reader.got
        for change in reader.changes(message)
        if (change["change"], change["kind"]) == ("confirmed", "round")
    ]
    assert len(at) == 1
    assert at[0] - RELEASE < timedelta(minutes=15)


def test_one_line_counts_who_says_it(reader: Reader) -> None:
    lines = [line for _, message in reader.got for line in message.text.splitlines()]
    assert any("30 médias, 2 origines" in line for line in lines)


# -- how late -------------------------------------------------------------------------------------


def looks(outlet: str) -> Iterator[datetime]:
    """When an outlet is looked at, by the timetable as it ships."""
    plan, now = Schedule(), START - timedelta(hours=12)
    look = Look(None, 20, 20)
    while True:
        planned = next_look(OUTLETS[outlet], look, now, PARIS, plan)
        news = max((at for at in (FIRST, RELEASE) if at <= now), default=None)
        at: datetime | None = planned.at
        if news and news > hot_since(now, plan):
            at = hot_check(OUTLETS[outlet], at, 0, now, plan)
        assert at is not None
        # the crawl comes every minute
        now = at.replace(second=0, microsecond=0) + timedelta(minutes=plan.crawl_minutes)
        yield now
        look = Look(planned.gap, 20, 3)


def test_outlets_of_tier_1_are_heard_within_minutes_by_day() -> None:
    delays = []
    for written in flood():
        day = 7 <= written.at.astimezone(PARIS).hour < 22
        if OUTLETS[written.outlet].tier == 1 and day:
            seen = next(look for look in looks(written.outlet) if look >= written.at)
            delays.append((seen - written.at).total_seconds() / 60)
    assert len(delays) > 15
    assert statistics.median(delays) <= 6
    assert statistics.quantiles(delays, n=20)[-1] <= 15


# -- slips after the closing ----------------------------------------------------------------------


def after_closing(*slips: dict[str, Any]) -> list[tuple[datetime, list[dict[str, Any]]]]:
    """What is sent after three media told the closing, and others, hours later, this."""
    reader = Reader(Rules())
    written = [
        Written(f"media{n:02d}.example", RELEASE, "t", f"Texte {n}.", closing(), f"https://{n}/")
        for n in range(3)
    ]
    for n, slip in enumerate(slips, 4):
        at = RELEASE + timedelta(hours=n - 1)
        written.append(
            Written(f"media{n:02d}.example", at, "t", f"Autre {n}.", (slip,), f"https://{n}/")
        )
    with Store.open(":memory:") as store:
        play(store, [one.line() for one in written], (reader,), OUTLETS)
    late = RELEASE + timedelta(hours=3)
    return [(at, reader.changes(message)) for at, message in reader.got if at > late]


@pytest.mark.parametrize(
    "slip",
    [
        claim(110_000),
        claim(110_000, sources=("CNBC",)),
        claim(110_000, confirmed=True),
        claim(0.11, confirmed=True),
        claim(1_100),
    ],
)
def test_a_slip_after_the_closing_waits_for_the_digest_and_is_told_as_isolated(
    slip: dict[str, Any],
) -> None:
    ((at, told),) = after_closing(slip)
    assert at.time() == MORNING
    assert [change["change"] for change in told] == ["held"]


@pytest.mark.parametrize(
    "news",
    [
        claim(400, sources=("Bloomberg",)),  # a named medium
        claim(122, confirmed=True),  # the party itself
        claim(20, "investment", ("MGX",)),  # somebody new
    ],
)
def test_real_news_after_the_closing_is_told_at_once(news: dict[str, Any]) -> None:
    (at, told), *_ = after_closing(news)
    assert at - RELEASE < timedelta(hours=4)
    assert all(change["alert"] for change in told)


# -- forgeries ------------------------------------------------------------------------------------


def fifties() -> list[Written]:
    """Twenty media that say the same, credited to one source."""
    told = (claim(50, "investment", ("Amazon",), sources=("Reuters",)),)
    return [
        Written(
            f"media{n:02d}.example",
            FIRST + timedelta(minutes=n),
            "t",
            f"Texte {n}.",
            told,
            f"https://{n}/",
        )
        for n in range(20)
    ]


def forgeries(outlet: str) -> list[Written]:
    """Fifty claims of one outlet: other figures of the deal and deals that nobody knows."""
    return [
        Written(
            outlet,
            FIRST + timedelta(hours=2, minutes=n),
            "t",
            f"Faux {n}.",
            (claim(5 + 10 * n, "investment", (payer,), confirmed=n % 2 == 0),),
            f"https://{outlet}/{n}",
        )
        for n, payer in enumerate(["Amazon", "MGX"] * 25)
    ]


@pytest.mark.parametrize(
    "wrong",
    [
        [
            Written(
                "media20.example",
                FIRST + timedelta(hours=2),
                "t",
                "Coquille.",
                (claim(500, "investment", ("Amazon",)),),
                "https://x/",
            )
        ],
        forgeries("media30.example"),  # of tier 3
        forgeries("media31.example"),  # a satire
    ],
    ids=["a typo", "a fake outlet", "a satire"],
)
def test_a_forgery_is_no_immediate_message_and_moves_no_figure(wrong: list[Written]) -> None:
    reader = Reader(Rules())
    with Store.open(":memory:") as store:
        play(store, [one.line() for one in [*fifties(), *wrong]], (reader,), OUTLETS)
        deals = fold(store.ledger.postings())
    assert [(deal.payers, deal.figure.amount[1]) for deal in deals] == [(("Amazon",), 50 * MD)]
    at_once = [at for at, _ in reader.got if at.time() != MORNING]
    assert at_once == [FIRST + SEEN_AFTER]
