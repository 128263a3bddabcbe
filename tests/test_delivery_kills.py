"""The sender is killed again and again: nothing is lost, and what comes twice has one key."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import time
from collections import Counter
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path

import pytest

from pipelines.shapes import when
from pipelines.store import Store
from tests.conftest import VEILLE
from tests.news import NOW, Move, tell
from tests.servers import PASSWORD, USER, Answer, Hook, MailServer, certificate

CHANNELS = ("mail", "hook")
#: What is said of a server that took a message, perhaps, and did not say so.
UNSURE = ("broke the connection off", "did not answer within")
CONFIG = """
[[channel]]
name = "mail"
kind = "email"
host = "localhost"
port = {port}
username = "{user}"
password_env = "VEILLE_TEST_PASSWORD"
from = "veille@example.org"
to = ["a@example.org"]
ca_file = "{pem}"
when = "immediate"
cap_per_hour = 0

[[channel]]
name = "hook"
kind = "webhook"
url = "{url}"
when = "immediate"
cap_per_hour = 0
"""


class Moods:
    """A webhook that mostly answers, and now and then does all else."""

    def __init__(self, seed: int) -> None:
        self._chance = random.Random(seed)

    def answer(self, number: int) -> Answer:
        mood = self._chance.random()
        if mood < 0.80:
            return Answer()
        if mood < 0.85:
            return Answer(429, headers={"Retry-After": "20"})
        if mood < 0.90:
            return Answer(500)
        if mood < 0.93:
            return Answer(404)
        if mood < 0.96:
            return Answer(500, hang=0.3)
        return Answer(drop=True)  # taken, and the sender is not told


def deliver(folder: Path, minutes: int, *more: str) -> subprocess.Popen[bytes]:
    """The command, at a time of its own: no test waits for a pause to pass."""
    now = when(NOW + timedelta(minutes=minutes))
    return subprocess.Popen(
        [VEILLE, "--config", "veille.toml", "--now", now, "deliver", *more],
        cwd=folder,
        env=os.environ | {"VEILLE_TEST_PASSWORD": PASSWORD},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def open_rows(folder: Path) -> int:
    with Store.open(folder / "veille.db") as store:
        counts = store.outbox.counts()
    return sum(count for state, count in counts.items() if state != "sent")


def unsure(folder: Path) -> Counter[str]:
    """By channel: attempts after which the sender could not know whether its message was taken."""
    with Store.open(folder / "veille.db") as store:
        return Counter(
            row["channel"]
            for row in store.outbox.rows()
            for attempt in store.outbox.attempts(row["id"])
            if any(said in (attempt["answer"] or "") for said in UNSURE)
        )


def storm(folder: Path, alerts: int, kills: int) -> None:
    moods, chance = Moods(7), random.Random(11)
    pem = certificate(folder)
    told = 0

    def tell_more(count: int) -> None:
        nonlocal told
        with Store.open(folder / "veille.db", create=True) as store:
            for number in range(told, told + count):
                tell(store, Move(payers=(f"P{number}",)), number=number, channels=CHANNELS)
        told += count

    with ExitStack() as stack:
        mail = stack.enter_context(MailServer(pem))
        hook = stack.enter_context(Hook(moods.answer))
        (folder / "veille.toml").write_text(
            CONFIG.format(port=mail.port, user=USER, pem=pem, url=hook.url)
        )
        tell_more(alerts // len(CHANNELS))
        killed = minutes = 0
        while killed < kills or open_rows(folder):
            if killed < kills and not open_rows(folder):
                # everything was sent before the last of the kills: there must be something to kill
                tell_more(alerts // kills)
            # far enough on that every pause is over, and parked messages are tried again
            minutes += 300
            sender = deliver(folder, minutes, "--retry", "all")
            if killed < kills:
                before = len(mail.raw) + len(hook.requests)
                wanted = before + chance.randint(1, max(2, alerts // kills // 2))
                while sender.poll() is None and len(mail.raw) + len(hook.requests) < wanted:
                    time.sleep(0.002)
                time.sleep(chance.random() * 0.02)
                if sender.poll() is None:
                    sender.send_signal(signal.SIGKILL)
                    killed += 1
            sender.wait()
            assert minutes < 300 * (kills + 200), "it does not come to an end"
    # the servers have ended: what a killed sender had sent whole is counted too
    ids = Counter(message["Message-ID"] for message in mail.mails)
    keys = Counter(request.headers["Idempotency-Key"] for request in hook.taken)
    bodies = {(request.headers["Idempotency-Key"], request.body) for request in hook.taken}
    twice = {"mail": ids.total() - told, "hook": keys.total() - told}
    print(f"{told} messages a channel, {killed} kills, twice {twice}, unsure {unsure(folder)}")
    assert (len(ids), len(keys)) == (told, told), "lost"
    assert len(bodies) == told, "a message said one thing and then another"
    for channel, count in twice.items():
        # each channel has one message on its way: a kill makes at most one come twice in each
        assert count <= kills + unsure(folder)[channel], channel
    with Store.open(folder / "veille.db") as store:
        assert store.outbox.counts() == {"sent": told * len(CHANNELS)}


def test_a_sender_killed_five_times_loses_nothing(tmp_path: Path) -> None:
    storm(tmp_path, alerts=40, kills=5)


@pytest.mark.slow
def test_a_sender_killed_thirty_times_amid_400_alerts_loses_nothing(tmp_path: Path) -> None:
    storm(tmp_path, alerts=400, kills=30)
