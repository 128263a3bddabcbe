"""The order in which an outlet is asked, and what its visit comes to."""

from __future__ import annotations

from crawler.errand import PENDING_FIRST, Ask, Errand, Source, Visit
from pipelines.records import Entry, Feed, Outlet
from pipelines.store.outlet_state import OutletState

OUTLET = Outlet(
    "a",
    "A",
    "https://a.example/",
    "probe",
    feeds=(Feed("https://a.example/1.xml"), Feed("https://a.example/2.xml")),
    sitemaps=("https://a.example/news.xml",),
    listing="https://a.example/une",
)


def visit(number: int) -> Visit:
    url = f"https://a.example/a/{number}"
    return Visit(Entry("a", url, "t", "", None, None, "f"), url)


def errand(outlet: Outlet = OUTLET, pending: int = 0) -> Errand:
    made = Errand(outlet, OutletState("a"))
    made.pending.extend(visit(number) for number in range(pending))
    return made


def asked(made: Errand, *, fail: bool) -> list[str]:
    """URLs in the order in which they are asked, when every source fails or every one answers."""
    urls = []
    ask: Ask | None
    while (ask := made.next()) is not None:
        urls.append((ask.url if isinstance(ask, Source) else ask.asked).rpartition("example/")[2])
        if isinstance(ask, Source) and fail:
            made.fail("unreachable", "time-out")
        elif isinstance(ask, Source):
            made.answer(ask.kind, changed=True)
    return urls


def test_feeds_are_asked_first_and_nothing_else_when_one_answers() -> None:
    assert asked(errand(), fail=False) == ["1.xml", "2.xml"]


def test_the_next_kind_is_tried_when_the_first_fails() -> None:
    assert asked(errand(), fail=True) == ["1.xml", "2.xml", "news.xml", "une"]


def test_sitemaps_of_robots_txt_stand_in_for_those_the_catalogue_lacks() -> None:
    made = Errand(
        Outlet("a", "A", "https://a.example/", "probe"),
        OutletState("a"),
        sitemaps_of_robots=lambda: ("https://a.example/s.xml",),
    )
    assert asked(made, fail=True) == ["s.xml"]


def test_pending_pages_go_before_the_feeds_but_never_starve_them() -> None:
    order = asked(errand(pending=PENDING_FIRST + 2), fail=False)
    assert order[:PENDING_FIRST] == [f"a/{number}" for number in range(PENDING_FIRST)]
    assert order[PENDING_FIRST:] == [
        "1.xml",
        "2.xml",
        f"a/{PENDING_FIRST}",
        f"a/{PENDING_FIRST + 1}",
    ]


def test_a_stopped_errand_asks_for_nothing_more() -> None:
    made = errand(pending=3)
    made.next()
    made.stopped = "status 429"
    assert made.next() is None


def test_the_outcome_names_the_failure_and_what_took_its_place() -> None:
    made = errand()
    made.fail("dead", "status 404")
    made.answer("sitemap", changed=True)
    assert made.outcome() == ("ok", "status 404; read by sitemap")


def test_one_failing_feed_of_two_is_told_and_is_no_failure() -> None:
    made = errand()
    made.fail("dead", "status 404")
    made.answer("feed", changed=False)
    assert made.outcome() == ("unchanged", "status 404")


def test_a_wall_is_told_before_other_failures() -> None:
    made = errand()
    made.fail("unreachable", "time-out")
    made.fail("blocked", "status 403")
    made.fail("dead", "status 404")
    assert made.outcome() == ("blocked", "status 403")


def test_what_was_not_asked_in_time_waits_and_did_not_fail() -> None:
    made = errand()
    made.stopped = "deadline reached"
    assert made.outcome() == ("waiting", "deadline reached")


def test_an_outlet_without_a_source_is_a_mistake_of_the_catalogue() -> None:
    bare = errand(Outlet("a", "A", "https://a.example/", "probe"))
    assert bare.next() is None
    assert bare.outcome() == ("malformed", "the catalogue names no source")
