"""
Codes that a browser shows for a phone to scan.

| what | is |
|---|---|
| code | a random token (190 bits) in a link, stored hashed, good for 2 minutes and one answer |
| the browser that shows it | has another token (190 bits) in a cookie: who reads the picture alone can only answer |
| four characters | made of the code, shown on both devices: what the phone opened is what the browser shows |
| one that recovers | is made by the operator for an account that lost its phones (`recovery`): 30 minutes, no browser |
| at once | 10,000 to sign in that strangers make; of each other purpose one for an account |
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final, TypeGuard

from msgspec import Struct

from watcher.core.accounts import Account, Purpose, SignIn, SignInState
from watcher.core.wakeups import Wakeup, Woken
from watcher.errors import CapReachedError, RefusedError
from watcher.push.context import Context, Resource
from watcher.push.ids import hash_token, is_secret, new_secret

if TYPE_CHECKING:
    from watcher.store.push.store import Transaction

CODE_LIFE: Final = timedelta(minutes=2)
RECOVERY_LIFE: Final = timedelta(minutes=30)
"""It is told to somebody elsewhere, who has to find the phone."""
MAX_CODES: Final = 10_000
_SAID_FOR: Final = timedelta(minutes=10)
"""So long after a code has expired it is still known to be late, and not just unknown."""
_LETTERS: Final = "ACDEFHJKMNPRTUVWXY34679"
"""None looks like another one."""
_MAX_WAITING: Final = 200
"""Browsers that wait here for a yes; others ask again and again."""


class Code(Struct, frozen=True, kw_only=True):
    """What only the browser that shows a code knows."""

    code: str
    browser: str

    @property
    def letters(self) -> str:
        """The four characters to compare."""
        return letters_of(self.code)


def letters_of(code: str) -> str:
    """Return the four characters by which a person compares two devices."""
    return _letters(f"letters {code}")


def letters_of_request(account: Account) -> str:
    """Return the four characters by which the operator tells apart who asks for an account under one name."""
    return _letters(f"account {account.id} {account.created_at}")


def _is_open(found: SignIn | None) -> TypeGuard[SignIn]:
    return found is not None and found.state is SignInState.OPEN


def _letters(text: str) -> str:
    digest = hashlib.sha256(text.encode(errors="surrogatepass")).digest()
    return "".join(_LETTERS[byte % len(_LETTERS)] for byte in digest[:4])


class SignInCodes(Resource):
    """The codes of one push store. Each method raises StoreError."""

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._waiting: dict[int, set[asyncio.Event]] = {}
        self._has_let_go = False
        self._store.wakeups.on(Wakeup.SIGN_IN, self._wake)

    async def make(
        self, purpose: Purpose, *, kind: str, address: str, account_id: int | None = None, is_known: bool = False
    ) -> Code:
        """
        Make a code for a browser to show.

        Args:
            kind, address: of the browser, for the person who is asked.
            account_id: whose it is, of one that is not to sign in: it replaces that account's last for this purpose.
            is_known: of a browser that strangers do not keep from signing in; its caller limits how many it makes.

        Raises CapReachedError: as many codes to sign in are alive as strangers may make.
        """
        made, now = Code(code=new_secret(), browser=new_secret()), self._now()

        def work(tx: Transaction) -> None:
            if purpose is Purpose.SIGN_IN and not is_known:
                _make_room(tx, now=now)
            add_code(tx, made, purpose, kind=kind, address=address, account_id=account_id, now=now)

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
        return found if found is not None and is_alive(found, now=now) else None

    async def change(self, code: Code, *, seconds: float) -> SignIn | None:
        """Return what has become of it as soon as it was answered, or after so many seconds; None as `shown`."""
        found = await self.shown(code)
        if not _is_open(found) or len(self._waiting) >= _MAX_WAITING:
            return found
        event, number = asyncio.Event(), found.id
        waiting = self._waiting.setdefault(number, set())
        waiting.add(event)
        try:
            async with asyncio.timeout(seconds):
                # The first look is one more: it may have been answered between that above and the wait.
                while _is_open(found := await self.shown(code)) and not self._has_let_go:
                    await event.wait()
                    event.clear()
        except TimeoutError:
            pass
        finally:
            waiting.discard(event)
            if not waiting:
                self._waiting.pop(number, None)
        return found

    def let_go(self) -> None:
        """Answer all browsers that wait here: the server ends."""
        self._has_let_go = True
        self._wake(None)

    def _wake(self, sign_in_ids: Sequence[int] | None) -> None:
        """Let the browsers look that wait for what becomes of these codes; None: of any."""
        for number in self._waiting if sign_in_ids is None else sign_in_ids:
            for event in self._waiting.get(number, ()):
                event.set()

    async def asked(self, code: str) -> SignIn | None:
        """Return what a phone that opened this code is asked; it may have expired or been answered. None: no code."""
        if not is_secret(code):
            return None
        return await self._store.read(lambda tx: tx.sign_ins.of_code(hash_token(code)))

    def is_alive(self, sign_in: SignIn) -> bool:
        """Return whether it has not expired."""
        return is_alive(sign_in, now=self._now())


def wakes_browsers(sign_in_id: int) -> Woken:
    """Return whom the answer to a code wakes: the browsers that show it."""
    return {Wakeup.SIGN_IN: [sign_in_id]}


def add_code(
    tx: Transaction,
    code: Code,
    purpose: Purpose,
    *,
    kind: str,
    address: str,
    account_id: int | None,
    now: datetime,
) -> None:
    """Store a code; see `SignInCodes.make`."""
    tx.sign_ins.forget_over(before=now - _SAID_FOR)
    if purpose is not Purpose.SIGN_IN:
        tx.sign_ins.remove_of(purpose, account_id)
    tx.sign_ins.add(
        purpose,
        code_hash=hash_token(code.code),
        browser_hash=hash_token(code.browser),
        kind=kind,
        address=address,
        account_id=account_id,
        expires_at=now + life_of(purpose),
    )


def _make_room(tx: Transaction, *, now: datetime) -> None:
    if tx.sign_ins.count() >= MAX_CODES:
        tx.sign_ins.forget_over(before=now)
    if tx.sign_ins.count() >= MAX_CODES:
        raise CapReachedError(f"{MAX_CODES} sign-in codes are open", retry_after=CODE_LIFE)


def life_of(purpose: Purpose) -> timedelta:
    """Return how long a code for this purpose is good."""
    return RECOVERY_LIFE if purpose is Purpose.RECOVERY else CODE_LIFE


def is_alive(sign_in: SignIn, *, now: datetime) -> bool:
    """Return whether a code has not expired; a clock that was set back lets nothing live longer than it may."""
    return now < sign_in.expires_at <= now + life_of(sign_in.purpose)


def open_code(tx: Transaction, code: str, *, now: datetime) -> SignIn:
    """Return a code that nobody has answered. Raises RefusedError: it has expired, was answered, or is none."""
    found = tx.sign_ins.of_code(hash_token(code)) if is_secret(code) else None
    if not _is_open(found) or not is_alive(found, now=now):
        raise RefusedError("the sign-in code has expired or was used")
    return found
