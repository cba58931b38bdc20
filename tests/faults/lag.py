"""How long the event loop keeps others waiting."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass

_TICK_SECONDS = 0.005


@dataclass(slots=True)
class Lag:
    """
    The worst since the start or since `forget`, in seconds.

    Attributes:
        wall: by which a task that was due came late. Whatever else the machine does is in it.
        busy: CPU time that this process spent between two turns of that task. Nothing else is in it.
    """

    wall: float = 0.0
    busy: float = 0.0

    def forget(self) -> None:
        """Begin again."""
        self.wall = self.busy = 0.0

    async def watch(self) -> None:
        """Look at it until cancelled."""
        while True:
            began, worked = time.perf_counter(), time.process_time()
            await asyncio.sleep(_TICK_SECONDS)
            self.wall = max(self.wall, time.perf_counter() - began - _TICK_SECONDS)
            self.busy = max(self.busy, time.process_time() - worked)


@asynccontextmanager
async def measured_lag() -> AsyncIterator[Lag]:
    """Watch the running loop until the end of the block."""
    lag = Lag()
    task = asyncio.create_task(lag.watch())
    try:
        yield lag
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
