"""The dead man's switch hears of runs that start, end and fail, and stops none."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from pipelines.store import Store
from schedules import locks
from tests.conftest import Ran
from tests.here import veille as veille  # a fixture
from tests.operators import Listener, with_channel
from tests.operators import listener as listener  # a fixture

Veille = Callable[..., Ran]


def switched(folder: Path, url: str, more: str = "") -> None:
    with_channel(folder, url)
    path = folder / "veille.toml"
    (folder / "ping.url").write_text(url + "\n")
    path.write_text(path.read_text().replace("[health]\n", f"[health]\n{more}"))


PING = 'ping_url_file = "ping.url"\n'


def test_the_switch_hears_the_start_and_the_success_of_a_crawl(
    veille: Veille, listener: Listener, tmp_path: Path
) -> None:
    switched(tmp_path, listener.url, PING)
    catalogue = tmp_path / "c.toml"
    catalogue.write_text(catalogue.read_text().replace('"feed"\n', '"off"\n'))
    ran = veille("crawl", "--due")
    assert (ran.code, listener.paths) == (0, ["/start", ""])


def test_the_switch_hears_that_another_run_is_at_work_as_success(
    veille: Veille, listener: Listener, tmp_path: Path
) -> None:
    switched(tmp_path, listener.url, PING)
    with locks.crawling(tmp_path / "veille.db"):
        assert veille("crawl").code == 75
    assert listener.paths == ["/start", ""]


def test_the_switch_hears_of_a_failure_of_whatever_command(
    veille: Veille, listener: Listener, tmp_path: Path
) -> None:
    switched(tmp_path, listener.url, PING)
    path = tmp_path / "veille.toml"
    path.write_text(path.read_text().replace("contact", "#contact"))
    assert veille("crawl").code == 2
    assert listener.paths == ["/start", "/fail"]
    assert veille("import", "-").code == 0
    assert listener.paths == ["/start", "/fail"]


@pytest.mark.parametrize("status", [None, 500])
def test_a_switch_that_is_down_stops_nothing_and_its_address_is_told_nowhere(
    status: int | None, veille: Veille, listener: Listener, tmp_path: Path
) -> None:
    gone = "http://127.0.0.1:9/secret-0123456789"
    switched(tmp_path, listener.url if status else gone, PING)
    listener.status = status or 200
    with locks.crawling(tmp_path / "veille.db"):
        ran = veille("-v", "crawl")
    assert ran.code == 75
    assert "dead man's switch" in ran.err
    assert "secret" not in ran.err + ran.out


def test_a_failing_prune_reaches_the_switch(
    veille: Veille, listener: Listener, tmp_path: Path
) -> None:
    from schedules.jobs import recorded
    from schedules.session import Refused, Session

    switched(tmp_path, listener.url, PING)
    session = Session(config_path=tmp_path / "veille.toml")
    with (
        Store.open(tmp_path / "veille.db", create=True) as store,
        pytest.raises(Refused),
        recorded(session, store, "prune"),
    ):
        raise Refused("no")
    assert listener.paths == ["/fail"]
