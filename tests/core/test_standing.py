from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from msgspec.structs import replace

from tests.core.builders import play, price, watch
from watcher.core.check import CheckFailure, Suspect, WatchState
from watcher.core.standing import Standing, standing_of

[GOOD] = (decision.state for decision in play(watch(), price(1)))
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
SOON = NOW + timedelta(minutes=5)
FAILED = CheckFailure(kind="status", text="HTTP 404")
STRANGE = CheckFailure(kind="suspicious", text="price is 0")
ODD = Suspect(odd="x", checks=1)
BELIEVED = Suspect(odd="x", checks=1, is_accepted=True)


@pytest.mark.parametrize(
    ("state", "standing"),
    [
        pytest.param(replace(GOOD, next_check_at=SOON), Standing.FINE, id="good"),
        pytest.param(replace(GOOD, next_check_at=NOW - timedelta(minutes=10)), Standing.FINE, id="a little late"),
        pytest.param(WatchState(next_check_at=SOON), Standing.NEW, id="not checked yet"),
        pytest.param(replace(GOOD, next_check_at=SOON, muted_until=SOON), Standing.MUTED, id="muted"),
        pytest.param(replace(GOOD, next_check_at=SOON, muted_until=NOW), Standing.FINE, id="muted until now"),
        pytest.param(
            WatchState(failures=1, failure=FAILED, next_check_at=SOON, muted_until=SOON),
            Standing.MUTED,
            id="muted, and failed",
        ),
        pytest.param(replace(GOOD, paused_until=SOON, muted_until=SOON), Standing.PAUSED, id="paused, and muted"),
        pytest.param(replace(GOOD, next_check_at=SOON, paused_until=NOW), Standing.FINE, id="paused until now"),
        pytest.param(WatchState(next_check_at=NOW - timedelta(minutes=11)), Standing.OVERDUE, id="late"),
        pytest.param(WatchState(), Standing.OVERDUE, id="never planned"),
        pytest.param(WatchState(failures=1, failure=FAILED, next_check_at=SOON), Standing.FAILING, id="failed"),
        pytest.param(WatchState(failures=1, failure=FAILED), Standing.OVERDUE, id="failed, then disabled"),
        pytest.param(WatchState(failure=STRANGE, suspect=ODD, next_check_at=SOON), Standing.SUSPICIOUS, id="odd"),
        pytest.param(
            WatchState(failure=STRANGE, suspect=BELIEVED, next_check_at=SOON), Standing.FAILING, id="believed"
        ),
        pytest.param(
            WatchState(failure=FAILED, suspect=ODD, next_check_at=SOON), Standing.FAILING, id="odd, then failed"
        ),
    ],
)
def test_a_watch_stands_as_its_state_says(state: WatchState, standing: Standing) -> None:
    assert standing_of(state, now=NOW) is standing


def test_a_watch_that_is_not_enabled_is_nothing_else() -> None:
    state = WatchState(failures=1, failure=FAILED, paused_until=SOON)
    assert standing_of(state, now=NOW, is_enabled=False) is Standing.DISABLED
