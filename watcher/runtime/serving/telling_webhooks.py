"""
Tells webhooks what watches find, whichever process watches: by the events that the watcher saves with its decisions.

How far they were told is saved in the transaction that queues them, so a kill loses none and queues none twice. What
happened while nobody wanted to know is not told later. In another state, as after a restore, numbers begin anew: what
is older than the last that was told is passed over.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from contextlib import closing
from itertools import islice
from typing import Final

from msgspec import Struct

from watcher.background.loop import BackgroundLoop
from watcher.core.check import NotedEvent
from watcher.core.event_streams import Position
from watcher.core.protocols import WatchReader
from watcher.core.typed_changes import OF_CHANGES
from watcher.push.service import PushService
from watcher.store.push.webhooks import Told

POLL_SECONDS: Final = 1.0
_AT_ONCE: Final = 50
_LOOKED_AT: Final = 500
_log = logging.getLogger(__name__)


class _Stretch(Struct, frozen=True, kw_only=True):
    """What comes next. `position`: of the last event that was looked at."""

    found: Sequence[NotedEvent]
    position: Position
    has_more: bool


class ChangeTeller:
    """Looks each second for changes that webhooks want to know of, until cancelled (`run`). One per database may."""

    def __init__(self, reader: WatchReader, service: PushService) -> None:
        self._reader = reader
        self._service = service
        self._seen: Position | None = None
        """the last event when nobody wanted to know: who wants to since is told what follows it"""
        self.loop = BackgroundLoop("tells webhooks what changed", longest_wait=POLL_SECONDS)

    async def run(self) -> None:
        """Tell them, until cancelled."""
        await self.loop.run(self._turn)

    async def _turn(self) -> float:
        is_wanted, told = await self._service.webhooks.told()
        if not is_wanted:
            if told is not None:
                await self._service.webhooks.forget_told()
            self._seen = await asyncio.to_thread(self._last)
            return POLL_SECONDS
        if told is None:
            seen = self._seen
            start = await asyncio.to_thread(self._last) if seen is None else seen
            await self._service.webhooks.tell_changes([], start)
            return 0.0
        stretch = await asyncio.to_thread(self._next, told)
        if stretch.position != told.position:
            await self._service.webhooks.tell_changes(stretch.found, stretch.position)
        return 0.0 if stretch.has_more else POLL_SECONDS

    def _last(self) -> Position:
        return Position(epoch=self._reader.epoch(), number=self._reader.last_event())

    def _next(self, told: Told) -> _Stretch:
        epoch, before = self._reader.epoch(), told.position
        is_replaced = before.epoch not in ("", epoch)
        number, first = before.number_in(epoch), self._reader.first_event()
        if is_replaced or number + 1 < first:
            _log.warning("changes of watches are gone before webhooks were told of them")
        found: list[NotedEvent] = []
        with closing(self._reader.each_event(after=number)) as events:
            for noted in islice(events, _LOOKED_AT):
                if len(found) == _AT_ONCE:
                    break
                number = noted.number
                if noted.event.kind in OF_CHANGES and not (is_replaced and noted.at <= told.at):
                    found.append(self._reader.with_change(noted))
        has_more = number < self._reader.last_event()
        return _Stretch(found=found, position=Position(epoch=epoch, number=number), has_more=has_more)
