"""
What we take of aiohttp that it does not offer, as read in aiohttp 3.14.5.

Here stands what is done to a request from outside; `HttpConnection` (`connections.py`) extends aiohttp's own class and
relies on the fields in `OF_CONNECTION`. No other module touches a private name of aiohttp; after an update of it,
`tests/web/test_insides.py` says what is gone.
"""

from __future__ import annotations

import asyncio
from typing import Final

from aiohttp import web

OF_CONNECTION: Final = (
    "_force_close",
    "_handle_request",
    "_loop",
    "_messages",
    "_request_count",
    "_request_in_progress",
    "_waiter",
    "transport",
)
"""Of `aiohttp.web_protocol.RequestHandler`."""
OF_REQUEST: Final = ("_message", "_read_bytes")
"""Of `aiohttp.web.Request`."""


def take_transport(request: web.Request) -> asyncio.Transport | None:
    """
    Take the connection from a request whose answer has begun; what its handler returns goes nowhere.

    For aiohttp the connection is lost from here on, so that it does not close it. None: it is closing, or gone.
    """
    transport = request.transport
    if transport is None or transport.is_closing():
        return None
    request.protocol.transport = None
    request.protocol.connection_lost(None)
    return transport


def keep_body(request: web.Request, body: bytes) -> None:
    """Let `request.read()` answer this from now on: it would read without a limit of ours."""
    request._read_bytes = body
