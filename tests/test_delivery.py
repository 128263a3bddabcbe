"""From the outbox to a server: once, in time, and nothing lost."""

from __future__ import annotations

import json
import multiprocessing
import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from pipelines import intake
from pipelines.alert import Context
from pipelines.config import Channel, Rules, Secret, Slack, Webhook, load
from pipelines.delivery import Alongside, deliver, lease
from pipelines.delivery.draining import MOST_ATTEMPTS, Drain, Outcome, pause
from pipelines.money import Amount
from pipelines.records import Article, Certainty, Claim, Stage
from pipelines.shapes import when
from pipelines.store import Store
from tests.news import CLOSING, MD, NOW, Move, figure, tell
from tests.servers import Answer, Hook

PARIS = ZoneInfo("Europe/Paris")
AT_ONCE = Rules(when="immediate", cap_per_hour=0)


@pytest.fixture
def hook() -> Iterator[Hook]:
    with Hook() as served:
        yield served


def channel(hook: Hook, rules: Rules = AT_ONCE, name: str = "out") -> Channel:
    return Channel(name, "webhook", Webhook(Secret(inline=hook.url)), rules)


def drain(store: Store, to: Channel, now: datetime = NOW) -> Outcome:
    return Drain(store, to, Context(to.name, "fr", PARIS), lambda: now).run()


def states(store: Store) -> list[str]:
    return [row["state"] for row in store.outbox.rows()]


def subjects(hook: Hook) -> list[str]:
    return [request.json["subject"].replace("\u00a0", " ") for request in hook.taken]


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
    path = tmp_path / "v.db"
    with Store.open(path, create=True) as store, Hook(lambda number: Answer(hang=0.7)) as slow:
        tell(store, channels=("slow", "quick"))
        config = replace(load(), channels=(channel(slow, name="slow"), channel(hook, name="quick")))
        started = datetime.now().astimezone()
        with Alongside(lambda: Store.open(path), config, lambda: NOW):
            while not hook.taken:
                assert datetime.now().astimezone() - started < timedelta(seconds=5)
            assert not slow.taken
    assert len(slow.taken) == len(hook.taken) == 1


def test_what_a_crawl_commits_is_handed_over_while_it_runs(tmp_path: Path, hook: Hook) -> None:
    path = tmp_path / "v.db"
    config = replace(load(), channels=(channel(hook),))
    with Store.open(path, create=True) as store:
        with Alongside(lambda: Store.open(path), config, lambda: NOW) as sending:
            for number in range(3):
                tell(store, number=number)
                committed = datetime.now().astimezone()
                while len(hook.taken) <= number:
                    # promised are 30 s
                    assert datetime.now().astimezone() - committed < timedelta(seconds=10)
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


# -- leases ---------------------------------------------------------------------------------------


def test_a_row_in_the_lease_of_a_living_sender_is_left_to_it(store: Store, hook: Hook) -> None:
    tell(store)
    store.outbox.lease(store.outbox.row(1), lease.take(), NOW)
    assert drain(store, channel(hook)).sent == 0
    assert states(store) == ["leased"]


def _gone(pid: int, **changed: object) -> str:
    return json.dumps(json.loads(lease.take()) | {"pid": pid} | changed)


def _dead_pid() -> int:
    child = multiprocessing.get_context("fork").Process(target=lambda: None)
    child.start()
    child.join()
    assert child.pid is not None
    return child.pid


@pytest.mark.parametrize(
    "owner",
    [
        lambda: _gone(_dead_pid()),
        lambda: _gone(os.getpid(), started="1"),
        lambda: _gone(os.getpid(), boot="another boot"),
        lambda: _gone(os.getpid(), until=1),
    ],
    ids=["is dead", "has its pid from another", "ran before the reboot", "hangs"],
)
def test_a_lease_is_free_at_once_when_its_owner(
    store: Store, hook: Hook, owner: Callable[[], str]
) -> None:
    tell(store)
    store.outbox.lease(store.outbox.row(1), owner(), NOW)
    assert drain(store, channel(hook)).sent == 1


def test_the_lease_of_a_process_of_another_container_is_free_only_in_time() -> None:
    assert not lease.is_free(_gone(_dead_pid(), space="pid:[1]"))
    assert lease.is_free(_gone(_dead_pid(), space="pid:[1]", until=1))


def test_two_senders_take_a_row_once(store: Store) -> None:
    tell(store)
    row = store.outbox.row(1)
    first = store.outbox.lease(row, lease.take(), NOW)
    second = store.outbox.lease(row, lease.take(), NOW)
    assert (first, second) == (1, None)


def test_senders_side_by_side_send_each_message_once(tmp_path: Path, hook: Hook) -> None:
    path, count = tmp_path / "v.db", 24
    config = replace(load(), channels=(channel(hook), channel(hook, Rules(when="daily"), "day")))
    with Store.open(path, create=True) as store:
        for number in range(count):
            tell(store, Move(payers=(f"P{number}",)), number=number, channels=("out", "day"))
        with ThreadPoolExecutor(4) as senders:
            for day in (0, 1):
                now = NOW + timedelta(days=day)
                runs = [senders.submit(send, path, config, now) for _ in range(4)]
                for run in runs:
                    run.result()
        keys = [request.headers["Idempotency-Key"] for request in hook.requests]
        assert len(keys) == len(set(keys)) == count + 1
        assert set(states(store)) == {"sent", "digested"}


def test_what_another_sender_has_put_off_meanwhile_is_left(store: Store, hook: Hook) -> None:
    tell(store, Move("new", figure(0.1)))
    to = channel(hook, Rules())
    slow = Drain(store, to, Context("out", "fr", PARIS), lambda: NOW)
    listed = store.outbox.due("out", NOW)
    drain(store, to)
    for row in listed:
        slow._one(row["id"], Outcome("out"))
    assert not hook.requests


# -- first run and digests ------------------------------------------------------------------------


def test_a_first_run_is_one_message_and_waits_until_all_is_posted(store: Store, hook: Hook) -> None:
    for number in range(3):
        tell(store, Move(payers=(f"P{number}",)), number=number, mode="first-run")
    store.articles.keep("https://a.example/9", "a", "page", "{}", when(NOW))
    drain(store, channel(hook))
    assert not hook.requests
    store.articles.drop_kept(1)
    drain(store, channel(hook))
    (request,) = hook.taken
    assert request.json["type"] == "digest"
    assert len(request.json["changes"]) == 3
    assert subjects(hook)[0].startswith(
        "Premier passage : P0 → OpenAI, investissement, 50 Md$ (+ 2 affaires)".replace(" ", " ")
    )
    assert states(store) == ["digested"] * 3 + ["sent"]


def test_the_rules_of_a_channel_hold_for_its_first_run_too(store: Store, hook: Hook) -> None:
    tell(store, Move(), mode="first-run")
    tell(store, Move(kind="debt"), number=2, mode="first-run")
    tell(store, Move(), Move(kind="debt", payers=("B",)), number=3, mode="first-run")
    drain(store, channel(hook, Rules(kinds=("debt",))))
    assert [line["kind"] for line in hook.taken[0].json["changes"]] == ["debt", "debt"]
    assert states(store) == ["muted", "digested", "digested", "sent"]


def test_small_changes_wait_for_the_morning(store: Store, hook: Hook) -> None:
    tell(store, Move("new", figure(0.2)))
    tell(store, Move("new", figure(0.3), payers=("B",)), number=2)
    to = channel(hook, Rules())
    drain(store, to)
    drain(store, to, datetime.fromisoformat("2026-02-28T07:29:59+01:00"))
    assert not hook.requests
    drain(store, to, datetime.fromisoformat("2026-02-28T07:30+01:00"))
    assert subjects(hook) == [
        "Récapitulatif du jour : B → OpenAI, investissement, 300 M$ (+ 1 affaire)"
    ]


def test_a_machine_that_slept_over_its_digest_sends_it_when_it_wakes(
    store: Store, hook: Hook
) -> None:
    tell(store, Move("new", figure(0.2)))
    drain(store, channel(hook, Rules()))
    drain(store, channel(hook, Rules()), NOW + timedelta(days=4))
    assert len(hook.taken) == 1


def test_a_digest_says_how_many_repeated_what_was_told_at_once(store: Store, hook: Hook) -> None:
    tell(store, Move("confirmed", figure(50, "completed"), figure(50)))
    to = channel(hook, Rules())
    drain(store, to)
    repeats = Move(
        "corroborated", figure(50, "completed"), said=(30, 2, ("The Information", "Reuters"))
    )
    tell(store, repeats, number=2, queue=False, at=NOW + timedelta(hours=3))
    morning = datetime.fromisoformat("2026-02-28T07:30+01:00")
    drain(store, to, morning)
    drain(store, to, morning + timedelta(minutes=5))
    _, digest = hook.taken
    assert "30 médias, 2 origines" in digest.json["text"]
    assert digest.json["changes"] == []


@pytest.mark.parametrize(
    ("rules", "outlets"),
    [(Rules(), 3), (Rules(changes=("confirmed",)), 30), (Rules(when="immediate"), 30)],
)
def test_a_deal_that_few_repeated_or_nobody_asks_for_makes_no_digest(
    store: Store, hook: Hook, rules: Rules, outlets: int
) -> None:
    tell(store, Move("confirmed", figure(50, "completed"), figure(50)))
    to = channel(hook, rules)
    drain(store, to)
    tell(store, Move("corroborated", said=(outlets, 2, ("A", "B"))), number=2, queue=False)
    drain(store, to, NOW + timedelta(days=1))
    assert len(hook.taken) == 1


def test_messages_above_the_cap_become_one_digest(store: Store, hook: Hook) -> None:
    to = channel(hook, Rules(when="immediate", cap_per_hour=3))
    for number in range(10):
        tell(store, Move(payers=(f"P{number}",)), number=number)
    drain(store, to)
    assert len(hook.taken) == 3
    drain(store, to, NOW + timedelta(minutes=59))
    assert len(hook.taken) == 3
    drain(store, to, NOW + timedelta(minutes=60))
    assert subjects(hook)[3].startswith("Beaucoup de messages en une heure : P3 → OpenAI")
    assert "7 changements, 7 affaires" in hook.taken[3].json["text"]
    assert len(hook.taken) == 4


@pytest.mark.parametrize(
    ("articles", "subject"), [(1, "Nouveau : P0"), (2, "Pendant les heures calmes : P0")]
)
def test_what_came_in_quiet_hours_comes_after_them_alone_or_together(
    store: Store, hook: Hook, articles: int, subject: str
) -> None:
    to = channel(hook, replace(AT_ONCE, quiet_hours=(time(22), time(7))))
    night = datetime.fromisoformat("2026-02-27T23:00+01:00")
    for number in range(articles):
        tell(store, Move(payers=(f"P{number}",)), number=number, at=night)
    drain(store, to, night)
    assert not hook.requests
    drain(store, to, night + timedelta(hours=8))
    assert [told.startswith(subject) for told in subjects(hook)] == [True]


def test_nothing_at_all_is_sent_in_quiet_hours(store: Store) -> None:
    night = replace(AT_ONCE, quiet_hours=(time(22), time(8)))
    with Hook(lambda number: Answer(500) if number == 0 else Answer()) as hook:
        to = channel(hook, night)
        evening = datetime.fromisoformat("2026-02-27T21:59:50+01:00")
        tell(store, at=evening)
        drain(store, to, evening)
        tell(store, number=2, mode="first-run")
        # the second try and the digest of a first run would be due by now
        drain(store, to, evening + timedelta(hours=3))
        assert len(hook.requests) == 1
        drain(store, to, datetime.fromisoformat("2026-02-28T08:00+01:00"))
        assert len(hook.taken) == 2


def test_slack_is_told_one_message_a_second(store: Store, hook: Hook) -> None:
    slept: list[float] = []
    for number in range(3):
        tell(store, number=number)
    to = Channel("out", "slack", Slack(Secret(inline=hook.url)), AT_ONCE)
    Drain(store, to, Context("out", "fr", PARIS), lambda: NOW, sleep=slept.append).run()
    assert (len(hook.taken), slept) == (3, [1.0, 1.0])


def test_a_deal_cools_down_and_others_do_not_wait(store: Store, hook: Hook) -> None:
    to = channel(hook, replace(AT_ONCE, cooldown_minutes=30))
    tell(store, Move())
    drain(store, to)
    tell(store, Move("amount_up", figure(60), figure(50)), number=2)
    tell(store, Move(payers=("B",)), number=3)
    drain(store, to, NOW + timedelta(minutes=10))
    assert [told[:12] for told in subjects(hook)] == ["Nouveau : Am", "Nouveau : B "]
    drain(store, to, NOW + timedelta(minutes=31))
    assert subjects(hook)[2].startswith("En hausse : Amazon")


# -- corrections ----------------------------------------------------------------------------------


def test_a_correction_follows_the_wrong_message_to_its_readers_only(
    store: Store, hook: Hook
) -> None:
    (wrong,) = tell(store, Move(), channels=("out", "other"))
    told = channel(hook, AT_ONCE)
    never = channel(hook, Rules(kinds=("debt",)), name="other")
    drain(store, told)
    drain(store, never)
    tell(
        store,
        Move("corrected", figure(5), figure(50), corrects=wrong),
        number=2,
        channels=("out", "other"),
    )
    drain(store, told)
    drain(store, never)
    first, correction = hook.taken
    assert correction.json["subject"].startswith("Rectificatif")
    row = store.outbox.row(3)
    assert row["thread"][-1] == first.headers["Idempotency-Key"]
    assert states(store) == ["sent", "muted", "sent", "muted"]


@pytest.mark.parametrize("rules", [AT_ONCE, Rules(when="daily")])
def test_what_was_taken_back_before_it_was_told_is_not_told_at_all(
    store: Store, hook: Hook, rules: Rules
) -> None:
    to = channel(hook, rules)
    (wrong, _) = tell(store, Move(), Move(payers=("B",)))
    if rules.when == "daily":
        drain(store, to)
    tell(store, Move("corrected", figure(5), figure(50), corrects=wrong), number=2)
    drain(store, to)
    drain(store, to, NOW + timedelta(days=1))
    (request,) = hook.taken
    assert [line["payers"] for line in request.json["changes"]] == [["B"]]


def test_a_message_of_which_nothing_is_left_is_not_sent(store: Store, hook: Hook) -> None:
    (wrong,) = tell(store, Move())
    tell(store, Move("corrected", figure(5), figure(50), corrects=wrong), number=2)
    drain(store, channel(hook))
    assert not hook.requests
    assert states(store) == ["muted", "muted"]


# -- what digests alone tell ----------------------------------------------------------------------


def send(path: Path, config: object, now: datetime) -> None:
    deliver(lambda: Store.open(path), config, lambda: now)  # type: ignore[arg-type]


def test_an_isolated_figure_is_told_by_the_digest_only(store: Store, hook: Hook) -> None:
    tell(store, Move("held", figure(500)))
    drain(store, channel(hook, Rules()))
    assert not hook.requests
    drain(store, channel(hook, Rules()), NOW + timedelta(days=1))
    assert "CHIFFRE ISOLÉ" in hook.taken[0].json["text"]


def post(store: Store, payer: str, stage: Stage, at: datetime) -> None:
    """The whole way of an article whose claim is given."""
    low = high = 9 * MD
    certainty: Certainty = "confirmed" if stage == "completed" else "rumoured"
    claim = Claim("investment", (payer,), "OpenAI", Amount(low, high), certainty, stage)
    url = f"https://a.example/{payer}"
    article = Article(url, url, "a", f"{payer} et OpenAI", f"Avis sur {payer}.", at)
    prepared = intake.prepare_given(article, [claim], at)
    intake.take(prepared, store, outlet=None, now=at, route=intake.Route(("out",)))


def test_a_rumour_that_nobody_repeats_is_told_once_by_the_digest(
    tmp_path: Path, hook: Hook
) -> None:
    path = tmp_path / "v.db"
    config = replace(load(), channels=(channel(hook, Rules()),))
    with Store.open(path, create=True) as store:
        # so old when it was told that its silence is no news any more
        post(store, "C", "talks", NOW - timedelta(days=99))
        send(path, config, NOW)
        post(store, "A", "talks", NOW)
        # settled, so nobody has to repeat it
        post(store, "B", "completed", NOW)
        for days in (0, 20, 22, 23, 24, 60):
            send(path, config, NOW + timedelta(days=days))
        quiet = [line for line in store.ledger.changes(silent=True) if line["change"] == "quiet"]
    (told,) = [request.json for request in hook.taken if "quiet" in str(request.json["changes"])]
    assert [line["payers"] for line in quiet] == [["A"]]
    assert "SANS NOUVELLES  A → OpenAI" in told["text"]
    assert (quiet[0]["url"], quiet[0]["article"], quiet[0]["alert"]) == (None, None, False)
