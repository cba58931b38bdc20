"""Reads what happened in a data directory, whoever writes it: the events of its watches and of its push service."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from datetime import datetime
from types import TracebackType
from typing import TYPE_CHECKING, Final, Self

from watcher.core.event_kinds import Stream
from watcher.core.event_streams import Cursor, Event, Position, Stretch, merged, stretch
from watcher.core.settings import Settings
from watcher.errors import StoreError
from watcher.runtime.serving.service import push_service
from watcher.runtime.settings import reader, utc_now

if TYPE_CHECKING:
    from watcher.push.service import PushService

POLL_SECONDS: Final = 0.5
_log = logging.getLogger(__name__)
_AT_ONCE = 500
"""Of each stream."""


async def tell_events(settings: Settings, on_event: Callable[[Event], None]) -> None:
    """Tell of each event that comes from now on, until cancelled. What cannot be read now is read later."""
    async with EventFollower(settings, now=utc_now) as follower:
        cursor: Cursor | None = None
        while True:
            try:
                found, cursor = await follower.read(cursor or await follower.before(0))
            except StoreError as error:
                found = ()
                _log.warning("what happened cannot be read now: %s", error)
            for event in found:
                on_event(event)
            await asyncio.sleep(POLL_SECONDS)


class EventFollower:
    """Reads events from a cursor on. A context manager: it has the push service's database open, once there is one."""

    def __init__(self, settings: Settings, *, now: Callable[[], datetime]) -> None:
        """Nothing is made that is not there. Raises StoreError."""
        self._settings = settings
        self._now = now
        self._reader = reader(settings)
        self._stack = AsyncExitStack()
        self._service: PushService | None = None
        self._epoch = ""
        self._file: tuple[int, int] | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self._stack.aclose()

    async def read(self, cursor: Cursor) -> tuple[Sequence[Event], Cursor]:
        """
        Return what comes next, oldest first, and the cursor after it; nothing when there is nothing yet.

        The push service is asked first: what made a message is in an earlier answer than the message, or in the same.
        Raises StoreError.
        """
        found = [*await self._pushed(cursor), await asyncio.to_thread(self._watched, cursor)]
        events, positions = merged(found)
        for stream, position in positions.items():
            cursor = cursor.moved(stream, position)
        return events, cursor

    async def before(self, count: int) -> Cursor:
        """Return the cursor after which that many events of each stream follow, or as many as there are."""
        last = {Stream.WATCHES: await asyncio.to_thread(self._reader.last_event)}
        if (service := await self._opened()) is not None:
            last[Stream.MESSAGES], last[Stream.DELIVERIES] = await service.events.last()
        return Cursor(positions={stream: Position(number=max(0, number - count)) for stream, number in last.items()})

    def _watched(self, cursor: Cursor) -> Stretch:
        stream, epoch = Stream.WATCHES, self._reader.epoch()
        before = cursor.of(stream)
        found = self._reader.events(after=before.number_in(epoch), limit=_AT_ONCE)
        return stretch(stream, found, before, epoch=epoch, limit=_AT_ONCE, now=self._now())

    async def _pushed(self, cursor: Cursor) -> Sequence[Stretch]:
        service = await self._opened()
        if service is None:
            return []
        message, delivery = cursor.of(Stream.MESSAGES), cursor.of(Stream.DELIVERIES)
        epoch = self._epoch
        found = await service.events.since(
            message=message.number_in(epoch), delivery=delivery.number_in(epoch), limit=_AT_ONCE
        )
        now = self._now()
        return [
            stretch(Stream.MESSAGES, found.messages, message, epoch=epoch, limit=_AT_ONCE, now=now),
            stretch(Stream.DELIVERIES, found.deliveries, delivery, epoch=epoch, limit=_AT_ONCE, now=now),
        ]

    async def _opened(self) -> PushService | None:
        """Return the push service, opened anew where its file is another one, as after a restore; None without one."""
        if self._settings.database is not None:
            return await self._opened_once()
        try:
            status = (self._settings.data / "push.db").stat()
        except FileNotFoundError:
            return self._service
        file = (status.st_dev, status.st_ino)
        if file != self._file:
            self._service = self._file = None
            await self._stack.aclose()
            await self._opened_once()
            self._file = file
        return self._service

    async def _opened_once(self) -> PushService:
        if self._service is None:
            self._service = await self._stack.enter_async_context(push_service(self._settings))
            self._epoch = await self._service.events.epoch()
        return self._service
