"""Addresses: where subscribers are reached, besides the inbox."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Final

from msgspec.structs import replace

from watcher.core.channels import Address, AddressDraft, ChannelName, place_of
from watcher.core.push import Subscriber
from watcher.errors import RefusedError
from watcher.push.context import Resource
from watcher.push.ids import key_mark

if TYPE_CHECKING:
    from watcher.store.push.store import Transaction

MAX_ADDRESSES: Final = 10
"""Of one subscriber in one channel; the oldest makes room."""


class Addresses(Resource):
    """The addresses of all subscribers."""

    async def of(self, subscriber: Subscriber) -> Sequence[Address]:
        """Return the subscriber's addresses, in the order in which they are tried."""
        return await self._store.read(lambda tx: tx.addresses.of_subscriber(subscriber.id))

    async def add(self, subscriber: Subscriber, draft: AddressDraft) -> Address:
        """Reach the subscriber there too, as `add_address`. Raises RefusedError."""
        work = partial(add_address, subscriber_id=subscriber.id, draft=draft, now=self._now())
        return await self._store.write(work)

    async def count_bound_elsewhere(self, channel: ChannelName, key: str) -> int:
        """Return how many addresses of the channel are bound to another key of ours than this."""
        return await self._store.read(lambda tx: tx.addresses.count_bound_elsewhere(channel, key_mark(key)))

    async def forget_channel(self, channel: ChannelName) -> int:
        """Remove all addresses of a channel; return how many there were."""
        return await self._store.write(partial(_forget, channel=channel))

    async def remove(self, subscriber: Subscriber, address_id: int) -> None:
        """Remove an address of the subscriber. Raises RefusedError where there is none."""
        if not await self._store.write(lambda tx: tx.addresses.remove(address_id, subscriber_id=subscriber.id)):
            raise RefusedError(f"there is no address {address_id}", field="address")


def add_address(tx: Transaction, subscriber_id: int, draft: AddressDraft, *, now: datetime) -> Address:
    """
    Reach the subscriber there too, in the channel's place among its others; the oldest of too many goes.

    A browser that changed hands brings the very value by which it was known, secrets included, and is this subscriber's
    from now on. Who knows the fingerprint alone takes nothing away.

    Raises:
        RefusedError: it is another subscriber's, with another value.
    """
    known = tx.addresses.of_fingerprint(draft.channel, draft.fingerprint)
    if known is not None and known.subscriber_id != subscriber_id and known.value != draft.value:
        raise RefusedError("another subscriber is reached there", field="address")
    order = tx.subscribers.preferences(subscriber_id).order
    marked = replace(draft, bound_to=key_mark(draft.bound_to))
    address = tx.addresses.put(subscriber_id, marked, place=place_of(draft.channel, order), at=now)
    known_here = tx.addresses.of_subscriber(subscriber_id)
    for channel in {each.channel for each in known_here}:
        # Channels that came with a later version stand between those that the others' places were counted from.
        tx.addresses.move(subscriber_id, channel, place=place_of(channel, order))
    ours = [each for each in known_here if each.channel is draft.channel]
    for old in sorted(ours, key=lambda each: each.created_at)[:-MAX_ADDRESSES]:
        tx.addresses.remove(old.id)
    return address


def _forget(tx: Transaction, channel: ChannelName) -> int:
    ids = tx.addresses.ids_of(channel)
    for address_id in ids:
        tx.addresses.remove(address_id)
    return len(ids)
