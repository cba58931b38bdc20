"""
The devices that approve sign-ins by scanning, each to one account.

| what | is |
|---|---|
| approver | a device with a cookie of its own (190 bits), stored hashed, which approves sign-ins to one account |
| at once | 20 of an account; the one that was used longest ago makes room |

One gets the right in the console, by a person who has just shown who they are; by a registration (`registrations`); or
by a code of the operator's for an account that lost its phones (`recovery`). A claim, a moved inbox or a WeChat link
never makes one.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Final

from watcher.core.accounts import OPERATOR, Account, Approver, Purpose, SignInState
from watcher.core.acts import Act
from watcher.errors import RefusedError
from watcher.push.actor import acting
from watcher.push.context import Resource
from watcher.push.ids import hash_token, is_secret, new_secret
from watcher.push.sign_in_codes import life_of, open_code, wakes_browsers

if TYPE_CHECKING:
    from watcher.store.push.store import Transaction

MAX_APPROVERS: Final = 20
_MAKING: Final = frozenset({Purpose.APPROVER, Purpose.RECOVERY})
"""What a code is for that makes the phone which opens it an approver."""


class Approvers(Resource):
    """The approving devices of one push store. An account None is the operator's. Each method raises StoreError."""

    async def of_token(self, token: str | None) -> tuple[Approver, Account] | None:
        """Return the approving device with this cookie, and its account, active or not; None for an unknown one."""
        if token is None or not is_secret(token):
            return None
        return await self._store.read(lambda tx: approver_of(tx, token))

    async def of_account(self, account_id: int | None) -> Sequence[Approver]:
        """Return an account's approving devices, the one used last first."""
        return await self._store.read(lambda tx: tx.approvers.of_account(account_id))

    async def are_any(self) -> bool:
        """Return whether any device may approve."""
        return await self._store.read(lambda tx: tx.approvers.are_any())

    async def let_approve(self, account_id: int | None, *, kind: str, replacing: str | None) -> str:
        """
        Let the device that asks approve sign-ins to this account, which is signed in there; return its cookie.

        Raises RefusedError: the account is not active, as one that was blocked since the page was asked for.
        """
        token, now = new_secret(), self._now()

        def work(tx: Transaction) -> None:
            _require_active(tx, account_id)
            add_approver(tx, account_id, token, kind=kind, replacing=replacing, now=now)
            self._note(tx, Act.APPROVER_ADDED, kind)

        await self._store.write(work)
        return token

    async def let_approve_by(self, code: str, *, kind: str, replacing: str | None) -> str:
        """
        Let the device that opened this code approve sign-ins to the account that it is of; return its cookie.

        Raises RefusedError: the code has expired, was answered, or is for another purpose; the account is not active.
        """
        token, now = new_secret(), self._now()

        def work(tx: Transaction) -> int:
            found = open_code(tx, code, now=now)
            if found.purpose not in _MAKING:
                raise RefusedError("this sign-in code is for something else")
            _require_active(tx, found.account_id)
            # Who opens the code later is told that it was used.
            expires_at = now + life_of(found.purpose)
            tx.sign_ins.decide(found.id, SignInState.APPROVED, account_id=found.account_id, expires_at=expires_at)
            add_approver(tx, found.account_id, token, kind=kind, replacing=replacing, now=now)
            with acting(found.account_id, kind):
                self._note(tx, Act.APPROVER_ADDED, kind)
            return found.id

        await self._store.write(work, wakes=wakes_browsers)
        return token

    async def end(self, account_id: int | None, approver_id: int) -> Approver | None:
        """Let one of an account's devices approve nothing more, and return it; None where there was none."""

        def work(tx: Transaction) -> Approver | None:
            gone = tx.approvers.end(account_id, approver_id)
            if gone is not None:
                tx.sign_ins.end_of(account_id)
                self._note_access(tx, Act.APPROVER_ENDED, account_id, gone.kind)
            return gone

        return await self._store.write(work)

    async def end_all(self, account_id: int | None) -> int:
        """Let none of an account's devices approve anything more; return how many did."""

        def work(tx: Transaction) -> int:
            gone = tx.approvers.end_all(account_id)
            tx.sign_ins.end_of(account_id)
            for kind in gone:
                self._note_access(tx, Act.APPROVER_ENDED, account_id, kind)
            return len(gone)

        return await self._store.write(work)


def approver_of(tx: Transaction, token: str) -> tuple[Approver, Account] | None:
    """Return the approving device with this cookie, and its account, active or not; None for an unknown one."""
    approver = tx.approvers.of_hash(hash_token(token))
    if approver is None:
        return None
    account = OPERATOR if approver.account_id is None else tx.accounts.of_id(approver.account_id)
    return None if account is None else (approver, account)


def _require_active(tx: Transaction, account_id: int | None) -> None:
    if tx.accounts.active(account_id) is None:
        raise RefusedError("the account is not active")


def add_approver(
    tx: Transaction, account_id: int | None, token: str, *, kind: str, replacing: str | None, now: datetime
) -> None:
    """
    Store an approving device.

    Args:
        replacing: the cookie that the device came with, good or not: it approves nothing from now on.
    """
    if replacing is not None:
        tx.approvers.end_hash(hash_token(replacing))
    tx.approvers.make_room(account_id, MAX_APPROVERS - 1)
    tx.approvers.add(account_id=account_id, token_hash=hash_token(token), kind=kind, at=now)
