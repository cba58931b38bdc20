"""The cookie by which a device is known again: it opens one subscriber's inbox, and nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Final

from aiohttp import web

from watcher.core.push import DeviceDraft, Subscriber
from watcher.web.settings import DEVICE, SERVICE, SETTINGS

DEVICE_COOKIE = "watcher_device"
_KEPT_FOR = timedelta(days=400)  # the longest that browsers grant (RFC 6265bis §5.5)


async def subscriber_of(request: web.Request) -> Subscriber | None:
    """Return whose device is asking, None for a device that we do not know; `request[DEVICE]` is which one it is."""
    token = request.cookies.get(DEVICE_COOKIE)
    devices = request.app[SERVICE].devices
    known = await devices.known(token) if token else None
    if known is None:
        return None
    subscriber, request[DEVICE] = known
    devices.see(request[DEVICE], device_draft(request))
    return subscriber


def device_draft(request: web.Request) -> DeviceDraft:
    """Return what is known of the device that is asking."""
    return DeviceDraft(kind=device_name(request.headers.get("User-Agent", "")))


def remember_device(request: web.Request, response: web.StreamResponse, device_token: str) -> None:
    """Give the device its cookie."""
    _set(request, response, device_token, max_age=int(_KEPT_FOR.total_seconds()))


def keep_device(request: web.Request, response: web.StreamResponse) -> None:
    """Give the cookie of the device that is asking another 400 days."""
    remember_device(request, response, request.cookies[DEVICE_COOKIE])


def forget_device(request: web.Request, response: web.StreamResponse) -> None:
    """Take the device's cookie away, with all that its browser keeps of us but for other cookies."""
    _set(request, response, "", max_age=0)
    # The worker, its copy of the inbox, and the browser's own end of its push subscription.
    response.headers["Clear-Site-Data"] = '"storage"'


def _set(request: web.Request, response: web.StreamResponse, token: str, *, max_age: int) -> None:
    response.set_cookie(
        DEVICE_COOKIE,
        token,
        max_age=max_age,
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
