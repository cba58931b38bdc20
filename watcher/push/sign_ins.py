"""
Signing in by scanning: a phone that may approve (`approvers`) answers the code that a browser shows (`sign_in_codes`).

A yes is good for 2 minutes, once, in the browser that showed the code, for the account of the phone that said it.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from watcher.core.accounts import AccountState, Purpose, SignIn, SignInState
from watcher.core.acts import Act
from watcher.errors import RefusedError
from watcher.push.actor import acting
from watcher.push.approvers import approver_of
from watcher.push.context import Resource
from watcher.push.ids import hash_token, new_secret
from watcher.push.sessions import begin_session
from watcher.push.sign_in_codes import CODE_LIFE, Code, is_alive, open_code, wakes_browsers

if TYPE_CHECKING:
    from watcher.store.push.store import Transaction


class SignIns(Resource):
    """What phones say to the codes of one push store, and what comes of it. Each method raises StoreError."""

    async def approve(self, code: str, token: str | None) -> None:
        """
        Say yes, from an approving device, to a code that signs in, or that shows once more who is there.

        Raises RefusedError: it has expired, was answered, is of another account; or the device may not approve.
        """
        now = self._now()

        def work(tx: Transaction) -> int:
            found = open_code(tx, code, now=now)
            known = None if token is None else approver_of(tx, token)
            is_answered_so = found.purpose in (Purpose.SIGN_IN, Purpose.CONFIRM)
            if known is None or known[1].state is not AccountState.ACTIVE or not is_answered_so:
                raise RefusedError("this device may not approve")
            approver, account = known
            if found.purpose is Purpose.CONFIRM and found.account_id != account.id:
                raise RefusedError("this sign-in is another account's")
            tx.sign_ins.decide(found.id, SignInState.APPROVED, account_id=account.id, expires_at=now + CODE_LIFE)
            tx.approvers.note_seen(approver.id, at=now)
            return found.id

        await self._store.write(work, wakes=wakes_browsers)

    async def refuse(self, code: str) -> None:
        """Say no to a code: whoever opened it may. Raises RefusedError: it has expired, or was answered."""
        now = self._now()

        def work(tx: Transaction) -> int:
            found = open_code(tx, code, now=now)
            tx.sign_ins.decide(found.id, SignInState.REFUSED, account_id=found.account_id, expires_at=now + CODE_LIFE)
            return found.id

        await self._store.write(work, wakes=wakes_browsers)

    async def finish(self, code: Code, *, kind: str, replacing: str | None) -> str | None:
        """
        Return the token of a new session where a phone said yes to the code that this browser shows; it is used up.

        None where it did not, or where the account may do nothing.
        """
        token, now = new_secret(), self._now()

        def work(tx: Transaction) -> bool:
            found = _approved(tx, code, Purpose.SIGN_IN, now=now)
            if found is None:
                return False
            begin_session(tx, found.account_id, token, kind=kind, replacing=replacing, now=now)
            with acting(found.account_id, kind):
                self._note(tx, Act.LOGGED_IN, kind)
            return True

        return token if await self._store.write(work) else None

    async def confirm(self, code: Code, session_id: int, account_id: int | None) -> bool:
        """Note that a session's person has just shown who they are, where a phone of theirs said yes to this code."""
        now = self._now()

        def work(tx: Transaction) -> bool:
            found = _approved(tx, code, Purpose.CONFIRM, now=now)
            if found is None or found.account_id != account_id:
                return False
            tx.sessions.note_confirmed(session_id, at=now)
            return True

        return await self._store.write(work)


def _approved(tx: Transaction, code: Code, purpose: Purpose, *, now: datetime) -> SignIn | None:
    """Return what was approved for this browser, and use it up; None where nothing was, or its account may not."""
    found = tx.sign_ins.of_browser(hash_token(code.code), hash_token(code.browser))
    if found is None or not is_alive(found, now=now) or found.purpose is not purpose:
        return None
    if found.state is not SignInState.APPROVED:
        return None
    tx.sign_ins.remove(found.id)
    return None if tx.accounts.active(found.account_id) is None else found
