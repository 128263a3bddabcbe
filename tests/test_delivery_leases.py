"""Two senders, and senders that die: each message is in one lease, and none is stuck in it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from pipelines.alert import Context
from pipelines.config import Rules, load
from pipelines.delivery import lease
from pipelines.delivery.draining import Drain, Outcome
from pipelines.store import Store
from tests.draining import PARIS, channel, drain, send, states
from tests.draining import hook as hook  # a fixture
from tests.news import NOW, Move, figure, tell
from tests.servers import Hook

# -- leases ---------------------------------------------------------------------------------------


def test_a_row_in_the_lease_of_a_living_sender_is_left_to_it(store: Store, hook: Hook) -> None:
    tell(store)
    store.outbox.lease(store.outbox.row(1), lease.take(), NOW)
    assert drain(store, channel(hook)).sent == 0
    assert states(store) == ["leased"]


def _gone(pid: int, **changed: object) -> str:
    return json.dumps(json.loads(lease.take()) | {"pid": pid} | changed)


def _dead_pid() -> int:
    child = subprocess.Popen([sys.executable, "-c", ""])
    child.wait()
    return child.pid


@pytest.mark.parametrize(
    "owner",
    [
        lambda: _gone(_dead_pid()),
        lambda: _gone(os.getpid(), started="1"),
        lambda: _gone(os.getpid(), boot="another boot"),
        lambda: _gone(os.getpid(), until=1),
    ],
    ids=["is dead", "has its pid from another", "ran before the reboot", "hangs"],
)
def test_a_lease_is_free_at_once_when_its_owner(
    store: Store, hook: Hook, owner: Callable[[], str]
) -> None:
    tell(store)
    store.outbox.lease(store.outbox.row(1), owner(), NOW)
    assert drain(store, channel(hook)).sent == 1


def test_the_lease_of_a_process_of_another_container_is_free_only_in_time() -> None:
    assert not lease.is_free(_gone(_dead_pid(), space="pid:[1]"))
    assert lease.is_free(_gone(_dead_pid(), space="pid:[1]", until=1))


def test_two_senders_take_a_row_once(store: Store) -> None:
    tell(store)
    row = store.outbox.row(1)
    first = store.outbox.lease(row, lease.take(), NOW)
    second = store.outbox.lease(row, lease.take(), NOW)
    assert (first, second) == (1, None)


def test_senders_side_by_side_send_each_message_once(tmp_path: Path, hook: Hook) -> None:
    path, count = tmp_path / "v.db", 24
    config = replace(load(), channels=(channel(hook), channel(hook, Rules(when="daily"), "day")))
    with Store.open(path, create=True) as store:
        for number in range(count):
            tell(store, Move(payers=(f"P{number}",)), number=number, channels=("out", "day"))
        with ThreadPoolExecutor(4) as senders:
            for day in (0, 1):
                now = NOW + timedelta(days=day)
                runs = [senders.submit(send, path, config, now) for _ in range(4)]
                for run in runs:
                    run.result()
        keys = [request.headers["Idempotency-Key"] for request in hook.requests]
        assert len(keys) == len(set(keys)) == count + 1
        assert set(states(store)) == {"sent", "digested"}


def test_what_another_sender_has_put_off_meanwhile_is_left(store: Store, hook: Hook) -> None:
    tell(store, Move("new", figure(0.1)))
    to = channel(hook, Rules())
    slow = Drain(store, to, Context("out", "fr", PARIS), lambda: NOW)
    listed = store.outbox.due("out", NOW)
    drain(store, to)
    for row in listed:
        slow._one(row["id"], Outcome("out"))
    assert not hook.requests
