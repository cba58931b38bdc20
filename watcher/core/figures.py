"""What long-running parts count of themselves: plain numbers, read by whoever wants to show them."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import accumulate
from math import inf
from typing import Final

BOUNDS: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
"""In seconds."""


class Durations:
    """Lengths of time, counted in buckets; to note one costs less than a microsecond."""

    __slots__ = ("_bounds", "_counts", "seconds")

    def __init__(self, bounds: Sequence[float] = BOUNDS) -> None:
        """`bounds`: upper bounds of the buckets in seconds, ascending; one without a bound follows."""
        self._bounds = bounds
        self._counts = [0] * (len(bounds) + 1)
        self.seconds = 0.0
        """the sum of all"""

    def note(self, seconds: float) -> None:
        """Count one."""
        self._counts[bisect_left(self._bounds, seconds)] += 1
        self.seconds += seconds

    def buckets(self) -> Iterator[tuple[float, int]]:
        """Yield each bound, infinity last, with how many were at most that long."""
        return zip((*self._bounds, float("inf")), accumulate(self._counts), strict=True)


class Pulse:
    """When a loop last came round. A loop that is stuck is one that has not for longer than it ever may."""

    __slots__ = ("_beat_at", "_limit_seconds", "what")

    def __init__(self, what: str, *, limit_seconds: float) -> None:
        """
        Args:
            what: whose, in words.
            limit_seconds: a few times what it naps at most, and more than one round of work may take.
        """
        self.what = what
        self._limit_seconds = limit_seconds
        self._beat_at: float | None = None

    def beat(self, at: float) -> None:
        """Note that the loop came round; `at` of a monotonic clock."""
        self._beat_at = at

    def rest(self) -> None:
        """Note that the loop has ended, and is not missed until it comes round again."""
        self._beat_at = inf

    def has_beaten_since(self, at: float) -> bool:
        """Return whether the loop came round at that time or later."""
        return self._beat_at is not None and self._beat_at >= at

    def is_stuck(self, now: float) -> bool:
        """Return whether the loop has not begun, or has not come round for too long."""
        return not self.has_beaten_since(now - self._limit_seconds)
