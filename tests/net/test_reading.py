"""How much of what a server sends is read at once, whichever loop reads it."""

from __future__ import annotations

import asyncio
import socket

import pytest

from watcher.net.guard import guarded_sockets

_SENT = 4_000_000


class Pieces(asyncio.Protocol):
    """Notes how long the pieces are that come."""

    def __init__(self) -> None:
        self.lengths: list[int] = []
        self.ended = asyncio.Event()

    def data_received(self, data: bytes) -> None:
        self.lengths.append(len(data))

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002
        self.ended.set()


async def send_much(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(bytes(_SENT))
    await writer.drain()
    writer.close()


@pytest.mark.both_loops
async def test_a_long_answer_is_read_in_sips() -> None:
    async with await asyncio.start_server(send_much, "127.0.0.1", 0) as server:
        address = server.sockets[0].getsockname()
        sock = guarded_sockets(lambda _: True)((socket.AF_INET, socket.SOCK_STREAM, 0, "", address))
        sock.setblocking(False)
        loop = asyncio.get_running_loop()
        async with asyncio.timeout(30):
            await loop.sock_connect(sock, address)
            _, pieces = await loop.create_connection(Pieces, sock=sock)
            await pieces.ended.wait()
    assert sum(pieces.lengths) == _SENT
    assert max(pieces.lengths) <= 2 * 65_536  # the kernel takes twice what a buffer is said to have
