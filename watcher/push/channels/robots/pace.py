"""Keeps each robot within what its service takes."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from typing import Final

_MOST_ROBOTS: Final = 1_000
"""Of whose calls are remembered; above that, those that need not wait any more are forgotten."""


class Pace:
    """The last calls of each robot, in memory: after a restart the service's own answer says when to wait."""

    def __init__(self, limits: Sequence[tuple[int, float]], seconds: Callable[[], float]) -> None:
        """
        Args:
            limits: so many calls in so many seconds, each of them at once.
            seconds: a monotonic clock.
        """
        self._limits = limits
        self._seconds = seconds
        self._kept = max(calls for calls, _ in limits)
        self._longest = max(per for _, per in limits)
        self._calls: dict[str, deque[float]] = {}

    def wait_seconds(self, robot: str) -> float:
        """Return how long the robot's next call has to wait; 0 when it may go now."""
        calls, now = self._calls.get(robot, ()), self._seconds()
        return max(0.0, *(calls[-most] + per - now for most, per in self._limits if len(calls) >= most), 0.0)

    def count(self, robot: str) -> None:
        """Count a call that is made now."""
        now = self._seconds()
        calls = self._calls.pop(robot, None) or deque(maxlen=self._kept)
        calls.append(now)
        self._calls[robot] = calls
        if len(self._calls) > _MOST_ROBOTS:
            self._forget(now)

    def _forget(self, now: float) -> None:
        rested = [robot for robot, calls in self._calls.items() if calls[-1] + self._longest <= now]
        for robot in rested:
            del self._calls[robot]
