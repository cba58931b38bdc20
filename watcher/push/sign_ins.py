"""
Signing in by scanning: a browser shows a code, and a phone that may approve says yes.

| what | is |
|---|---|
| code | a random token (190 bits) in a link, stored hashed, good for 2 minutes and one answer |
| the browser that shows it | has another token (190 bits) in a cookie: who reads the picture alone can only answer |
| four characters | made of the code, shown on both devices: what the phone opened is what the browser shows |
| approver | a device with a cookie of its own (190 bits), which approves sign-ins to one account |
| a yes | is good for 2 minutes, once, in that browser |
| at once | 1,000 codes, 20 approving devices of an account; the one that was used longest ago makes room |

A claim, a moved inbox or a WeChat link never makes an approver: that takes an act in the console, by a person who has
just shown who they are, or a registration.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from watcher.core.accounts import (
    OPERATOR,
    Account,
    AccountState,
    Approver,
    Purpose,
    Registration,
    SignIn,
    SignInState,
)
from watcher.core.acts import Act
from watcher.core.caps import Made
from watcher.core.phrases import Phrases, fill
from watcher.core.push import TopicDraft
from watcher.core.watch import ADMIN_TOPIC
from watcher.errors import CapReachedError, PushError, RefusedError, StoreError
from watcher.push.accounts import checked_account_name
from watcher.push.actor import acting
from watcher.push.context import Context, Resource
from watcher.push.draft import make_draft
from watcher.push.ids import hash_token, is_secret, new_secret
from watcher.push.sessions import begin_session

if TYPE_CHECKING:
    from watcher.store.push.store import Transaction

CODE_LIFE: Final = timedelta(minutes=2)
MAX_CODES: Final = 1_000
MAX_APPROVERS: Final = 20
_SAID_FOR: Final = timedelta(minutes=10)
"""So long after a code has expired it is still known to be late, and not just unknown."""
_LETTERS: Final = "ACDEFHJKMNPRTUVWXY34679"
"""None looks like another one."""
_MAX_WAITING: Final = 200
"""Browsers that wait here for a yes; others ask again and again."""

_log = logging.getLogger(__name__)


class Code(Struct, frozen=True, kw_only=True):
    """What only the browser that shows a code knows."""

    code: str
    browser: str

    @property
    def letters(self) -> str:
        """The four characters to compare."""
        return letters_of(self.code)


class Answer(Struct, frozen=True, kw_only=True):
    """
    What came of what a phone said.

    Attributes:
        approver_token: the cookie of a device that may approve from now on.
    """

    state: SignInState
    approver_token: str | None = None


def letters_of(code: str) -> str:
    """Return the four characters by which a person compares two devices."""
    digest = hashlib.sha256(b"letters " + code.encode(errors="surrogatepass")).digest()
    return "".join(_LETTERS[byte % len(_LETTERS)] for byte in digest[:4])


class SignIns(Resource):
    """The codes of one push store, and the devices that answer them. Each method raises StoreError."""

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
        self._waiting: dict[int, set[asyncio.Event]] = {}

    async def make(self, purpose: Purpose, *, kind: str, address: str, account_id: int | None = None) -> Code:
        """
        Make a code for a browser to show.

        Args:
            kind, address: of the browser, for the person who is asked.
            account_id: whose it is, of one that is not to sign in: it replaces that account's last for this purpose.

        Raises CapReachedError: 1,000 are alive.
        """
        made, now = Code(code=new_secret(), browser=new_secret()), self._now()

        def work(tx: Transaction) -> None:
            if purpose is not Purpose.SIGN_IN:
                tx.sign_ins.remove_of(purpose, account_id)
            tx.sign_ins.forget_over(before=now - _SAID_FOR)
            if tx.sign_ins.count() >= MAX_CODES:
                tx.sign_ins.forget_over(before=now)
            if tx.sign_ins.count() >= MAX_CODES:
                raise CapReachedError(f"sign-in: {MAX_CODES} codes are open", retry_after=CODE_LIFE)
            tx.sign_ins.add(
                purpose,
                code_hash=hash_token(made.code),
                browser_hash=hash_token(made.browser),
                kind=kind,
                address=address,
                account_id=account_id,
                expires_at=now + CODE_LIFE,
            )

        await self._store.write(work)
        return made

    async def shown(self, code: Code) -> SignIn | None:
        """Return what has become of the code that a browser shows; None when it has expired or is used up."""
        if not (is_secret(code.code) and is_secret(code.browser)):
            return None
        now = self._now()
        found = await self._store.read(
            lambda tx: tx.sign_ins.of_browser(hash_token(code.code), hash_token(code.browser))
        )
        return found if found is not None and _is_alive(found, now=now) else None

    async def change(self, code: Code, *, seconds: float) -> SignIn | None:
        """Return what has become of it as soon as it was answered, or after so many seconds; None as `shown`."""
        found = await self.shown(code)
        if found is None or found.state is not SignInState.OPEN or len(self._waiting) >= _MAX_WAITING:
            return found
        event, number = asyncio.Event(), found.id
        waiting = self._waiting.setdefault(number, set())
        waiting.add(event)
        try:
            # It may have been answered between the look and the wait.
            found = await self.shown(code)
            if found is not None and found.state is SignInState.OPEN:
                async with asyncio.timeout(seconds):
                    await event.wait()
        except TimeoutError:
            return found
        finally:
            waiting.discard(event)
            if not waiting:
                self._waiting.pop(number, None)
        return await self.shown(code)

    def let_go(self) -> None:
        """Answer all browsers that wait here: the server ends."""
        for waiting in self._waiting.values():
            for event in waiting:
                event.set()

    async def asked(self, code: str) -> SignIn | None:
        """Return what a phone that opened this code is asked; it may have expired or been answered. None: no code."""
        if not is_secret(code):
            return None
        return await self._store.read(lambda tx: tx.sign_ins.of_code(hash_token(code)))

    def is_alive(self, sign_in: SignIn) -> bool:
        """Return whether it has not expired."""
        return _is_alive(sign_in, now=self._now())

    async def approver(self, token: str | None) -> tuple[Approver, Account] | None:
        """Return the approving device with this cookie, and its account, active or not; None for an unknown one."""
        if token is None or not is_secret(token):
            return None
        return await self._store.read(lambda tx: _approver(tx, hash_token(token)))

    async def answer(self, code: str, token: str | None, *, is_yes: bool) -> Answer:
        """
        Answer a code that signs in, or that shows once more who is there, from an approving device.

        Raises RefusedError: it has expired, was answered, is of another account; or the device may not approve.
        """
        now = self._now()

        def work(tx: Transaction) -> int:
            found = _open(tx, code, now=now)
            known = None if token is None else _approver(tx, hash_token(token))
            if known is None or known[1].state is not AccountState.ACTIVE or found.purpose is Purpose.APPROVER:
                raise RefusedError("sign-in: this device may not approve")
            if found.purpose is Purpose.CONFIRM and found.account_id != known[0].account_id:
                raise RefusedError("sign-in: it is another account's")
            state = SignInState.APPROVED if is_yes else SignInState.REFUSED
            tx.sign_ins.decide(found.id, state, account_id=known[0].account_id, expires_at=now + CODE_LIFE)
            tx.approvers.note_seen(known[0].id, at=now)
            return found.id

        await self._store.write(work, then=self._tell)
        return Answer(state=SignInState.APPROVED if is_yes else SignInState.REFUSED)

    async def refuse(self, code: str) -> None:
        """Refuse a code: whoever opened it may. Raises RefusedError: it has expired, or was answered."""
        now = self._now()

        def work(tx: Transaction) -> int:
            found = _open(tx, code, now=now)
            tx.sign_ins.decide(found.id, SignInState.REFUSED, account_id=found.account_id, expires_at=now + CODE_LIFE)
            return found.id

        await self._store.write(work, then=self._tell)

    async def become_approver(self, code: str, *, kind: str, replacing: str | None) -> str:
        """
        Let the device that opened this code approve sign-ins to the account that shows it; return its cookie.

        Raises RefusedError: the code has expired, was answered, or is for another purpose.
        """
        token, now = new_secret(), self._now()

        def work(tx: Transaction) -> int:
            found = _open(tx, code, now=now)
            if found.purpose is not Purpose.APPROVER:
                raise RefusedError("sign-in: this code is for something else")
            if tx.accounts.active(found.account_id) is None:
                raise RefusedError("sign-in: the account is blocked")
            tx.sign_ins.decide(found.id, SignInState.APPROVED, account_id=found.account_id, expires_at=now + CODE_LIFE)
            with acting(found.account_id, kind):
                self._let_approve(tx, found.account_id, token, kind=kind, replacing=replacing, now=now)
            return found.id

        await self._store.write(work, then=self._tell)
        return token

    async def let_approve(self, account_id: int | None, *, kind: str, replacing: str | None) -> str:
        """Let the device that asks approve sign-ins to this account, which is signed in there; return its cookie."""
        token, now = new_secret(), self._now()
        await self._store.write(
            lambda tx: self._let_approve(tx, account_id, token, kind=kind, replacing=replacing, now=now)
        )
        return token

    async def register(
        self, code: str, name: str, registration: Registration, *, kind: str, replacing: str | None
    ) -> Answer:
        """
        Make an account of whoever opened this code, whose device approves sign-ins to it from now on.

        It is active at once, and the other browser signs in, or it waits for the operator, as `registration` says.

        Raises:
            RefusedError: the code has expired or was answered, the name is none, or nobody may register.
            CapReachedError: too many accounts were made in 24 hours.
        """
        name, token, now = checked_account_name(name), new_secret(), self._now()
        if registration is Registration.CLOSED:
            raise RefusedError("account: registration is closed")
        is_open = registration is Registration.OPEN

        def work(tx: Transaction) -> tuple[int, SignInState]:
            found = _open(tx, code, now=now)
            if found.purpose is not Purpose.SIGN_IN:
                raise RefusedError("sign-in: this code is for something else")
            account = tx.accounts.add(name=name, state=AccountState.ACTIVE if is_open else AccountState.WAITING, at=now)
            state = SignInState.APPROVED if is_open else SignInState.ASKED
            tx.sign_ins.decide(found.id, state, account_id=account.id, expires_at=now + CODE_LIFE)
            with acting(account.id, kind):
                self._note(tx, Act.ACCOUNT_MADE if is_open else Act.ACCOUNT_ASKED, name)
                self._let_approve(tx, account.id, token, kind=kind, replacing=replacing, now=now)
            return found.id, state

        _, state = await self._strangers.make(Made.ACCOUNTS, work, then=lambda made: self._tell(made[0]))
        if not is_open:
            await self._tell_operator(name, now)
        return Answer(state=state, approver_token=token)

    async def _tell_operator(self, name: str, now: datetime) -> None:
        """Say that somebody asks for an account, once an hour at most: the console lists all of them."""
        phrases = self._phrases()
        draft = make_draft(phrases.account_asked_means, summary=fill(phrases.account_asked, name=name))
        key = f"account {now:%Y-%m-%dT%H}"
        try:
            await self._publish([TopicDraft(idempotency_key=key, topic=ADMIN_TOPIC, draft=draft)])
        except (PushError, StoreError) as error:
            _log.warning("the operator was not told that %s asks for an account: %s", name, error)

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

    async def approvers(self, account_id: int | None) -> Sequence[Approver]:
        """Return an account's approving devices, the one used last first."""
        return await self._store.read(lambda tx: tx.approvers.of_account(account_id))

    async def have_approvers(self) -> bool:
        """Return whether any device may approve."""
        return await self._store.read(lambda tx: tx.approvers.are_any())

    async def end_approver(self, account_id: int | None, approver_id: int) -> bool:
        """Let one of an account's devices approve nothing more; return whether there was one."""

        def work(tx: Transaction) -> bool:
            gone = tx.approvers.end(account_id, approver_id)
            if gone is not None:
                tx.sign_ins.end_of(account_id)
                self._note(tx, Act.APPROVER_ENDED, gone.kind)
            return gone is not None

        return await self._store.write(work)

    def _let_approve(
        self,
        tx: Transaction,
        account_id: int | None,
        token: str,
        *,
        kind: str,
        replacing: str | None,
        now: datetime,
    ) -> None:
        if replacing is not None:
            tx.approvers.end_hash(hash_token(replacing))
        tx.approvers.make_room(account_id, MAX_APPROVERS - 1)
        tx.approvers.add(account_id=account_id, token_hash=hash_token(token), kind=kind, at=now)
        self._note(tx, Act.APPROVER_ADDED, kind)

    def _tell(self, sign_in_id: int) -> None:
        """Wake the browsers that wait for this answer."""
        for event in self._waiting.get(sign_in_id, ()):
            event.set()


def _is_alive(sign_in: SignIn, *, now: datetime) -> bool:
    """Return whether it has not expired; a clock that was set back lets nothing live longer than it may."""
    return now < sign_in.expires_at <= now + CODE_LIFE


def _open(tx: Transaction, code: str, *, now: datetime) -> SignIn:
    found = tx.sign_ins.of_code(hash_token(code)) if is_secret(code) else None
    if found is None or not _is_alive(found, now=now) or found.state is not SignInState.OPEN:
        raise RefusedError("sign-in: the code has expired or was used")
    return found


def _approved(tx: Transaction, code: Code, purpose: Purpose, *, now: datetime) -> SignIn | None:
    """Return what was approved for this browser, and use it up; None where nothing was, or its account may not."""
    found = tx.sign_ins.of_browser(hash_token(code.code), hash_token(code.browser))
    if found is None or not _is_alive(found, now=now) or found.purpose is not purpose:
        return None
    if found.state is not SignInState.APPROVED:
        return None
    tx.sign_ins.remove(found.id)
    return None if tx.accounts.active(found.account_id) is None else found


def _approver(tx: Transaction, token_hash: str) -> tuple[Approver, Account] | None:
    approver = tx.approvers.of_hash(token_hash)
    account = None if approver is None else _account(tx, approver.account_id)
    return None if approver is None or account is None else (approver, account)


def _account(tx: Transaction, account_id: int | None) -> Account | None:
    return OPERATOR if account_id is None else tx.accounts.of_id(account_id)
