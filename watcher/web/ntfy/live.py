"""Open streams of ntfy's apps: one connection follows several inboxes, each by its secret name."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import Final

from aiohttp import web
from msgspec import Struct

from watcher.core.ntfy import Entry
from watcher.web.keys import SERVICE, SETTINGS
from watcher.web.ntfy.rendering import Form, MessageEvents, Said, other_event, said
from watcher.web.pages.hub import Hub
from watcher.web.transport.live_stream import LiveStream, Wire

BATCH: Final = 100
"""Messages that one reader is told at once."""
_ITEMS: Final = 10_000
"""Messages read at once for a crowd."""
_BREATH: Final = 200
"""After so many writes to a crowd, others have their turn."""


class Followed(Struct, frozen=True, kw_only=True):
    """An inbox that is followed: by its secret name, and after which entry."""

    topic: str
    subscriber_id: int
    told: int


class NtfyStream(LiveStream):
    """
    The server's side of one open stream.

    Attributes:
        form: how it tells events.
        told: of each inbox, by its subscriber's id, the newest entry that the reader was told.
    """

    __slots__ = ("_is_poll", "_passes", "_seats", "_topics", "form", "told")

    def __init__(
        self,
        request: web.Request,
        wire: Wire,
        form: Form,
        followed: Sequence[Followed],
        *,
        passes: Callable[[Entry, Said], bool],
        is_poll: bool,
    ) -> None:
        """
        Args:
            passes: says whether the reader wants to be told a message.
            is_poll: it ends once all is told that there is.
        """
        super().__init__(request, wire)
        self.form = form
        self.told = {each.subscriber_id: each.told for each in followed}
        self._topics = {each.subscriber_id: each.topic for each in followed}
        self._passes = passes
        self._is_poll = is_poll
        self._seats = [Seat(self, subscriber_id) for subscriber_id in self.told]

    def join(self) -> None:
        """Be told from now on when there is something new."""
        for seat in self._seats:
            self._app[NTFY_HUB].add(seat)

    def begin(self) -> None:
        """Say that it is open, which a poll does not."""
        if not self._is_poll:
            self._write(self._other("open"))

    @property
    def keeps_up(self) -> bool:
        """True while the connection stands, its reader has taken all that was written, and nobody ends it."""
        return self._farewell is None and self._is_kept_up

    def tell(self, entry: Entry, events: MessageEvents) -> None:
        """Write a message, if the reader wants it; while `is_waiting`."""
        self.told[entry.subscriber_id] = entry.id
        if self._passes(entry, events.said):
            self._write(events.event(self.form, entry, self._topics[entry.subscriber_id]))

    def _still_here(self) -> bytes:
        return b"" if self._is_poll else self._other("keepalive")

    def _other(self, kind: str) -> bytes:
        return other_event(self.form, kind, ",".join(self._topics.values()), at=self._app[SERVICE].ntfy.now())

    def leave(self) -> None:
        """Leave the hub; again is no error."""
        for seat in self._seats:
            self._app[NTFY_HUB].remove(seat)

    async def _tell_new(self) -> None:
        await self._until_drained()
        messages, service = Messages(self._app), self._app[SERVICE]
        while entries := await service.ntfy.entries(self.told, limit=BATCH):
            for entry in entries:
                self.tell(entry, messages.of(entry))
            if len(entries) < BATCH:
                break
            await self._until_drained()
        if self._is_poll:
            self.close()


class Seat:
    """A stream's place in the hub, for one of the inboxes that it follows."""

    __slots__ = ("stream", "subscriber_id")

    def __init__(self, stream: NtfyStream, subscriber_id: int) -> None:
        self.stream = stream
        self.subscriber_id = subscriber_id

    def wake(self) -> None:
        """Look what is new."""
        self.stream.wake()

    def crowd_out(self) -> None:
        """End the stream: newer ones of the same subscriber take the place."""
        self.stream.close()

    def close(self) -> None:
        """End the stream in order."""
        self.stream.close()

    def cut(self) -> None:
        """End the stream now."""
        self.stream.cut()


NTFY_HUB: web.AppKey[Hub[Seat]] = web.AppKey("ntfy hub", Hub)


class Held:
    """The connections that are held, as the channel asks for them."""

    def __init__(self, hub: Hub[Seat]) -> None:
        self._hub = hub

    def keeps_up(self, subscriber_id: int) -> bool:
        """Return whether one is held for this subscriber whose reader has taken all that was written to it."""
        return any(seat.stream.keeps_up for seat in self._hub.of(subscriber_id))


class Messages:
    """The events of messages, each of which is looked at once, however many are told it."""

    def __init__(self, app: web.Application) -> None:
        self._settings = app[SETTINGS]
        self._known: dict[int, MessageEvents] = {}

    def of(self, entry: Entry) -> MessageEvents:
        """Return the events that tell the message of an entry."""
        known = self._known.get(entry.message.id)
        if known is None:
            known = self._known[entry.message.id] = MessageEvents(said(entry.message, self._settings))
        return known


async def tell_crowd(app: web.Application, crowd: Sequence[Seat]) -> None:
    """Write to each who waits what is new to it; those who do not keep up, or look just now, look for themselves."""
    by_subscriber: defaultdict[int, list[NtfyStream]] = defaultdict(list)
    for seat in crowd:
        by_subscriber[seat.subscriber_id].append(seat.stream)
    told = {id_: min(stream.told[id_] for stream in streams) for id_, streams in by_subscriber.items()}
    messages, turns = Messages(app), 0
    while entries := await app[SERVICE].ntfy.entries(told, limit=_ITEMS):
        for entry in entries:
            told[entry.subscriber_id] = entry.id
            _tell_all(by_subscriber[entry.subscriber_id], entry, messages.of(entry))
            turns += 1
            if turns % _BREATH == 0:
                await asyncio.sleep(0)
        if len(entries) < _ITEMS:
            break


def _tell_all(streams: Sequence[NtfyStream], entry: Entry, events: MessageEvents) -> None:
    for stream in streams:
        if stream.told[entry.subscriber_id] >= entry.id:
            continue
        if stream.is_waiting:
            stream.tell(entry, events)
        else:
            stream.wake()
