"""The cookie of a session: while it is good it opens the console, to the operator or to an owner."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlencode

from aiohttp import web

from watcher.core.accounts import Account, Session
from watcher.push.sessions import SESSION_LIFE
from watcher.web.keys import SERVICE, SETTINGS

CONSOLE: Final = "/console"
LOGIN: Final = f"{CONSOLE}/login"
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


def session_token(request: web.Request) -> str | None:
    """Return the token that the browser came with, good or not."""
    return request.cookies.get(account_cookie(is_https=request.app[SETTINGS].is_https)) or None


async def signed_in(request: web.Request) -> tuple[Account, Session] | None:
    """Return who is signed in in the browser that asks, and by which session; None without a good one."""
    token = session_token(request)
    return await request.app[SERVICE].sessions.known(token) if token else None


def remember_session(request: web.Request, response: web.StreamResponse, token: str) -> None:
    """Give the browser its session, for as long as that may live."""
    _set(request, response, token, max_age=int(SESSION_LIFE.total_seconds()))


def forget_session(request: web.Request, response: web.StreamResponse) -> None:
    """Take the browser's session away."""
    _set(request, response, "", max_age=0)


def _set(request: web.Request, response: web.StreamResponse, token: str, *, max_age: int) -> None:
    is_https = request.app[SETTINGS].is_https
    response.set_cookie(
        account_cookie(is_https=is_https),
        token,
        max_age=max_age,
        path="/",
        httponly=True,
        samesite="Strict",
        secure=is_https,
    )
