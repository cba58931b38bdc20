"""
The operator's password: one, without a name. By it the operator signs in (`sessions`), in any number of browsers.

It has at least 12 characters, and is stored as Argon2id; the first one is made by us, and told once. A new one ends all
sessions of the operator.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from watcher.core.acts import Act
from watcher.core.operator import Totals
from watcher.errors import RefusedError
from watcher.push.actor import ACTOR
from watcher.push.ids import new_password, new_secret
from watcher.push.passwords import MAX_PASSWORD_CHARS, MIN_PASSWORD_CHARS, PasswordHasher
from watcher.push.sessions import begin_session

if TYPE_CHECKING:
    from watcher.store.push.store import PushStore, Transaction


class OperatorAccess:
    """The operator's password, over one push store. Each method raises StoreError."""

    def __init__(self, store: PushStore, hasher: PasswordHasher, *, now: Callable[[], datetime]) -> None:
        self._store = store
        self._hasher = hasher
        self._now = now

    async def make_first_password(self, tell: Callable[[str], None]) -> None:
        """
        Give the operator a random password (119 bits), unless there is one.

        Args:
            tell: is handed it amid the transaction that saves it, in a thread: a kill in between lets the next start
                tell another, while the other way round would leave one that nobody knows; and of servers that start
                together one tells, whose password it is.
        """
        if await self._stored() is not None:
            return
        password = new_password()
        password_hash, now = await self._hasher.hash(password), self._now()

        def work(tx: Transaction) -> None:
            # A command or another server may have set another one while we computed.
            if tx.operators.set_first_password(password_hash, at=now):
                tell(password)

        await self._store.write(work)

    async def set_password(self, password: str) -> None:
        """
        Set a new password, which ends the operator's sessions and approving devices.

        Raises RefusedError for one that is too short or too long.
        """
        if len(password) < MIN_PASSWORD_CHARS:
            raise RefusedError(f"{len(password)} characters; at least {MIN_PASSWORD_CHARS}", field="password")
        if len(password) > MAX_PASSWORD_CHARS:
            raise RefusedError(f"{len(password)} characters; at most {MAX_PASSWORD_CHARS}", field="password")
        password_hash, now = await self._hasher.hash(password), self._now()

        def work(tx: Transaction) -> None:
            tx.operators.set_password(password_hash, at=now)
            tx.sessions.end_all(None)
            tx.approvers.end_all(None)
            tx.sign_ins.end_of(None)
            tx.acts.add(ACTOR.get(), Act.PASSWORD_SET, "", app_id=None, at=now)

        await self._store.write(work)

    async def log_in(self, password: str, *, kind: str = "", replacing: str | None = None) -> str | None:
        """
        Return the token of a new session; None for a wrong password.

        Takes the time of an Argon2id whatever is wrong.

        Args:
            kind: what the operator knows the browser by.
            replacing: the token that the browser came with, good or not: it opens nothing from now on.
        """
        token, now = new_secret(), self._now()

        def work(tx: Transaction) -> None:
            begin_session(tx, None, token, kind=kind, replacing=replacing, now=now)
            tx.acts.add(ACTOR.get(), Act.LOGGED_IN, kind, app_id=None, at=now)

        return token if await self._if_right(password, work) else None

    async def confirm(self, password: str, session_id: int) -> bool:
        """Note that a session's person has just shown who they are; False for a wrong password, which notes nothing."""
        now = self._now()
        return await self._if_right(password, lambda tx: tx.sessions.note_confirmed(session_id, at=now))

    async def _if_right(self, password: str, work: Callable[[Transaction], None]) -> bool:
        """Do something if the password is right; return whether it is. It takes as long where none is set."""
        stored = await self._stored()
        if not await self._hasher.is_right(password, stored) or stored is None:
            return False

        def checked(tx: Transaction) -> bool:
            # Another process may have set another password while we computed.
            if tx.operators.password_hash() != stored:
                return False
            work(tx)
            return True

        return await self._store.write(checked)

    async def totals(self) -> Totals:
        """Return how many there are of what the push service keeps."""
        now = self._now()
        return await self._store.read(lambda tx: tx.operators.totals(at=now))

    async def _stored(self) -> str | None:
        return await self._store.read(lambda tx: tx.operators.password_hash())
