"""How a subscriber is reached: addresses, preferences, and claims for other devices."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Final

from msgspec.structs import replace

from watcher.core.caps import Made
from watcher.core.channels import Address, ChannelName, Preferences, place_of
from watcher.core.push import Device, DeviceDraft, InboxSummary, Subscriber
from watcher.errors import RefusedError
from watcher.push.ids import hash_token, is_claim, new_device_token
from watcher.push.subscribers import UNKNOWN_DEVICE, summary

if TYPE_CHECKING:
    from watcher.push.caps import Strangers
    from watcher.store.push.store import PushStore, Transaction

MAX_ADDRESSES: Final = 10
"""Of one subscriber in one channel; the oldest makes room."""
CLAIM_LIFE: Final = timedelta(minutes=10)
"""Of a claim that is shown as a QR code."""
HOME_SCREEN_CLAIM_LIFE: Final = timedelta(days=1)
"""Of the one in a manifest: between adding to the home screen and opening it for the first time."""


class Reach:
    """Where and how subscribers want to be reached, over one push store. Each method raises StoreError."""

    def __init__(self, store: PushStore, *, now: Callable[[], datetime], strangers: Strangers) -> None:
        self._store = store
        self._now = now
        self._strangers = strangers

    async def addresses(self, subscriber: Subscriber) -> Sequence[Address]:
        """Return the subscriber's addresses, in the order in which they are tried."""
        return await self._store.read(lambda tx: tx.addresses.of_subscriber(subscriber.id))

    async def add_address(
        self,
        subscriber: Subscriber,
        channel: ChannelName,
        *,
        fingerprint: str,
        value: str,
        label: str = "",
        bound_to: str = "",
        device: Device | None = None,
    ) -> Address:
        """
        Reach the subscriber there too, as `add_address`.

        Args:
            fingerprint: what is unique about the address, hashed; the same again renews it.
            bound_to: the key of ours with which alone the subscriber is reached there; empty: none is needed.
            device: the one that is reached there, if it is one: when it is ended, so is the address.

        Raises:
            RefusedError: it is another subscriber's.
        """
        work = partial(add_address, subscriber_id=subscriber.id, channel=channel, now=self._now())
        about = partial(work, fingerprint=fingerprint, value=value, label=label, bound_to=bound_to)
        return await self._store.write(partial(about, device_id=None if device is None else device.id))

    async def count_bound_elsewhere(self, channel: ChannelName, key: str) -> int:
        """Return how many addresses of the channel are bound to another key of ours than this."""
        return await self._store.read(lambda tx: tx.addresses.count_bound_elsewhere(channel, key_mark(key)))

    async def forget_channel(self, channel: ChannelName) -> int:
        """Remove all addresses of a channel; return how many there were."""
        return await self._store.write(partial(_forget, channel=channel))

    async def remove_address(self, subscriber: Subscriber, address_id: int) -> None:
        """Remove an address of the subscriber. Raises RefusedError where there is none."""
        if not await self._store.write(lambda tx: tx.addresses.remove(address_id, subscriber_id=subscriber.id)):
            raise RefusedError(f"address: there is no address {address_id}")

    async def inbox(self, subscriber_id: int) -> InboxSummary | None:
        """Return by what people recognise a subscriber's inbox; None where there is no such subscriber."""
        return await self._store.read(partial(_inbox, subscriber_id=subscriber_id))

    async def preferences(self, subscriber: Subscriber) -> Preferences:
        """Return the subscriber's preferences."""
        return await self._store.read(lambda tx: tx.subscribers.preferences(subscriber.id))

    async def prefer(self, subscriber: Subscriber, change: Callable[[Preferences], Preferences]) -> None:
        """Change the subscriber's preferences; two changes at the same time both take effect."""
        await self._store.write(partial(_prefer, subscriber_id=subscriber.id, change=change))

    async def note_language(self, subscriber: Subscriber, lang: str) -> None:
        """Keep the language in which the subscriber reads: `zh` or `en`. Writes nothing when it is known."""
        known = await self.preferences(subscriber)
        if known.lang != lang:
            await self.prefer(subscriber, lambda wanted: replace(wanted, lang=lang))

    async def new_claim(self, subscriber: Subscriber, *, life: timedelta = CLAIM_LIFE) -> str:
        """
        Return a token (190 bits) by which one other device becomes the subscriber's, once.

        Raises CapReachedError.
        """
        token, now = new_device_token(), self._now()
        await self._strangers.make(
            Made.CLAIMS,
            lambda tx: tx.claims.add(subscriber.id, token_hash=hash_token(token), expires_at=now + life, at=now),
        )
        return token

    async def is_claim(self, token: str) -> bool:
        """Return whether this claim can still be taken. That of a WeChat code cannot: it makes no device."""
        if not is_claim(token):
            return False
        now = self._now()
        found = await self._store.read(lambda tx: tx.claims.subscriber_id(hash_token(token), at=now))
        return found is not None

    async def claimed(self, token: str) -> InboxSummary | None:
        """Return the inbox that can be claimed by it, None where `is_claim` says no."""
        if not is_claim(token):
            return None
        return await self._store.read(partial(_claimed, token_hash=hash_token(token), now=self._now()))

    async def take_claim(self, token: str, device: DeviceDraft = UNKNOWN_DEVICE) -> str:
        """Use a claim up; return the cookie of the device that took it. Raises RefusedError: taken, or expired."""
        return await self._store.write(partial(_take, token=token, device=device, now=self._now()))


def add_address(
    tx: Transaction,
    subscriber_id: int,
    channel: ChannelName,
    *,
    fingerprint: str,
    value: str,
    now: datetime,
    label: str = "",
    bound_to: str = "",
    device_id: int | None = None,
) -> Address:
    """
    Reach the subscriber there too, in the channel's place among its others; the oldest of too many goes.

    A browser that changed hands brings the very value by which it was known, secrets included, and is this subscriber's
    from now on. Who knows the fingerprint alone takes nothing away.

    Raises:
        RefusedError: it is another subscriber's, with another value.
    """
    known = tx.addresses.of_fingerprint(channel, fingerprint)
    if known is not None and known.subscriber_id != subscriber_id and known.value != value:
        raise RefusedError("address: another subscriber is reached there")
    wanted = tx.subscribers.preferences(subscriber_id)
    address = tx.addresses.put(
        subscriber_id,
        channel,
        fingerprint=fingerprint,
        value=value,
        label=label,
        place=place_of(channel, wanted.order),
        bound_to=key_mark(bound_to),
        at=now,
        device_id=device_id,
    )
    ours = [each for each in tx.addresses.of_subscriber(subscriber_id) if each.channel is channel]
    for old in sorted(ours, key=lambda each: each.created_at)[:-MAX_ADDRESSES]:
        tx.addresses.remove(old.id)
    return address


def key_mark(key: str) -> str:
    """Return by what a key is known again: 16 hex digits; nothing of no key."""
    return hash_token(key)[:16] if key else ""


def _claimed(tx: Transaction, token_hash: str, now: datetime) -> InboxSummary | None:
    subscriber_id = tx.claims.subscriber_id(token_hash, at=now)
    return None if subscriber_id is None else _inbox(tx, subscriber_id)


def _inbox(tx: Transaction, subscriber_id: int) -> InboxSummary | None:
    subscriber = tx.subscribers.of_id(subscriber_id)
    return None if subscriber is None else summary(tx, subscriber)


def _forget(tx: Transaction, channel: ChannelName) -> int:
    ids = tx.addresses.ids_of(channel)
    for address_id in ids:
        tx.addresses.remove(address_id)
    return len(ids)


def _prefer(tx: Transaction, subscriber_id: int, change: Callable[[Preferences], Preferences]) -> None:
    wanted = change(tx.subscribers.preferences(subscriber_id))
    tx.subscribers.prefer(subscriber_id, wanted)
    for channel in ChannelName:
        if channel is not ChannelName.INBOX:
            tx.addresses.move(subscriber_id, channel, place=place_of(channel, wanted.order))


def _take(tx: Transaction, token: str, device: DeviceDraft, now: datetime) -> str:
    subscriber_id = tx.claims.take(hash_token(token), at=now) if is_claim(token) else None
    if subscriber_id is None:
        raise RefusedError("this link was used already, or has expired; show a new one on the other device")
    device_token = new_device_token()
    tx.devices.add(subscriber_id, device, token_hash=hash_token(device_token), at=now)
    return device_token
