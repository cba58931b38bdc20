from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from watcher.core.callbacks import (
    GIVE_UP_ATTEMPTS,
    Callback,
    CallbackAnswer,
    CallbackState,
    after_attempt,
    is_due,
)

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
REFUSED = CallbackAnswer(status=500, reason="answered 500")


def a_callback(*, attempts: int = 0, due_in: timedelta = timedelta(0), age: timedelta = timedelta(0)) -> Callback:
    return Callback(
        id=1,
        app_id=2,
        body="{}",
        created_at=NOON - age,
        attempts=attempts,
        due_at=NOON + due_in,
        state=CallbackState.PENDING,
        status=None,
        reason="",
    )


def test_a_success_settles_it() -> None:
    settled = after_attempt(a_callback(attempts=3), CallbackAnswer(status=204), now=NOON, chance=0)
    assert (settled.state, settled.attempts, settled.status, settled.reason) == (CallbackState.DELIVERED, 4, 204, "")


@pytest.mark.parametrize(
    ("attempts", "chance", "seconds"),
    [
        pytest.param(0, 0.0, 1, id="first"),
        pytest.param(1, 0.0, 2, id="second"),
        pytest.param(10, 0.0, 1_024, id="eleventh"),
        pytest.param(12, 0.0, 3_600, id="an hour at most"),
        pytest.param(5_000, 0.0, 3_600, id="no number is too big"),
        pytest.param(10, 0.5, 768, id="a random half is taken off"),
    ],
)
def test_a_failure_waits_longer_each_time(attempts: int, chance: float, seconds: float) -> None:
    waiting = after_attempt(a_callback(attempts=attempts), REFUSED, now=NOON, chance=chance)
    assert (waiting.state, waiting.reason) == (CallbackState.PENDING, "answered 500")
    assert waiting.due_at - NOON == timedelta(seconds=seconds)


@pytest.mark.parametrize(
    ("attempts", "age", "state"),
    [
        pytest.param(GIVE_UP_ATTEMPTS - 1, timedelta(hours=25), CallbackState.DEAD, id="a day of trying"),
        pytest.param(50, timedelta(hours=24), CallbackState.PENDING, id="not a day yet"),
        pytest.param(0, timedelta(days=400), CallbackState.PENDING, id="the clock jumped"),
    ],
)
def test_it_is_given_up_after_a_day_of_trying(attempts: int, age: timedelta, state: CallbackState) -> None:
    after = after_attempt(a_callback(attempts=attempts, age=age), REFUSED, now=NOON, chance=0)
    assert after.state is state
    assert ("given up" in after.reason) == (state is CallbackState.DEAD)


@pytest.mark.parametrize(
    ("attempts", "due_in", "expected"),
    [
        pytest.param(0, timedelta(hours=5), True, id="new, written under a clock that was ahead"),
        pytest.param(1, timedelta(0), True, id="now"),
        pytest.param(1, timedelta(seconds=1), False, id="in a second"),
        pytest.param(1, timedelta(hours=1), False, id="in an hour"),
        pytest.param(1, timedelta(hours=2), True, id="beyond any wait of ours"),
    ],
)
def test_it_is_due_at_its_time(attempts: int, due_in: timedelta, expected: bool) -> None:
    assert is_due(a_callback(attempts=attempts, due_in=due_in), now=NOON) is expected
