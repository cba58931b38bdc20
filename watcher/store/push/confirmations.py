"""Confirmations: addresses that subscribers gave, until their owners say yes."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from msgspec.structs import asdict
from sqlalchemy import Row, delete, func, insert, select, update

from watcher.core.channels import ChannelName
from watcher.store.push.records import Unconfirmed
from watcher.store.push.rows import Rows
from watcher.store.push.tables import confirmations


class Confirmations(Rows):
    """What waits for a yes, known by the hash of the secret that was sent to the address."""

    async def add(self, wanted: Unconfirmed, *, secret_hash: str, expires_at: datetime, at: datetime) -> None:
        """Store one, and forget those that have expired."""
        await self._connection.execute(delete(confirmations).where(confirmations.c.expires_at <= at))
        row = asdict(wanted) | {"secret_hash": secret_hash, "expires_at": expires_at}
        await self._connection.execute(insert(confirmations).values(row))

    async def count(self, channel: ChannelName, mailbox: str, *, at: datetime) -> int:
        """Return how many wait for the owner of a mailbox, whoever gave it."""
        query = select(func.count()).where(
            confirmations.c.channel == channel, confirmations.c.mailbox == mailbox, confirmations.c.expires_at > at
        )
        return int((await self._connection.execute(query)).scalar_one())

    async def find(self, channel: ChannelName, secret_hash: str, *, at: datetime) -> Unconfirmed | None:
        """Return what waits in the channel for this secret, unless it was taken or has expired."""
        row = await self._first(
            select(confirmations).where(
                confirmations.c.channel == channel,
                confirmations.c.secret_hash == secret_hash,
                confirmations.c.expires_at > at,
            )
        )
        return None if row is None else _unconfirmed(row)

    async def take(
        self, channel: ChannelName, secret_hash: str, *, at: datetime, wrong_codes: int
    ) -> Unconfirmed | None:
        """Use it up, and return what waited in the channel for it; None where as many wrong codes came before."""
        good = (
            (confirmations.c.channel == channel)
            & (confirmations.c.secret_hash == secret_hash)
            & (confirmations.c.expires_at > at)
            & (confirmations.c.wrong_codes < wrong_codes)
        )
        taken = await self._connection.execute(delete(confirmations).where(good).returning(confirmations))
        row = taken.first()
        return None if row is None else _unconfirmed(row)

    async def note_wrong_code(self, subscriber_id: int, channel: ChannelName) -> None:
        """Count a wrong code against all that the subscriber has waiting in the channel."""
        await self._connection.execute(
            update(confirmations)
            .where(confirmations.c.subscriber_id == subscriber_id, confirmations.c.channel == channel)
            .values(wrong_codes=confirmations.c.wrong_codes + 1)
        )


def _unconfirmed(row: Row[Any]) -> Unconfirmed:
    return Unconfirmed(
        subscriber_id=row.subscriber_id,
        channel=ChannelName(row.channel),
        value=row.value,
        fingerprint=row.fingerprint,
        mailbox=row.mailbox,
    )
