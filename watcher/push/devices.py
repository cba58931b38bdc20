"""
Devices: the browsers in which a subscriber reads, each with a cookie of its own.

| a device | what becomes of it |
|---|---|
| asks for something | is noted as seen, at most once an hour, together with all others that were seen meanwhile |
| is ended, by itself or by another one | its cookie opens nothing, and nothing is pushed to it any more |
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Final

from watcher.core.push import Device, DeviceDraft, Subscriber
from watcher.push.context import Context, Resource
from watcher.push.ids import hash_token
from watcher.store.push.records import Sighting

if TYPE_CHECKING:
    from watcher.store.push.store import Transaction

_NOTED_EVERY: Final = timedelta(hours=1)
"""How often the use of a device is written down: a look at a page should cost no write."""


class Devices(Resource):
    """The devices of all subscribers, over one push store; used from one event loop. Methods raise StoreError."""

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._seen: dict[int, Sighting] = {}
        self._writing = asyncio.Lock()

    async def known(self, token: str) -> tuple[Subscriber, Device] | None:
        """Return the device whose cookie this is, and whose it is."""
        return await self._store.read(lambda tx: tx.devices.of_hash(hash_token(token)))

    async def owner(self, token: str) -> Subscriber | None:
        """Return whose device carries this cookie."""
        known = await self.known(token)
        return None if known is None else known[0]

    def see(self, device: Device, seen: DeviceDraft) -> None:
        """Note that a device was used; `write_sightings` saves it. A browser that does not name its kind keeps it."""
        now = self._now()
        kind, is_hosted = seen.kind or device.kind, seen.is_hosted or device.is_hosted
        # A cookie that comes back for the first time is noted at once: its owner is no stranger any more.
        came_back = device.seen_at is not None and device.seen_at != device.created_at
        is_fresh = came_back and device.seen_at is not None and abs(now - device.seen_at) < _NOTED_EVERY
        if not is_fresh or (kind, is_hosted) != (device.kind, device.is_hosted):
            self._seen[device.id] = Sighting(device_id=device.id, kind=kind, is_hosted=is_hosted, at=now)

    async def write_sightings(self) -> None:
        """
        Save which devices were here until now, in one transaction; without any, do nothing.

        What cannot be saved is noted again when the device asks for something.
        """
        async with self._writing:
            seen, self._seen = list(self._seen.values()), {}
            if seen:
                await self._store.write(lambda tx: tx.devices.note(seen))

    async def of(self, subscriber: Subscriber) -> Sequence[Device]:
        """Return the subscriber's devices, in the order in which they came."""
        return await self._store.read(lambda tx: tx.devices.of_subscriber(subscriber.id))

    async def end(self, subscriber: Subscriber, device_id: int) -> bool:
        """End one device of the subscriber, with what is pushed to it; return whether there was such a one."""
        ended = await self._store.write(
            partial(_end, subscriber_id=subscriber.id, which=lambda device: device.id == device_id)
        )
        return bool(ended)

    async def end_others(self, subscriber: Subscriber, kept: Device) -> Sequence[Device]:
        """End all devices of the subscriber but one; return those that were ended."""
        return await self._store.write(
            partial(_end, subscriber_id=subscriber.id, which=lambda device: device.id != kept.id)
        )


def _end(tx: Transaction, subscriber_id: int, which: Callable[[Device], bool]) -> Sequence[Device]:
    ended = [device for device in tx.devices.of_subscriber(subscriber_id) if which(device)]
    for device in ended:
        for address_id in tx.addresses.ids_of_device(subscriber_id, device):
            tx.addresses.remove(address_id)
        tx.devices.remove(device.id)
    return ended
