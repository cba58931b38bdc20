"""The cookie of an operator's session: while it is good it opens the console."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlencode

from aiohttp import web

from watcher.core.accounts import OPERATOR, Account
from watcher.core.operator import OperatorSession
from watcher.push.operator import SESSION_LIFE
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
    return f"{LOGIN}?{urlencode({'next': wanted})}" if len(wanted) <= _LONGEST_PATH else LOGIN


def operator_cookie(*, is_https: bool) -> str:
    """Return its name: over https one that no other host of our domain, and no page over http, can set."""
    return "__Host-watcher_operator" if is_https else "watcher_operator"


def session_token(request: web.Request) -> str | None:
    """Return the token that the browser came with, good or not."""
    return request.cookies.get(operator_cookie(is_https=request.app[SETTINGS].is_https)) or None


async def operator_session(request: web.Request) -> OperatorSession | None:
    """Return the operator's session that the request is made in, None without a good one."""
    token = session_token(request)
    return await request.app[SERVICE].operator.session(token) if token else None


async def account_of(request: web.Request) -> Account | None:
    """Return who is signed in in the browser that asks, None without a good session."""
    return OPERATOR if await operator_session(request) is not None else None


def remember_operator(request: web.Request, response: web.StreamResponse, token: str) -> None:
    """Give the browser its session, for as long as that may live."""
    _set(request, response, token, max_age=int(SESSION_LIFE.total_seconds()))


def forget_operator(request: web.Request, response: web.StreamResponse) -> None:
    """Take the browser's session away."""
    _set(request, response, "", max_age=0)


def _set(request: web.Request, response: web.StreamResponse, token: str, *, max_age: int) -> None:
    is_https = request.app[SETTINGS].is_https
    response.set_cookie(
        operator_cookie(is_https=is_https),
        token,
        max_age=max_age,
        path="/",
        httponly=True,
        samesite="Strict",
        secure=is_https,
    )
