"""When a watch is due."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.core.builders import watch
from watcher.core.schedule import first_wait, wait_until_next

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
TEN = replace(watch(), every=10 * MINUTE, jitter=0.1)


@pytest.mark.parametrize(
    ("every", "failures", "expected"),
    [
        (10 * MINUTE, 0, 10 * MINUTE),
        (10 * MINUTE, 1, 20 * MINUTE),
        (10 * MINUTE, 2, 40 * MINUTE),
        (10 * MINUTE, 3, HOUR),
        (10 * MINUTE, 10_000, HOUR),
        (0.5 * MINUTE, 10_000, HOUR),
        (6 * HOUR, 1, 6 * HOUR),
    ],
)
def test_failures_in_a_row_double_the_interval_up_to_an_hour(
    every: timedelta, failures: int, expected: timedelta
) -> None:
    assert wait_until_next(replace(TEN, every=every), failures=failures, chance=0) == expected


@pytest.mark.parametrize(("chance", "expected"), [(0.0, 10 * MINUTE), (0.5, 10.5 * MINUTE), (0.999_999, 11 * MINUTE)])
def test_chance_lengthens_a_wait_by_up_to_the_jitter(chance: float, expected: timedelta) -> None:
    assert abs(wait_until_next(TEN, chance=chance) - expected) < timedelta(milliseconds=1)


@pytest.mark.parametrize(
    ("every", "expected"),
    [(10 * MINUTE, 2 * MINUTE), (timedelta(seconds=10), timedelta(seconds=5)), (timedelta(seconds=3),) * 2],
)
def test_what_awaits_its_confirmation_is_looked_at_sooner(every: timedelta, expected: timedelta) -> None:
    assert wait_until_next(replace(TEN, every=every), is_confirming=True, chance=0) == expected


def test_a_failing_page_is_not_asked_sooner_for_a_confirmation() -> None:
    assert wait_until_next(TEN, failures=1, is_confirming=True, chance=0) == 20 * MINUTE


def test_what_the_server_asks_for_is_never_undercut() -> None:
    assert wait_until_next(TEN, failures=1, retry_after=5 * HOUR, chance=0.9) == 5 * HOUR
    assert wait_until_next(TEN, failures=1, retry_after=MINUTE, chance=0) == 20 * MINUTE


@pytest.mark.parametrize(
    ("since_planned", "expected"),
    [
        pytest.param(-4 * MINUTE, 4 * MINUTE, id="planned for later: then"),
        pytest.param(-HOUR, 11 * MINUTE, id="planned for much later, perhaps by a wrong clock: within its interval"),
        pytest.param(4 * HOUR, MINUTE / 2, id="overdue: within a minute"),
        pytest.param(timedelta(0), MINUTE / 2, id="due now: within a minute"),
        pytest.param(None, MINUTE / 2, id="new: within a minute"),
    ],
)
def test_the_first_wait_after_a_start(since_planned: timedelta | None, expected: timedelta) -> None:
    assert first_wait(TEN, since_planned=since_planned, chance=0.5) == expected


def test_a_new_watch_with_a_short_interval_is_spread_over_that() -> None:
    assert first_wait(replace(TEN, every=timedelta(seconds=4)), since_planned=None, chance=0.5) == timedelta(seconds=2)
