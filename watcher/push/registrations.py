"""Registrations: who scans a sign-in code for the first time becomes an owner, at once or when the operator says so."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Final

from watcher.core.accounts import AccountState, Purpose, Registration, SignInState
from watcher.core.acts import Act
from watcher.core.caps import Made
from watcher.core.phrases import Phrases, fill
from watcher.core.push import TopicDraft
from watcher.core.watch import ADMIN_TOPIC
from watcher.errors import PushError, RefusedError, StoreError
from watcher.push.accounts import checked_account_name
from watcher.push.actor import acting
from watcher.push.approvers import add_approver
from watcher.push.context import Context, Resource
from watcher.push.draft import make_draft
from watcher.push.ids import new_secret
from watcher.push.sign_in_codes import CODE_LIFE, open_code, wakes_browsers

if TYPE_CHECKING:
    from watcher.store.push.store import Transaction

_log: Final = logging.getLogger(__name__)


class Registrations(Resource):
    """The registrations of one push store."""

    def __init__(
        self,
        context: Context,
        *,
        publish: Callable[[Sequence[TopicDraft]], Awaitable[object]],
        phrases: Callable[[], Phrases],
    ) -> None:
        """
        Args:
            publish: tells the operator who asks for an account. Raises a PushError or StoreError.
            phrases: returns those of the operator's language.
        """
        super().__init__(context)
        self._publish = publish
        self._phrases = phrases

    async def register(
        self, code: str, name: str, registration: Registration, *, kind: str, replacing: str | None
    ) -> str:
        """
        Make an account of whoever opened this code; return the cookie by which their device approves sign-ins to it.

        It is active at once, and the other browser signs in, or it waits for the operator, as `registration` says.

        Raises:
            RefusedError: the code has expired or was answered, the name is none, or nobody may register.
            CapReachedError: too many accounts were made in 24 hours.
            StoreError: nothing was saved.
        """
        name, token, now = checked_account_name(name), new_secret(), self._now()
        if registration is Registration.CLOSED:
            raise RefusedError("registration is closed")
        is_open = registration is Registration.OPEN

        def work(tx: Transaction) -> int:
            found = open_code(tx, code, now=now)
            if found.purpose is not Purpose.SIGN_IN:
                raise RefusedError("this sign-in code is for something else")
            account = tx.accounts.add(name=name, state=AccountState.ACTIVE if is_open else AccountState.WAITING, at=now)
            state = SignInState.APPROVED if is_open else SignInState.ASKED
            tx.sign_ins.decide(found.id, state, account_id=account.id, expires_at=now + CODE_LIFE)
            add_approver(tx, account.id, token, kind=kind, replacing=replacing, now=now)
            with acting(account.id, kind):
                self._note(tx, Act.ACCOUNT_MADE if is_open else Act.ACCOUNT_ASKED, name)
                self._note(tx, Act.APPROVER_ADDED, kind)
            return found.id

        await self._strangers.make(Made.ACCOUNTS, work, wakes=wakes_browsers)
        if not is_open:
            await self._tell_operator(name, now)
        return token

    async def _tell_operator(self, name: str, now: datetime) -> None:
        """Say that somebody asks for an account, once an hour at most: the console lists all of them."""
        phrases = self._phrases()
        draft = make_draft(phrases.account_asked_means, summary=fill(phrases.account_asked, name=name))
        key = f"account {now:%Y-%m-%dT%H}"
        try:
            await self._publish([TopicDraft(idempotency_key=key, topic=ADMIN_TOPIC, draft=draft)])
        except (PushError, StoreError) as error:
            _log.warning("the operator was not told that %s asks for an account: %s", name, error)
