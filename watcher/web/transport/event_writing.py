"""Writing to a reader of server-sent events, who may have stopped reading."""

from __future__ import annotations

import asyncio
from typing import Final

from aiohttp import web

from watcher.web.keys import SETTINGS

UNBUFFERED: Final = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}  # nginx would hold events back
EVENT_HEADERS: Final = {"Content-Type": "text/event-stream; charset=utf-8", **UNBUFFERED}


async def write_event(request: web.Request, stream: web.StreamResponse, event: bytes) -> None:
    """Write an event within the write timeout. Raises ConnectionError where the reader does not read."""
    try:
        async with asyncio.timeout(request.app[SETTINGS].write_timeout.total_seconds()):
            await stream.write(event)
    except TimeoutError as error:
        # Ending the stream in order would wait for the same reader again.
        if request.transport is not None:
            request.transport.abort()
        raise ConnectionAbortedError("the reader does not read") from error
