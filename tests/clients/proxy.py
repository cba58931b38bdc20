"""
A proxy for clients whose service has a fixed address: it takes them to a server on loopback.

It does what proxies do: `http` comes as absolute-form and goes on as origin-form (RFC 9112 §3.2), `https` is a tunnel
(CONNECT). A place that it has no way to is 502, so nothing that a client asks for leaves this machine.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import TypeAlias
from urllib.parse import urlsplit

Talk: TypeAlias = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]

_OF_ONE_CONNECTION = ("connection", "proxy-connection")
"""Headers that say what a client wants of the proxy, not of the server."""


@dataclass(frozen=True, kw_only=True)
class Proxy:
    """
    A running proxy.

    Attributes:
        ways: `host:port` → the port on loopback that is behind it.
        asked: method and target of each request, in their order.
    """

    ways: Mapping[str, int]
    asked: list[str] = field(default_factory=list)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve one connection, which is one request or one tunnel."""
        line, _, fields = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").partition("\r\n")
        method, target, version = line.split(" ")
        self.asked.append(f"{method} {target}")
        is_tunnel = method == "CONNECT"
        port = self.ways.get(target if is_tunnel else f"{urlsplit(target).hostname}:{urlsplit(target).port or 80}")
        if port is None:
            writer.write(b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        elif is_tunnel:
            writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
            await _join(reader, writer, port)
        else:
            await _join(reader, writer, port, first=_origin_form(method, target, version, fields))


@asynccontextmanager
async def serving_proxy(ways: Mapping[str, int]) -> AsyncIterator[tuple[Proxy, str]]:
    """Run a proxy; yield it and its URL."""
    proxy = Proxy(ways=ways)
    async with _listening(proxy.serve) as port:
        yield proxy, f"http://127.0.0.1:{port}"


@asynccontextmanager
async def tls_before(port: int, context: ssl.SSLContext) -> AsyncIterator[int]:
    """Speak TLS before a server that speaks none, as an operator's reverse proxy does; yield the port."""

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await _join(reader, writer, port)

    async with _listening(talk, context) as front:
        yield front


@asynccontextmanager
async def _listening(talk: Talk, tls: ssl.SSLContext | None = None) -> AsyncIterator[int]:
    connections: set[asyncio.Task[None]] = set()

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        connections.add(task)
        with suppress(ConnectionError, asyncio.IncompleteReadError):  # clients may leave when they like
            await talk(reader, writer)
        writer.close()
        connections.discard(task)

    server = await asyncio.start_server(connected, "127.0.0.1", 0, ssl=tls)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        for task in connections:
            task.cancel()
        await asyncio.gather(*connections, return_exceptions=True)


async def _join(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, port: int, *, first: bytes = b"") -> None:
    """Carry bytes both ways until both sides have ended."""
    there_reader, there_writer = await asyncio.open_connection("127.0.0.1", port)
    there_writer.write(first)
    try:
        await asyncio.gather(_carry(reader, there_writer), _carry(there_reader, writer))
    finally:
        there_writer.close()


async def _carry(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
    while chunk := await source.read(65_536):
        sink.write(chunk)
        await sink.drain()
    if sink.can_write_eof():
        sink.write_eof()
    else:  # TLS closes both ways at once
        sink.close()


def _origin_form(method: str, target: str, version: str, fields: str) -> bytes:
    """Return the head of a request as the server behind a proxy gets it."""
    parts = urlsplit(target)
    path = f"{parts.path or '/'}{'?' if parts.query else ''}{parts.query}"
    kept = [line for line in fields.split("\r\n") if line.partition(":")[0].lower() not in (*_OF_ONE_CONNECTION, "")]
    return "\r\n".join([f"{method} {path} {version}", *kept, "Connection: close", "", ""]).encode("latin-1")
