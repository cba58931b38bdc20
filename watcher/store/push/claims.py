"""Claims: one-time passes by which another device becomes a device of the same subscriber."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, insert, select

from watcher.store.push.rows import Rows
from watcher.store.push.tables import claims


class Claims(Rows):
    """The claims of all subscribers, known by the hash of their token."""

    async def add(self, subscriber_id: int, *, token_hash: str, expires_at: datetime, at: datetime) -> None:
        """Store one, and forget those that have expired."""
        await self._connection.execute(delete(claims).where(claims.c.expires_at <= at))
        row = {"subscriber_id": subscriber_id, "token_hash": token_hash, "expires_at": expires_at}
        await self._connection.execute(insert(claims).values(row))

    async def subscriber_id(self, token_hash: str, *, at: datetime) -> int | None:
        """Return whose claim this is, unless it was taken or has expired."""
        row = await self._first(
            select(claims.c.subscriber_id).where(claims.c.token_hash == token_hash, claims.c.expires_at > at)
        )
        return None if row is None else row.subscriber_id

    async def take(self, token_hash: str, *, at: datetime) -> int | None:
        """Use it up, and return whose it was, unless it was taken before or has expired."""
        taken = await self._connection.execute(
            delete(claims)
            .where(claims.c.token_hash == token_hash)
            .returning(claims.c.subscriber_id, claims.c.expires_at)
        )
        row = taken.first()
        return row.subscriber_id if row is not None and row.expires_at > at else None
