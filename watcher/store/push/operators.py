"""The operator's password, and the browsers in which the operator is logged in."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from sqlalchemy import Table, delete, func, insert, or_, select, update

from watcher.core.operator import OperatorSession, Totals
from watcher.store.push.rows import Rows
from watcher.store.push.tables import apps, handovers, operators, sessions, subscribers, topics

_ONLY: Final = 1
"""The id of the one operator."""


class Operators(Rows):
    """The one operator. Sessions are passed in, and looked up, by the hash of their token."""

    def password_hash(self) -> str | None:
        """Return the stored hash of the password; None when none was set yet."""
        row = self._first(select(operators.c.password_hash).where(operators.c.id == _ONLY))
        return None if row is None else row.password_hash

    def set_password(self, password_hash: str, *, at: datetime) -> None:
        """Store a new hash of the password."""
        self._run(delete(operators).where(operators.c.id == _ONLY))
        row = {"id": _ONLY, "password_hash": password_hash, "changed_at": at}
        self._run(insert(operators).values(row))

    def add(self, *, token_hash: str, at: datetime) -> None:
        """Store a session."""
        row = {"token_hash": token_hash, "created_at": at, "seen_at": at}
        self._run(insert(sessions).values(row))

    def of_hash(self, token_hash: str) -> OperatorSession | None:
        """Return the session with this hash, expired or not."""
        row = self._first(select(sessions).where(sessions.c.token_hash == token_hash))
        return None if row is None else OperatorSession(id=row.id, created_at=row.created_at, seen_at=row.seen_at)

    def note_seen(self, session_id: int, *, at: datetime) -> None:
        """Store when a session was used."""
        self._run(update(sessions).where(sessions.c.id == session_id).values(seen_at=at))

    def end(self, token_hash: str) -> None:
        """Remove the session with this hash, if it is there."""
        self._run(delete(sessions).where(sessions.c.token_hash == token_hash))

    def end_all(self) -> None:
        """Remove every session."""
        self._run(delete(sessions))

    def forget_over(self, *, made_before: datetime, seen_before: datetime) -> None:
        """Remove the sessions that have expired."""
        is_over = or_(sessions.c.created_at <= made_before, sessions.c.seen_at <= seen_before)
        self._run(delete(sessions).where(is_over))

    def make_room(self, kept: int) -> None:
        """Remove all but so many sessions: those that were used last stay."""
        newest = select(sessions.c.id).order_by(sessions.c.seen_at.desc(), sessions.c.id.desc())
        self._run(delete(sessions).where(sessions.c.id.not_in(newest.limit(kept))))

    def totals(self, *, at: datetime) -> Totals:
        """Return how many rows there are of each noun."""
        return Totals(
            counted_at=at,
            apps=self._count(apps),
            topics=self._count(topics),
            subscribers=self._count(subscribers),
            queued=self._count(handovers),
        )

    def _count(self, table: Table) -> int:
        return int(self._run(select(func.count()).select_from(table)).scalar_one())
