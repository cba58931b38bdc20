"""A network between a process and its PostgreSQL that is cut at the worst moment, once."""

from __future__ import annotations

import asyncio
import enum
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

_CHUNK_BYTES = 65_536
_COMMIT = b"COMMIT\0"  # and not `READ COMMITTED`


class Moment(enum.Enum):
    """When it is cut."""

    BEFORE_COMMIT = enum.auto()
    """PostgreSQL never hears of it."""
    AFTER_COMMIT = enum.auto()
    """PostgreSQL has done it, and its answer is lost."""


class CuttingLink:
    """
    Carries what comes to a port of its own to PostgreSQL, and back.

    Attributes:
        port: of its own.
        cuts: how often it was cut.
    """

    def __init__(self, to_port: int) -> None:
        self.port = 0
        self.cuts = 0
        self._to_port = to_port
        self._moment: Moment | None = None
        self._joined: list[asyncio.Task[None]] = []

    def cut_at(self, moment: Moment) -> None:
        """Cut the connection that commits next."""
        self._moment = moment

    async def join(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Carry one connection until one of its ends is closed."""
        if (task := asyncio.current_task()) is not None:
            self._joined.append(task)
        ends = [writer]
        try:
            other_reader, other_writer = await asyncio.open_connection("127.0.0.1", self._to_port)
            ends.append(other_writer)
            back = asyncio.create_task(self._carry(other_reader, writer))
            await self._carry_there(reader, other_reader, other_writer, back)
        finally:
            for end in ends:
                end.transport.abort()  # which ends the way back too

    async def end(self) -> None:
        """Break off all connections."""
        for task in self._joined:
            task.cancel()
        await asyncio.gather(*self._joined, return_exceptions=True)
        for _ in range(2):  # for what was broken off to be closed
            await asyncio.sleep(0)

    async def _carry_there(
        self,
        reader: asyncio.StreamReader,
        other_reader: asyncio.StreamReader,
        other_writer: asyncio.StreamWriter,
        back: asyncio.Task[None],
    ) -> None:
        with suppress(OSError):
            while chunk := await reader.read(_CHUNK_BYTES):
                if self._moment is not None and _COMMIT in chunk:
                    await self._cut(chunk, other_reader, other_writer, back)
                    return
                other_writer.write(chunk)
                await other_writer.drain()

    async def _cut(
        self,
        chunk: bytes,
        other_reader: asyncio.StreamReader,
        other_writer: asyncio.StreamWriter,
        back: asyncio.Task[None],
    ) -> None:
        moment, self._moment = self._moment, None
        self.cuts += 1
        back.cancel()
        await asyncio.wait([back])
        if moment is Moment.AFTER_COMMIT:
            other_writer.write(chunk)
            await other_reader.read(_CHUNK_BYTES)

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while chunk := await reader.read(_CHUNK_BYTES):
                writer.write(chunk)
                await writer.drain()


@asynccontextmanager
async def a_cutting_link(to_port: int) -> AsyncIterator[CuttingLink]:
    """Give one that lasts as long as the context."""
    link = CuttingLink(to_port)
    server = await asyncio.start_server(link.join, "127.0.0.1", 0)
    link.port = server.sockets[0].getsockname()[1]
    try:
        yield link
    finally:
        server.close()
        await link.end()
        await server.wait_closed()
