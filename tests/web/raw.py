"""A connection to the site under test that says just the bytes it is told to."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from tests.web.site import Site

SECONDS = 30
"""What is waited for at most, each time."""


@asynccontextmanager
async def connected(
    site: Site, source: str = "127.0.0.1"
) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    """Connect from this address, for as long as the body of the `async with` lasts."""
    reader, writer = await asyncio.open_connection("127.0.0.1", site.server.port, local_addr=(source, 0))
    try:
        async with asyncio.timeout(SECONDS):
            yield reader, writer
    finally:
        writer.close()


async def read_answer(reader: asyncio.StreamReader) -> tuple[int, bytes]:
    """Return the status and the body of one answer."""
    head = await read_until(reader, b"\r\n\r\n")
    length = next(line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:"))
    return int(head.split()[1]), await reader.readexactly(int(length.split(b":")[1]))


async def read_until(reader: asyncio.StreamReader, end: bytes) -> bytes:
    """Return what comes up to and with these bytes."""
    async with asyncio.timeout(SECONDS):
        return await reader.readuntil(end)
