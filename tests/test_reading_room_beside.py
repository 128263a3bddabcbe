"""The room beside others: retention that empties texts, a crawl that writes, another user."""

from __future__ import annotations

import json
import os
import pwd
import shutil
import subprocess
import tempfile
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest

from demo.__main__ import configure
from demo.server import SITE, Press
from pipelines.store import Store, StoreError
from pipelines.store.keeping import Keeping
from pipelines.store.rooms import is_current
from tests.conftest import VEILLE
from tests.reading_rooms import Room, ledger_of_the_press, room_of

#: Requests while another process writes, and articles that it writes.
REQUESTS, WRITTEN = 200, 150
ASKED = ("/", "/deals", "/company/OpenAI", "/search?q=milliards", "/veille/articles?_size=5")
#: A newspaper of the bundled press, and the articles that it prints between two crawls.
PAPER, PRINTED = "lenumerique.example", 20
#: A user who owns nothing.
OTHER = "nobody"


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return ledger_of_the_press(tmp_path_factory.mktemp("beside"))


@pytest.fixture
def purged(ledger: Path, tmp_path: Path) -> Room:
    """The same ledger after retention took every text."""
    copy = tmp_path / "veille.db"
    shutil.copy(ledger, copy)
    with Store.open(copy) as store:
        assert Keeping(store.db).purge_texts(datetime.now(UTC) + timedelta(days=1)) > 20
    return room_of(copy)


def test_every_page_answers_without_texts_and_the_quotes_stay(purged: Room) -> None:
    articles = purged.json("/veille/articles.json?_shape=array&_size=max&_nocol=text")
    deals = purged.json("/deals.json")["deals"]
    for path in (
        *("/ /deals /companies /company/OpenAI /outlets /sources /review /about".split()),
        "/search?q=milliards",
        "/veille/articles",
        *(f"/article/{row['id']}" for row in articles),
        *(f"/deal/{deal['id']}" for deal in deals),
    ):
        assert purged.get(path).status_code == 200, path
    page = purged.get("/article/1").text
    assert "n’est plus conservé" in page
    assert "entre 15 et 25 milliards de dollars" in page
    assert 'id="claim-0"' in page


def test_words_of_a_purged_text_are_found_no_more_but_quotes_and_titles_are(
    ledger: Path, purged: Room
) -> None:
    asked = "/search.json?q=Delaware"
    assert room_of(ledger).json(asked)["articles"]
    assert purged.json(asked)["articles"] == []
    assert purged.json("/search.json?q=Novapress")["quotes"]
    assert purged.json("/search.json?q=recapitulatif")["articles"]


def test_a_revision_shows_what_it_changed(ledger: Path) -> None:
    room = room_of(ledger)
    ids = [row["id"] for row in room.json("/veille/articles.json?_shape=array&_size=max")]
    pages = [room.json(f"/article/{one}.json") for one in ids]
    changed = [page for page in pages if page["difference"]]
    assert changed
    kinds = {what for page in changed for run in page["difference"] for what, _ in run}
    assert {"added", "removed", "same"} & kinds
    shown = room.get(f"/article/{changed[0]['article']['id']}").text
    assert "<ins>" in shown or "<del>" in shown


def test_two_hundred_requests_are_answered_while_an_import_writes(
    ledger: Path, tmp_path: Path
) -> None:
    copy = tmp_path / "veille.db"
    shutil.copy(ledger, copy)
    lines = [
        {
            "url": f"https://lenumerique.example/suite/{number}",
            "outlet": "lenumerique.example",
            "published": "2026-06-01T10:00:00+02:00",
            "title": f"Titre {number}",
            "body": f"Amazon investirait {number} milliards de dollars dans OpenAI. " * 5,
        }
        for number in range(WRITTEN)
    ]
    source = tmp_path / "more.jsonl"
    source.write_text("\n".join(map(json.dumps, lines)), "utf-8")
    room = room_of(copy)
    command = [str(VEILLE), "--db", str(copy), "import", str(source)]
    writer = subprocess.Popen(command, cwd=tmp_path, stderr=subprocess.PIPE, text=True)
    answered = [room.get(ASKED[n % len(ASKED)]).status_code for n in range(REQUESTS)]
    _, said = writer.communicate()
    assert set(answered) == {200}
    assert writer.returncode == 0
    assert "locked" not in said
    # and the room saw what was written meanwhile
    assert room.json("/search.json?q=%22Titre+149%22")["articles"]


def print_more(site: Path, issue: int) -> None:
    """The newspaper prints more articles: in its feed and as pages."""
    folder, feed = site / PAPER, site / PAPER / "feed.xml"
    items = []
    for number in range(issue * PRINTED, (issue + 1) * PRINTED):
        words = f"Amazon investirait {number + 2} milliards de dollars dans OpenAI"
        at = datetime(2026, 6, 1, tzinfo=UTC) + timedelta(minutes=number)
        page = folder / "suite" / str(number)
        page.mkdir(parents=True)
        (page / "index.html").write_text(
            f"<html><head><title>{words}</title><meta property='article:published_time' "
            f"content='{at.isoformat()}'></head><body><article><h1>{words}</h1><p>{words}, "
            f"selon Reuters.</p><p>{f'Phrase {number} de remplissage. ' * 40}</p></article>",
            "utf-8",
        )
        items.append(
            f"<item><title>{words}</title><link>https://{PAPER}/suite/{number}/</link>"
            f"<pubDate>{format_datetime(at)}</pubDate></item>"
        )
    before, after = feed.read_text("utf-8").split("<item>", 1)
    feed.write_text(before + "".join(items) + "<item>" + after, "utf-8")


@pytest.mark.slow
def test_two_hundred_requests_are_answered_while_one_crawl_after_the_other_writes(
    tmp_path: Path,
) -> None:
    site = tmp_path / "site"
    shutil.copytree(SITE, site)
    with Press(site) as press:
        config = configure(tmp_path, press.address)
        command = [str(VEILLE), "--config", str(config), "-v", "crawl"]
        subprocess.run(command, check=True, capture_output=True)
        room = room_of(tmp_path / "veille.db")
        enough, ran = threading.Event(), []

        def crawl_again_and_again() -> None:
            while not enough.is_set():
                print_more(site, len(ran))
                ran.append(subprocess.run(command, capture_output=True, text=True, check=False))

        with ThreadPoolExecutor() as pool:
            crawls = pool.submit(crawl_again_and_again)
            answered = []
            # on a fast machine the requests are through before a crawl writes at all
            while len(answered) < REQUESTS or len(ran) < 2:
                path = ASKED[len(answered) % len(ASKED)]
                answered.append(room.get(path).status_code)
            enough.set()
            crawls.result()
    assert set(answered) == {200}
    assert [one.returncode for one in ran] == [0] * len(ran)
    assert not [one.stderr for one in ran if "locked" in one.stderr]
    # the crawls wrote, and the room saw it
    last = len(ran) * PRINTED - 1
    assert room.json(f"/search.json?q=%22Phrase+{last}+de%22")["articles"]


# -- another user of a shared group ---------------------------------------------------------------


@pytest.fixture
def shared(ledger: Path) -> Iterator[Path]:
    """A folder that a group shares, as docs/reading-room.md says, owned by us."""
    if os.geteuid() != 0:
        pytest.skip("only root can become another user")
    folder = Path(tempfile.mkdtemp())
    group = pwd.getpwnam(OTHER).pw_gid
    shutil.copy(ledger, folder / "veille.db")
    os.chown(folder, 0, group)
    os.chown(folder / "veille.db", 0, group)
    (folder / "veille.db").chmod(0o660)
    yield folder
    shutil.rmtree(folder)


def as_other(act: Callable[[], object]) -> object:
    """What `act` gives to another user: a child that gives up all rights first."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            user = pwd.getpwnam(OTHER)
            os.setgroups([])
            os.setgid(user.pw_gid)
            os.setuid(user.pw_uid)
            try:
                answer = json.dumps(act())
            except (StoreError, OSError) as error:
                answer = json.dumps(str(error))
            os.write(writing, answer.encode())
        finally:
            os._exit(0)  # whatever happened, the tests go on in the parent alone
    os.close(writing)
    with os.fdopen(reading) as answers:
        text = answers.read()
    os.waitpid(child, 0)
    return json.loads(text)


def current(path: Path) -> bool | None:
    with Store.open(path, read_only=True) as store:
        return is_current(store.db.conn)


@pytest.mark.parametrize("writer_is_there", [True, False])
def test_a_reader_of_a_group_that_may_write_the_folder_reads(
    shared: Path, writer_is_there: bool
) -> None:
    shared.chmod(0o2770)
    path = shared / "veille.db"
    if not writer_is_there:
        assert as_other(lambda: current(path)) is True
        return
    with Store.open(path) as store, store.transaction():
        store.db.execute("INSERT INTO forgotten (address, at) VALUES ('a.example', '2026')")
        assert as_other(lambda: current(path)) is True


def test_a_reader_who_may_only_read_is_told_what_is_missing(shared: Path) -> None:
    with Store.open(shared / "veille.db"):
        pass
    shared.chmod(0o750)
    (shared / "veille.db").chmod(0o640)
    assert as_other(lambda: current(shared / "veille.db")) is None
