"""Open live inboxes, cheaply: many of them in one process, each noting when a message came."""

from __future__ import annotations

import asyncio
import json
import re
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from statistics import quantiles
from typing import Final

from tests.figures.machine import Server, Town
from watcher.web.sessions.device import DEVICE_COOKIE

_AT_ONCE: Final = 50
_SECONDS: Final = 60
_EVENT: Final = re.compile(rb"^id: (\d+)\r?$", re.MULTILINE)


class Reader(asyncio.Protocol):
    """
    One live inbox.

    Attributes:
        OPENING: what the server says first.
        EVENT: a message, with its number.
    """

    OPENING = b"retry:"
    EVENT = _EVENT

    def __init__(self, hall: Hall, request: bytes) -> None:
        self._hall = hall
        self._request = request
        self._transport: asyncio.BaseTransport | None = None
        self.is_open = asyncio.get_running_loop().create_future()
        self.ids: list[int] = []

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        transport.write(self._request)

    def data_received(self, data: bytes) -> None:
        now = time.perf_counter()
        if not self.is_open.done() and self.OPENING in data:
            self.is_open.set_result(None)
        for found in self.EVENT.findall(data):
            self.ids.append(int(found))
            self._hall.note(now)

    def connection_lost(self, error: Exception | None) -> None:
        if not self.is_open.done():
            self.is_open.set_exception(error or ConnectionError("the server hung up"))

    def close(self) -> None:
        if self._transport is not None:
            self._transport.close()


class AppReader(Reader):
    """An inbox that an app of ntfy's follows."""

    OPENING = b'"event":"open"'
    EVENT = re.compile(rb'"id":"m(\d+)"')


class Hall:
    """All readers, and when each message reached each of them."""

    def __init__(self) -> None:
        self.readers: list[Reader] = []
        self.times: list[float] = []
        self._expected = 0
        self._full = asyncio.Event()

    def note(self, at: float) -> None:
        """Note that one reader got a message."""
        self.times.append(at)
        if len(self.times) >= self._expected:
            self._full.set()

    def expect(self, messages: int) -> None:
        """Begin to count anew."""
        self.times, self._expected = [], messages
        self._full.clear()

    async def all_came(self) -> Sequence[float]:
        """Return when each message came, in order."""
        async with asyncio.timeout(_SECONDS):
            await self._full.wait()
        return sorted(self.times)


@asynccontextmanager
async def reading(server: Server, town: Town, number: int) -> AsyncIterator[Hall]:
    """Open so many live inboxes, of as many subscribers."""
    requests = [
        f"GET /inbox/events HTTP/1.1\r\nHost: {server.host}:{server.port}\r\n"
        f"Accept: text/event-stream\r\nCookie: {DEVICE_COOKIE}={device}\r\n\r\n"
        for device in town.devices[:number]
    ]
    async with _open(server, Reader, requests) as hall:
        yield hall


@asynccontextmanager
async def following(server: Server, inbox_topics: Sequence[str]) -> AsyncIterator[Hall]:
    """Follow as many inboxes as apps of ntfy's do."""
    requests = [f"GET /{topic}/json HTTP/1.1\r\nHost: {server.host}:{server.port}\r\n\r\n" for topic in inbox_topics]
    async with _open(server, AppReader, requests) as hall:
        yield hall


@asynccontextmanager
async def _open(server: Server, kind: type[Reader], requests: Sequence[str]) -> AsyncIterator[Hall]:
    """Open a connection for each request."""
    hall, turns = Hall(), asyncio.Semaphore(_AT_ONCE)

    async def open_one(request: str) -> None:
        async with turns:
            loop = asyncio.get_running_loop()
            _, reader = await loop.create_connection(lambda: kind(hall, request.encode()), server.host, server.port)
            hall.readers.append(reader)
            async with asyncio.timeout(_SECONDS):
                await reader.is_open

    try:
        async with asyncio.TaskGroup() as group:
            for request in requests:
                group.create_task(open_one(request))
        yield hall
    finally:
        for reader in hall.readers:
            reader.close()


class Sender:
    """One connection that sends messages one after the other, as a client with keep-alive does."""

    def __init__(self, streams: tuple[asyncio.StreamReader, asyncio.StreamWriter], town: Town) -> None:
        self._in, self._out = streams
        self._town = town

    async def to_topic(self, content: str) -> float:
        """Send to the topic, and return the seconds until it was accepted."""
        return await self._post({"content": content, "topicIds": [self._town.topic.id]})

    async def to_user(self, content: str, uid: str) -> float:
        """Send to one subscriber, and return the seconds until it was accepted."""
        return await self._post({"content": content, "uids": [uid]})

    async def _post(self, fields: dict[str, object]) -> float:
        body = json.dumps({"appToken": self._town.app_token} | fields).encode()
        began = time.perf_counter()
        self._out.write(
            b"POST /api/send/message HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
            b"Content-Length: %d\r\n\r\n%b" % (len(body), body)
        )
        head = await self._in.readuntil(b"\r\n\r\n")
        length = re.search(rb"content-length: (\d+)", head.lower())
        assert length is not None, head
        answer = json.loads(await self._in.readexactly(int(length[1])))
        took = time.perf_counter() - began
        assert answer["code"] == 1000, answer
        assert all(target["code"] == 1000 for target in answer["data"]), answer
        return took


async def tell_readers(hall: Hall, server: Server, town: Town, rounds: int) -> tuple[list[float], list[float]]:
    """Send a few messages; return how long each took to be accepted, and the p99 until all who listen had it."""
    accepted, worst = [], []
    for number in range(1, rounds + 1):
        hall.expect(len(hall.readers))
        async with sending(server, town) as sender:
            began = time.perf_counter()
            accepted.append(await sender.to_topic(f"message {number}"))
            worst.append(quantiles([at - began for at in await hall.all_came()], n=100)[98])
            await town.have_delivered(number * len(town.uids))
    assert all(len(reader.ids) == rounds and reader.ids == sorted(reader.ids) for reader in hall.readers)
    return accepted, worst


async def fan_out(server: Server, town: Town, rounds: int) -> tuple[list[float], list[float]]:
    """Send a few messages to the topic; return how long each took to be accepted, and until all rows were written."""
    accepted, written = [], []
    async with sending(server, town) as sender:
        for number in range(1, rounds + 1):
            began = time.perf_counter()
            accepted.append(await sender.to_topic(f"message {number}"))
            await town.have_delivered(number * len(town.uids))
            written.append(time.perf_counter() - began)
    return accepted, written


@asynccontextmanager
async def sending(server: Server, town: Town) -> AsyncIterator[Sender]:
    """Open a connection to send over."""
    reader, writer = await asyncio.open_connection(server.host, server.port)
    try:
        yield Sender((reader, writer), town)
    finally:
        writer.close()
        await writer.wait_closed()
