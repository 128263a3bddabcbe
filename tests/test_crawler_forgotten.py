"""What `veille forget` was told is not asked for again, however it comes up."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from pipelines.store import Store
from tests.chaos.configured import configure
from tests.chaos.server import Chaos, Visit, item, redirects, rss
from tests.conftest import Ran

Veille = Callable[..., Ran]

MONEY = "OpenAI lève {} milliards de dollars"


def shows(*paths: str) -> Callable[[Visit], None]:
    """A feed whose titles change from one look to the next."""

    def answer(visit: Visit) -> None:
        items = [
            item(visit.host, path, MONEY.format(number + visit.number), number)
            for number, path in enumerate(paths, 1)
        ]
        visit.send(rss(*items), kind="application/rss+xml")

    return answer


@pytest.fixture
def chaos() -> Chaos:
    routes = {"/feed.xml": shows("/a/1", "/a/2", "/vers"), "/vers": redirects("/a/1?amp=1")}
    return Chaos({"un.example": routes})


def test_a_forgotten_page_is_not_asked_for_nor_its_entry_kept(
    veille: Veille, tmp_path: Path, chaos: Chaos
) -> None:
    with chaos:
        path = configure(tmp_path, {"un": chaos.port})
        assert veille("--config", path, "crawl").code == 0
        assert "/a/1" in chaos.paths("un.example")
        assert veille("--config", path, "forget", "https://un.example/a/1").code == 0
        chaos.asked.clear()
        assert veille("--config", path, "crawl").code == 0
        assert "/a/1" not in chaos.paths("un.example")
        assert "/a/1?amp=1" not in chaos.paths("un.example")
        assert "/a/2" in chaos.paths("un.example")
    with Store.open(tmp_path / "veille.db", read_only=True) as store:
        row = store.db.conn.execute(
            "SELECT title, summary, page FROM links WHERE url = 'https://un.example/a/1'"
        ).fetchone()
    assert row == ("", "", "passed")


def test_of_a_forgotten_host_nothing_is_asked_for(
    veille: Veille, tmp_path: Path, chaos: Chaos
) -> None:
    with chaos, Chaos({"deux.example": {}}) as other:
        path = configure(tmp_path, {"un": chaos.port, "deux": other.port})
        assert veille("--config", path, "crawl").code == 0
        assert veille("--config", path, "forget", "un.example").code == 0
        chaos.asked.clear()
        ran = veille("--config", path, "crawl")
        assert [one.path for one in chaos.asked] == []
        assert other.paths("deux.example")
    assert "un: forbidden: given to `veille forget`" in ran.err
