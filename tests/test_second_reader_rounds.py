"""Which claims the second reader is asked about, how often, and that people have the last word."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from pipelines import change, replay, review, second_reader
from pipelines.intake import Prepared, Route, prepare_article, prepare_given, take
from pipelines.records import Opinion, Outlet
from pipelines.second_reader import AGAIN_AFTER, REST, is_due
from pipelines.store import Store
from pipelines.store.second_readings import Asked
from tests.second_readings import (
    DAY,
    DEFAULT,
    HOUR,
    TEXT,
    ask,
    configured,
    held,
    keep,
    labels,
    outcomes,
    says,
)
from tests.servers import Answer, Hook

# -- which claims --------------------------------------------------------------------------------


RESERVED = Outlet("a0", "A", "https://www.a0.example/", "feed", ai_reserved=True)


@pytest.mark.parametrize(
    "prepared",
    [
        held(),
        replace(held(), article=replace(held().article, outlet="a reprint")),
        replace(held(), article=replace(held(1).article, canonical_url="https://m.a0.example/1")),
    ],
    ids=["by its name", "by its address", "by the address that it calls its own"],
)
def test_a_text_of_a_reserved_outlet_is_never_sent(prepared: Prepared, store: Store) -> None:
    keep(store, prepared)
    with Hook(lambda _: says()) as hook:
        ask(store, configured(hook), outlets=(RESERVED,))
        assert hook.requests == []
        ask(store, configured(hook), outlets=(replace(RESERVED, ai_reserved=False),))
        assert len(hook.requests) == 1


def test_a_copy_of_a_reserved_text_is_never_sent(store: Store) -> None:
    whole = TEXT + " La somme serait versée par tranches." * 20
    keep(store, held(1, text=whole), held(0, text=whole))
    with Hook(lambda _: says()) as hook:
        ask(store, configured(hook), outlets=(RESERVED,))
    assert hook.requests == []


def test_only_what_waits_in_the_newest_version_and_has_its_text_is_sent(store: Store) -> None:
    keep(store, held(0), held(1), held(2), replace(held(3), held=frozenset()))
    new = replace(held(1).article, text="Rien de tel.", modified=DAY + HOUR)
    take(prepare_given(new, [], DAY), store, outlet=None, now=DAY)
    store.db.execute("UPDATE articles SET text = NULL WHERE outlet = 'a2'")
    with Hook(lambda _: says()) as hook:
        assert ask(store, configured(hook)).asked == 1


def test_an_import_that_tells_nobody_tells_nobody_later(store: Store) -> None:
    keep(store, held(), route=Route())
    with Hook(lambda _: says()) as hook:
        done = ask(store, configured(hook))
    assert (done.released, done.told) == (1, 0)
    assert (labels(store), list(store.outbox.rows())) == (["new"], [])


def test_what_a_first_run_found_goes_into_a_digest(store: Store) -> None:
    take(
        held(), store, outlet=None, now=DAY, route=Route(("console",), "first-run"), first_run=True
    )
    with Hook(lambda _: says()) as hook:
        ask(store, configured(hook))
    assert [row["mode"] for row in store.outbox.rows()] == ["first-run"]


# -- how often -----------------------------------------------------------------------------------


def test_the_cap_is_of_a_local_day_and_no_restart_resets_it(tmp_path: Path) -> None:
    path, evening = tmp_path / "veille.db", datetime(2026, 2, 1, 22, 30, tzinfo=UTC)
    with Hook(lambda _: says()) as hook:
        given = configured(hook, max_a_day=2)
        with Store.open(path, create=True) as store:
            keep(store, *(held(number) for number in range(5)))
            first = ask(store, given, evening)
        with Store.open(path) as store:
            second = ask(store, given, evening + timedelta(minutes=20))
            # midnight in Paris is 23:00
            third = ask(store, given, evening + timedelta(minutes=40))
    assert [first.asked, second.asked, third.asked] == [2, 0, 2]
    assert second.stopped == "2 questions were asked today"


def test_the_newest_that_the_day_allows_are_asked_in_order_of_publication(store: Store) -> None:
    keep(store, held(2), held(0), held(1))
    with Hook(lambda _: says()) as hook:
        ask(store, configured(hook, max_a_day=2))
    assert [row["outlet"] for row in store.verdicts.waiting()] == ["a2"]
    # told by the older of the two; the newer one only repeats it
    assert [line["outlet"] for line in store.ledger.changes()] == ["a1"]


def asked(*pairs: tuple[int, Opinion | None]) -> list[Asked]:
    """Questions so many hours after the first, with their outcomes."""
    return [Asked(DAY + hours * HOUR, outcome, "") for hours, outcome in pairs]


DUE = [
    ("nothing was asked", asked(), 0, True),
    ("it agreed", asked((0, "agrees")), 99, False),
    ("it disagreed", asked((0, "disagrees")), 99, False),
    ("a failure, too soon", asked((0, "failed")), 0.9, False),
    ("a failure", asked((0, "failed")), 1, True),
    ("the second one, too soon", asked((0, "failed"), (1, "unusable")), 4.9, False),
    ("the second one", asked((0, "failed"), (1, "unusable")), 5, True),
    ("cut short by a kill", asked((0, None)), 0, True),
    ("four times without an answer", asked(*[(0, "unusable")] * 4), 99, False),
    ("killed again and again", asked(*[(0, None)] * 4), 99, False),
]


@pytest.mark.parametrize(
    ("before", "hours", "due"), [row[1:] for row in DUE], ids=[r[0] for r in DUE]
)
def test_a_claim_is_asked_about_again_a_few_times_at_most(
    before: list[Asked], hours: float, due: bool
) -> None:
    assert len(AGAIN_AFTER) == 3
    assert is_due(before, DAY + hours * HOUR) is due


def test_a_failing_endpoint_is_left_alone_for_a_while_and_then_tried_with_the_next(
    store: Store,
) -> None:
    keep(store, held(0), held(1))
    with Hook(lambda number: Answer(503) if number < 1 else says()) as hook:
        given = configured(hook)
        rounds = [ask(store, given, at) for at in (DAY, DAY + REST / 2, DAY + REST, DAY + HOUR)]
    assert [done.asked for done in rounds] == [1, 0, 1, 1]
    assert [done.released for done in rounds] == [0, 0, 1, 1]
    assert "it rests after a failure" in rounds[1].stopped


def test_a_cap_that_was_lowered_is_used_up(store: Store) -> None:
    keep(store, held(0), held(1))
    with Hook(lambda _: says(stated=False)) as hook:
        assert ask(store, configured(hook)).asked == 2
        done = ask(store, configured(hook, max_a_day=1), DAY + HOUR)
    assert (done.asked, done.stopped) == (0, "")


def test_a_round_that_has_had_its_time_leaves_the_rest_to_the_next(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep(store, held())
    monkeypatch.setattr(second_reader, "ROUND_SECONDS", -1)
    with Hook(lambda _: says()) as hook:
        done = ask(store, configured(hook))
    assert (done.asked, done.stopped, hook.requests) == (0, "the next round goes on", [])


def test_another_model_is_asked_anew(store: Store) -> None:
    keep(store, held())
    with Hook(lambda number: says(stated=number > 0)) as hook:
        given = configured(hook)
        assert ask(store, given).released == 0
        assert given.second_reader is not None
        larger = replace(given.second_reader, model="large")
        assert ask(store, replace(given, second_reader=larger)).released == 1


# -- people have the last word -------------------------------------------------------------------


def test_a_person_overrules_it_for_good_and_those_told_get_a_correction(store: Store) -> None:
    keep(store, held())
    with Hook(lambda _: says()) as hook:
        given = configured(hook)
        ask(store, given)
        review.reject(store, [1], ("console",), DAY + HOUR)
        assert ask(store, given, DAY + 30 * HOUR).asked == 0
    assert labels(store) == ["new", "corrected"]
    assert [row["who"] for row in store.verdicts.all()] == ["second reader: small", "a person"]
    later = replace(held().article, text=f"{TEXT} Une phrase de plus.", modified=DAY + HOUR)
    take(replace(held(), article=later), store, outlet=None, now=DAY + HOUR)
    assert change.fold(store.ledger.postings()) == ()


def test_what_was_released_stays_so_in_a_later_version_and_after_a_replay(store: Store) -> None:
    watches = tuple(replace(one, least_confidence=1.0) for one in DEFAULT.watches)
    keep(store, replace(prepare_article(held().article, watches, DAY), extractor="older"))
    assert len(store.verdicts.waiting()) == 1
    with Hook(lambda _: says()) as hook:
        assert ask(store, configured(hook)).released == 1
    replay.read_again(store, watches, lambda *_: None)
    replay.apply(store, watches, ("console",), DAY + HOUR)
    assert (labels(store), store.verdicts.waiting()) == (["new"], [])


def test_a_person_who_decides_while_it_is_asked_was_first(tmp_path: Path) -> None:
    path = tmp_path / "veille.db"

    def meanwhile(_: int) -> Answer:
        with Store.open(path) as other:
            review.reject(other, [1], (), DAY)
        return says()

    with Store.open(path, create=True) as store, Hook(meanwhile) as hook:
        keep(store, held())
        assert ask(store, configured(hook)).released == 0
        assert (labels(store), outcomes(store)) == ([], [("agrees", "")])
