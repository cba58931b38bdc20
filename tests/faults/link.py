"""The network between a server and its database: it can be cut, and it can stand still."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from typing import Final, TypeAlias, TypeVar

_CHUNK_BYTES: Final = 65_536
Lets: TypeAlias = Callable[[bytes], bool]
"""Says whether what came is carried on; if not, its connection is broken off."""


class Link:
    """
    Carries what comes to a port of its own to another port of this machine, and back.

    Attributes:
        port: of its own.
    """

    def __init__(self, to_port: int) -> None:
        self.port = 0
        self._to_port = to_port
        self._is_cut = False
        self._flowing = asyncio.Event()
        self._flowing.set()
        self._ends: set[asyncio.StreamWriter] = set()

    def cut(self) -> None:
        """Break off all connections, and refuse new ones."""
        self._is_cut = True
        for end in self._ends:
            end.transport.abort()

    def lead_to(self, port: int) -> None:
        """Break off all connections, and carry what comes from now on to another port."""
        self._to_port = port
        for end in self._ends:
            end.transport.abort()

    def stand_still(self) -> None:
        """Carry nothing; what comes meanwhile is carried later, if the connection lasts."""
        self._flowing.clear()

    def mend(self) -> None:
        """Carry again, what was held back first."""
        self._is_cut = False
        self._flowing.set()

    def let(self) -> tuple[Lets, Lets]:
        """Return what is carried of a new connection: there, and back."""
        return _all, _all

    async def join(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Carry one connection until one of its ends is closed."""
        if self._is_cut:
            writer.transport.abort()
            return
        there, back = self.let()
        with suppress(OSError):
            other_reader, other_writer = await asyncio.open_connection("127.0.0.1", self._to_port)
            ends = {writer, other_writer}
            self._ends |= ends
            await asyncio.gather(self._carry(reader, other_writer, there), self._carry(other_reader, writer, back))
            self._ends -= ends
        writer.transport.abort()

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, lets: Lets) -> None:
        with suppress(OSError):
            while chunk := await reader.read(_CHUNK_BYTES):
                await self._flowing.wait()
                if not lets(chunk):
                    writer.transport.abort()
                    break
                writer.write(chunk)
                await writer.drain()
        writer.close()


def _all(_: bytes) -> bool:
    return True


_L = TypeVar("_L", bound=Link)


@asynccontextmanager
async def opened(link: _L) -> AsyncIterator[_L]:
    """Give a link that lasts as long as the context."""
    server = await asyncio.start_server(link.join, "127.0.0.1", 0)
    link.port = server.sockets[0].getsockname()[1]
    try:
        yield link
    finally:
        link.mend()
        link.cut()
        server.close()
        await server.wait_closed()


def a_link(to_port: int) -> AbstractAsyncContextManager[Link]:
    """Give one to this port that lasts as long as the context."""
    return opened(Link(to_port))
