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

Time counts on a clock that stands still in suspend and while the process is frozen, so that nothing is silent because
the machine slept; time outside of the active hours does not count.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from math import ceil

from msgspec import Struct

from watcher.core.schedule import follows_clock
from watcher.core.watch import Watch

_INTERVALS_OVERDUE = 2
_FIRST_CHECK_LATE_SECONDS = 300
_NEVER = float("inf")


class _Expected(Struct, gc=False):
    """
    What is known of one watch, in seconds of the watchdog's clock. There are many watches, so it is little.

    Attributes:
        late: what the last check was late by, rounded up: small whole numbers are one object for all.
        due: when the next check is due; `ended_by`: when it must have ended.
    """

    late: int = _FIRST_CHECK_LATE_SECONDS
    due: float = _NEVER
    ended_by: float = _NEVER


class Watchdog:
    """Knows for each watch until when a check must have ended."""

    def __init__(self, seconds: Callable[[], float]) -> None:
        """
        Args:
            seconds: a monotonic clock that stands still in suspend and while the process is frozen.
        """
        self._seconds = seconds
        self._forgiven = seconds()
        self._expected: dict[str, _Expected] = {}
        # Nothing before counts as silence; of watches with `stale_after`, and of those that were closed.
        self._counts_from: dict[str, float] = {}
        self._none_before = _NEVER  # no `ended_by` is sooner, so that all are looked at once in some intervals alone

    def planned(self, watch: Watch, wait: timedelta, is_paused: bool = False) -> None:
        """Take note that the watch is to be checked after this time."""
        # With a clock on the wall, and in a pause, the wait may be a weekend, which says nothing of how long a check
        # may be overdue.
        interval = watch.every if is_paused or follows_clock(watch) else max(watch.every, wait)
        known, now = self._of(watch.id), self._seconds()
        if watch.stale_after is not None:
            self._counts_from.setdefault(watch.id, now)
        known.due = now + wait.total_seconds()
        known.ended_by = known.due + _INTERVALS_OVERDUE * (interval.total_seconds() + known.late)
        self._none_before = min(self._none_before, known.ended_by)

    def late_seconds(self, watch: str) -> float:
        """Return for how long the watch is due; 0 when it is not."""
        known = self._expected.get(watch)
        return max(self._seconds() - known.due, 0.0) if known else 0.0

    def ended(self, watch: str) -> None:
        """Take note that a check of the watch has ended, however."""
        self._of(watch).late = ceil(self.late_seconds(watch))

    def saw_good(self, watch: Watch) -> None:
        """Take note of a good check."""
        if watch.stale_after is not None:
            self._counts_from[watch.id] = self._seconds()

    def saw_closed(self, watch: str) -> None:
        """Take note that the watch is outside its active hours, or paused."""
        self._counts_from[watch] = self._seconds()

    def forget(self, watch: str) -> None:
        """Stop following the watch."""
        self._expected.pop(watch, None)
        self._counts_from.pop(watch, None)

    def forgive(self) -> None:
        """Count silence from now on: the network was down before."""
        self._forgiven = self._seconds()

    def overdue_seconds(self) -> float:
        """Return for how long the watch is due that has waited longest for the end of its check; 0 when none is."""
        first = min((known.due for known in self._expected.values()), default=_NEVER)
        return max(self._seconds() - first, 0.0)

    def overdue(self) -> Sequence[str]:
        """Return the watches whose check should have ended by now: of those without `stale_after`, all silent ones."""
        now = self._seconds()
        if now <= self._none_before:
            return ()
        self._none_before = min((known.ended_by for known in self._expected.values()), default=_NEVER)
        return [watch for watch, known in self._expected.items() if known.ended_by < now]

    def is_silent(self, watch: Watch) -> bool:
        """Return whether there was no check, or with `stale_after` no good one, for too long."""
        known = self._expected.get(watch.id)
        if known is None or known.ended_by == _NEVER:
            return False
        now, counts_from = self._seconds(), max(self._forgiven, self._counts_from.get(watch.id, self._forgiven))
        if watch.stale_after is not None:
            return now - counts_from > watch.stale_after.total_seconds()
        return now > max(known.ended_by, counts_from + _INTERVALS_OVERDUE * watch.every.total_seconds())

    def _of(self, watch: str) -> _Expected:
        known = self._expected.get(watch)
        if known is None:
            known = self._expected[watch] = _Expected()
        return known
