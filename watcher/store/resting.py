"""A checkpoint when a database is at rest: its log is then empty, and nothing is lost with it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, Final

from watcher.store.ending import to_its_end

REST_SECONDS: Final = 5.0
"""Without a commit, a database is at rest."""


class RestingCheckpoint:
    """Makes a checkpoint when nothing was written for a while. Used from one event loop."""

    def __init__(self, checkpoint: Callable[[], Coroutine[Any, Any, bool]], *, rest_seconds: float) -> None:
        """
        Args:
            checkpoint: returns whether it got through; where it did not it is called again, as late. Raises nothing.
        """
        self._checkpoint = checkpoint
        self._rest_seconds = rest_seconds
        self._written_at = 0.0
        self._timer: asyncio.TimerHandle | None = None
        self._running: asyncio.Task[None] | None = None
        self._is_due = False
        self._is_ending = False

    def wrote(self) -> None:
        """Take note of a commit."""
        loop = asyncio.get_running_loop()
        self._written_at = loop.time()
        self._is_due = True
        if self._timer is None and self._running is None and not self._is_ending:
            self._timer = loop.call_later(self._rest_seconds, self._look)

    async def close(self) -> None:
        """Wait for one that runs; make the last one, if anything was written since."""
        self._is_ending = True
        if self._timer is not None:
            self._timer.cancel()
        if self._running is not None:
            await asyncio.wait([self._running])
        if self._is_due:
            await to_its_end(self._checkpoint())

    def _look(self) -> None:
        loop = asyncio.get_running_loop()
        rest_at = self._written_at + self._rest_seconds
        self._timer = None
        if loop.time() < rest_at:
            self._timer = loop.call_at(rest_at, self._look)
        else:
            self._running = loop.create_task(self._run())

    async def _run(self) -> None:
        self._is_due = False
        is_through = await to_its_end(self._checkpoint())
        self._running = None
        if self._is_due or not is_through:
            self.wrote()
