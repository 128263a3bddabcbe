"""What publishers permit: robots.txt, named monitors, reservations, waiting."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from crawler.etiquette import (
    crawl_delay,
    decide,
    holds,
    refused_monitor,
    retry_after,
    robots_permission,
    robots_sitemaps,
    tdm_of_answer,
    tdm_of_file,
)
from pipelines.records import Outlet
from pipelines.store.outlet_state import HostPolicy

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
OUTLET = Outlet("a", "A", "https://a.example/", "probe")


def policy(robots: str = "", status: int | None = 200, tdm: str = "", **more: object) -> HostPolicy:
    return HostPolicy(
        "a.example",
        status,
        robots,
        NOW,
        200 if tdm else 404,
        tdm,
        NOW,
        **more,  # type: ignore[arg-type]
    )


@pytest.mark.parametrize(
    ("status", "allowed"),
    [(404, True), (403, True), (401, True), (410, True), (429, False), (500, False), (503, False)],
)
def test_a_robots_txt_that_fails_allows_all_or_forbids_all(status: int, allowed: bool) -> None:
    assert robots_permission(policy(status=status), "https://a.example/x").allowed is allowed


def test_a_robots_txt_that_cannot_be_reached_forbids_all() -> None:
    assert not robots_permission(policy(status=None), "https://a.example/").allowed


@pytest.mark.parametrize(
    ("robots", "path", "allowed"),
    [
        ("User-agent: *\nDisallow: /a", "/abc", False),
        ("User-agent: *\nDisallow: /a\nAllow: /ab", "/abc", True),  # longest match
        ("User-agent: *\nDisallow: /*.php$", "/x.php", False),
        ("User-agent: *\nDisallow: /*.php$", "/x.php?y", True),
        ("User-agent: *\nDisallow: /*/privé/", "/x/priv%C3%A9/y", False),
        ("User-agent: *\nDisallow:", "/x", True),
        ("User-agent: *\nDisallow: /\nUser-agent: veille\nAllow: /", "/x", True),
        ("User-agent: *\nAllow: /\nUser-agent: Veille\nDisallow: /", "/x", False),
        ("User-agent: Autre\nDisallow: /", "/x", True),
        ("<html>404</html>", "/x", True),
        ("User-agent: *\nDisallow: /feed", "/feed/", False),
    ],
)
def test_robots_txt_is_read_by_the_rfc(robots: str, path: str, allowed: bool) -> None:
    assert robots_permission(policy(robots), f"https://a.example{path}").allowed is allowed


def test_wildcards_without_end_are_matched_in_no_time() -> None:
    robots = "User-agent: *\nDisallow: /" + "*a" * 500 + "b\n"
    assert robots_permission(policy(robots), "https://a.example/" + "a" * 1900).allowed


@pytest.mark.parametrize(
    ("robots", "delay"),
    [
        ("User-agent: *\nCrawl-delay: 10", 10.0),
        ("User-agent: *\nCrawl-delay: 2.5", 2.5),
        ("User-agent: *\nCrawl-delay: 99999999", 600.0),
        ("User-agent: *\nCrawl-delay: bientôt", None),
        ("User-agent: Autre\nCrawl-delay: 10", None),
        ("", None),
    ],
)
def test_crawl_delay_is_obeyed(robots: str, delay: float | None) -> None:
    assert crawl_delay(policy(robots)) == delay


def test_sitemaps_of_robots_txt_are_known() -> None:
    robots = "Sitemap: https://a.example/news.xml\nUser-agent: *\nAllow: /"
    assert robots_sitemaps(policy(robots)) == ("https://a.example/news.xml",)


@pytest.mark.parametrize(
    ("robots", "monitor"),
    [
        ("User-agent: Meltwater\nDisallow: /", "Meltwater"),
        ("User-agent: KBCrawl\nUser-agent: Digimind\nDisallow: /", "Digimind"),
        ("User-agent: sindup\nDisallow: /", "Sindup"),
        ("User-agent: Meltwater\nDisallow: /recherche", None),
        ("User-agent: GPTBot\nDisallow: /", None),
        ("User-agent: *\nDisallow: /", None),  # refused itself: another rule
        ("", None),
    ],
)
def test_who_turns_a_press_monitor_away_by_name_is_noticed(
    robots: str, monitor: str | None
) -> None:
    assert refused_monitor(policy(robots)) == monitor


RESERVED = (
    '[{"location": "/", "tdm-reservation": 1}, {"location": "/libre/*", "tdm-reservation": 0}]'
)


@pytest.mark.parametrize(
    ("tdm", "path", "said"),
    [
        (RESERVED, "/x", "1"),
        (RESERVED, "/libre/x", "0"),  # most specific location
        ('[{"location": "/*.pdf$", "tdm-reservation": 1}]', "/x.pdf", "1"),
        ('[{"location": "/*.pdf$", "tdm-reservation": 1}]', "/x.pdfx", ""),
        ('[{"location": "/a", "tdm-reservation": "1"}]', "/ab", "1"),
        ('[{"location": "/a"}]', "/a", ""),
        ('{"location": "/"}', "/", ""),
        ("[1, null]", "/", ""),
        ("no JSON", "/", ""),
        ("[" * 100_000, "/", ""),
    ],
)
def test_tdmrep_json_is_read_by_its_most_specific_location(tdm: str, path: str, said: str) -> None:
    assert tdm_of_file(policy(tdm=tdm), path) == said


@pytest.mark.parametrize(
    ("header", "body", "said"),
    [
        ("1", b"", "1"),
        ("0", b"", "0"),
        ("", b"<meta name='tdm-reservation' content='1'>", "1"),
        ("1", b'<META content="0" NAME="tdm-reservation">', "0"),  # HTML overrides the header
        ("1", b"<meta name='description' content='1'>", "1"),  # absence never resets
        ("oui", b"", ""),
        ("", b"", ""),
    ],
)
def test_a_page_says_itself_whether_it_is_reserved(header: str, body: bytes, said: str) -> None:
    headers = (("tdm-reservation", header),) if header else ()
    assert tdm_of_answer(headers, body) == said


@pytest.mark.parametrize(
    ("outlet", "found", "decision", "rule"),
    [
        (OUTLET, policy(), "open", "robots"),
        (Outlet("a", "A", "h", "feed"), policy(), "feed", "catalogue"),
        (Outlet("a", "A", "h", "off"), policy(), "off", "catalogue"),
        (Outlet("a", "A", "h", "probe", licence=True), policy(), "feed", "licence"),
        (OUTLET, policy(status=503), "feed", "robots"),
        (OUTLET, policy("User-agent: Cision\nDisallow: /"), "feed", "named monitors"),
        (OUTLET, policy("Content-Signal: search=no"), "feed", "Content-Signal"),
        (OUTLET, policy("User-agent: *\nContent-signal: ai-input = no"), "feed", "Content-Signal"),
        (OUTLET, policy("Content-Signal: search=yes, ai-train=no"), "open", "robots"),
        (OUTLET, policy(tdm=RESERVED), "feed", "TDM reservation"),
        (OUTLET, policy(tdm=RESERVED, answer_tdm="0", answer_at=NOW), "open", "TDM reservation"),
        (OUTLET, policy(answer_tdm="1", answer_at=NOW), "feed", "TDM reservation"),
        (OUTLET, policy(answer_tdm="1", answer_at=NOW - timedelta(days=8)), "open", "robots"),
    ],
)
def test_the_first_rule_that_forbids_decides(
    outlet: Outlet, found: HostPolicy, decision: str, rule: str
) -> None:
    ruling = decide(outlet, found, "/x", NOW)
    assert (ruling.decision, ruling.rule) == (decision, rule)
    assert ruling.evidence


def test_robots_txt_is_kept_a_day_and_an_unreadable_one_asked_for_again_soon() -> None:
    hour = timedelta(hours=1)
    assert holds(policy(), NOW + 23 * hour)
    assert not holds(policy(), NOW + 24 * hour)
    assert not holds(policy(status=None), NOW + hour)
    assert not holds(policy(status=503), NOW + hour)


@pytest.mark.parametrize(
    ("header", "wait"),
    [
        ("120", timedelta(seconds=120)),
        ("Mon, 02 Mar 2026 13:00:00 GMT", timedelta(hours=1)),
        ("Mon, 02 Mar 2026 11:00:00 GMT", timedelta(0)),
        ("999999999999", timedelta(days=1)),
        ("Fri, 31 Dec 2077 23:59:59 GMT", timedelta(days=1)),
        ("-5", None),
        ("²", None),
        ("bientôt", None),
        ("", None),
    ],
)
def test_retry_after_is_a_time_within_a_day(header: str, wait: timedelta | None) -> None:
    named = retry_after(header, NOW)
    assert (named - NOW if named else None) == wait
