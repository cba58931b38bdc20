"""
How long a connection may take: aiohttp knows no deadlines.

| what takes long                        | bound                               | then                     |
|----------------------------------------|-------------------------------------|--------------------------|
| a TLS handshake                        | `head_timeout`                      | closed                   |
| no request, on a new or kept connection | `idle_timeout`                     | closed (aiohttp's timer) |
| a request's head, from its first byte  | `head_timeout`, `MAX_HEAD_BYTES`;   | closed                   |
|                                        | over `SMALL_HEAD_BYTES` also        |                          |
|                                        | `MAX_HEADS_BYTES` of all together   |                          |
| a body that is read                    | `body_timeout`                      | 408 (`guard`)            |
| the rest of a body that nobody reads   | `LINGER_SECONDS` without a byte; in | closed                   |
|                                        | all `body_timeout` and              |                          |
|                                        | `MAX_DISCARDED_BYTES`               |                          |
| an answer that is not read             | 16 KiB in each `write_timeout`      | closed                   |
| the rest of one, after the end         | `write_timeout`                     | closed                   |
| a live stream that is not read         | `write_timeout` for an event        | closed (`live_stream`)   |

Requests that a client sends before it has the answer to the one before (pipelining) cost it nothing. Of all connections
together only one of these is begun in each turn of the event loop, in the order in which they came; who asks one thing
at a time does not wait for them.

Many clients read no answer before they have sent everything, and a connection that is closed while bytes still come is
reset: the answer is lost with it (RFC 9112 §9.6). So what comes after an answer is read and thrown away, within bounds.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Final

from aiohttp import EMPTY_PAYLOAD, StreamReader, hdrs, web
from aiohttp.http_exceptions import BadStatusLine, InvalidURLError
from aiohttp.web_protocol import ERROR, RequestHandler

from watcher.core.settings import Settings
from watcher.web.api import envelope
from watcher.web.middleware.bodies import ClientLeftError
from watcher.web.middleware.cors import open_to_pages
from watcher.web.middleware.headers import secure

MAX_LINE_BYTES: Final = 262_144
"""WxPusher's GET routes carry a content of up to 65,535 bytes, each of which may be written as three (`%E4`)."""
MAX_FIELD_BYTES: Final = 8_190
MAX_HEAD_BYTES: Final = MAX_LINE_BYTES + 65_536
"""Of one request's line and headers together."""
SMALL_HEAD_BYTES: Final = 16_384
MAX_HEADS_BYTES: Final = 16 * 2**20
"""Of all heads that have begun and not come to their end: 10,000 connections might have 3 GB of them otherwise."""
LINGER_SECONDS: Final = 2.0
MAX_DISCARDED_BYTES: Final = 32 * 2**20
"""Of one body, in bytes on the wire: enough for a photo that somebody posts, too little to keep us busy."""
_READ_BYTES: Final = 16_384
"""Twice as much of a body waits in memory at most until somebody reads it, and what one look at the socket brought."""
_NO_REQUEST: Final = "请求格式错误 · this is not an HTTP request"
_NOT_ENCODED: Final = (
    "网址里有未编码的字符：中文、空格等要先做 URL 编码，如 你好 写成 %E4%BD%A0%E5%A5%BD · "
    "the address has characters in it that must be percent-encoded: a blank is %20, 你 is %E4%BD%A0; or POST JSON"
)
_LEAST_PROGRESS: Final = 16_384


class PipelineQueue:
    """Lets one of those who wait go on in each turn of the event loop, the first first."""

    def __init__(self) -> None:
        self._waiting: deque[asyncio.Future[None]] = deque()

    async def wait(self) -> None:
        loop = asyncio.get_running_loop()
        turn = loop.create_future()
        self._waiting.append(turn)
        if len(self._waiting) == 1:
            loop.call_soon(self._let_one_go, loop)
        await turn

    def _let_one_go(self, loop: asyncio.AbstractEventLoop) -> None:
        while self._waiting:
            turn = self._waiting.popleft()
            if not turn.done():  # its connection is still there
                turn.set_result(None)
                break
        if self._waiting:
            loop.call_soon(self._let_one_go, loop)


class Heads:
    """
    The heads that have begun, of all connections.

    Attributes:
        size: of all together, in bytes.
    """

    def __init__(self) -> None:
        self.size = 0


class HttpConnection(RequestHandler):
    """aiohttp's side of one connection, with deadlines for what the other side does."""

    __slots__ = (
        "_abort_timer",
        "_body",
        "_discarded_bytes",
        "_ended",
        "_head_bytes",
        "_head_timer",
        "_heads",
        "_is_pipelining",
        "_line",
        "_pipeline",
        "_settings",
        "_unsent",
        "_write_timer",
    )

    def __init__(
        self, server: web.Server, settings: Settings, *, pipeline: PipelineQueue, heads: Heads, **options: Any
    ) -> None:
        """
        Args:
            heads: of all connections.
            pipeline: of the pipelined requests of all connections.
            options: of aiohttp's RequestHandler.
        """
        super().__init__(
            server,
            keepalive_timeout=settings.idle_timeout.total_seconds(),
            max_line_size=MAX_LINE_BYTES,
            max_field_size=MAX_FIELD_BYTES,
            lingering_time=0,  # ours is `_discard_body`
            auto_decompress=False,  # on the event loop, without a limit; `read_body` refuses compressed bodies
            read_bufsize=_READ_BYTES,
            **options,
        )
        self._settings = settings
        self._pipeline, self._heads = pipeline, heads
        self._is_pipelining = False
        self._body: StreamReader = EMPTY_PAYLOAD
        self._ended: asyncio.Future[None] | None = None
        self._line: asyncio.Transport | None = None
        self._head_timer: asyncio.TimerHandle | None = None
        self._write_timer: asyncio.TimerHandle | None = None
        self._abort_timer: asyncio.TimerHandle | None = None
        self._head_bytes = self._unsent = self._discarded_bytes = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        self._line = self.transport

    def connection_lost(self, exc: BaseException | None) -> None:
        """Stop all timers; a live inbox calls this as well, when it takes the connection over."""
        self._end_head()
        for timer in (self._write_timer, self._abort_timer):
            if timer is not None:
                timer.cancel()
        self._write_timer = self._abort_timer = self._line = None
        super().connection_lost(exc)
        # aiohttp tells only whoever reads the body of a request that is being answered.
        self._body.set_exception(ConnectionResetError("the client left"))
        if self._ended is not None and not self._ended.done():
            self._ended.set_result(None)

    def data_received(self, data: bytes) -> None:
        """Take what came, and begin to count at the first byte of a head: later bytes do not begin anew."""
        if self._ended is not None:
            self._discard(data)
            return
        requests, is_body = self._request_count, not self._body.is_eof()
        super().data_received(data)
        if self._request_count != requests:
            self._body = self._messages[-1][1]
            self._end_head()
        elif is_body or self._is_answering:
            self._end_head()
        elif data:
            self._count_head(len(data))

    @property
    def _is_answering(self) -> bool:
        """True while a request is answered, or waits to be."""
        is_woken = self._waiter is not None and self._waiter.done()
        return bool(self._messages) or self._request_in_progress or self._is_pipelining or is_woken

    def _count_head(self, came: int) -> None:
        self._head_bytes += came
        self._heads.size += came
        is_crowded = self._heads.size > MAX_HEADS_BYTES and self._head_bytes > SMALL_HEAD_BYTES
        if is_crowded or self._head_bytes > MAX_HEAD_BYTES:
            self._hang_up()
        elif self._head_timer is None:
            self._begin_head()

    def _begin_head(self) -> None:
        seconds = self._settings.head_timeout.total_seconds()
        self._head_timer = self._loop.call_later(seconds, self._hang_up_unless_answering)

    def _hang_up_unless_answering(self) -> None:
        # The beginning of the next head may come just before this request is taken up.
        if self._is_answering:
            self._begin_head()
        else:
            self._hang_up()

    def _end_head(self) -> None:
        self._heads.size -= self._head_bytes
        self._head_bytes = 0
        if self._head_timer is not None:
            self._head_timer.cancel()
            self._head_timer = None

    def pause_writing(self) -> None:
        """Begin to watch whether the other side reads."""
        super().pause_writing()
        self._watch_reader()

    def resume_writing(self) -> None:
        super().resume_writing()
        if self._write_timer is not None:
            self._write_timer.cancel()
            self._write_timer = None

    def _watch_reader(self) -> None:
        if self._line is not None:
            self._unsent = self._line.get_write_buffer_size()
            seconds = self._settings.write_timeout.total_seconds()
            self._write_timer = self._loop.call_later(seconds, self._hang_up_unless_read)

    def _hang_up_unless_read(self) -> None:
        if self._line is None:
            return
        if self._unsent - self._line.get_write_buffer_size() < _LEAST_PROGRESS:
            self._hang_up()
        else:
            self._watch_reader()

    def _hang_up(self) -> None:
        if self._line is not None:
            self._line.abort()

    async def _handle_request(
        self, request: web.BaseRequest, start_time: float | None, request_handler: Callable[..., Any]
    ) -> tuple[web.StreamResponse, bool]:
        """Answer a request; one of several that came at once waits for its turn, the last of them too."""
        if self._messages or self._is_pipelining:
            self._is_pipelining = True
            await self._pipeline.wait()
            self._is_pipelining = bool(self._messages)
        return await super()._handle_request(request, start_time, request_handler)

    async def start(self) -> None:
        """Answer requests until the connection ends; what is still to be read then has its deadline too."""
        try:
            await super().start()
        finally:
            self._bound_farewell()

    async def finish_response(
        self, request: web.BaseRequest, resp: web.StreamResponse, start_time: float | None
    ) -> tuple[web.StreamResponse, bool]:
        """Send the answer, and see to it that it can be read: see the head of this module."""
        if not request.content.is_eof() and (request._message.upgrade or hdrs.EXPECT in request.headers):
            # Who waited for `100 Continue` may send the body now or may not (RFC 9110 §10.1.1). And of a request that
            # would like HTTP/2 the parser loses what comes in one piece with the end of its body: the next head, of a
            # client that has read this answer.
            resp.force_close()
        resp, is_lost = await super().finish_response(request, resp, start_time)
        if not is_lost and not request.content.is_eof():
            await self._discard_body(request.content)
        elif not is_lost and request._message is ERROR:
            await self._discard_the_rest()
        return resp, is_lost

    async def _discard_body(self, body: StreamReader) -> None:
        """Read what is left of a body that nobody needs; what is not read within bounds closes the connection."""
        discarded = 0
        try:
            async with asyncio.timeout(self._settings.body_timeout.total_seconds()):
                while not body.is_eof() and discarded < MAX_DISCARDED_BYTES and not self._force_close:
                    async with asyncio.timeout(LINGER_SECONDS):
                        discarded += len(await body.readany())
                    await asyncio.sleep(0)  # `readany` does not, where more waits already
        except (TimeoutError, ConnectionError, web.RequestPayloadError):
            pass

    async def _discard_the_rest(self) -> None:
        """Read what comes after something that is no request; the end of our answer is the end of what we write."""
        if self._line is None or self._force_close:
            return
        self._ended = self._loop.create_future()
        if self._line.can_write_eof():
            self._line.write_eof()
        with suppress(TimeoutError):
            async with asyncio.timeout(LINGER_SECONDS):
                await self._ended

    def _discard(self, data: bytes) -> None:
        self._discarded_bytes += len(data)
        if self._discarded_bytes > MAX_DISCARDED_BYTES:
            self._hang_up()

    def force_close(self) -> None:
        """Close; what is still to be read then has its deadline too."""
        super().force_close()
        self._bound_farewell()

    def _bound_farewell(self) -> None:
        # A closed transport waits for its buffer to be read, and nobody else sets a limit to that.
        if self._line is not None and self._line.is_closing() and self._abort_timer is None:
            seconds = self._settings.write_timeout.total_seconds()
            self._abort_timer = self._loop.call_later(seconds, self._line.abort)

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,
    ) -> web.StreamResponse:
        """
        Log as aiohttp does, and answer what is no request as programs read it: it reached no route of ours.

        Who left before the end of its own body is a line of the access log, with the status 499, and no error.
        """
        if isinstance(exc, ClientLeftError):
            return web.Response(status=ClientLeftError.status, reason="Client Closed Request")
        plain = super().handle_error(request, status, exc, message)
        if status >= 500:
            answer = envelope.failed(envelope.UNKNOWN, "服务异常，请稍后再试 · the server failed; try again later")
        else:
            answer = envelope.failed(envelope.MALFORMED, _what_is_wrong(exc))
        answer.set_status(plain.status)
        secure(answer, is_strictly_https=self._settings.is_strictly_https)
        open_to_pages(answer)
        answer.force_close()
        return answer


def _what_is_wrong(exc: BaseException | None) -> str:
    """Return the advice for what the parser refused: mostly it is a text that was pasted into an address as it is."""
    # A blank ends the address, so what is behind it is read as the version.
    is_address = isinstance(exc, InvalidURLError) or (isinstance(exc, BadStatusLine) and "Expected HTTP/" in str(exc))
    return _NOT_ENCODED if is_address else _NO_REQUEST
