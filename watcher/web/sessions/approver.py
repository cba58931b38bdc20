"""
The cookies of signing in by scanning.

| cookie | of | is |
|---|---|---|
| `watcher_approver` | a phone that may approve | good until it is ended in the console; no claim carries it |
| `watcher_code` | a browser that shows a code | the code, and what only this browser has; 2 minutes |

Over https they have the prefix `__Host-`, as the others.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from aiohttp import web

from watcher.core.accounts import Account, Approver, Purpose, SignIn
from watcher.push.sign_in_codes import CODE_LIFE, Code
from watcher.web.keys import SERVICE, SETTINGS

_KEPT_FOR: Final = timedelta(days=400)  # the longest that browsers grant (RFC 6265bis §5.5)
_SECRET: Final = 32


def approver_cookie(*, is_https: bool) -> str:
    """Return the name of the cookie by which a device approves sign-ins."""
    return "__Host-watcher_approver" if is_https else "watcher_approver"


def code_cookie(*, is_https: bool) -> str:
    """Return the name of the cookie of a browser that shows a code."""
    return "__Host-watcher_code" if is_https else "watcher_code"


def approver_token(request: web.Request) -> str | None:
    """Return the token of the approving device that asks, good or not."""
    return request.cookies.get(approver_cookie(is_https=request.app[SETTINGS].is_https)) or None


async def approver_of(request: web.Request) -> tuple[Approver, Account] | None:
    """Return which approving device asks, and whose it is; None for one that may not approve."""
    return await request.app[SERVICE].approvers.of_token(approver_token(request))


def remember_approver(request: web.Request, response: web.StreamResponse, token: str) -> None:
    """Give the device the cookie by which it approves. A link from a camera's app must bring it along, hence Lax."""
    is_https = request.app[SETTINGS].is_https
    name, age = approver_cookie(is_https=is_https), int(_KEPT_FOR.total_seconds())
    response.set_cookie(name, token, max_age=age, path="/", httponly=True, samesite="Lax", secure=is_https)


def code_of(request: web.Request) -> Code | None:
    """Return the code that the browser shows, expired or not."""
    kept = request.cookies.get(code_cookie(is_https=request.app[SETTINGS].is_https), "")
    return Code(code=kept[:_SECRET], browser=kept[_SECRET:]) if len(kept) == 2 * _SECRET else None


async def shown_code(request: web.Request, purpose: Purpose) -> tuple[Code, SignIn] | None:
    """Return the code for this purpose that the browser shows, and what has become of it; None: it shows none."""
    code = code_of(request)
    found = None if code is None else await request.app[SERVICE].sign_in_codes.shown(code)
    return None if code is None or found is None or found.purpose is not purpose else (code, found)


def remember_code(request: web.Request, response: web.StreamResponse, code: Code) -> None:
    """Let the browser show this code."""
    _set_code(request, response, code.code + code.browser, max_age=int(CODE_LIFE.total_seconds()))


def forget_code(request: web.Request, response: web.StreamResponse) -> None:
    """Let the browser show no code."""
    _set_code(request, response, "", max_age=0)


def _set_code(request: web.Request, response: web.StreamResponse, value: str, *, max_age: int) -> None:
    is_https = request.app[SETTINGS].is_https
    name = code_cookie(is_https=is_https)
    response.set_cookie(name, value, max_age=max_age, path="/", httponly=True, samesite="Strict", secure=is_https)
