"""
The cookies of a session: while it is good it opens the console, to the operator or to an owner.

| cookie | is |
|---|---|
| `watcher_account` | the session's token, for as long as that may live |
| `watcher_mark` | whose account signed in here (`Sessions.mark`); it outlives the session, and opens nothing |
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final
from urllib.parse import urlencode

from aiohttp import web

from watcher.core.accounts import Account, Session
from watcher.push.sessions import SESSION_LIFE
from watcher.web.keys import SERVICE, SETTINGS

CONSOLE: Final = "/console"
LOGIN: Final = f"{CONSOLE}/login"
_MARKED_FOR: Final = timedelta(days=400)  # the longest that browsers grant (RFC 6265bis §5.5)
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


def account_cookie(*, is_https: bool) -> str:
    """Return its name: over https one that no other host of our domain, and no page over http, can set."""
    return "__Host-watcher_account" if is_https else "watcher_account"


def mark_cookie(*, is_https: bool) -> str:
    """Return the name of the cookie of a browser in which somebody signed in before."""
    return "__Host-watcher_mark" if is_https else "watcher_mark"


def session_token(request: web.Request) -> str | None:
    """Return the token that the browser came with, good or not."""
    return request.cookies.get(account_cookie(is_https=request.app[SETTINGS].is_https)) or None


async def signed_in(request: web.Request) -> tuple[Account, Session] | None:
    """Return who is signed in in the browser that asks, and by which session; None without a good one."""
    token = session_token(request)
    return await request.app[SERVICE].sessions.known(token) if token else None


async def mark_of(request: web.Request) -> tuple[Account, str] | None:
    """Return who signed in before in the browser that asks, and a text of that sign-in alone; None: nobody did."""
    text = request.cookies.get(mark_cookie(is_https=request.app[SETTINGS].is_https))
    return await request.app[SERVICE].sessions.marked(text) if text else None


async def remember_session(
    request: web.Request, response: web.StreamResponse, token: str, account_id: int | None
) -> None:
    """Give the browser its session, and the mark of the account that signed in there."""
    is_https = request.app[SETTINGS].is_https
    mark = await request.app[SERVICE].sessions.mark(account_id)
    _set(request, response, account_cookie(is_https=is_https), token, life=SESSION_LIFE)
    _set(request, response, mark_cookie(is_https=is_https), mark, life=_MARKED_FOR)


def forget_session(request: web.Request, response: web.StreamResponse) -> None:
    """Take the browser's session away."""
    name = account_cookie(is_https=request.app[SETTINGS].is_https)
    _set(request, response, name, "", life=timedelta(0))


def _set(request: web.Request, response: web.StreamResponse, name: str, value: str, *, life: timedelta) -> None:
    is_https, age = request.app[SETTINGS].is_https, int(life.total_seconds())
    response.set_cookie(name, value, max_age=age, path="/", httponly=True, samesite="Strict", secure=is_https)
