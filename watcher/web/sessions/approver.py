"""
The cookies of signing in by scanning.

| cookie | of | is |
|---|---|---|
| `watcher_approver` | a phone that may approve | good until it is ended in the console; no claim carries it |
| `watcher_code` | a browser that shows a code | the code, and what only this browser has; 2 minutes |
"""

from __future__ import annotations

from typing import Final

from aiohttp import web

from watcher.core.accounts import Account, Approver, Purpose, SignIn
from watcher.push.sign_in_codes import CODE_LIFE, Code
from watcher.web.keys import SERVICE
from watcher.web.sessions.cookies import Cookie

APPROVER_COOKIE: Final = Cookie(name="watcher_approver", same_site="Lax")
"""A link from a camera's app must bring it along."""
CODE_COOKIE: Final = Cookie(name="watcher_code", life=CODE_LIFE)
_SECRET: Final = 32


async def approver_of(request: web.Request) -> tuple[Approver, Account] | None:
    """Return which approving device asks, and whose it is; None for one that may not approve."""
    return await request.app[SERVICE].approvers.of_token(APPROVER_COOKIE.of(request))


def code_of(request: web.Request) -> Code | None:
    """Return the code that the browser shows, expired or not."""
    kept = CODE_COOKIE.of(request) or ""
    return Code(code=kept[:_SECRET], browser=kept[_SECRET:]) if len(kept) == 2 * _SECRET else None


async def shown_code(request: web.Request, purpose: Purpose) -> tuple[Code, SignIn] | None:
    """Return the code for this purpose that the browser shows, and what has become of it; None: it shows none."""
    code = code_of(request)
    found = None if code is None else await request.app[SERVICE].sign_in_codes.shown(code)
    return None if code is None or found is None or found.purpose is not purpose else (code, found)


def remember_code(request: web.Request, response: web.StreamResponse, code: Code) -> None:
    """Let the browser show this code."""
    CODE_COOKIE.put(request, response, code.code + code.browser)
