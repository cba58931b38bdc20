"""The cookie by which a device is known again: it opens one subscriber's inbox, and nothing else."""

from __future__ import annotations

from datetime import timedelta

from aiohttp import web

from watcher.core.push import Subscriber
from watcher.web.settings import SERVICE, SETTINGS

DEVICE_COOKIE = "watcher_device"
_KEPT_FOR = timedelta(days=400)  # the longest that browsers grant (RFC 6265bis §5.5)


async def subscriber_of(request: web.Request) -> Subscriber | None:
    """Return whose device is asking, None for a device that we do not know."""
    token = request.cookies.get(DEVICE_COOKIE)
    return await request.app[SERVICE].subscriber_of_device(token) if token else None


def remember_device(request: web.Request, response: web.StreamResponse, device_token: str) -> None:
    """Give the device its cookie, or a known one another 400 days."""
    response.set_cookie(
        DEVICE_COOKIE,
        device_token,
        max_age=int(_KEPT_FOR.total_seconds()),
        httponly=True,
        samesite="Lax",
        secure=request.app[SETTINGS].is_https,
    )
