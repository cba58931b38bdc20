"""
The operator's password and sessions: one password, no name, any number of browsers.

| what | is |
|---|---|
| password | at least 12 characters, stored as Argon2id; the first one is made by us, and told once |
| session | a random token (190 bits), stored hashed, new at each login, whatever the browser had before |
| it ends | 30 days after the login, 7 days after its last use, at its logout, with all others at a new password |
| at once | 20 sessions; the one that was used longest ago makes room |
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from watcher.core.operator import OperatorSession, Totals
from watcher.errors import RefusedError
from watcher.push.ids import hash_token, is_secret, new_password, new_secret
from watcher.push.passwords import MAX_PASSWORD_CHARS, MIN_PASSWORD_CHARS, PasswordHasher

if TYPE_CHECKING:
    from watcher.store.push.store import PushStore, Transaction

SESSION_LIFE: Final = timedelta(days=30)
SESSION_IDLE: Final = timedelta(days=7)
MAX_SESSIONS: Final = 20
_NOTED_EVERY: Final = timedelta(hours=1)
"""How often the use of a session is written down: a look at a page should cost no write."""


class OperatorAccess:
    """The operator's password and sessions, over one push store. Each method raises StoreError."""

    def __init__(self, store: PushStore, hasher: PasswordHasher, *, now: Callable[[], datetime]) -> None:
        self._store = store
        self._hasher = hasher
        self._now = now

    async def make_first_password(self, tell: Callable[[str], None]) -> None:
        """
        Give the operator a random password (119 bits), unless there is one.

        Args:
            tell: is handed it before it is saved: a kill in between lets the next start tell another, while the other
                way round would leave one that nobody knows.
        """
        if await self._stored() is not None:
            return
        password = new_password()
        password_hash = await self._hasher.hash(password)
        tell(password)
        now = self._now()

        def work(tx: Transaction) -> None:
            # A command may have set another one while we computed.
            if tx.operators.password_hash() is None:
                tx.operators.set_password(password_hash, at=now)

        await self._store.write(work)

    async def set_password(self, password: str) -> None:
        """Set a new password, which ends all sessions. Raises RefusedError for one that is too short or too long."""
        if len(password) < MIN_PASSWORD_CHARS:
            raise RefusedError(f"password: {len(password)} characters; at least {MIN_PASSWORD_CHARS}")
        if len(password) > MAX_PASSWORD_CHARS:
            raise RefusedError(f"password: {len(password)} characters; at most {MAX_PASSWORD_CHARS}")
        password_hash, now = await self._hasher.hash(password), self._now()

        def work(tx: Transaction) -> None:
            tx.operators.set_password(password_hash, at=now)
            tx.operators.end_all()

        await self._store.write(work)

    async def log_in(self, password: str, *, replacing: str | None = None) -> str | None:
        """
        Return the token of a new session; None for a wrong password.

        Takes the time of an Argon2id whatever is wrong.

        Args:
            replacing: the token that the browser came with, good or not: it opens nothing from now on.
        """
        stored = await self._stored()
        if not await self._hasher.is_right(password, stored) or stored is None:
            return None
        token, now = new_secret(), self._now()

        def work(tx: Transaction) -> bool:
            # Another process may have set another password while we computed.
            if tx.operators.password_hash() != stored:
                return False
            if replacing is not None:
                tx.operators.end(hash_token(replacing))
            tx.operators.forget_over(made_before=now - SESSION_LIFE, seen_before=now - SESSION_IDLE)
            tx.operators.make_room(MAX_SESSIONS - 1)
            tx.operators.add(token_hash=hash_token(token), at=now)
            return True

        return token if await self._store.write(work) else None

    async def session(self, token: str) -> OperatorSession | None:
        """Return the session with this token, unless it has expired, and note its use."""
        if not is_secret(token):
            return None
        now = self._now()
        session = await self._store.read(lambda tx: tx.operators.of_hash(hash_token(token)))
        if session is None or _is_over(session, now=now):
            return None
        if now - session.seen_at >= _NOTED_EVERY:
            await self._store.write(lambda tx: tx.operators.note_seen(session.id, at=now))
        return session

    async def log_out(self, token: str) -> None:
        """End the session with this token."""
        await self._store.write(lambda tx: tx.operators.end(hash_token(token)))

    async def log_out_everywhere(self) -> None:
        """End all sessions."""
        await self._store.write(lambda tx: tx.operators.end_all())

    async def totals(self) -> Totals:
        """Return how many there are of what the push service keeps."""
        now = self._now()
        return await self._store.read(lambda tx: tx.operators.totals(at=now))

    async def _stored(self) -> str | None:
        return await self._store.read(lambda tx: tx.operators.password_hash())


def _is_over(session: OperatorSession, *, now: datetime) -> bool:
    """Return whether it has expired; so has one of the future, which a wrong clock made, or it would not expire."""
    return abs(now - session.created_at) >= SESSION_LIFE or abs(now - session.seen_at) >= SESSION_IDLE
