"""What was told wrongly is taken back, from those who were told."""

from __future__ import annotations

from datetime import timedelta

import pytest

from pipelines.config import Rules
from pipelines.store import Store
from tests.draining import AT_ONCE, channel, drain, states
from tests.draining import hook as hook  # a fixture
from tests.news import NOW, Move, figure, tell
from tests.servers import Hook

# -- corrections ----------------------------------------------------------------------------------


def test_a_correction_follows_the_wrong_message_to_its_readers_only(
    store: Store, hook: Hook
) -> None:
    (wrong,) = tell(store, Move(), channels=("out", "other"))
    told = channel(hook, AT_ONCE)
    never = channel(hook, Rules(kinds=("debt",)), name="other")
    drain(store, told)
    drain(store, never)
    tell(
        store,
        Move("corrected", figure(5), figure(50), corrects=wrong),
        number=2,
        channels=("out", "other"),
    )
    drain(store, told)
    drain(store, never)
    first, correction = hook.taken
    assert correction.json["subject"].startswith("Rectificatif")
    row = store.outbox.row(3)
    assert row["thread"][-1] == first.headers["Idempotency-Key"]
    assert states(store) == ["sent", "muted", "sent", "muted"]


@pytest.mark.parametrize("rules", [AT_ONCE, Rules(when="daily")])
def test_what_was_taken_back_before_it_was_told_is_not_told_at_all(
    store: Store, hook: Hook, rules: Rules
) -> None:
    to = channel(hook, rules)
    (wrong, _) = tell(store, Move(), Move(payers=("B",)))
    if rules.when == "daily":
        drain(store, to)
    tell(store, Move("corrected", figure(5), figure(50), corrects=wrong), number=2)
    drain(store, to)
    drain(store, to, NOW + timedelta(days=1))
    (request,) = hook.taken
    assert [line["payers"] for line in request.json["changes"]] == [["B"]]


def test_a_message_of_which_nothing_is_left_is_not_sent(store: Store, hook: Hook) -> None:
    (wrong,) = tell(store, Move())
    tell(store, Move("corrected", figure(5), figure(50), corrects=wrong), number=2)
    drain(store, channel(hook))
    assert not hook.requests
    assert states(store) == ["muted", "muted"]
