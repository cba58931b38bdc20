"""
The cookies of a session: while it is good it opens the console, to the operator or to an owner.

| cookie | is |
|---|---|
| `watcher_account` | the session's token, for as long as that may live |
| `watcher_mark` | whose account signed in here (`Sessions.mark`); it outlives the session, and opens nothing |
"""

from __future__ import annotations

from typing import Final
from urllib.parse import urlencode

from aiohttp import web

from watcher.core.accounts import Account, Session
from watcher.push.sessions import SESSION_LIFE
from watcher.web.keys import SERVICE
from watcher.web.sessions.cookies import Cookie

CONSOLE: Final = "/console"
LOGIN: Final = f"{CONSOLE}/login"
ACCOUNT_COOKIE: Final = Cookie(name="watcher_account", life=SESSION_LIFE)
_MARK_COOKIE: Final = Cookie(name="watcher_mark")
_LONGEST_PATH: Final = 1_000
"""Of a page to lead on to: a Location that is much longer is refused by clients."""


def is_of_console(path: str) -> bool:
    """Return whether this address belongs to the console."""
    return path == CONSOLE or path.startswith(f"{CONSOLE}/")


def login_path(wanted: str) -> str:
    """Return the address of the login that leads on to a page of the console, or without more to its first one."""
    return leading_on(LOGIN, wanted)


def leading_on(path: str, wanted: str) -> str:
    """Return the address of a page that leads on to another one, or without more where that is too long."""
    return f"{path}?{urlencode({'next': wanted})}" if len(wanted) <= _LONGEST_PATH else path


async def signed_in(request: web.Request) -> tuple[Account, Session] | None:
    """Return who is signed in in the browser that asks, and by which session; None without a good one."""
    token = ACCOUNT_COOKIE.of(request)
    return await request.app[SERVICE].sessions.known(token) if token else None


async def mark_of(request: web.Request) -> tuple[Account, str] | None:
    """Return who signed in before in the browser that asks, and a text of that sign-in alone; None: nobody did."""
    text = _MARK_COOKIE.of(request)
    return await request.app[SERVICE].sessions.marked(text) if text else None


async def remember_session(
    request: web.Request, response: web.StreamResponse, token: str, account_id: int | None
) -> None:
    """Give the browser its session, and the mark of the account that signed in there."""
    ACCOUNT_COOKIE.put(request, response, token)
    _MARK_COOKIE.put(request, response, await request.app[SERVICE].sessions.mark(account_id))
