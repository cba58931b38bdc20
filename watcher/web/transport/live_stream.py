"""
A connection on which events are written as they come.

The request that opens it ends at once: its connection is taken over from aiohttp, whose request, response and two
tasks hold 19 KB for each reader who waits. What is left is a transport and a `LiveStream`.
"""

from __future__ import annotations

import asyncio
import logging
from abc import ABC, abstractmethod
from typing import Final, Protocol

from aiohttp import web

from watcher.errors import StoreError
from watcher.web.keys import SETTINGS
from watcher.web.transport.insides import take_transport

_log = logging.getLogger(__name__)


class Wire(Protocol):
    """How events are written, and what is made of what the reader sends."""

    @property
    def is_ended(self) -> bool:
        """True once the reader has ended the connection."""

    @property
    def is_silent(self) -> bool:
        """True when the reader should have said something and did not."""

    def framed(self, event: bytes) -> bytes:
        """Return an event as it is written."""

    def still_here(self, event: bytes) -> bytes:
        """Return what keeps a quiet connection open; `event` says so where the wire has nothing of its own."""

    def ending(self) -> bytes:
        """Return what ends the connection in order."""

    def received(self, data: bytes) -> bytes:
        """Take what the reader sent; return what is answered."""


class HttpWire:
    """The body of an HTTP answer: in chunks since HTTP/1.1, else as it is. The reader has nothing to say."""

    __slots__ = ("_is_chunked",)
    is_ended: Final = False
    is_silent: Final = False

    def __init__(self, *, is_chunked: bool) -> None:
        self._is_chunked = is_chunked

    def framed(self, event: bytes) -> bytes:
        """Return an event as it is written."""
        return b"%x\r\n%b\r\n" % (len(event), event) if self._is_chunked else event

    def still_here(self, event: bytes) -> bytes:
        """Return the event as it is written."""
        return self.framed(event)

    def ending(self) -> bytes:
        """Return an empty chunk, which ends the answer."""
        return self.framed(b"")

    def received(self, data: bytes) -> bytes:  # noqa: ARG002
        """Pass over what a reader sends."""
        return b""


def http_wire(request: web.Request) -> HttpWire:
    """Return how the answer to this request is written."""
    return HttpWire(is_chunked=request.version >= (1, 1))


class LiveStream(asyncio.Protocol, ABC):
    """The server's side of one open stream. What kind of stream it is says what it writes (`_tell_new`)."""

    __slots__ = (
        "_app",
        "_drained",
        "_farewell",
        "_has_news",
        "_is_paused",
        "_looking",
        "_opening",
        "_timer",
        "_transport",
        "_wire",
    )

    def __init__(self, request: web.Request, wire: Wire) -> None:
        self._app = request.app
        self._wire = wire
        self._transport: asyncio.Transport | None = None
        self._opening = request.transport
        self._timer: asyncio.TimerHandle | None = None
        self._looking: asyncio.Task[None] | None = None
        self._drained: asyncio.Future[None] | None = None
        self._farewell: bytes | None = None
        self._has_news = self._is_paused = False

    def take_over(self, request: web.Request) -> None:
        """Take the connection from the request, whose answer has begun; what its handler returns goes nowhere."""
        transport = take_transport(request)
        if transport is None:
            return
        self._transport, self._opening = transport, None
        # Anything that the system does not take at once pauses us.
        transport.set_write_buffer_limits(0)
        transport.set_protocol(self)
        self._is_paused = transport.get_write_buffer_size() > 0
        self._rest()
        if self._farewell is not None:
            self._end(self._farewell)
        elif self._has_news:
            self.wake()

    @property
    def has_connection(self) -> bool:
        """True from when the connection is ours until it is lost."""
        return self._transport is not None

    @property
    def is_ended(self) -> bool:
        """True once it is to end, whoever has the connection."""
        return self._farewell is not None

    @property
    def is_waiting(self) -> bool:
        """True while the reader has all that was written, and nobody looks for more."""
        return self._looking is None and self._is_kept_up

    @property
    def _is_kept_up(self) -> bool:
        """True while the connection stands and the system has taken all that was written."""
        # As `_is_over`, written out: a crowd is asked each time that it is told something.
        transport = self._transport
        return transport is not None and not self._is_paused and not transport.is_closing()

    def wake(self) -> None:
        """Look what is new."""
        self._has_news = True
        if self._looking is None and not self._is_over:
            self._looking = asyncio.create_task(self._look(), name="look what is new for a live stream")

    def close(self) -> None:
        """End in order, or within the write timeout in disorder."""
        self._end(b"")

    def cut(self) -> None:
        """End now, whoever has the connection."""
        if self._looking is not None:
            self._looking.cancel()
        transport = self._transport or self._opening
        if transport is not None:
            transport.abort()

    # What asyncio calls

    def data_received(self, data: bytes) -> None:
        """Answer what the reader sends, if the wire has an answer."""
        if self._is_over:
            return
        if (answer := self._wire.received(data)) and self._transport is not None:
            self._transport.write(answer)
        if self._wire.is_ended:
            self._hang_up()

    def pause_writing(self) -> None:
        """Note that the reader does not keep up."""
        self._is_paused = True

    def resume_writing(self) -> None:
        """Note that the reader has all that was written."""
        self._is_paused = False
        if self._drained is not None and not self._drained.done():
            self._drained.set_result(None)

    def connection_lost(self, error: Exception | None) -> None:  # noqa: ARG002
        """Leave the hub: the connection is gone."""
        self.leave()
        if self._timer is not None:
            self._timer.cancel()
        self.resume_writing()
        self._transport = None

    # What a kind of stream says

    @abstractmethod
    async def _tell_new(self) -> None:
        """Write what is new. The database is asked, so nothing is lost or doubled. Raises TimeoutError, StoreError."""

    @abstractmethod
    def _still_here(self) -> bytes:
        """Return an event that says nothing new; empty where none need come."""

    @abstractmethod
    def leave(self) -> None:
        """Leave the hub; again is no error."""

    # Inside

    @property
    def _is_over(self) -> bool:
        return self._transport is None or self._transport.is_closing()

    @property
    def _write_seconds(self) -> float:
        return self._app[SETTINGS].write_timeout.total_seconds()

    def _rest(self) -> None:
        seconds = self._app[SETTINGS].comment_every.total_seconds()
        self._timer = asyncio.get_running_loop().call_later(seconds, self._say_something)

    def _say_something(self) -> None:
        """Keep proxies from closing a quiet connection; one whose reader does not read gets a deadline."""
        if self._wire.is_silent:
            self.cut()
        elif self.is_waiting and self._transport is not None:
            if event := self._still_here():
                self._transport.write(self._wire.still_here(event))
        else:
            self.wake()
        if not self._is_over:
            self._rest()

    def _write(self, event: bytes) -> None:
        if self._transport is not None and not self._transport.is_closing():
            self._transport.write(self._wire.framed(event))

    def _end(self, farewell: bytes) -> None:
        if self._transport is None:
            self._farewell = farewell
        elif not self._transport.is_closing():
            if farewell:
                self._write(farewell)
            self._transport.write(self._wire.ending())
            self._hang_up()

    def _hang_up(self) -> None:
        """Close once all is written, or when the reader has had its time."""
        if self._transport is not None:
            self._transport.close()
            asyncio.get_running_loop().call_later(self._write_seconds, self._transport.abort)

    async def _look(self) -> None:
        try:
            while self._has_news and not self._is_over:
                self._has_news = False
                await self._tell_new()
        except TimeoutError:
            # Ending the stream in order would wait for the same reader again.
            if self._transport is not None:
                self._transport.abort()
        except StoreError as error:
            # The answer has begun, so it can only end; the reader reconnects from where it was.
            _log.warning("a live stream ends: %s", error)
            self.close()
        except Exception:
            _log.exception("a live stream failed")
            self.close()
        finally:
            self._looking = None

    async def _until_drained(self) -> None:
        """Wait until all that was written has left our buffers. Raises TimeoutError."""
        if not self._is_paused:
            return
        self._drained = asyncio.get_running_loop().create_future()
        async with asyncio.timeout(self._write_seconds):
            await self._drained
