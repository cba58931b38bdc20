"""
One open live inbox, and telling many at once.

The request that opens it ends at once: its connection is taken over from aiohttp, whose request, response and two
tasks hold 19 KB for each reader who waits. What is left is a transport and a `LiveInbox`.
"""

from __future__ import annotations

import asyncio
import json
import logging
import secrets
from collections import defaultdict
from collections.abc import Sequence
from typing import Final

from aiohttp import web

from watcher.core.push import DeliveryState, InboxItem, Subscriber
from watcher.errors import StoreError
from watcher.translations import Locale
from watcher.web.keys import DEVICE, SERVICE, SETTINGS
from watcher.web.pages.hub import Hub
from watcher.web.pages.language import language_of
from watcher.web.pages.view import templates, words_in
from watcher.web.transport.insides import take_transport

BATCH: Final = 100
"""Items that one reader is told at once."""
_ITEMS: Final = 10_000
"""Items read at once for a crowd."""
_BREATH: Final = 200
"""After so many writes to a crowd, others have their turn."""
_STAND_IN: Final = 10**18 + secrets.randbelow(10**17)
"""In a rendered event, in the place of the item's id: nobody who writes a message can know it."""
_log = logging.getLogger(__name__)


class LiveInbox(asyncio.Protocol):
    """
    The server's side of one open live inbox.

    Attributes:
        device_id: of the device that reads it.
        told: the id of the newest item that the reader was told.
    """

    __slots__ = (
        "_app",
        "_drained",
        "_farewell",
        "_has_news",
        "_is_chunked",
        "_is_paused",
        "_looking",
        "_opening",
        "_subscriber",
        "_timer",
        "_transport",
        "device_id",
        "language",
        "told",
    )

    def __init__(self, request: web.Request, subscriber: Subscriber, told: int) -> None:
        self.told = told
        self.device_id = request[DEVICE].id
        self.language = language_of(request)
        self._app = request.app
        self._subscriber = subscriber
        self._is_chunked = request.version >= (1, 1)
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
    def subscriber_id(self) -> int:
        """Whose inbox it is."""
        return self._subscriber.id

    @property
    def is_ended(self) -> bool:
        """True once it is to end, whoever has the connection."""
        return self._farewell is not None

    @property
    def is_waiting(self) -> bool:
        """True while the reader has all that was written, and nobody looks for more."""
        return self._looking is None and not self._is_paused and not self._is_over

    def wake(self) -> None:
        """Look what is new."""
        self._has_news = True
        if self._looking is None and not self._is_over:
            self._looking = asyncio.create_task(self._look(), name="look into an inbox")

    def tell(self, item: InboxItem, event: bytes) -> None:
        """Write an item's event, while `is_waiting`."""
        self.told = item.id
        self._write(event)

    def crowd_out(self) -> None:
        """End: a newer stream of the same subscriber takes the place."""
        self._end(b"event: crowded\ndata:\n\n")

    def sign_out(self) -> None:
        """End at once: the device is none of the subscriber's any more."""
        self._end(b"event: over\ndata:\n\n")

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
        """Pass over what a reader sends: it has nothing to say here."""

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
        self._app[HUB].remove(self)
        if self._timer is not None:
            self._timer.cancel()
        self.resume_writing()
        self._transport = None

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
        if self.is_waiting:
            self._write(b": still here\n\n")
        else:
            self.wake()
        if not self._is_over:
            self._rest()

    def _write(self, event: bytes) -> None:
        if self._transport is None or self._transport.is_closing():
            return
        # An empty chunk ends the stream.
        self._transport.write(b"%x\r\n%b\r\n" % (len(event), event) if self._is_chunked else event)

    def _end(self, farewell: bytes) -> None:
        if self._transport is None:
            self._farewell = farewell
        elif not self._transport.is_closing():
            if farewell:
                self._write(farewell)
            self._write(b"")
            self._transport.close()
            asyncio.get_running_loop().call_later(self._write_seconds, self._transport.abort)

    async def _look(self) -> None:
        """Write what is new. The database is asked, so nothing is lost or doubled."""
        try:
            while self._has_news and not self._is_over:
                self._has_news = False
                await self._tell_new()
        except TimeoutError:
            # Ending the stream in order would wait for the same reader again.
            if self._transport is not None:
                self._transport.abort()
        except StoreError as error:
            # The answer has begun, so it can only end; the page reconnects from where it was.
            _log.warning("a live inbox ends: %s", error)
            self.close()
        except Exception:
            _log.exception("a live inbox failed")
            self.close()
        finally:
            self._looking = None

    async def _tell_new(self) -> None:
        await self._until_drained()
        events, service = Events(), self._app[SERVICE]
        while items := await service.inbox.items(self._subscriber, after=self.told, limit=BATCH):
            self._write(b"".join(events.of(item, self.language) for item in items))
            self.told = items[-1].id
            if len(items) < BATCH:
                break
            await self._until_drained()

    async def _until_drained(self) -> None:
        """Wait until all that was written has left our buffers. Raises TimeoutError."""
        if not self._is_paused:
            return
        self._drained = asyncio.get_running_loop().create_future()
        async with asyncio.timeout(self._write_seconds):
            await self._drained


HUB: web.AppKey[Hub[LiveInbox]] = web.AppKey("hub", Hub)


class Events:
    """Items as server-sent events; a message that many get is rendered once for each language."""

    def __init__(self) -> None:
        self._rendered: dict[tuple[int, DeliveryState, Locale], bytes] = {}

    def of(self, item: InboxItem, language: Locale) -> bytes:
        """Return the event of an item."""
        key = (item.message.id, item.state, language)
        if key not in self._rendered:
            self._rendered[key] = self._event(item, language)
        return self._rendered[key].replace(b"%d" % _STAND_IN, b"%d" % item.id)

    def _event(self, item: InboxItem, language: Locale) -> bytes:
        html = (
            templates()
            .get_template("_item.html")
            .render(
                t=words_in(language),
                item=InboxItem(id=_STAND_IN, message=item.message, state=item.state),
                unread=DeliveryState.SENT,
            )
        )
        data = json.dumps({"id": _STAND_IN, "html": html})
        return f"id: {_STAND_IN}\nevent: message\ndata: {data}\n\n".encode()


async def tell_crowd(app: web.Application, crowd: Sequence[LiveInbox]) -> None:
    """Write to each who waits what is new to it; those who do not keep up, or look just now, look for themselves."""
    by_subscriber: defaultdict[int, list[LiveInbox]] = defaultdict(list)
    for live in crowd:
        by_subscriber[live.subscriber_id].append(live)
    told = {id_: min(live.told for live in lives) for id_, lives in by_subscriber.items()}
    events, turns = Events(), 0
    while found := await app[SERVICE].inbox.news(told, limit=_ITEMS):
        for subscriber_id, item in found:
            told[subscriber_id] = item.id
            _tell_all(by_subscriber[subscriber_id], item, events)
            turns += 1
            if turns % _BREATH == 0:
                await asyncio.sleep(0)


def _tell_all(lives: Sequence[LiveInbox], item: InboxItem, events: Events) -> None:
    for live in lives:
        if live.told >= item.id:
            continue
        if live.is_waiting:
            live.tell(item, events.of(item, live.language))
        else:
            live.wake()
