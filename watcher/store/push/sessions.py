"""The browsers in which somebody is signed in to the console."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Row, delete, insert, or_, select, update

from watcher.core.accounts import Session
from watcher.store.push.rows import Rows
from watcher.store.push.tables import sessions

_NEWEST_FIRST: Final = (sessions.c.seen_at.desc(), sessions.c.id.desc())


class Sessions(Rows):
    """The table of sessions. They are passed in, and looked up, by the hash of their token; account None: operator."""

    def add(self, *, account_id: int | None, token_hash: str, kind: str, at: datetime) -> None:
        """Store a session, whose person has just shown who they are."""
        row = {"account_id": account_id, "token_hash": token_hash, "kind": kind}
        self._run(insert(sessions).values(row | {"created_at": at, "seen_at": at, "confirmed_at": at}))

    def of_hash(self, token_hash: str) -> Session | None:
        """Return the session with this hash, expired or not."""
        return self._one(select(sessions).where(sessions.c.token_hash == token_hash), _session)

    def of_account(self, account_id: int | None) -> Sequence[Session]:
        """Return an account's sessions, the one used last first."""
        query = select(sessions).where(sessions.c.account_id == account_id).order_by(*_NEWEST_FIRST)
        return self._all(query, _session)

    def note_seen(self, session_id: int, *, at: datetime) -> None:
        """Store when a session was used."""
        self._run(update(sessions).where(sessions.c.id == session_id).values(seen_at=at))

    def note_confirmed(self, session_id: int, *, at: datetime) -> None:
        """Store when a session's person showed once more who they are."""
        self._run(update(sessions).where(sessions.c.id == session_id).values(confirmed_at=at))

    def end(self, token_hash: str) -> None:
        """Remove the session with this hash, if it is there."""
        self._run(delete(sessions).where(sessions.c.token_hash == token_hash))

    def end_of(self, account_id: int | None, session_id: int) -> Session | None:
        """Remove one of an account's sessions, and return it."""
        its = (sessions.c.account_id == account_id, sessions.c.id == session_id)
        gone = delete(sessions).where(*its).returning(sessions)
        return self._one(gone, _session)

    def end_all(self, account_id: int | None, *, but: int | None = None) -> int:
        """Remove every session of an account, but for one; return how many there were."""
        gone = delete(sessions).where(sessions.c.account_id == account_id)
        return int(self._run(gone if but is None else gone.where(sessions.c.id != but)).rowcount)

    def forget_over(self, *, made_before: datetime, seen_before: datetime) -> None:
        """Remove the sessions that have expired, of all accounts."""
        is_over = or_(sessions.c.created_at <= made_before, sessions.c.seen_at <= seen_before)
        self._run(delete(sessions).where(is_over))

    def make_room(self, account_id: int | None, kept: int) -> None:
        """Remove all but so many sessions of an account: those that were used last stay."""
        newest = select(sessions.c.id).where(sessions.c.account_id == account_id)
        newest = newest.order_by(*_NEWEST_FIRST).limit(kept)
        self._run(delete(sessions).where(sessions.c.account_id == account_id, sessions.c.id.not_in(newest)))


def _session(row: Row[Any]) -> Session:
    return Session(
        id=row.id,
        account_id=row.account_id,
        kind=row.kind,
        created_at=row.created_at,
        seen_at=row.seen_at,
        confirmed_at=row.confirmed_at,
    )
