"""
What programs ask about the account behind a token before they use it, as Home Assistant does when it is set up.

An account of ntfy's is an application here: it has one token, and sends no mail, calls nobody and keeps no files.
"""

from __future__ import annotations

from collections.abc import Mapping

from aiohttp import web

from watcher.core.push import App
from watcher.core.values import Json
from watcher.web.keys import SERVICE, SETTINGS
from watcher.web.middleware.limits import count_caller
from watcher.web.ntfy.access import app_of_token, brings_token, user_of

_NOT_DONE = ("emails", "calls", "reservations", "attachment_total_size")


async def show_ntfy_account(request: web.Request) -> web.Response:
    """`GET /v1/account`: whose token it is, and how much was sent; without a token nobody's."""
    if not brings_token(request):
        return web.json_response({"username": "*", "role": "anonymous", "stats": _stats(request, 0)})
    app, _ = await _asking(request)
    figures = await request.app[SERVICE].apps.figures([app.id])
    stats = _stats(request, figures[app.id].messages if app.id in figures else 0)
    return web.json_response({"username": user_of(request, app), "role": "user", "stats": stats})


async def give_token(request: web.Request) -> web.Response:
    """`POST /v1/account/token`: the token that was sent, because an application has no other."""
    _, token = await _asking(request)
    return web.json_response({"token": token})


async def _asking(request: web.Request) -> tuple[App, str]:
    app, token = await app_of_token(request)
    count_caller(request, "app's account", app.id, request.app[SETTINGS].address_calls)
    return app, token


def _stats(request: web.Request, messages: int) -> Mapping[str, Json]:
    """Return the figures that clients expect; of messages, as many remain as may be sent at once."""
    nothing = {f"{name}{ending}": 0 for name in _NOT_DONE for ending in ("", "_remaining")}
    return {"messages": messages, "messages_remaining": request.app[SETTINGS].app_calls.calls, **nothing}
