"""The second reader from the command line: from an import to exactly one alert, or none."""

from __future__ import annotations

import json
import subprocess
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from pipelines.config import SecondReader, Secret, SecretError
from pipelines.store import Store
from schedules.plan import jobs_of
from tests.conftest import VEILLE, Ran
from tests.second_readings import (
    DEFAULT,
    PATIENCE,
    SENTENCE,
    TEXT,
    ask,
    chat,
    configured,
    held,
    keep,
    outcomes,
    says,
)
from tests.servers import Answer, Hook

#: A time for tests that count the questions of a day: no midnight passes meanwhile.
AT = ("--now", "2026-02-01T12:00:00+00:00")
KEY = "k9-secret-key-of-the-second-reader"
PAGE = {
    "url": "https://a0.example/1",
    "outlet": "a0",
    "published": "2026-02-01T09:00:00+00:00",
    "title": "OpenAI et Amazon",
    "body": TEXT,
}


@pytest.fixture
def alerts() -> Iterator[Hook]:
    """Where alerts go."""
    with Hook() as hook:
        yield hook


def set_up(folder: Path, url: str, alerts: Hook, catalogue: str = "") -> None:
    """A configuration in which every claim is held back."""
    (folder / "key").write_text(f"{KEY}\n")
    (folder / "veille.toml").write_text(
        f"""{catalogue}
        [second_reader]
        url = "{url}/v1"
        model = "small"
        timeout_seconds = 600
        api_key_file = "key"
        [[watch]]
        name = "all is held"
        least_confidence = 1.0
        company = [
          {{ name = "OpenAI", role = "subject" }},
          {{ name = "Amazon", role = "investor" }},
        ]
        [[channel]]
        name = "alerts"
        kind = "webhook"
        when = "immediate"
        url = "{alerts.url}"
        """
    )


def imported(veille: Callable[..., Ran]) -> None:
    assert veille("import", "--as-live", "-", *AT, stdin=json.dumps(PAGE)).code == 0
    assert [line["quote"] for line in veille("review", "--json").lines] == [SENTENCE]


def test_from_an_import_to_exactly_one_alert(
    veille: Callable[..., Ran], tmp_path: Path, alerts: Hook
) -> None:
    with Hook(lambda _: says()) as hook:
        set_up(tmp_path, hook.url, alerts)
        imported(veille)
        veille("deliver")
        assert alerts.requests == []
        ran = veille("review", "second", "-v")
        assert (ran.code, ran.err) == (0, "1 asked, 1 released, 1 changes to tell\n")
        assert veille("review", "second").code == 0
        assert veille("deliver").code == 0
        assert (len(hook.requests), len(alerts.taken)) == (1, 1)
    assert alerts.taken[0].json["changes"][0]["change"] == "new"
    assert veille("review").out == ""
    assert veille("verify").code == 0
    assert "accepted by second reader: small" in veille("explain", "1").out
    (verdict,) = veille("review", "export").lines
    assert (verdict["verdict"], verdict["who"]) == ("accept", "second reader: small")


@pytest.mark.parametrize(
    ("answer", "code"),
    [(says(quote="Inventé, 50 milliards."), 0), (chat("Oui."), 0), (Answer(500, KEY), 3)],
    ids=["an invented quote", "no JSON", "an error"],
)
def test_no_agreement_no_alert_and_the_key_is_nowhere(
    answer: Answer, code: int, veille: Callable[..., Ran], tmp_path: Path, alerts: Hook
) -> None:
    with Hook(lambda _: answer) as hook:
        set_up(tmp_path, hook.url, alerts)
        imported(veille)
        ran = [
            veille("review", "second", "-v", *AT),
            veille("status", *AT),
            veille("review"),
            veille("check"),
        ]
        veille("deliver")
    assert [one.code for one in ran] == [code, 0, 0, 0]
    assert "1 of 50 questions today" in ran[1].out
    assert "second reader: small" in ran[2].out
    assert "second reader: small at 127.0.0.1" in ran[3].out
    (request,) = hook.requests
    assert request.headers["Authorization"] == f"Bearer {KEY}"
    assert alerts.requests == []
    said = "".join(one.out + one.err for one in ran).encode()
    ledger = b"".join(path.read_bytes() for path in tmp_path.glob("veille.db*"))
    assert KEY.encode() not in said + ledger


def test_a_reserved_outlet_of_the_catalogue_is_never_asked_about(
    veille: Callable[..., Ran], tmp_path: Path, alerts: Hook
) -> None:
    (tmp_path / "outlets.toml").write_text(
        '[[outlet]]\nid = "a0"\nname = "A"\nhome = "https://a0.example/"\npolicy = "feed"\n'
        'ai_reserved = true\nfeeds = [{ url = "https://a0.example/rss" }]\n'
    )
    with Hook(lambda _: says()) as hook:
        set_up(tmp_path, hook.url, alerts, 'catalogue = "outlets.toml"')
        imported(veille)
        assert veille("review", "second").code == 0
    assert hook.requests == []


def test_a_kill_between_answer_and_verdict_loses_nothing_and_asks_once_more(
    veille: Callable[..., Ran], tmp_path: Path, alerts: Hook
) -> None:
    locked, may_end = threading.Event(), threading.Event()

    def hold() -> None:
        with Store.open(tmp_path / "veille.db") as other, other.transaction():
            locked.set()
            may_end.wait()

    holding = threading.Thread(target=hold, daemon=True)

    def answer(number: int) -> Answer:
        if number == 0:
            # from now on nobody can write: the answer comes, its verdict cannot be written down
            holding.start()
            locked.wait(PATIENCE)
        return says()

    with Hook(answer) as hook:
        set_up(tmp_path, hook.url, alerts)
        imported(veille)
        child = subprocess.Popen([VEILLE, "review", "second"], cwd=tmp_path)
        assert locked.wait(PATIENCE)
        child.kill()
        child.wait()
        may_end.set()
        holding.join()
        assert len(veille("review", "--json").lines) == 1
        ran = veille("review", "second", "-v")
        assert ran.err == "1 asked, 1 released, 1 changes to tell\n"
        veille("review", "second")
        veille("deliver")
        assert (len(hook.requests), len(alerts.taken)) == (2, 1)


def test_without_a_second_reader_or_its_key_nothing_is_asked(
    veille: Callable[..., Ran], tmp_path: Path, alerts: Hook
) -> None:
    ran = veille("review", "second")
    assert (ran.code, "[second_reader]" in ran.err) == (2, True)
    with Hook() as hook:
        set_up(tmp_path, hook.url, alerts)
        imported(veille)
        (tmp_path / "key").unlink()
        ran = veille("review", "second")
        assert (ran.code, str(tmp_path / "key") in ran.err, hook.requests) == (2, True, [])


def test_one_round_at_a_time(veille: Callable[..., Ran], tmp_path: Path, alerts: Hook) -> None:
    ran: list[Ran] = []

    def meanwhile(_: int) -> Answer:
        ran.append(veille("review", "second"))
        return says()

    with Hook(meanwhile) as hook:
        set_up(tmp_path, hook.url, alerts)
        imported(veille)
        assert veille("review", "second").code == 0
    assert ([one.code for one in ran], len(hook.requests)) == ([75], 1)


def test_the_timetable_has_it_only_where_it_is_configured(veille: Callable[..., Ran]) -> None:
    reader = SecondReader("http://127.0.0.1:1/v1", "small", timeout_seconds=100, every_minutes=10)
    before = {job.name for job in jobs_of(DEFAULT)}
    (job,) = (
        job for job in jobs_of(replace(DEFAULT, second_reader=reader)) if job.name not in before
    )
    assert (job.words, job.every, job.limit) == (("review", "second"), 10, 400)


def test_a_key_that_is_not_there_is_told_before_anything_is_asked(store: Store) -> None:
    keep(store, held())
    with Hook() as hook:
        given = configured(hook, api_key=Secret(env="NO_SUCH_VARIABLE_OF_VEILLE"))
        with pytest.raises(SecretError):
            ask(store, given)
    assert outcomes(store) == []
