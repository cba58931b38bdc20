"""
Request bodies: how large, how long, how much memory all of them take together, and who left before the end of its own.

| a body that                    | is answered                         | when                          |
|--------------------------------|-------------------------------------|-------------------------------|
| says that it is too large      | 413                                 | before it comes               |
| turns out to be too large      | 413                                 | as soon as it is              |
| takes longer than `body_timeout` | 408                               | then                          |
| is compressed                  | 415 and Accept-Encoding             | before any of it is read      |
| has a transfer coding but chunked | 501                              | before any of it is read      |
| is not chunked as HTTP has it  | 400                                 | as soon as it is seen         |
| waits for `100 Continue`       | by that line                        | when we are about to read it  |
| finds no room in the budget    | 503 and Retry-After                 | after `ROOM_SECONDS`, or at   |
|                                |                                     | once when many wait already   |

Up to `UNCOUNTED_BYTES` a body needs no room, so a small one always passes. A larger one has it from before its first
byte until its request is answered: as much as it says, or as much as any may have, so that nobody who has room waits
for more. Who waits goes in turn, except that an address that has its share waits for itself alone.

aiohttp would send `100 Continue` before anything is looked at, and read a body to the end that is announced as too
large. It would decompress bodies on the event loop as well, where 39 bytes of brotli cost 80 ms: the connection is told
not to (`auto_decompress`), so no route decompresses anything.
"""

from __future__ import annotations

import asyncio
import socket
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Final

from aiohttp import HttpVersion11, hdrs, web
from msgspec import Struct

from watcher.web.keys import SETTINGS
from watcher.web.transport.client import CLIENT
from watcher.web.transport.insides import keep_body
from watcher.web.transport.proxies import networks_of

UNCOUNTED_BYTES: Final = 16_384
ROOM_SECONDS: Final = 5.0
_MOST_WAITING: Final = 256
"""At once: each keeps what the system had of its body already, 64 KiB (`connection_limiter.RECEIVED_BYTES`)."""
_SHARE: Final = 4
"""One address (of IPv6, one /48) has no more than one part in so many, of the room and of the places to wait."""
_RECEIVED_BYTES: Final = 262_144
_RETRY_SECONDS: Final = 5
_COMPRESSIONS: Final = frozenset({"gzip", "x-gzip", "deflate", "compress", "x-compress", "br", "zstd"})
"""The content codings that are registered and change the body; clients also send `utf-8` and the like, to no effect."""
_CONTINUE: Final = b"HTTP/1.1 100 Continue\r\n\r\n"


class ClientLeftError(ConnectionError):
    """The client hung up before the end of its request's body, so there is nobody to answer."""

    status: Final = 499
    """As web servers log it."""


class _Waiting(Struct, kw_only=True, eq=False):
    who: str
    size: int
    turn: asyncio.Future[None]


class BodyBudget:
    """
    The room for the bodies of all requests that are read or answered, in bytes. Used from one event loop.

    Attributes:
        taken: so much of it.
    """

    def __init__(self, most: int, *, on_relief: Callable[[], None] = lambda: None) -> None:
        """
        Args:
            on_relief: called when all of it is free again, after more than half was taken or somebody had to wait.
        """
        self.taken = 0
        self._most = most
        self._on_relief = on_relief
        self._was_pressed = False
        self._taken_by: Counter[str] = Counter()
        self._waiting: list[_Waiting] = []

    async def take(self, who: str, size: int) -> None:
        """Take room for a body of this address, as soon as there is some. Raises HTTPServiceUnavailable."""
        places = sum(one.who == who for one in self._waiting)
        if len(self._waiting) >= _MOST_WAITING or places >= _MOST_WAITING // _SHARE:
            self._was_pressed = True
            raise _no_room()
        one = _Waiting(who=who, size=size, turn=asyncio.get_running_loop().create_future())
        self._waiting.append(one)
        self._let_in()
        try:
            async with asyncio.timeout(ROOM_SECONDS):
                await one.turn
        except BaseException as error:
            self._withdraw(one)
            raise (_no_room() if isinstance(error, TimeoutError) else error) from None

    def _withdraw(self, one: _Waiting) -> None:
        if one in self._waiting:
            self._waiting.remove(one)
            self._let_in()
        else:
            self.give_back(one.who, one.size)

    def give_back(self, who: str, size: int) -> None:
        """Give room back to those who wait."""
        self.taken -= size
        self._taken_by[who] -= size
        if not self._taken_by[who]:
            del self._taken_by[who]
        self._let_in()
        if self._was_pressed and not self.taken:
            self._was_pressed = False
            self._on_relief()

    def _let_in(self) -> None:
        for one in [each for each in self._waiting if not each.turn.cancelled()]:
            self._was_pressed |= self.taken + one.size > self._most // 2
            if self.taken + one.size > self._most:
                return
            if self._taken_by[one.who] + one.size <= self._most // _SHARE:
                self._waiting.remove(one)
                self.taken += one.size
                self._taken_by[one.who] += one.size
                one.turn.set_result(None)


BODIES = web.AppKey("bodies", BodyBudget)
_ROOM = web.RequestKey("room", int)
"""How much of the budget a request has."""


def _no_room() -> web.HTTPServiceUnavailable:
    return web.HTTPServiceUnavailable(
        headers={"Retry-After": str(_RETRY_SECONDS)},
        text=(
            f"服务繁忙，请{_RETRY_SECONDS}秒后再试 · "
            f"more request bodies than there is memory for; try again in {_RETRY_SECONDS} s"
        ),
    )


@contextmanager
def holding_body(request: web.Request) -> Iterator[None]:
    """Let the request's body, and the room that it has, go at the end."""
    try:
        yield
    finally:
        if size := request.get(_ROOM, 0):
            # An answer may take long to be read, and has no use for the body.
            keep_body(request, b"")
            request.app[BODIES].give_back(_site_of(request), size)


async def read_body(request: web.Request) -> None:
    """
    Read the whole body, once, within `holding_body`: `request.read()` has it from then on.

    Raises:
        HTTPRequestEntityTooLarge: it is larger than `max_body_bytes`, or says so.
        HTTPServiceUnavailable: there was no room for it.
        HTTPRequestTimeout: it did not come within `body_timeout`.
        HTTPUnsupportedMediaType: it is compressed.
        HTTPNotImplemented: it has a transfer coding other than chunked.
        HTTPBadRequest: its chunks are malformed.
        ClientLeftError: the client hung up.
    """
    if not request.can_read_body:
        return
    _refuse_codings(request)
    settings = request.app[SETTINGS]
    if (request.content_length or 0) > settings.max_body_bytes:
        raise _too_large(settings.max_body_bytes)
    if (request.content_length or 0) > UNCOUNTED_BYTES:
        await _take_room(request)
    try:
        async with asyncio.timeout(settings.body_timeout.total_seconds()):
            await _say_continue(request)
            # aiohttp's own `read` raises the limits of what waits in memory to the size of the largest body.
            keep_body(request, await _read(request, settings.max_body_bytes))
    except TimeoutError as error:
        raise web.HTTPRequestTimeout from error
    except web.RequestPayloadError as error:
        raise web.HTTPBadRequest(reason="the body's chunks are malformed") from error
    except ConnectionError as error:
        raise ClientLeftError from error


def _refuse_codings(request: web.Request) -> None:
    """Raise where the body would have to be decoded (RFC 9110 §8.4 and §15.5.16, RFC 9112 §6.1)."""
    if compressions := _codings(request, hdrs.CONTENT_ENCODING) & _COMPRESSIONS:
        header = f"Content-Encoding: {', '.join(sorted(compressions))}"
        advice = f"the body is compressed ({header}); send it uncompressed, without that header"
        raise web.HTTPUnsupportedMediaType(
            headers={hdrs.ACCEPT_ENCODING: "identity"},
            reason=advice,
            text=f"请求体是压缩的（{header}），请不要压缩，并去掉这个请求头 · {advice}",
        )
    if _codings(request, hdrs.TRANSFER_ENCODING) - {"chunked"}:
        raise web.HTTPNotImplemented(reason="the only Transfer-Encoding understood here is chunked")


def _codings(request: web.Request, header: str) -> set[str]:
    said = ",".join(request.headers.getall(header, ()))
    return {coding.strip().lower() for coding in said.split(",") if coding.strip()}


def _site_of(request: web.Request) -> str:
    return networks_of(request[CLIENT])[-1]


async def _take_room(request: web.Request) -> None:
    size = request.content_length or request.app[SETTINGS].max_body_bytes
    await request.app[BODIES].take(_site_of(request), size)
    request[_ROOM] = size
    _receive_more(request)


def _receive_more(request: web.Request) -> None:
    """Let more of the body be on its way at once, or 1 MB takes longer than `body_timeout` from far away."""
    connection = request.get_extra_info("socket")
    if connection is not None:
        with suppress(OSError):
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _RECEIVED_BYTES)


async def _read(request: web.Request, most: int) -> bytes:
    chunks, size = [], 0
    while chunk := await request.content.readany():
        chunks.append(chunk)
        size += len(chunk)
        if size > most:
            raise _too_large(most)
        if size > UNCOUNTED_BYTES and _ROOM not in request:
            await _take_room(request)
        if len(chunks) > 1:
            await asyncio.sleep(0)  # `readany` does not, where more waits already
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
