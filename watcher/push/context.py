"""What the resources of the push service share."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from watcher.core.accounts import AccountLimits
from watcher.core.acts import Act
from watcher.core.words import cut, one_line
from watcher.push.actor import ACTOR
from watcher.push.caps import Strangers
from watcher.push.leaving import JustLeft

if TYPE_CHECKING:
    from watcher.store.push.store import PushStore, Transaction

_SUBJECT_CHARACTERS: Final = 500


class Context(Struct, frozen=True, kw_only=True):
    """
    What all resources of one push store share.

    Attributes:
        now: the wall clock, aware.
        account_limits: how much each owner may have.
    """

    store: PushStore
    now: Callable[[], datetime]
    strangers: Strangers
    left: JustLeft
    account_limits: AccountLimits = AccountLimits()


class Resource:
    """One resource of a push store. Each method that awaits raises StoreError when the disk or the database refuses."""

    def __init__(self, context: Context) -> None:
        self._store = context.store
        self._now = context.now
        self._strangers = context.strangers
        self._left = context.left
        self._account_limits = context.account_limits

    def _note(self, tx: Transaction, act: Act, subject: str, *, app_id: int | None = None) -> None:
        """
        Note in the log who does this, in the transaction that does it.

        Args:
            subject: what it is done to, in words that outlive it.
            app_id: the application that it is done in, if one.
        """
        tx.acts.add(ACTOR.get(), act, cut(one_line(subject), _SUBJECT_CHARACTERS), app_id=app_id, at=self._now())

    def _note_access(self, tx: Transaction, act: Act, account_id: int | None, what: str = "") -> None:
        """
        Note what is done to where an account is signed in, or to what signs it in; whose, where another one does it.

        Args:
            what: what the browser or device is known by.
        """
        is_own = ACTOR.get().account_id == account_id
        account = None if is_own or account_id is None else tx.accounts.of_id(account_id)
        self._note(tx, act, " · ".join(part for part in (what, account.name if account else "") if part))
