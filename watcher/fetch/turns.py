"""
A few pages a turn of the event loop.

Who gets a page reads it at once, for a millisecond or for fifty. Of many that come in one turn of the loop, some are
handed over in the next ones, so that whatever else the loop does waits for a few of them, not for all.
"""

from __future__ import annotations

import asyncio
from collections import deque

from watcher.core.page import Response

BYTES_A_TURN = 500_000
"""Reading so much takes some 10 ms; a page that is larger has a turn of its own."""
_INFLATED_TIMES = 5
"""What text comes to that was compressed."""


class Turns:
    """Hands out room, first come, first served. Used from one event loop."""

    def __init__(self) -> None:
        self._taken = 0
        self._waiting: deque[tuple[asyncio.Future[None], int]] = deque()

    async def take(self, page: Response) -> None:
        """Return in a turn of the loop that has room for the page."""
        size = 1 + len(page.wire) * (_INFLATED_TIMES if page.content_encoding else 1)
        if self._waiting or not self._admits(size):
            mine = asyncio.get_running_loop().create_future()
            self._waiting.append((mine, size))
            await mine

    def _admits(self, size: int) -> bool:
        """Take room in this turn, if there is any."""
        if self._taken and self._taken + size > BYTES_A_TURN:
            return False
        if not self._taken:
            asyncio.get_running_loop().call_soon(self._begin_turn)
        self._taken += size
        return True

    def _begin_turn(self) -> None:
        self._taken = 0
        while self._waiting:
            theirs, size = self._waiting[0]
            if not theirs.done():  # not called off
                if not self._admits(size):
                    return
                theirs.set_result(None)
            self._waiting.popleft()
