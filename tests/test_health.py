"""Is veille well? Each trouble fired and recovered, and told once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from pipelines import config
from pipelines.records import Outlet
from pipelines.store import Store
from pipelines.store.outlet_state import Observation, OutletState
from pipelines.store.troubles import Known, Seen, Trouble, Troubles
from schedules import health
from schedules.health import crawl_missing, little_room, look, news, no_article
from tests.conftest import Ran
from tests.here import veille as veille  # a fixture
from tests.operators import Listener, with_channel
from tests.operators import listener as listener  # a fixture

Veille = Callable[..., Ran]

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
ESSAI = Outlet("essai", "Essai", "https://essai.example/", "probe")


# -- each trouble ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("last", "first", "trouble"),
    [
        (timedelta(minutes=59), timedelta(days=9), False),
        (timedelta(minutes=61), timedelta(days=9), True),
        (None, timedelta(minutes=59), False),
        (None, timedelta(minutes=61), True),
        (None, None, False),
    ],
)
def test_a_crawl_that_did_not_start_is_trouble(
    last: timedelta | None, first: timedelta | None, trouble: bool
) -> None:
    found = crawl_missing(
        None if last is None else NOW - last, None if first is None else NOW - first, 60, NOW
    )
    assert bool(found) is trouble


@pytest.mark.parametrize(
    ("answers", "entries", "pages", "words", "watched", "trouble"),
    [
        (50, 0, 0, 0, 25, "showed nothing new"),
        (50, 3, 0, 0, 25, None),
        (0, 0, 0, 0, 25, None),  # nobody answered: the outlets' own trouble
        (50, 0, 0, 0, 23, None),  # not watched for long enough
        (50, 30, 10, 0, 25, "no word was found"),
        (50, 30, 10, 900, 25, None),
        (50, 30, 9, 0, 25, None),
    ],
)
def test_feeds_that_answer_without_an_article_are_trouble(
    answers: int, entries: int, pages: int, words: int, watched: int, trouble: str | None
) -> None:
    seen = Seen(answers, entries, pages, words, NOW - watched * HOUR)
    found = no_article(seen, NOW - 24 * HOUR, 24)
    assert (found is None) if trouble is None else (found is not None and trouble in found.detail)


def test_a_disk_that_is_nearly_full_is_trouble() -> None:
    assert little_room(300 * 1024 * 1024) is None
    assert little_room(200 * 1024 * 1024) == Trouble(
        "disk", "", "200 MiB are left on the ledger's disk"
    )


def test_each_trouble_is_found_in_the_ledger_and_gone_when_it_is_over(
    store: Store, tmp_path: Path
) -> None:
    settings = config.load(None)

    def found() -> dict[str, str]:
        troubles = look(store, settings, (ESSAI,), tmp_path / "veille.db", NOW)
        return {trouble.code: trouble.detail for trouble in troubles}

    assert found() == {}
    run = store.runs.start("crawl", NOW - 2 * HOUR)
    store.runs.end(run, NOW - 2 * HOUR, 0, {})
    states = store.fetching.outlets
    states.add_observation("essai", Observation(requests=1), NOW - 30 * HOUR)
    states.add_observation("essai", Observation(requests=5, failed=1), NOW - 2 * HOUR)
    states.keep_state(OutletState("essai", checked=NOW, verdict="late", reason="nothing new"))
    store.outbox.queue("key", "desk", "immediate", None, [], NOW - 2 * HOUR)
    told = found()
    assert set(told) == {"crawl-missing", "no-article", "outlet", "outbox"}
    assert told["outlet"] == "late: nothing new"
    assert "4 times in 24 hours" in told["no-article"]
    assert "1 messages wait, the oldest since 2026-11-20T10:00" in told["outbox"]

    store.runs.start("crawl", NOW)
    states.add_observation("essai", Observation(requests=1, entries=2), NOW)
    states.keep_state(OutletState("essai", checked=NOW))
    store.db.execute("UPDATE outbox SET state = 'sent'")
    assert found() == {}


# -- what is told, and how often --------------------------------------------------------------


TROUBLE = Trouble("outbox", "desk", "1 message waits")


def played(store: Store, hours: dict[int, bool], repeat: int = 24) -> list[tuple[int, str]]:
    """Whether a trouble is there, by hour → (hour, what was told)."""
    troubles, told = Troubles(store.db), []
    for hour, there in hours.items():
        now = NOW + hour * HOUR
        found = (TROUBLE,) if there else ()
        before = {trouble: troubles.last_told(trouble) for trouble in found}
        made = news(found, troubles.open(), before, repeat * HOUR, now)
        told += [(hour, "trouble") for _ in made.troubles] + [(hour, "over") for _ in made.over]
        troubles.keep(found, now)
        troubles.mark_told(made.troubles, now)
    return told


@pytest.mark.parametrize(
    ("hours", "expected"),
    [
        # once, and once more when it is over
        ({0: True, 1: True, 2: True, 3: False, 4: False}, [(0, "trouble"), (3, "over")]),
        # again after a day while it lasts
        (
            {0: True, 23: True, 24: True, 47: True, 48: True, 49: False},
            [(0, "trouble"), (24, "trouble"), (48, "trouble"), (49, "over")],
        ),
        # one that comes and goes is told no more often
        (
            {0: True, 1: False, 2: True, 3: False, 4: True, 25: True, 26: False},
            [(0, "trouble"), (1, "over"), (25, "trouble"), (26, "over")],
        ),
        ({0: False, 1: False}, []),
    ],
)
def test_a_trouble_is_told_once_a_day_and_when_it_is_over(
    hours: dict[int, bool], expected: list[tuple[int, str]], store: Store
) -> None:
    assert played(store, hours) == expected


def test_a_trouble_that_could_not_be_told_is_told_the_next_time() -> None:
    known = Known(TROUBLE, NOW - HOUR, told=None, told_this_time=False)
    assert news((TROUBLE,), (known,), {}, 24 * HOUR, NOW).troubles == (TROUBLE,)
    assert not news((), (known,), {}, 24 * HOUR, NOW)


# -- the command --------------------------------------------------------------------------------


def test_the_operator_is_told_on_a_channel_of_its_own_and_when_it_is_over(
    veille: Veille, listener: Listener, tmp_path: Path
) -> None:
    with_channel(tmp_path, listener.url)
    veille("import", "-", "--now", "2026-11-20T08:00:00+00:00")
    for hour in (10, 11):
        assert veille("health", "--now", f"2026-11-20T{hour}:00:00+00:00").code == 0
    (body,) = listener.bodies
    assert (body["type"], body["channel"]) == ("health", "health")
    assert body["subject"] == "veille: crawl-missing"
    assert "no crawl started since 2026-11-20 08:00 UTC" in body["text"]
    with Store.open(tmp_path / "veille.db") as store:
        store.runs.start("crawl", datetime(2026, 11, 20, 11, 30, tzinfo=UTC))
        assert store.outbox.counts() == {}
    veille("health", "--now", "2026-11-20T12:00:00+00:00")
    assert listener.bodies[1]["subject"] == "veille: over: crawl-missing"
    assert len(listener.bodies) == 2


def _crawl_missing(store: Store, there: bool) -> None:
    started = "2026-11-20T09:00:00+00:00" if there else "2026-11-20T12:15:00+00:00"
    store.db.execute("UPDATE runs SET started = ? WHERE command = 'crawl'", (started,))


def _late_message(store: Store, there: bool) -> None:
    if there:
        store.outbox.queue("key", "desk", "immediate", None, [], NOW - 2 * HOUR)
    store.db.execute("UPDATE outbox SET state = ?", ("queued" if there else "sent",))


def _nothing_new(store: Store, there: bool) -> None:
    states = store.fetching.outlets
    if there:
        states.add_observation("essai", Observation(requests=1), NOW - 30 * HOUR)
        states.add_observation("essai", Observation(requests=5), NOW - HOUR)
    else:
        states.add_observation("essai", Observation(requests=1, entries=1), NOW)


def _verdict(verdict: Any) -> Callable[[Store, bool], None]:
    def make(store: Store, there: bool) -> None:
        state = OutletState("essai", checked=NOW, verdict=verdict if there else "ok")
        store.fetching.outlets.keep_state(state)

    return make


@pytest.mark.parametrize(
    ("name", "make"),
    [
        pytest.param("crawl-missing", _crawl_missing, id="crawl-missing"),
        pytest.param("no-article", _nothing_new, id="no-article"),
        pytest.param("outbox desk", _late_message, id="late-message"),
        *(
            pytest.param("outlet essai", _verdict(verdict), id=verdict)
            for verdict in ("late", "blocked", "moved", "malformed", "dead", "drifting")
        ),
    ],
)
def test_each_trouble_is_told_once_and_again_when_it_is_over(
    name: str,
    make: Callable[[Store, bool], None],
    veille: Veille,
    listener: Listener,
    tmp_path: Path,
) -> None:
    with_channel(tmp_path, listener.url)
    veille("import", "-", "--now", "2026-11-20T08:00:00+00:00")
    with Store.open(tmp_path / "veille.db") as store:
        store.runs.start("crawl", NOW - timedelta(minutes=5))
    assert veille("health", "--now", "2026-11-20T11:59:00+00:00").code == 0
    assert listener.bodies == []
    for minute, there in ((0, True), (10, True), (20, False), (30, False)):
        with Store.open(tmp_path / "veille.db") as store:
            if minute in (0, 20):
                make(store, there)
        assert veille("health", "--now", f"2026-11-20T12:{minute:02}:00+00:00").code == 0
    subjects = [body["subject"] for body in listener.bodies]
    assert subjects == [f"veille: {name}", f"veille: over: {name}"]


def test_a_disk_without_room_is_told_once_and_again_when_there_is_some(
    veille: Veille, listener: Listener, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_channel(tmp_path, listener.url)
    veille("import", "-", "--now", "2026-11-20T11:30:00+00:00")
    for minute, least in ((0, 2**62), (10, 2**62), (20, 0)):
        monkeypatch.setattr(health, "LEAST_ROOM", least)
        assert veille("health", "--now", f"2026-11-20T12:{minute:02}:00+00:00").code == 0
    subjects = [body["subject"] for body in listener.bodies]
    assert subjects == ["veille: disk", "veille: over: disk"]


def test_a_channel_that_fails_is_tried_again_for_troubles_and_recoveries(
    veille: Veille, listener: Listener, tmp_path: Path
) -> None:
    with_channel(tmp_path, listener.url)
    veille("import", "-", "--now", "2026-11-20T08:00:00+00:00")
    listener.status = 503
    failed = veille("health", "--now", "2026-11-20T10:00:00+00:00")
    assert failed.code == 3
    assert "secret-0123456789" not in failed.err
    listener.status = 200
    assert veille("health", "--now", "2026-11-20T10:10:00+00:00").code == 0
    with Store.open(tmp_path / "veille.db") as store:
        store.runs.start("crawl", datetime(2026, 11, 20, 10, 20, tzinfo=UTC))
    listener.status = 503
    assert veille("health", "--now", "2026-11-20T10:30:00+00:00").code == 3
    listener.status = 200
    assert veille("health", "--now", "2026-11-20T10:40:00+00:00").code == 0
    subjects = [body["subject"] for body in listener.bodies]
    assert subjects == ["veille: crawl-missing"] * 2 + ["veille: over: crawl-missing"] * 2


def test_without_a_channel_it_is_printed(veille: Veille) -> None:
    veille("import", "-", "--now", "2026-11-20T08:00:00+00:00")
    first = veille("health", "--now", "2026-11-20T10:00:00+00:00")
    assert first.out.startswith("trouble: crawl-missing: no crawl started since")
    assert veille("health", "--now", "2026-11-20T10:10:00+00:00").out == ""


def test_the_check_of_a_container_says_whether_crawls_start(veille: Veille) -> None:
    veille("import", "-", "--now", "2026-11-20T08:00:00+00:00")
    assert veille("health", "--check", "--now", "2026-11-20T08:30:00+00:00").code == 0
    late = veille("health", "--check", "--now", "2026-11-20T10:00:00+00:00")
    assert (late.code, "no crawl started" in late.err) == (1, True)


def test_an_outlet_that_is_switched_off_is_no_trouble(store: Store, tmp_path: Path) -> None:
    store.fetching.outlets.keep_state(OutletState("essai", checked=NOW, verdict="dead"))
    settings = config.load(None)
    off = replace(ESSAI, enabled=False)
    assert look(store, settings, (off,), tmp_path / "veille.db", NOW) == ()
