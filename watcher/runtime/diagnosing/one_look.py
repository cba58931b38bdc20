"""
One look at this server for all who ask for one at the same time.

Most of it is done in threads, of which a process has few: however often the page is loaded while a disk or a database
stands still, it takes no more of them.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence

from watcher.core.findings import Finding


class OneLook:
    """Looks; who asks while a look is under way gets what that one finds."""

    def __init__(self, look: Callable[[], Awaitable[Sequence[Finding]]]) -> None:
        self._look = look
        self._looking: asyncio.Task[Sequence[Finding]] | None = None

    async def __call__(self) -> Sequence[Finding]:
        """Return what is found."""
        if self._looking is None:
            self._looking = asyncio.create_task(self._to_its_end(), name="look at this server")
        # Who goes away takes nothing from those who wait too.
        return await asyncio.shield(self._looking)

    async def _to_its_end(self) -> Sequence[Finding]:
        try:
            return await self._look()
        finally:
            self._looking = None
