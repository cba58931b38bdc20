"""
An outbox that asks its store again only where there may be something else.

At rest a dispatcher looks twice a turn, for each shard of topics that its worker has: the second look, at least, finds
what the first one did. It asks anew after it was told that messages may have come, after it wrote, and in any case
after `KNOWN_SECONDS`, for a notice may be lost.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from typing import Final

from watcher.background.loop import LONGEST_WAIT_SECONDS
from watcher.core.check import OutboxEntry, OutboxMessage
from watcher.core.protocols import Outbox

KNOWN_SECONDS: Final = LONGEST_WAIT_SECONDS
"""So long what was read is taken for what there is; a loop at rest reads anew in each turn."""


class RememberedOutbox:
    """An `Outbox` over another one, of which one process publishes. Used from one event loop."""

    def __init__(self, outbox: Outbox, *, seconds: Callable[[], float] = time.monotonic) -> None:
        self._outbox = outbox
        self._seconds = seconds
        self._known: Sequence[OutboxEntry] | None = None
        self._known_until = 0.0
        self._changes = 0

    def expect_more(self) -> None:
        """Let the next `waiting` ask anew, one that is under way included: messages may have come."""
        self._known = None
        self._changes += 1

    async def waiting(self) -> Sequence[OutboxEntry]:
        """Return the living entries, in order. Raises StoreError."""
        if self._known is not None and self._seconds() < self._known_until:
            return self._known
        changes, until = self._changes, self._seconds() + KNOWN_SECONDS
        found = await self._outbox.waiting()
        if changes == self._changes:
            self._known, self._known_until = found, until
        return found

    async def entries(self, message_ids: Collection[str]) -> Sequence[OutboxEntry]:
        """As `Outbox` says; so are the others."""
        return await self._outbox.entries(message_ids)

    async def add(self, messages: Sequence[OutboxMessage]) -> None:
        """Append messages. Raises StoreError."""
        with self._changing():
            await self._outbox.add(messages)

    async def settle(self, settled: Sequence[str], failed: Sequence[OutboxEntry], new: Sequence[OutboxMessage]) -> None:
        """Remove what was taken, save how the rest stands, and add. Raises StoreError."""
        with self._changing():
            await self._outbox.settle(settled, failed, new)

    async def drop(self, entries: Sequence[OutboxEntry]) -> None:
        """Remove these. Raises StoreError."""
        with self._changing():
            await self._outbox.drop(entries)

    @contextmanager
    def _changing(self) -> Iterator[None]:
        """Know nothing while the outbox is changed, nor after it was, or may have been."""
        self.expect_more()
        try:
            yield
        finally:
            self.expect_more()
