"""What waits: for the first run to end, the morning, the end of quiet hours, room below the cap."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest

from pipelines import intake
from pipelines.alert import Context
from pipelines.config import Channel, Rules, Secret, Slack, load
from pipelines.delivery.draining import Drain
from pipelines.money import Amount
from pipelines.records import Article, Certainty, Claim, Stage
from pipelines.shapes import when
from pipelines.store import Store
from tests.draining import AT_ONCE, PARIS, channel, drain, send, states, subjects
from tests.draining import hook as hook  # a fixture
from tests.news import MD, NOW, Move, figure, tell
from tests.servers import Answer, Hook

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


# -- what digests alone tell ----------------------------------------------------------------------


def test_an_isolated_figure_is_told_by_the_digest_only(store: Store, hook: Hook) -> None:
    tell(store, Move("held", figure(500)))
    drain(store, channel(hook, Rules()))
    assert not hook.requests
    drain(store, channel(hook, Rules()), NOW + timedelta(days=1))
    assert "CHIFFRE ISOLÉ" in hook.taken[0].json["text"]


def post(
    store: Store,
    payer: str,
    stage: Stage,
    at: datetime,
    *,
    page: str = "",
    background: bool = False,
) -> None:
    """The whole way of an article whose claim is given."""
    low = high = 9 * MD
    certainty: Certainty = "confirmed" if stage == "completed" else "rumoured"
    claim = Claim("investment", (payer,), "OpenAI", Amount(low, high), certainty, stage)
    claim = replace(claim, background=background)
    url = f"https://a.example/{page or payer}"
    article = Article(url, url, "a", f"{payer} et OpenAI", f"Avis sur {payer}{page}.", at)
    prepared = intake.prepare_given(article, [claim], at)
    intake.take(prepared, store, outlet=None, now=at, route=intake.Route(("out",)))


RUMOUR = (
    "Amazon négocierait un investissement de 50 milliards de dollars dans OpenAI, selon {}. "
    "L’accord serait signé d’ici {}."
)


def say(store: Store, name: str, text: str, at: datetime, channels: tuple[str, ...]) -> None:
    """The whole way of an article that is read."""
    url = f"https://{name}.example/a"
    article = Article(url, url, name, "OpenAI et Amazon", text, at)
    prepared = intake.prepare_article(article, load().watches, at)
    intake.take(prepared, store, outlet=None, now=at, route=intake.Route(channels))


def quiet_in(path: Path) -> list[tuple[str, str]]:
    with Store.open(path) as store:
        lines = list(store.ledger.changes(silent=True))
    return [(one["rule"], one["recorded"][:10]) for one in lines if one["change"] == "quiet"]


def test_a_rumour_whose_day_has_passed_is_told_once_by_the_digest(
    tmp_path: Path, hook: Hook
) -> None:
    """NOW is 27 February; a later day named meanwhile puts it off."""
    path = tmp_path / "v.db"
    config = replace(load(), channels=(channel(hook, Rules()),))
    with Store.open(path, create=True) as store:
        say(store, "a", RUMOUR.format("Bloomberg", "le 10 mars"), NOW, ("out",))
        send(path, config, NOW)
        say(store, "b", RUMOUR.format("Reuters", "la mi-mars"), NOW + timedelta(days=5), ("out",))
    for days in (5, 11, 12, 16, 17, 18, 30, 60):
        send(path, config, NOW + timedelta(days=days))
    assert quiet_in(path) == [("A17 its date has passed", "2026-03-16")]
    (told,) = [request.json for request in hook.taken if "quiet" in str(request.json["changes"])]
    assert "SANS NOUVELLES  Amazon → OpenAI" in told["text"]


def test_a_rumour_told_under_another_name_of_its_deal_fades_too_and_once(
    tmp_path: Path, hook: Hook
) -> None:
    """An earlier article, found late, gives the deal its name: readers know it by the former."""
    path = tmp_path / "v.db"
    config = replace(load(), channels=(channel(hook, Rules()),))
    with Store.open(path, create=True) as store:
        say(store, "a", RUMOUR.format("Bloomberg", "peu"), NOW, ("out",))
        send(path, config, NOW)
        say(store, "b", RUMOUR.format("Reuters", "peu"), NOW - timedelta(days=1), ("out",))
        former = next(line["deal"] for line in store.ledger.changes())
    for days in (1, 22, 23, 30):
        send(path, config, NOW + timedelta(days=days))
    assert [rule for rule, _ in quiet_in(path)] == ["A17 nobody repeated it"]
    with Store.open(path) as store:
        (line,) = [x for x in store.ledger.changes(silent=True) if x["change"] == "quiet"]
    assert line["deal"] == former


def test_nothing_is_folded_for_rumours_that_were_settled_or_put_off(tmp_path: Path) -> None:
    with Store.open(tmp_path / "v.db", create=True) as store:
        say(store, "a", RUMOUR.format("Bloomberg", "le 10 mars"), NOW, ())
        say(store, "b", RUMOUR.format("Reuters", "le 20 mars"), NOW + timedelta(days=5), ())
        since, week = NOW - timedelta(days=9), timedelta(days=7)
        for day, found in ((11, 0), (20, 0), (21, 1), (27, 1), (28, 0)):
            today = date(2026, 3, day)
            assert len(store.outbox.lapsed_deals(since, today - week, today)) == found, day
        assert len(store.outbox.silent_deals(since, NOW + week)) == 1
        settled = "Amazon investit 50 milliards de dollars dans OpenAI, ont annoncé les groupes."
        say(store, "c", settled, NOW + timedelta(days=6), ())
        assert store.outbox.silent_deals(since, NOW + week) == {}
        assert store.outbox.lapsed_deals(since, date(2026, 3, 14), date(2026, 3, 21)) == {}


def test_what_only_recalls_a_rumour_does_not_keep_it_alive(tmp_path: Path, hook: Hook) -> None:
    path = tmp_path / "v.db"
    config = replace(load(), channels=(channel(hook, Rules()),))
    with Store.open(path, create=True) as store:
        post(store, "A", "talks", NOW)
        send(path, config, NOW)
        for days in (10, 20, 30, 40):
            at = NOW + timedelta(days=days)
            post(store, "A", "talks", at, page=f"recalls/{days}", background=True)
            send(path, config, at)
    assert [day for _, day in quiet_in(path)] == ["2026-03-29"]


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
