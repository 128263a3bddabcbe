"""Who is told what, when and why."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from pipelines.alert.policy import Evidence, Sent, decide, last_digest
from pipelines.config import Rules

PARIS = ZoneInfo("Europe/Paris")
#: A Friday, 14:06 in Paris.
NOW = datetime(2026, 2, 27, 13, 6, tzinfo=UTC)


def line(change: str = "new", milliards: float = 50, **other: Any) -> dict[str, Any]:
    amount = int(milliards * 1e9)
    return {
        "id": 1,
        "change": change,
        "also": [],
        "corrects": None,
        "kind": "investment",
        "payers": ["Amazon"],
        "payee": "OpenAI",
        "before": None,
        "after": {"amount": [amount, amount], "currency": "USD"},
        "claims": [0],
        "corroborations": {"outlets": 1, "independent": 1, "origins": []},
    } | other


TWO_VOICES = {"outlets": 2, "independent": 2, "origins": ["A", "B"]}


@pytest.mark.parametrize(
    ("rules", "lines", "evidence", "mode", "reason"),
    [
        (Rules(), [line("confirmed", 0.1)], {}, "immediate", "confirmed: at once"),
        (Rules(), [line("denied", 0.1)], {}, "immediate", "denied: at once"),
        (Rules(), [line("contradiction", 0.1)], {}, "immediate", "contradiction: at once"),
        (Rules(), [line("amount_up", 0.1, also=["confirmed"])], {}, "immediate", "confirmed"),
        (Rules(), [line("new", 1)], {}, "immediate", "from 1000000000 on at once"),
        (Rules(), [line("new", 0.9)], {}, "daily", "below at_once_amount"),
        (Rules(), [line("amount_down", 0.9)], {}, "daily", "below at_once_amount"),
        (Rules(), [line("new_investor", 0.9)], {}, "daily", "below at_once_amount"),
        (Rules(), [line("new", 0.9), line("new", 2)], {}, "immediate", "at once"),
        (Rules(), [line("held", 500)], {}, "daily", "digests only"),
        (Rules(), [line("quiet", 500)], {}, "daily", "digests only"),
        (Rules(when="immediate"), [line("new", 0.1)], {}, "immediate", 'when = "immediate"'),
        (Rules(when="immediate"), [line("held", 500)], {}, "muted", "this channel has none"),
        (Rules(when="daily"), [line("confirmed")], {}, "daily", 'when = "daily"'),
        (Rules(when="weekly"), [line("confirmed")], {}, "weekly", 'when = "weekly"'),
        (Rules(when="weekly"), [line("held")], {}, "weekly", "digests only"),
        (Rules(), [line("confirmed")], {"tier": 3}, "daily", "tier 3 never alerts alone"),
        (Rules(), [line("confirmed")], {"satire": True}, "daily", "satire never alerts alone"),
        (
            Rules(),
            [line("confirmed", corroborations=TWO_VOICES)],
            {"tier": 3, "satire": True},
            "immediate",
            "at once",
        ),
        (Rules(companies=("Anthropic",)), [line()], {}, "muted", "none of the channel's companies"),
        (Rules(companies=("Amazon",)), [line()], {}, "immediate", "at once"),
        (Rules(kinds=("debt",)), [line()], {}, "muted", "kind investment is not asked for"),
        (Rules(changes=("denied",)), [line()], {}, "muted", "change new is not asked for"),
        (Rules(languages=("en",)), [line()], {"language": "fr"}, "muted", "language fr"),
        (Rules(languages=("en",)), [line()], {}, "muted", "language unknown"),
        (Rules(least_amount=60 * 10**9), [line()], {}, "muted", "below least_amount"),
        (Rules(least_confidence=0.8), [line()], {"confidence": {0: 0.7}}, "muted", "0.70 is below"),
        (Rules(least_confidence=0.8), [line()], {"confidence": {0: 0.9}}, "immediate", "at once"),
    ],
)
def test_a_rule_decides_what_goes_out_and_how_and_says_why(
    rules: Rules, lines: list[dict[str, Any]], evidence: dict[str, Any], mode: str, reason: str
) -> None:
    said = decide(rules, lines, Evidence(**evidence), Sent(), NOW, PARIS)
    assert said.mode == mode
    assert reason in said.reason


def test_only_the_changes_that_a_channel_asks_for_are_told() -> None:
    lines = [line(id=1), line(id=2, kind="round"), line(id=3, kind="valuation")]
    said = decide(Rules(kinds=("round",)), lines, Evidence(), Sent(), NOW, PARIS)
    assert said.told == (2,)


def test_a_correction_goes_to_those_who_were_told_and_to_nobody_else() -> None:
    wrong = line("corrected", 0.1, corrects=7)
    # even where the rules would let nothing of it through: they did when it was told
    strict = Rules(when="weekly", kinds=("debt",), least_amount=10**12)
    told = decide(strict, [wrong], Evidence(), Sent(told=frozenset((7,))), NOW, PARIS)
    others = decide(Rules(), [wrong], Evidence(), Sent(), NOW, PARIS)
    assert (told.mode, told.reason) == ("immediate", "takes back what was told")
    assert (others.mode, others.reason) == ("muted", "what it corrects was not told here")


@pytest.mark.parametrize(
    ("when", "at", "due"),
    [
        ("daily", time(7, 30), datetime(2026, 2, 28, 6, 30, tzinfo=UTC)),
        ("daily", time(14, 30), datetime(2026, 2, 27, 13, 30, tzinfo=UTC)),
        ("weekly", time(7, 30), datetime(2026, 3, 2, 6, 30, tzinfo=UTC)),
    ],
)
def test_a_digest_is_due_at_its_local_time(when: Any, at: time, due: datetime) -> None:
    rules = Rules(when=when, at=at)
    said = decide(rules, [line()], Evidence(), Sent(), NOW, PARIS)
    assert said.due == due


def test_a_digest_stays_at_its_local_time_when_the_clocks_change() -> None:
    # in the night to the 29th of March the clocks of Paris go from 2 to 3
    eve = datetime(2026, 3, 28, 12, 0, tzinfo=UTC)
    said = decide(Rules(when="daily"), [line()], Evidence(), Sent(), eve, PARIS)
    assert said.due == datetime(2026, 3, 29, 5, 30, tzinfo=UTC)
    before = last_digest(Rules(when="daily"), said.due, PARIS)
    assert before == said.due
    assert last_digest(Rules(), said.due - timedelta(minutes=1), PARIS) == datetime(
        2026, 3, 28, 6, 30, tzinfo=UTC
    )


def test_a_week_ends_where_the_next_begins() -> None:
    rules = Rules(when="weekly")
    assert last_digest(rules, NOW, PARIS) == datetime(2026, 2, 23, 6, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("hours", "clock", "until"),
    [
        ((time(22), time(7)), "2026-02-27T23:00+01:00", "2026-02-28T07:00+01:00"),
        ((time(22), time(7)), "2026-02-28T06:59+01:00", "2026-02-28T07:00+01:00"),
        ((time(22), time(7)), "2026-02-28T07:00+01:00", None),
        ((time(22), time(7)), "2026-02-28T21:59+01:00", None),
        ((time(12), time(14)), "2026-02-28T13:00+01:00", "2026-02-28T14:00+01:00"),
    ],
)
def test_quiet_hours_hold_a_message_back_until_they_end(
    hours: tuple[time, time], clock: str, until: str | None
) -> None:
    rules = Rules(quiet_hours=hours)
    now = datetime.fromisoformat(clock)
    said = decide(rules, [line()], Evidence(), Sent(), now, PARIS)
    assert said.mode == ("quiet-hours" if until else "immediate")
    assert said.due == (datetime.fromisoformat(until) if until else now)


def test_more_than_the_cap_waits_until_the_hour_has_room() -> None:
    rules = Rules(cap_per_hour=2)
    hour = (NOW - timedelta(minutes=50), NOW - timedelta(minutes=10))
    said = decide(rules, [line()], Evidence(), Sent(last_hour=hour), NOW, PARIS)
    assert (said.mode, said.due) == ("cap", NOW + timedelta(minutes=10))
    free = decide(replace(rules, cap_per_hour=0), [line()], Evidence(), Sent(hour), NOW, PARIS)
    assert free.mode == "immediate"


def test_a_deal_that_was_just_told_cools_down() -> None:
    rules = Rules(cooldown_minutes=30)
    sent = Sent(deal=NOW - timedelta(minutes=10))
    said = decide(rules, [line()], Evidence(), sent, NOW, PARIS)
    assert (said.mode, said.due) == ("cooldown", NOW + timedelta(minutes=20))
    assert "told of this deal 10 min ago" in said.reason
