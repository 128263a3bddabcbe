"""No network: nothing is said of the outlets, and nothing is held against them."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from crawler.probe import Finding, patch
from crawler.report import OutletReport
from pipelines.records import Feed, Outlet
from pipelines.store import Store
from pipelines.store.outlet_state import Resource
from tests.chaos.configured import configure
from tests.chaos.server import Chaos
from tests.conftest import Ran

Veille = Callable[..., Ran]

MONDAY = datetime(2026, 3, 2, tzinfo=UTC)

NAMES = ("un", "deux", "trois", "quatre")


@pytest.fixture
def nobody() -> Iterator[int]:
    """A port on which nobody listens, and which nobody else gets meanwhile."""
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        yield int(bound.getsockname()[1])


def test_a_crawl_that_reaches_nobody_says_so_once_and_holds_it_against_no_outlet(
    veille: Veille, tmp_path: Path, nobody: int
) -> None:
    path = configure(tmp_path, dict.fromkeys(NAMES, nobody))
    ran = veille("--config", path, "crawl")
    assert ran.code == 3
    told = [line for line in ran.err.splitlines() if "reached" in line or "unreachable" in line]
    assert len(told) == 1
    assert "none of the 4 outlets asked could be reached: is there a network?" in told[0]
    with Store.open(tmp_path / "veille.db", read_only=True) as store:
        states = [store.fetching.outlets.state(name) for name in NAMES]
        assert store.fetching.outlets.observations("un", MONDAY) == ()
    assert {(state.failures, state.verdict) for state in states} == {(0, "ok")}


def test_when_the_network_is_back_the_very_next_crawl_asks_again(
    veille: Veille, tmp_path: Path, nobody: int
) -> None:
    path = configure(tmp_path, dict.fromkeys(NAMES, nobody))
    assert veille("--config", path, "crawl", "--due").code == 3
    with Chaos({f"{name}.example": {} for name in NAMES}) as chaos:
        configure(tmp_path, dict.fromkeys(NAMES, chaos.port))
        assert veille("--config", path, "crawl", "--due").code == 0
        assert all(chaos.paths(f"{name}.example") for name in NAMES)


def test_an_outlet_that_is_down_while_others_answer_is_unreachable_and_not_blocked(
    veille: Veille, tmp_path: Path, nobody: int
) -> None:
    with Chaos({f"{name}.example": {} for name in NAMES}) as chaos:
        path = configure(tmp_path, dict.fromkeys(NAMES, chaos.port) | {"bas": nobody})
        ran = veille("--config", path, "crawl")
    assert ran.code == 0
    assert "bas: unreachable: robots.txt unreachable: connection refused" in ran.err
    with Store.open(tmp_path / "veille.db", read_only=True) as store:
        state = store.fetching.outlets.state("bas")
        assert store.fetching.policies.decisions("bas") == ()
    assert (state.verdict, state.failures) == ("late", 1)


def test_a_live_check_that_reaches_nobody_blames_the_network_and_proposes_nothing(
    veille: Veille, tmp_path: Path, nobody: int
) -> None:
    ran = veille("--config", configure(tmp_path, dict.fromkeys(NAMES, nobody)), "check", "--live")
    assert ran.code == 3
    assert "none of 4 outlets answered (robots.txt unreachable: connection refused)" in ran.out
    assert "probably this machine's network" in ran.out
    assert "[[outlet]]" not in ran.out


FEED = "https://un.example/feed.xml"
ASKED = Outlet("un", "Un", "https://un.example/", "probe", feeds=(Feed(FEED, "all", "ok"),))


def feed(problem: str, failures: int) -> Resource:
    good = None if problem else MONDAY
    return Resource(FEED, "un", "feed", MONDAY, good, failures, problem, 3, None, None)


@pytest.mark.parametrize(
    ("problem", "before", "proposed"),
    [
        ("status 404", None, True),  # an address that was never read
        ("status 410", feed("status 404", 1), True),  # gone a crawl ago as well
        ("status 404", feed("", 0), False),  # read by the last crawl: once is no ground
        ("time-out", feed("time-out", 3), False),
        ("status 503", None, False),
        ("status 403", None, False),
        ("a web page, not a feed", None, False),
    ],
)
def test_only_a_feed_that_is_gone_and_was_not_just_read_is_proposed_as_dead(
    problem: str, before: Resource | None, proposed: bool
) -> None:
    report = OutletReport("un", "dead", problem, "", 0, 0)
    told = patch((Finding(ASKED, report, (feed(problem, 1),), ()),), lambda url: before)
    assert ('status = "dead"' in told) is proposed
    assert bool(told) is proposed
