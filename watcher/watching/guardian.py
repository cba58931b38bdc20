"""
The dead man's rule: who notices that a watch has fallen silent.

`on_error` is for checks that fail. Silence is when none ends at all: a lane that never lets one in, a defect of ours.

| the watch has  | it is silent when                                                                             |
|----------------|-----------------------------------------------------------------------------------------------|
| `stale_after`  | no check was good for that long, in this process, and it could have been checked all the time |
| else           | no check has ended for two intervals after one was due: for three intervals in all            |

An interval is `every`, or the wait that was planned where that is longer: a back-off, a Retry-After. To it comes what
the last check was late by: where a host has more watches than its lane can serve in time, each of them is late each
time, and that is for `validate` to say. The first check of a watch may be ten minutes late.

Time counts on a clock that stands still in suspend, so that nothing is silent because the machine slept; time outside
of the active hours does not count.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from watcher.core.schedule import follows_clock
from watcher.core.watch import Watch

_INTERVALS_OVERDUE = 2
_FIRST_CHECK_LATE_SECONDS = 300.0


class Guardian:
    """Knows for each watch until when a check must have ended."""

    def __init__(self, seconds: Callable[[], float]) -> None:
        """
        Args:
            seconds: a monotonic clock that stands still in suspend.
        """
        self._seconds = seconds
        self._forgiven = seconds()
        self._due: dict[str, float] = {}
        self._late: dict[str, float] = {}
        self._ended_by: dict[str, float] = {}
        self._good: dict[str, float] = {}
        self._counts_from: dict[str, float] = {}

    def planned(self, watch: Watch, wait: timedelta) -> None:
        """Take note that the watch is to be checked after this time."""
        # With a clock on the wall the wait may be a weekend, which says nothing of how long a check may be overdue.
        interval = watch.every if follows_clock(watch) else max(watch.every, wait)
        late = self._late.get(watch.id, _FIRST_CHECK_LATE_SECONDS)
        due = self._due[watch.id] = self._seconds() + wait.total_seconds()
        self._ended_by[watch.id] = due + _INTERVALS_OVERDUE * (interval.total_seconds() + late)
        self._counts_from.setdefault(watch.id, self._seconds())

    def ended(self, watch: str) -> None:
        """Take note that a check of the watch has ended, however."""
        now = self._seconds()
        self._late[watch] = max(now - self._due.get(watch, now), 0.0)

    def saw_good(self, watch: str) -> None:
        """Take note of a good check."""
        self._good[watch] = self._seconds()

    def saw_closed(self, watch: str) -> None:
        """Take note that the watch may not be checked at this time of the day."""
        self._counts_from[watch] = self._seconds()

    def forget(self, watch: str) -> None:
        """Expect nothing more of the watch."""
        for known in (self._due, self._late, self._ended_by, self._good, self._counts_from):
            known.pop(watch, None)

    def forgive(self) -> None:
        """Count no time before now: the network was down."""
        self._forgiven = self._seconds()

    def overdue_seconds(self) -> float:
        """Return for how long the watch is due that has waited longest for the end of its check; 0 when none is."""
        return max(self._seconds() - min(self._due.values(), default=float("inf")), 0.0)

    def is_silent(self, watch: Watch) -> bool:
        """Return whether there was no check, or with `stale_after` no good one, for too long."""
        ended_by = self._ended_by.get(watch.id)
        if ended_by is None:
            return False
        now, counts_from = self._seconds(), max(self._forgiven, self._counts_from.get(watch.id, 0.0))
        if watch.stale_after is not None:
            return now - max(counts_from, self._good.get(watch.id, 0.0)) > watch.stale_after.total_seconds()
        return now > max(ended_by, counts_from + _INTERVALS_OVERDUE * watch.every.total_seconds())
