"""
When each watch is due, counted on a clock that neither jumps nor stands still in suspend.

Times are told by the clock on the wall, and kept as waits from now. Those that were read off that clock (`cron`,
`active_hours`, the end of a pause) are read again when it is set; intervals go on as they were.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta

from msgspec import Struct

from watcher.core.schedule import earliness, first_check_at, first_wait, follows_clock, is_active, start_spread
from watcher.core.watch import Watch
from watcher.watching.due_queue import DueQueue

CLOCK_JUMP_SECONDS = 60.0
"""The clock on the wall was set when it has moved by more than this against the one that due times are counted on."""
_AFTER_DEFECT_SECONDS = 60.0
_log = logging.getLogger(__name__)


def boot_seconds() -> float:
    """Return seconds since boot, suspend included; on systems without that clock, the monotonic one."""
    return time.clock_gettime(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))


class Clocks(Struct, frozen=True, kw_only=True):
    """
    The clocks that watches are checked by, and their chance.

    Attributes:
        now: the wall clock, for records and what the operator wrote.
        chance: a fresh random number, 0 ≤ chance < 1.
        seconds: due times are counted on it: it never jumps, and goes on in suspend.
        awake_seconds: silence is counted on it: it never jumps, and stands still in suspend.
    """

    now: Callable[[], datetime]
    chance: Callable[[], float]
    seconds: Callable[[], float] = boot_seconds
    awake_seconds: Callable[[], float] = time.monotonic


class Timetable:
    """The watches that wait for their next check, and until when."""

    def __init__(
        self,
        watches: Mapping[str, Watch],
        clocks: Clocks,
        *,
        pauses: Mapping[str, datetime],
        on_planned: Callable[[Watch, timedelta, bool], None],
    ) -> None:
        """
        Args:
            watches: by id, as they are at any time; none of them leaves while it is planned.
            pauses: before when a watch is not to be checked, of few; it may have gone by.
            on_planned: told each watch that is planned, its wait, and whether it is paused for that long.
        """
        self._watches = watches
        self._now = clocks.now
        self._chance = clocks.chance
        self._seconds = clocks.seconds
        self._pauses = pauses
        self._on_planned = on_planned
        self._queue = DueQueue()
        self._clock_offset = self._wall_offset()

    def plan(self, watch: Watch, at: datetime) -> float:
        """
        Let the watch be due at that time of the wall clock, at once if it has gone by, in place of any other.

        A paused one is due at the end of the pause, or a little later: many may end at once.
        Return when that is, on the clock that due times are counted on.
        """
        now = self._now()
        paused_until = self._pauses.get(watch.id)
        is_paused = paused_until is not None and now < paused_until
        if paused_until is not None and is_paused and at < paused_until:
            spread = start_spread(len(self._watches))
            at = paused_until + first_wait(watch, since_planned=timedelta(0), chance=self._chance(), spread=spread)
        wait = max(at - now, timedelta(0))
        due_at = self._seconds() + wait.total_seconds()
        self._queue.plan(watch.id, due_at)
        self._on_planned(watch, wait, is_paused)
        return due_at

    def plan_first(self, watch: Watch, *, planned_at: datetime | None, chance: float | None = None) -> float:
        """
        Plan the watch as after a start, and return what `plan` does.

        Args:
            planned_at: when it was to be checked; None for a new one.
        """
        chance = self._chance() if chance is None else chance
        spread = start_spread(len(self._watches))
        at = first_check_at(watch, planned_at=planned_at, now=self._now(), chance=chance, spread=spread)
        return self.plan(watch, at)

    def drop(self, watch: str) -> None:
        """Forget what was planned for the watch."""
        self._queue.drop(watch)

    def take_due(self) -> Iterator[Watch]:
        """Yield the watches that are due and may be checked, each once; put off those whose hours have passed."""
        for one in self._queue.take_due(self._seconds()):
            try:
                watch, now = self._watches[one], self._now()
                may_be_checked = is_active(watch, now) and not (one in self._pauses and self._is_paused(one))
                if not may_be_checked:  # in suspend, or while the clock was set
                    self.plan_first(watch, planned_at=now)
            except Exception:  # a defect, which may be of this watch alone
                self._queue.plan(one, self._seconds() + _AFTER_DEFECT_SECONDS)
                raise
            if may_be_checked:
                yield watch

    def take_early(self, watch: Watch) -> bool:
        """Return whether the watch may be checked now, though it is not due yet; then it is planned no more."""
        due_at = self._queue.due_at(watch.id)
        if due_at is None or due_at - self._seconds() > earliness(watch).total_seconds():
            return False
        if not is_active(watch, self._now()) or (watch.id in self._pauses and self._is_paused(watch.id)):
            return False
        self.drop(watch.id)
        return True

    def planned_at(self, watch: str) -> datetime | None:
        """Return when the watch is due, on the wall clock; None when it is not planned."""
        due_at = self._queue.due_at(watch)
        return None if due_at is None else self._now() + timedelta(seconds=due_at - self._seconds())

    def next_due_at(self) -> float | None:
        """Return when a watch is due next, on the clock that due times are counted on; None when nothing is planned."""
        return self._queue.next_due_at()

    def hurry(self, is_wanted: Callable[[Watch], bool]) -> None:
        """Make these watches due within a minute, as after a start, unless they are due sooner."""
        for one, due_at in self._queue.planned():
            watch, now = self._watches[one], self._now()
            if is_wanted(watch):
                soon = first_check_at(watch, planned_at=now, now=now, chance=self._chance())
                if self._seconds() + (soon - now).total_seconds() < due_at:
                    self.plan(watch, soon)

    def follow_clock(self) -> None:
        """Read the due times that depend on the clock on the wall again, when it was set."""
        before, offset = self._clock_offset, self._wall_offset()
        if abs(offset - before) <= CLOCK_JUMP_SECONDS:
            return
        self._clock_offset = offset
        _log.info("the clock was set by %+.0f s: what depends on it is planned anew", offset - before)
        for one, due_at in self._queue.planned():
            watch = self._watches[one]
            if one in self._pauses:
                self.plan(watch, self._now())
            elif follows_clock(watch):
                # A time of cron that the clock jumped over is made up for; an interval goes on as it was.
                at = (before if watch.cron else offset) + due_at
                self.plan_first(watch, planned_at=datetime.fromtimestamp(at, UTC))

    def _is_paused(self, watch: str) -> bool:
        paused_until = self._pauses.get(watch)
        return paused_until is not None and self._now() < paused_until

    def _wall_offset(self) -> float:
        return self._now().timestamp() - self._seconds()
