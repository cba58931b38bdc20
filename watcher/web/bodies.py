"""
Request bodies: how large, how long, and who left before the end of its own.

| a body that                    | is answered                         | when                          |
|--------------------------------|-------------------------------------|-------------------------------|
| says that it is too large      | 413                                 | before it comes               |
| turns out to be too large      | 413                                 | as soon as it is              |
| takes longer than `body_timeout` | 408                               | then                          |
| is not what Content-Encoding says | 400                              | as soon as it is seen         |
| waits for `100 Continue`       | by that line                        | when we are about to read it  |

aiohttp would send `100 Continue` before anything is looked at, and read a body to the end that is announced as too
large.
"""

from __future__ import annotations

import asyncio
from typing import Final

from aiohttp import HttpVersion11, hdrs, web

from watcher.web.settings import SETTINGS

_CONTINUE: Final = b"HTTP/1.1 100 Continue\r\n\r\n"


class ClientLeftError(ConnectionError):
    """The client hung up before the end of its request's body, so there is nobody to answer."""

    status: Final = 499
    """As web servers log it."""


async def read_body(request: web.Request) -> None:
    """
    Read the whole body, once: `request.read()` has it from then on.

    Raises:
        HTTPRequestEntityTooLarge: it is larger than `max_body_bytes`, or says so.
        HTTPRequestTimeout: it did not come within `body_timeout`.
        HTTPBadRequest: it cannot be decoded.
        ClientLeftError: the client hung up.
    """
    if not request.can_read_body:
        return
    settings = request.app[SETTINGS]
    if (request.content_length or 0) > settings.max_body_bytes:
        raise _too_large(settings.max_body_bytes)
    try:
        async with asyncio.timeout(settings.body_timeout.total_seconds()):
            await _say_continue(request)
            # aiohttp's own `read` raises the limits of what waits in memory to the size of the largest body.
            request._read_bytes = await _read(request, settings.max_body_bytes)
    except TimeoutError as error:
        raise web.HTTPRequestTimeout from error
    except web.RequestPayloadError as error:
        raise web.HTTPBadRequest(reason="the body is not what Content-Encoding says") from error
    except ConnectionError as error:
        raise ClientLeftError from error


async def _read(request: web.Request, most: int) -> bytes:
    chunks, size = [], 0
    while chunk := await request.content.readany():
        chunks.append(chunk)
        size += len(chunk)
        if size > most:
            raise _too_large(most)
    return chunks[0] if len(chunks) == 1 else b"".join(chunks)


def _too_large(most: int) -> web.HTTPRequestEntityTooLarge:
    return web.HTTPRequestEntityTooLarge(most)


async def await_reading(request: web.Request) -> None:
    """Pass over an `Expect`: `read_body` answers `100-continue`, and nothing else need be heeded (RFC 9110 §10.1.1)."""


def _waits(request: web.Request) -> bool:
    return request.headers.get(hdrs.EXPECT, "").lower() == "100-continue"


async def _say_continue(request: web.Request) -> None:
    """Let a client that waits for it send its body (RFC 9110 §10.1.1)."""
    if request.version >= HttpVersion11 and _waits(request) and request.transport is not None:
        request.transport.write(_CONTINUE)
