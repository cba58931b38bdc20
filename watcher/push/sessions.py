"""
In which browsers somebody is signed in to the console: the operator, or an owner whose account is active.

| what | is |
|---|---|
| session | a random token (190 bits), stored hashed, new at each sign-in, whatever the browser had before |
| it ends | 30 days after the sign-in, 7 days after its last use, at its logout, when its account is blocked |
| at once | 20 sessions of an account; the one that was used longest ago makes room |
| recent | its person showed who they are within 10 minutes; dangerous acts ask for that |
| mark | what a browser keeps after it: whose account signed in there, with a MAC; it opens nothing, and gives that \
browser limits of its own, which strangers cannot use up; a new password of the operator ends every mark |
"""

from __future__ import annotations

import hmac
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from watcher.core.accounts import Account, Session
from watcher.core.acts import Act
from watcher.push.context import Resource
from watcher.push.ids import hash_token, is_secret, new_secret

if TYPE_CHECKING:
    from watcher.store.push.store import Transaction

SESSION_LIFE: Final = timedelta(days=30)
SESSION_IDLE: Final = timedelta(days=7)
MAX_SESSIONS: Final = 20
RECENT: Final = timedelta(minutes=10)
_NOTED_EVERY: Final = timedelta(hours=1)
"""How often the use of a session is written down: a look at a page should cost no write."""


class Sessions(Resource):
    """The sessions of one push store. An account is named by its id, None is the operator's. Each raises StoreError."""

    async def known(self, token: str) -> tuple[Account, Session] | None:
        """Return who is signed in by this token, unless it has expired or may do nothing, and note its use."""
        if not is_secret(token):
            return None
        now = self._now()
        found = await self._store.read(lambda tx: _signed_in(tx, hash_token(token), now=now))
        if found is not None and now - found[1].seen_at >= _NOTED_EVERY:
            session_id = found[1].id
            await self._store.write(lambda tx: tx.sessions.note_seen(session_id, at=now))
        return found

    async def of_account(self, account_id: int | None) -> Sequence[Session]:
        """Return an account's sessions that have not expired, the one used last first."""
        now = self._now()
        found = await self._store.read(lambda tx: tx.sessions.of_account(account_id))
        return [session for session in found if not _is_over(session, now=now)]

    async def confirm(self, session_id: int) -> None:
        """Note that a session's person has just shown who they are."""
        now = self._now()
        await self._store.write(lambda tx: tx.sessions.note_confirmed(session_id, at=now))

    def is_recent(self, session: Session) -> bool:
        """Return whether a session's person showed who they are within RECENT; a clock set back makes nobody recent."""
        return session.confirmed_at is not None and abs(self._now() - session.confirmed_at) < RECENT

    async def mark(self, account_id: int | None) -> str:
        """Return the mark of a browser in which this account has just signed in."""
        said = f"{account_id or 0}.{new_secret()}"
        return await self._store.read(lambda tx: f"{said}.{_mac_of(tx, said)}")

    async def marked(self, text: str) -> tuple[Account, str] | None:
        """Return whose mark this is, and a text of that mark alone; None: it is forged, or the account not active."""
        said, _, mac = text.rpartition(".")

        def work(tx: Transaction) -> tuple[Account, str] | None:
            if not hmac.compare_digest(_mac_of(tx, said).encode(), mac.encode(errors="replace")):
                return None
            whose, _, browser = said.partition(".")
            account = tx.accounts.active(int(whose) or None)
            return None if account is None else (account, browser)

        return await self._store.read(work)

    async def end(self, token: str) -> None:
        """End the session with this token."""
        await self._store.write(lambda tx: tx.sessions.end(hash_token(token)))

    async def end_one(self, account_id: int | None, session_id: int) -> Session | None:
        """End one of an account's sessions, and return it; None where there was none."""

        def work(tx: Transaction) -> Session | None:
            gone = tx.sessions.end_of(account_id, session_id)
            if gone is not None:
                self._note_access(tx, Act.SESSION_ENDED, account_id, gone.kind)
            return gone

        return await self._store.write(work)

    async def end_all(self, account_id: int | None, *, but: int | None = None) -> int:
        """End all sessions of an account, but for one; return how many there were."""

        def work(tx: Transaction) -> int:
            count = tx.sessions.end_all(account_id, but=but)
            tx.sign_ins.end_of(account_id)
            act = Act.LOGGED_OUT_EVERYWHERE if but is None else Act.LOGGED_OUT_ELSEWHERE
            self._note_access(tx, act, account_id)
            return count

        return await self._store.write(work)


def begin_session(
    tx: Transaction, account_id: int | None, token: str, *, kind: str, replacing: str | None, now: datetime
) -> None:
    """
    Store a session with this token.

    Args:
        replacing: the token that the browser came with, good or not: it opens nothing from now on.
    """
    if replacing is not None:
        tx.sessions.end(hash_token(replacing))
    tx.sessions.forget_over(made_before=now - SESSION_LIFE, seen_before=now - SESSION_IDLE)
    tx.sessions.make_room(account_id, MAX_SESSIONS - 1)
    tx.sessions.add(account_id=account_id, token_hash=hash_token(token), kind=kind, at=now)


def _mac_of(tx: Transaction, said: str) -> str:
    """Return the MAC of a mark. Its key is the hash of the password that all servers have; without one no mark fits."""
    key = tx.operators.password_hash() or new_secret()
    return hmac.digest(key.encode(), b"mark " + said.encode(errors="replace"), "sha256").hex()


def _signed_in(tx: Transaction, token_hash: str, *, now: datetime) -> tuple[Account, Session] | None:
    session = tx.sessions.of_hash(token_hash)
    if session is None or _is_over(session, now=now):
        return None
    account = tx.accounts.active(session.account_id)
    return None if account is None else (account, session)


def _is_over(session: Session, *, now: datetime) -> bool:
    """Return whether it has expired; so has one of the future, which a wrong clock made, or it would not expire."""
    return abs(now - session.created_at) >= SESSION_LIFE or abs(now - session.seen_at) >= SESSION_IDLE
