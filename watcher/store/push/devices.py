"""Devices: the browsers in which subscribers read their inboxes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from msgspec.structs import asdict
from sqlalchemy import Row, bindparam, delete, insert, select, update

from watcher.core.push import Device, DeviceDraft, Subscriber
from watcher.store.push.records import Sighting
from watcher.store.push.rows import Rows
from watcher.store.push.subscribers import subscriber_of
from watcher.store.push.tables import devices, subscribers

_kept = [devices.c[name].label(f"device_{name}") for name in ("id", "kind", "is_hosted", "created_at", "seen_at")]
_of_hash = (
    select(subscribers, *_kept)
    .join(devices, devices.c.subscriber_id == subscribers.c.id)
    .where(devices.c.token_hash == bindparam("token_hash"))
)
_note = (
    update(devices)
    .where(devices.c.id == bindparam("of_device"))
    .values(kind=bindparam("new_kind"), seen_at=bindparam("at"), is_hosted=bindparam("hosted"))
)

_end_strangeness = (
    update(subscribers)
    .where(
        subscribers.c.id
        == select(devices.c.subscriber_id).where(devices.c.id == bindparam("of_device")).scalar_subquery(),
        subscribers.c.is_stranger,
    )
    .values(is_stranger=False)
)


class Devices(Rows):
    """The devices of all subscribers. Their cookies are passed in, and looked up, as hashes."""

    def add(self, subscriber_id: int, draft: DeviceDraft, *, token_hash: str, at: datetime) -> None:
        """Let the device with this token read the subscriber's inbox."""
        row = asdict(draft) | {"subscriber_id": subscriber_id, "token_hash": token_hash}
        self._run(insert(devices).values(row | {"created_at": at, "seen_at": at}))

    def of_hash(self, token_hash: str) -> tuple[Subscriber, Device] | None:
        """Return the device whose token has this hash, and its subscriber."""
        row = self._run(_of_hash, {"token_hash": token_hash}).first()
        return None if row is None else (subscriber_of(row), _device(row))

    def of_subscriber(self, subscriber_id: int) -> Sequence[Device]:
        """Return the subscriber's devices, in the order in which they came."""
        query = select(*_kept).where(devices.c.subscriber_id == subscriber_id).order_by(devices.c.id)
        return self._all(query, _device)

    def note(self, sightings: Sequence[Sighting]) -> None:
        """Store when these devices were seen; ended ones are skipped. Their subscribers count as having come back."""
        rows = [
            {"of_device": each.device_id, "new_kind": each.kind, "at": each.at, "hosted": each.is_hosted}
            for each in sightings
        ]
        self._run(_note, rows)
        self._run(_end_strangeness, [{"of_device": each.device_id} for each in sightings])

    def remove(self, device_id: int) -> None:
        """Remove a device, which then reads nothing any more."""
        self._run(delete(devices).where(devices.c.id == device_id))


def _device(row: Row[Any]) -> Device:
    return Device(
        id=row.device_id,
        kind=row.device_kind,
        is_hosted=row.device_is_hosted,
        created_at=row.device_created_at,
        seen_at=row.device_seen_at,
    )
