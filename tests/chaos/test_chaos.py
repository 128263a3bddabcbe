"""One crawl of a press in which every outlet misbehaves in its own way.

The crawl is made once, with limits of a few seconds; each test says what one behaviour came to, and
shows all that is known of its outlet where it fails.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.chaos.crawled import Crawled
from tests.chaos.press import press
from tests.chaos.server import Chaos

HEALTHY = ("healthy", "healthy-too")


@dataclass(frozen=True)
class Chaotic(Crawled):
    """The press after its first crawl."""

    trap: Chaos
    code: int
    told: str  # standard error
    began: datetime
    ended: datetime


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chaotic]:
    folder = tmp_path_factory.mktemp("chaos")
    with Chaos({}) as trap:
        hosts = press(f"http://127.0.0.1:{trap.port}/trap")
        with Chaos({f"{name}.example": routes for name, routes in hosts.items()}) as chaos:
            before = Crawled(folder, chaos)
            before.write()
            began = datetime.now(UTC)
            code, told = before.crawl(proxy=f"http://127.0.0.1:{trap.port}")
            yield Chaotic(folder, chaos, trap, code, told, began, datetime.now(UTC))


def test_every_behaviour_ends_within_its_own_limit_and_none_takes_the_crawl_to_its_deadline(
    crawled: Chaotic,
) -> None:
    waiting = crawled.rows("SELECT outlet, reason FROM outlet_state WHERE reason LIKE 'deadline%'")
    assert waiting == []
    assert crawled.rows("SELECT count(*) FROM outlet_state") == [(len(crawled.chaos.routes),)]
    assert "Traceback" not in crawled.told


def test_more_than_a_quarter_of_the_outlets_failed_and_the_exit_code_says_so(
    crawled: Chaotic,
) -> None:
    assert crawled.code == 3


def test_a_proxy_of_the_environment_is_not_asked(crawled: Chaotic) -> None:
    assert crawled.trap.asked == []


@pytest.mark.parametrize("name", HEALTHY)
def test_the_articles_of_the_other_outlets_all_arrive(crawled: Chaotic, name: str) -> None:
    story = crawled.story(name)
    assert crawled.pages(name) == [f"https://{name}.example/a/{n}" for n in (1, 2)], story
    assert crawled.state(name).verdict == "ok", story


def test_nothing_but_the_hosts_of_the_configuration_is_asked_for(crawled: Chaotic) -> None:
    assert crawled.trap.asked == []
    assert {one.host for one in crawled.chaos.asked} <= set(crawled.chaos.routes)


SOURCES = [
    ("slow-drip", "late", "time-out"),
    ("silence", "late", "time-out"),
    ("endless-headers", "late", "time-out"),
    ("long-header", "late", "connection failed"),
    ("gzip-bomb", "malformed", "too large when unpacked"),
    ("brotli-bomb", "malformed", "too large when unpacked"),
    ("zstd-bomb", "malformed", "too large when unpacked"),
    ("torn-gzip", "malformed", "cannot be unpacked"),
    ("unknown-coding", "malformed", "unknown coding x-inconnu"),
    ("wrong-length", "late", "cut off"),
    ("reset", "late", "cut off"),
    ("bad-chunk", "late", "cut off"),
    ("no-http", "late", "connection failed"),
    ("hang-up", "late", "connection failed"),
    ("empty", "malformed", "empty answer"),
    ("not-asked-304", "malformed", "304 without having been asked"),
    ("not-xml", "malformed", "a web page, not a feed"),
    ("redirect-loop", "malformed", "too many redirects"),
    ("wall-202", "blocked", "status 202"),
    ("wait-429", "blocked", "status 429"),
    ("robots-500", "late", "robots.txt answers 503"),
    ("robots-silent", "late", "robots.txt unreachable: time-out"),
    ("robots-private", "blocked", "no public address"),
    ("closed", "blocked", "disallowed by robots.txt"),
]


@pytest.mark.parametrize(("name", "verdict", "reason"), SOURCES, ids=[one[0] for one in SOURCES])
def test_a_feed_that_cannot_be_had_is_named_with_its_reason(
    crawled: Chaotic, name: str, verdict: str, reason: str
) -> None:
    state = crawled.state(name)
    story = crawled.story(name)
    assert (state.verdict, state.failures) == (verdict, 1), story
    assert reason in state.reason, story
    assert any(reason in issue.detail for issue in crawled.issues(name)), story
    assert f"{name}: " in crawled.told
    assert crawled.pages(name) == [], story


@pytest.mark.parametrize("name", ["endless-body", "endless-chunks"])
def test_a_body_without_end_ends_at_the_limit_of_size_or_of_time(
    crawled: Chaotic, name: str
) -> None:
    assert crawled.state(name).reason in ("answer too large", "time-out"), crawled.story(name)


READ_ANYWAY = [
    ("header-flood", 1),
    ("undefined-entity", 1),
    ("unknown-encoding", 1),
    ("billion-laughs", 1),
    ("external-entity", 1),
    ("nul-bytes", 1),
    ("twice", 1),
    ("nested", 2),
    ("mixed-encodings", 2),
    ("cookies", 2),
    ("referrer-policy", 2),
    ("canonical", 2),
    ("moved-feed", 2),
    ("meta-refresh-home", 2),
]


@pytest.mark.parametrize(("name", "pages"), READ_ANYWAY, ids=[one[0] for one in READ_ANYWAY])
def test_what_is_only_strange_is_read(crawled: Chaotic, name: str, pages: int) -> None:
    assert len(crawled.pages(name)) == pages, crawled.story(name)


ENTRIES = [
    ("redirect-chain", "too many redirects"),
    ("redirect-private", "refused by the guard: 127.0.0.1 is 127.0.0.1: no public address"),
    ("redirect-scheme", "status 302"),
    ("redirect-user", "refused by the guard: user name in the URL"),
    ("redirect-host", "robots"),
    ("meta-refresh", "refused by the guard: 127.0.0.1 is 127.0.0.1: no public address"),
    ("attributes", "unreadable"),
    ("huge", "answer too large"),
    ("empty-page", "no text on the page"),
    ("no-text", "no text on the page"),
    ("pdf", "not a web page"),
    ("gone", "status 410"),
    ("tdm-header", "TDM reservation"),
    ("tdm-meta", "TDM reservation"),
]


@pytest.mark.parametrize(("name", "reason"), ENTRIES, ids=[one[0] for one in ENTRIES])
def test_a_page_that_cannot_be_read_leaves_the_article_at_its_entry(
    crawled: Chaotic, name: str, reason: str
) -> None:
    story = crawled.story(name)
    assert f"https://{name}.example/a/1" in crawled.entries(name), story
    assert crawled.reasons(name).get(reason, 0) >= 1, story
    assert crawled.state(name).verdict in ("ok", "moved"), story


def test_a_page_of_a_hundred_thousand_paragraphs_is_read_or_given_up_within_its_time(
    crawled: Chaotic,
) -> None:
    url = "https://paragraphs.example/a/1"
    given_up = crawled.reasons("paragraphs") == {"unreadable": 1}
    assert (url in crawled.pages("paragraphs")) != given_up, crawled.story("paragraphs")
    assert url in crawled.pages("paragraphs") + crawled.entries("paragraphs")


CLOSED = [
    ("robots-no", "robots"),
    ("named-monitor", "named monitors"),
    ("signal", "Content-Signal"),
    ("tdm-file", "TDM reservation"),
    ("feed-only", "policy feed"),
]


@pytest.mark.parametrize(("name", "rule"), CLOSED, ids=[one[0] for one in CLOSED])
def test_where_pages_are_reserved_only_the_feed_is_asked_for(
    crawled: Chaotic, name: str, rule: str
) -> None:
    story = crawled.story(name)
    assert crawled.chaos.paths(f"{name}.example") == ["/feed.xml"], story
    assert len(crawled.entries(name)) == 2, story
    assert crawled.reasons(name) == {rule: 2}, story


def test_one_page_that_reserves_itself_closes_the_pages_of_its_host(crawled: Chaotic) -> None:
    assert crawled.chaos.paths("tdm-header.example").count("/a/2") <= 1
    assert not crawled.pages("tdm-meta") or crawled.pages("tdm-meta")[0].endswith("/a/2")


@pytest.mark.parametrize("name", ["closed", "robots-500", "robots-silent", "robots-private"])
def test_where_robots_txt_forbids_or_is_silent_nothing_is_asked_for(
    crawled: Chaotic, name: str
) -> None:
    assert crawled.chaos.paths(f"{name}.example") == []


def test_a_redirect_to_a_closed_host_is_not_followed(crawled: Chaotic) -> None:
    assert crawled.chaos.paths("closed.example") == []


@pytest.mark.parametrize("name", ["wall-403", "page-429"])
def test_a_wall_ends_the_visit_and_nothing_is_lost(crawled: Chaotic, name: str) -> None:
    asked = [path for path in crawled.chaos.paths(f"{name}.example") if path != "/feed.xml"]
    story = crawled.story(name)
    assert len(asked) == 1, story
    assert len(crawled.entries(name)) == 2, story
    pending = crawled.rows("SELECT count(*) FROM links WHERE outlet = ? AND page = 'pending'", name)
    assert pending == [(2,)], story


@pytest.mark.parametrize("name", ["challenge", "consent"])
def test_a_challenge_or_consent_page_is_blocked_and_never_an_empty_article(
    crawled: Chaotic, name: str
) -> None:
    story = crawled.story(name)
    assert [issue.code for issue in crawled.issues(name)] == ["blocked"], story
    assert f"https://{name}.example/a/1" in crawled.entries(name), story
    assert crawled.pages(name) == [f"https://{name}.example/a/2"], story


@pytest.mark.parametrize("name", ["wait-429", "page-429"])
def test_retry_after_is_the_next_check_of_the_outlet(crawled: Chaotic, name: str) -> None:
    next_check = crawled.state(name).next_check
    assert next_check is not None
    asked = next_check - timedelta(hours=2)  # kept to the second
    assert crawled.began.replace(microsecond=0) <= asked <= crawled.ended


def test_links_of_a_feed_to_private_addresses_stay_entries(crawled: Chaotic) -> None:
    story = crawled.story("private-links")
    assert crawled.pages("private-links") == ["https://private-links.example/a/1"], story
    assert len(crawled.entries("private-links")) == 3, story


def test_a_sitemap_takes_the_place_of_a_missing_feed_and_the_status_says_so(
    crawled: Chaotic,
) -> None:
    state = crawled.state("private-sitemap")
    assert state.kind == "sitemap"
    assert state.reason == "status 404; read by sitemap"
    assert crawled.pages("private-sitemap") == ["https://private-sitemap.example/a/1"]


def test_a_listing_is_read_one_page_deep(crawled: Chaotic) -> None:
    asked = crawled.chaos.paths("calendar.example")
    assert len(crawled.pages("calendar")) == 60, crawled.story("calendar")
    assert len(asked) == len(set(asked)) == 62
    assert crawled.state("calendar").kind == "listing"


def test_a_moved_feed_is_read_and_the_status_says_where_it_went(crawled: Chaotic) -> None:
    state = crawled.state("moved-feed")
    assert state.verdict == "moved"
    assert "https://moved-feed.example/flux.xml" in state.reason


def test_a_canonical_link_to_another_publisher_is_not_believed(crawled: Chaotic) -> None:
    rows = crawled.rows("SELECT canonical_url FROM articles WHERE outlet = 'canonical'")
    assert {str(url).split("/")[2] for (url,) in rows} == {"canonical.example"}


def test_no_cookie_and_no_referer_is_ever_sent(crawled: Chaotic) -> None:
    sent = {name for one in crawled.chaos.asked for name in one.headers}
    assert not sent & {"cookie", "referer", "proxy-authorization", "authorization"}


def test_every_request_says_who_asks(crawled: Chaotic) -> None:
    agents = {one.headers.get("user-agent", "") for one in crawled.chaos.asked}
    (agent,) = agents
    assert agent.startswith("veille/")
    assert "+https://veille.example/about" in agent


def test_a_decision_stands_with_its_evidence(crawled: Chaotic) -> None:
    with crawled.store() as store:
        ((_, decision),) = store.fetching.policies.decisions("named-monitor")
    assert (decision.decision, decision.rule) == ("feed", "named monitors")
    assert "Meltwater" in decision.evidence


@pytest.fixture(scope="module")
def again(crawled: Chaotic) -> Chaotic:
    """The press after a second crawl of some outlets."""
    crawled.chaos.asked.clear()
    names = ("healthy", "shrinks", "hang-up", "not-xml")
    words = [word for name in names for word in ("--outlet", name)]
    began = datetime.now(UTC)
    code, told = crawled.crawl(*words)
    ended = datetime.now(UTC)
    return Chaotic(crawled.folder, crawled.chaos, crawled.trap, code, told, began, ended)


def test_a_second_crawl_of_what_did_not_change_asks_for_no_page(again: Chaotic) -> None:
    assert again.chaos.paths("healthy.example") == ["/feed.xml"]


def test_a_second_crawl_asks_conditionally_with_the_validators_of_the_first(
    again: Chaotic,
) -> None:
    (asked,) = (one for one in again.chaos.asked if one.host == "healthy.example")
    assert asked.headers["if-none-match"] == '"un"'


def test_robots_txt_is_kept_for_a_day(again: Chaotic) -> None:
    healthy = [one.path for one in again.chaos.asked if one.host == "healthy.example"]
    assert "/robots.txt" not in healthy


def test_a_feed_that_shrinks_loses_nothing(again: Chaotic) -> None:
    assert len(again.pages("shrinks")) == 2, again.story("shrinks")
    assert again.state("shrinks").verdict == "ok"


@pytest.mark.parametrize("name", ["hang-up", "not-xml"])
def test_an_outlet_that_fails_again_is_asked_less_often(again: Chaotic, name: str) -> None:
    state = again.state(name)
    assert state.failures == 2, again.story(name)
    assert state.next_check is not None
    assert state.next_check - again.ended > timedelta(hours=2)


def test_after_a_failure_the_next_request_is_unconditional(again: Chaotic) -> None:
    asked = [one for one in again.chaos.asked if one.host == "not-xml.example"]
    assert all("if-none-match" not in one.headers for one in asked)


def test_the_folder_of_the_ledger_holds_nothing_else(crawled: Chaotic) -> None:
    names = {path.name for path in Path(crawled.folder).iterdir()}
    assert not [name for name in names if "pickle" in name or name.endswith((".json", ".cache"))]
