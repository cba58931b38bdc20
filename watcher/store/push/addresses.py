"""Addresses: where subscribers are reached over the channels other than the inbox."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from msgspec.structs import asdict
from sqlalchemy import Row, delete, func, literal, or_, select, update

from watcher.core.channels import Address, AddressDraft, ChannelName
from watcher.core.push import Device
from watcher.store.push import dialect
from watcher.store.push.rows import Rows
from watcher.store.push.tables import addresses, handovers

address_columns: Final = tuple(
    addresses.c[name]
    for name in ("id", "subscriber_id", "channel", "value", "label", "strikes", "struck_at", "created_at", "version")
)
"""What `address_of` reads, in this order."""


class Addresses(Rows):
    """The addresses of all subscribers. One fingerprint belongs to one subscriber at a time: the last that gave it."""

    def put(self, subscriber_id: int, draft: AddressDraft, *, place: int, at: datetime) -> Address:
        """Store an address, or renew the one with this fingerprint; its strikes are forgotten."""
        row = {**asdict(draft), "subscriber_id": subscriber_id, "place": place}
        new = dialect.insert(addresses).values(row | {"created_at": at})
        renewed = new.on_conflict_do_update(
            index_elements=["channel", "fingerprint"],
            set_=row | {"strikes": 0, "struck_at": None, "lane": None, "version": addresses.c.version + 1},
        )
        return address_of(self._run(renewed.returning(*address_columns)).one())

    def of_subscriber(self, subscriber_id: int) -> Sequence[Address]:
        """Return the subscriber's addresses, in the order in which they are tried."""
        query = select(*address_columns).where(addresses.c.subscriber_id == subscriber_id)
        return self._all(query.order_by(addresses.c.place, addresses.c.id), address_of)

    def ids_of_device(self, subscriber_id: int, device: Device) -> Sequence[int]:
        """
        Return the ids of the browser's addresses that this device of the subscriber gave.

        Of those given before that was noted, all that may be its own: the others' owners give theirs again by
        opening the page.
        """
        may_be = addresses.c.device_id.is_(None) & or_(
            literal(not device.kind), addresses.c.label.in_(("", device.kind))
        )
        return (
            self._connection.scalars(
                select(addresses.c.id).where(
                    addresses.c.subscriber_id == subscriber_id,
                    addresses.c.channel == ChannelName.WEB_PUSH,
                    or_(addresses.c.device_id == device.id, may_be),
                )
            )
        ).all()

    def of_fingerprint(self, channel: ChannelName, fingerprint: str) -> Address | None:
        """Return the address with this fingerprint."""
        query = select(*address_columns).where(addresses.c.channel == channel, addresses.c.fingerprint == fingerprint)
        return self._one(query, address_of)

    def versions(self, ids: Collection[int]) -> Mapping[int, int]:
        """Return how often each of these addresses was renewed, by id, without those that are not there."""
        query = select(addresses.c.id, addresses.c.version).where(addresses.c.id.in_(ids))
        return {row.id: row.version for row in self._run(query)}

    def count_bound_elsewhere(self, channel: ChannelName, bound_to: str) -> int:
        """Return how many addresses of a channel are not bound to this key."""
        query = select(func.count()).where(addresses.c.channel == channel, addresses.c.bound_to != bound_to)
        return int(self._run(query).scalar_one())

    def ids_of(self, channel: ChannelName) -> Sequence[int]:
        """Return the ids of all addresses of a channel."""
        return self._connection.scalars(select(addresses.c.id).where(addresses.c.channel == channel)).all()

    def move(self, subscriber_id: int, channel: ChannelName, *, place: int) -> None:
        """Set the place of the channel in this subscriber's order."""
        self._run(
            update(addresses)
            .where(addresses.c.subscriber_id == subscriber_id, addresses.c.channel == channel)
            .values(place=place)
        )

    def renew(self, address_id: int, *, fingerprint: str, value: str, at: datetime) -> Address | None:
        """Give an address another value, and keep what waits for it; None where it is gone."""
        renewed = (
            update(addresses)
            .where(addresses.c.id == address_id)
            .values(fingerprint=fingerprint, value=value, created_at=at, version=addresses.c.version + 1)
        )
        row = self._run(renewed.returning(*address_columns)).first()
        return None if row is None else address_of(row)

    def strike(self, address_id: int, *, strikes: int, at: datetime | None) -> None:
        """Store how often in a row the address itself was the reason of a refusal, and when last."""
        self._run(update(addresses).where(addresses.c.id == address_id).values(strikes=strikes, struck_at=at))

    def remove(self, address_id: int, *, subscriber_id: int | None = None) -> bool:
        """Remove an address of this subscriber, with all that waits for it; return whether it was there."""
        ours = addresses.c.id == address_id
        if subscriber_id is not None:
            ours &= addresses.c.subscriber_id == subscriber_id
        found = select(addresses.c.id).where(ours)
        self._run(delete(handovers).where(handovers.c.address_id.in_(found)))
        removed = self._connection.scalars(delete(addresses).where(ours).returning(addresses.c.id))
        return removed.first() is not None


def address_of(row: Row[Any]) -> Address:
    """Return the address in a row that begins with `address_columns`."""
    # By place: a value costs a tenth of what it does by name, and a queue has many.
    id_, subscriber_id, channel, value, label, strikes, struck_at, created_at, version = row[: len(address_columns)]
    return Address(
        id=id_,
        subscriber_id=subscriber_id,
        channel=ChannelName(channel),
        value=value,
        label=label,
        strikes=strikes,
        struck_at=struck_at,
        created_at=created_at,
        version=version,
    )
