"""One open live inbox, and telling many at once."""

from __future__ import annotations

import asyncio
import json
import secrets
from collections import defaultdict
from collections.abc import Sequence
from typing import Final

from aiohttp import web

from watcher.core.push import DeliveryState, InboxItem, Subscriber
from watcher.translations import Locale
from watcher.web.keys import DEVICE, SERVICE
from watcher.web.pages.hub import Hub
from watcher.web.pages.language import language_of
from watcher.web.pages.view import templates, words_in
from watcher.web.transport.live_stream import LiveStream, http_wire

BATCH: Final = 100
"""Items that one reader is told at once."""
_ITEMS: Final = 10_000
"""Items read at once for a crowd."""
_BREATH: Final = 200
"""After so many writes to a crowd, others have their turn."""
_STAND_IN: Final = 10**18 + secrets.randbelow(10**17)
"""In a rendered event, in the place of the item's id: nobody who writes a message can know it."""


class LiveInbox(LiveStream):
    """
    The server's side of one open live inbox.

    Attributes:
        device_id: of the device that reads it.
        told: the id of the newest item that the reader was told.
    """

    __slots__ = ("_subscriber", "device_id", "language", "told")

    def __init__(self, request: web.Request, subscriber: Subscriber, told: int) -> None:
        super().__init__(request, http_wire(request))
        self.told = told
        self.device_id = request[DEVICE].id
        self.language = language_of(request)
        self._subscriber = subscriber

    @property
    def key(self) -> int:
        """Whose inbox it is."""
        return self._subscriber.id

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

    def _still_here(self) -> bytes:
        return b": still here\n\n"

    def leave(self) -> None:
        """Leave the hub; again is no error."""
        self._app[HUB].remove(self)

    async def _tell_new(self) -> None:
        await self._until_drained()
        events, service = Events(), self._app[SERVICE]
        while items := await service.inbox.items(self._subscriber, after=self.told, limit=BATCH):
            self._write(b"".join(events.of(item, self.language) for item in items))
            self.told = items[-1].id
            if len(items) < BATCH:
                break
            await self._until_drained()


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
        by_subscriber[live.key].append(live)
    told = {id_: min(live.told for live in lives) for id_, lives in by_subscriber.items()}
    events, turns = Events(), 0
    while found := await app[SERVICE].inbox.news(told, limit=_ITEMS):
        for subscriber_id, item in found:
            told[subscriber_id] = item.id
            _tell_all(by_subscriber[subscriber_id], item, events)
            turns += 1
            if turns % _BREATH == 0:
                await asyncio.sleep(0)
        if len(found) < _ITEMS:
            break


def _tell_all(lives: Sequence[LiveInbox], item: InboxItem, events: Events) -> None:
    for live in lives:
        if live.told >= item.id:
            continue
        if live.is_waiting:
            live.tell(item, events.of(item, live.language))
        else:
            live.wake()
