"""A site on loopback that answers with whatever bytes a test gives it."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import TypeAlias

Handler: TypeAlias = Callable[[str, asyncio.StreamWriter], Awaitable[None]]
"""Gets the head of a request (its path is the second word) and writes an answer."""


def page(body: bytes = b"<p>hello</p>", status: str = "200 OK", headers: Mapping[str, str] | None = None) -> bytes:
    """Return a whole, honest answer; `headers` may make it a dishonest one."""
    fields = {"Content-Type": "text/html; charset=utf-8", "Content-Length": str(len(body)), **(headers or {})}
    lines = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
    return f"HTTP/1.1 {status}\r\n{lines}\r\n".encode() + body


def redirect(location: str, status: str = "302 Found") -> bytes:
    """Return an answer that leads elsewhere."""
    return page(b"", status, {"Location": location})


def cut(answer: bytes) -> Handler:
    """Return a handler that sends this and hangs up."""

    async def handle(_: str, writer: asyncio.StreamWriter) -> None:
        writer.write(answer)
        await writer.drain()
        writer.close()

    return handle


@dataclass(kw_only=True)
class Site:
    """A running site. `heads` are the requests it got."""

    port: int
    scheme: str = "http"
    heads: list[str] = field(default_factory=list)

    def url(self, path: str = "/", host: str = "127.0.0.1") -> str:
        """Return the URL of one of its pages, by one of its names."""
        return f"{self.scheme}://{host}:{self.port}{path}"


@asynccontextmanager
async def serving(
    answer: bytes | Mapping[str, bytes] | Handler, tls: ssl.SSLContext | None = None
) -> AsyncIterator[Site]:
    """
    Run a site: the same answer for all, one by path, or a handler.

    After bytes the connection stays open when they say how long they are, and ends otherwise.
    """
    handle = answer if callable(answer) else _fixed(answer)
    connections: set[asyncio.Task[None]] = set()

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        connections.add(task)
        try:
            await _talk(reader, writer, handle, site)
        finally:
            connections.discard(task)
            writer.close()

    # Loopback has many addresses and two families; tests need them all.
    server = await asyncio.start_server(connected, "0.0.0.0", 0, ssl=tls)
    site = Site(port=server.sockets[0].getsockname()[1], scheme="https" if tls else "http")
    try:
        yield site
    finally:
        server.close()
        for task in list(connections):
            task.cancel()
        await asyncio.gather(*connections, return_exceptions=True)


async def _talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, handle: Handler, site: Site) -> None:
    with suppress(ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
        while not writer.is_closing():
            head = (await reader.readuntil(b"\r\n\r\n")).decode()
            site.heads.append(head)
            await handle(head, writer)
            await writer.drain()


def _fixed(answer: bytes | Mapping[str, bytes]) -> Handler:
    async def handle(head: str, writer: asyncio.StreamWriter) -> None:
        path = head.split()[1]
        data = answer if isinstance(answer, bytes) else answer.get(path, page(b"gone", "404 Not Found"))
        writer.write(data)
        await writer.drain()
        if b"content-length" not in data.lower() and b"chunked" not in data.lower():
            writer.close()

    return handle
