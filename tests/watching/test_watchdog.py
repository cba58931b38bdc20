"""Who notices silence."""

from __future__ import annotations

from datetime import time, timedelta

import pytest
from msgspec.structs import replace

from tests.core.builders import watch
from tests.outbox.recording import Clock
from watcher.core.watch import ActiveHours, Watch
from watcher.watching.watchdog import Watchdog

MINUTE = timedelta(minutes=1)
TEN = replace(watch(), every=10 * MINUTE)
HOURS = replace(TEN, active_hours=ActiveHours(start=time(7), end=time(19)))
FIFTEEN = replace(TEN, stale_after=15 * MINUTE)


class Night:
    """A watchdog, and a clock that a test turns by minutes."""

    def __init__(self) -> None:
        self.clock = Clock()
        self.watchdog = Watchdog(self.clock.seconds)

    def checked(self, watched: Watch, wait: timedelta) -> None:
        """Let a check end in time, and another be planned."""
        self.watchdog.planned(watched, timedelta(0))
        self.watchdog.ended(watched.id)
        self.watchdog.planned(watched, wait)

    def silent_after(self, watched: Watch, *, limit: int = 300) -> int | None:
        """How many minutes from now the watch is silent, if it ever is."""
        for minute in range(limit):
            if self.watchdog.is_silent(watched):
                return minute
            self.clock.turn(60)
        return None


@pytest.mark.parametrize(
    ("watched", "wait", "minutes"),
    [
        pytest.param(TEN, 10 * MINUTE, 31, id="three intervals"),
        pytest.param(TEN, 60 * MINUTE, 181, id="three of a back-off"),
        pytest.param(TEN, 2 * MINUTE, 23, id="a second look that comes sooner counts as what it is"),
        pytest.param(HOURS, 120 * MINUTE, 141, id="after a night: two intervals after the opening"),
        pytest.param(replace(TEN, cron="0 * * * *"), 60 * MINUTE, 81, id="cron: two intervals after its time"),
    ],
)
def test_without_any_check_a_watch_is_silent_after(watched: Watch, wait: timedelta, minutes: int) -> None:
    night = Night()
    night.checked(watched, wait)
    assert night.silent_after(watched) == minutes


def test_the_first_check_of_all_may_be_ten_minutes_late() -> None:
    night = Night()
    night.watchdog.planned(TEN, MINUTE)
    assert night.silent_after(TEN) == 1 + 20 + 10 + 1


def test_where_each_check_is_late_lateness_is_no_silence() -> None:
    night = Night()
    for _ in range(5):
        night.watchdog.planned(TEN, 10 * MINUTE)
        night.clock.turn(30 * 60)
        assert not night.watchdog.is_silent(TEN)
        night.watchdog.ended(TEN.id)
    night.watchdog.planned(TEN, 10 * MINUTE)
    assert night.silent_after(TEN) == 30 + 2 * 20 + 1


def test_each_check_that_ends_puts_silence_off() -> None:
    night = Night()
    for _ in range(10):
        night.checked(TEN, 10 * MINUTE)
        night.clock.turn(25 * 60)
        assert not night.watchdog.is_silent(TEN)


def test_with_stale_after_checks_that_fail_count_as_none() -> None:
    night = Night()
    for _ in range(3):
        night.watchdog.planned(FIFTEEN, 10 * MINUTE)
        night.clock.turn(5 * 60)
    night.clock.turn(1)
    assert night.watchdog.is_silent(FIFTEEN)
    night.watchdog.saw_good(FIFTEEN)
    assert night.silent_after(FIFTEEN) == 16


def test_a_watch_that_came_later_is_not_silent_from_the_start() -> None:
    night = Night()
    night.clock.turn(24 * 3600)
    night.watchdog.planned(FIFTEEN, 10 * MINUTE)
    assert night.silent_after(FIFTEEN) == 16


def test_time_outside_of_the_active_hours_does_not_count() -> None:
    night = Night()
    watched = replace(HOURS, stale_after=15 * MINUTE)
    night.watchdog.planned(watched, 10 * MINUTE)
    night.clock.turn(12 * 3600)
    night.watchdog.saw_closed(watched.id)
    assert night.silent_after(watched) == 16


@pytest.mark.parametrize(("watched", "minutes"), [(TEN, 21), (FIFTEEN, 16)], ids=["every", "stale_after"])
def test_time_without_a_network_does_not_count(watched: Watch, minutes: int) -> None:
    night = Night()
    night.checked(watched, 10 * MINUTE)
    night.clock.turn(12 * 3600)
    night.watchdog.forgive()
    assert night.silent_after(watched) == minutes


def test_of_a_watch_that_is_not_planned_nothing_is_expected() -> None:
    night = Night()
    night.watchdog.planned(TEN, 10 * MINUTE)
    night.watchdog.forget(TEN.id)
    assert night.silent_after(TEN) is None
    assert night.silent_after(FIFTEEN) is None


def test_only_watches_whose_check_should_have_ended_need_be_looked_at() -> None:
    night = Night()
    late = replace(TEN, id="late")
    night.checked(TEN, 10 * MINUTE)
    night.clock.turn(60)
    assert not night.watchdog.overdue()
    night.checked(late, 4 * MINUTE)
    night.clock.turn(25 * 60)
    assert list(night.watchdog.overdue()) == ["late"]
    night.watchdog.ended("late")
    night.watchdog.planned(late, 10 * MINUTE)
    assert not night.watchdog.overdue()


def test_a_watch_is_late_by_the_time_since_it_was_due() -> None:
    night = Night()
    assert night.watchdog.late_seconds(TEN.id) == 0
    night.watchdog.planned(TEN, 10 * MINUTE)
    night.clock.turn(9 * 60)
    assert night.watchdog.late_seconds(TEN.id) == 0
    night.clock.turn(3 * 60)
    assert night.watchdog.late_seconds(TEN.id) == 120
