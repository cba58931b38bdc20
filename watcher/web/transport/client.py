"""Who sent a request, noted on it before anything else looks at it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection
from typing import Final

from aiohttp import hdrs, web
from aiohttp.typedefs import Middleware

from watcher.web.transport.proxies import Network, client_address, read_address

CLIENT = web.RequestKey("client", str)
"""The address of whoever sent the request. Not on what is no HTTP request, for that never reaches the application."""

_PASSED_ON: Final = (hdrs.FORWARDED, hdrs.X_FORWARDED_FOR, "X-Real-IP", hdrs.VIA)


def noting_client(trusted: Collection[Network]) -> Middleware:
    """Return the middleware that notes the client, for which it takes the word of these proxies."""

    @web.middleware
    async def note_client(
        request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
    ) -> web.StreamResponse:
        forwarded = request.headers.getall(hdrs.X_FORWARDED_FOR, ())
        real_ip = request.headers.get("X-Real-IP")
        request[CLIENT] = client_address(request.remote or "", forwarded, trusted, real_ip=real_ip)
        return await handler(request)

    return note_client


def is_here(request: web.Request) -> bool:
    """Return whether the client is on this very machine, as at the end of a tunnel over ssh."""
    address = read_address(request.get(CLIENT, request.remote) or "")
    return address is not None and address.is_loopback


def is_from_here(request: web.Request) -> bool:
    """Return whether the client is on this very machine, and no proxy says that it passed the request on."""
    return is_here(request) and not any(name in request.headers for name in _PASSED_ON)
