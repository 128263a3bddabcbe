"""`veille deliver`, `veille alerts` and what `veille status` says of the outbox."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from pipelines.shapes import when
from pipelines.store import Store
from tests.conftest import Ran
from tests.news import NOW, Move, figure, tell
from tests.servers import Answer, Hook, MailServer, certificate, refusing

Veille = Callable[..., Ran]
AT = ("--now", when(NOW))


def configured(folder: Path, *tables: str) -> None:
    (folder / "veille.toml").write_text("\n".join(tables), encoding="utf-8")


def webhook(url: str, more: str = "") -> str:
    return f'[[channel]]\nname = "hook"\nkind = "webhook"\nurl = "{url}"\n{more}\n'


def told(folder: Path, *moves: Move, **other: object) -> None:
    channels = other.pop("channels", ("hook",))
    with Store.open(folder / "veille.db", create=True) as store:
        tell(store, *moves, channels=channels, **other)  # type: ignore[arg-type]


def test_the_console_prints_what_changed(veille: Veille, tmp_path: Path) -> None:
    told(tmp_path, channels=("console",))
    first, again = veille("deliver", *AT), veille("deliver", *AT)
    assert (first.code, again.code, again.out) == (0, 0, "")
    assert "Nouveau\u00a0: Amazon → OpenAI, investissement, 50\u00a0Md$" in first.out


def test_a_channel_that_fails_is_named_and_the_exit_code_is_3(
    veille: Veille, tmp_path: Path
) -> None:
    with Hook(lambda number: Answer(404 if number == 0 else 200, "no such hook")) as hook:
        configured(tmp_path, webhook(f"{hook.url}/a-secret-path"))
        told(tmp_path)
        ran = veille("deliver", *AT)
        assert ran.code == 3
        assert "hook: 127.0.0.1 answered 404: no such hook; nobody is at this address" in ran.err
        status = veille("status").out
        assert "hook: 0 to send, 0 wait for a digest, 1 parked" in status
        assert "`veille deliver --retry 1`" in status
        assert veille("deliver", *AT).code == 0
        assert veille("deliver", "--retry", "1", *AT).code == 0
        assert len(hook.taken) == 1
    everything = ran.out + ran.err + status + veille("status", "--json").out
    assert "a-secret-path" not in everything
    assert b"a-secret-path" not in (tmp_path / "veille.db").read_bytes()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--retry", "7"), "message 7 is not parked"),
        (("--retry", "x"), "--retry takes a message's number or all"),
    ],
)
def test_a_retry_of_what_is_not_there_is_refused(
    veille: Veille, tmp_path: Path, words: tuple[str, ...], said: str
) -> None:
    told(tmp_path, channels=("console",))
    ran = veille("deliver", *words)
    assert ran.code == 2
    assert said in ran.err


def test_messages_for_a_channel_that_is_gone_are_named(veille: Veille, tmp_path: Path) -> None:
    told(tmp_path, channels=("old",))
    assert "1 messages wait for the channel 'old'" in veille("deliver", *AT).err


def mail(port: int, more: str) -> str:
    return (
        f'[[channel]]\nname = "mail"\nkind = "email"\nhost = "localhost"\nport = {port}\n'
        f'from = "veille@example.org"\nto = ["a@example.org"]\n{more}\n'
    )


LOGIN = 'username = "veille@example.org"\npassword = "not-the-right-one"\n'


@pytest.mark.parametrize(
    ("trouble", "said"),
    [
        ("password", "refuses the login: 535"),
        ("host", "there is no such host"),
        ("certificate", "certificate has expired"),
        ("webhook", "check whether the webhook was revoked"),
        ("secret", "cannot be read: No such file or directory"),
    ],
)
def test_what_is_wrong_with_a_channel_is_said_with_what_to_do_and_nothing_is_lost(
    veille: Veille, tmp_path: Path, trouble: str, said: str
) -> None:
    pem = certificate(tmp_path, expired=trouble == "certificate")
    with MailServer(pem) as server, Hook(lambda number: Answer(404)) as hook:
        port, trusted = server.port, f'ca_file = "{pem}"\n'
        table = {
            "password": mail(port, LOGIN + trusted),
            "host": mail(port, trusted).replace('"localhost"', '"mail.invalid"'),
            "certificate": mail(port, LOGIN + trusted),
            "webhook": webhook(hook.url).replace('"hook"', '"mail"', 1),
            "secret": mail(port, 'username = "a"\npassword_file = "none"\n'),
        }[trouble]
        configured(tmp_path, table)
        told(tmp_path, channels=("mail",))
        ran = veille("deliver", *AT)
    assert ran.code == 3
    assert "mail: " in ran.err
    assert said in ran.err
    assert "not-the-right-one" not in ran.err
    with Store.open(tmp_path / "veille.db") as store:
        assert sum(store.outbox.counts().get(state, 0) for state in ("retry", "dead")) == 1


def test_a_channel_is_tried_with_a_sample(veille: Veille, tmp_path: Path) -> None:
    with Hook() as hook:
        configured(tmp_path, webhook(hook.url))
        ran = veille("alerts", "test", "hook")
    assert ran.code == 0
    assert "hook: sent; the server said: 200 ok" in ran.err
    assert hook.taken[0].json["type"] == "test"


def test_a_sample_that_is_not_taken_says_why(veille: Veille, tmp_path: Path) -> None:
    with refusing() as port:
        configured(tmp_path, webhook(f"http://127.0.0.1:{port}/"))
        ran = veille("alerts", "test", "hook")
    assert ran.code == 3
    assert "hook: 127.0.0.1 cannot be reached" in ran.err
    assert veille("alerts", "test", "other").code == 2


def test_a_preview_says_what_would_go_where_and_why(veille: Veille, tmp_path: Path) -> None:
    configured(
        tmp_path,
        webhook("https://a.example/", 'kinds = ["round"]'),
        '[[channel]]\nname = "console"\nkind = "console"\n',
    )
    told(tmp_path, Move("new", figure(0.1)), Move(kind="round"), channels=())
    told(tmp_path, Move("new", figure(0.1), payers=("B",)), channels=(), number=2)
    table = veille("alerts", "preview", *AT).out
    assert "kind investment is not asked for" in table
    rows = [
        (row["channel"], row["mode"], row["changes"])
        for row in map(json.loads, veille("alerts", "preview", "--json", *AT).out.splitlines())
    ]
    assert sorted(rows) == [
        ("console", "daily", [3]),
        ("console", "immediate", [1, 2]),
        ("hook", "immediate", [2]),
        ("hook", "muted", []),
    ]
    only = veille("alerts", "preview", "--channel", "hook", "--since", "2030-01-01", *AT)
    assert (only.code, only.out.strip().splitlines()[1:]) == (0, [])
