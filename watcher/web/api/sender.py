"""Who sends: an application, known by its token."""

from __future__ import annotations

from aiohttp import web

from watcher.core.push import App
from watcher.errors import RefusedError
from watcher.web.keys import SERVICE, SETTINGS
from watcher.web.middleware.limits import count_address, count_caller


async def sender_of(request: web.Request, app_token: str) -> App:
    """Return the application whose token this is, with this send counted. Raises as `asker_of`."""
    app = await _known(request, app_token)
    count_caller(request, "app", app.id, request.app[SETTINGS].app_calls)
    return app


async def asker_of(request: web.Request, app_token: str) -> App:
    """
    Return the application whose token this is, with this call counted, which sends nothing.

    Blanks around the token are nobody's.

    Raises:
        RefusedError: nobody has this token.
        HTTPTooManyRequests: too many calls of the application; or too many wrong tokens from one address.
    """
    app = await _known(request, app_token)
    count_caller(request, "app asks", app.id, request.app[SETTINGS].app_questions)
    return app


async def _known(request: web.Request, app_token: str) -> App:
    app_token = app_token.strip()
    app = await request.app[SERVICE].apps.of_token(app_token) if app_token else None
    if app is None:
        count_address(request, "wrong token", request.app[SETTINGS].address_calls)
        raise RefusedError("appToken不正确")
    return app
