"""What the workers of a queue wait for: news, or that it is time to look anyway."""

from __future__ import annotations

import asyncio
from contextlib import suppress


class Bell:
    """
    Wakes one worker. Used from one event loop.

    The worker calls `reset`, looks at its queue, and then waits: what rings in between is not missed.
    """

    def __init__(self) -> None:
        self._rung = asyncio.Event()

    def ring(self) -> None:
        """Say that there is something new."""
        self._rung.set()

    def reset(self) -> None:
        """Forget what has rung so far."""
        self._rung.clear()

    async def wait(self, seconds: float) -> None:
        """Return once it has rung since the last `reset`, or after so many seconds."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._rung.wait()
