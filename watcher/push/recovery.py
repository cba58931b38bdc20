"""
Recovery: an owner who lost their only approving phone gets a link from the operator; the phone that opens it may
approve.

| threat | what stands against it |
|---|---|
| it is guessed, or read from the database | 190 bits at random, stored hashed; an address asks so often and no more |
| it is used late, or twice | good for 30 minutes and for one device; a new one ends the one before |
| it is opened by a preview of a chat | opening changes nothing: a person says yes on a page that names the account |
| it is read on its way | who uses it first is in: the owner then finds it used, and the operator ends that device |
| somebody shows it who wants it opened | that phone approves sign-ins to that account, and gets nothing else |
| the phone was stolen, not lost | `ends_others`: its sessions, approving devices and API tokens end at once |
| the account is blocked, or waits | none is made; one that was made opens nothing |
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from watcher.core.accounts import AccountState, Purpose
from watcher.core.acts import Act
from watcher.errors import RefusedError
from watcher.push.accounts import known_account
from watcher.push.context import Resource
from watcher.push.ids import new_secret
from watcher.push.sign_in_codes import Code, add_code

if TYPE_CHECKING:
    from watcher.store.push.store import Transaction


class Recovery(Resource):
    """The recoveries of accounts in one push store."""

    async def make_code(self, account_id: int, *, ends_others: bool = False) -> str:
        """
        Return a code (190 bits): the phone that opens `/console/in/{code}` may approve sign-ins to the account, once.

        Args:
            ends_others: sign the account out everywhere, let none of its other devices approve any more, and remove its
                API tokens, for a thief may have made some. The tokens of its applications stay.

        Raises RefusedError when there is no such account, or it is not active; StoreError.
        """
        # No browser shows it: nobody has the other half.
        made, now = Code(code=new_secret(), browser=new_secret()), self._now()

        def work(tx: Transaction) -> None:
            account = known_account(tx, account_id)
            if account.state is not AccountState.ACTIVE:
                raise RefusedError(f"account: {account.name} is {account.state.value}; approve it before")
            if ends_others:
                self._end_access(tx, account_id)
            add_code(tx, made, Purpose.RECOVERY, kind="", address="", account_id=account_id, now=now)
            self._note(tx, Act.RECOVERY_MADE, account.name)

        await self._store.write(work)
        return made.code

    def _end_access(self, tx: Transaction, account_id: int) -> None:
        tx.sessions.end_all(account_id)
        tx.sign_ins.end_of(account_id)
        self._note_access(tx, Act.LOGGED_OUT_EVERYWHERE, account_id)
        for kind in tx.approvers.end_all(account_id):
            self._note_access(tx, Act.APPROVER_ENDED, account_id, kind)
        for token in tx.tokens.of_account(account_id):
            self._note(tx, Act.TOKEN_REMOVED, token.name, app_id=token.app_id)
        tx.tokens.remove_of(account_id)
