"""
Owners: who has applications of their own, how much they may have, and what becomes of them.

| an account that is | may |
|---|---|
| waiting | nothing yet: the operator was asked |
| active | make and change what is its own, within its limits |
| blocked | nothing; its sessions end, its devices and API tokens open nothing, its applications are paused |

A paused application sends nothing, tells its owner nothing and takes no new subscribers (`App.is_paused`).

What a blocked one sent and nobody has yet is withdrawn; approving it again does not bring that back.
One with applications is not removed: they are handed over to another account, or to the operator, before; it keeps
nothing by which they are read, written to or heard (`handing_over`).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from watcher.core.accounts import Account, AccountState, Holdings, LimitOverrides
from watcher.core.acts import Act
from watcher.core.handovers import OWNER_LEFT, SENDER_BLOCKED
from watcher.core.push import Slice
from watcher.core.reserved_names import is_reserved
from watcher.errors import RefusedError
from watcher.push.apps import checked_name
from watcher.push.context import Resource
from watcher.push.handing_over import hand_over_app

if TYPE_CHECKING:
    from watcher.store.push.store import Transaction

MAX_NAME: Final = 60
MAX_LIMIT: Final = 1_000_000_000


class Accounts(Resource):
    """The accounts of owners in one push store. Each method raises StoreError."""

    async def of_id(self, account_id: int) -> Account | None:
        """Return the account with this number."""
        return await self._store.read(lambda tx: tx.accounts.of_id(account_id))

    async def all(self) -> Sequence[Account]:
        """Return all accounts, by id."""
        return await self._store.read(lambda tx: tx.accounts.all())

    async def page(self, cut: Slice) -> Sequence[tuple[Account, int]]:
        """Return a stretch of the accounts, by id, each with how many applications it has."""
        return await self._store.read(lambda tx: tx.accounts.page(cut))

    async def all_counted(self) -> Sequence[tuple[Account, int]]:
        """Return all accounts, by id, each with how many applications it has."""
        return await self._store.read(lambda tx: tx.accounts.all_counted())

    async def holdings(self, account_id: int) -> Holdings:
        """Return what an account has, and how many people follow any of it."""
        return await self._store.read(lambda tx: tx.accounts.holdings(account_id))

    async def app_count(self, account_id: int) -> int:
        """Return how many applications an account has."""
        return await self._store.read(lambda tx: tx.accounts.app_count(account_id))

    async def approve(self, account_id: int) -> Account:
        """Let an account that waits, or was blocked, do what owners do. Raises RefusedError when there is none."""

        def work(tx: Transaction) -> Account:
            account = known_account(tx, account_id)
            if account.state is not AccountState.ACTIVE:
                tx.accounts.set_state(account_id, AccountState.ACTIVE)
                self._note(tx, Act.ACCOUNT_APPROVED, account.name)
            return known_account(tx, account_id)

        return await self._store.write(work)

    async def block(self, account_id: int) -> Account:
        """
        Let an account do nothing more, end its sessions, and withdraw what it sent that nobody has yet.

        Readers whom a message has not come to do not get it, what waits for a channel is not handed over, and callbacks
        that wait are given up. What is in an inbox stays there. To approve the account again brings nothing of it back.
        Raises RefusedError when there is none.
        """
        now = self._now()

        def work(tx: Transaction) -> Account:
            account = known_account(tx, account_id)
            tx.accounts.set_state(account_id, AccountState.BLOCKED)
            tx.sessions.end_all(account_id)
            tx.sign_ins.end_of(account_id)
            tx.fan_outs.remove_of(account_id)
            tx.handovers.withdraw_of(account_id, at=now)
            tx.callbacks.give_up_of(account_id, SENDER_BLOCKED)
            self._note(tx, Act.ACCOUNT_BLOCKED, account.name)
            return known_account(tx, account_id)

        return await self._store.write(work)

    async def rename(self, account_id: int, name: str) -> None:
        """Give an account another name. Raises RefusedError for none, or one that is too long."""
        name = checked_account_name(name)

        def work(tx: Transaction) -> None:
            if known_account(tx, account_id).name != name:
                tx.accounts.set_name(account_id, name)
                self._note(tx, Act.ACCOUNT_RENAMED, name)

        await self._store.write(work)

    async def set_limits(self, account_id: int, limits: LimitOverrides) -> None:
        """Set how much an account may have; None: as the settings say. Raises RefusedError for one below 0."""
        for given in (limits.apps, limits.topics, limits.messages):
            if given is not None and not 0 <= given <= MAX_LIMIT:
                raise RefusedError(f"{given}; 0 to {MAX_LIMIT:,}", field="limit")

        def work(tx: Transaction) -> None:
            account = known_account(tx, account_id)
            tx.accounts.set_limits(account_id, limits)
            self._note(tx, Act.ACCOUNT_LIMITS, account.name)

        await self._store.write(work)

    async def hand_over(self, account_id: int, to: int | None, *, grace: timedelta | None = None) -> int:
        """
        Hand all applications of an account over to another one, None is the operator; return how many there were.

        What the account has of them ends (`handing_over`), and callbacks that wait are given up. What was
        sent before and is on its way to subscribers goes on. Raises RefusedError.

        Args:
            grace: how long the applications' own tokens still work; between two active accounts alone.
        """
        now = self._now()

        def work(tx: Transaction) -> int:
            account = known_account(tx, account_id)
            if to == account_id:
                raise RefusedError("the applications are its own already")
            receiver = None if to is None else known_account(tx, to)
            if receiver is not None and receiver.state is not AccountState.ACTIVE:
                raise RefusedError(f"{receiver.name} is {receiver.state.value}")
            if grace is not None and (receiver is None or account.state is not AccountState.ACTIVE):
                raise RefusedError("a grace time is between two active accounts alone", field="grace")
            tx.callbacks.give_up_of(account_id, OWNER_LEFT)
            for app in [app for app in tx.apps.all() if app.account_id == account_id]:
                hand_over_app(tx, app, to, now=now, token_until=None if grace is None else now + grace)
            count = tx.accounts.hand_over(account_id, to)
            self._note(tx, Act.ACCOUNT_HANDED_OVER, account.name)
            return count

        return await self._store.write(work)

    async def remove(self, account_id: int) -> None:
        """
        Remove an account with its sessions, approving devices and API tokens.

        Raises RefusedError when there is none, or while it has applications.
        """

        def work(tx: Transaction) -> None:
            account = known_account(tx, account_id)
            if count := tx.accounts.app_count(account_id):
                raise RefusedError(f"{account.name} has {count} applications; hand them over before")
            tx.sessions.end_all(account_id)
            tx.approvers.end_all(account_id)
            tx.sign_ins.end_of(account_id)
            tx.tokens.remove_of(account_id)
            tx.accounts.remove(account_id)
            self._note(tx, Act.ACCOUNT_REMOVED, account.name)

        await self._store.write(work)


def known_account(tx: Transaction, account_id: int) -> Account:
    """Return the account with this number. Raises RefusedError when there is none."""
    if (account := tx.accounts.of_id(account_id)) is None:
        raise RefusedError(f"there is no account {account_id}")
    return account


def checked_account_name(text: str) -> str:
    """Return the name as one line. Raises RefusedError for a blank one, one over 60 characters, or the operator's."""
    name = checked_name("name", text)
    if len(name) > MAX_NAME:
        raise RefusedError(f"{len(name)} characters; at most {MAX_NAME}", field="name")
    if is_reserved(name):
        raise RefusedError("it reads as if the account were the operator's", field="name")
    return name
