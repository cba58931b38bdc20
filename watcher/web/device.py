"""The cookie by which a device is known again: it opens one subscriber's inbox, and nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Final

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


def device_name(user_agent: str) -> str:
    """Return what its owner knows a device by, like `Chrome · Android`; empty when its User-Agent says nothing."""
    found = (_first(user_agent, _BROWSERS), _first(user_agent, _SYSTEMS))
    return " · ".join(name for name in found if name)


# The first that occurs counts: most browsers claim to be Safari as well, Edge and Opera to be Chrome.
_BROWSERS: Final = {
    "MicroMessenger": "WeChat",
    "Edg": "Edge",
    "OPR/": "Opera",
    "SamsungBrowser": "Samsung Internet",
    "HuaweiBrowser": "Huawei Browser",
    "MiuiBrowser": "Mi Browser",
    "FxiOS": "Firefox",
    "Firefox/": "Firefox",
    "CriOS": "Chrome",
    "Chrome/": "Chrome",
    "Safari/": "Safari",
}
_SYSTEMS: Final = {
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Android": "Android",
    "Windows": "Windows",
    "Macintosh": "macOS",
    "CrOS": "ChromeOS",
    "Linux": "Linux",
}


def _first(user_agent: str, names: Mapping[str, str]) -> str:
    return next((name for mark, name in names.items() if mark in user_agent), "")
