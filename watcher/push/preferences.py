"""Preferences: over which channels a subscriber is reached first, when all are quiet, and in which language."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from msgspec.structs import replace

from watcher.core.channels import ChannelName, Preferences, place_of
from watcher.core.push import Subscriber
from watcher.push.context import Resource

if TYPE_CHECKING:
    from watcher.store.push.store import Transaction


class SubscriberPreferences(Resource):
    """The preferences of all subscribers."""

    async def of(self, subscriber: Subscriber) -> Preferences:
        """Return the subscriber's preferences."""
        return await self._store.read(lambda tx: tx.subscribers.preferences(subscriber.id))

    async def change(self, subscriber: Subscriber, change: Callable[[Preferences], Preferences]) -> None:
        """Change the subscriber's preferences; two changes at the same time both take effect."""
        await self._store.write(partial(_prefer, subscriber_id=subscriber.id, change=change))

    async def note_language(self, subscriber: Subscriber, lang: str) -> None:
        """Keep the language in which the subscriber reads: `zh` or `en`. Writes nothing when it is known."""
        known = await self.of(subscriber)
        if known.lang != lang:
            await self.change(subscriber, lambda wanted: replace(wanted, lang=lang))


def _prefer(tx: Transaction, subscriber_id: int, change: Callable[[Preferences], Preferences]) -> None:
    wanted = change(tx.subscribers.preferences(subscriber_id))
    tx.subscribers.prefer(subscriber_id, wanted)
    for channel in ChannelName:
        if channel is not ChannelName.INBOX:
            tx.addresses.move(subscriber_id, channel, place=place_of(channel, wanted.order))
