"""Inboxes: the messages sent to a subscriber, and which of them were shown and opened."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from watcher.core.push import InboxItem, InboxSearch, InboxSummary, Subscriber
from watcher.core.words import cut, one_line
from watcher.push.context import Resource
from watcher.translations import Locale, text

_NAME_CHARS: Final = 30
"""Of each name of a summary: five of them, in two languages, fit into what WeChat takes."""


class Inbox(Resource):
    """The inboxes of all subscribers, over one push store. Each method raises StoreError."""

    async def items(self, subscriber: Subscriber, *, after: int = 0, limit: int = 100) -> Sequence[InboxItem]:
        """Return the items with an id above `after`, oldest first."""
        return await self._store.read(lambda tx: tx.deliveries.inbox(subscriber.id, after=after, limit=limit))

    async def recent(self, subscriber: Subscriber, *, limit: int = 50) -> Sequence[InboxItem]:
        """Return the newest items, newest first."""
        return await self._store.read(lambda tx: tx.deliveries.recent(subscriber.id, limit=limit))

    async def search(self, subscriber: Subscriber, search: InboxSearch, *, limit: int) -> Sequence[InboxItem]:
        """Return the newest items that match, newest first; of a long inbox the newest 2,000 are looked through."""
        return await self._store.read(lambda tx: tx.deliveries.search(subscriber.id, search, limit=limit))

    async def unread(self, subscriber: Subscriber) -> int:
        """Return how many of the newest 2,000 items no device has shown yet."""
        return await self._store.read(lambda tx: tx.deliveries.unread(subscriber.id))

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


def inbox_words(language: Locale, inbox: InboxSummary) -> str:
    """
    Return an inbox in words, for who is asked whether to link something to it.

    One line like `UID_…, which follows “News”, “Deals” and 3 more`.
    """
    uid = inbox.subscriber.uid
    if not inbox.follows:
        return text(language, "inbox_empty", uid=uid)
    key = "inbox_follows_more" if inbox.more else "inbox_follows"
    return text(language, key, uid=uid, names=_names(language, inbox), more=inbox.more)


def follows_words(language: Locale, inbox: InboxSummary | None) -> str:
    """Return what an inbox without a message follows, for its owner: `You follow “News” and “Deals”. …`."""
    if inbox is None or not inbox.follows:
        return text(language, "empty_nothing")
    key = "empty_follows_more" if inbox.more else "empty_follows"
    return text(language, key, names=_names(language, inbox), more=inbox.more)


def _names(language: Locale, inbox: InboxSummary) -> str:
    named = (text(language, "inbox_named", name=cut(one_line(name), _NAME_CHARS)) for name in inbox.follows)
    return text(language, "inbox_between").join(named)
