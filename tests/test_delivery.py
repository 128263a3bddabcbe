"""From the outbox to a server: once, in time, and nothing lost."""

from __future__ import annotations

import threading
import time
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from pipelines.alert import Context
from pipelines.config import Channel, Secret, Webhook, load
from pipelines.delivery import Alongside, deliver
from pipelines.delivery.draining import MOST_ATTEMPTS, Drain, pause
from pipelines.store import Store
from tests.daemons import PATIENCE
from tests.draining import AT_ONCE, PARIS, channel, drain, states, subjects
from tests.draining import hook as hook  # a fixture
from tests.news import CLOSING, NOW, Move, figure, tell
from tests.servers import Answer, Hook

# -- once -----------------------------------------------------------------------------------------


def test_one_article_is_one_message_with_all_its_changes(store: Store, hook: Hook) -> None:
    ids = tell(store, *CLOSING)
    assert drain(store, channel(hook)).sent == 1
    (request,) = hook.taken
    assert sorted(line["id"] for line in request.json["changes"]) == ids
    assert states(store) == ["sent"]


def test_what_was_sent_is_not_sent_again(store: Store, hook: Hook) -> None:
    tell(store)
    drain(store, channel(hook))
    drain(store, channel(hook), NOW + timedelta(days=1))
    assert len(hook.requests) == 1


def test_the_oldest_message_goes_first(store: Store, hook: Hook) -> None:
    tell(store, Move(payers=("B",)), number=2, at=NOW)
    tell(store, Move(payers=("A",)), number=1, at=NOW - timedelta(minutes=1))
    drain(store, channel(hook))
    assert [subject[10:11] for subject in subjects(hook)] == ["A", "B"]


def test_a_retry_says_the_same_under_the_same_key(store: Store) -> None:
    answers = [Answer(500), Answer(200)]
    with Hook(lambda number: answers[number]) as hook:
        tell(store)
        drain(store, channel(hook))
        # what is believed of the deal moves on meanwhile
        tell(store, Move("confirmed", figure(50, "completed"), figure(50)), number=2, queue=False)
        drain(store, channel(hook), NOW + timedelta(minutes=5))
        first, second = hook.requests
    assert first.body == second.body
    assert first.headers["Idempotency-Key"] == second.headers["Idempotency-Key"]


# -- nothing lost ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answer", "state", "wait"),
    [
        (Answer(500, "oops"), "retry", 30),
        (Answer(503), "retry", 30),
        (Answer(429, headers={"Retry-After": "77"}), "retry", 77),
        (Answer(200, drop=True), "retry", 30),
        (Answer(404, "no such hook"), "dead", None),
        (Answer(410), "dead", None),
        (Answer(400), "dead", None),
        (Answer(302, headers={"Location": "https://b.example/"}), "dead", None),
    ],
)
def test_a_message_that_was_not_taken_is_tried_again_or_parked(
    store: Store, answer: Answer, state: str, wait: float | None
) -> None:
    with Hook(lambda number: answer) as hook:
        tell(store)
        outcome = drain(store, channel(hook))
    (row,) = store.outbox.rows()
    assert (outcome.failed, row["state"], row["lease"]) == (1, state, None)
    assert outcome.problems[0].startswith("out: 127.0.0.1 ")
    if wait is not None:
        waited = (datetime.fromisoformat(row["due"]) - NOW).total_seconds()
        assert waited == pytest.approx(wait, rel=0.21)
    (attempt,) = store.outbox.attempts(row["id"])
    assert (attempt["state"], attempt["answer"]) == (state, outcome.problems[0])


def test_a_parked_message_is_sent_when_it_is_asked_for(store: Store) -> None:
    answers = [Answer(404), Answer(200)]
    with Hook(lambda number: answers[number]) as hook:
        tell(store)
        drain(store, channel(hook))
        drain(store, channel(hook), NOW + timedelta(days=9))
        assert len(hook.requests) == 1
        assert store.outbox.retry(None, NOW) == 1
        drain(store, channel(hook))
    assert states(store) == ["sent"]


def test_a_message_that_nobody_takes_dies_after_two_days_and_stays_visible(store: Store) -> None:
    now = NOW
    with Hook(lambda number: Answer(500)) as hook:
        tell(store)
        while states(store) != ["dead"]:
            drain(store, channel(hook), now)
            now = datetime.fromisoformat(store.outbox.rows()[0]["due"])
    assert len(hook.requests) == MOST_ATTEMPTS
    assert timedelta(days=1.5) < now - NOW < timedelta(days=2.5)
    (depth,) = store.outbox.depth()
    assert depth["dead"] == 1
    assert "answered 500" in depth["failure"]


def test_pauses_double_up_to_a_limit_and_differ_between_messages() -> None:
    steps = [pause(n, "a") / pause(n - 1, "a") for n in range(2, 9)]
    assert all(2 * 0.8 / 1.2 <= step <= 2 * 1.2 / 0.8 for step in steps)
    assert max(pause(n, "a") for n in range(1, 30)) <= 4 * 3600 * 1.2
    assert len({pause(1, str(key)) for key in range(100)}) > 90


def test_a_channel_that_says_later_is_left_alone_until_then(store: Store) -> None:
    with Hook(
        lambda n: Answer(429, headers={"Retry-After": "120"}) if n == 0 else Answer()
    ) as hook:
        for number in range(5):
            tell(store, number=number)
        drain(store, channel(hook))
        drain(store, channel(hook), NOW + timedelta(seconds=119))
        assert len(hook.requests) == 1
        drain(store, channel(hook), NOW + timedelta(seconds=120))
    assert states(store) == ["sent"] * 5


def test_a_server_that_says_in_a_second_is_waited_for(store: Store) -> None:
    busy = Answer(429, headers={"Retry-After": "1"})
    slept: list[float] = []
    now = [NOW]

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        now[0] += timedelta(seconds=seconds)

    with Hook(lambda number: busy if number in (1, 2) else Answer()) as hook:
        for number in range(4):
            tell(store, number=number)
        to = channel(hook)
        Drain(store, to, Context(to.name, "fr", PARIS), lambda: now[0], sleep).run()
    assert states(store) == ["sent"] * 4
    assert slept == [2.0, 2.0]


def test_a_server_that_always_says_in_a_second_is_left_to_the_next_run(store: Store) -> None:
    with Hook(lambda number: Answer(429, headers={"Retry-After": "1"})) as hook:
        tell(store)
        tell(store, number=2)
        now = NOW
        for _ in range(30):
            to = channel(hook)
            Drain(store, to, Context(to.name, "fr", PARIS), lambda: now, lambda _: None).run()  # noqa: B023
            now += timedelta(seconds=10)
    # an hour of it kills nothing
    assert "dead" not in states(store)


def test_a_revoked_webhook_parks_one_message_and_keeps_the_others(store: Store) -> None:
    with Hook(lambda number: Answer(404, "no_service")) as hook:
        for number in range(5):
            tell(store, number=number)
        drain(store, channel(hook))
        assert len(hook.requests) == 1
    assert sorted(states(store)) == ["dead", *["queued"] * 4]


def test_one_bad_message_does_not_hold_up_the_next(store: Store) -> None:
    with Hook(lambda number: Answer(400) if number == 0 else Answer()) as hook:
        for number in range(3):
            tell(store, number=number)
        drain(store, channel(hook))
    assert states(store) == ["dead", "sent", "sent"]


def test_a_channel_that_hangs_holds_up_no_other(tmp_path: Path, hook: Hook) -> None:
    path, gate = tmp_path / "v.db", threading.Event()

    def held(_: int) -> Answer:
        gate.wait(PATIENCE)
        return Answer()

    with Store.open(path, create=True) as store, Hook(held) as slow:
        tell(store, channels=("slow", "quick"))
        config = replace(load(), channels=(channel(slow, name="slow"), channel(hook, name="quick")))
        until = time.monotonic() + PATIENCE
        with Alongside(lambda: Store.open(path), config, lambda: NOW):
            while not hook.taken and time.monotonic() < until:
                time.sleep(0.01)  # leaves the processor to the senders; the deadline is above
            assert hook.taken
            assert not slow.taken
            gate.set()
    assert len(slow.taken) == len(hook.taken) == 1


def test_what_a_crawl_commits_is_handed_over_while_it_runs(tmp_path: Path, hook: Hook) -> None:
    path = tmp_path / "v.db"
    config = replace(load(), channels=(channel(hook),))
    with Store.open(path, create=True) as store:
        with Alongside(lambda: Store.open(path), config, lambda: NOW) as sending:
            for number in range(3):
                tell(store, number=number)
                # promised are 30 s, where the machine is not busy with other things
                until = time.monotonic() + PATIENCE
                while len(hook.taken) <= number and time.monotonic() < until:
                    time.sleep(0.01)  # leaves the processor to the sender; the deadline is above
                assert len(hook.taken) == number + 1
        assert (sending.sent, sending.failed) == (3, 0)


def test_a_secret_that_cannot_be_read_is_a_failure_of_its_channel_alone(
    tmp_path: Path, hook: Hook
) -> None:
    path = tmp_path / "v.db"
    with Store.open(path, create=True) as store:
        tell(store, channels=("lost", "good"))
        lost = Channel("lost", "webhook", Webhook(Secret(file=tmp_path / "none")), AT_ONCE)
        config = replace(load(), channels=(lost, channel(hook, name="good")))
        bad, good = deliver(lambda: Store.open(path), config, lambda: NOW)
        assert (bad.failed, good.sent) == (1, 1)
        assert bad.problems == [f"lost: {tmp_path}/none cannot be read: No such file or directory"]
        assert states(store) == ["retry", "sent"]
