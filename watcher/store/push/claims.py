"""Claims: one-time passes by which another device becomes a device of the same subscriber."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, insert, or_, select, update

from watcher.store.push.rows import Rows
from watcher.store.push.tables import claims


class Claims(Rows):
    """The claims of all subscribers, known by the hash of their token."""

    def add(self, subscriber_id: int, *, token_hash: str, expires_at: datetime, at: datetime) -> None:
        """Store a new claim, and remove those that have expired."""
        self._run(delete(claims).where(claims.c.expires_at <= at))
        row = {"subscriber_id": subscriber_id, "token_hash": token_hash, "expires_at": expires_at}
        self._run(insert(claims).values(row))

    def subscriber_id(self, token_hash: str, *, at: datetime) -> int | None:
        """Return the subscriber of this claim, unless it was used or has expired."""
        row = self._first(
            select(claims.c.subscriber_id).where(claims.c.token_hash == token_hash, claims.c.expires_at > at)
        )
        return None if row is None else row.subscriber_id

    def take(self, token_hash: str, *, at: datetime) -> int | None:
        """Use a claim up and return its subscriber, unless it was used before or has expired."""
        taken = self._run(
            delete(claims)
            .where(claims.c.token_hash == token_hash)
            .returning(claims.c.subscriber_id, claims.c.expires_at)
        )
        row = taken.first()
        return row.subscriber_id if row is not None and row.expires_at > at else None

    def ask(self, token_hash: str, *, openid_hash: str, answer_hash: str, at: datetime) -> bool:
        """
        Bind it to the one who scanned it, and to the answer that says yes; asked again, the last answer counts.

        Return False when it was taken, has expired, or somebody else scanned it before.
        """
        theirs = or_(claims.c.openid_hash.is_(None), claims.c.openid_hash == openid_hash)
        bound = self._connection.scalars(
            update(claims)
            .where(claims.c.token_hash == token_hash, claims.c.expires_at > at, theirs)
            .values(openid_hash=openid_hash, answer_hash=answer_hash)
            .returning(claims.c.id)
        )
        return bound.first() is not None

    def is_asked(self, openid_hash: str, *, at: datetime) -> bool:
        """Return whether a question to this follower is open."""
        query = select(claims.c.id).where(claims.c.openid_hash == openid_hash, claims.c.expires_at > at)
        return self._first(query.limit(1)) is not None

    def answer(self, openid_hash: str, answer_hash: str, *, at: datetime) -> int | None:
        """Use up the claim that this answer confirms, and return its subscriber; None where there is none."""
        theirs = (claims.c.openid_hash == openid_hash, claims.c.answer_hash == answer_hash, claims.c.expires_at > at)
        taken = self._connection.scalars(delete(claims).where(*theirs).returning(claims.c.subscriber_id))
        return taken.first()
