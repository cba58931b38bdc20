"""
The account's access token: asked for once, however many need it, and again before it ends.

- One request at a time; who waits for it shares what came of it, failures included.
- It is renewed 5 minutes early: so long are the old and the new one good together.
- When WeChat refuses one, another is asked for. Only when that is the very one that was refused is a new one forced,
  at most every 75 minutes, for WeChat allows 20 a day. Others who use the account suffer from each.
The token is kept in memory alone and never logged.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Final, TypeAlias, TypeVar

from watcher.push.channels.wechat.answers import AccessToken, Failure, Trouble

RENEW_EARLY: Final = timedelta(minutes=5)
FORCE_EVERY: Final = timedelta(minutes=75)

_T = TypeVar("_T")
Fetch: TypeAlias = Callable[[bool], Awaitable[AccessToken | Failure]]
"""Asks WeChat for a token; True forces a new one."""


class Tokens:
    """Hands out the token of one account."""

    def __init__(self, fetch: Fetch, *, now: Callable[[], datetime]) -> None:
        self._fetch = fetch
        self._now = now
        self._lock = asyncio.Lock()
        self._rounds = 0
        self._last: AccessToken | Failure | None = None
        self._asked_at: datetime | None = None
        self._renew_at: datetime | None = None
        self._forced_at: datetime | None = None

    async def use(self, call: Callable[[str], Awaitable[_T | Failure]]) -> _T | Failure:
        """Return what the call answers with a token; when that is refused, what it answers with another one."""
        token = await self._current(refused=None)
        if isinstance(token, Failure):
            return token
        answer = await call(token.value)
        if not _is_refused(answer):
            return answer
        token = await self._current(refused=token.value)
        return token if isinstance(token, Failure) else await call(token.value)

    async def _current(self, *, refused: str | None) -> AccessToken | Failure:
        if good := self._good(refused):
            return good
        seen = self._rounds
        async with self._lock:
            if good := self._good(refused):
                return good
            if self._rounds != seen and isinstance(self._last, Failure):
                return self._last
            return await self._renew(refused)

    def _good(self, refused: str | None) -> AccessToken | None:
        token = self._last
        if not isinstance(token, AccessToken) or token.value == refused:
            return None
        if self._asked_at is None or self._renew_at is None:
            return None
        # Asked for in the future: the clock was set back, and the token may have ended.
        return token if self._asked_at <= self._now() < self._renew_at else None

    async def _renew(self, refused: str | None) -> AccessToken | Failure:
        asked_at = self._now()
        answer = await self._fetch(False)
        if isinstance(answer, AccessToken) and answer.value == refused:
            answer = await self._force(asked_at)
        self._rounds += 1
        self._last = answer
        if isinstance(answer, AccessToken):
            self._asked_at = asked_at
            self._renew_at = asked_at + answer.lasts - min(RENEW_EARLY, answer.lasts / 2)
        return answer

    async def _force(self, now: datetime) -> AccessToken | Failure:
        if self._forced_at is not None and timedelta(0) <= now - self._forced_at < FORCE_EVERY:
            reason = "WeChat refuses the access token that it gives; another is forced later"
            return Failure(trouble=Trouble.BUSY, reason=reason)
        self._forced_at = now
        return await self._fetch(True)


def _is_refused(answer: object) -> bool:
    return isinstance(answer, Failure) and answer.trouble is Trouble.TOKEN
