"""Who sent a request, noted on it before anything else looks at it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection

from aiohttp import hdrs, web
from aiohttp.typedefs import Middleware

from watcher.web.transport.proxies import Network, client_address

CLIENT = web.RequestKey("client", str)
"""The address of whoever sent the request. Not on what is no HTTP request, for that never reaches the application."""


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
