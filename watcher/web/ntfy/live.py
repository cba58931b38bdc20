"""
Open streams of ntfy's apps: one connection follows several inboxes, each by its secret name, or topics of one
application, whose token it brought.
"""

from __future__ import annotations

import asyncio
from abc import abstractmethod
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import ClassVar, Final

from aiohttp import web
from msgspec import Struct

from watcher.core.ntfy import Entry, Followed
from watcher.push.ntfy import TokenHolder
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


class Following(Struct, frozen=True, kw_only=True):
    """
    What is followed.

    Attributes:
        topic: its name.
        of: the id of the subscriber whose inbox it is, or of the topic.
        told: the entry after which those stand that are to be told.
    """

    topic: str
    of: int
    told: int


class NtfyStream(LiveStream):
    """
    The server's side of one open stream. What kind of stream it is says what it follows.

    Attributes:
        followed: what that is.
        form: how it tells events.
        told: of each inbox or topic, by its subscriber's id or its own, the newest entry that the reader was told.
    """

    followed: ClassVar[Followed]

    __slots__ = ("_is_poll", "_passes", "_seats", "_topics", "form", "told")

    def __init__(
        self,
        request: web.Request,
        wire: Wire,
        form: Form,
        following: Sequence[Following],
        *,
        passes: Callable[[str, Said], bool],
        is_poll: bool,
    ) -> None:
        """
        Args:
            passes: says whether the reader wants to be told a message, which has that id.
            is_poll: it ends once all is told that there is.
        """
        super().__init__(request, wire)
        self.form = form
        self.told = {each.of: each.told for each in following}
        self._topics = {each.of: each.topic for each in following}
        self._passes = passes
        self._is_poll = is_poll
        self._seats = [Seat(self, key) for key in self.told]

    @property
    def hub(self) -> Hub[Seat]:
        """Where it waits for what is new."""
        return self._app[NTFY_HUBS][self.followed]

    def join(self) -> None:
        """Be told from now on when there is something new."""
        for seat in self._seats:
            self.hub.add(seat)

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
        self.told[entry.of] = entry.id
        event_id = self.followed.id_of(entry.id)
        if self._passes(event_id, events.said):
            self._write(events.event(self.form, event_id, self._topics[entry.of], at=entry.at))

    def _still_here(self) -> bytes:
        return b"" if self._is_poll else self._other("keepalive")

    def _other(self, kind: str) -> bytes:
        return other_event(self.form, kind, ",".join(self._topics.values()), at=self._app[SERVICE].ntfy.now())

    def leave(self) -> None:
        """Leave the hub; again is no error."""
        for seat in self._seats:
            self.hub.remove(seat)

    @abstractmethod
    async def _entries(self) -> Sequence[Entry]:
        """Return what is new, the oldest BATCH of it. Raises StoreError."""

    async def _tell_new(self) -> None:
        await self._until_drained()
        messages = Messages(self._app)
        while entries := await self._entries():
            for entry in entries:
                self.tell(entry, messages.of(entry))
            if len(entries) < BATCH:
                break
            await self._until_drained()
        if self._is_poll:
            self.close()


class InboxStream(NtfyStream):
    """An open stream of what is handed over to subscribers."""

    __slots__ = ()
    followed = Followed.INBOXES

    async def _entries(self) -> Sequence[Entry]:
        return await self._app[SERVICE].ntfy.entries(self.told, limit=BATCH)


class TopicStream(NtfyStream):
    """An open stream of what is sent to topics of an application; it ends once its token is nobody's any more."""

    __slots__ = ("_holder",)
    followed = Followed.TOPICS

    def __init__(
        self,
        request: web.Request,
        wire: Wire,
        form: Form,
        following: Sequence[Following],
        *,
        holder: TokenHolder,
        passes: Callable[[str, Said], bool],
        is_poll: bool,
    ) -> None:
        """As NtfyStream; `holder`: whose topics they are."""
        super().__init__(request, wire, form, following, passes=passes, is_poll=is_poll)
        self._holder = holder

    async def _entries(self) -> Sequence[Entry]:
        entries = await self._app[SERVICE].ntfy.sent(self._holder, self.told, limit=BATCH)
        if entries is None:
            self.close()
        return entries or ()


class Seat:
    """A stream's place in the hub, for one of the inboxes or topics that it follows."""

    __slots__ = ("key", "stream")

    def __init__(self, stream: NtfyStream, key: int) -> None:
        self.stream = stream
        self.key = key

    def wake(self) -> None:
        """Look what is new."""
        self.stream.wake()

    def crowd_out(self) -> None:
        """End the stream: newer ones take the place."""
        self.stream.close()

    def close(self) -> None:
        """End the stream in order."""
        self.stream.close()

    def cut(self) -> None:
        """End the stream now."""
        self.stream.cut()


NTFY_HUBS: web.AppKey[Mapping[Followed, Hub[Seat]]] = web.AppKey("ntfy hubs", dict)


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
    """
    Write to each who waits what is new in inboxes; those who do not keep up, or look just now, look for themselves.
    """
    by_subscriber: defaultdict[int, list[NtfyStream]] = defaultdict(list)
    for seat in crowd:
        by_subscriber[seat.key].append(seat.stream)
    told = {id_: min(stream.told[id_] for stream in streams) for id_, streams in by_subscriber.items()}
    messages, turns = Messages(app), 0
    while entries := await app[SERVICE].ntfy.entries(told, limit=_ITEMS):
        for entry in entries:
            told[entry.of] = entry.id
            _tell_all(by_subscriber[entry.of], entry, messages.of(entry))
            turns += 1
            if turns % _BREATH == 0:
                await asyncio.sleep(0)
        if len(entries) < _ITEMS:
            break


def _tell_all(streams: Sequence[NtfyStream], entry: Entry, events: MessageEvents) -> None:
    for stream in streams:
        if stream.told[entry.of] >= entry.id:
            continue
        if stream.is_waiting:
            stream.tell(entry, events)
        else:
            stream.wake()
