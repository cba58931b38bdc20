"""What the workers of a queue wait for: news, or that it is time to look anyway."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import Final

from watcher.core.figures import Pulse

_STUCK_SECONDS: Final = 180.0
"""The workers nap for 30 s at most; a round is a few transactions, each of which may wait for a minute."""


class Bell:
    """
    Wakes one worker. Used from one event loop.

    The worker calls `reset`, looks at its queue, and then waits: what rings in between is not missed.
    """

    def __init__(self, what: str) -> None:
        """
        Args:
            what: the worker does, in words.
        """
        self._rung = asyncio.Event()
        self.pulse = Pulse(what, limit_seconds=_STUCK_SECONDS)

    def ring(self) -> None:
        """Say that there is something new."""
        self._rung.set()

    def reset(self) -> None:
        """Forget what has rung so far."""
        self.pulse.beat(asyncio.get_running_loop().time())
        self._rung.clear()

    async def wait(self, seconds: float) -> None:
        """Return once it has rung since the last `reset`, or after so many seconds."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._rung.wait()
