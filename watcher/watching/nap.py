"""A wait for the next thing that is due, which others may end."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

LONGEST_NAP_SECONDS = 30.0
"""The loop's own timers stand still in suspend, so the timetable is looked at this often."""


class Nap:
    """One after the other, taken by one task. A call that comes while none is taken ends the next one at once."""

    def __init__(self, seconds: Callable[[], float]) -> None:
        """
        Args:
            seconds: the clock that due times are counted on.
        """
        self._seconds = seconds
        self._ends_at = float("-inf")
        self._is_over = False
        self._sleeper: asyncio.Future[None] | None = None

    async def take(self, until: float | None) -> None:
        """Wait until then, until somebody ends it, or for LONGEST_NAP_SECONDS; None: nothing is due."""
        now = self._seconds()
        longest = now + LONGEST_NAP_SECONDS
        self._ends_at = longest if until is None else min(until, longest)
        if not self._is_over:
            loop = asyncio.get_running_loop()
            self._sleeper = loop.create_future()
            timer = loop.call_later(max(self._ends_at - now, 0.0), self.end)
            try:
                await self._sleeper
            finally:
                timer.cancel()
                self._sleeper = None
        self._is_over = False

    def end(self) -> None:
        """End it now."""
        self._is_over = True
        if self._sleeper is not None and not self._sleeper.done():
            self._sleeper.set_result(None)

    def end_by(self, due_at: float) -> None:
        """End it now, if it would last longer than until then: it is to be taken anew."""
        if due_at < self._ends_at:
            self.end()
