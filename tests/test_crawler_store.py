"""Links, validators and revisits, as the store keeps them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from crawler.links import key
from pipelines.records import Entry
from pipelines.store import Store
from pipelines.store.fetching import ATTEMPTS, Planned, Recorded, Validators

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
URL = "https://a.example/x"
FEED = "https://a.example/feed"
REVISITS = (1, 24, 168)


def entry(title: str = "Titre", url: str = URL, found_in: str = FEED) -> Entry:
    return Entry("a", url, title, "", NOW - HOUR, None, found_in)


def record(store: Store, *entries: Entry, page: str = "pending", most: int = 24) -> Recorded:
    planned = [Planned(one, key(one.url), True, page) for one in entries]  # type: ignore[arg-type]
    source = (FEED, Validators('"1"', None, "hash"))
    return store.fetching.record(planned, NOW, source=source, most_visits=most)


def read_page(store: Store, at: datetime, text: str | None = "t", most: int = 24) -> None:
    store.fetching.settle_page(URL, at, text_hash=text, revisit_hours=REVISITS, most_visits=most)


def next_visit(store: Store) -> object:
    row = store.db.conn.execute("SELECT next_visit FROM links").fetchone()
    return datetime.fromisoformat(row[0]) if row[0] else None


def test_links_and_validators_of_a_feed_are_written_together(store: Store) -> None:
    assert record(store, entry()).new == (entry(),)
    assert store.fetching.validators(FEED) == Validators('"1"', None, "hash")
    assert store.fetching.pending_pages("a", NOW) == (entry(),)
    assert store.fetching.unread_entries("a") == (entry(),)


def test_a_link_that_cannot_be_written_leaves_neither_links_nor_validators(store: Store) -> None:
    too_long = Entry("a", f"{URL}2", "t", "x" * 281, None, None, FEED)
    with pytest.raises(Exception, match="CHECK"):
        record(store, entry(), too_long)
    assert store.fetching.is_empty()
    assert store.fetching.validators(FEED) is None


def test_an_entry_is_new_once(store: Store) -> None:
    record(store, entry())
    assert record(store, entry()) == Recorded((), ())


def test_an_entry_in_other_words_is_a_change_and_its_page_is_asked_for_again(store: Store) -> None:
    record(store, entry())
    store.fetching.settle_entry(URL)
    read_page(store, NOW)
    assert store.fetching.pending_pages("a", NOW) == ()
    assert record(store, entry("Autre titre")).changed == (entry("Autre titre"),)
    assert store.fetching.pending_pages("a", NOW) == (entry("Autre titre"),)


def test_another_feed_with_other_words_is_no_change(store: Store) -> None:
    record(store, entry())
    other = entry("Titre de rubrique", found_in="https://a.example/ia/feed")
    assert record(store, other) == Recorded((), ())


def test_two_spellings_of_an_address_are_one_link(store: Store) -> None:
    record(store, entry())
    assert record(store, entry(url="http://www.a.example/x")) == Recorded((), ())


def test_a_page_with_claims_is_read_again_after_an_hour_a_day_and_a_week(store: Store) -> None:
    record(store, entry())
    read_page(store, NOW)
    assert next_visit(store) == NOW + HOUR
    read_page(store, NOW + HOUR, None)
    assert next_visit(store) == NOW + 24 * HOUR
    read_page(store, NOW + 24 * HOUR, "t")
    assert next_visit(store) == NOW + 168 * HOUR
    read_page(store, NOW + 168 * HOUR, None)
    assert next_visit(store) is None


def test_a_changed_text_starts_the_revisits_anew(store: Store) -> None:
    record(store, entry())
    read_page(store, NOW)
    read_page(store, NOW + HOUR, "changed")
    assert next_visit(store) == NOW + 2 * HOUR


def test_an_article_that_keeps_changing_is_read_no_more_than_so_often(store: Store) -> None:
    record(store, entry(), most=3)
    for turn in range(3):
        read_page(store, NOW + turn * HOUR, f"text {turn}", most=3)
    assert next_visit(store) is None
    record(store, entry("Encore un autre titre"), most=3)
    assert store.fetching.pending_pages("a", NOW) == ()


def test_a_due_revisit_is_listed_when_its_time_has_come(store: Store) -> None:
    record(store, entry())
    read_page(store, NOW)
    assert store.fetching.due_visits("a", NOW) == ()
    assert store.fetching.due_visits("a", NOW + HOUR) == (entry(),)
    assert store.fetching.outlets_with_work(NOW + HOUR) == {"a"}


def test_a_page_that_fails_is_tried_again_later_and_given_up_in_the_end(store: Store) -> None:
    record(store, entry())
    for turn in range(ATTEMPTS):
        at = NOW + turn * HOUR
        assert store.fetching.pending_pages("a", at) == (entry(),)
        store.fetching.fail_page(URL, "time-out", at, again=at + HOUR)
        assert store.fetching.pending_pages("a", at) == ()
    assert store.fetching.pending_pages("a", NOW + 99 * HOUR) == ()
    assert store.fetching.passed_over("a") == {"time-out": 1}


def test_what_was_passed_over_is_counted_by_reason(store: Store) -> None:
    record(store, entry(), entry(url=f"{URL}2"), page="passed")
    store.fetching.pass_page(URL, "robots")
    store.fetching.pass_page(f"{URL}2", "policy feed")
    assert store.fetching.passed_over() == {"policy feed": 1, "robots": 1}
    assert store.fetching.passed_over("b") == {}
