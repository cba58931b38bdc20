"""
The cookie by which a device is known again: it opens one subscriber's inbox, and nothing else.

| people reach us by | the cookie's name | |
|---|---|---|
| http | `watcher_device` | |
| https | `__Host-watcher_device` | no other host of our domain can set it, and no page over http |
| https, with a device of before | `watcher_device` | given the other name at once, and none by this one after |

Who can set cookies for our domain could otherwise make a stranger's browser a device of their own inbox. A path in the
base URL changes nothing: cookies are for the whole host, which `__Host-` asks for.

A device that takes a claim keeps the cookie of the inbox that it had before, in another one (`watcher_former`): when it
is signed out of the claimed inbox, by whomever, it is a device of its own inbox again.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from aiohttp import hdrs, web
from msgspec.structs import replace

from watcher.core.push import Device, DeviceDraft, Subscriber
from watcher.web.keys import DEVICE, SERVICE, SETTINGS
from watcher.web.sessions.cookies import Cookie

DEVICE_COOKIE: Final = "watcher_device"
_COOKIE: Final = Cookie(name=DEVICE_COOKIE, same_site="Lax")
_FORMER_COOKIE: Final = Cookie(name="watcher_former", same_site="Lax")
_OLD_TOKEN: Final = web.RequestKey("old token", str)
"""What a device is known by that came without a good cookie of today; the answer gives it one."""


async def subscriber_of(request: web.Request) -> Subscriber | None:
    """Return whose device is asking, None for a device that we do not know; `request[DEVICE]` is which one it is."""
    known = await _by_its_name(request) or await _by_its_old_name(request) or await _by_its_former(request)
    if known is None:
        return None
    subscriber, request[DEVICE] = known
    return subscriber


async def _by_its_name(request: web.Request) -> tuple[Subscriber, Device] | None:
    devices, token = request.app[SERVICE].devices, _COOKIE.of(request)
    known = await devices.known(token) if token else None
    if known is not None:
        devices.see(known[1], device_draft(request))
    return known


async def _by_its_old_name(request: web.Request) -> tuple[Subscriber, Device] | None:
    """Return the device that was made before its cookie had the name that it has over https."""
    token = request.cookies.get(DEVICE_COOKIE)
    if not token or not request.app[SETTINGS].is_https or _COOKIE.named(is_https=True) in request.cookies:
        return None
    known = await request.app[SERVICE].devices.known(token)
    if known is None or known[1].is_hosted:
        return None
    request[_OLD_TOKEN] = token
    request.app[SERVICE].devices.see(known[1], replace(device_draft(request), is_hosted=False))
    return known


async def _by_its_former(request: web.Request) -> tuple[Subscriber, Device] | None:
    """Return the device that this was before it took a claim, whose inbox is signed out here."""
    token = _FORMER_COOKIE.of(request)
    known = await request.app[SERVICE].devices.known(token) if token else None
    if token and known is not None:
        request[_OLD_TOKEN] = token
        request.app[SERVICE].devices.see(known[1], device_draft(request))
    return known


def device_draft(request: web.Request) -> DeviceDraft:
    """Return what is known of the device that is asking."""
    kind = device_name(request.headers.get("User-Agent", ""))
    return DeviceDraft(kind=kind, is_hosted=request.app[SETTINGS].is_https)


def remember_device(request: web.Request, response: web.StreamResponse, device_token: str) -> None:
    """Give the device its cookie."""
    _COOKIE.put(request, response, device_token)
    _settle(request, response)
    if _FORMER_COOKIE.of(request) == device_token:
        _FORMER_COOKIE.drop(request, response)


async def remember_claimed(request: web.Request, response: web.StreamResponse, device_token: str) -> None:
    """Give the device the cookie of the inbox that it claimed, and keep that of its own, which was the first."""
    own, former = _token(request), _FORMER_COOKIE.of(request)
    has_former = await request.app[SERVICE].devices.known(former or "") is not None
    remember_device(request, response, device_token)
    if own and not has_former:
        _FORMER_COOKIE.put(request, response, own)


def keep_device(request: web.Request, response: web.StreamResponse) -> None:
    """Give the cookie of the device that is asking another 400 days."""
    token = _token(request)
    if token:
        remember_device(request, response, token)


def forget_device(request: web.Request, response: web.StreamResponse) -> None:
    """Take the device's cookie away, with all that its browser keeps of us but for other cookies."""
    _COOKIE.drop(request, response)
    _settle(request, response)
    # The worker, its copy of the inbox, and the browser's own end of its push subscription.
    response.headers["Clear-Site-Data"] = '"storage"'


def renew_old_cookie(request: web.Request, response: web.StreamResponse) -> None:
    """Give a device that came with a cookie of before the one of today, whatever it asked for."""
    if not request.get(_OLD_TOKEN):
        return
    spare = web.Response()
    keep_device(request, spare)
    for morsel in spare.cookies.values():
        response.headers.add(hdrs.SET_COOKIE, morsel.OutputString())


def _token(request: web.Request) -> str | None:
    """Return the token of the device that is asking."""
    return request.get(_OLD_TOKEN) or _COOKIE.of(request)


def _settle(request: web.Request, response: web.StreamResponse) -> None:
    """Take the cookie of before away: the device has one of today from now on, or none."""
    if request.app[SETTINGS].is_https and DEVICE_COOKIE in request.cookies:
        response.del_cookie(DEVICE_COOKIE, path="/")
    request[_OLD_TOKEN] = ""


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
