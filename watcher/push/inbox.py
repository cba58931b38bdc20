"""Inboxes: the messages sent to a subscriber, and which of them were shown and opened."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from watcher.core.push import InboxItem, Subscriber
from watcher.push.context import Noun


class Inbox(Noun):
    """The inboxes of all subscribers, over one push store. Each method raises StoreError."""

    async def items(self, subscriber: Subscriber, *, after: int = 0, limit: int = 100) -> Sequence[InboxItem]:
        """Return the items with an id above `after`, oldest first."""
        return await self._store.read(lambda tx: tx.deliveries.inbox(subscriber.id, after=after, limit=limit))

    async def recent(self, subscriber: Subscriber, *, limit: int = 50) -> Sequence[InboxItem]:
        """Return the newest items, newest first."""
        return await self._store.read(lambda tx: tx.deliveries.recent(subscriber.id, limit=limit))

    async def news(self, told: Mapping[int, int], *, limit: int) -> Sequence[tuple[int, InboxItem]]:
        """
        Return items of many subscribers with these ids, each one's with an id above the one given, oldest first.

        One read whatever their number. Each item comes with its subscriber's id; messages are shared among items.
        """
        return await self._store.read(lambda tx: tx.deliveries.news(told, limit=limit))

    async def mark_shown(self, subscriber: Subscriber, item_ids: Sequence[int]) -> None:
        """Note that the subscriber's device showed these; foreign ids are passed over."""
        now = self._now()
        await self._store.write(lambda tx: tx.deliveries.mark_shown(subscriber.id, item_ids, at=now))

    async def mark_opened(self, subscriber: Subscriber, item_ids: Sequence[int]) -> None:
        """Note that the subscriber opened these; foreign ids are passed over."""
        now = self._now()
        await self._store.write(lambda tx: tx.deliveries.mark_opened(subscriber.id, item_ids, at=now))
