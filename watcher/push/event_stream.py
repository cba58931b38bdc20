"""What the push service did, for who follows it: messages, and what became of deliveries."""

from __future__ import annotations

from typing import TYPE_CHECKING

from watcher.core.push import PushEvents
from watcher.push.context import Resource

if TYPE_CHECKING:
    from watcher.store.push.store import Transaction


class EventStream(Resource):
    """The events of one push store. Each method raises StoreError."""

    async def since(self, *, message: int, delivery: int, limit: int) -> PushEvents:
        """Return what was sent after a message, and what became of deliveries after an event, all of one moment."""

        def look(tx: Transaction) -> PushEvents:
            return PushEvents(
                messages=tx.events.sent_since(message, limit=limit),
                deliveries=tx.events.since(delivery, limit=limit),
            )

        return await self._store.read(look)

    async def epoch(self) -> str:
        """Return the epoch of the database: in another one numbers begin anew."""
        return await self._store.read(lambda tx: f"{tx.events.epoch():08x}")

    async def last(self) -> tuple[int, int]:
        """Return the numbers of the last message and of the last event of a delivery; 0 where there is none."""
        return await self._store.read(lambda tx: tx.events.last())
